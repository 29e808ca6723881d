// Station: who counts as one. From an address, to whatever counts by address. All addresses of an IPv6 /64 are one, since one household or one attacker has it
// whole; an IPv4 address is one by itself.
#pragma once

#include "os/socket.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace meerkat::access {

using Household = std::array<std::uint8_t, 16>;

inline Household householdOf(const os::Endpoint &peer) {
    constexpr std::ptrdiff_t kNetworkBytes = 8;
    Household household = peer.ip;
    if (!peer.isIpv4()) std::fill(household.begin() + kNetworkBytes, household.end(), std::uint8_t{0});
    return household;
}

}  // namespace meerkat::access
