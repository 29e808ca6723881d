#include "scripts/program_pool.h"

#include "scripts/program_run.h"

#include <algorithm>

namespace meerkat::scripts {

// A process that is only waited for.
class ProgramPool::Ending final : public net::Pollable, public net::TimerNode {
  public:
    Ending(ProgramPool &owner, std::unique_ptr<os::Process> what) : pool(&owner), process(std::move(what)) {}
    void onReady(std::uint8_t) override {
        if (pool && process->hasEnded()) pool->bury(*this);
    }

    ProgramPool *pool;  // null once it is over
    std::unique_ptr<os::Process> process;
    bool isWatched = false;
};

ProgramPool::ProgramPool(net::EventLoop &loop) : m_loop(loop) {}

ProgramPool::~ProgramPool() {
    for (const auto &ending : m_endings) {
        if (ending->isWatched) m_loop.forget(ending->process->endHandle());
        ending->process->kill();
    }
}

void ProgramPool::setLimits(std::size_t mostAtOnce, std::int64_t timeoutMs) {
    m_mostAtOnce = mostAtOnce;
    for (auto *list : {&m_waiting, &m_silent, &m_runningOn}) list->setLimitMs(timeoutMs);
}

// ---- what time brings ----

void ProgramPool::advance() {
    const std::int64_t now = m_loop.nowMs();
    if (m_unwatched > 0) lookAtUnwatched();
    startNext();
    while (net::TimerNode *due = m_waiting.takeDue(now)) static_cast<ProgramRun *>(due)->fail(ProgramFailure::WaitedTooLong, 0);
    while (net::TimerNode *due = m_silent.takeDue(now)) static_cast<ProgramRun *>(due)->fail(ProgramFailure::Silent, 0);
    while (net::TimerNode *due = m_runningOn.takeDue(now)) askToEnd(*static_cast<Ending *>(due));
    while (net::TimerNode *due = m_asked.takeDue(now)) static_cast<Ending *>(due)->process->kill();
}

void ProgramPool::startNext() {
    while (m_running < m_mostAtOnce && m_waiting.first()) {
        auto &next = static_cast<ProgramRun &>(*m_waiting.first());
        next.unlink();
        next.start();
    }
}

std::int64_t ProgramPool::untilDueMs() const {
    if (m_running < m_mostAtOnce && m_waiting.first()) return 0;
    const std::int64_t now = m_loop.nowMs();
    std::int64_t least = m_unwatched > 0 ? kLookMs : -1;
    for (const auto *list : {&m_waiting, &m_silent, &m_runningOn, &m_asked}) {
        const std::int64_t due = list->untilDueMs(now);
        if (due >= 0 && (least < 0 || due < least)) least = due;
    }
    return least;
}

// ---- endings ----

// One that is over may have left others behind that hold its output: asked first, they end with it.
void ProgramPool::retire(std::unique_ptr<os::Process> process, bool isCut) {
    if (isCut) process->askToEnd();
    if (process->hasEnded()) {
        --m_running;
        return;
    }
    m_endings.push_back(std::make_unique<Ending>(*this, std::move(process)));
    Ending &ending = *m_endings.back();
    const os::SocketHandle handle = ending.process->endHandle();
    ending.isWatched = handle != os::kNoSocket && m_loop.watch(handle, os::kReadable, ending);
    if (!ending.isWatched) ++m_unwatched;
    (isCut ? m_asked : m_runningOn).touch(ending, m_loop.nowMs());
}

void ProgramPool::askToEnd(Ending &ending) {
    ending.process->askToEnd();
    m_asked.touch(ending, m_loop.nowMs());
}

// It may have been told of in this pass: it stays until that is over.
void ProgramPool::bury(Ending &ending) {
    if (ending.isWatched)
        m_loop.forget(ending.process->endHandle());
    else
        --m_unwatched;
    ending.pool = nullptr;
    ending.unlink();
    ending.process.reset();
    --m_running;
    const auto isIt = [&](const auto &candidate) { return candidate.get() == &ending; };
    const auto place = std::find_if(m_endings.begin(), m_endings.end(), isIt);
    m_loop.dispose(std::move(*place));
    m_endings.erase(place);
}

void ProgramPool::lookAtUnwatched() {
    std::vector<Ending *> over;
    for (const auto &ending : m_endings)
        if (!ending->isWatched && ending->process->hasEnded()) over.push_back(ending.get());
    for (Ending *ending : over) bury(*ending);
}

}  // namespace meerkat::scripts
