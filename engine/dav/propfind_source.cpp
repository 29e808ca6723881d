#include "dav/propfind_source.h"

#include "dav/multistatus.h"

#include <algorithm>

namespace meerkat::dav {

namespace {

constexpr std::size_t kPartBytes = 16 * 1024;
// Of Depth: infinity. A folder that is not read any more for one of them is told with 507.
constexpr std::size_t kDeepest = 64;
constexpr std::size_t kMostResources = 1'000'000;

bool isQuota(const PropertyName &name) { return name.space == kDavSpace && name.local.starts_with("quota-"); }

const DeadProperty *find(const DeadProperties &dead, const PropertyName &name) {
    const auto found = std::find_if(dead.begin(), dead.end(), [&](const DeadProperty &one) { return one.name == name; });
    return found == dead.end() ? nullptr : &*found;
}

}  // namespace

int PropfindSource::begin(const Place &place, std::string shown) {
    if (std::any_of(m_request.names.begin(), m_request.names.end(), isQuota)) m_room = os::roomOf(place.parent);
    Resource resource{place.path, std::move(shown), place.name, place.info, place.entry.createdNs};
    if (place.isRoot()) resource.name = m_share.title();
    os::File folder;
    if (place.isFolder()) {
        auto opened = m_root->openBelow(place.relative());
        if (opened.state != os::OpenState::Opened) return statusOf(opened.state);
        folder = std::move(opened.file);
        if (!place.where.empty()) resource.path = place.where == "/" ? "" : place.where;
    }
    DeadProperties dead;
    bool isBroken = false;
    if (wantsDead())
        dead = PropertyStore(place.isFolder() ? folder : place.parent).read(place.isFolder() ? "" : place.name, isBroken);
    beginMultistatus(m_first);
    appendResource(m_first, resource, dead);
    if (m_depth == Depth::Zero || !place.isFolder()) return 0;
    return enter(std::move(folder), resource);
}

int PropfindSource::enter(os::File folder, const Resource &resource) {
    auto level = std::make_unique<Level>(std::move(folder));
    auto state = os::EditState::Done;
    level->path = resource.path;
    level->shown = resource.shown;
    level->reader = os::FolderReader::open(level->folder, state);
    if (!level->reader) return statusOf(state);
    m_levels.push_back(std::move(level));
    return 0;
}

bool PropfindSource::produce(http::HttpProtocol &http) {
    std::string out = std::exchange(m_first, {});
    while (!m_levels.empty() && out.size() < kPartBytes) tellNext(out);
    if (m_levels.empty()) endMultistatus(out);
    http.sendPart(out);
    return !m_levels.empty();
}

void PropfindSource::tellNext(std::string &out) {
    Level &level = *m_levels.back();
    const auto name = level.reader->next();
    if (!name) return m_levels.pop_back();
    const std::string shown = level.shown + "/" + *name;
    if (m_share.hides(shown)) return;
    Resource resource{level.path + "/" + *name, shown, *name, {}, 0};
    bool isLink = false;
    if (!lookAt(level, resource, isLink)) return;
    if (++m_told > kMostResources) {
        appendRefusal(out, {level.path, level.shown, {}, {os::FileKind::Folder}, 0}, 507);
        return m_levels.clear();
    }
    appendResource(out, resource, wantsDead() ? deadOf(level, resource, isLink) : DeadProperties());
    if (m_depth == Depth::Infinity && resource.isFolder()) descend(out, resource, isLink);
}

// False: visitors do not see it.
bool PropfindSource::lookAt(Level &level, Resource &resource, bool &isLink) const {
    const os::Entry entry = os::entryIn(level.folder, resource.name);
    isLink = entry.kind == os::EntryKind::Link;
    resource.info = entry.info;
    resource.createdNs = entry.createdNs;
    if (!isLink) return entry.kind == os::EntryKind::File || entry.kind == os::EntryKind::Folder;
    const auto target = m_root->lookBelow(resource.path.substr(1));
    if (target.state != os::OpenState::Opened || m_share.hides(target.where)) return false;
    resource.info = target.info;
    return true;
}

// A link is told, but not followed: it may lead back to where it stands.
void PropfindSource::descend(std::string &out, const Resource &resource, bool isLink) {
    if (isLink || m_share.isGuardedApart(*m_root, resource.path.substr(1))) return;
    if (m_levels.size() == kDeepest) return appendRefusal(out, resource, 507);
    auto state = os::EditState::Done;
    os::File folder = os::openFolderIn(m_levels.back()->folder, resource.name, state);
    const int status = folder.isOpen() ? enter(std::move(folder), resource) : statusOf(state);
    if (status != 0 && status != 404) appendRefusal(out, resource, status);
}

void PropfindSource::appendRefusal(std::string &out, const Resource &resource, int status) const {
    beginResponse(out, resource.shown, true);
    appendStatus(out, status);
    endResponse(out);
}

// ---- properties ----

// The server's own are not kept on the disk.
bool PropfindSource::wantsDead() const {
    if (m_request.kind != PropfindKind::Some) return true;
    return std::any_of(m_request.names.begin(), m_request.names.end(),
                       [](const PropertyName &name) { return !isProtected(name); });
}

os::File PropfindSource::openMember(const Level &level, const Resource &resource, bool isLink) const {
    auto state = os::EditState::Done;
    if (!isLink) return os::openFolderIn(level.folder, resource.name, state);
    return std::move(m_root->openBelow(resource.path.substr(1)).file);
}

DeadProperties PropfindSource::deadOf(Level &level, const Resource &resource, bool isLink) const {
    bool isBroken = false;
    if (!resource.isFolder()) return level.store.read(resource.name, isBroken);
    const os::File folder = openMember(level, resource, isLink);
    return folder.isOpen() ? PropertyStore(folder).read({}, isBroken) : DeadProperties();
}

void PropfindSource::appendResource(std::string &out, const Resource &resource, const DeadProperties &dead) const {
    beginResponse(out, resource.shown, resource.isFolder());
    if (m_request.kind == PropfindKind::Names)
        appendNames(out, resource, dead);
    else
        appendValues(out, resource, dead);
    endResponse(out);
}

void PropfindSource::appendNames(std::string &out, const Resource &resource, const DeadProperties &dead) const {
    beginPropstat(out);
    std::string ignored;
    for (const std::string_view local : commonLiveNames()) {
        const PropertyName name{std::string(kDavSpace), std::string(local)};
        if (!find(dead, name) && appendLive(ignored, name, resource, sources())) appendEmpty(out, name);
    }
    for (const DeadProperty &one : dead) appendEmpty(out, one.name);
    endPropstat(out, 200);
}

// What somebody set wins over what we would say ourselves: a displayname.
void PropfindSource::appendValues(std::string &out, const Resource &resource, const DeadProperties &dead) const {
    std::string found, missing;
    std::vector<PropertyName> told;
    const auto tell = [&](const PropertyName &name) {
        told.push_back(name);
        if (const DeadProperty *one = find(dead, name)) return appendDead(found, *one), true;
        return appendLive(found, name, resource, sources());
    };
    if (m_request.kind == PropfindKind::All) {
        for (const std::string_view local : commonLiveNames()) tell({std::string(kDavSpace), std::string(local)});
        for (const DeadProperty &one : dead)
            if (std::find(told.begin(), told.end(), one.name) == told.end()) tell(one.name);
    }
    for (const PropertyName &name : m_request.names) {
        const bool isTold = m_request.kind == PropfindKind::All && std::find(told.begin(), told.end(), name) != told.end();
        if (!isTold && !tell(name)) appendEmpty(missing, name);
    }
    if (!found.empty() || missing.empty()) {
        beginPropstat(out);
        out.append(found);
        endPropstat(out, 200);
    }
    if (missing.empty()) return;
    beginPropstat(out);
    out.append(missing);
    endPropstat(out, 404);
}

}  // namespace meerkat::dav
