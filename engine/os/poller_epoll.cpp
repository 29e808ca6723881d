// Level-triggered epoll.
//
// Removing a socket makes no system call: it is closed right after, and the kernel forgets a closed descriptor. But while another thread of
// the program forks a child, the child holds the descriptor until it execs, and the kernel goes on telling of it. So what the kernel gives
// back is not the owner's address but the descriptor and how often it was added: an event of an earlier life is dropped.
//
// Waking: the eventfd is edge-triggered and never read, each write is one edge. A flag keeps all wakeUp calls but the first since the last
// wait from writing.
#include "os/poller_backends.h"

#include "os/failures.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <vector>

namespace meerkat::os {

namespace {

constexpr std::size_t kMostEventsAtOnce = 1024;
constexpr std::uint64_t kWakeUpKey = ~std::uint64_t{0};

struct Watched {
    void *owner = nullptr;  // null: not watched
    std::uint32_t life = 0;
};

std::uint32_t epollEvents(std::uint8_t interest) {
    std::uint32_t events = 0;
    if (interest & kReadable) events |= EPOLLIN;
    if (interest & kWritable) events |= EPOLLOUT;
    return events;
}

std::uint8_t readinessOf(std::uint32_t events) {
    if (events & (EPOLLERR | EPOLLHUP)) return kReadable | kWritable;
    return static_cast<std::uint8_t>((events & EPOLLIN ? kReadable : 0) | (events & EPOLLOUT ? kWritable : 0));
}

class EpollPoller final : public Poller {
  public:
    EpollPoller(int epoll, int wake) : m_epoll(epoll), m_wake(wake) {}
    ~EpollPoller() override;

    bool listenToWakeUps();

    std::string_view name() const override { return "epoll"; }
    bool add(SocketHandle socket, std::uint8_t interest, void *owner) override;
    bool change(SocketHandle socket, std::uint8_t interest, void *owner) override;
    void remove(SocketHandle socket) override;
    int wait(int timeoutMs, std::span<Readiness> ready) override;
    void wakeUp() override;

  private:
    bool isWatched(SocketHandle socket) const;
    bool control(int operation, SocketHandle socket, std::uint8_t interest);
    void take(const epoll_event &event, std::span<Readiness> ready, int &count);

    int m_epoll;
    int m_wake;
    std::atomic<bool> m_isWoken{false};
    std::vector<Watched> m_watched;  // by descriptor
    std::vector<epoll_event> m_events;
};

EpollPoller::~EpollPoller() {
    close(m_epoll);
    if (m_wake >= 0) close(m_wake);
}

bool EpollPoller::listenToWakeUps() {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET;
    event.data.u64 = kWakeUpKey;
    return epoll_ctl(m_epoll, EPOLL_CTL_ADD, m_wake, &event) == 0;
}

bool EpollPoller::isWatched(SocketHandle socket) const {
    return socket >= 0 && static_cast<std::size_t>(socket) < m_watched.size() &&
           m_watched[static_cast<std::size_t>(socket)].owner;
}

bool EpollPoller::control(int operation, SocketHandle socket, std::uint8_t interest) {
    epoll_event event{};
    event.events = epollEvents(interest);
    event.data.u64 = std::uint64_t{m_watched[static_cast<std::size_t>(socket)].life} << 32 | static_cast<std::uint32_t>(socket);
    return epoll_ctl(m_epoll, operation, static_cast<int>(socket), &event) == 0;
}

bool EpollPoller::add(SocketHandle socket, std::uint8_t interest, void *owner) {
    if (socket < 0) return false;
    const auto index = static_cast<std::size_t>(socket);
    if (index >= m_watched.size()) m_watched.resize(std::max(index + 1, m_watched.size() * 2));
    ++m_watched[index].life;
    // EEXIST: it was removed but not closed.
    const bool added = control(EPOLL_CTL_ADD, socket, interest) || (errno == EEXIST && control(EPOLL_CTL_MOD, socket, interest));
    m_watched[index].owner = added ? owner : nullptr;
    return added;
}

bool EpollPoller::change(SocketHandle socket, std::uint8_t interest, void *owner) {
    if (!isWatched(socket)) return false;
    m_watched[static_cast<std::size_t>(socket)].owner = owner;
    return control(EPOLL_CTL_MOD, socket, interest);
}

void EpollPoller::remove(SocketHandle socket) {
    if (isWatched(socket)) m_watched[static_cast<std::size_t>(socket)].owner = nullptr;
}

void EpollPoller::take(const epoll_event &event, std::span<Readiness> ready, int &count) {
    if (event.data.u64 == kWakeUpKey) {
        // An exchange, so that what the waking thread wrote before is seen after this wait.
        m_isWoken.exchange(false);
        return;
    }
    const Watched &watched = m_watched[static_cast<std::uint32_t>(event.data.u64)];
    if (!watched.owner || watched.life != event.data.u64 >> 32) return;
    ready[static_cast<std::size_t>(count++)] = {watched.owner, readinessOf(event.events)};
}

int EpollPoller::wait(int timeoutMs, std::span<Readiness> ready) {
    const std::size_t most = std::min(ready.size(), kMostEventsAtOnce);
    if (m_events.size() < most) m_events.resize(most);
    const int found = epoll_wait(m_epoll, m_events.data(), static_cast<int>(most), timeoutMs);
    int count = 0;
    for (int i = 0; i < found; ++i) take(m_events[static_cast<std::size_t>(i)], ready, count);
    return count;
}

void EpollPoller::wakeUp() {
    if (m_isWoken.exchange(true)) return;
    const int before = errno;  // a signal handler must leave it as it was
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(m_wake, &one, sizeof one);
    errno = before;
}

}  // namespace

Result<std::unique_ptr<Poller>> makeEpollPoller() {
    const int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0) return systemFailure(errno);
    auto poller = std::make_unique<EpollPoller>(epoll, eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    if (!poller->listenToWakeUps()) return systemFailure(errno);
    return std::unique_ptr<Poller>(std::move(poller));
}

}  // namespace meerkat::os
