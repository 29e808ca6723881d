// Station: the tests of net/dialer. A dialer with its loop, a clock that stands still, and a look-up that says what a test wants.
#pragma once

#include "engine/os/loopback_pair.h"
#include "net/dialer.h"
#include "support/black_hole.h"
#include "support/fake_clock.h"

#include <atomic>
#include <cerrno>
#include <functional>
#include <map>
#include <memory>

namespace meerkat::test {

class Caller final : public net::DialOwner {
  public:
    void onDialled(std::uint64_t id, const net::DialOutcome &outcome) override {
        ++calls;
        outcomes[id] = outcome;
        sockets.emplace_back(outcome.socket);
        if (then) then(id);
    }
    std::map<std::uint64_t, net::DialOutcome> outcomes;
    std::vector<os::OwnedSocket> sockets;
    int calls = 0;
    std::function<void(std::uint64_t)> then;
};

// A port of the loopback at which nobody listens.
inline std::uint16_t deafPort() {
    const os::OwnedSocket listener = os::newListener();
    return os::localEndpoint(listener).port;
}

inline std::vector<os::Endpoint> addressesOf(const std::vector<const char *> &texts) {
    std::vector<os::Endpoint> addresses;
    for (const char *text : texts) addresses.push_back(os::loopback(0, text));
    return addresses;
}

inline bool hasIpv6() { return os::newListener("::1") != os::kNoSocket; }

class DialerHouse {
  public:
    void open() {
        m_loop = std::move(*net::EventLoop::create(m_clock));
        m_caller = {};
        m_names.clear();
        m_lookUps = 0;
        m_dialer = std::make_unique<net::Dialer>(*m_loop, m_clock, [this](const std::string &name) { return lookUp(name); });
    }
    void close() {
        m_dialer.reset();
        m_loop.reset();
    }

  protected:
    // A pass without a wait of ours, and what time brings.
    void pass(int ms = 0) {
        m_loop->runOnce(ms);
        m_dialer->advance();
        m_loop->finishPass();
    }
    bool passUntil(const std::function<bool()> &condition) {
        for (int turns = 0; turns < 1000 && !condition(); ++turns) pass(10);
        return condition();
    }
    bool passUntilTold(std::uint64_t id) {
        return passUntil([&] { return m_caller.outcomes.contains(id); });
    }

    FakeClock m_clock;
    std::unique_ptr<net::EventLoop> m_loop;
    Caller m_caller;
    std::map<std::string, std::vector<const char *>> m_names;  // what the look-up knows
    std::atomic<int> m_lookUps{0};
    std::unique_ptr<net::Dialer> m_dialer;

  private:
    Result<std::vector<os::Endpoint>> lookUp(const std::string &name) {
        ++m_lookUps;
        const auto found = m_names.find(name);
        if (found == m_names.end()) return Failure{"no such name", ENOENT};
        return addressesOf(found->second);
    }
};

}  // namespace meerkat::test
