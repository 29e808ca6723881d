// Station: programs that run for requests, all of them: so many at once, the others in the order in which they came; how long one may be silent;
// and how one ends that is no longer wanted. From program_run, to os/process.
// Thread: engine. Nothing is started or told but in advance, so that nobody is called from within a call of his own.
#pragma once

#include "net/event_loop.h"
#include "net/timer_list.h"
#include "os/process.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace meerkat::scripts {

class ProgramRun;

class ProgramPool {
  public:
    explicit ProgramPool(net::EventLoop &loop);
    ProgramPool(const ProgramPool &) = delete;
    ProgramPool &operator=(const ProgramPool &) = delete;
    // What still runs is ended at once.
    ~ProgramPool();

    // `timeoutMs`: how long one may wait for its turn, be silent, or run on when its answer is whole.
    void setLimits(std::size_t mostAtOnce, std::int64_t timeoutMs);
    std::int64_t timeoutMs() const { return m_silent.limitMs(); }

    // To be called once a pass.
    void advance();
    // Milliseconds until advance has something to do; -1 if nothing waits for time.
    std::int64_t untilDueMs() const;

    // Started and not yet gone.
    std::size_t running() const { return m_running; }
    net::EventLoop &loop() const { return m_loop; }

  private:
    friend class ProgramRun;
    class Ending;

    void startNext();
    void retire(std::unique_ptr<os::Process> process, bool isCut);
    void askToEnd(Ending &ending);
    void bury(Ending &ending);
    void lookAtUnwatched();

    net::EventLoop &m_loop;
    net::TimerList m_waiting{60000};    // for their turn
    net::TimerList m_silent{60000};     // running, nothing heard of them
    net::TimerList m_runningOn{60000};  // with nobody who listens any more
    net::TimerList m_asked{kGraceMs};   // to end
    std::vector<std::unique_ptr<Ending>> m_endings;
    std::size_t m_unwatched = 0;  // of them, those whose end no poller tells
    std::size_t m_mostAtOnce = 16;
    std::size_t m_running = 0;

    // Between the request to end and the end.
    static constexpr std::int64_t kGraceMs = 2000;
    static constexpr std::int64_t kLookMs = 20;
};

}  // namespace meerkat::scripts
