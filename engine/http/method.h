// Station: a method's name -> which one it is. From request_parser and request_track.
#pragma once

#include "http/message_head.h"

#include <string_view>

namespace meerkat::http {

// Names are case-sensitive (RFC 9110 section 9.1).
inline Method methodOf(std::string_view name) {
    switch (name.size()) {
    case 3:
        return name == "GET" ? Method::Get : name == "PUT" ? Method::Put : Method::Other;
    case 4:
        return name == "HEAD" ? Method::Head : name == "POST" ? Method::Post : Method::Other;
    case 5:
        return name == "TRACE" ? Method::Trace : Method::Other;
    case 6:
        return name == "DELETE" ? Method::Delete : Method::Other;
    case 7:
        return name == "OPTIONS" ? Method::Options : name == "CONNECT" ? Method::Connect : Method::Other;
    default:
        return Method::Other;
    }
}

}  // namespace meerkat::http
