// Station: work on files that may take long -> its outcome. From dav/service, which has a little of it done in each pass of the loop, so that nobody
// waits for it but who asked.
#pragma once

#include "dav/multistatus.h"
#include "dav/share.h"
#include "os/folder.h"

#include <memory>
#include <string>
#include <vector>

namespace meerkat::dav {

// As many as an answer tells of; what else goes wrong is not told.
inline constexpr std::size_t kMostTroubles = 1000;
// Folders within each other that are gone into.
inline constexpr std::size_t kDeepestTree = 200;

class TreeJob {
  public:
    virtual ~TreeJob() = default;
    // A step of it: one entry, or a quarter of a megabyte. False: it is done.
    virtual bool work() = 0;
    // What to answer with once it is done; 207 where `troubles` says the rest.
    int status() const { return m_troubles.empty() ? m_status : 207; }
    const std::vector<Trouble> &troubles() const { return m_troubles; }

  protected:
    std::vector<Trouble> m_troubles;
    int m_status = 500;
};

void note(std::vector<Trouble> &troubles, Trouble trouble);

// Looks for something hidden below a folder that is not the engine's own: what nobody may see must not vanish or be left behind unseen.
class HiddenScan {
  public:
    // Of a folder in `parent`.
    HiddenScan(const Share &share, const os::File &parent, std::string_view name);
    bool work();
    // Why what it looked through must stay as it is: 403 there is something, 507 it is too deep to be sure; or it could not be read. 0: nothing is hidden.
    int status() const { return m_status; }

  private:
    struct Level {
        os::File folder;
        std::unique_ptr<os::FolderReader> reader;
    };
    void enter(const os::File &parent, std::string_view name);
    bool stop(int status) {
        m_status = status;
        m_levels.clear();
        return false;
    }

    const Share &m_share;
    std::vector<Level> m_levels;
    int m_status = 0;
};

// Removes an entry with all that is below it, from the bottom up. What can't be removed stays with the folders around it, and is told.
class TreeRemover {
  public:
    // `path`: canonical, for what is told. `parent` outlives it.
    TreeRemover(const Share &share, const os::File &parent, std::string name, std::string path, std::vector<Trouble> &troubles)
        : m_share(share), m_parent(parent), m_name(std::move(name)), m_path(std::move(path)), m_troubles(troubles) {}
    bool work();

  private:
    struct Level {
        std::string name;
        std::string path;
        os::File folder;
        std::unique_ptr<os::FolderReader> reader;
        bool hasTrouble = false;
        bool hasRemoved = false;
    };
    void begin();
    void enter(const os::File &parent, const std::string &name, const std::string &path);
    void removeFile(Level &level, const std::string &name);
    void leave();
    void tell(const std::string &path, bool isFolder, int status);

    const Share &m_share;
    const os::File &m_parent;
    std::string m_name;
    std::string m_path;
    std::vector<Trouble> &m_troubles;
    std::vector<Level> m_levels;
    bool m_hasBegun = false;
};

}  // namespace meerkat::dav
