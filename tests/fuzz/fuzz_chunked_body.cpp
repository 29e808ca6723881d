// A chunked body, behind two bytes that choose the limit and the size of the pieces it comes in: pieces never change what is read.
#include "fuzz/fuzz_support.h"

#include "http/body_reader.h"

#include <algorithm>
#include <string>

using namespace meerkat::fuzz;
using namespace meerkat::http;

namespace {

struct Reading {
    BodyState state = BodyState::NeedMore;
    int status = 0;
    std::size_t consumed = 0;
    std::string data;

    bool operator==(const Reading &) const = default;
};

// Reads until the reader wants more than there is, or has enough.
void readOn(BodyReader &reader, std::string_view bytes, Reading &reading) {
    std::size_t consumed = 0;
    do {
        const ExactCopy copy(bytes);
        const BodyOutcome outcome = reader.read(copy.view());
        consumed = outcome.consumed;
        require(consumed <= bytes.size(), "no more is consumed than there is");
        require((outcome.refusalStatus != 0) == (outcome.state == BodyState::Refused), "a status is set exactly when refused");
        require((outcome.state == BodyState::Complete) == reader.isComplete(), "both ways to ask for the end agree");
        requireInside(outcome.data, copy.view().substr(0, consumed));
        reading.state = outcome.state;
        reading.status = outcome.refusalStatus;
        reading.consumed += consumed;
        reading.data += outcome.data;
        bytes.remove_prefix(consumed);
    } while (consumed > 0 && reading.state == BodyState::NeedMore);
    require(bytes.empty() || reading.state != BodyState::NeedMore, "who asks for more has taken all");
}

Reading readInPieces(std::string_view bytes, std::size_t pieceBytes, std::uint64_t limit) {
    BodyReader reader = BodyReader::chunked(limit);
    Reading reading;
    while (!bytes.empty() && reading.state == BodyState::NeedMore) {
        const std::size_t before = reading.consumed;
        readOn(reader, bytes.substr(0, pieceBytes), reading);
        bytes.remove_prefix(reading.consumed - before);
    }
    require(reader.bodyBytes() == reading.data.size() && reading.data.size() <= limit,
            "what was handed out is counted, and within the limit");
    return reading;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    std::string_view bytes = toView(data, size);
    const std::uint64_t limit = takeByte(bytes) % 2 ? UINT64_MAX : 10;
    const std::size_t pieceBytes = 1 + takeByte(bytes) % 20;
    const Reading whole = readInPieces(bytes, std::max<std::size_t>(bytes.size(), 1), limit);
    require(readInPieces(bytes, pieceBytes, limit) == whole, "pieces do not change what is read");
    if (whole.state != BodyState::Complete) return 0;
    require(readInPieces(bytes.substr(0, whole.consumed), 1, limit) == whole, "a whole body is whole without what follows");
    require(readInPieces(bytes.substr(0, whole.consumed - 1), 1, limit).state == BodyState::NeedMore,
            "a body is not whole before its end");
    return 0;
}
