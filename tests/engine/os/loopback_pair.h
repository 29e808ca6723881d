// Two ends of one connection over the loopback, made with the calls under test; and waiting for readiness without a poller of ours.
#pragma once

#include "os/native_sockets.h"

#include <QTest>

#ifdef _WIN32
inline int pollNative(WSAPOLLFD *entry, int timeoutMs) { return WSAPoll(entry, 1, timeoutMs); }
using NativePollEntry = WSAPOLLFD;
using NativeSocket = SOCKET;
#else
#include <poll.h>
inline int pollNative(pollfd *entry, int timeoutMs) { return poll(entry, 1, timeoutMs); }
using NativePollEntry = pollfd;
using NativeSocket = int;
#endif

namespace meerkat::os {

inline bool waitFor(SocketHandle socket, short events, int timeoutMs = 10000) {
    NativePollEntry entry{};
    entry.fd = static_cast<NativeSocket>(socket);
    entry.events = events;
    return pollNative(&entry, timeoutMs) == 1;
}

// Closed with its scope.
class OwnedSocket {
  public:
    OwnedSocket() = default;
    explicit OwnedSocket(SocketHandle socket) : m_socket(socket) {}
    OwnedSocket(OwnedSocket &&other) noexcept : m_socket(other.release()) {}
    OwnedSocket &operator=(OwnedSocket &&other) noexcept {
        std::swap(m_socket, other.m_socket);
        return *this;
    }
    ~OwnedSocket() { close(); }

    operator SocketHandle() const { return m_socket; }
    SocketHandle release() { return std::exchange(m_socket, kNoSocket); }
    void close() {
        if (m_socket != kNoSocket) closeSocket(release());
    }

  private:
    SocketHandle m_socket = kNoSocket;
};

inline Endpoint loopback(std::uint16_t port = 0, std::string_view ip = "127.0.0.1") {
    Endpoint endpoint = *parseIp(ip);
    endpoint.port = port;
    return endpoint;
}

inline OwnedSocket newListener(std::string_view ip = "127.0.0.1", bool dualStack = false) {
    auto listener = listenOn(loopback(0, ip), dualStack);
    return OwnedSocket(listener ? *listener : kNoSocket);
}

// A blocking client socket; kNoSocket if nobody listens there.
inline OwnedSocket connectTo(const Endpoint &server) {
    NativeAddress address = toNative(server);
    OwnedSocket made(static_cast<SocketHandle>(::socket(address.storage.ss_family, SOCK_STREAM, IPPROTO_TCP)));
    if (connect(static_cast<NativeSocket>(SocketHandle(made)), address.pointer(), address.bytes) != 0) return {};
    return made;
}

inline OwnedSocket acceptWhenReady(SocketHandle listener) {
    return waitFor(listener, POLLIN) ? OwnedSocket(acceptOne(listener).socket) : OwnedSocket();
}

struct LoopbackPair {
    OwnedSocket client;
    OwnedSocket server;  // made by acceptOne
};

inline LoopbackPair newPair() {
    const OwnedSocket listener = newListener();
    LoopbackPair pair;
    pair.client = connectTo(localEndpoint(listener));
    pair.server = acceptWhenReady(listener);
    return pair;
}

// All that comes until `bytes` are there or the peer has finished.
inline std::string receiveAll(SocketHandle socket, std::size_t bytes) {
    std::string all;
    std::string part(65536, '\0');
    while (all.size() < bytes && waitFor(socket, POLLIN)) {
        const auto outcome = receive(socket, part);
        if (outcome.state == IoState::WouldBlock) continue;
        if (outcome.state != IoState::Done) break;
        all.append(part, 0, outcome.bytes);
    }
    return all;
}

}  // namespace meerkat::os
