#include "app/traffic_history.h"

namespace meerkat::app {

void TrafficHistory::look(std::int64_t nowMs, std::uint64_t bytesSent) {
    const std::uint64_t moved = bytesSent - m_bytes;
    const std::int64_t second = nowMs / 1000;
    m_bytes = bytesSent;
    m_lastLookMs = nowMs;
    m_nextLookMs = moved > 0 ? nowMs + 1000 : INT64_MAX;
    if (moved > 0) m_seconds.push_back({second, moved});
    while (!m_seconds.empty() && m_seconds.front().second <= second - kSeconds) m_seconds.pop_front();
}

}  // namespace meerkat::app
