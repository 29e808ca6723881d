// Station: a request for a path -> a file, a folder page, a redirect or a refusal. From server, to http_protocol.
// RFC 9110: conditional requests (13), ranges (14), GET and HEAD (9.3).
#pragma once

#include "files/checksum_store.h"
#include "files/file_answers.h"
#include "files/file_settings.h"

#include <string>
#include <string_view>
#include <vector>

namespace meerkat::files {

// A regular file that a request is for.
struct FoundFile {
    std::string relative;     // to the root, as it was found: an index file's own name, not its folder's
    std::string beyond = {};  // of a script: what follows its name in the path, "/more"
    os::OpenOutcome opened;   // of a script perhaps without an open file
};

// Answers with what it makes of a file where the file is not to be given out as it is: its text may be nobody's business. Asked by the path of the root,
// as it was given, with the file's name in it, and with where a link led.
class FileTaker {
  public:
    virtual ~FileTaker() = default;
    virtual bool takes(std::string_view rootPath, std::string_view relative) const = 0;
    // Of those it takes: what is asked for as a folder of it, too, and with other methods than GET and HEAD.
    virtual bool isScript(std::string_view rootPath, std::string_view relative) const = 0;
    // GET or HEAD.
    virtual void serve(http::HttpProtocol &http, const http::RequestHead &head, FoundFile file) = 0;
};

// What was found of a script; Opened, or why there is none.
struct ScriptLookup {
    os::OpenState state = os::OpenState::NotFound;
    FoundFile file = {};
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
    // The script that a request is for, whatever its method: by its own name, as the first of the index files, or on the way of the path
    // ("/a.php/more"). No file is opened, and nobody asked whether it may be seen.
    ScriptLookup findScript(const http::RequestHead &head);
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
    // ---- static_files_scripts.cpp ----
    ScriptLookup findScriptAt(std::string_view path) const;
    ScriptLookup findIndexScript(std::string_view folder) const;
    ScriptLookup findScriptAbove(std::string_view path) const;
    ScriptLookup asScript(std::string_view relative, std::string_view beyond, os::OpenOutcome looked) const;
    bool serveScript(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path);
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
    ChecksumStore m_checksums;
};

}  // namespace meerkat::files
