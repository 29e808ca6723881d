#include "files/list_source.h"

#include "files/folder_json.h"
#include "files/folder_page.h"
#include "http/http_protocol.h"

namespace meerkat::files {

namespace {

constexpr std::size_t kNamesAtOnce = 2000;
constexpr std::size_t kPieceBytes = 32 * 1024;

class ListedRows final : public ListWriter {
  public:
    ListedRows(RowStyle style, std::function<std::string(const FolderListing &)> ending)
        : m_style(std::move(style)), m_ending(std::move(ending)) {}

    void add(std::string &out, const os::FolderEntry &entry) override { appendListRow(out, entry, m_style); }
    void end(std::string &out, const FolderListing &listing) override { out += m_ending(listing); }

  private:
    RowStyle m_style;
    std::function<std::string(const FolderListing &)> m_ending;
};

class ListedJson final : public ListWriter {
  public:
    void add(std::string &out, const os::FolderEntry &entry) override {
        if (std::exchange(m_hasRows, true)) out.push_back(',');
        appendJson(out, entry.name, entry.info);
    }
    void end(std::string &out, const FolderListing &listing) override { endJson(out, !listing.isCut()); }

  private:
    bool m_hasRows = false;
};

}  // namespace

bool ListSource::produce(http::HttpProtocol &http) {
    bool goesOn = true;
    if (!m_isRead)
        m_isRead = !m_listing->readSome(kNamesAtOnce);
    else
        goesOn = write();
    // White space means nothing where it stands, and tells who waits that there is somebody at work.
    if (goesOn && m_out.empty()) m_out = "\n";
    http.sendPart(m_out);
    m_out.clear();
    return goesOn;
}

// False: that was the end.
bool ListSource::write() {
    while (m_out.size() < kPieceBytes) {
        const os::FolderEntry *entry = m_listing->next();
        if (!entry) {
            m_writer->end(m_out, *m_listing);
            return false;
        }
        m_writer->add(m_out, *entry);
    }
    return true;
}

std::unique_ptr<ListWriter> listedRows(RowStyle style, std::function<std::string(const FolderListing &)> ending) {
    return std::make_unique<ListedRows>(std::move(style), std::move(ending));
}

std::unique_ptr<ListWriter> listedJson() { return std::make_unique<ListedJson>(); }

}  // namespace meerkat::files
