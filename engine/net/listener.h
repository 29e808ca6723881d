// Station: the door. From os/, to whoever takes accepted sockets. Takes all that wait; at the descriptor limit it asks its owner to
// give some back, and if there is none it pauses until resume.
#pragma once

#include "net/address.h"
#include "net/event_loop.h"

#include <memory>

namespace meerkat::net {

class ListenerOwner {
  public:
    virtual ~ListenerOwner() = default;
    virtual void onAccepted(os::SocketHandle socket, const os::Endpoint &peer) = 0;
    // No descriptor is left. True if one was freed, so that another accept can succeed.
    virtual bool freeDescriptor() = 0;
};

class Listener final : public Pollable {
  public:
    // Listens, but takes nothing before begin.
    static Result<std::unique_ptr<Listener>> open(EventLoop &loop, ListenerOwner &owner, const ListenAddress &address);
    // Owns the listening socket from now on.
    static std::unique_ptr<Listener> adopt(EventLoop &loop, ListenerOwner &owner, os::SocketHandle socket);
    ~Listener() override;

    bool begin();
    os::SocketHandle socket() const { return m_socket; }
    std::uint16_t port() const { return m_port; }
    bool isPaused() const { return m_isPaused; }
    std::int64_t pausedMs() const { return m_pausedMs; }
    // After a pause: descriptors may be free again.
    void resume();
    // Stops listening at once; the object may live until the pass ends.
    void stop();

    void onReady(std::uint8_t events) override;

  private:
    Listener(EventLoop &loop, ListenerOwner &owner, os::SocketHandle socket);
    bool acceptNext();
    bool pause();

    EventLoop &m_loop;
    ListenerOwner &m_owner;
    os::SocketHandle m_socket;
    std::uint16_t m_port;
    bool m_isWatched = false;
    bool m_isPaused = false;
    bool m_hasAccepted = false;  // somebody, in this pass
    std::int64_t m_pausedMs = 0;
};

}  // namespace meerkat::net
