// Station: how often an address asks. From server before a request is looked at, to 429 where it is too often.
#pragma once

#include "access/household.h"

#include <cstddef>
#include <cstdint>
#include <map>

namespace meerkat::access {

// So many requests a second; who was quiet for a second may send as many at once. A request that is refused costs its sender nothing, so that
// whoever goes on asking is let through as often as anybody else. At most kMostAddresses are remembered.
class RequestRates {
  public:
    static constexpr std::size_t kMostAddresses = 16384;
    static constexpr std::uint64_t kMostPerSecond = 1'000'000;

    // At most kMostPerSecond; 0: no limit, and everything is forgotten.
    void setRate(std::uint64_t perSecond);
    bool isLimiting() const { return m_eachNs != 0; }

    // Takes a request: 0. Or does not: the whole seconds, one or more, after which the next is taken.
    int secondsToWait(const os::Endpoint &peer, std::int64_t nowUs);
    std::size_t kept() const { return m_workedOffNs.size(); }

  private:
    void makeRoom();

    std::int64_t m_eachNs = 0;  // what a request takes of a second
    std::map<Household, std::int64_t>
        m_workedOffNs;  // when all that were taken are; who has worked off everything is as good as forgotten
};

}  // namespace meerkat::access
