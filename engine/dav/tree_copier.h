// Station: a file or a folder with all below -> a copy under a name of its own. From transfer_job. In steps; what is not whole has a hidden name.
#pragma once

#include "dav/property_store.h"
#include "dav/tree_job.h"
#include "os/new_file.h"

#include <memory>
#include <string>
#include <vector>

namespace meerkat::dav {

struct CopyFrom {
    const os::Root *root = nullptr;
    const os::File *parent = nullptr;  // where the source stands
    std::string name;
    std::string path;      // canonical
    os::File opened = {};  // the file or the folder itself: a link has been followed
    bool isFolder = false;
    bool isDeep = true;     // with what is in it
    bool isStrict = false;  // what can't be copied as it is (a link, something hidden) is told
};

class TreeCopier {
  public:
    // `to` outlives it. What stands at the new name is replaced if it is a file and a file is copied.
    TreeCopier(const Share &share, CopyFrom from, const os::File &to, std::string newName, std::vector<Trouble> &troubles);
    bool work();
    // Why there is no copy; 0 once there is one. Members that could not be copied are told.
    int status() const { return m_status; }

  private:
    struct Level {
        Level(os::File source, os::File target) : from(std::move(source)), to(std::move(target)), fromStore(from), toStore(to) {}
        std::string path;
        os::File from;
        os::File to;
        PropertyStore fromStore;
        PropertyStore toStore;
        std::unique_ptr<os::FolderReader> reader;
    };
    // The file under way.
    struct FileCopy {
        os::File from;
        std::unique_ptr<os::NewFile> to;
        std::uint64_t offset = 0;
        std::string name;
        std::string newName;
        std::string path;
        bool isMember = false;  // of a folder that is copied
    };

    void begin();
    void takeNext();
    void takeMember(Level &level, const std::string &name, const os::Entry &entry);
    void takeFolder(os::File from, const os::File &to, const std::string &newName, const std::string &path);
    void takeFile(os::File from, const os::File &to, FileCopy copy);
    void workOnFile();
    os::EditState finishFile();
    void fail(const std::string &path, bool isFolder, os::EditState state, bool isWhole);
    bool end(int status) {
        m_status = status;
        m_file.reset();
        m_levels.clear();
        return false;
    }

    const Share &m_share;
    CopyFrom m_from;
    const os::File &m_to;
    std::string m_newName;
    std::vector<Trouble> &m_troubles;
    std::vector<std::unique_ptr<Level>> m_levels;
    std::unique_ptr<FileCopy> m_file;
    std::vector<char> m_buffer;
    int m_status = 0;
    bool m_hasBegun = false;
};

}  // namespace meerkat::dav
