// Station: everywhere time is asked for. Tests move a clock by hand.
#pragma once

#include <cstdint>

namespace meerkat {

class Clock {
  public:
    virtual ~Clock() = default;
    virtual std::int64_t monotonicUs() const = 0;  // from an arbitrary start, never goes back
    virtual std::int64_t wallSeconds() const = 0;  // since 1970-01-01 UTC
};

// The machine's clock.
class SystemClock final : public Clock {
  public:
    std::int64_t monotonicUs() const override;
    std::int64_t wallSeconds() const override;
};

}  // namespace meerkat
