// kqueue, for macOS and the BSDs. Level-triggered is its way as long as EV_CLEAR is not asked for. Reading and writing are two filters, so
// one socket may be told twice in a batch, once for each. Both are always there, the one that is not wanted disabled.
#include "os/poller.h"

#include "os/failures.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <sys/event.h>
#include <sys/time.h>
#include <unistd.h>
#include <vector>

namespace meerkat::os {

namespace {

constexpr std::size_t kMostEventsAtOnce = 1024;

// The types of the members differ from system to system.
struct kevent changeOf(SocketHandle ident, int filter, int flags, unsigned filterFlags, void *owner) {
    struct kevent event {};
    event.ident = static_cast<decltype(event.ident)>(ident);
    event.filter = static_cast<decltype(event.filter)>(filter);
    event.flags = static_cast<decltype(event.flags)>(flags);
    event.fflags = filterFlags;
    event.udata = owner;
    return event;
}

class KqueuePoller final : public Poller {
  public:
    explicit KqueuePoller(int queue) : m_queue(queue) {}
    ~KqueuePoller() override { close(m_queue); }

    bool listenToWakeUps();

    std::string_view name() const override { return "kqueue"; }
    bool add(SocketHandle socket, std::uint8_t interest, void *owner) override { return apply(socket, interest, owner); }
    bool change(SocketHandle socket, std::uint8_t interest, void *owner) override { return apply(socket, interest, owner); }
    // Closing a descriptor takes its filters with it.
    void remove(SocketHandle) override {}
    int wait(int timeoutMs, std::span<Readiness> ready) override;
    void wakeUp() override;

  private:
    bool submit(std::span<const struct kevent> changes);
    bool apply(SocketHandle socket, std::uint8_t interest, void *owner);
    void take(const struct kevent &event, std::span<Readiness> ready, int &count);

    int m_queue;
    std::atomic<bool> m_isWoken{false};
    std::vector<struct kevent> m_events;
};

bool KqueuePoller::submit(std::span<const struct kevent> changes) {
    return kevent(m_queue, changes.data(), static_cast<int>(changes.size()), nullptr, 0, nullptr) == 0;
}

bool KqueuePoller::listenToWakeUps() {
    fcntl(m_queue, F_SETFD, FD_CLOEXEC);
    const std::array changes{changeOf(0, EVFILT_USER, EV_ADD | EV_CLEAR, 0, nullptr)};
    return submit(changes);
}

// EV_ADD of what is there already changes it, its owner too.
bool KqueuePoller::apply(SocketHandle socket, std::uint8_t interest, void *owner) {
    const std::array changes{
        changeOf(socket, EVFILT_READ, EV_ADD | (interest & kReadable ? EV_ENABLE : EV_DISABLE), 0, owner),
        changeOf(socket, EVFILT_WRITE, EV_ADD | (interest & kWritable ? EV_ENABLE : EV_DISABLE), 0, owner),
    };
    return submit(changes);
}

void KqueuePoller::take(const struct kevent &event, std::span<Readiness> ready, int &count) {
    if (event.filter == EVFILT_USER) {
        // An exchange, so that what the waking thread wrote before is seen after this wait.
        m_isWoken.exchange(false);
        return;
    }
    // End of file on the writing side is a peer that is gone; on the reading side it is read as such.
    const bool isGone = (event.flags & EV_ERROR) != 0 || (event.filter == EVFILT_WRITE && (event.flags & EV_EOF) != 0);
    const int events = isGone ? kReadable | kWritable : event.filter == EVFILT_READ ? kReadable : kWritable;
    ready[static_cast<std::size_t>(count++)] = {static_cast<void *>(event.udata), static_cast<std::uint8_t>(events)};
}

int KqueuePoller::wait(int timeoutMs, std::span<Readiness> ready) {
    const std::size_t most = std::min(ready.size(), kMostEventsAtOnce);
    if (m_events.size() < most) m_events.resize(most);
    const timespec limit{timeoutMs / 1000, (timeoutMs % 1000) * 1000000L};
    const int found = kevent(m_queue, nullptr, 0, m_events.data(), static_cast<int>(most), timeoutMs < 0 ? nullptr : &limit);
    int count = 0;
    for (int i = 0; i < found; ++i) take(m_events[static_cast<std::size_t>(i)], ready, count);
    return count;
}

void KqueuePoller::wakeUp() {
    if (m_isWoken.exchange(true)) return;
    const int before = errno;  // a signal handler must leave it as it was
    const std::array changes{changeOf(0, EVFILT_USER, 0, NOTE_TRIGGER, nullptr)};
    submit(changes);
    errno = before;
}

}  // namespace

Result<std::unique_ptr<Poller>> Poller::create() {
    const int queue = kqueue();
    if (queue < 0) return systemFailure(errno);
    auto poller = std::make_unique<KqueuePoller>(queue);
    if (!poller->listenToWakeUps()) return systemFailure(errno);
    return std::unique_ptr<Poller>(std::move(poller));
}

}  // namespace meerkat::os
