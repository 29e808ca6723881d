// The part of WebDAV that locks. RFC 4918 sections 9.10 and 9.11.
#include "dav/service.h"

#include "dav/headers.h"
#include "dav/property_store.h"
#include "os/new_file.h"

#include <algorithm>

namespace meerkat::dav {

void Service::lock(Request &request) {
    const auto depth = depthOf(request.head, Depth::Infinity);
    if (!depth || *depth == Depth::One) return refuse(request.http, 400);
    if (request.body.empty()) return refreshLock(request);
    LockRequest wanted = parseLockInfo(request.body);
    if (wanted.status != 0) return refuse(request.http, wanted.status);
    Place &place = request.place;
    if (!hasParent(request.http, place)) return;
    if (const int status = conditionStatus(request); status != 0) return refuse(request.http, status);
    const bool isNew = !place.exists();
    const bool isDeep = *depth == Depth::Infinity;
    if (const Lock *obstacle = m_locks.obstacle(place.lockPath(), wanted.isExclusive, isDeep))
        return refuseLock(request, *obstacle);
    if (m_locks.isFull()) return refuse(request.http, 503);
    if (isNew && !makeLocked(request)) return;
    Lock fresh;
    fresh.path = place.lockPath();
    fresh.user = m_share.userOf(request.http);
    fresh.owner = std::move(wanted.owner);
    fresh.isExclusive = wanted.isExclusive;
    fresh.isFolder = place.isFolder();
    fresh.isDeep = isDeep;
    fresh.seconds = timeoutOf(request.head);
    const Lock &made = m_locks.add(std::move(fresh));
    const std::string fields = std::string(kXmlFields) + "Lock-Token: <" + made.token + ">\r\n";
    request.http.sendWhole(isNew ? 201 : 200, fields, lockAnswer(made, m_locks.secondsLeft(made)));
}

// A lock on nothing makes an empty file, so that the name is taken (section 7.3). False: refused.
bool Service::makeLocked(Request &request) {
    const Place &place = request.place;
    // What visitors do not see is not written over by the way, and a folder is made by MKCOL alone.
    int status = place.entry.kind != os::EntryKind::Nothing ? 403 : request.path.ends_with('/') ? 409 : 0;
    if (status != 0) return refuse(request.http, status), false;
    if (isLocked(request.http, permitsOf(request).againstComing(place))) return false;
    os::File folder = os::again(place.parent);
    if (!folder.isOpen()) return refuse(request.http, 503), false;
    auto state = os::WriteState::Done;
    const auto file = os::NewFile::create(std::move(folder), place.name, state);
    if (file) state = file->finish(os::Replacing::Yes);
    status = statusOf(editStateOf(state));
    if (status != 0) return refuse(request.http, status), false;
    PropertyStore(place.parent).remove(place.name);
    return true;
}

// One below is told with its own URL, as it is not the one that was asked for (section 9.10.6).
void Service::refuseLock(Request &request, const Lock &obstacle) {
    const std::string &path = request.place.lockPath();
    const bool isBelow = os::comparablePath(obstacle.path).starts_with(os::comparablePath(path) + "/");
    if (!isBelow) return refuseWith(request.http, 423, "no-conflicting-lock", urlOf(obstacle.path, obstacle.isFolder));
    const std::vector<Trouble> troubles{{obstacle.path, obstacle.isFolder, 423}, {path, true, 424}};
    request.http.sendWhole(207, kXmlFields, multistatusOf(troubles));
}

// Section 9.10.2: the token is in If, the depth is that of the lock.
void Service::refreshLock(Request &request) {
    const auto value = request.head.find("If");
    if (!value) return refuse(request.http, 400);
    if (!isThere(request)) return;
    const auto header = parseIf(*value);
    const auto tokens = header ? header->tokens() : std::vector<std::string_view>();
    for (const Lock *lock : m_locks.covering(request.place.lockPath())) {
        if (std::find(tokens.begin(), tokens.end(), lock->token) == tokens.end()) continue;
        if (lock->user != m_share.userOf(request.http)) return refuse(request.http, 403);
        m_locks.refresh(lock->token, timeoutOf(request.head));
        return request.http.sendWhole(200, kXmlFields, lockAnswer(*lock, m_locks.secondsLeft(*lock)));
    }
    refuseWith(request.http, 412, "lock-token-matches-request-uri");
}

void Service::unlock(Request &request) {
    const auto token = lockTokenOf(request.head);
    if (!token) return refuse(request.http, 400);
    const auto covering = m_locks.covering(request.place.lockPath());
    const auto found = std::find_if(covering.begin(), covering.end(), [&](const Lock *lock) { return lock->token == *token; });
    if (found == covering.end()) return refuseWith(request.http, 409, "lock-token-matches-request-uri");
    if (const int status = conditionStatus(request); status != 0) return refuse(request.http, status);
    // Whoever may write, but did not take it, waits for its time to be over.
    if ((*found)->user != m_share.userOf(request.http)) return refuse(request.http, 403);
    m_locks.remove(*token);
    request.http.sendWhole(204, {}, {});
}

}  // namespace meerkat::dav
