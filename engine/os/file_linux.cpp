// What Linux does better than POSIX: openat2, which resolves a path below a folder in one call, and its sendfile.
#include "os/beneath.h"
#include "os/copy_to_socket.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace meerkat::os {

namespace {

// While another process renames or mounts below, the kernel may be unable to tell whether a step stays below, and asks to try again.
constexpr int kMostTries = 64;
// sendfile moves no more than this in a call.
constexpr std::size_t kMostAtOnce = 0x7ffff000;

int openat2(int root, const char *path, int flags, std::uint64_t resolve) {
    open_how how{};
    how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
    how.resolve = resolve;
    int opened = -1;
    int tries = 0;
    // glibc has no function for it.
    do opened = static_cast<int>(syscall(SYS_openat2, root, path, &how, sizeof how));
    while (opened < 0 && errno == EAGAIN && ++tries < kMostTries);
    return opened < 0 ? -errno : opened;
}

}  // namespace

// An old kernel has no openat2; a container's filter may refuse it.
bool kernelResolvesBelow(int root) {
    if (std::getenv("MEERKAT_NO_OPENAT2")) return false;
    const int probe = openat2(root, ".", O_PATH, RESOLVE_BENEATH);
    if (probe >= 0) close(probe);
    return probe >= 0;
}

int openByKernel(int root, const std::string &path, int flags) {
    return openat2(root, path.empty() ? "." : path.c_str(), flags, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
}

int statByKernel(int root, const std::string &path, struct stat &status) {
    const int opened = openByKernel(root, path, O_PATH);
    if (opened < 0) return opened;
    const int result = fstat(opened, &status) == 0 ? 0 : -errno;
    close(opened);
    return result;
}

IoOutcome sendFileRange(SocketHandle socket, const File &file, std::uint64_t offset, std::size_t bytes, std::span<char> scratch) {
    off_t position = static_cast<off_t>(offset);
    ssize_t moved = 0;
    do moved = ::sendfile(static_cast<int>(socket), static_cast<int>(file.handle()), &position, std::min(bytes, kMostAtOnce));
    while (moved < 0 && errno == EINTR);
    if (moved >= 0) return {IoState::Done, static_cast<std::size_t>(moved)};
    if (errno == EAGAIN) return {IoState::WouldBlock};
    if (errno == EPIPE || errno == ECONNRESET) return {IoState::Closed};
    // Some file systems cannot.
    if (errno == EINVAL || errno == ENOSYS) return copyToSocket(socket, file, offset, bytes, scratch);
    return {IoState::Failed};
}

}  // namespace meerkat::os
