// poll() and WSAPoll. The descriptors lie in one dense array as the system wants them, their owners in another beside it; a removed one is
// replaced from the end. The wake-up channel is always the first.
#include "os/poller_backends.h"

#include "os/failures.h"
#include "os/native_sockets.h"
#include "os/wake_channel.h"

#ifndef _WIN32
#include <poll.h>
#endif
#include <algorithm>
#include <unordered_map>
#include <vector>

namespace meerkat::os {

namespace {

#ifdef _WIN32
using PollEntry = WSAPOLLFD;
using NativeSocket = SOCKET;
constexpr std::string_view kName = "WSAPoll";
// Hang-up is told here for a peer that has only finished sending, whatever was asked for. To us that is the end of what there is to read.
constexpr short kBroken = POLLERR | POLLNVAL;
constexpr short kPeerFinished = POLLHUP;
int pollNow(std::span<PollEntry> entries, int timeoutMs) {
    return WSAPoll(entries.data(), static_cast<ULONG>(entries.size()), timeoutMs);
}
#else
using PollEntry = pollfd;
using NativeSocket = int;
constexpr std::string_view kName = "poll";
constexpr short kBroken = POLLERR | POLLNVAL | POLLHUP;
constexpr short kPeerFinished = 0;
int pollNow(std::span<PollEntry> entries, int timeoutMs) {
    return poll(entries.data(), static_cast<nfds_t>(entries.size()), timeoutMs);
}
#endif

constexpr int kPauseMs = 10;

short pollEvents(std::uint8_t interest) {
    return static_cast<short>((interest & kReadable ? POLLIN : 0) | (interest & kWritable ? POLLOUT : 0));
}

std::uint8_t readinessOf(const PollEntry &entry) {
    if (entry.revents & kBroken) return kReadable | kWritable;
    const bool isAtEnd = (entry.revents & kPeerFinished) != 0 && (entry.events & POLLIN) != 0;
    const bool isReadable = (entry.revents & POLLIN) != 0 || isAtEnd;
    return static_cast<std::uint8_t>((isReadable ? kReadable : 0) | (entry.revents & POLLOUT ? kWritable : 0));
}

class PollPoller final : public Poller {
  public:
    int open();

    std::string_view name() const override { return kName; }
    bool add(SocketHandle socket, std::uint8_t interest, void *owner) override;
    bool change(SocketHandle socket, std::uint8_t interest, void *owner) override;
    void remove(SocketHandle socket) override;
    int wait(int timeoutMs, std::span<Readiness> ready) override;
    void wakeUp() override { m_wake.signal(); }

  private:
    void append(SocketHandle socket, std::uint8_t interest, void *owner);
    void moveTo(std::size_t place, std::size_t from);
    void pause(int timeoutMs);
    int collect(int found, std::span<Readiness> ready);

    WakeChannel m_wake;
    std::vector<PollEntry> m_entries;
    std::vector<void *> m_owners;
    std::unordered_map<SocketHandle, std::size_t> m_places;
    std::size_t m_next = 1;  // where the next collection begins: after the last that was told
};

int PollPoller::open() {
    const int code = m_wake.open();
    if (code == 0) append(m_wake.readEnd(), kReadable, nullptr);
    return code;
}

void PollPoller::append(SocketHandle socket, std::uint8_t interest, void *owner) {
    PollEntry entry{};
    entry.fd = static_cast<NativeSocket>(socket);
    entry.events = pollEvents(interest);
    m_places[socket] = m_entries.size();
    m_entries.push_back(entry);
    m_owners.push_back(owner);
}

bool PollPoller::add(SocketHandle socket, std::uint8_t interest, void *owner) {
    if (m_places.contains(socket)) return change(socket, interest, owner);
    append(socket, interest, owner);
    return true;
}

bool PollPoller::change(SocketHandle socket, std::uint8_t interest, void *owner) {
    const auto found = m_places.find(socket);
    if (found == m_places.end()) return false;
    m_entries[found->second].events = pollEvents(interest);
    m_owners[found->second] = owner;
    return true;
}

void PollPoller::moveTo(std::size_t place, std::size_t from) {
    if (place == from) return;
    m_entries[place] = m_entries[from];
    m_owners[place] = m_owners[from];
    m_places[static_cast<SocketHandle>(m_entries[place].fd)] = place;
}

// What was told lies before m_next. A gap there is filled with the last of those, so that one that still waits keeps its turn.
void PollPoller::remove(SocketHandle socket) {
    const auto found = m_places.find(socket);
    if (found == m_places.end()) return;
    std::size_t gap = found->second;
    m_places.erase(found);
    if (gap < m_next) {
        moveTo(gap, --m_next);
        gap = m_next;
    }
    moveTo(gap, m_entries.size() - 1);
    m_entries.pop_back();
    m_owners.pop_back();
}

int PollPoller::collect(int found, std::span<Readiness> ready) {
    std::size_t count = 0;
    const std::size_t others = m_entries.size() - 1;
    std::size_t place = m_next;
    for (std::size_t seen = 0; seen < others && found > 0 && count < ready.size(); ++seen, ++place) {
        if (place >= m_entries.size()) place = 1;
        if (m_entries[place].revents == 0) continue;
        --found;
        const std::uint8_t events = readinessOf(m_entries[place]);
        if (events == 0) continue;
        ready[count++] = {m_owners[place], events};
        m_next = place + 1;
    }
    return static_cast<int>(count);
}

int PollPoller::wait(int timeoutMs, std::span<Readiness> ready) {
    const int found = pollNow(m_entries, timeoutMs);
    if (found <= 0) return 0;
    const bool isWoken = m_entries[0].revents != 0;
    if (isWoken) m_wake.clear();
    const int count = collect(isWoken ? found - 1 : found, ready);
    // Nothing but hang-ups that nobody asked for: the next poll would come back at once again.
    if (count == 0 && !isWoken) pause(timeoutMs);
    return count;
}

void PollPoller::pause(int timeoutMs) {
    const int pauseMs = timeoutMs < 0 ? kPauseMs : std::min(timeoutMs, kPauseMs);
    if (pollNow({m_entries.data(), 1}, pauseMs) > 0) m_wake.clear();
}

}  // namespace

Result<std::unique_ptr<Poller>> makePollPoller() {
    auto poller = std::make_unique<PollPoller>();
    if (const int code = poller->open(); code != 0) return systemFailure(code);
    return std::unique_ptr<Poller>(std::move(poller));
}

}  // namespace meerkat::os
