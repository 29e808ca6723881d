// Station: the character classes of RFC 9110 section 5, as table look-ups. From request_parser and body_reader.
#pragma once

#include <array>
#include <string_view>

namespace meerkat::http {

namespace detail {

constexpr std::array<bool, 256> tokenTable() {
    std::array<bool, 256> table{};
    for (const char c : std::string_view("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
        table[static_cast<unsigned char>(c)] = true;
    }
    return table;
}
inline constexpr std::array<bool, 256> kTokenTable = tokenTable();

}  // namespace detail

// tchar: what methods and field names are made of.
inline bool isToken(char c) { return detail::kTokenTable[static_cast<unsigned char>(c)]; }

// A control character other than the tab: never part of a field value.
inline bool isControl(char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7f; }

}  // namespace meerkat::http
