#include "dav/tree_job.h"

#include "dav/place.h"
#include "os/new_file.h"

namespace meerkat::dav {

void note(std::vector<Trouble> &troubles, Trouble trouble) {
    if (troubles.size() < kMostTroubles) troubles.push_back(std::move(trouble));
}

// ---- looking ----

HiddenScan::HiddenScan(const Share &share, const os::File &parent, std::string_view name) : m_share(share) {
    enter(parent, name);
}

void HiddenScan::enter(const os::File &parent, std::string_view name) {
    auto state = os::EditState::Done;
    Level level;
    level.folder = os::openFolderIn(parent, name, state);
    if (level.folder.isOpen()) level.reader = os::FolderReader::open(level.folder, state);
    if (level.reader)
        m_levels.push_back(std::move(level));
    else if (state != os::EditState::Absent)
        stop(statusOf(state));
}

bool HiddenScan::work() {
    if (m_levels.empty()) return false;
    const auto name = m_levels.back().reader->next();
    if (!name) {
        if (m_levels.back().reader->hasFailed()) return stop(500);
        m_levels.pop_back();
        return !m_levels.empty();
    }
    if (os::isOwnName(*name)) return true;
    if (m_share.hides(*name)) return stop(403);
    if (os::entryIn(m_levels.back().folder, *name).kind != os::EntryKind::Folder) return true;
    if (m_levels.size() == kDeepestTree) return stop(507);
    enter(m_levels.back().folder, *name);
    return !m_levels.empty();
}

// ---- removing ----

bool TreeRemover::work() {
    if (!m_hasBegun) {
        begin();
        return !m_levels.empty();
    }
    if (m_levels.empty()) return false;
    const auto name = m_levels.back().reader->next();
    if (!name) {
        leave();
        return !m_levels.empty();
    }
    Level &level = m_levels.back();
    const std::string path = level.path + "/" + *name;
    if (os::entryIn(level.folder, *name).kind != os::EntryKind::Folder) {
        removeFile(level, *name);
        return true;
    }
    if (m_levels.size() == kDeepestTree)
        tell(path, true, 507);
    else
        enter(level.folder, *name, path);
    return true;
}

void TreeRemover::begin() {
    m_hasBegun = true;
    if (os::entryIn(m_parent, m_name).kind == os::EntryKind::Folder) return enter(m_parent, m_name, m_path);
    const auto state = os::removeFileIn(m_parent, m_name);
    if (state != os::EditState::Done && state != os::EditState::Absent) tell(m_path, false, statusOf(state));
}

void TreeRemover::enter(const os::File &parent, const std::string &name, const std::string &path) {
    auto state = os::EditState::Done;
    Level level;
    level.folder = os::openFolderIn(parent, name, state);
    if (level.folder.isOpen()) level.reader = os::FolderReader::open(level.folder, state);
    if (!level.reader) {
        if (state != os::EditState::Absent) tell(path, true, statusOf(state));
        return;
    }
    level.name = name;
    level.path = path;
    m_levels.push_back(std::move(level));
}

// The name of what is hidden is not told: its folder is named instead.
void TreeRemover::removeFile(Level &level, const std::string &name) {
    const auto state = os::removeFileIn(level.folder, name);
    level.hasRemoved = level.hasRemoved || state == os::EditState::Done;
    if (state == os::EditState::Done || state == os::EditState::Absent) return;
    const bool isHidden = m_share.hides(name);
    tell(isHidden ? level.path : level.path + "/" + name, isHidden, statusOf(state));
}

// Everything in the folder was tried. Some file systems pass over entries where others go meanwhile: as long as some go, it is read again.
// It is closed before it goes: Windows keeps the name of what is open.
void TreeRemover::leave() {
    const std::string name = m_levels.back().name, path = m_levels.back().path;
    const bool hasTrouble = m_levels.back().hasTrouble, hasRemoved = m_levels.back().hasRemoved;
    m_levels.pop_back();
    if (hasTrouble) {
        if (!m_levels.empty()) m_levels.back().hasTrouble = true;
        return;
    }
    const os::File &around = m_levels.empty() ? m_parent : m_levels.back().folder;
    const auto state = os::removeFolderIn(around, name);
    if (state == os::EditState::NotEmpty && hasRemoved) return enter(around, name, path);
    if (!m_levels.empty()) m_levels.back().hasRemoved = true;
    if (state != os::EditState::Done && state != os::EditState::Absent) tell(path, true, statusOf(state));
}

void TreeRemover::tell(const std::string &path, bool isFolder, int status) {
    if (!m_levels.empty()) m_levels.back().hasTrouble = true;
    note(m_troubles, {path, isFolder, status});
}

}  // namespace meerkat::dav
