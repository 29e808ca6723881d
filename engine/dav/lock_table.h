// Station: who may change what until when. From dav/service for LOCK and UNLOCK, to dav/permits for everything that writes. RFC 4918 sections 6 and 7.
// Paths are canonical: "/a/b" without links and without a '/' at the end, "" for the root.
// Thread: engine. Kept in memory: a server that starts anew knows no lock.
#pragma once

#include "base/clock.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace meerkat::dav {

struct Lock {
    std::string token;  // "urn:uuid:…"
    std::string path;   // where it was taken
    std::string user;   // who did, "" where nobody was asked who he is
    std::string owner;  // XML, as the client gave it
    bool isExclusive = true;
    bool isDeep = false;    // it holds for all below, too
    bool isFolder = false;  // for the '/' at the end of its URL
    std::int64_t seconds = 0;
    std::int64_t expiresUs = 0;  // by the clock
};

class LockTable {
  public:
    static constexpr std::size_t kMostLocks = 4096;

    explicit LockTable(const Clock &clock) : m_clock(clock) {}

    bool isEmpty() const { return m_count == 0; }
    bool isFull() const { return m_count == kMostLocks; }
    // To be called before anything is asked: what has run out goes.
    void expire();

    // What holds for a path: locks on it, and deep ones above. Valid until the next change.
    std::vector<const Lock *> covering(std::string_view path) const;
    // Locks on paths below this one.
    std::vector<const Lock *> below(std::string_view path) const;
    // Null if there is none.
    const Lock *find(std::string_view token) const;

    // What stands in the way of such a lock: one that covers the path, or, for a deep one, one below. Null if nothing does.
    const Lock *obstacle(std::string_view path, bool isExclusive, bool isDeep) const;
    // Takes it with a new token and the time it has from now. Not to be called while isFull.
    const Lock &add(Lock lock);
    // It has so many seconds from now.
    void refresh(std::string_view token, std::int64_t seconds);
    void remove(std::string_view token);
    // Of a path that is gone, and of all below it.
    void removeAt(std::string_view path);
    // The same but for the path itself, which another thing stands at now.
    void removeBelow(std::string_view path);

    std::int64_t secondsLeft(const Lock &lock) const;

  private:
    using ByPath = std::map<std::string, std::vector<Lock>, std::less<>>;
    Lock *change(std::string_view token);
    template <class Condition>
    void removeIf(Condition condition);
    std::int64_t timeUs(std::int64_t seconds) const { return m_clock.monotonicUs() + seconds * 1'000'000; }

    const Clock &m_clock;
    ByPath m_locks;  // by comparable path
    std::size_t m_count = 0;
    std::int64_t m_nextExpiryUs = INT64_MAX;
};

}  // namespace meerkat::dav
