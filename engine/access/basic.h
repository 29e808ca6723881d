// Station: the texts of Basic authentication (RFC 7617). From authenticator, out of an Authorization field. A pure function of text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace meerkat::access {

struct BasicAnswer {
    std::string user;
    std::string password;
};

// Nothing if it is not Basic, or not base64 of a text with a colon.
std::optional<BasicAnswer> parseBasicAnswer(std::string_view field);

}  // namespace meerkat::access
