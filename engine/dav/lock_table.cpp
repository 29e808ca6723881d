#include "dav/lock_table.h"

#include "access/hash.h"
#include "base/encodings.h"
#include "os/folder.h"

#include <algorithm>
#include <cassert>

namespace meerkat::dav {

namespace {

// RFC 9562 section 5.4: random but for the version and the variant.
std::string newToken() {
    std::string bytes = access::randomBytes(16);
    bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
    std::string text = hexLower(bytes);
    for (const std::size_t at : {20, 16, 12, 8}) text.insert(at, "-");
    return "urn:uuid:" + text;
}

std::string keyOf(std::string_view path) { return os::comparablePath(std::string(path)); }

}  // namespace

template <class Condition>
void LockTable::removeIf(Condition condition) {
    for (auto place = m_locks.begin(); place != m_locks.end();) {
        m_count -= std::erase_if(place->second, [&](const Lock &lock) { return condition(place->first, lock); });
        place = place->second.empty() ? m_locks.erase(place) : std::next(place);
    }
}

// Looked through only when the first of them is due.
void LockTable::expire() {
    const std::int64_t now = m_clock.monotonicUs();
    if (now < m_nextExpiryUs) return;
    m_nextExpiryUs = INT64_MAX;
    removeIf([&](const std::string &, const Lock &lock) {
        if (lock.expiresUs <= now) return true;
        m_nextExpiryUs = std::min(m_nextExpiryUs, lock.expiresUs);
        return false;
    });
}

std::vector<const Lock *> LockTable::covering(std::string_view path) const {
    std::vector<const Lock *> found;
    if (isEmpty()) return found;
    const std::string key = keyOf(path);
    std::string_view at = key;
    while (true) {
        if (const auto place = m_locks.find(at); place != m_locks.end())
            for (const Lock &lock : place->second)
                if (lock.isDeep || at.size() == key.size()) found.push_back(&lock);
        if (at.empty()) return found;
        at = at.substr(0, at.rfind('/'));
    }
}

std::vector<const Lock *> LockTable::below(std::string_view path) const {
    std::vector<const Lock *> found;
    const std::string prefix = keyOf(path) + "/";
    for (auto place = m_locks.lower_bound(prefix); place != m_locks.end() && place->first.starts_with(prefix); ++place)
        for (const Lock &lock : place->second) found.push_back(&lock);
    return found;
}

const Lock *LockTable::find(std::string_view token) const {
    for (const auto &[key, locks] : m_locks)
        for (const Lock &lock : locks)
            if (lock.token == token) return &lock;
    return nullptr;
}

Lock *LockTable::change(std::string_view token) { return const_cast<Lock *>(find(token)); }

const Lock *LockTable::obstacle(std::string_view path, bool isExclusive, bool isDeep) const {
    auto others = covering(path);
    if (isDeep)
        for (const Lock *lock : below(path)) others.push_back(lock);
    const auto found =
        std::find_if(others.begin(), others.end(), [&](const Lock *lock) { return isExclusive || lock->isExclusive; });
    return found == others.end() ? nullptr : *found;
}

const Lock &LockTable::add(Lock lock) {
    assert(!isFull());
    ++m_count;
    lock.token = newToken();
    lock.expiresUs = timeUs(lock.seconds);
    m_nextExpiryUs = std::min(m_nextExpiryUs, lock.expiresUs);
    auto &locks = m_locks[keyOf(lock.path)];
    locks.push_back(std::move(lock));
    return locks.back();
}

void LockTable::refresh(std::string_view token, std::int64_t seconds) {
    Lock *lock = change(token);
    if (!lock) return;
    lock->seconds = seconds;
    lock->expiresUs = timeUs(seconds);
    m_nextExpiryUs = std::min(m_nextExpiryUs, lock->expiresUs);
}

void LockTable::remove(std::string_view token) {
    removeIf([&](const std::string &, const Lock &lock) { return lock.token == token; });
}

void LockTable::removeAt(std::string_view path) {
    if (isEmpty()) return;
    const std::string self = keyOf(path), prefix = self + "/";
    removeIf([&](const std::string &key, const Lock &) { return key == self || key.starts_with(prefix); });
}

void LockTable::removeBelow(std::string_view path) {
    if (isEmpty()) return;
    const std::string prefix = keyOf(path) + "/";
    removeIf([&](const std::string &key, const Lock &) { return key.starts_with(prefix); });
}

std::int64_t LockTable::secondsLeft(const Lock &lock) const {
    return std::max<std::int64_t>(1, (lock.expiresUs - m_clock.monotonicUs() + 999'999) / 1'000'000);
}

}  // namespace meerkat::dav
