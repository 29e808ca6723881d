// What macOS and the BSDs have instead of Linux' calls: no resolution below a folder, and sendfile in two shapes or not at all.
#include "os/beneath.h"
#include "os/copy_to_socket.h"

#include <cerrno>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

namespace meerkat::os {

bool kernelResolvesBelow(int) { return false; }

int openByKernel(int, const std::string &, int) { return -ENOSYS; }

int statByKernel(int, const std::string &, struct stat &) { return -ENOSYS; }

#if defined(__APPLE__) || defined(__FreeBSD__)

namespace {

// Returns the error number; `moved` is set whether it failed or not: a full socket is told after what still went in.
int sendNow(int socket, int file, off_t offset, std::size_t bytes, off_t &moved) {
#ifdef __APPLE__
    moved = static_cast<off_t>(bytes);
    return ::sendfile(file, socket, offset, &moved, nullptr, 0) == 0 ? 0 : errno;
#else
    return ::sendfile(file, socket, offset, bytes, nullptr, &moved, 0) == 0 ? 0 : errno;
#endif
}

}  // namespace

IoOutcome sendFileRange(SocketHandle socket, const File &file, std::uint64_t offset, std::size_t bytes, std::span<char> scratch) {
    // To these systems a length of 0 means the whole rest.
    if (bytes == 0) return {IoState::Done, 0};
    off_t moved = 0;
    const int error =
        sendNow(static_cast<int>(socket), static_cast<int>(file.handle()), static_cast<off_t>(offset), bytes, moved);
    if (moved > 0 || error == 0) return {IoState::Done, static_cast<std::size_t>(moved)};
    if (error == EAGAIN || error == EINTR) return {IoState::WouldBlock};
    if (error == EPIPE || error == ECONNRESET || error == ENOTCONN) return {IoState::Closed};
    if (error == EINVAL || error == ENOTSUP || error == EOPNOTSUPP) return copyToSocket(socket, file, offset, bytes, scratch);
    return {IoState::Failed};
}

#else

IoOutcome sendFileRange(SocketHandle socket, const File &file, std::uint64_t offset, std::size_t bytes, std::span<char> scratch) {
    return copyToSocket(socket, file, offset, bytes, scratch);
}

#endif

}  // namespace meerkat::os
