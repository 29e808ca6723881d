// Station: the heart. From os/poller, to every Pollable; one iteration at a time, as mg_poll_server asks.
// Thread: engine, but for wakeUp.
//
// A pass: wait -> the time is read once -> each ready Pollable -> finish() of the owner -> what was disposed is destroyed.
// Nothing is destroyed while a pass calls: a Pollable that closes is handed to dispose, and stays valid until the pass ends.
#pragma once

#include "base/clock.h"
#include "net/batch_writer.h"
#include "net/tls_buffers.h"
#include "os/poller.h"

#include <array>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace meerkat::net {

// Something whose destruction can wait for the end of the pass.
class Disposable {
  public:
    virtual ~Disposable() = default;
};

class Pollable : public Disposable {
  public:
    // `events`: a sum of os::Interest. May come once more after the socket was closed in the same pass.
    virtual void onReady(std::uint8_t events) = 0;
};

class TrafficTap;
class Pacer;

class EventLoop {
  public:
    static Result<std::unique_ptr<EventLoop>> create(const Clock &clock);

    bool watch(os::SocketHandle socket, std::uint8_t interest, Pollable &owner);
    bool change(os::SocketHandle socket, std::uint8_t interest, Pollable &owner);
    void forget(os::SocketHandle socket);

    // Waits up to `timeoutMs` (below 0: without end) and serves what is ready.
    void runOnce(int timeoutMs);
    void wakeUp() { m_poller->wakeUp(); }
    // Destroys what was disposed; the owner of the loop calls it when no handler is on the stack.
    void finishPass();
    void dispose(std::unique_ptr<Disposable> object) { m_disposed.push_back(std::move(object)); }

    // Time as of the start of the pass.
    std::int64_t nowUs() const { return m_nowUs; }
    std::int64_t nowMs() const { return m_nowUs / 1000; }
    std::int64_t wallSeconds() const { return m_wallSeconds; }
    // Counts passes: what was asked of the disk in this pass need not be asked again.
    std::uint64_t pass() const { return m_pass; }

    // The one buffer that every connection reads into; its content ends with the callback. One more byte behind it may be written.
    std::span<char> scratch() { return {m_scratch.data(), kScratchBytes}; }
    BatchWriter &batch() { return m_batch; }
    // Made when first asked for.
    TlsBuffers &tlsBuffers();
    std::string_view pollerName() const { return m_poller->name(); }
    // Who sees every byte that connections read and write; null: nobody, which costs nothing.
    TrafficTap *tap = nullptr;
    // Who says how fast connections may send; null: as fast as they can, which costs nothing.
    Pacer *pacer = nullptr;

  private:
    EventLoop(std::unique_ptr<os::Poller> poller, const Clock &clock);
    void readTime();

    static constexpr std::size_t kScratchBytes = 128 * 1024;
    static constexpr std::size_t kReadyAtOnce = 512;

    std::unique_ptr<os::Poller> m_poller;
    const Clock &m_clock;
    std::int64_t m_nowUs = 0;
    std::int64_t m_wallSeconds = 0;
    std::uint64_t m_pass = 1;
    std::vector<char> m_scratch;
    std::array<os::Readiness, kReadyAtOnce> m_ready;
    std::vector<std::unique_ptr<Disposable>> m_disposed;
    BatchWriter m_batch;
    std::unique_ptr<TlsBuffers> m_tlsBuffers;
};

}  // namespace meerkat::net
