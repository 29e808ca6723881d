#include "os/pipe_pump_windows.h"

#include "os/native_sockets.h"

#include "os/file_windows.h"
#include "os/thread.h"

#include <memory>
#include <vector>

namespace meerkat::os {

namespace {

constexpr std::size_t kPiece = 64 * 1024;

SOCKET newSocket() {
    return WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, nullptr, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
}

// Closed with its scope.
class OwnedSocket {
  public:
    explicit OwnedSocket(SOCKET socket) : m_socket(socket) {}
    OwnedSocket(const OwnedSocket &) = delete;
    OwnedSocket &operator=(const OwnedSocket &) = delete;
    ~OwnedSocket() {
        if (m_socket != INVALID_SOCKET) closesocket(m_socket);
    }
    SOCKET get() const { return m_socket; }
    SOCKET release() { return std::exchange(m_socket, INVALID_SOCKET); }

  private:
    SOCKET m_socket;
};

bool isSame(const NativeAddress &a, const NativeAddress &b) { return fromNative(a) == fromNative(b); }

// Two ends of one connection over the loopback, made sure that nobody else's came in between. False: see WSAGetLastError.
bool connectPair(SOCKET &ours, SOCKET &theirs) {
    const OwnedSocket listener(newSocket());
    auto loopback = parseIp("127.0.0.1");
    NativeAddress place = toNative(*loopback);
    if (bind(listener.get(), place.pointer(), place.bytes) != 0 || listen(listener.get(), 1) != 0) return false;
    if (getsockname(listener.get(), place.pointer(), &place.bytes) != 0) return false;
    OwnedSocket connecting(newSocket());
    NativeAddress own, peer;
    if (connect(connecting.get(), place.pointer(), place.bytes) != 0) return false;
    if (getsockname(connecting.get(), own.pointer(), &own.bytes) != 0) return false;
    OwnedSocket accepted(accept(listener.get(), peer.pointer(), &peer.bytes));
    u_long on = 1;
    if (accepted.get() == INVALID_SOCKET || !isSame(own, peer) || ioctlsocket(accepted.get(), FIONBIO, &on) != 0) return false;
    // Where accept was asked by a handle that children inherit, its sockets are too.
    SetHandleInformation(reinterpret_cast<HANDLE>(accepted.get()), HANDLE_FLAG_INHERIT, 0);
    ours = accepted.release();
    theirs = connecting.release();
    return true;
}

// What a thread moves between.
struct Pump {
    Pump(File end, SOCKET other) : pipe(std::move(end)), socket(other) {}
    File pipe;
    OwnedSocket socket;
    std::vector<char> piece = std::vector<char>(kPiece);
};

bool writeAll(const File &pipe, const char *bytes, DWORD size) {
    while (size > 0) {
        DWORD count = 0;
        if (!WriteFile(nativeHandle(pipe), bytes, size, &count, nullptr)) return false;
        bytes += count;
        size -= count;
    }
    return true;
}

bool sendAll(SOCKET socket, const char *bytes, int size) {
    while (size > 0) {
        const int count = send(socket, bytes, size, 0);
        if (count <= 0) return false;
        bytes += count;
        size -= count;
    }
    return true;
}

void *moveIn(void *parameter) {
    const std::unique_ptr<Pump> pump(static_cast<Pump *>(parameter));
    while (true) {
        const int count = recv(pump->socket.get(), pump->piece.data(), static_cast<int>(kPiece), 0);
        if (count <= 0 || !writeAll(pump->pipe, pump->piece.data(), static_cast<DWORD>(count))) return nullptr;
    }
}

void *moveOut(void *parameter) {
    const std::unique_ptr<Pump> pump(static_cast<Pump *>(parameter));
    while (true) {
        DWORD count = 0;
        const bool isRead = ReadFile(nativeHandle(pump->pipe), pump->piece.data(), kPiece, &count, nullptr);
        if (!isRead || !sendAll(pump->socket.get(), pump->piece.data(), static_cast<int>(count))) break;
    }
    shutdown(pump->socket.get(), SD_SEND);
    return nullptr;
}

SocketHandle startPump(File pipe, void *(*move)(void *), int &error) {
    SOCKET ours = INVALID_SOCKET, theirs = INVALID_SOCKET;
    if (!connectPair(ours, theirs)) {
        error = WSAGetLastError();
        return kNoSocket;
    }
    auto pump = std::make_unique<Pump>(std::move(pipe), theirs);
    if (!startDetached(move, pump.get())) {
        closesocket(ours);
        error = ERROR_MAX_THRDS_REACHED;
        return kNoSocket;
    }
    pump.release();
    return static_cast<SocketHandle>(ours);
}

}  // namespace

SocketHandle pumpInto(File pipe, int &error) { return startPump(std::move(pipe), moveIn, error); }

SocketHandle pumpOutOf(File pipe, int &error) { return startPump(std::move(pipe), moveOut, error); }

}  // namespace meerkat::os
