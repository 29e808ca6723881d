// Station: an open folder -> its entries as a visitor may see them, in order, however many there are. From folder_answers and list_source. Read and sorted in
// steps, so that nobody else waits for a large one.
#pragma once

#include "files/folder_sort.h"
#include "os/folder.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace meerkat::files {

class FolderListing {
  public:
    // Of a larger folder no more are told.
    static constexpr std::size_t kMostEntries = 200'000;
    using MayShow = std::function<bool(const os::FolderEntry &)>;

    // `relative` to the root, "" or with a '/' at its end.
    FolderListing(std::unique_ptr<os::Root> root, os::File folder, std::unique_ptr<os::FolderReader> reader, std::string relative,
                  const FolderSort &sort, MayShow mayShow);

    // Looks at so many names more. False: that was all.
    bool readSome(std::size_t names);
    // Once all was read: the next in order; null behind the last one.
    const os::FolderEntry *next();

    // Of what was read.
    std::uint64_t folders() const { return m_folders; }
    std::uint64_t files() const { return m_files; }
    std::uint64_t fileBytes() const { return m_fileBytes; }
    bool isCut() const { return m_isCut; }
    // The file that tells about the folder; "" without one.
    const std::string &readme() const { return m_readme; }
    const os::Root &root() const { return *m_root; }

  private:
    // What was read in one step, sorted.
    struct Run {
        std::vector<os::FolderEntry> entries;
        std::size_t next = 0;
    };

    bool lookAt(os::FolderEntry &entry) const;
    void count(const os::FolderEntry &entry);
    bool isBehind(std::size_t run, std::size_t other) const;

    std::unique_ptr<os::Root> m_root;
    os::File m_folder;
    std::unique_ptr<os::FolderReader> m_reader;
    std::string m_relative;
    FolderSort m_sort;
    MayShow m_mayShow;
    std::vector<Run> m_runs;
    std::vector<std::size_t> m_heap;  // runs by their next entry, the first in order on top
    bool m_isMerging = false;
    std::uint64_t m_folders = 0, m_files = 0, m_fileBytes = 0;
    std::string m_readme;
    std::size_t m_readmeRank = SIZE_MAX;
    bool m_isCut = false;
};

}  // namespace meerkat::files
