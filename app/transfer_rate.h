// Station: how fast bytes go out. From snapshots, to the window. Header only, no Qt.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

namespace meerkat::app {

// The mean over about the last second; of a transfer under way over up to five, because slow clients take their bytes in
// lumps, and over as much longer as it took kLeastBytes to go. 0 a second after the last byte of all.
class TransferRate {
  public:
    static constexpr std::int64_t kLeastMs = 1000;
    static constexpr std::int64_t kUsualMs = 5000;
    static constexpr std::int64_t kMostMs = 60000;
    static constexpr std::uint64_t kLeastBytes = 64 * 1024;

    // Times never go back, nor does the total. `isFlowing`: there is more to come of what somebody asked for.
    void add(std::int64_t timeMs, std::uint64_t totalBytes, bool isFlowing) {
        m_points.push_back({timeMs, totalBytes, isFlowing});
        while (m_points.size() > 2 && timeMs - m_points[1].timeMs >= kMostMs) m_points.pop_front();
    }

    void clear() { m_points.clear(); }

    double bytesPerSecond() const {
        if (m_points.size() < 2) return 0;
        const Point &first = m_points[start()];
        const auto elapsedMs = m_points.back().timeMs - first.timeMs;
        if (elapsedMs <= 0) return 0;
        return 1000.0 * static_cast<double>(m_points.back().bytes - first.bytes) / static_cast<double>(elapsedMs);
    }

  private:
    struct Point {
        std::int64_t timeMs;
        std::uint64_t bytes;
        bool isFlowing;
    };

    // Never before the transfer began: a rate that had to climb for five seconds would tell less than the truth.
    std::size_t start() const {
        const Point &latest = m_points.back();
        std::size_t first = m_points.size() - 1;
        const auto ageOf = [&](std::size_t point) { return latest.timeMs - m_points[point].timeMs; };
        while (first > 0 && ageOf(first) < kLeastMs) --first;
        if (!latest.isFlowing) return first;
        const auto mayGoBack = [&] { return first > 0 && m_points[first].isFlowing; };
        while (mayGoBack() && (ageOf(first) < kUsualMs || latest.bytes - m_points[first].bytes < kLeastBytes)) --first;
        return first;
    }

    std::deque<Point> m_points;
};

}  // namespace meerkat::app
