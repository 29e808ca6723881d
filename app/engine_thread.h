// Station: one engine on a thread of its own. From engine_client, to mongoose.h; news go back through message_queue.
// Thread: the public functions are called by one front-end thread. Of the mg_* functions that thread calls mg_wakeup_server only.
#pragma once

#include "app/message_queue.h"

#include <atomic>
#include <latch>
#include <thread>

struct mg_server;

namespace meerkat::app {

class EngineThread {
  public:
    // Starts the thread; it sleeps until a command comes. Where the system gives no thread or no memory, StartServing is
    // answered with Failed.
    EngineThread();
    // Stops serving and waits for the thread.
    ~EngineThread();
    EngineThread(const EngineThread &) = delete;
    EngineThread &operator=(const EngineThread &) = delete;

    // Each StartServing is answered with Started or Failed, each StopServing with Stopped, in their order.
    void post(Command command);
    // The next event; false if there is none. Never waits.
    bool take(Event &event);

  private:
    void wake();
    void run() noexcept;
    void answerWithoutEngine();

    MessageQueue m_queue;
    std::atomic<mg_server *> m_server = nullptr;
    std::atomic<bool> m_mustEnd = false;
    std::atomic<bool> m_hasNoEngine = false;
    std::latch m_lastWakeup{1};  // the server lives until the other thread has woken it for the last time
    std::thread m_thread;
};

}  // namespace meerkat::app
