// Station: words that every room uses on text. ASCII rules: HTTP's case folding and white space are ASCII's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meerkat {

char lowerAscii(char c);
bool equalsIgnoringCase(std::string_view a, std::string_view b);
bool startsWithIgnoringCase(std::string_view text, std::string_view prefix);
bool endsWithIgnoringCase(std::string_view text, std::string_view suffix);

// Without spaces and tabs at both ends (RFC 9110 section 5.6.3, OWS).
std::string_view trimmed(std::string_view text);

// Decimal digits only, no sign, no space; nothing if empty, other characters, or over `limit`.
std::optional<std::uint64_t> parseDecimal(std::string_view text, std::uint64_t limit = UINT64_MAX);

// The pieces between commas, trimmed, empty ones left out.
std::vector<std::string_view> splitList(std::string_view text, char separator = ',');

// True if the comma list has `item` in any case (RFC 9110 section 5.6.1).
bool listContains(std::string_view list, std::string_view item);

}  // namespace meerkat
