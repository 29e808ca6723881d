#include "dav/transfer_job.h"

#include "os/new_file.h"

namespace meerkat::dav {

namespace {

// What came or went on the way there is a conflict with somebody else.
int statusOfPlacing(os::EditState state) { return state == os::EditState::Absent ? 409 : statusOf(state); }

}  // namespace

TransferJob::~TransferJob() {
    if (m_phase == Phase::Copy) dropCopy(500);
    while ((m_phase == Phase::DropCopy || m_phase == Phase::RemoveAside) && work()) {
    }
}

bool TransferJob::work() {
    switch (m_phase) {
    case Phase::Begin:
        begin();
        break;
    case Phase::ScanTarget:
        if (!m_scan->work()) afterTargetScan();
        break;
    case Phase::ScanSource:
        if (!m_scan->work()) afterSourceScan();
        break;
    case Phase::Copy:
        if (!m_copier->work()) afterCopy();
        break;
    case Phase::RemoveSource:
        if (!m_remover->work()) afterSourceRemoval();
        break;
    case Phase::RemoveAside:
    case Phase::DropCopy:
        if (!m_remover->work()) m_phase = Phase::Done;
        break;
    case Phase::Done:
        break;
    }
    return m_phase != Phase::Done;
}

void TransferJob::finish(int status) {
    m_status = status;
    m_phase = Phase::Done;
}

void TransferJob::begin() {
    m_status = m_transfer.to.entry.kind == os::EntryKind::Nothing ? 201 : 204;
    // A folder that is to be replaced must hold nothing that nobody sees.
    if (!isFolderTaken()) return afterTargetScan();
    m_scan.emplace(m_share, m_transfer.to.parent, m_transfer.to.name);
    m_phase = Phase::ScanTarget;
}

void TransferJob::afterTargetScan() {
    if (m_scan && m_scan->status() != 0) return finish(m_scan->status());
    m_transfer.isMove ? rename() : beginCopy();
}

// ---- moving ----

// The properties of a file are at its new name before it is, and are taken from the old one after that: whenever a kill comes, they are where it is.
// Those of a folder are in it.
void TransferJob::rename() {
    Place &from = m_transfer.from, &to = m_transfer.to;
    PropertyStore old(from.parent), next(to.parent);
    const bool isSameName = from.path != to.path && os::comparablePath(from.path) == os::comparablePath(to.path);
    const bool isTakenAlong = !movesFolder() && !isSameName;
    bool isBroken = true;
    const DeadProperties before = isTakenAlong ? next.read(to.name, isBroken) : DeadProperties();
    auto state = isTakenAlong ? next.copyFrom(old, from.name, to.name) : os::EditState::Done;
    if (state != os::EditState::Done) return finish(statusOfPlacing(state));
    // A name that only changes its case is no other thing that would be replaced.
    state = isSameName ? os::moveEntry(from.parent, from.name, to.parent, to.name, os::Replacing::Yes)
                       : putInPlace(from.parent, from.name);
    if (state == os::EditState::Done) {
        if (movesFolder())
            next.remove(to.name);
        else if (isTakenAlong)
            old.remove(from.name);
        return afterPlacing();
    }
    // What stands there has its own again.
    if (isTakenAlong && !isBroken) next.write(to.name, before);
    if (state != os::EditState::OtherVolume) return finish(statusOfPlacing(state));
    if (!movesFolder()) return beginCopy();
    m_scan.emplace(m_share, from.parent, from.name);
    m_phase = Phase::ScanSource;
}

// Onto nothing, onto a file, or onto what is then taken aside.
os::EditState TransferJob::putInPlace(const os::File &folder, const std::string &name) {
    const Place &to = m_transfer.to;
    const bool isFolder = os::entryIn(folder, name).kind == os::EntryKind::Folder;
    if (to.entry.kind == os::EntryKind::Nothing) return os::moveEntry(folder, name, to.parent, to.name, os::Replacing::No);
    if (!isFolder && !isFolderTaken()) return os::moveEntry(folder, name, to.parent, to.name, os::Replacing::Yes);
    return putAside(folder, name);
}

os::EditState TransferJob::putAside(const os::File &folder, const std::string &name) {
    const Place &to = m_transfer.to;
    // A copy stands beside its place: both trade names in one step, where the system can.
    if (name == m_staged && os::swapEntries(to.parent, name, to.name) == os::EditState::Done) {
        m_aside = name;
        return os::EditState::Done;
    }
    const std::string aside = os::unfinishedName();
    auto state = os::moveEntry(to.parent, to.name, to.parent, aside, os::Replacing::No);
    if (state != os::EditState::Done) return state;
    state = os::moveEntry(folder, name, to.parent, to.name, os::Replacing::No);
    if (state == os::EditState::Done)
        m_aside = aside;
    else
        (void)os::moveEntry(to.parent, aside, to.parent, to.name, os::Replacing::No);
    return state;
}

// ---- copying ----

void TransferJob::beginCopy() {
    Place &from = m_transfer.from, &to = m_transfer.to;
    auto opened = m_transfer.isMove && from.isLink() ? os::OpenOutcome{os::OpenState::Refused}
                                                     : m_transfer.root->openBelow(from.relative());
    if (opened.state != os::OpenState::Opened) return finish(statusOf(opened.state));
    CopyFrom source{m_transfer.root.get(), &from.parent, from.name, from.path};
    source.isFolder = opened.info.kind == os::FileKind::Folder;
    source.isDeep = m_transfer.isDeep;
    source.isStrict = m_transfer.isMove;
    source.opened = std::move(opened.file);
    if (!opened.where.empty()) source.path = opened.where == "/" ? "" : opened.where;
    // A file that replaces a file gets its rights, too.
    m_staged = source.isFolder || isFolderTaken() || to.isLink() ? os::unfinishedName() : std::string();
    m_copier.emplace(m_share, std::move(source), to.parent, m_staged.empty() ? to.name : m_staged, m_troubles);
    m_phase = Phase::Copy;
}

// A move that could not take all along takes nothing.
void TransferJob::afterCopy() {
    const Place &to = m_transfer.to;
    const int status = m_copier->status();
    if (status != 0) return dropCopy(status);
    if (m_transfer.isMove && !m_troubles.empty()) return dropCopy(m_status);
    if (!m_staged.empty()) {
        const auto state = putInPlace(to.parent, m_staged);
        if (state != os::EditState::Done) return dropCopy(statusOfPlacing(state));
        // A folder has its own inside, and a file those of its hidden name.
        PropertyStore store(to.parent);
        if (os::entryIn(to.parent, to.name).kind == os::EntryKind::Folder)
            store.remove(to.name);
        else if (store.copyFrom(store, m_staged, to.name) == os::EditState::Done)
            store.remove(m_staged);
    }
    if (!m_transfer.isMove) return afterPlacing();
    beginRemoving(Phase::RemoveSource, m_transfer.from.parent, m_transfer.from.name, m_transfer.from.path, m_troubles);
}

void TransferJob::afterSourceScan() {
    if (m_scan->status() != 0) return finish(m_scan->status());
    beginCopy();
}

void TransferJob::afterSourceRemoval() {
    PropertyStore(m_transfer.from.parent).remove(m_transfer.from.name);
    afterPlacing();
}

void TransferJob::afterPlacing() {
    if (m_aside.empty()) return finish(m_status);
    beginRemoving(Phase::RemoveAside, m_transfer.to.parent, m_aside, m_transfer.to.path, m_untold);
}

void TransferJob::dropCopy(int status) {
    if (status >= 400) m_troubles.clear();
    m_status = status;
    if (m_staged.empty()) return finish(status);
    PropertyStore(m_transfer.to.parent).remove(m_staged);
    beginRemoving(Phase::DropCopy, m_transfer.to.parent, m_staged, m_transfer.to.path, m_untold);
}

void TransferJob::beginRemoving(Phase phase, const os::File &folder, const std::string &name, const std::string &path,
                                std::vector<Trouble> &troubles) {
    m_phase = phase;
    m_remover.emplace(m_share, folder, name, path, troubles);
}

// ---- removing ----

bool RemoveJob::work() {
    if (!m_remover) {
        if (!m_scan && m_place.entry.kind == os::EntryKind::Folder) m_scan.emplace(m_share, m_place.parent, m_place.name);
        if (m_scan && m_scan->work()) return true;
        if (m_scan && m_scan->status() != 0) return finish(m_scan->status());
        m_remover.emplace(m_share, m_place.parent, m_place.name, m_place.path, m_troubles);
    }
    if (m_remover->work()) return true;
    if (m_troubles.empty()) PropertyStore(m_place.parent).remove(m_place.name);
    // One resource that can't go is an answer of its own.
    if (m_troubles.size() == 1 && m_troubles.front().path == m_place.path) {
        const int status = m_troubles.front().status;
        m_troubles.clear();
        return finish(status);
    }
    return finish(204);
}

}  // namespace meerkat::dav
