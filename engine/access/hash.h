// Station: digests of joined texts, by OpenSSL. From password_file and digest.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace meerkat::access {

// 32 lower-case hex digits of the MD5 of all texts together (RFC 1321); empty if this OpenSSL does not offer MD5.
std::string md5Hex(std::initializer_list<std::string_view> texts);

}  // namespace meerkat::access
