// Station: everything below a folder that a visitor may see -> one entry after the other. From zip_source and folder_search, which ask for the next when they
// have room for it: at most one folder is read at a time.
#pragma once

#include "os/file.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meerkat::files {

struct WalkedEntry {
    std::string relative;  // to the root, without a '/' at the end
    os::FileInfo info;
};

class FolderWalk {
  public:
    // Whether a visitor may see what lies there: a path below the root ("/a/b", a folder's ends in '/').
    using MayShow = std::function<bool(const os::Root &root, std::string_view path)>;

    // `folder` relative to the root, "" or with a '/' at its end. `names`: only these of it, with all that is below them; empty: everything.
    FolderWalk(std::unique_ptr<os::Root> root, std::string folder, std::vector<std::string> names, MayShow mayShow);

    // A folder comes before what it holds, the rest in the order of a folder page. Links to folders are left out, since they may lead in circles; so are
    // devices and the like, and what is more than 100 folders deep. Nothing: that was all.
    std::optional<WalkedEntry> next();
    // A folder that could not be read, and was gone past; cleared by the question.
    std::string takeUnread() { return std::exchange(m_unread, {}); }
    const os::Root &root() const { return *m_root; }

  private:
    struct Level {
        std::string folder;  // relative, with a '/' at its end, or ""
        std::vector<os::FolderEntry> entries;
        std::size_t next = 0;
    };

    void enter(std::string folder);
    bool isWanted(const os::FolderEntry &entry, const std::string &folder) const;

    std::unique_ptr<os::Root> m_root;
    std::string m_start;
    std::vector<std::string> m_names;  // sorted
    MayShow m_mayShow;
    std::vector<Level> m_levels;
    std::string m_unread;
    std::string m_below;  // a folder that was given out, and is entered next
    bool m_isBegun = false;
    bool m_entersBelow = false;
};

}  // namespace meerkat::files
