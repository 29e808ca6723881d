#include "net/pacer.h"

#include <algorithm>

namespace meerkat::net {

namespace {

constexpr std::uint64_t kMillion = 1'000'000;
// What a full segment carries on most networks: smaller pieces cost more than they are worth, where the rate is not very small.
constexpr std::uint64_t kSegmentBytes = 1448;
// A quantum is what comes in a hundredth of a second; where that is less than a segment, at most in a twentieth.
constexpr std::uint64_t kTurnsPerSecond = 100;
constexpr std::uint64_t kFewestTurnsPerSecond = 20;
// A loop that comes late by so much still makes up for it. Whoever was idle may send so much at once.
constexpr std::int64_t kSavedUs = 100'000;

std::uint64_t ceilDivided(std::uint64_t number, std::uint64_t by) { return (number + by - 1) / by; }

}  // namespace

Pace::~Pace() {
    m_pacer.leave(*this);
    if (m_pacer.m_turn == this) m_pacer.m_turn = nullptr;
}

Pacer::Limit Pacer::limitOf(std::uint64_t perSecond) {
    Limit limit;
    limit.perSecond = std::min(perSecond, kMostBytesPerSecond);
    const std::uint64_t segment = std::min(kSegmentBytes, limit.perSecond / kFewestTurnsPerSecond);
    limit.quantum = std::max<std::uint64_t>({1, limit.perSecond / kTurnsPerSecond, segment});
    limit.depth = std::max(limit.perSecond * static_cast<std::uint64_t>(kSavedUs), limit.quantum * kMillion);
    return limit;
}

void Pacer::setRates(std::uint64_t each, std::uint64_t all) {
    if (each == m_each.perSecond && all == m_all.perSecond) return;
    m_each = limitOf(each);
    m_all = limitOf(all);
    m_tokens = std::min(m_tokens, m_all.depth);
    const std::uint64_t waitMs = each == 0 ? 0 : ceilDivided(m_each.quantum * 1000, m_each.perSecond);
    m_ownWaits.setLimitMs(static_cast<std::int64_t>(waitMs));
    m_hasChanged = isAnybodyWaiting();
}

std::uint64_t Pacer::filled(const Limit &limit, std::uint64_t tokens, std::int64_t filledUs, std::int64_t nowUs) {
    // Not more than a quantum to begin with: a client gains nothing by coming anew for each file.
    if (filledUs < 0) return limit.quantum * kMillion;
    const std::int64_t elapsedUs = std::clamp<std::int64_t>(nowUs - filledUs, 0, kMillion);
    return std::min(limit.depth, tokens + limit.perSecond * static_cast<std::uint64_t>(elapsedUs));
}

void Pacer::fill(const Limit &limit, std::uint64_t &tokens, std::int64_t &filledUs, std::int64_t nowUs) {
    tokens = filled(limit, tokens, filledUs, nowUs);
    filledUs = nowUs;
}

std::uint64_t Pacer::allowance(Pace &pace, std::uint64_t wanted, std::int64_t nowUs) {
    if (pace.isWaiting()) return 0;
    std::uint64_t allowed = wanted;
    if (m_each.perSecond != 0) {
        fill(m_each, pace.m_tokens, pace.m_filledUs, nowUs);
        const std::uint64_t own = pace.m_tokens / kMillion;
        if (own < std::min(wanted, m_each.quantum)) return wait(pace, Pace::Place::OwnWait, nowUs), 0;
        allowed = std::min(allowed, own);
    }
    if (m_all.perSecond == 0) return allowed;
    if (m_turn == &pace) {
        if (m_share == 0) return wait(pace, Pace::Place::Queue, nowUs), 0;
        return std::min(allowed, m_share);
    }
    fill(m_all, m_tokens, m_filledUs, nowUs);
    const std::uint64_t common = m_tokens / kMillion;
    const bool isEnough = common >= std::min(wanted, m_all.quantum);
    if (m_waitingInQueue > 0 || !isEnough) return wait(pace, Pace::Place::Queue, nowUs), 0;
    return std::min(allowed, common);
}

void Pacer::charge(Pace &pace, std::uint64_t bytes) {
    pace.m_tokens -= std::min(pace.m_tokens, bytes * kMillion);
    m_tokens -= std::min(m_tokens, bytes * kMillion);
    if (m_turn == &pace) m_share -= std::min(m_share, bytes);
}

// ---- waiting ----

void Pacer::wait(Pace &pace, Pace::Place place, std::int64_t nowUs) {
    pace.m_place = place;
    const bool isForOwn = place == Pace::Place::OwnWait;
    ++(isForOwn ? m_waitingForOwn : m_waitingInQueue);
    (isForOwn ? m_ownWaits : m_queue).touch(pace, nowUs / 1000);
}

void Pacer::leave(Pace &pace) {
    if (pace.m_place == Pace::Place::OwnWait) --m_waitingForOwn;
    if (pace.m_place == Pace::Place::Queue) --m_waitingInQueue;
    pace.m_place = Pace::Place::Nowhere;
    pace.unlink();
}

void Pacer::advance(std::int64_t nowUs) {
    callOwnWaiters(nowUs);
    callQueue(nowUs);
    m_hasChanged = false;
}

// Who has to wait again stands behind those who were there.
void Pacer::callOwnWaiters(std::int64_t nowUs) {
    for (std::size_t left = m_waitingForOwn; left > 0; --left) {
        TimerNode *node = m_hasChanged ? m_ownWaits.first() : m_ownWaits.takeDue(nowUs / 1000);
        if (!node) return;
        auto &pace = static_cast<Pace &>(*node);
        leave(pace);
        pace.onTurn();
    }
}

// Everybody once: what is left over is for the next time.
void Pacer::callQueue(std::int64_t nowUs) {
    const bool isLimited = m_all.perSecond != 0;
    if (m_waitingInQueue > 0 && isLimited) fill(m_all, m_tokens, m_filledUs, nowUs);
    const std::uint64_t least = std::min(kSegmentBytes, m_all.quantum);
    std::uint64_t wanted = m_all.quantum;
    for (std::size_t left = m_waitingInQueue; left > 0 && m_waitingInQueue > 0; --left) {
        const std::uint64_t common = m_tokens / kMillion;
        if (isLimited && common < wanted) break;
        // A turn that has begun goes on while it has as much as one of them is worth.
        wanted = least;
        auto &pace = static_cast<Pace &>(*m_queue.first());
        m_share = std::max(common / left, least);
        leave(pace);
        m_turn = &pace;
        pace.onTurn();
        m_turn = nullptr;
    }
}

std::int64_t Pacer::untilDueMs(std::int64_t nowUs) const {
    if (!isAnybodyWaiting()) return -1;
    if (m_hasChanged || (m_waitingInQueue > 0 && m_all.perSecond == 0)) return 0;
    std::int64_t due = m_ownWaits.untilDueMs(nowUs / 1000);
    if (m_waitingInQueue == 0) return due;
    const std::uint64_t worth = m_all.quantum * kMillion;
    const std::uint64_t common = filled(m_all, m_tokens, m_filledUs, nowUs);
    const std::uint64_t missing = worth > common ? worth - common : 0;
    const auto waitMs = static_cast<std::int64_t>(ceilDivided(missing, m_all.perSecond * 1000));
    return due < 0 ? waitMs : std::min(due, waitMs);
}

}  // namespace meerkat::net
