// Below a root on POSIX systems. Three steps, of which most paths need the first alone:
// 1. The kernel resolves the path below the root's descriptor (openat2), or, where it cannot, we walk it. No link is followed.
// 2. A link is in the way: realpath says where it ends, which is also what the caller is told. Outside of the root: refused.
// 3. What realpath found is opened as in step 1. So whatever was swapped since, what is opened lies inside, and where it was said to lie.
#include "os/beneath.h"
#include "os/file_posix.h"
#include "os/failures.h"
#include "os/folder.h"
#include "os/relative_path.h"

#include <cerrno>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

namespace meerkat::os {

// `path` without links; empty with errno set if there is none.
static std::string realPath(const std::string &path) {
    const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr), &std::free);
    return real ? real.get() : std::string();
}

namespace {

// O_NONBLOCK: a pipe without a writer must not hold us up.
constexpr int kOpenFlags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
// How often a link may be swapped for another between two of our steps before we give up.
constexpr int kMostSwaps = 64;

OpenState stateOf(int error) {
    switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ELOOP:
    case ENAMETOOLONG:
    case EINVAL:
    case EILSEQ:
        return OpenState::NotFound;
    case EXDEV:
        return OpenState::Outside;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
        return OpenState::NoDescriptors;
    case EACCES:
    case EPERM:
    case ENXIO:
    case ENODEV:
    case EAGAIN:
        return OpenState::Refused;
    default:
        return OpenState::Failed;
    }
}

// A negative error says that there is nothing, or nothing below the root. Any other (no descriptors, no permission) leaves it open.
bool isAbsent(int error) { return error == -ENOENT || error == -ENOTDIR || error == -ENAMETOOLONG || error == -EXDEV; }

OpenState stateOf(std::string_view relative, const struct stat &status) {
    if (S_ISDIR(status.st_mode)) return OpenState::Opened;
    if (!S_ISREG(status.st_mode)) return OpenState::Refused;
    return relative.ends_with('/') ? OpenState::NotFound : OpenState::Opened;
}

struct CloseFolder {
    void operator()(DIR *folder) const { closedir(folder); }
};
using FolderStream = std::unique_ptr<DIR, CloseFolder>;

// Its own descriptor: reading moves the position, and the other is the caller's.
FolderStream streamOf(int folder) {
    File own(openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!own.isOpen()) return nullptr;
    FolderStream stream(fdopendir(static_cast<int>(own.handle())));
    if (stream) own.release();
    return stream;
}

class PosixRoot final : public Root {
  public:
    PosixRoot(std::string path, File folder)
        : m_path(std::move(path)), m_folder(std::move(folder)), m_byKernel(kernelResolvesBelow(descriptor())) {}

    OpenOutcome openBelow(std::string_view relative) const override;
    OpenOutcome lookBelow(std::string_view relative) const override;
    bool hasName(std::string_view relative) const override;
    OpenState list(const File &folder, std::string_view relative,
                   const std::function<bool(FolderEntry &&)> &visit) const override;
    bool isReachable() const override;
    std::unique_ptr<Root> again() const override;
    Result<std::string> whereItIs() const override;

  private:
    int descriptor() const { return static_cast<int>(m_folder.handle()); }
    int open(const std::string &path) const;
    int look(const std::string &path, struct stat &status) const;
    bool isLinkInTheWay(int result) const;
    int resolve(const std::string &path, std::string &resolved) const;
    template <class Step>
    int throughLinks(const std::string &path, std::string &where, Step step) const;
    bool lookAtEntry(int folder, const std::string &relative, FolderEntry &entry) const;

    std::string m_path;
    File m_folder;
    bool m_byKernel;
};

int PosixRoot::open(const std::string &path) const {
    return m_byKernel ? openByKernel(descriptor(), path, kOpenFlags) : openByWalking(descriptor(), path, kOpenFlags);
}

int PosixRoot::look(const std::string &path, struct stat &status) const {
    return m_byKernel ? statByKernel(descriptor(), path, status) : statByWalking(descriptor(), path, status);
}

bool PosixRoot::isLinkInTheWay(int result) const {
    if (m_byKernel) return result == -ELOOP;
    return result == -ELOOP || result == -ENOTDIR || result == -EMLINK;
}

// 0 with where the path ends, as a path below the root; or the negative error.
int PosixRoot::resolve(const std::string &path, std::string &resolved) const {
    std::string root = os::realPath(m_path);
    if (root.empty()) return -errno;
    const std::string real = os::realPath(m_path + "/" + path);
    if (real.empty()) return -errno;
    if (real == root) return resolved.clear(), 0;
    if (root != "/") root += '/';
    if (!real.starts_with(root)) return -EXDEV;
    resolved = real.substr(root.size());
    return 0;
}

template <class Step>
int PosixRoot::throughLinks(const std::string &path, std::string &where, Step step) const {
    int result = step(path);
    for (int swaps = 0; isLinkInTheWay(result) && swaps < kMostSwaps; ++swaps) {
        std::string resolved;
        if (const int error = resolve(path, resolved); error != 0) return error;
        result = step(resolved);
        where = "/" + resolved;
    }
    return result;
}

OpenOutcome PosixRoot::openBelow(std::string_view relative) const {
    if (const auto refusal = refusalOf(relative)) return {*refusal};
    std::string where;
    const int opened = throughLinks(std::string(relative), where, [&](const std::string &path) { return open(path); });
    if (opened < 0) return {stateOf(-opened)};
    File file(opened);
    struct stat status {};
    if (fstat(opened, &status) != 0) return {OpenState::Failed};
    const OpenState state = stateOf(relative, status);
    return {state, state == OpenState::Opened ? std::move(file) : File(), infoFrom(status), std::move(where)};
}

OpenOutcome PosixRoot::lookBelow(std::string_view relative) const {
    if (const auto refusal = refusalOf(relative)) return {*refusal};
    const std::string path(relative);
    struct stat status {};
    // A name in the root itself that is no link cannot lead anywhere else: one call instead of three.
    const bool isOneName = !path.empty() && path.find('/') == std::string::npos;
    const bool isFound = isOneName && fstatat(descriptor(), path.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
    if (isOneName && !isFound && errno == ENOENT) return {OpenState::NotFound};
    const bool isKnown = isFound && !S_ISLNK(status.st_mode);
    std::string where;
    if (!isKnown) {
        const int error = throughLinks(path, where, [&](const std::string &p) { return look(p, status); });
        if (error < 0) return {stateOf(-error)};
    }
    return {stateOf(relative, status), {}, infoFrom(status), std::move(where)};
}

bool PosixRoot::hasName(std::string_view relative) const {
    if (refusalOf(relative)) return false;
    const std::string path(relative);
    struct stat status {};
    const std::size_t slash = path.rfind('/');
    // A name in the root itself needs no descriptor to be looked at.
    if (slash == std::string::npos)
        return fstatat(descriptor(), path.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 || !isAbsent(-errno);
    int result = look(path, status);
    if (!isLinkInTheWay(result)) return !isAbsent(result);
    // The link may be the name itself, or a folder on the way to it.
    std::string folder;
    result = resolve(path.substr(0, slash), folder);
    if (result == 0) result = look(folder.empty() ? path.substr(slash + 1) : folder + path.substr(slash), status);
    return !isAbsent(result);
}

// False: the entry is to be left out.
bool PosixRoot::lookAtEntry(int folder, const std::string &relative, FolderEntry &entry) const {
    struct stat status {};
    if (fstatat(folder, entry.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return false;
    if (!S_ISLNK(status.st_mode)) return entry.info = infoFrom(status), true;
    OpenOutcome target = lookBelow(relative + entry.name);
    entry.info = target.info;
    entry.where = std::move(target.where);
    return target.state == OpenState::Opened;
}

OpenState PosixRoot::list(const File &folder, std::string_view relative, const std::function<bool(FolderEntry &&)> &visit) const {
    const FolderStream stream = streamOf(static_cast<int>(folder.handle()));
    if (!stream) return stateOf(errno);
    std::string prefix(relative);
    if (!prefix.empty() && !prefix.ends_with('/')) prefix += '/';
    while (true) {
        errno = 0;
        const dirent *next = readdir(stream.get());
        if (!next) return errno == 0 ? OpenState::Opened : stateOf(errno);
        FolderEntry entry{next->d_name, {}, {}};
        if (entry.name == "." || entry.name == ".." || !lookAtEntry(dirfd(stream.get()), prefix, entry)) continue;
        if (!visit(std::move(entry))) return OpenState::Opened;
    }
}

// A disk that was pulled out may still answer from memory until it is read.
bool PosixRoot::isReachable() const {
    File now(::open(m_path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!now.isOpen()) return stateOf(errno) == OpenState::NoDescriptors;
    const auto ours = m_folder.info();
    const auto theirs = now.info();
    if (!ours || !theirs || ours->volume != theirs->volume || ours->id != theirs->id) return false;
    const FolderStream stream = streamOf(static_cast<int>(now.handle()));
    if (!stream) return stateOf(errno) == OpenState::NoDescriptors;
    errno = 0;
    return readdir(stream.get()) || errno == 0;
}

std::unique_ptr<Root> PosixRoot::again() const {
    File folder = os::again(m_folder);
    return folder.isOpen() ? std::make_unique<PosixRoot>(m_path, std::move(folder)) : nullptr;
}

Result<std::string> PosixRoot::whereItIs() const {
    std::string real = realPath(m_path);
    if (real.empty()) return systemFailure(errno);
    return real == "/" ? std::string() : real;
}

std::string absolute(std::string_view path) {
    std::string name(path);
    if (name.starts_with('/')) return name;
    const std::unique_ptr<char, decltype(&std::free)> current(getcwd(nullptr, 0), &std::free);
    return current ? std::string(current.get()) + "/" + name : name;
}

Failure whyNotOpened(std::string_view path, int error) {
    const std::string folder = "The folder " + quoted(path) + " ";
    if (error == ENOENT) return {folder + "does not exist", error};
    if (error == ENOTDIR) return {quoted(path) + " is not a folder", error};
    if (error == EACCES) return {folder + "may not be read: permission denied", error};
    return {folder + "cannot be opened: " + systemFailure(error).text, error};
}

}  // namespace

Result<std::unique_ptr<Root>> Root::open(std::string_view path) {
    if (path.empty() || path.find('\0') != std::string_view::npos) return whyNotOpened(path, ENOENT);
    std::string name = absolute(path);
    File folder(::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.isOpen()) return whyNotOpened(path, errno);
    return std::unique_ptr<Root>(std::make_unique<PosixRoot>(std::move(name), std::move(folder)));
}

}  // namespace meerkat::os
