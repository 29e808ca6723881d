#include "files/folder_listing.h"

#include "base/text.h"

#include <algorithm>

namespace meerkat::files {

namespace {

// The first of these that is there tells about its folder.
constexpr std::string_view kReadmes[] = {"README.md", "README.txt", "README"};

std::size_t readmeRank(std::string_view name) {
    for (std::size_t rank = 0; rank < std::size(kReadmes); ++rank)
        if (equalsIgnoringCase(name, kReadmes[rank])) return rank;
    return SIZE_MAX;
}

}  // namespace

FolderListing::FolderListing(std::unique_ptr<os::Root> root, os::File folder, std::unique_ptr<os::FolderReader> reader,
                             std::string relative, const FolderSort &sort, MayShow mayShow)
    : m_root(std::move(root)), m_folder(std::move(folder)), m_reader(std::move(reader)), m_relative(std::move(relative)),
      m_sort(sort), m_mayShow(std::move(mayShow)) {}

bool FolderListing::readSome(std::size_t names) {
    Run run;
    bool isMore = true;
    for (std::size_t i = 0; isMore && i < names; ++i) {
        auto name = m_reader->next();
        m_isCut = name && m_folders + m_files >= kMostEntries;
        isMore = name && !m_isCut;
        if (!isMore) break;
        os::FolderEntry entry{std::move(*name), {}, {}};
        if (!lookAt(entry) || !m_mayShow(entry)) continue;
        count(entry);
        entry.where = {};
        run.entries.push_back(std::move(entry));
    }
    sortEntries(run.entries, m_sort);
    if (!run.entries.empty()) m_runs.push_back(std::move(run));
    return isMore;
}

// False: it has gone, leads out, or is nothing that could be opened.
bool FolderListing::lookAt(os::FolderEntry &entry) const {
    const os::Entry found = os::entryIn(m_folder, entry.name);
    entry.info = found.info;
    if (found.kind == os::EntryKind::File || found.kind == os::EntryKind::Folder) return true;
    if (found.kind != os::EntryKind::Link) return false;
    auto led = m_root->lookBelow(m_relative + entry.name);
    entry.info = led.info;
    entry.where = std::move(led.where);
    return led.state == os::OpenState::Opened && led.info.kind != os::FileKind::Other;
}

void FolderListing::count(const os::FolderEntry &entry) {
    if (entry.info.kind == os::FileKind::Folder) {
        ++m_folders;
        return;
    }
    ++m_files;
    m_fileBytes += entry.info.size;
    const std::size_t rank = readmeRank(entry.name);
    if (rank >= m_readmeRank) return;
    m_readmeRank = rank;
    m_readme = entry.name;
}

bool FolderListing::isBehind(std::size_t run, std::size_t other) const {
    return comesBefore(m_runs[other].entries[m_runs[other].next], m_runs[run].entries[m_runs[run].next], m_sort);
}

const os::FolderEntry *FolderListing::next() {
    const auto behind = [this](std::size_t a, std::size_t b) { return isBehind(a, b); };
    if (!std::exchange(m_isMerging, true)) {
        for (std::size_t run = 0; run < m_runs.size(); ++run) m_heap.push_back(run);
        std::make_heap(m_heap.begin(), m_heap.end(), behind);
    }
    if (m_heap.empty()) return nullptr;
    std::pop_heap(m_heap.begin(), m_heap.end(), behind);
    Run &first = m_runs[m_heap.back()];
    const os::FolderEntry *entry = &first.entries[first.next++];
    if (first.next < first.entries.size())
        std::push_heap(m_heap.begin(), m_heap.end(), behind);
    else
        m_heap.pop_back();
    return entry;
}

}  // namespace meerkat::files
