#include "os/failures.h"
#include "os/native_sockets.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <fcntl.h>
#include <limits>
#include <sys/resource.h>
#include <sys/uio.h>
#include <unistd.h>
#ifdef __APPLE__
#include <sys/syslimits.h>
#endif

namespace meerkat::os {

namespace {

#ifdef MSG_NOSIGNAL
constexpr int kNoSignal = MSG_NOSIGNAL;
#else
constexpr int kNoSignal = 0;
#endif
#ifdef MSG_MORE
constexpr int kMore = MSG_MORE;
#else
constexpr int kMore = 0;
#endif

int fd(SocketHandle socket) { return static_cast<int>(socket); }

bool setFlag(int socket, int level, int name, int value = 1) {
    return setsockopt(socket, level, name, &value, sizeof value) == 0;
}

// What systems without SOCK_NONBLOCK and MSG_NOSIGNAL need on each socket.
[[maybe_unused]] void makeWellBehaved(int socket) {
    fcntl(socket, F_SETFD, FD_CLOEXEC);
    fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK);
#ifdef SO_NOSIGPIPE
    setFlag(socket, SOL_SOCKET, SO_NOSIGPIPE);
#endif
}

int newStreamSocket(int family) {
#ifdef SOCK_CLOEXEC
    return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
#else
    const int made = socket(family, SOCK_STREAM, IPPROTO_TCP);
    if (made >= 0) makeWellBehaved(made);
    return made;
#endif
}

// Linux gives an accepted socket its listener's TCP_NODELAY, and takes its flags with the call; elsewhere each is asked for.
int acceptWellBehaved(int listener, NativeAddress &peer) {
#ifdef __linux__
    return accept4(listener, peer.pointer(), &peer.bytes, SOCK_NONBLOCK | SOCK_CLOEXEC);
#else
    const int accepted = accept(listener, peer.pointer(), &peer.bytes);
    if (accepted < 0) return accepted;
    makeWellBehaved(accepted);
    setFlag(accepted, IPPROTO_TCP, TCP_NODELAY);
    return accepted;
#endif
}

bool isOutOfDescriptors(int code) { return code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM; }

AcceptState acceptFailure(int code) {
    if (code == EAGAIN || code == EWOULDBLOCK) return AcceptState::NothingWaiting;
    if (isOutOfDescriptors(code)) return AcceptState::DescriptorLimit;
    // Errors of the listener itself would come again for ever.
    const bool isOfListener = code == EBADF || code == EINVAL || code == ENOTSOCK || code == EOPNOTSUPP || code == EFAULT;
    return isOfListener ? AcceptState::NothingWaiting : AcceptState::TryAgain;
}

IoOutcome ioFailure(int code) {
    if (code == EAGAIN || code == EWOULDBLOCK) return {IoState::WouldBlock};
    return {code == EPIPE || code == ECONNRESET ? IoState::Closed : IoState::Failed};
}

IoOutcome sent(ssize_t bytes) { return bytes < 0 ? ioFailure(errno) : IoOutcome{IoState::Done, static_cast<std::size_t>(bytes)}; }

bool bindAndListen(int socket, const Endpoint &endpoint, bool dualStack) {
    setFlag(socket, SOL_SOCKET, SO_REUSEADDR);
    setFlag(socket, IPPROTO_TCP, TCP_NODELAY);
    if (!endpoint.isIpv4() && !setFlag(socket, IPPROTO_IPV6, IPV6_V6ONLY, dualStack ? 0 : 1)) return false;
    NativeAddress address = toNative(endpoint);
    // The system cuts the backlog to its own most (net.core.somaxconn, kern.ipc.somaxconn).
    return bind(socket, address.pointer(), address.bytes) == 0 && listen(socket, 65535) == 0;
}

Result<SocketHandle> listenOnOne(const Endpoint &endpoint, bool dualStack) {
    const int socket = newStreamSocket(endpoint.isIpv4() ? AF_INET : AF_INET6);
    if (socket < 0) return systemFailure(errno);
    if (bindAndListen(socket, endpoint, dualStack)) return SocketHandle{socket};
    const Failure failure = systemFailure(errno);
    close(socket);
    return failure;
}

static_assert(sizeof(IoSlice) == sizeof(iovec) && offsetof(IoSlice, data) == offsetof(iovec, iov_base) &&
              offsetof(IoSlice, size) == offsetof(iovec, iov_len));

}  // namespace

void prepareSockets() { std::signal(SIGPIPE, SIG_IGN); }

Result<SocketHandle> listenOn(const Endpoint &endpoint, bool dualStack) {
    auto listener = listenOnOne(endpoint, dualStack);
    const bool lacksIpv6 = !listener && (listener.failure().code == EAFNOSUPPORT || listener.failure().code == EADDRNOTAVAIL);
    return dualStack && lacksIpv6 ? listenOnOne(anyIpv4(endpoint.port), false) : std::move(listener);
}

Result<SocketHandle> shareListener(SocketHandle listener) {
    int listens = 0;
    socklen_t bytes = sizeof listens;
    if (getsockopt(fd(listener), SOL_SOCKET, SO_ACCEPTCONN, &listens, &bytes) != 0) return systemFailure(errno);
    if (!listens) return systemFailure(EINVAL);
    const int shared = fcntl(fd(listener), F_DUPFD_CLOEXEC, 0);
    if (shared < 0) return systemFailure(errno);
    fcntl(shared, F_SETFL, fcntl(shared, F_GETFL) | O_NONBLOCK);
    setFlag(shared, IPPROTO_TCP, TCP_NODELAY);
    return SocketHandle{shared};
}

bool isAddressInUse(int code) { return code == EADDRINUSE; }

bool isAddressForbidden(int code) { return code == EACCES || code == EPERM; }

Endpoint localEndpoint(SocketHandle socket) {
    NativeAddress address;
    return getsockname(fd(socket), address.pointer(), &address.bytes) == 0 ? fromNative(address) : Endpoint{};
}

AcceptOutcome acceptOne(SocketHandle listener) {
    NativeAddress peer;
    const int accepted = acceptWellBehaved(fd(listener), peer);
    if (accepted < 0) return {acceptFailure(errno), kNoSocket, {}};
    return {AcceptState::Accepted, accepted, fromNative(peer)};
}

Result<SocketHandle> beginConnect(const Endpoint &peer) {
    const int socket = newStreamSocket(peer.isIpv4() ? AF_INET : AF_INET6);
    if (socket < 0) return systemFailure(errno);
    setFlag(socket, IPPROTO_TCP, TCP_NODELAY);
    NativeAddress address = toNative(peer);
    // One that a signal broke off goes on by itself, like one that would block.
    if (connect(socket, address.pointer(), address.bytes) == 0 || errno == EINPROGRESS || errno == EINTR)
        return SocketHandle{socket};
    const Failure failure = systemFailure(errno);
    close(socket);
    return failure;
}

int connectError(SocketHandle socket) {
    int code = 0;
    socklen_t bytes = sizeof code;
    if (getsockopt(fd(socket), SOL_SOCKET, SO_ERROR, &code, &bytes) != 0) return errno;
    if (code != 0) return code;
    // No error is also what an undecided one says.
    NativeAddress peer;
    if (getpeername(fd(socket), peer.pointer(), &peer.bytes) == 0) return 0;
    return errno == ENOTCONN ? EINPROGRESS : errno;
}

bool pollerTellsFailedConnects() { return true; }

IoOutcome receive(SocketHandle socket, std::span<char> bytes) {
    ssize_t count = 0;
    do count = recv(fd(socket), bytes.data(), bytes.size(), 0);
    while (count < 0 && errno == EINTR);
    if (count > 0) return {IoState::Done, static_cast<std::size_t>(count)};
    if (count == 0) return {bytes.empty() ? IoState::Done : IoState::Closed};
    return errno == EAGAIN || errno == EWOULDBLOCK ? IoOutcome{IoState::WouldBlock} : IoOutcome{IoState::Failed};
}

IoOutcome sendSlices(SocketHandle socket, std::span<const IoSlice> slices, bool more) {
    if (slices.size() == 1) return sendBytes(socket, {slices[0].data, slices[0].size}, more);
    msghdr message{};
    // sendmsg only reads; its structure is older than const.
    message.msg_iov = reinterpret_cast<iovec *>(const_cast<IoSlice *>(slices.data()));
    message.msg_iovlen = static_cast<decltype(message.msg_iovlen)>(std::min(slices.size(), kMaxSlices));
    ssize_t count = 0;
    do count = sendmsg(fd(socket), &message, kNoSignal | (more ? kMore : 0));
    while (count < 0 && errno == EINTR);
    return sent(count);
}

IoOutcome sendBytes(SocketHandle socket, std::string_view bytes, bool more) {
    ssize_t count = 0;
    do count = send(fd(socket), bytes.data(), bytes.size(), kNoSignal | (more ? kMore : 0));
    while (count < 0 && errno == EINTR);
    return sent(count);
}

void shutdownWrite(SocketHandle socket) { shutdown(fd(socket), SHUT_WR); }

void closeSocket(SocketHandle socket) { close(fd(socket)); }

void resetSocket(SocketHandle socket) {
    const linger none{1, 0};
    setsockopt(fd(socket), SOL_SOCKET, SO_LINGER, &none, sizeof none);
    close(fd(socket));
}

std::size_t raiseDescriptorLimit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 256;
    rlimit raised = limit;
    raised.rlim_cur = raised.rlim_max;
#ifdef __APPLE__
    // The hard limit reads as endless there, and is refused above this.
    raised.rlim_cur = std::min<rlim_t>(raised.rlim_max, OPEN_MAX);
#endif
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
    return static_cast<std::size_t>(std::min<rlim_t>(limit.rlim_cur, std::numeric_limits<int>::max()));
}

}  // namespace meerkat::os
