// Station: a request for a path -> a file, a folder page, a redirect or a refusal. From server, to http_protocol.
// RFC 9110: conditional requests (13), ranges (14), GET and HEAD (9.3).
#pragma once

#include "files/file_answers.h"
#include "files/file_settings.h"

#include <string>
#include <string_view>
#include <vector>

namespace meerkat::files {

// Answers with what it makes of a file where the file is not to be given out as it is: its text may be nobody's business.
class FileTaker {
  public:
    virtual ~FileTaker() = default;
    // `relative` to the root, as it was found: an index file's own name, not its folder's.
    virtual bool takes(std::string_view relative) const = 0;
    // GET or HEAD; a regular file.
    virtual void serve(http::HttpProtocol &http, const http::RequestHead &head, std::string_view relative,
                       os::OpenOutcome opened) = 0;
};

// At the root that name is the engine's own.
inline constexpr std::string_view kOwnFolder = ".meerkat";

// How many descriptors are freed for one request: it needs three at once, a folder, its list, a file in it.
inline constexpr int kMostFreed = 4;

// That of a server that has no folder to serve.
inline constexpr std::string_view kAllowedFields = "Allow: GET, HEAD, OPTIONS\r\n";

class StaticFiles {
  public:
    StaticFiles(net::EventLoop &loop, FileSettings &settings, FileTaker &taker, FileOwner &owner)
        : m_loop(loop), m_settings(settings), m_taker(taker), m_owner(owner), m_answers(loop, settings, owner) {}

    // Once a second: a root that was replaced is opened anew. To be called before anything is asked about the root.
    void refreshRoot();
    // Answers the request.
    void serve(http::HttpProtocol &http, const http::RequestHead &head);
    // Answers it with a regular file of the program's choice, conditions and ranges honoured; `name` tells its type.
    void sendOpened(http::HttpProtocol &http, const http::RequestHead &head, std::string_view name, os::OpenOutcome opened) {
        m_answers.sendAsItIs(http, head, name, std::move(opened));
    }
    // After a change of the settings.
    void forgetCached() {
        m_answers.forgetCached();
        m_settings.sites.main().checkedSecond = 0;
    }

  private:
    // A request on its way to its file.
    struct Lookup {
        std::string_view encodedPath;  // as asked, without the query; "" where no answer is to be kept for it
        std::string path;              // decoded and cleaned
        std::string_view query;
        bool hasQuery = false;
        bool asksFolder() const { return path.ends_with('/'); }
    };

    void serveRead(http::HttpProtocol &http, const http::RequestHead &head);
    bool letsPass(http::HttpProtocol &http, const http::RequestHead &head, const os::OpenOutcome &opened);
    void servePath(http::HttpProtocol &http, const http::RequestHead &head);
    bool serveAsset(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path);
    void serveFile(http::HttpProtocol &http, const http::RequestHead &head, const Lookup &lookup, std::string relative,
                   os::OpenOutcome opened, std::vector<std::string> absent);
    void serveFolder(http::HttpProtocol &http, const http::RequestHead &head, const Lookup &lookup, const os::File &folder);
    void listFolder(http::HttpProtocol &http, const http::RequestHead &head, const Lookup &lookup, const os::File &folder);
    void redirectTo(http::HttpProtocol &http, const Lookup &lookup, std::string_view path);
    // ---- static_files_absent.cpp: where nothing has the name ----
    void serveOtherwise(http::HttpProtocol &http, const http::RequestHead &head, const Lookup &lookup);
    bool serveClean(http::HttpProtocol &http, const http::RequestHead &head, const Lookup &lookup);
    bool serveFallback(http::HttpProtocol &http, const http::RequestHead &head, const Lookup &lookup);
    bool redirectsToClean(http::HttpProtocol &http, const Lookup &lookup);

    net::EventLoop &m_loop;
    FileSettings &m_settings;
    FileTaker &m_taker;
    FileOwner &m_owner;
    FileAnswers m_answers;
};

}  // namespace meerkat::files
