#include "net/listener.h"

namespace meerkat::net {

Result<std::unique_ptr<Listener>> Listener::open(EventLoop &loop, ListenerOwner &owner, const ListenAddress &address) {
    auto socket = os::listenOn(address.endpoint, address.dualStack);
    if (!socket) return socket.failure();
    return adopt(loop, owner, *socket);
}

std::unique_ptr<Listener> Listener::adopt(EventLoop &loop, ListenerOwner &owner, os::SocketHandle socket) {
    return std::unique_ptr<Listener>(new Listener(loop, owner, socket));
}

Listener::Listener(EventLoop &loop, ListenerOwner &owner, os::SocketHandle socket)
    : m_loop(loop), m_owner(owner), m_socket(socket), m_port(os::localEndpoint(socket).port) {}

Listener::~Listener() { stop(); }

bool Listener::begin() {
    m_isWatched = m_loop.watch(m_socket, os::kReadable, *this);
    return m_isWatched;
}

void Listener::stop() {
    if (m_socket == os::kNoSocket) return;
    if (m_isWatched) m_loop.forget(m_socket);
    os::closeSocket(m_socket);
    m_socket = os::kNoSocket;
}

void Listener::onReady(std::uint8_t) {
    m_hasAccepted = false;
    while (m_socket != os::kNoSocket && acceptNext()) {
    }
}

// True if there may be another.
bool Listener::acceptNext() {
    const auto outcome = os::acceptOne(m_socket);
    switch (outcome.state) {
    case os::AcceptState::Accepted:
        m_hasAccepted = true;
        m_owner.onAccepted(outcome.socket, outcome.peer);
        return true;
    case os::AcceptState::TryAgain:
        return true;
    case os::AcceptState::NothingWaiting:
        return false;
    case os::AcceptState::DescriptorLimit:
        // The system says so even when nobody is left waiting. If somebody is, the next pass tells.
        if (m_hasAccepted) return false;
        return m_owner.freeDescriptor() || pause();
    }
    return false;
}

// Readiness is level-triggered: a listener that cannot accept would make the loop spin.
bool Listener::pause() {
    m_isPaused = true;
    m_pausedMs = m_loop.nowMs();
    m_loop.change(m_socket, os::kNothing, *this);
    return false;
}

void Listener::resume() {
    if (!m_isPaused || m_socket == os::kNoSocket) return;
    m_isPaused = false;
    m_loop.change(m_socket, os::kReadable, *this);
}

}  // namespace meerkat::net
