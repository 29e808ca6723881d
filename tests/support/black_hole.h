// Station: the tests. A listener that lets nobody in any more: whoever connects hears nothing, as from a host that is down. Where a full backlog
// refuses instead (Windows) it can't be made, and isMade says so.
#pragma once

#include "engine/os/loopback_pair.h"

#include <vector>

namespace meerkat::test {

class BlackHole {
  public:
    explicit BlackHole(std::string_view ip = "127.0.0.1") {
        os::NativeAddress address = os::toNative(os::loopback(0, ip));
        const auto made = ::socket(address.storage.ss_family, SOCK_STREAM, IPPROTO_TCP);
        m_listener = os::OwnedSocket(static_cast<os::SocketHandle>(made));
        if (bind(made, address.pointer(), address.bytes) != 0 || listen(made, 0) != 0) return;
        m_endpoint = os::localEndpoint(m_listener);
        fill();
    }

    bool isMade() const { return m_isFull; }
    const os::Endpoint &endpoint() const { return m_endpoint; }
    std::uint16_t port() const { return m_endpoint.port; }
    // All that wait at the door are let in, so that others get there when their system knocks again: after a second, and two more.
    void letIn() {
        while (os::waitFor(m_listener, POLLIN, 0)) m_accepted.emplace_back(os::acceptOne(m_listener).socket);
    }

  private:
    // What the loopback takes, it takes at once.
    void fill() {
        constexpr std::size_t kMost = 64;
        constexpr int kAtOnceMs = 100;
        while (!m_isFull && m_waiting.size() < kMost) {
            const auto client = os::beginConnect(m_endpoint);
            if (!client) return;
            m_waiting.emplace_back(*client);
            m_isFull = !os::waitFor(*client, POLLOUT, kAtOnceMs);
        }
    }

    os::OwnedSocket m_listener;
    os::Endpoint m_endpoint;
    std::vector<os::OwnedSocket> m_waiting;
    std::vector<os::OwnedSocket> m_accepted;
    bool m_isFull = false;
};

}  // namespace meerkat::test
