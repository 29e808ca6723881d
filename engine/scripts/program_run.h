// Station: one program's way: waiting for its turn, started, fed, heard, let go. From cgi_answer and ssi_answer, through program_pool, to
// os/process. Its pipes are watched by the loop; nothing blocks.
#pragma once

#include "scripts/program_pool.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace meerkat::scripts {

enum class ProgramFailure : std::uint8_t { NotStarted, WaitedTooLong, Silent };

// Whoever needs the program. May release the run in each of these calls, not destroy it: the loop disposes of it.
class ProgramOwner {
  public:
    virtual ~ProgramOwner() = default;
    // Its next output; valid during the call.
    virtual void onOutput(std::string_view bytes) = 0;
    virtual void onOutputEnd() = 0;
    // All input given so far was taken.
    virtual void onInputTaken() {}
    // The last call. `code`: the system's, of NotStarted.
    virtual void onFailed(ProgramFailure why, int code) = 0;
};

class ProgramRun final : public net::Disposable, public net::TimerNode {
  public:
    ProgramRun(ProgramPool &pool, ProgramOwner &owner);
    ~ProgramRun() override;

    // Waits for its turn from now on. What the plan borrows lives until then.
    void queueUp(os::ProcessPlan plan);
    bool isQueued() const { return m_state != State::New; }

    // Input; kept until the program takes it, and dropped once it takes no more. A borrowed piece comes first, and lives until release.
    void giveBorrowed(std::string_view bytes);
    void give(std::string_view bytes);
    void endInput();
    std::size_t inputWaiting() const { return m_borrowed.size() + m_input.size() - m_inputSent; }

    // The pool's time limit is for all that it does, not for each silence.
    void limitInAll() { m_isLimitedInAll = true; }

    // While paused nothing more is read of it, and its silence is nobody's fault.
    void pause();
    void resume();

    // Nobody is told anything any more. `isCut`: the program is ended; else it may run on until the time limit, with its output closed.
    void release(bool isCut);

  private:
    friend class ProgramPool;
    class End;
    enum class State : std::uint8_t { New, Waiting, Running, Over };

    // From the pool.
    void start();
    void fail(ProgramFailure why, int code);

    void onInputReady(std::uint8_t events);
    void onOutputReady(std::uint8_t events);
    void pumpInput();
    void dropInput();
    void closeInput();
    void keepAside();
    void endOutput();
    void touch();
    void letGo(std::unique_ptr<End> &end, os::SocketHandle handle);

    ProgramPool &m_pool;
    ProgramOwner &m_owner;
    os::ProcessPlan m_plan;
    std::unique_ptr<os::Process> m_process;
    std::unique_ptr<End> m_inputEnd;
    std::unique_ptr<End> m_outputEnd;
    std::string_view m_borrowed;
    std::string m_input;
    std::size_t m_inputSent = 0;
    std::string m_heldOutput;  // of a program that broke off while it was paused
    State m_state = State::New;
    bool m_isInputWhole = false;
    bool m_isInputBroken = false;
    bool m_isPaused = false;
    bool m_isLimitedInAll = false;
    bool m_hasOutputEnded = false;
};

}  // namespace meerkat::scripts
