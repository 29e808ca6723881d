// Station: Range header -> parts of a file. From files/static_files. RFC 9110 section 14.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace meerkat::http {

struct ByteRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;  // inclusive
    std::uint64_t size() const { return last - first + 1; }
};

enum class RangeState { Ignore, Satisfiable, Unsatisfiable };  // send whole, 206, 416
struct RangeOutcome {
    RangeState state = RangeState::Ignore;
    std::vector<ByteRange> ranges;  // in the order asked, clipped to the size, overlapping or touching ones joined
};

// `value` of a Range header for a body of `size` bytes. Another unit or a syntax error: Ignore. More than 32 ranges, or ranges that together
// exceed the body (an amplification attack, RFC 9110 section 17.15): Ignore.
RangeOutcome parseRange(std::string_view value, std::uint64_t size);

}  // namespace meerkat::http
