#include "files/folder_walk.h"

#include "files/folder_sort.h"

#include <algorithm>

namespace meerkat::files {

namespace {

constexpr std::size_t kMostLevels = 100;

}  // namespace

FolderWalk::FolderWalk(std::unique_ptr<os::Root> root, std::string folder, std::vector<std::string> names, MayShow mayShow)
    : m_root(std::move(root)), m_start(std::move(folder)), m_names(std::move(names)), m_mayShow(std::move(mayShow)) {
    std::sort(m_names.begin(), m_names.end());
}

std::optional<WalkedEntry> FolderWalk::next() {
    if (!m_isBegun) {
        m_isBegun = true;
        enter(m_start);
    } else if (std::exchange(m_entersBelow, false)) {
        enter(std::exchange(m_below, {}));
    }
    while (!m_levels.empty()) {
        Level &level = m_levels.back();
        if (level.next == level.entries.size()) {
            m_levels.pop_back();
            continue;
        }
        const os::FolderEntry &entry = level.entries[level.next++];
        WalkedEntry walked{level.folder + entry.name, entry.info};
        if (entry.info.kind == os::FileKind::Folder && m_levels.size() < kMostLevels) {
            m_below = walked.relative + '/';
            m_entersBelow = true;
        }
        return walked;
    }
    return std::nullopt;
}

void FolderWalk::enter(std::string folder) {
    Level level{std::move(folder), {}, 0};
    std::string_view place = level.folder;
    if (!place.empty()) place.remove_suffix(1);
    auto opened = m_root->openBelow(place);
    auto state = opened.state;
    if (state == os::OpenState::Opened && opened.info.kind == os::FileKind::Folder)
        state = m_root->list(opened.file, place, [&](os::FolderEntry &&entry) {
            if (isWanted(entry, level.folder)) level.entries.push_back(std::move(entry));
            return true;
        });
    if (state != os::OpenState::Opened) {
        m_unread = level.folder;
        return;
    }
    sortEntries(level.entries, {});
    m_levels.push_back(std::move(level));
}

bool FolderWalk::isWanted(const os::FolderEntry &entry, const std::string &folder) const {
    if (entry.info.kind == os::FileKind::Other) return false;
    const bool isFolder = entry.info.kind == os::FileKind::Folder;
    if (isFolder && !entry.where.empty()) return false;
    const bool isTop = m_levels.empty();
    if (isTop && !m_names.empty() && !std::binary_search(m_names.begin(), m_names.end(), entry.name)) return false;
    if (!entry.where.empty() && !m_mayShow(*m_root, entry.where)) return false;
    return m_mayShow(*m_root, '/' + folder + entry.name + (isFolder ? "/" : ""));
}

}  // namespace meerkat::files
