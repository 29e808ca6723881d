#include "scripts/program_run.h"

#include <utility>

namespace meerkat::scripts {

namespace {

// What is written to one program in one pass at the most, in pieces as large as its pipe.
constexpr std::size_t kPiece = 64 * 1024;
constexpr int kPiecesAtOnce = 8;

}  // namespace

// One of the two pipes. Once let go it waits for the end of the pass, where it may still be called.
class ProgramRun::End final : public net::Pollable {
  public:
    using Step = void (ProgramRun::*)(std::uint8_t events);
    End(ProgramRun &owner, Step onReady) : run(&owner), m_step(onReady) {}
    void onReady(std::uint8_t events) override {
        if (run) (run->*m_step)(events);
    }

    ProgramRun *run;

  private:
    Step m_step;
};

// ---- beginning ----

ProgramRun::ProgramRun(ProgramPool &pool, ProgramOwner &owner) : m_pool(pool), m_owner(owner) {}

ProgramRun::~ProgramRun() { release(true); }

void ProgramRun::queueUp(os::ProcessPlan plan) {
    m_plan = std::move(plan);
    m_state = State::Waiting;
    m_pool.m_waiting.touch(*this, m_pool.loop().nowMs());
}

void ProgramRun::start() {
    auto started = os::Process::start(m_plan);
    m_plan = {};
    if (!started) return fail(ProgramFailure::NotStarted, started.failure().code);
    m_process = std::move(*started);
    ++m_pool.m_running;
    m_state = State::Running;
    m_outputEnd = std::make_unique<End>(*this, &ProgramRun::onOutputReady);
    if (!m_pool.loop().watch(m_process->output(), os::kReadable, *m_outputEnd)) return fail(ProgramFailure::NotStarted, 0);
    if (m_process->input() != os::kNoSocket) {
        m_inputEnd = std::make_unique<End>(*this, &ProgramRun::onInputReady);
        if (!m_pool.loop().watch(m_process->input(), os::kNothing, *m_inputEnd)) return fail(ProgramFailure::NotStarted, 0);
        pumpInput();
        // Whoever waited for room has some.
        if (inputWaiting() == 0 && m_state == State::Running) m_owner.onInputTaken();
    }
    touch();
}

void ProgramRun::touch() {
    if (m_isLimitedInAll && isLinked()) return;
    if (m_state == State::Running && !m_isPaused && !m_hasOutputEnded) m_pool.m_silent.touch(*this, m_pool.loop().nowMs());
}

void ProgramRun::fail(ProgramFailure why, int code) {
    release(true);
    m_owner.onFailed(why, code);
}

// ---- input ----

void ProgramRun::giveBorrowed(std::string_view bytes) { m_borrowed = bytes; }

void ProgramRun::give(std::string_view bytes) {
    if (m_isInputBroken || m_state == State::Over) return;
    // What was taken is dropped once it is the larger part.
    if (m_inputSent > m_input.size() / 2) m_input.erase(0, std::exchange(m_inputSent, 0));
    m_input.append(bytes);
    if (m_state == State::Running) pumpInput();
}

void ProgramRun::endInput() {
    m_isInputWhole = true;
    if (m_state == State::Running) pumpInput();
}

// Where nothing waits to be written it is told of because it broke, which is told as both, or because there was room before something else of this
// pass filled it.
void ProgramRun::onInputReady(std::uint8_t events) {
    if (inputWaiting() == 0) return events & os::kReadable ? dropInput() : void();
    pumpInput();
    if (inputWaiting() == 0 && m_state == State::Running) m_owner.onInputTaken();
}

void ProgramRun::pumpInput() {
    if (m_process->input() == os::kNoSocket) return dropInput();
    for (int pieces = 0; inputWaiting() > 0; ++pieces) {
        const bool isBorrowed = !m_borrowed.empty();
        const std::string_view rest = isBorrowed ? m_borrowed : std::string_view(m_input).substr(m_inputSent);
        const auto outcome =
            pieces < kPiecesAtOnce ? m_process->write(rest.substr(0, kPiece)) : os::IoOutcome{os::IoState::WouldBlock};
        if (outcome.state == os::IoState::WouldBlock) {
            m_pool.loop().change(m_process->input(), os::kWritable, *m_inputEnd);
            return;
        }
        if (outcome.state != os::IoState::Done) return dropInput();
        touch();
        if (isBorrowed)
            m_borrowed.remove_prefix(outcome.bytes);
        else
            m_inputSent += outcome.bytes;
    }
    m_input.clear();
    m_inputSent = 0;
    if (m_isInputWhole) return closeInput();
    m_pool.loop().change(m_process->input(), os::kNothing, *m_inputEnd);
}

// A program that reads no more has its reasons.
void ProgramRun::dropInput() {
    m_isInputBroken = true;
    m_borrowed = {};
    m_input = std::string();
    m_inputSent = 0;
    closeInput();
    if (m_state == State::Running) m_owner.onInputTaken();
}

void ProgramRun::closeInput() {
    letGo(m_inputEnd, m_process->input());
    m_process->closeInput();
}

// ---- output ----

void ProgramRun::onOutputReady(std::uint8_t) {
    if (m_isPaused) return keepAside();
    const auto scratch = m_pool.loop().scratch();
    const auto outcome = m_process->read(scratch);
    if (outcome.state == os::IoState::WouldBlock) return;
    if (outcome.state != os::IoState::Done) {
        endOutput();
        return m_owner.onOutputEnd();
    }
    touch();
    m_owner.onOutput({scratch.data(), outcome.bytes});
}

// It has closed its end, of which a poller would tell without end: what lies in the pipe, which is not much, is taken out of it.
void ProgramRun::keepAside() {
    const auto scratch = m_pool.loop().scratch();
    const auto outcome = m_process->read(scratch);
    if (outcome.state == os::IoState::WouldBlock) return;
    if (outcome.state == os::IoState::Done)
        m_heldOutput.append(scratch.data(), outcome.bytes);
    else
        endOutput();
}

void ProgramRun::endOutput() {
    m_hasOutputEnded = true;
    unlink();
    letGo(m_outputEnd, m_process->output());
    m_process->closeOutput();
}

void ProgramRun::pause() {
    if (m_isPaused || m_state != State::Running) return;
    m_isPaused = true;
    unlink();
    if (!m_hasOutputEnded) m_pool.loop().change(m_process->output(), os::kNothing, *m_outputEnd);
}

void ProgramRun::resume() {
    if (!m_isPaused || m_state != State::Running) return;
    m_isPaused = false;
    touch();
    if (!m_hasOutputEnded) m_pool.loop().change(m_process->output(), os::kReadable, *m_outputEnd);
    if (!m_heldOutput.empty()) m_owner.onOutput(std::exchange(m_heldOutput, {}));
    // Its owner may have had enough, or want no more for now: what is left is its end.
    if (m_hasOutputEnded && m_state == State::Running) m_owner.onOutputEnd();
}

// ---- ending ----

void ProgramRun::letGo(std::unique_ptr<End> &end, os::SocketHandle handle) {
    if (!end) return;
    if (handle != os::kNoSocket) m_pool.loop().forget(handle);
    end->run = nullptr;
    m_pool.loop().dispose(std::move(end));
}

void ProgramRun::release(bool isCut) {
    unlink();
    m_state = State::Over;
    m_borrowed = {};
    m_plan = {};
    if (!m_process) return;
    closeInput();
    letGo(m_outputEnd, m_process->output());
    m_process->closeOutput();
    m_pool.retire(std::move(m_process), isCut);
}

}  // namespace meerkat::scripts
