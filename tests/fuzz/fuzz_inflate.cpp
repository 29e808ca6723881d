// Compressed messages, behind a byte that chooses what is done: inflating what comes, or compressing it and inflating that.
#include "fuzz/fuzz_support.h"

#include "websocket/deflate.h"
#include "websocket/extensions.h"

#include <string>

using namespace meerkat::fuzz;
using namespace meerkat::websocket;

namespace {

// What is inflated keeps to its limit, and comes out the same however often the inflater was used before.
void inflateAny(std::string_view bytes, std::uint64_t limit, bool isText) {
    static Inflater used;
    Inflater fresh;
    const ExactCopy copy(bytes);
    std::string first, second;
    const InflateState state = used.inflate(copy.view(), limit, isText, first);
    require(fresh.inflate(copy.view(), limit, isText, second) == state, "an inflater forgets");
    require(first == second, "an inflater forgets what it made");
    require(first.size() <= limit, "the limit is kept");
    require(state != InflateState::Whole || !isText || isUtf8(first), "text is UTF-8");
    if (state != InflateState::Whole || isText) return;
    // The same bytes, a limit that is one too low.
    std::string third;
    if (!first.empty())
        require(used.inflate(copy.view(), first.size() - 1, isText, third) == InflateState::TooLong, "the limit is sharp");
}

void compressAndBack(std::string_view bytes, int windowBits) {
    static Compressor used(kMaxWindowBits);
    Compressor compressor(windowBits);
    const ExactCopy copy(bytes);
    std::string compressed;
    if (windowBits == kMaxWindowBits ? !used.compress(copy.view(), compressed) : !compressor.compress(copy.view(), compressed)) {
        require(compressed.empty(), "what does not shrink leaves nothing behind");
        return;
    }
    require(compressed.size() < bytes.size(), "what is compressed is shorter");
    Inflater inflater;
    std::string back;
    require(inflater.inflate(compressed, bytes.size(), false, back) == InflateState::Whole && back == bytes,
            "it comes back as it was");
}

void readOffers(std::string_view bytes) {
    const ExactCopy copy(bytes);
    const auto outcome = answerOffers(copy.view());
    if (outcome && outcome->terms.isAgreed) {
        require(outcome->terms.windowBits >= kMinWindowBits && outcome->terms.windowBits <= kMaxWindowBits,
                "a window has its bits");
        require(readAgreement(outcome->answer).has_value(), "an answer is well-formed");
    }
    readAgreement(copy.view());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    std::string_view bytes = toView(data, size);
    const unsigned choice = takeByte(bytes);
    if (choice % 4 == 3) {
        readOffers(bytes);
    } else if (choice % 4 == 2) {
        compressAndBack(bytes, kMinWindowBits + static_cast<int>(choice / 4 % 8));
    } else {
        inflateAny(bytes, choice & 4 ? 100'000 : 100, choice % 4 == 1);
    }
    return 0;
}
