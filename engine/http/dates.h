// Station: HTTP dates. RFC 9110 section 5.6.7.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace meerkat::http {

inline constexpr std::size_t kDateLength = 29;  // "Sun, 06 Nov 1994 08:49:37 GMT"

// Writes exactly kDateLength characters. Seconds since 1970-01-01 UTC, years 0 to 9999; others are clamped.
void writeDate(std::int64_t seconds, char *out);

// All three forms: IMF-fixdate, RFC 850 (two-digit years at most 50 years ahead of `nowSeconds`), asctime.
std::optional<std::int64_t> parseDate(std::string_view text, std::int64_t nowSeconds);

}  // namespace meerkat::http
