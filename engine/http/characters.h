// Station: the character classes of RFC 9110 and RFC 3986, as table look-ups. From request_parser, body_reader and url.
#pragma once

#include <array>
#include <string_view>

namespace meerkat::http {

namespace detail {

using ByteSet = std::array<bool, 256>;

// Letters, digits and `others`.
constexpr ByteSet alphanumericAnd(std::string_view others) {
    ByteSet set{};
    for (const std::string_view part :
         {std::string_view("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"), others}) {
        for (const char c : part) set[static_cast<unsigned char>(c)] = true;
    }
    return set;
}

inline constexpr ByteSet kToken = alphanumericAnd("!#$%&'*+-.^_`|~");
inline constexpr ByteSet kHostName = alphanumericAnd("-._~!$&'()*+;=");

}  // namespace detail

// tchar: what methods and field names are made of.
inline bool isToken(char c) { return detail::kToken[static_cast<unsigned char>(c)]; }

// What a registered name is made of besides percent-encodings: unreserved and sub-delims of RFC 3986 without the comma.
inline bool isHostName(char c) { return detail::kHostName[static_cast<unsigned char>(c)]; }

// A control character other than the tab: never part of a field value.
inline bool isControl(char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7f; }

}  // namespace meerkat::http
