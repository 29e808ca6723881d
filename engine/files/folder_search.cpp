#include "files/folder_search.h"

#include "base/encodings.h"
#include "base/text.h"
#include "files/folded_name.h"
#include "files/folder_json.h"
#include "files/folder_rows.h"
#include "files/page_words.h"
#include "http/http_protocol.h"

#include <algorithm>

namespace meerkat::files {

namespace {

// Between two pieces everybody else is served.
constexpr int kLooksAtOnce = 1000;
constexpr std::size_t kPieceBytes = 16 * 1024;

class FoundRows final : public FoundWriter {
  public:
    explicit FoundRows(std::string ending) : m_ending(std::move(ending)) {}

    void add(std::string &out, std::string_view below, const os::FileInfo &info) override {
        const std::size_t slash = below.rfind('/');
        const bool isDeeper = slash != std::string_view::npos;
        std::string href = "./" + percentEncoded(below, true);
        if (info.kind == os::FileKind::Folder) href.push_back('/');
        if (!std::exchange(m_hasRows, true)) out += "<ul id=\"entries\">\n";
        appendRow(out, {isDeeper ? below.substr(slash + 1) : below, href, info,
                        isDeeper ? below.substr(0, slash) : std::string_view{}});
    }

    void end(std::string &out, std::uint64_t found, bool isWhole) override {
        if (m_hasRows) out += "</ul>\n";
        std::string words = found == 0 ? "Nothing here has such a name." : counted(found, "result") + '.';
        if (!isWhole) words += " There may be more: this folder is too large to show all.";
        out.append("<p id=\"found\" role=\"status\">").append(words).append("</p>\n").append(m_ending);
    }

  private:
    std::string m_ending;
    bool m_hasRows = false;
};

class FoundJson final : public FoundWriter {
  public:
    void add(std::string &out, std::string_view below, const os::FileInfo &info) override {
        if (std::exchange(m_hasRows, true)) out.push_back(',');
        appendJson(out, below, info);
    }

    void end(std::string &out, std::uint64_t, bool isWhole) override { endJson(out, isWhole); }

  private:
    bool m_hasRows = false;
};

}  // namespace

SearchSource::SearchSource(FolderWalk walk, std::string_view folder, std::string_view words, std::string beginning,
                           std::unique_ptr<FoundWriter> writer)
    : m_walk(std::move(walk)), m_skipped(folder.size()), m_out(std::move(beginning)), m_writer(std::move(writer)) {
    const std::string folded = foldedName(words);
    for (const auto word : splitList(folded, ' ')) m_words.emplace_back(word);
}

bool SearchSource::produce(http::HttpProtocol &http) {
    bool goesOn = true;
    for (int looks = 0; goesOn && looks < kLooksAtOnce && m_out.size() < kPieceBytes; ++looks) goesOn = look(m_out);
    // White space means nothing where it stands, and tells who waits that there is somebody at work.
    if (goesOn && m_out.empty()) m_out = " ";
    http.sendPart(m_out);
    m_out.clear();
    return goesOn;
}

// False: that was the end.
bool SearchSource::look(std::string &out) {
    const bool isAtBound = m_found == kMostFound || m_seen == kMostSeen;
    const auto walked = m_walk.next();
    if (!walked || isAtBound || m_words.empty()) {
        m_writer->end(out, m_found, !walked);
        return false;
    }
    ++m_seen;
    const std::string_view below = std::string_view(walked->relative).substr(m_skipped);
    if (!isFound(below.substr(below.rfind('/') + 1))) return true;
    ++m_found;
    m_writer->add(out, below, walked->info);
    return true;
}

bool SearchSource::isFound(std::string_view name) const {
    const std::string folded = foldedName(name);
    return std::all_of(m_words.begin(), m_words.end(),
                       [&](const std::string &word) { return folded.find(word) != std::string::npos; });
}

std::unique_ptr<FoundWriter> foundRows(std::string ending) { return std::make_unique<FoundRows>(std::move(ending)); }

std::unique_ptr<FoundWriter> foundJson() { return std::make_unique<FoundJson>(); }

}  // namespace meerkat::files
