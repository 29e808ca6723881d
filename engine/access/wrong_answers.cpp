#include "access/wrong_answers.h"

#include <algorithm>

namespace meerkat::access {

namespace {

constexpr std::int64_t kEachUs = WrongAnswers::kMinuteUs / WrongAnswers::kMost;

}  // namespace

void WrongAnswers::add(const os::Endpoint &peer) {
    const Household household = householdOf(peer);
    if (m_workedOffUs.count(household) == 0) makeRoom();
    std::int64_t &workedOffUs = m_workedOffUs[household];
    workedOffUs = std::max(workedOffUs, m_clock.monotonicUs()) + kEachUs;
}

void WrongAnswers::takeBack(const os::Endpoint &peer, int count) {
    const auto found = m_workedOffUs.find(householdOf(peer));
    if (found != m_workedOffUs.end()) found->second -= count * kEachUs;
}

int WrongAnswers::waitSeconds(const os::Endpoint &peer) const {
    const auto found = m_workedOffUs.find(householdOf(peer));
    if (found == m_workedOffUs.end()) return 0;
    const std::int64_t waitUs = found->second + kEachUs - kMinuteUs - m_clock.monotonicUs();
    return waitUs <= 0 ? 0 : static_cast<int>((waitUs + 999'999) / 1'000'000);
}

// First who has worked everything off; if all of them still have to, whoever has the least.
void WrongAnswers::makeRoom() {
    if (m_workedOffUs.size() < kMostAddresses) return;
    std::erase_if(m_workedOffUs, [&](const auto &one) { return one.second <= m_clock.monotonicUs(); });
    if (m_workedOffUs.size() < kMostAddresses) return;
    m_workedOffUs.erase(std::min_element(m_workedOffUs.begin(), m_workedOffUs.end(),
                                         [](const auto &a, const auto &b) { return a.second < b.second; }));
}

}  // namespace meerkat::access
