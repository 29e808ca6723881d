#include "net/event_loop.h"

namespace meerkat::net {

Result<std::unique_ptr<EventLoop>> EventLoop::create(const Clock &clock) {
    auto poller = os::Poller::create();
    if (!poller) return poller.failure();
    return std::unique_ptr<EventLoop>(new EventLoop(std::move(*poller), clock));
}

EventLoop::EventLoop(std::unique_ptr<os::Poller> poller, const Clock &clock)
    : m_poller(std::move(poller)), m_clock(clock), m_scratch(kScratchBytes + 1) {
    readTime();
}

bool EventLoop::watch(os::SocketHandle socket, std::uint8_t interest, Pollable &owner) {
    return m_poller->add(socket, interest, &owner);
}

bool EventLoop::change(os::SocketHandle socket, std::uint8_t interest, Pollable &owner) {
    return m_poller->change(socket, interest, &owner);
}

void EventLoop::forget(os::SocketHandle socket) { m_poller->remove(socket); }

TlsBuffers &EventLoop::tlsBuffers() {
    if (!m_tlsBuffers) m_tlsBuffers = std::make_unique<TlsBuffers>();
    return *m_tlsBuffers;
}

void EventLoop::readTime() {
    m_nowUs = m_clock.monotonicUs();
    m_wallSeconds = m_clock.wallSeconds();
}

void EventLoop::runOnce(int timeoutMs) {
    const int count = m_poller->wait(timeoutMs, m_ready);
    readTime();
    ++m_pass;
    for (int i = 0; i < count; ++i) {
        const auto &ready = m_ready[static_cast<std::size_t>(i)];
        static_cast<Pollable *>(ready.owner)->onReady(ready.events);
    }
}

void EventLoop::finishPass() {
    // A destructor may dispose further objects.
    while (!m_disposed.empty()) {
        auto objects = std::move(m_disposed);
        m_disposed.clear();
        objects.clear();
    }
}

}  // namespace meerkat::net
