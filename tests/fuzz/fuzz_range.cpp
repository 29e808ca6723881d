// A Range header behind one byte that chooses the size of the body: what is sent is inside of it, and never more than it.
#include "fuzz/fuzz_support.h"

#include "http/byte_range.h"

using namespace meerkat::fuzz;
using namespace meerkat::http;

namespace {

bool areApart(const ByteRange &a, const ByteRange &b) { return a.last + 1 < b.first || b.last + 1 < a.first; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    std::string_view value = toView(data, size);
    constexpr std::uint64_t kSizes[] = {0, 1, 2, 10, 100, 5'000'000'000, UINT64_MAX - 1, UINT64_MAX};
    const std::uint64_t bodyBytes = kSizes[takeByte(value) % std::size(kSizes)];
    const RangeOutcome outcome = parseRange(value, bodyBytes);
    require((outcome.state == RangeState::Satisfiable) == !outcome.ranges.empty(),
            "there are ranges exactly when they can be satisfied");
    require(outcome.ranges.size() <= 32, "there are no more ranges than may be");
    std::uint64_t left = bodyBytes;
    for (std::size_t index = 0; index < outcome.ranges.size(); ++index) {
        const ByteRange &range = outcome.ranges[index];
        require(range.first <= range.last && range.last < bodyBytes, "a range lies inside of the body");
        require(range.size() <= left, "ranges are together no more than the body");
        left -= range.size();
        for (std::size_t other = 0; other < index; ++other)
            require(areApart(range, outcome.ranges[other]), "ranges do not touch");
    }
    return 0;
}
