// A Content-Range header of an upload's piece: what is taken lies inside of the file that it tells, and can be written again as it was.
#include "fuzz/fuzz_support.h"

#include "http/content_range.h"

#include <string>

using namespace meerkat::fuzz;
using namespace meerkat::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const ExactCopy copy(toView(data, size));
    const auto range = parseContentRange(copy.view());
    if (!range) return 0;
    require(range->total <= kLargestFile, "no file is larger than files are");
    if (range->hasBytes) require(range->first <= range->last && range->last < range->total, "a piece lies inside of its file");
    require(range->size() <= range->total, "a piece is no more than its file");
    const std::string bytes = range->hasBytes ? std::to_string(range->first) + "-" + std::to_string(range->last) : "*";
    const auto again = parseContentRange("bytes " + bytes + "/" + std::to_string(range->total));
    require(again && again->size() == range->size() && again->total == range->total, "what it says can be said again");
    return 0;
}
