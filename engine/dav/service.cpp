#include "dav/service.h"

#include "dav/headers.h"
#include "dav/property_store.h"
#include "http/conditions.h"

#include <algorithm>
#include <iterator>

namespace meerkat::dav {

namespace {

bool isBelow(std::string_view path, std::string_view folder) {
    const std::string inner = os::comparablePath(std::string(path)), outer = os::comparablePath(std::string(folder));
    return inner.starts_with(outer + "/");
}

bool isSame(std::string_view a, std::string_view b) {
    return os::comparablePath(std::string(a)) == os::comparablePath(std::string(b));
}

}  // namespace

Service::Method Service::methodOf(std::string_view name) {
    struct Named {
        std::string_view name;
        Method method;
    };
    static constexpr Named kMethods[] = {
        {"PROPFIND", &Service::findProperties},
        {"PROPPATCH", &Service::patchProperties},
        {"MKCOL", &Service::makeCollection},
        {"DELETE", &Service::remove},
        {"COPY", &Service::transfer},
        {"MOVE", &Service::transfer},
        {"LOCK", &Service::lock},
        {"UNLOCK", &Service::unlock},
    };
    const auto found = std::find_if(std::begin(kMethods), std::end(kMethods), [&](const Named &one) { return one.name == name; });
    return found == std::end(kMethods) ? nullptr : found->method;
}

void Service::serve(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path, std::string_view body) {
    const Method method = methodOf(head.methodName);
    if (!method) return refuse(http, 405);
    if (!m_share.root() || m_share.hides(path)) return refuse(http, 404);
    if (body.size() > kMostBodyBytes) return refuse(http, 413);
    m_locks.expire();
    Request request{http, head, path, body, placeOf(m_share, path), nullptr};
    (this->*method)(request);
}

void Service::serveForm(http::HttpProtocol &http, const http::RequestHead &head, const FormChange &change) {
    if (!m_share.root() || m_share.hides(change.path)) return refuse(http, 404);
    m_locks.expire();
    Request request{http, head, change.path, {}, placeOf(m_share, change.path), &change};
    (this->*methodOf(change.method))(request);
}

bool Service::isLocked(std::string_view path) {
    m_locks.expire();
    if (m_locks.isEmpty()) return false;
    const Place place = placeOf(m_share, path);
    static const http::RequestHead noTokens;
    return place.parentState == os::OpenState::Opened && Permits(noTokens, m_locks, {}).againstComing(place);
}

bool Service::letsPut(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path) {
    m_locks.expire();
    const bool hasIf = head.hasConditions && head.find("If");
    if (m_locks.isEmpty() && !hasIf) return true;
    const Request request{http, head, path, {}, placeOf(m_share, path), nullptr};
    // What is wrong with the place is told by who opens it.
    if (request.place.parentState != os::OpenState::Opened) return true;
    if (const int status = ifStatusOf(head, m_share, m_locks, request.place); status != 0) return refuse(http, status), false;
    const Permits permits = permitsOf(request);
    const bool isNew = request.place.entry.kind == os::EntryKind::Nothing;
    return !isLocked(http, isNew ? permits.againstComing(request.place) : permits.againstChange(request.place.path));
}

bool Service::letsRead(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path) {
    if (!head.find("If") || !m_share.root()) return true;
    m_locks.expire();
    const int status = ifStatusOf(head, m_share, m_locks, placeOf(m_share, path));
    if (status != 0) refuse(http, status);
    return status == 0;
}

void Service::forgetProperties(std::string_view path) {
    const Place place = placeOf(m_share, path);
    if (place.parentState == os::OpenState::Opened && !place.isRoot()) PropertyStore(place.parent).remove(place.name);
}

// ---- what they have in common ----

// 0, or 400, 412: If, and the conditions of HTTP itself.
int Service::conditionStatus(const Request &request) {
    const Place &place = request.place;
    if (const int status = ifStatusOf(request.head, m_share, m_locks, place); status != 0) return status;
    if (!request.head.hasConditions) return 0;
    const std::string etag = place.exists() && !place.isFolder() ? http::etagOf(place.info) : std::string();
    const http::Validators validators{etag, place.info.modifiedNs / 1'000'000'000, place.exists()};
    const auto outcome = http::evaluateConditions(request.head, validators, m_clock.wallSeconds());
    return outcome.result == http::ConditionResult::Proceed ? 0 : 412;
}

// False: refused. A path that ends in '/' means a folder, as it does for GET.
bool Service::isThere(Request &request) {
    const Place &place = request.place;
    int status = statusOf(place.parentState == os::OpenState::Opened ? place.state : place.parentState);
    if (status == 0 && request.path.ends_with('/') && !place.isFolder()) status = 404;
    if (status == 0) status = conditionStatus(request);
    if (status != 0) refuse(request.http, status);
    return status == 0;
}

// False: refused. Something new needs a folder to stand in.
bool Service::hasParent(http::HttpProtocol &http, const Place &place) {
    const int status = statusOf(place.parentState);
    if (status != 0) refuse(http, status == 404 ? 409 : status);
    return status == 0;
}

// True: refused. The client learns where the lock is whose token it has to send.
bool Service::isLocked(http::HttpProtocol &http, const Lock *lock) {
    if (lock) refuseWith(http, 423, "lock-token-submitted", urlOf(lock->path, lock->isFolder));
    return lock != nullptr;
}

void Service::refuse(http::HttpProtocol &http, int status) {
    http.refuse(status, status == 405 ? m_share.allowedFields() : status == 503 ? "Retry-After: 1\r\n" : "");
}

void Service::refuseWith(http::HttpProtocol &http, int status, std::string_view condition, std::string_view href) {
    if (m_share.isAnsweredByProgram(http, status)) return;
    http.sendWhole(status, kXmlFields, errorBody(condition, href));
}

// `gone`, `replaced`: paths whose locks end when the job has succeeded; the second keeps its own. "-" for none.
void Service::begin(Request &request, std::unique_ptr<TreeJob> job, std::string gone, std::string replaced) {
    if (m_jobs.isFull()) return refuse(request.http, 503);
    const std::string location = request.form ? request.form->done : std::string();
    m_jobs.begin(request.http, std::move(job), [this, gone, replaced, location](http::HttpProtocol *http, const TreeJob &done) {
        const int status = done.status();
        if (status < 207 && gone != "-") m_locks.removeAt(gone);
        if (status < 207 && replaced != "-") m_locks.removeBelow(replaced);
        if (!http) return;
        if (status == 207 && location.empty()) return http->sendWhole(207, kXmlFields, multistatusOf(done.troubles()));
        // A person is told the first thing that went wrong.
        answer(*http, status == 207 ? done.troubles().front().status : status, location);
    });
}

// `done`: of a form's change, else "".
void Service::answer(http::HttpProtocol &http, int status, const std::string &done) {
    if (status < 300) return done.empty() ? http.sendWhole(status, {}, {}) : http.sendWhole(303, done, {});
    http.refuseEntrusted(status, status == 405 ? m_share.allowedFields() : status == 503 ? "Retry-After: 1\r\n" : "");
}

// ---- methods ----

void Service::makeCollection(Request &request) {
    const Place &place = request.place;
    if (!request.body.empty()) return refuse(request.http, 415);
    if (!hasParent(request.http, place)) return;
    // A form's visitor is told that something is there, not that he may not.
    const int takenStatus = request.form ? 409 : 405;
    if (place.entry.kind != os::EntryKind::Nothing) return refuse(request.http, takenStatus);
    if (const int status = conditionStatus(request); status != 0) return refuse(request.http, status);
    if (isLocked(request.http, permitsOf(request).againstComing(place))) return;
    const auto state = os::makeFolderIn(place.parent, place.name);
    if (state == os::EditState::Exists) return refuse(request.http, takenStatus);
    if (state != os::EditState::Done) return refuse(request.http, state == os::EditState::Absent ? 409 : statusOf(state));
    PropertyStore(place.parent).remove(place.name);
    answer(request.http, 201, request.form ? request.form->done : std::string());
}

void Service::remove(Request &request) {
    Place &place = request.place;
    const auto depth = depthOf(request.head, Depth::Infinity);
    if (!isThere(request)) return;
    if (!depth || (place.isFolder() && *depth != Depth::Infinity)) return refuse(request.http, 400);
    if (place.isRoot()) return refuse(request.http, 403);
    if (isLocked(request.http, permitsOf(request).againstGoing(place))) return;
    const std::string gone = place.path;
    begin(request, std::make_unique<RemoveJob>(m_share, std::move(place)), gone, "-");
}

void Service::transfer(Request &request) {
    const bool isMove = request.method() == "MOVE";
    const auto depth = depthOf(request.head, Depth::Infinity);
    const auto overwrites = request.form ? false : overwriteOf(request.head);
    const Destination destination = request.form ? Destination{0, request.form->destination} : destinationOf(request.head);
    if (!isThere(request)) return;
    const bool isWrongDepth = !depth || *depth == Depth::One || (isMove && request.place.isFolder() && *depth == Depth::Zero);
    if (isWrongDepth || !overwrites) return refuse(request.http, 400);
    if (destination.status != 0) return refuse(request.http, destination.status);
    if (m_share.hides(destination.path)) return refuse(request.http, 403);
    Place to = placeOf(m_share, destination.path);
    if (!hasParent(request.http, to) || isTransferRefused(request, to, isMove, *depth == Depth::Infinity)) return;
    const bool isTaken = to.entry.kind != os::EntryKind::Nothing;
    if (isTaken && !*overwrites && !(isMove && isSame(to.path, request.place.path)))
        return refuse(request.http, request.form ? 409 : 412);
    const Permits permits = permitsOf(request);
    if (isMove && isLocked(request.http, permits.againstGoing(request.place))) return;
    if (isLocked(request.http, isTaken ? permits.againstGoing(to) : permits.againstComing(to))) return;
    auto root = m_share.root()->again();
    if (!root) return refuse(request.http, 503);
    const std::string gone = isMove ? request.place.path : "-", replaced = to.path;
    Transfer transfer{std::move(root), std::move(request.place), std::move(to), isMove, *depth == Depth::Infinity};
    begin(request, std::make_unique<TransferJob>(m_share, std::move(transfer)), gone, replaced);
}

// Onto itself, into itself, onto what it stands in; or there is something that is neither file nor folder.
bool Service::isTransferRefused(Request &request, const Place &to, bool isMove, bool isDeep) {
    const Place &from = request.place;
    const std::string &source = from.lockPath();
    const bool isItself = to.path == from.path || to.path == source || (!isMove && isSame(to.path, from.path));
    int status = 0;
    if (isItself || to.isRoot() || (isMove && from.isRoot()) || to.entry.kind == os::EntryKind::Other)
        status = 403;
    else if ((isDeep && from.isFolder() && isBelow(to.path, source)) || isBelow(source, to.path) || isBelow(from.path, to.path))
        status = 409;
    if (status != 0) refuse(request.http, status);
    return status != 0;
}

}  // namespace meerkat::dav
