#include "dav/tree_copier.h"

#include "dav/place.h"

namespace meerkat::dav {

namespace {

constexpr std::size_t kPieceBytes = 256 * 1024;

}  // namespace

TreeCopier::TreeCopier(const Share &share, CopyFrom from, const os::File &to, std::string newName, std::vector<Trouble> &troubles)
    : m_share(share), m_from(std::move(from)), m_to(to), m_newName(std::move(newName)), m_troubles(troubles) {}

bool TreeCopier::work() {
    if (!m_hasBegun)
        begin();
    else if (m_file)
        workOnFile();
    else if (!m_levels.empty())
        takeNext();
    return m_file || !m_levels.empty();
}

void TreeCopier::begin() {
    m_hasBegun = true;
    m_buffer.resize(kPieceBytes);
    if (m_from.isFolder) return takeFolder(std::move(m_from.opened), m_to, m_newName, m_from.path);
    takeFile(std::move(m_from.opened), m_to, {{}, {}, 0, m_from.name, m_newName, m_from.path, false});
}

// A full disk is the end of it: what there is room for by chance is no copy. `isWhole`: it is not a member that can't be copied, but all of it.
void TreeCopier::fail(const std::string &path, bool isFolder, os::EditState state, bool isWhole) {
    if (isWhole || state == os::EditState::NoRoom) {
        end(state == os::EditState::Absent ? 409 : statusOf(state));
        return;
    }
    note(m_troubles, {path, isFolder, statusOf(state)});
}

void TreeCopier::takeNext() {
    Level &level = *m_levels.back();
    const auto name = level.reader->next();
    if (!name) {
        if (level.reader->hasFailed()) note(m_troubles, {level.path, true, 500});
        m_levels.pop_back();
        return;
    }
    if (os::isOwnName(*name)) return;
    if (m_share.hides(*name) || m_share.hides(level.path + "/" + *name)) {
        if (m_from.isStrict) note(m_troubles, {level.path, true, 403});
        return;
    }
    takeMember(level, *name, os::entryIn(level.from, *name));
}

// A link is not followed: what it leads to may be guarded in another way than where the copy goes. Told where visitors see something there.
void TreeCopier::takeMember(Level &level, const std::string &name, const os::Entry &entry) {
    const std::string path = level.path + "/" + name;
    if (entry.kind == os::EntryKind::Nothing) return;
    if (entry.kind == os::EntryKind::Link || entry.kind == os::EntryKind::Other) {
        const auto seen = m_from.root->lookBelow(path.substr(1));
        const bool isSeen = seen.state == os::OpenState::Opened && !m_share.hides(seen.where);
        if (m_from.isStrict || isSeen) note(m_troubles, {path, isSeen && seen.info.kind == os::FileKind::Folder, 403});
        return;
    }
    const bool isFolder = entry.kind == os::EntryKind::Folder;
    if (isFolder && m_share.isGuardedApart(*m_from.root, path.substr(1))) return note(m_troubles, {path, true, 403});
    auto state = os::EditState::Done;
    os::File from = isFolder ? os::openFolderIn(level.from, name, state) : os::openFileIn(level.from, name, state);
    if (!from.isOpen()) {
        if (state != os::EditState::Absent) fail(path, isFolder, state, false);
        return;
    }
    if (isFolder) return takeFolder(std::move(from), level.to, name, path);
    takeFile(std::move(from), level.to, {{}, {}, 0, name, name, path, true});
}

void TreeCopier::takeFolder(os::File from, const os::File &to, const std::string &newName, const std::string &path) {
    const bool isWhole = m_levels.empty();
    if (m_levels.size() == kDeepestTree) return fail(path, true, os::EditState::Impossible, false);
    auto state = os::makeFolderIn(to, newName);
    os::File made = state == os::EditState::Done ? os::openFolderIn(to, newName, state) : os::File();
    if (!made.isOpen()) return fail(path, true, state, isWhole);
    auto level = std::make_unique<Level>(std::move(from), std::move(made));
    level->path = path;
    state = level->toStore.copyFrom(level->fromStore, {}, {});
    if (state != os::EditState::Done) fail(path, true, state, false);
    if (m_status != 0 || !m_from.isDeep) return;
    level->reader = os::FolderReader::open(level->from, state);
    if (!level->reader) return fail(path, true, state, isWhole);
    m_levels.push_back(std::move(level));
}

void TreeCopier::takeFile(os::File from, const os::File &to, FileCopy copy) {
    os::File folder = os::again(to);
    if (!folder.isOpen()) return fail(copy.path, false, os::EditState::NoDescriptors, !copy.isMember);
    auto state = os::WriteState::Done;
    copy.from = std::move(from);
    copy.to = os::NewFile::create(std::move(folder), copy.newName, state);
    if (!copy.to) return fail(copy.path, false, editStateOf(state), !copy.isMember);
    m_file = std::make_unique<FileCopy>(std::move(copy));
}

void TreeCopier::workOnFile() {
    const auto count = m_file->from.readAt(m_file->offset, m_buffer);
    auto state = os::EditState::Failed;
    if (count && *count > 0) {
        m_file->offset += *count;
        state = editStateOf(m_file->to->append({m_buffer.data(), *count}));
        if (state == os::EditState::Done) return;
    } else if (count) {
        state = finishFile();
    }
    const auto file = std::move(m_file);
    if (state != os::EditState::Done) fail(file->path, false, state, !file->isMember);
}

// Its properties first: once the file is in its place they are its own.
os::EditState TreeCopier::finishFile() {
    os::EditState state = os::EditState::Done;
    if (m_file->isMember) {
        state = m_levels.back()->toStore.copyFrom(m_levels.back()->fromStore, m_file->name, m_file->newName);
    } else {
        PropertyStore from(*m_from.parent), to(m_to);
        state = to.copyFrom(from, m_file->name, m_file->newName);
    }
    return state == os::EditState::Done ? editStateOf(m_file->to->finish(os::Replacing::Yes)) : state;
}

}  // namespace meerkat::dav
