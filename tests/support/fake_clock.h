// Station: the tests. A clock that stands still until a test moves it.
#pragma once

#include "base/clock.h"

namespace meerkat::test {

class FakeClock final : public Clock {
  public:
    std::int64_t monotonicUs() const override { return m_monotonicUs; }
    std::int64_t wallSeconds() const override { return m_wallSeconds + m_monotonicUs / 1'000'000; }

    void advanceMs(std::int64_t ms) { m_monotonicUs += ms * 1000; }
    void setWallSeconds(std::int64_t seconds) { m_wallSeconds = seconds - m_monotonicUs / 1'000'000; }

  private:
    std::int64_t m_monotonicUs = 0;
    std::int64_t m_wallSeconds = 784111777;  // Sun, 06 Nov 1994 08:49:37 GMT
};

}  // namespace meerkat::test
