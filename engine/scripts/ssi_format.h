// Station: sizes and moments -> texts, as #config says. From ssi_page.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace meerkat::scripts {

enum class SizeFormat : std::uint8_t { Bytes, Abbreviated };

// 1234567 -> "1,234,567" or "1.2M". A thousand is 1024 here: K, M, G, T.
std::string sizeText(std::uint64_t bytes, SizeFormat format);

inline constexpr std::string_view kUsualTimeFormat = "%A, %d-%b-%Y %H:%M:%S %Z";

// As strftime writes it in English: %a %A %b %B %c %d %D %e %F %h %H %I %j %l %m %M %n %p %r %R %s %S %t %T %u %w %x %X %y %Y %z %Z %%.
// Others stay as they are. Seconds since 1970-01-01 UTC, in the machine's time of day unless `inUtc`.
std::string timeText(std::int64_t seconds, std::string_view format, bool inUtc);

}  // namespace meerkat::scripts
