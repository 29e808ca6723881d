#include "access/request_rates.h"

#include <vector>

namespace meerkat::access {

namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;

}  // namespace

void RequestRates::setRate(std::uint64_t perSecond) {
    m_eachNs = perSecond == 0 ? 0 : kSecondNs / static_cast<std::int64_t>(std::min(perSecond, kMostPerSecond));
    if (perSecond == 0) m_workedOffNs.clear();
}

int RequestRates::secondsToWait(const os::Endpoint &peer, std::int64_t nowUs) {
    if (!isLimiting()) return 0;
    const std::int64_t nowNs = nowUs * 1000;
    const Household household = householdOf(peer);
    auto found = m_workedOffNs.find(household);
    const std::int64_t before = found == m_workedOffNs.end() ? nowNs : std::max(found->second, nowNs);
    const std::int64_t after = before + m_eachNs;
    if (const std::int64_t waitNs = after - kSecondNs - nowNs; waitNs > 0)
        return static_cast<int>((waitNs + kSecondNs - 1) / kSecondNs);
    if (found != m_workedOffNs.end()) return found->second = after, 0;
    if (m_workedOffNs.size() >= kMostAddresses) makeRoom();
    m_workedOffNs.emplace(household, after);
    return 0;
}

// Those who have the least to work off go: first all who have nothing. Whoever asks much stays, however many others come; and an
// attacker with many addresses pushes out his own. A quarter at once, so that each newcomer costs a few steps and no search.
void RequestRates::makeRoom() {
    std::vector<std::int64_t> times;
    times.reserve(m_workedOffNs.size());
    for (const auto &one : m_workedOffNs) times.push_back(one.second);
    const auto limit = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 4);
    std::nth_element(times.begin(), limit, times.end());
    std::size_t left = times.size() / 4 + 1;
    std::erase_if(m_workedOffNs, [&](const auto &one) { return one.second <= *limit && left > 0 && left-- > 0; });
}

}  // namespace meerkat::access
