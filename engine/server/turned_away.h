// Station: connections over a limit. From the door, which lets them in for a moment only, so that they can be told why in an answer to what they ask; over
// TLS that takes a handshake. However they behave they are gone after that moment, and there are never more than a few.
#pragma once

#include "net/connection.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace meerkat::server {

class TurnedAway {
  public:
    static constexpr std::size_t kMost = 256;
    static constexpr std::int64_t kMomentMs = 2000;

    bool isEmpty() const { return m_list.empty(); }
    bool isFull() const { return m_list.size() >= kMost; }
    void add(net::Connection &connection, int status, std::int64_t nowMs) { m_list.push_back({&connection, nowMs, status}); }
    void remove(const net::Connection &connection) {
        std::erase_if(m_list, [&](const One &one) { return one.connection == &connection; });
    }
    // What it is to be told; 0 if it is none of these.
    int statusOf(const net::Connection &connection) const {
        const auto found = std::ranges::find(m_list, &connection, &One::connection);
        return found == m_list.end() ? 0 : found->status;
    }
    // One whose moment is over; null if there is none.
    net::Connection *firstDue(std::int64_t nowMs) const { return untilDueMs(nowMs) == 0 ? m_list.front().connection : nullptr; }
    // -1 if there is none at all.
    std::int64_t untilDueMs(std::int64_t nowMs) const {
        return m_list.empty() ? -1 : std::max<std::int64_t>(0, m_list.front().sinceMs + kMomentMs - nowMs);
    }

  private:
    struct One {
        net::Connection *connection;
        std::int64_t sinceMs;
        int status;
    };
    std::vector<One> m_list;  // in the order in which they came
};

}  // namespace meerkat::server
