// Station: a large folder -> its page or its JSON, written while it is read. From folder_answers, to http_protocol. The first byte does not wait for the last name, and
// of the page only a piece is in memory at a time.
#pragma once

#include "files/folder_listing.h"
#include "files/folder_page.h"
#include "http/handler.h"

#include <functional>
#include <memory>
#include <string>

namespace meerkat::files {

// How a list is written.
class ListWriter {
  public:
    virtual ~ListWriter() = default;
    virtual void add(std::string &out, const os::FolderEntry &entry) = 0;
    // Behind the last one.
    virtual void end(std::string &out, const FolderListing &listing) = 0;
};

class ListSource final : public http::AnswerSource {
  public:
    // `beginning` is sent at once.
    ListSource(std::unique_ptr<FolderListing> listing, std::string beginning, std::unique_ptr<ListWriter> writer)
        : m_listing(std::move(listing)), m_out(std::move(beginning)), m_writer(std::move(writer)) {}
    bool produce(http::HttpProtocol &http) override;

  private:
    bool write();

    std::unique_ptr<FolderListing> m_listing;
    std::string m_out;
    std::unique_ptr<ListWriter> m_writer;
    bool m_isRead = false;
};

// `ending`: of the page, given the README's HTML.
std::unique_ptr<ListWriter> listedRows(RowStyle style, std::function<std::string(const FolderListing &)> ending);
std::unique_ptr<ListWriter> listedJson();

}  // namespace meerkat::files
