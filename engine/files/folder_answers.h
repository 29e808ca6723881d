// Station: a request for a folder without an index file -> its page, the same as JSON, what is found below it, or all of it as a ZIP archive. From static_files, to
// http_protocol.
//   ?search=WORDS   ?zip   ?zip&name=ONE&name=ANOTHER   ?action=change&name=ONE   Accept: application/json
#pragma once

#include "files/folder_listing.h"
#include "files/folder_walk.h"
#include "files/static_files.h"

#include <string>
#include <string_view>
#include <vector>

namespace meerkat::files {

// The folder that is asked for.
struct FolderRequest {
    std::string_view path;  // decoded, begins and ends with '/'
    std::string_view query;
    const os::File &folder;
};

class FolderAnswers {
  public:
    FolderAnswers(net::EventLoop &loop, FileSettings &settings, FileTaker &taker, FileOwner &owner, FileAnswers &answers,
                  ChecksumStore &checksums)
        : m_loop(loop), m_settings(settings), m_taker(taker), m_owner(owner), m_answers(answers), m_checksums(checksums) {}

    // Opened: it is answered. Else why the folder can't be read, and nothing was sent.
    os::OpenState answer(http::HttpProtocol &http, const http::RequestHead &head, const FolderRequest &request);

  private:
    std::string listFields(std::string_view path) const;
    std::string pageFields(std::string_view path) const;
    std::string jsonFields(std::string_view path) const;
    void sendText(http::HttpProtocol &http, const http::RequestHead &head, const FolderRequest &request,
                  const std::string &fields, std::string_view text);
    os::OpenState sendList(http::HttpProtocol &http, const http::RequestHead &head, const FolderRequest &request);
    os::OpenState sendChangePage(http::HttpProtocol &http, const http::RequestHead &head, const FolderRequest &request);
    void sendLargePage(http::HttpProtocol &http, const FolderRequest &request, std::unique_ptr<FolderListing> listing);
    std::unique_ptr<FolderListing> listingOf(const FolderRequest &request, os::OpenState &state);
    os::OpenState sendArchive(http::HttpProtocol &http, const FolderRequest &request);
    os::OpenState sendFound(http::HttpProtocol &http, const http::RequestHead &head, const FolderRequest &request,
                            std::string_view words);
    // Null: there is no descriptor for another root.
    std::unique_ptr<FolderWalk> walk(const FolderRequest &request, std::vector<std::string> names);
    std::string titleOf(std::string_view path) const;

    net::EventLoop &m_loop;
    FileSettings &m_settings;
    FileTaker &m_taker;
    FileOwner &m_owner;
    FileAnswers &m_answers;
    ChecksumStore &m_checksums;
};

}  // namespace meerkat::files
