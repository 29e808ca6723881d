// Station: what a person can set about files, and what the request under way makes of it. From server/settings and server/rewriting, to whoever serves files.
#pragma once

#include "files/answer_fields.h"
#include "files/mime_types.h"
#include "files/path_guard.h"
#include "files/sites.h"
#include "os/file.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace meerkat::files {

// Whether /about finds about.html; Redirect: and /about.html leads to /about.
enum class CleanUrls : std::uint8_t { No, Yes, Redirect };

// What visitors may change: nothing; files and folders may come; or they may be replaced, renamed, moved and deleted, too.
enum class Uploads : std::uint8_t { No, New, Replace };
// As the option says it.
inline std::string_view nameOf(Uploads uploads) {
    return uploads == Uploads::Replace ? "replace" : uploads == Uploads::New ? "new" : "no";
}

struct FileSettings {
    FileSettings() { use(sites.main()); }
    FileSettings(const FileSettings &) = delete;
    FileSettings &operator=(const FileSettings &) = delete;

    Sites sites;
    std::vector<std::string> indexFiles;
    bool listsFolders = true;
    PathGuard guard;
    MimeTypes types;
    bool compresses = true;
    std::size_t codedCacheBytes = 0;  // for compressed copies
    CleanUrls cleanUrls = CleanUrls::No;
    std::string fallback;  // spa_fallback as a cleaned path; "": none
    AnswerFields fields;
    Uploads uploads = Uploads::No;  // in document_root
    // In the site of the request under way: what a host or a rewrite leads to is nobody's to change.
    Uploads uploadsHere() const { return site && site->number == 0 ? uploads : Uploads::No; }

    // ---- of the request under way, between requests that of document_root ----

    // From now on files are those of that site.
    void use(Site &chosen);
    // Whether a request has to be looked at before its file is.
    bool hasRules() const { return !sites.rewrites().isEmpty() || !fields.isEmpty() || !fields.cacheControl.empty(); }
    Site *site = nullptr;
    os::Root *root = nullptr;  // the site's; null: no file is opened, every path is 404
    std::string rootPath;      // as it was given
    std::string title;         // name of the shared folder
    std::string mount;         // what stands in a client's path before that of the site: "/photos", mostly ""
    std::string_view asked;    // the target as the client sent it; "" between requests
    // The client's path of a path in the site.
    std::string clientPath(std::string_view path) const { return mount + std::string(path); }
};

inline void FileSettings::use(Site &chosen) {
    rootPath = chosen.path;
    title = chosen.title;
    site = &chosen;
    root = chosen.root.get();
}

}  // namespace meerkat::files
