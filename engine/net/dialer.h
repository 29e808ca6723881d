// Station: host and port -> a connected socket. From server (mg_connect), through os/resolver and os/socket, back to the one who dialled.
// RFC 8305: the addresses of both families take turns, beginning with the family that the system puts first (RFC 6724; IPv6 where there is a way);
// a new one is tried every 250 ms or as soon as one fails; the first that connects wins, and the others are closed.
// Thread: engine. One for a server.
#pragma once

#include "net/event_loop.h"
#include "net/timer_list.h"
#include "os/resolver.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace meerkat::net {

// How a dial ended. The error is an errno, on Windows too:
//   ENOENT         there is no such name, or it has no address
//   EAGAIN         no name server answered; or too many names wait to be looked up
//   ECONNREFUSED   nobody listens there
//   ETIMEDOUT      nobody answered within the time limit: the host is down, or the name server is
//   EHOSTUNREACH, ENETUNREACH   there is no way there
//   EINVAL         port 0
//   EMFILE, ENOMEM …   this system has no room for one more
// Of several addresses that failed differently, the one counts that came furthest: refused before unreachable.
struct DialOutcome {
    int error = 0;
    os::SocketHandle socket = os::kNoSocket;  // connected and, from now on, the owner's; set when error is 0
    os::Endpoint peer;
};

class DialOwner {
  public:
    virtual ~DialOwner() = default;
    // Once for each dial that was not cancelled; from the loop's pass or from advance, never from within dial. May dial and cancel.
    virtual void onDialled(std::uint64_t id, const DialOutcome &outcome) = 0;
};

class Dialer final {
  public:
    static constexpr std::int64_t kAttemptDelayMs = 250;  // RFC 8305 section 5
    static constexpr std::int64_t kTimeLimitMs = 30'000;  // from dial to the end, look-up and every address together

    // The clock is asked for itself: a program dials long after the loop's latest pass, too.
    Dialer(EventLoop &loop, const Clock &clock, os::LookUp lookUp = os::lookUpName);
    // Cancels all.
    ~Dialer();

    // `host`: a name or an address; an IPv6 one may stand in brackets, with its zone behind '%'. Whatever is wrong is told through the
    // owner, which outlives the dial. Returns what the dial is known by, never 0.
    std::uint64_t dial(std::string_view host, std::uint16_t port, DialOwner &owner);
    // Nothing is told any more. An id that is not under way is allowed.
    void cancel(std::uint64_t id);

    // What time brings: the next attempts, limits. To be called after each pass of the loop.
    void advance();
    // Milliseconds until advance has something to do, 0 if it has; -1 if nothing is under way. The loop's wait may not be longer.
    std::int64_t untilDueMs() const;

    void setTimeLimitMs(std::int64_t ms) { m_limits.setLimitMs(ms); }
    std::size_t underway() const { return m_dials.size(); }

  private:
    class Attempt;
    class Answers;
    struct Dial;
    struct DialTimer;

    std::int64_t nowMs() const { return m_clock.monotonicUs() / 1000; }
    void begin(Dial &dial, std::string_view host);
    void askForName(Dial &dial, std::string_view host);
    int openResolver();
    void onAnswers();
    void onAnswer(const os::Resolver::Answer &answer);
    void race(Dial &dial, const std::vector<os::Endpoint> &addresses);
    void tryNext(Dial &dial);
    bool tryAddress(Dial &dial, const os::Endpoint &address);
    void examine(Attempt &attempt);
    void examineAll(Dial &dial);
    void onDelayOver(Dial &dial);
    void drop(Dial &dial, Attempt &attempt);
    void fail(Dial &dial, int error);
    void finish(Dial &dial, const DialOutcome &outcome);
    void tellFailed();
    Dial *find(std::uint64_t id) const;

    EventLoop &m_loop;
    const Clock &m_clock;
    os::LookUp m_lookUp;
    TimerList m_limits{kTimeLimitMs};
    TimerList m_delays{kAttemptDelayMs};  // until the next address is tried
    TimerList m_failed{0};                // from within dial: to be told at the next advance
    std::unordered_map<std::uint64_t, std::unique_ptr<Dial>> m_dials;
    std::unordered_map<std::uint64_t, std::uint64_t> m_questions;  // the resolver's id -> the dial's
    std::unique_ptr<os::Resolver> m_resolver;                      // made for the first name
    std::unique_ptr<Answers> m_answers;
    std::uint64_t m_latestId = 0;
    bool m_isInDial = false;
};

// The addresses in the order in which they are tried (RFC 8305 section 4): families take turns, each in its given order; at most `limit`.
std::vector<os::Endpoint> interleaved(const std::vector<os::Endpoint> &addresses, std::size_t limit);

}  // namespace meerkat::net
