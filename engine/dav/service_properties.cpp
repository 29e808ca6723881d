// The part of WebDAV that reads and sets properties. RFC 4918 sections 9.1 and 9.2.
#include "dav/service.h"

#include "dav/propfind_source.h"
#include "dav/property_store.h"

#include <algorithm>

namespace meerkat::dav {

namespace {

constexpr int kMostFreed = 4;
constexpr std::size_t kMostKept = 1000;

// RFC 4918 section 16.
constexpr std::string_view kProtectedError = "<D:error><D:cannot-modify-protected-property/></D:error>";

void apply(DeadProperties &properties, const PropertyChange &change) {
    const auto found = std::find_if(properties.begin(), properties.end(),
                                    [&](const DeadProperty &one) { return one.name == change.property.name; });
    if (found == properties.end()) {
        if (!change.isRemoval) properties.push_back(change.property);
    } else if (change.isRemoval) {
        properties.erase(found);
    } else {
        *found = change.property;
    }
}

// Each name once, as it may be set and removed in one request.
std::vector<PropertyName> namesIn(const std::vector<PropertyChange> &changes) {
    std::vector<PropertyName> names;
    for (const PropertyChange &change : changes) names.push_back(change.property.name);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

void appendOutcome(std::string &out, const std::vector<PropertyName> &names, int status) {
    if (names.empty()) return;
    beginPropstat(out);
    for (const PropertyName &name : names) appendEmpty(out, name);
    endPropstat(out, status);
}

}  // namespace

void Service::findProperties(Request &request) {
    const auto depth = depthOf(request.head, Depth::Infinity);
    if (!depth) return refuse(request.http, 400);
    PropfindRequest wanted = parsePropfind(request.body);
    if (wanted.status != 0) return refuse(request.http, wanted.status);
    if (!isThere(request)) return;
    if (request.place.isFolder() && *depth != Depth::Zero && !m_share.listsFolders()) return refuse(request.http, 403);
    std::string shown(request.path);
    while (shown.ends_with('/')) shown.pop_back();
    for (int freed = 0;; ++freed) {
        int status = 503;
        if (auto root = m_share.root()->again()) {
            auto source = std::make_unique<PropfindSource>(m_share, m_locks, std::move(root), wanted, *depth);
            status = source->begin(request.place, shown);
            if (status == 0) return request.http.sendStream(207, kXmlFields, std::move(source));
        }
        if (status != 503 || freed == kMostFreed || !m_share.freeDescriptor()) return refuse(request.http, status);
    }
}

void Service::patchProperties(Request &request) {
    const ProppatchRequest wanted = parseProppatch(request.body);
    if (wanted.status != 0) return refuse(request.http, wanted.status);
    if (!isThere(request)) return;
    if (isLocked(request.http, permitsOf(request).againstChange(request.place.lockPath()))) return;
    const auto names = namesIn(wanted.changes);
    std::vector<PropertyName> kept, free;
    std::partition_copy(names.begin(), names.end(), std::back_inserter(kept), std::back_inserter(free), isProtected);
    // All or nothing: with one that can't be set none is.
    const int status = kept.empty() ? applyChanges(request.place, wanted.changes) : 424;
    std::string out;
    beginMultistatus(out);
    beginResponse(out, std::string_view(request.path).substr(0, request.path.find_last_not_of('/') + 1),
                  request.place.isFolder());
    if (!kept.empty()) {
        appendOutcome(out, kept, 403);
        // Within the propstat, behind its status.
        out.insert(out.rfind("</D:propstat>"), kProtectedError);
    }
    appendOutcome(out, free, status);
    endResponse(out);
    endMultistatus(out);
    request.http.sendWhole(207, kXmlFields, out);
}

// 200, or what is to be said of each of them.
int Service::applyChanges(const Place &place, const std::vector<PropertyChange> &changes) {
    os::OpenOutcome folder;
    if (place.isFolder()) folder = m_share.root()->openBelow(place.relative());
    if (place.isFolder() && folder.state != os::OpenState::Opened) return statusOf(folder.state);
    PropertyStore store(place.isFolder() ? folder.file : place.parent);
    const std::string name = place.isFolder() ? "" : place.name;
    bool isBroken = false;
    DeadProperties properties = store.read(name, isBroken);
    // What can't be read is not written over: it may be another version's.
    if (isBroken) return 500;
    for (const PropertyChange &change : changes) apply(properties, change);
    if (properties.size() > kMostKept) return 507;
    const auto state = store.write(name, properties);
    return state == os::EditState::Done ? 200 : statusOf(state);
}

}  // namespace meerkat::dav
