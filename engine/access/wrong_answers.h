// Station: how often an address guessed wrong. From authenticator: who guesses much is asked to wait before a guess is looked at.
#pragma once

#include "access/household.h"
#include "base/clock.h"

#include <cstdint>
#include <map>

namespace meerkat::access {

// Each wrong answer counts for six seconds, the next begins where the last ends; with ten at once an address has used its minute up, and may try again
// each time one of them is worked off.
class WrongAnswers {
  public:
    static constexpr int kMost = 10;
    static constexpr std::int64_t kMinuteUs = 60'000'000;
    static constexpr std::size_t kMostAddresses = 4096;

    explicit WrongAnswers(const Clock &clock) : m_clock(clock) {}

    void add(const os::Endpoint &peer);
    // So many of them were none: a later list had the user.
    void takeBack(const os::Endpoint &peer, int count);
    // Until the next may be tried; 0: at once.
    int waitSeconds(const os::Endpoint &peer) const;
    std::size_t kept() const { return m_workedOffUs.size(); }

  private:
    void makeRoom();

    const Clock &m_clock;
    std::map<Household, std::int64_t> m_workedOffUs;  // when the last of them is
};

}  // namespace meerkat::access
