// Pages with commands: the parser, conditions, and whole pages that find only themselves to include.
#include "fuzz/fuzz_support.h"

#include "scripts/ssi_page.h"
#include "scripts/ssi_parser.h"
#include "scripts/text_pattern.h"

#include <string>

using namespace meerkat;
using namespace meerkat::fuzz;
using namespace meerkat::scripts;

namespace {

class Known final : public SsiVariables {
  public:
    std::optional<std::string> valueOf(std::string_view name) const override { return std::string(name); }
};

void requireThatPiecesCover(std::string_view page) {
    while (!page.empty()) {
        const SsiPiece piece = nextPiece(page);
        require(piece.consumed > 0 && piece.consumed <= page.size(), "a piece is some of the page");
        require(piece.kind != SsiPieceKind::Text || piece.text.size() == piece.consumed, "text is all that it takes");
        page.remove_prefix(piece.consumed);
    }
}

// Of a page that is asked for with bytes of the fuzzer's, and of a folder without a file.
class NoFiles final : public SsiFiles {
  public:
    os::OpenOutcome open(std::string_view path) override {
        require(path.starts_with('/') && path.find('\0') == std::string_view::npos, "paths are clean");
        require(("/" + std::string(path) + "/").find("/../") == std::string::npos, "paths do not climb");
        return {os::OpenState::NotFound};
    }
    bool isPage(std::string_view) const override { return true; }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const ExactCopy copy(toView(data, size));
    const std::string_view bytes = copy.view();
    requireThatPiecesCover(bytes);
    judged(bytes, Known());
    if (const auto pattern = TextPattern::parse(bytes)) pattern->isFoundIn(bytes);
    timeText(static_cast<std::int64_t>(size) << 30, bytes, true);
    NoFiles files;
    const SsiRequest request{{"QUERY_STRING", "a=b"}};
    const SsiOutcome outcome = SsiPage(files, request, 0).make("/dir/page.shtml", bytes);
    require(outcome.text.size() <= SsiPage::kWorkBytes, "a page is bounded");
    return 0;
}
