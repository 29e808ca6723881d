#include "http/content_range.h"

#include "base/text.h"

namespace meerkat::http {

std::optional<ContentRange> parseContentRange(std::string_view value) {
    constexpr std::string_view kUnit = "bytes ";
    if (!startsWithIgnoringCase(value, kUnit)) return std::nullopt;
    value.remove_prefix(kUnit.size());
    const std::size_t slash = value.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto total = parseDecimal(value.substr(slash + 1), kLargestFile);
    const std::string_view range = value.substr(0, slash);
    if (!total) return std::nullopt;
    if (range == "*") return ContentRange{0, 0, *total, false};
    const std::size_t dash = range.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto first = parseDecimal(range.substr(0, dash), kLargestFile);
    const auto last = parseDecimal(range.substr(dash + 1), kLargestFile);
    if (!first || !last || *last < *first || *last >= *total) return std::nullopt;
    return ContentRange{*first, *last, *total, true};
}

}  // namespace meerkat::http
