#include "os/folder_posix.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>

namespace meerkat::os {

bool entryStatus(int folder, const char *name, struct stat &status, std::int64_t &createdNs) {
    createdNs = 0;
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return false;
#if defined(__APPLE__)
    createdNs = std::int64_t{status.st_birthtimespec.tv_sec} * 1'000'000'000 + status.st_birthtimespec.tv_nsec;
#elif defined(__FreeBSD__) || defined(__NetBSD__)
    createdNs = std::int64_t{status.st_birthtim.tv_sec} * 1'000'000'000 + status.st_birthtim.tv_nsec;
#endif
    // A file system that keeps none says -1, or a time of long ago.
    if (createdNs < 0) createdNs = 0;
    return true;
}

#if defined(__APPLE__)
bool renameWithoutReplacing(int from, const char *name, int to, const char *newName) {
    if (renameatx_np(from, name, to, newName, RENAME_EXCL) == 0) return true;
    if (errno == ENOTSUP || errno == EINVAL) errno = ENOSYS;
    return false;
}

bool renameExchanging(int folder, const char *name, const char *other) {
    if (renameatx_np(folder, name, folder, other, RENAME_SWAP) == 0) return true;
    if (errno == ENOTSUP || errno == EINVAL) errno = ENOSYS;
    return false;
}
#else
bool renameWithoutReplacing(int, const char *, int, const char *) {
    errno = ENOSYS;
    return false;
}

bool renameExchanging(int, const char *, const char *) {
    errno = ENOSYS;
    return false;
}
#endif

}  // namespace meerkat::os
