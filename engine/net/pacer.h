// Station: how fast bytes may go out. Between the connections of a loop and its clock: who may send asks, who has to wait is told.
// Thread: engine. Two limits, each a bucket that fills with time: one of every connection, and one that all of them share.
//
// Whoever finds his own bucket empty waits until there is something worth sending in it. Whoever finds the common one empty stands in a queue, and
// each turn of it gives everyone who stands there the same share; what somebody does not use of his goes to the others. Who is idle, or
// does not read, holds nothing.
#pragma once

#include "net/timer_list.h"

#include <cstddef>
#include <cstdint>

namespace meerkat::net {

class Pacer;

// The place of one connection.
class Pace : private TimerNode {
  public:
    explicit Pace(Pacer &pacer) : m_pacer(pacer) {}
    // Waits no more. The pacer outlives it.
    virtual ~Pace();
    Pace(const Pace &) = delete;
    Pace &operator=(const Pace &) = delete;

    bool isWaiting() const { return m_place != Place::Nowhere; }

  private:
    friend class Pacer;
    enum class Place : std::uint8_t { Nowhere, OwnWait, Queue };

    // It was asked to wait, and may ask again. May destroy the place.
    virtual void onTurn() = 0;

    Pacer &m_pacer;
    std::uint64_t m_tokens = 0;    // millionths of a byte
    std::int64_t m_filledUs = -1;  // below 0: never
    Place m_place = Place::Nowhere;
};

class Pacer {
  public:
    Pacer() = default;
    Pacer(const Pacer &) = delete;
    Pacer &operator=(const Pacer &) = delete;

    static constexpr std::uint64_t kMostBytesPerSecond = 1'000'000'000'000;

    // Bytes a second, at most kMostBytesPerSecond; 0: no limit. Holds at once, for who waits too.
    void setRates(std::uint64_t each, std::uint64_t all);
    bool isLimiting() const { return m_each.perSecond != 0 || m_all.perSecond != 0; }

    // How many of `wanted` bytes (more than none) may be sent now. 0: none, and onTurn is called when there may be.
    std::uint64_t allowance(Pace &pace, std::uint64_t wanted, std::int64_t nowUs);
    // So many were sent, of what was allowed in the same pass.
    void charge(Pace &pace, std::uint64_t bytes);

    bool isAnybodyWaiting() const { return m_waitingForOwn + m_waitingInQueue > 0; }
    // Calls who has waited long enough.
    void advance(std::int64_t nowUs);
    // Milliseconds until somebody has; -1 if nobody waits.
    std::int64_t untilDueMs(std::int64_t nowUs) const;

  private:
    friend class Pace;

    // What follows from a rate.
    struct Limit {
        std::uint64_t perSecond = 0;
        std::uint64_t quantum = 0;  // bytes that are worth a turn
        std::uint64_t depth = 0;    // the most that is saved up, in millionths of a byte
    };
    static Limit limitOf(std::uint64_t perSecond);
    static std::uint64_t filled(const Limit &limit, std::uint64_t tokens, std::int64_t filledUs, std::int64_t nowUs);
    static void fill(const Limit &limit, std::uint64_t &tokens, std::int64_t &filledUs, std::int64_t nowUs);
    void wait(Pace &pace, Pace::Place place, std::int64_t nowUs);
    void leave(Pace &pace);
    void callOwnWaiters(std::int64_t nowUs);
    void callQueue(std::int64_t nowUs);

    Limit m_each;
    Limit m_all;
    std::uint64_t m_tokens = 0;  // of all
    std::int64_t m_filledUs = -1;
    TimerList m_ownWaits{0};  // all wait for the same time: as long as it takes to fill a quantum
    TimerList m_queue{0};
    std::size_t m_waitingForOwn = 0;
    std::size_t m_waitingInQueue = 0;
    Pace *m_turn = nullptr;     // whose turn of the queue it is
    std::uint64_t m_share = 0;  // what is left of it
    bool m_hasChanged = false;  // everybody who waits is to ask again
};

}  // namespace meerkat::net
