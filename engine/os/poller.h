// Station: the seam to the system for readiness. From the kernel, to net/event_loop. One file a backend: poller_epoll.cpp,
// poller_kqueue.cpp, poller_poll.cpp (poll and WSAPoll).
// Thread: engine, but for wakeUp.
#pragma once

#include "base/result.h"
#include "os/socket.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace meerkat::os {

enum Interest : std::uint8_t { kNothing = 0, kReadable = 1, kWritable = 2 };

// One descriptor that is ready. Errors and hang-ups are told as both readable and writable: the next call on the socket says which.
struct Readiness {
    void *owner = nullptr;  // as given to add
    std::uint8_t events = 0;
};

class Poller {
  public:
    virtual ~Poller() = default;

    // The best backend of this system; on Linux the environment variable MEERKAT_POLLER=poll picks the portable one.
    static Result<std::unique_ptr<Poller>> create();

    virtual std::string_view name() const = 0;  // "epoll", "kqueue", "poll", "WSAPoll"

    // Level-triggered. `owner` is non-null and comes back in Readiness. False: the system refused (out of memory or descriptors).
    virtual bool add(SocketHandle socket, std::uint8_t interest, void *owner) = 0;
    virtual bool change(SocketHandle socket, std::uint8_t interest, void *owner) = 0;
    // To be called right before the socket is closed: a backend may leave the rest to the closing.
    virtual void remove(SocketHandle socket) = 0;

    // Waits up to `timeoutMs` (below 0: without end) and fills `ready` with what is ready, at most as many as fit; returns how many. A
    // signal or wakeUp ends the wait early. What did not fit comes first at the next call. A socket removed during the
    // handling of a batch may still be in that batch: the caller guards against it.
    virtual int wait(int timeoutMs, std::span<Readiness> ready) = 0;

    // Ends a wait under way, or the next one. Any thread; never blocks; safe in a signal handler.
    virtual void wakeUp() = 0;
};

}  // namespace meerkat::os
