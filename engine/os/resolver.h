// Station: a host's name -> its addresses. From net/dialer, to the system's own look-up, which blocks, on a few threads, and back through a
// descriptor for the poller. One file a system for the look-up itself: resolver_posix.cpp, resolver_windows.cpp.
// Thread: engine. A look-up that hangs holds up nobody who asks for no name: cancelling and destroying never wait for one.
#pragma once

#include "base/result.h"
#include "os/socket.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_set>
#include <vector>

namespace meerkat::os {

// Blocks. The addresses in the system's order (RFC 6724), port 0; at least one. The failure's code is an errno, on Windows too: ENOENT there is no
// such name or it has no address, EAGAIN no name server answered (later one may), EHOSTUNREACH name servers refused, ENOMEM.
Result<std::vector<Endpoint>> lookUpName(const std::string &name);
using LookUp = std::function<Result<std::vector<Endpoint>>(const std::string &)>;

class WakeChannel;

struct ResolverLimits {
    std::size_t threads = 4;     // started when there is work and none is idle
    std::size_t waiting = 4096;  // questions without an answer; more are refused
};

class Resolver {
  public:
    struct Answer {
        std::uint64_t id = 0;             // as ask gave it
        int error = 0;                    // an errno; 0 if there are addresses
        std::vector<Endpoint> addresses;  // port 0
    };

    // `lookUp` is called on several threads at once, and copies of it live as long as its longest call.
    explicit Resolver(LookUp lookUp = lookUpName, ResolverLimits limits = {});
    Resolver(const Resolver &) = delete;
    Resolver &operator=(const Resolver &) = delete;
    // A look-up under way ends unheard, whenever that is; idle threads have ended.
    ~Resolver();

    // Makes what the answers come through; starts no thread. 0, or the system's error. To be called once, before the first ask.
    int open();
    // Readable while answers wait: to be watched as long as the resolver lives.
    SocketHandle readEnd() const;

    // Returns what the answer will be known by, never 0; 0 with `error` set (an errno): the name is empty, too long or no text (ENOENT), too many wait
    // (EAGAIN), no thread could be started (EAGAIN). The name may be an address too, but the caller can have that without a thread: parseIp.
    std::uint64_t ask(std::string_view name, int &error);
    // No answer with this id comes any more.
    void cancel(std::uint64_t id);
    // All answers that are there. The read end is quiet until the next one comes.
    std::vector<Answer> takeAnswers();

    std::size_t waiting() const { return m_asked.size(); }

  private:
    struct Office;
    bool startWorker();

    Office *m_office;  // shared with the threads; the last who leaves destroys it
    std::unique_ptr<WakeChannel> m_bell;
    std::vector<std::thread> m_workers;
    ResolverLimits m_limits;
    std::uint64_t m_latestId = 0;
    std::unordered_set<std::uint64_t> m_asked;
};

}  // namespace meerkat::os
