// Station: a request for a path -> a file, a folder page, a redirect or a refusal. From server, to http_protocol.
// RFC 9110: conditional requests (13), ranges (14), GET, HEAD and OPTIONS (9.3).
#pragma once

#include "files/file_cache.h"
#include "files/mime_types.h"
#include "files/path_guard.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace meerkat::files {

// What a person can set about files.
struct FileSettings {
    std::unique_ptr<os::Root> root;  // null: no file is opened, every path is 404
    std::string rootPath;            // as it was given, to open it anew after it was replaced
    std::string title;               // name of the shared folder
    std::vector<std::string> indexFiles;
    bool listsFolders = true;
    PathGuard guard;
    MimeTypes types;
};

// A regular file that a request is for.
struct FoundFile {
    std::string relative;     // to the root, as it was found: an index file's own name, not its folder's
    std::string beyond = {};  // of a script: what follows its name in the path, "/more"
    os::OpenOutcome opened;   // of a script perhaps without an open file
};

// Answers with what it makes of a file where the file is not to be given out as it is: its text may be nobody's business. Asked by the file's name, and
// by where a link led.
class FileTaker {
  public:
    virtual ~FileTaker() = default;
    virtual bool takes(std::string_view relative) const = 0;
    // Of those it takes: what is asked for as a folder of it, too, and with other methods than GET and HEAD.
    virtual bool isScript(std::string_view relative) const = 0;
    // GET or HEAD.
    virtual void serve(http::HttpProtocol &http, const http::RequestHead &head, FoundFile file) = 0;
};

// What was found of a script; Opened, or why there is none.
struct ScriptLookup {
    os::OpenState state = os::OpenState::NotFound;
    FoundFile file = {};
};

// How many descriptors are freed for one request: it needs three at once, a folder, its list, a file in it.
inline constexpr int kMostFreed = 4;

// Who gives the files out.
class FileOwner {
  public:
    virtual ~FileOwner() = default;
    // A link led to `where` ("/a/b"; a folder's ends in '/'): what lies there is not less guarded for it. False: it was refused, and is answered.
    virtual bool letsPass(http::HttpProtocol &http, const http::RequestHead &head, std::string_view where) = 0;
    // No descriptor is left. True if one was given back.
    virtual bool freeDescriptor() = 0;
};

// The Allow field of whatever is served from files.
inline constexpr std::string_view kAllowedFields = "Allow: GET, HEAD, OPTIONS\r\n";

class StaticFiles {
  public:
    StaticFiles(net::EventLoop &loop, FileSettings &settings, FileTaker &taker, FileOwner &owner)
        : m_loop(loop), m_settings(settings), m_taker(taker), m_owner(owner), m_cache(loop, kCacheBytes) {}

    // Once a second: a root that was replaced is opened anew. To be called before anything is asked about the root.
    void refreshRoot();
    // Answers the request.
    void serve(http::HttpProtocol &http, const http::RequestHead &head);
    // The script that a request is for, whatever its method: by its own name, as the first of the index files, or on the way of the path
    // ("/a.php/more"). No file is opened, and nobody asked whether it may be seen.
    ScriptLookup findScript(const http::RequestHead &head);
    // Answers it with a regular file of the program's choice, conditions and ranges honoured; `name` tells its type.
    void sendOpened(http::HttpProtocol &http, const http::RequestHead &head, std::string_view name, os::OpenOutcome opened);
    // After a change of the settings.
    void forgetCached() {
        m_cache.clear();
        m_rootCheckedSecond = 0;
    }

  private:
    static constexpr std::size_t kCacheBytes = 8 * 1024 * 1024;

    // A request on its way to its file.
    struct Lookup {
        std::string_view encodedPath;  // as asked, without the query
        std::string path;              // decoded and cleaned
        std::string_view query;
        bool hasQuery = false;
    };

    void followRoot();
    bool isFresh(CachedFile &file);
    void serveCached(http::HttpProtocol &http, const http::RequestHead &head, CachedFile &file);
    void serveRead(http::HttpProtocol &http, const http::RequestHead &head);
    bool letsPass(http::HttpProtocol &http, const http::RequestHead &head, const os::OpenOutcome &opened);
    ScriptLookup findScriptAt(std::string_view path) const;
    ScriptLookup findIndexScript(std::string_view folder) const;
    ScriptLookup findScriptAbove(std::string_view path) const;
    ScriptLookup asScript(std::string_view relative, std::string_view beyond, os::OpenOutcome looked) const;
    bool serveScript(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path);
    void servePath(http::HttpProtocol &http, const http::RequestHead &head);
    bool serveAsset(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path);
    void serveFolder(http::HttpProtocol &http, const http::RequestHead &head, const Lookup &lookup, const os::File &folder);
    void redirectToFolder(http::HttpProtocol &http, const Lookup &lookup);
    void listFolder(http::HttpProtocol &http, const Lookup &lookup, const os::File &folder);
    void serveFile(http::HttpProtocol &http, const http::RequestHead &head, std::string_view key, std::string relative,
                   os::OpenOutcome opened, std::vector<std::string> absent);
    CachedFile *cache(std::string_view key, std::string &&relative, const os::OpenOutcome &opened,
                      std::vector<std::string> &&absent);
    void sendRanges(http::HttpProtocol &http, std::string_view type, std::string fields, os::OpenOutcome opened,
                    std::string_view rangeValue);
    // No descriptor: not yet, there may be one in a moment.
    void refuseUnopened(http::HttpProtocol &http, os::OpenState state);

    net::EventLoop &m_loop;
    FileSettings &m_settings;
    FileTaker &m_taker;
    FileOwner &m_owner;
    FileCache m_cache;
    std::int64_t m_rootCheckedSecond = 0;
    bool m_isRootGone = false;
    bool m_lacksDescriptor = false;  // to answer the request under way
};

}  // namespace meerkat::files
