#include "app/engine_thread.h"

#include "app/engine_loop.h"

#include <mongoose.h>

#include <system_error>

namespace meerkat::app {

EngineThread::EngineThread() {
    try {
        m_thread = std::thread([this] { run(); });
    } catch (const std::system_error &) {
        m_hasNoEngine = true;
    }
}

EngineThread::~EngineThread() {
    m_mustEnd = true;
    wake();
    m_lastWakeup.count_down();
    if (m_thread.joinable()) m_thread.join();
}

// The command is in the ring before the server is looked for, and the engine tells of its server before it looks into the
// ring (all in one order, seq_cst): so either the engine sees the command or it is woken.
void EngineThread::post(Command command) {
    m_queue.post(std::move(command));
    wake();
}

bool EngineThread::take(Event &event) {
    if (m_queue.sendWaitingCommands()) wake();
    if (m_hasNoEngine) answerWithoutEngine();
    return m_queue.takeEvent(event);
}

void EngineThread::wake() {
    if (mg_server *server = m_server.load()) mg_wakeup_server(server);
}

void EngineThread::run() noexcept {
    mg_server *server = mg_create_server(nullptr, nullptr);
    if (!server) {
        m_hasNoEngine = true;
        return;
    }
    m_server = server;
    {
        EngineLoop loop(server, m_queue);
        while (!m_mustEnd) {
            loop.takeCommands();
            loop.doWhatIsDue();
            mg_poll_server(server, loop.pollMs());
        }
    }
    m_lastWakeup.wait();
    mg_destroy_server(&server);
}

// Nobody else is at the queue then: the front end takes the engine's side too.
void EngineThread::answerWithoutEngine() {
    Command command;
    while (m_queue.takeCommand(command)) {
        if (std::holds_alternative<StartServing>(command)) {
            m_queue.tellState(Failed{TroubleKind::Other, "", "the system has no thread or memory left"});
        } else if (const auto *check = std::get_if<CheckOptions>(&command)) {
            m_queue.tellState(OptionsChecked{check->ticket, std::vector<std::string>(check->options.size())});
        } else if (std::holds_alternative<StopServing>(command)) {
            m_queue.tellState(Stopped{});
        }
    }
}

}  // namespace meerkat::app
