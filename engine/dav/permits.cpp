#include "dav/permits.h"

#include "base/text.h"
#include "dav/headers.h"
#include "http/conditions.h"

#include <algorithm>

namespace meerkat::dav {

namespace {

bool hasSecondIf(const http::RequestHead &head) {
    return std::count_if(head.headers().begin(), head.headers().end(),
                         [](const http::HeaderField &field) { return equalsIgnoringCase(field.name, "If"); }) > 1;
}

bool holdsAt(const Place &place, const LockTable &locks, const IfCondition &condition) {
    if (condition.isTag) return place.exists() && !place.isFolder() && http::etagOf(place.info) == condition.text;
    const auto covering = locks.covering(place.lockPath());
    return std::any_of(covering.begin(), covering.end(), [&](const Lock *lock) { return lock->token == condition.text; });
}

}  // namespace

int ifStatusOf(const http::RequestHead &head, Share &share, const LockTable &locks, const Place &place) {
    const auto value = head.hasConditions ? head.find("If") : std::nullopt;
    if (!value) return 0;
    const auto header = hasSecondIf(head) ? std::nullopt : parseIf(*value);
    if (!header) return 400;
    const bool isTrue = header->isTrue([&](std::string_view resource, const IfCondition &condition) {
        if (resource.empty()) return holdsAt(place, locks, condition);
        const auto path = pathOfReference(resource, head);
        return path && holdsAt(placeOf(share, *path), locks, condition);
    });
    return isTrue ? 0 : 412;
}

Permits::Permits(const http::RequestHead &head, const LockTable &locks, std::string user)
    : m_locks(locks), m_user(std::move(user)) {
    const auto value = head.find("If");
    const auto header = value ? parseIf(*value) : std::nullopt;
    if (header) m_tokens = header->tokens();
}

bool Permits::hasToken(const Lock &lock) const {
    return lock.user == m_user && std::find(m_tokens.begin(), m_tokens.end(), lock.token) != m_tokens.end();
}

const Lock *Permits::againstChange(std::string_view path) const {
    const auto covering = m_locks.covering(path);
    const bool isFree = std::any_of(covering.begin(), covering.end(), [&](const Lock *lock) { return hasToken(*lock); });
    return covering.empty() || isFree ? nullptr : covering.front();
}

const Lock *Permits::againstComing(const Place &place) const {
    if (const Lock *lock = againstChange(place.path)) return lock;
    return place.isRoot() ? nullptr : againstChange(place.parentPath());
}

const Lock *Permits::againstGoing(const Place &place) const {
    if (const Lock *lock = againstComing(place)) return lock;
    for (const Lock *lock : m_locks.below(place.path))
        if (const Lock *other = againstChange(lock->path)) return other;
    return nullptr;
}

}  // namespace meerkat::dav
