// Station: asking for a password. From server, into a 401's fields. RFC 7616.
#pragma once

#include <string>
#include <string_view>

namespace meerkat::access {

// "WWW-Authenticate: Digest …" with its line end. Quotes and backslashes in the realm are escaped (RFC 9110 section 5.6.4).
std::string challengeField(std::string_view realm, std::string_view nonce);

// 32 hex digits that nobody can guess.
std::string makeNonce();

}  // namespace meerkat::access
