// Station: the folders that are served: document_root, those of virtual hosts, those that a rewrite names. From server/settings, to server/rewriting,
// which says which of them a request is for.
#pragma once

#include "base/result.h"
#include "files/rewrites.h"
#include "os/file.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace meerkat::files {

struct Site {
    std::unique_ptr<os::Root> root;  // null: no file is opened
    std::string path;                // as it was given, to open it anew after it was replaced
    std::string title;               // for the folder page
    std::string onlyFile;            // the one file of that folder that a rewrite leads to; "": the folder
    std::size_t number = 0;          // tells it from others
    // Where it lies in document_root ("/a/b/"), if it does: who is kept out there by a password is kept out here.
    std::string placeInMain;
    std::int64_t checkedSecond = 0;
    bool isGone = false;
};

// Of a folder, or with `mayBeFile` of a file in one. Fails with a sentence that names what can't be served.
Result<Site> openSite(std::string_view path, bool mayBeFile);

// document_root and what url_rewrites adds to it.
class Sites {
  public:
    Site &main() { return m_main; }
    const Rewrites &rewrites() const { return m_rewrites; }
    Site &ofRule(std::size_t rule) { return m_ofRules[rule]; }
    Site &ofHost(std::size_t host) { return m_ofHosts[host]; }

    // "" unsets it. "" or a sentence; the old one then stays.
    std::string setMain(std::string_view path);
    // The same.
    std::string setRewrites(std::string_view value);
    // A root that was replaced is opened anew, at most once a second. True if something is another folder now.
    bool follow(Site &site, std::int64_t second);

  private:
    void findPlaces();

    Site m_main;
    Rewrites m_rewrites;
    std::vector<Site> m_ofRules;  // beside rewrites().rules(); of a redirect there is none
    std::vector<Site> m_ofHosts;  // beside rewrites().hosts()
};

}  // namespace meerkat::files
