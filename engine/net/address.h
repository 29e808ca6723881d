// Station: listening_port's text -> where to listen. From options, to net/listener.
#pragma once

#include "os/socket.h"

#include <string>
#include <string_view>

namespace meerkat::net {

struct ListenAddress {
    os::Endpoint endpoint;
    bool dualStack = true;  // a bare port: IPv4 and IPv6
    bool hasHost = false;
};

// `port`, `address:port`, `[v6]:port`; port 0 lets the system pick. Fails with a sentence that names the value and the forms.
Result<ListenAddress> parseListenAddress(std::string_view text);
// The same text with the port that is really in use.
std::string listenAddressText(std::string_view asked, std::uint16_t port);

}  // namespace meerkat::net
