// Station: how fast bytes go out. From the counters of snapshots, to the window. Header only, no Qt.
#pragma once

#include <cstdint>
#include <deque>

namespace meerkat::app {

// The mean over about the last second: calm enough to read, and 0 a second after the last byte.
class TransferRate {
  public:
    static constexpr std::int64_t kWindowMs = 1000;

    // Times never go back, nor does the total.
    void add(std::int64_t timeMs, std::uint64_t totalBytes) {
        m_points.push_back({timeMs, totalBytes});
        while (m_points.size() > 2 && timeMs - m_points[1].timeMs >= kWindowMs) m_points.pop_front();
    }

    void clear() { m_points.clear(); }

    double bytesPerSecond() const {
        if (m_points.size() < 2) return 0;
        const auto elapsedMs = m_points.back().timeMs - m_points.front().timeMs;
        if (elapsedMs <= 0) return 0;
        return 1000.0 * static_cast<double>(m_points.back().bytes - m_points.front().bytes) / static_cast<double>(elapsedMs);
    }

  private:
    struct Point {
        std::int64_t timeMs;
        std::uint64_t bytes;
    };
    std::deque<Point> m_points;
};

}  // namespace meerkat::app
