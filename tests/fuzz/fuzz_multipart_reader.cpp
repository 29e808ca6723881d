// A multipart body that comes in pieces, behind a byte that chooses how it is cut and one that chooses its boundary: however it is cut the same parts
// are found, nothing but the body's own bytes is handed out, and parts begin and end in turn.
#include "fuzz/fuzz_support.h"

#include "http/multipart_reader.h"

#include <algorithm>
#include <string>

using namespace meerkat::fuzz;
using namespace meerkat::http;

namespace {

class Parts final : public PartTaker {
  public:
    int beginPart(const PartHead &head) override {
        require(!m_isInPart, "a part begins when the last one has ended");
        m_isInPart = true;
        told.append("[").append(head.name).append("|").append(head.fileName).append(head.isFile ? "|" : ":");
        return 0;
    }
    int takePart(std::string_view bytes) override {
        require(m_isInPart && !bytes.empty(), "there are bytes, and they are a part's");
        told.append(bytes);
        return 0;
    }
    int endPart() override {
        require(m_isInPart, "what ends has begun");
        m_isInPart = false;
        told.append("]");
        return 0;
    }
    std::string told;

  private:
    bool m_isInPart = false;
};

// What was found, and how it ended: apart, since a part may hold any word.
struct Reading {
    std::string told;
    bool isRefused = false;
    bool isWhole = false;
    bool operator==(const Reading &) const = default;
};

Reading readIn(std::string_view body, std::size_t piece, std::string_view type) {
    auto reader = MultipartReader::of(type);
    Parts parts;
    int status = 0;
    while (status == 0 && !body.empty()) {
        const ExactCopy next(body.substr(0, piece));
        status = reader->read(next.view(), parts);
        body.remove_prefix(next.view().size());
    }
    return {parts.told, status != 0, status == 0 && reader->isComplete()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    std::string_view body = toView(data, size);
    const std::size_t piece = 1 + takeByte(body);
    const std::string_view type =
        takeByte(body) % 2 == 0 ? "multipart/form-data; boundary=b" : "multipart/form-data; boundary=\"--\"";
    const Reading whole = readIn(body, std::max<std::size_t>(body.size(), 1), type);
    require(readIn(body, piece, type) == whole || whole.isRefused, "however it is cut, the same parts are found");
    // A head that is too long is refused where the end of it may still come.
    if (whole.isRefused) require(body.size() >= MultipartReader::kMostHeadBytes, "only long heads are refused");
    return 0;
}
