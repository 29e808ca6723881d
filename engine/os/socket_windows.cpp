#include "os/failures.h"
#include "os/native_sockets.h"

#include <algorithm>
#include <cerrno>
#include <mstcpip.h>

namespace meerkat::os {

namespace {

SOCKET native(SocketHandle socket) { return static_cast<SOCKET>(socket); }

bool setFlag(SOCKET socket, int level, int name, DWORD value = 1) {
    return setsockopt(socket, level, name, reinterpret_cast<const char *>(&value), sizeof value) == 0;
}

bool makeNonBlocking(SOCKET socket) {
    u_long on = 1;
    return ioctlsocket(socket, FIONBIO, &on) == 0;
}

IoOutcome ioFailure(int code) {
    if (code == WSAEWOULDBLOCK) return {IoState::WouldBlock};
    return {code == WSAECONNRESET || code == WSAECONNABORTED || code == WSAESHUTDOWN ? IoState::Closed : IoState::Failed};
}

AcceptState acceptFailure(int code) {
    if (code == WSAEMFILE || code == WSAENOBUFS) return AcceptState::DescriptorLimit;
    // Any other is of the listener itself and would come again for ever.
    return code == WSAECONNRESET || code == WSAEINTR ? AcceptState::TryAgain : AcceptState::NothingWaiting;
}

// Programs compare with the names of <cerrno>, which have other numbers than Winsock.
int errnoOf(int code) {
    switch (code) {
    case WSAECONNREFUSED:
        return ECONNREFUSED;
    case WSAETIMEDOUT:
        return ETIMEDOUT;
    case WSAENETUNREACH:
    case WSAENETDOWN:
        return ENETUNREACH;
    case WSAEHOSTUNREACH:
    case WSAEHOSTDOWN:
        return EHOSTUNREACH;
    case WSAEADDRNOTAVAIL:
        return EADDRNOTAVAIL;
    case WSAEAFNOSUPPORT:
        return EAFNOSUPPORT;
    case WSAECONNRESET:
        return ECONNRESET;
    case WSAECONNABORTED:
        return ECONNABORTED;
    case WSAEACCES:
        return EACCES;
    case WSAEMFILE:
        return EMFILE;
    case WSAENOBUFS:
        return ENOBUFS;
    case WSAEINVAL:
        return EINVAL;
    default:
        return EIO;
    }
}

Failure connectFailure(int code) { return {systemFailure(code).text, errnoOf(code)}; }

SOCKET newStreamSocket(int family) {
    return WSASocketW(family, SOCK_STREAM, IPPROTO_TCP, nullptr, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
}

bool bindAndListen(SOCKET socket, const Endpoint &endpoint, bool dualStack) {
    // SO_REUSEADDR would let two programs share a port here; without this one, another program's could take ours.
    if (!makeNonBlocking(socket) || !setFlag(socket, SOL_SOCKET, SO_EXCLUSIVEADDRUSE)) return false;
    if (!endpoint.isIpv4() && !setFlag(socket, IPPROTO_IPV6, IPV6_V6ONLY, dualStack ? 0 : 1)) return false;
    NativeAddress address = toNative(endpoint);
    return bind(socket, address.pointer(), address.bytes) == 0 && listen(socket, SOMAXCONN) == 0;
}

Result<SocketHandle> listenOnOne(const Endpoint &endpoint, bool dualStack) {
    const SOCKET socket = newStreamSocket(endpoint.isIpv4() ? AF_INET : AF_INET6);
    if (socket == INVALID_SOCKET) return systemFailure(WSAGetLastError());
    if (bindAndListen(socket, endpoint, dualStack)) return static_cast<SocketHandle>(socket);
    const Failure failure = systemFailure(WSAGetLastError());
    closesocket(socket);
    return failure;
}

}  // namespace

void prepareSockets() {
    WSADATA data;
    WSAStartup(MAKEWORD(2, 2), &data);
}

Result<SocketHandle> listenOn(const Endpoint &endpoint, bool dualStack) {
    auto listener = listenOnOne(endpoint, dualStack);
    const bool lacksIpv6 =
        !listener && (listener.failure().code == WSAEAFNOSUPPORT || listener.failure().code == WSAEADDRNOTAVAIL);
    return dualStack && lacksIpv6 ? listenOnOne(anyIpv4(endpoint.port), false) : std::move(listener);
}

Result<SocketHandle> shareListener(SocketHandle listener) {
    WSAPROTOCOL_INFOW info{};
    if (WSADuplicateSocketW(native(listener), GetCurrentProcessId(), &info) != 0) return systemFailure(WSAGetLastError());
    BOOL listens = FALSE;
    int bytes = sizeof listens;
    getsockopt(native(listener), SOL_SOCKET, SO_ACCEPTCONN, reinterpret_cast<char *>(&listens), &bytes);
    if (!listens) return systemFailure(WSAEINVAL);
    const DWORD flags = WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT;
    const SOCKET shared = WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0, flags);
    if (shared == INVALID_SOCKET) return systemFailure(WSAGetLastError());
    makeNonBlocking(shared);
    return static_cast<SocketHandle>(shared);
}

bool isAddressInUse(int code) { return code == WSAEADDRINUSE; }

bool isAddressForbidden(int code) { return code == WSAEACCES; }

Endpoint localEndpoint(SocketHandle socket) {
    NativeAddress address;
    return getsockname(native(socket), address.pointer(), &address.bytes) == 0 ? fromNative(address) : Endpoint{};
}

AcceptOutcome acceptOne(SocketHandle listener) {
    NativeAddress peer;
    const SOCKET accepted = accept(native(listener), peer.pointer(), &peer.bytes);
    if (accepted == INVALID_SOCKET) return {acceptFailure(WSAGetLastError()), kNoSocket, {}};
    SetHandleInformation(reinterpret_cast<HANDLE>(accepted), HANDLE_FLAG_INHERIT, 0);
    makeNonBlocking(accepted);
    setFlag(accepted, IPPROTO_TCP, TCP_NODELAY);
    return {AcceptState::Accepted, static_cast<SocketHandle>(accepted), fromNative(peer)};
}

Result<SocketHandle> beginConnect(const Endpoint &peer) {
    const SOCKET socket = newStreamSocket(peer.isIpv4() ? AF_INET : AF_INET6);
    if (socket == INVALID_SOCKET) return connectFailure(WSAGetLastError());
    NativeAddress address = toNative(peer);
    const bool isReady = makeNonBlocking(socket) && setFlag(socket, IPPROTO_TCP, TCP_NODELAY);
    if (isReady && (connect(socket, address.pointer(), address.bytes) == 0 || WSAGetLastError() == WSAEWOULDBLOCK))
        return static_cast<SocketHandle>(socket);
    const Failure failure = connectFailure(WSAGetLastError());
    closesocket(socket);
    return failure;
}

int connectError(SocketHandle socket) {
    int code = 0;
    int bytes = sizeof code;
    if (getsockopt(native(socket), SOL_SOCKET, SO_ERROR, reinterpret_cast<char *>(&code), &bytes) != 0)
        return errnoOf(WSAGetLastError());
    if (code != 0) return errnoOf(code);
    // No error is also what an undecided one says.
    NativeAddress peer;
    if (getpeername(native(socket), peer.pointer(), &peer.bytes) == 0) return 0;
    return WSAGetLastError() == WSAENOTCONN ? EINPROGRESS : errnoOf(WSAGetLastError());
}

// WSAPoll learned it with 10.0.19041.
bool pollerTellsFailedConnects() { return false; }

IoOutcome receive(SocketHandle socket, std::span<char> bytes) {
    const int count = recv(native(socket), bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), INT_MAX)), 0);
    if (count > 0) return {IoState::Done, static_cast<std::size_t>(count)};
    if (count == 0) return {bytes.empty() ? IoState::Done : IoState::Closed};
    return {WSAGetLastError() == WSAEWOULDBLOCK ? IoState::WouldBlock : IoState::Failed};
}

IoOutcome sendSlices(SocketHandle socket, std::span<const IoSlice> slices, bool) {
    std::array<WSABUF, kMaxSlices> buffers;
    const std::size_t used = std::min(slices.size(), kMaxSlices);
    for (std::size_t i = 0; i < used; ++i)
        buffers[i] = {static_cast<ULONG>(std::min<std::size_t>(slices[i].size, ULONG_MAX)), const_cast<char *>(slices[i].data)};
    DWORD moved = 0;
    if (WSASend(native(socket), buffers.data(), static_cast<DWORD>(used), &moved, 0, nullptr, nullptr) != 0)
        return ioFailure(WSAGetLastError());
    return {IoState::Done, moved};
}

IoOutcome sendBytes(SocketHandle socket, std::string_view bytes, bool more) {
    const IoSlice slice{bytes.data(), bytes.size()};
    return sendSlices(socket, {&slice, 1}, more);
}

void shutdownWrite(SocketHandle socket) { shutdown(native(socket), SD_SEND); }

void closeSocket(SocketHandle socket) { closesocket(native(socket)); }

void resetSocket(SocketHandle socket) {
    const linger none{1, 0};
    setsockopt(native(socket), SOL_SOCKET, SO_LINGER, reinterpret_cast<const char *>(&none), sizeof none);
    closesocket(native(socket));
}

// Memory is the only limit here; the number is one that nobody reaches.
std::size_t raiseDescriptorLimit() { return std::size_t{1} << 20; }

}  // namespace meerkat::os
