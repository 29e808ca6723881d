// Station: how much was sent in each of the last seconds -> the graph of a window. From engine_loop's look at the counters, to snapshots.
// A pure value: the caller says what time it is.
#pragma once

#include "app/messages.h"

#include <cstdint>
#include <deque>

namespace meerkat::app {

class TrafficHistory {
  public:
    static constexpr std::int64_t kSeconds = 300;

    // When the next look is due, in milliseconds; far away where the last one saw nothing move: traffic wakes the engine by itself.
    std::int64_t nextLookMs() const { return m_nextLookMs; }
    bool isDue(std::int64_t nowMs) const { return nowMs - m_lastLookMs >= 1000; }
    // `bytesSent`: since ever.
    void look(std::int64_t nowMs, std::uint64_t bytesSent);
    // Oldest first; seconds in which nothing was sent are left out.
    std::vector<SecondOfTraffic> seconds() const { return {m_seconds.begin(), m_seconds.end()}; }

  private:
    std::deque<SecondOfTraffic> m_seconds;
    std::int64_t m_lastLookMs = INT64_MIN / 2;
    std::int64_t m_nextLookMs = INT64_MAX;
    std::uint64_t m_bytes = 0;
};

}  // namespace meerkat::app
