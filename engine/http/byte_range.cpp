#include "http/byte_range.h"

#include "base/text.h"

#include <algorithm>
#include <optional>

namespace meerkat::http {
namespace {

constexpr std::size_t kMaxRanges = 32;
constexpr std::uint64_t kMaxPosition = UINT64_MAX;

// Decimal digits; a number too big for us is beyond the end of every file, and kMaxPosition says so as well.
std::optional<std::uint64_t> parsePosition(std::string_view digits) {
    if (digits.empty()) return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return std::nullopt;
        const auto digit = static_cast<unsigned char>(c - '0');
        value = value > (kMaxPosition - digit) / 10 ? kMaxPosition : value * 10 + digit;
    }
    return value;
}

enum class SpecState { Wrong, Beyond, Good };
struct Spec {
    SpecState state = SpecState::Wrong;
    ByteRange range{};
};

Spec suffixOf(std::string_view digits, std::uint64_t size) {
    const std::optional<std::uint64_t> length = parsePosition(digits);
    if (!length) return {};
    if (*length == 0) return {SpecState::Beyond};
    // A suffix of an empty body is satisfiable by RFC 9110 section 14.1.2 but no Content-Range can say it: the whole is sent.
    if (size == 0) return {};
    return {SpecState::Good, {size - std::min(*length, size), size - 1}};
}

// One range-spec (RFC 9110 section 14.1.1).
Spec parseSpec(std::string_view text, std::uint64_t size) {
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) return {};
    if (dash == 0) return suffixOf(text.substr(1), size);
    const std::optional<std::uint64_t> first = parsePosition(text.substr(0, dash));
    const std::string_view end = text.substr(dash + 1);
    const std::optional<std::uint64_t> last = end.empty() ? kMaxPosition : parsePosition(end);
    if (!first || !last || *last < *first) return {};
    if (*first >= size) return {SpecState::Beyond};
    return {SpecState::Good, {*first, std::min(*last, size - 1)}};
}

bool touch(const ByteRange &a, const ByteRange &b) { return a.first <= b.last + 1 && b.first <= a.last + 1; }

// Adds `range` at the end, or in the place of the first of those that it joins with. The ranges there do not touch each other, so
// whatever touches the joined one touches `range` itself.
void joinInto(std::vector<ByteRange> &ranges, const ByteRange &range) {
    const auto touches = [&](const ByteRange &other) { return touch(range, other); };
    const auto place = std::ranges::find_if(ranges, touches);
    if (place == ranges.end()) return ranges.push_back(range);
    ByteRange joined = range;
    for (const ByteRange &other : ranges) {
        if (!touches(other)) continue;
        joined = {std::min(joined.first, other.first), std::max(joined.last, other.last)};
    }
    *place = joined;
    ranges.erase(std::remove_if(place + 1, ranges.end(), touches), ranges.end());
}

// What stands behind "bytes=".
std::optional<std::string_view> rangeSet(std::string_view value) {
    constexpr std::string_view kUnit = "bytes=";
    if (!startsWithIgnoringCase(value, kUnit)) return std::nullopt;
    return value.substr(kUnit.size());
}

}  // namespace

RangeOutcome parseRange(std::string_view value, std::uint64_t size) {
    const std::optional<std::string_view> set = rangeSet(value);
    if (!set) return {};
    const std::vector<std::string_view> items = splitList(*set);
    if (items.empty() || items.size() > kMaxRanges) return {};
    RangeOutcome outcome{RangeState::Unsatisfiable, {}};
    std::uint64_t left = size;
    for (const std::string_view item : items) {
        const Spec spec = parseSpec(item, size);
        if (spec.state == SpecState::Wrong) return {};
        if (spec.state == SpecState::Beyond) continue;
        if (spec.range.size() > left) return {};
        left -= spec.range.size();
        joinInto(outcome.ranges, spec.range);
        outcome.state = RangeState::Satisfiable;
    }
    return outcome;
}

}  // namespace meerkat::http
