#include "os/beneath.h"

#include "os/file.h"

#include <cerrno>
#include <fcntl.h>
#include <optional>

namespace meerkat::os {

namespace {

// To pass through a folder takes the right to search it, not to read it; not every system can open one for that alone.
#if defined(O_PATH)
constexpr int kPassThrough = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
#elif defined(O_SEARCH)
constexpr int kPassThrough = O_SEARCH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
#else
constexpr int kPassThrough = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
#endif

// The folder that holds the last segment, and that segment.
struct LastStep {
    int root;
    File folder;  // not open: the root itself
    std::string name;
    int descriptor() const { return folder.isOpen() ? static_cast<int>(folder.handle()) : root; }
};

// 0, or the negative error. Empty segments are passed over as the kernel does.
int walkToLast(int root, const std::string &path, LastStep &step) {
    step.root = root;
    std::size_t at = path.find_first_not_of('/');
    while (at != std::string::npos) {
        const std::size_t end = path.find('/', at);
        const std::size_t next = path.find_first_not_of('/', end);
        step.name = path.substr(at, end - at);
        if (next == std::string::npos) return 0;
        const int folder = openat(step.descriptor(), step.name.c_str(), kPassThrough);
        if (folder < 0) return -errno;
        step.folder = File(folder);
        at = next;
    }
    step.name = ".";
    return 0;
}

}  // namespace

int openByWalking(int root, const std::string &path, int flags) {
    LastStep step;
    if (const int error = walkToLast(root, path, step); error != 0) return error;
    const int opened = openat(step.descriptor(), step.name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC);
    return opened < 0 ? -errno : opened;
}

int statByWalking(int root, const std::string &path, struct stat &status) {
    LastStep step;
    if (const int error = walkToLast(root, path, step); error != 0) return error;
    if (fstatat(step.descriptor(), step.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return -errno;
    return S_ISLNK(status.st_mode) ? -ELOOP : 0;
}

}  // namespace meerkat::os
