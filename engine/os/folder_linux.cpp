#include "os/folder_posix.h"

#include <cerrno>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace meerkat::os {

namespace {

// glibc's own is younger than some systems that this is built on.
bool renameWithFlags(int from, const char *name, int to, const char *newName, unsigned int flags) {
    if (syscall(SYS_renameat2, from, name, to, newName, flags) == 0) return true;
    // Some file systems know the call, but not this flag.
    if (errno == EINVAL) errno = ENOSYS;
    return false;
}

}  // namespace

bool entryStatus(int folder, const char *name, struct stat &status, std::int64_t &createdNs) {
    createdNs = 0;
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return false;
    struct statx more {};
    const bool isTold = statx(folder, name, AT_SYMLINK_NOFOLLOW, STATX_BTIME, &more) == 0 && (more.stx_mask & STATX_BTIME) != 0;
    if (isTold) createdNs = std::int64_t{more.stx_btime.tv_sec} * 1'000'000'000 + more.stx_btime.tv_nsec;
    return true;
}

bool renameWithoutReplacing(int from, const char *name, int to, const char *newName) {
    return renameWithFlags(from, name, to, newName, RENAME_NOREPLACE);
}

bool renameExchanging(int folder, const char *name, const char *other) {
    return renameWithFlags(folder, name, folder, other, RENAME_EXCHANGE);
}

}  // namespace meerkat::os
