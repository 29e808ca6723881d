// Station: the tests. Folders that are alike, and old enough for the engine to keep answers to their files ready: a file that changed within the last seconds may
// change unnoticed. One wait for all tests of a program.
#pragma once

#include "support/temporary_site.h"
#include "support/test_server.h"

#include <functional>
#include <memory>
#include <vector>

namespace meerkat::test {

// Until what was written before is old enough.
inline void letSettle() {
    TestServer clock;
    const qint64 start = QDateTime::currentSecsSinceEpoch();
    clock.pollUntil([&] { return QDateTime::currentSecsSinceEpoch() >= start + 3; });
}

class SettledSites {
  public:
    SettledSites(int count, const std::function<void(const TemporarySite &)> &fill) {
        for (int i = 0; i < count; ++i) {
            m_sites.push_back(std::make_unique<TemporarySite>());
            fill(*m_sites.back());
        }
        letSettle();
    }
    // Another one each time; null when all are taken.
    std::unique_ptr<TemporarySite> take() {
        if (m_sites.empty()) return nullptr;
        auto site = std::move(m_sites.back());
        m_sites.pop_back();
        return site;
    }

  private:
    std::vector<std::unique_ptr<TemporarySite>> m_sites;
};

}  // namespace meerkat::test
