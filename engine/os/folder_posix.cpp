#include "os/folder.h"

#include "base/text.h"
#include "os/file_posix.h"
#include "os/folder_posix.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <dirent.h>
#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace meerkat::os {

namespace {

int descriptorOf(const File &folder) { return static_cast<int>(folder.handle()); }

EditState stateOf(int error) {
    switch (error) {
    case ENOENT:
        return EditState::Absent;
    case EEXIST:
        return EditState::Exists;
    case ENOTEMPTY:
        return EditState::NotEmpty;
    case EXDEV:
        return EditState::OtherVolume;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EMLINK:
        return EditState::NoRoom;
    case EACCES:
    case EPERM:
    case EROFS:
    case EBUSY:
        return EditState::Refused;
    case ENAMETOOLONG:
    case EISDIR:
    case ENOTDIR:
    case EINVAL:
    case EILSEQ:
    case ELOOP:
    case ENXIO:
        return EditState::Impossible;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
        return EditState::NoDescriptors;
    default:
        return EditState::Failed;
    }
}

EditState outcomeOf(bool isDone) { return isDone ? EditState::Done : stateOf(errno); }

bool isName(std::string_view name) {
    return !name.empty() && name != "." && name != ".." && name.find('/') == std::string_view::npos &&
           name.find('\0') == std::string_view::npos;
}

EntryKind kindOf(mode_t mode) {
    if (S_ISREG(mode)) return EntryKind::File;
    if (S_ISDIR(mode)) return EntryKind::Folder;
    return S_ISLNK(mode) ? EntryKind::Link : EntryKind::Other;
}

// O_NONBLOCK: a pipe without a writer must not hold us up.
File openIn(const File &folder, std::string_view name, int flags, EditState &state) {
    state = EditState::Impossible;
    if (!isName(name)) return {};
    const int how = flags | O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    File opened(openat(descriptorOf(folder), std::string(name).c_str(), how));
    state = opened.isOpen() ? EditState::Done : stateOf(errno);
    return opened;
}

class PosixFolderReader final : public FolderReader {
  public:
    explicit PosixFolderReader(DIR *stream) : m_stream(stream) {}
    ~PosixFolderReader() override { closedir(m_stream); }
    PosixFolderReader(const PosixFolderReader &) = delete;
    PosixFolderReader &operator=(const PosixFolderReader &) = delete;

    std::optional<std::string> next() override;
    bool hasFailed() const override { return m_hasFailed; }
    void rewind() override {
        rewinddir(m_stream);
        m_hasFailed = false;
    }

  private:
    DIR *m_stream;
    bool m_hasFailed = false;
};

std::optional<std::string> PosixFolderReader::next() {
    while (true) {
        errno = 0;
        const dirent *entry = readdir(m_stream);
        m_hasFailed = !entry && errno != 0;
        if (!entry) return std::nullopt;
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..") return std::string(name);
    }
}

}  // namespace

Entry entryIn(const File &folder, std::string_view name) {
    Entry entry;
    struct stat status {};
    if (!isName(name) || !entryStatus(descriptorOf(folder), std::string(name).c_str(), status, entry.createdNs)) return {};
    entry.kind = kindOf(status.st_mode);
    entry.info = infoFrom(status);
    return entry;
}

File openFolderIn(const File &folder, std::string_view name, EditState &state) {
    return openIn(folder, name, O_DIRECTORY, state);
}

File openFileIn(const File &folder, std::string_view name, EditState &state) {
    File file = openIn(folder, name, 0, state);
    if (!file.isOpen()) return {};
    const auto info = file.info();
    if (info && info->kind == FileKind::Regular) return file;
    state = info ? EditState::Impossible : EditState::Failed;
    return {};
}

EditState makeFolderIn(const File &folder, std::string_view name) {
    if (!isName(name)) return EditState::Impossible;
    return outcomeOf(mkdirat(descriptorOf(folder), std::string(name).c_str(), 0777) == 0);
}

EditState removeFileIn(const File &folder, std::string_view name) {
    if (!isName(name)) return EditState::Impossible;
    return outcomeOf(unlinkat(descriptorOf(folder), std::string(name).c_str(), 0) == 0);
}

// Some systems say of a folder with something in it that it exists.
EditState removeFolderIn(const File &folder, std::string_view name) {
    if (!isName(name)) return EditState::Impossible;
    if (unlinkat(descriptorOf(folder), std::string(name).c_str(), AT_REMOVEDIR) == 0) return EditState::Done;
    return errno == EEXIST ? EditState::NotEmpty : stateOf(errno);
}

EditState moveEntry(const File &from, std::string_view name, const File &to, std::string_view newName, Replacing replacing) {
    if (!isName(name) || !isName(newName)) return EditState::Impossible;
    const std::string old(name), next(newName);
    if (replacing == Replacing::No) {
        if (renameWithoutReplacing(descriptorOf(from), old.c_str(), descriptorOf(to), next.c_str())) return EditState::Done;
        if (errno != ENOSYS) return stateOf(errno);
        // Without such a call nothing but another program's luck with the moment could come in between.
        struct stat status {};
        if (fstatat(descriptorOf(to), next.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) return EditState::Exists;
    }
    return outcomeOf(renameat(descriptorOf(from), old.c_str(), descriptorOf(to), next.c_str()) == 0);
}

EditState swapEntries(const File &folder, std::string_view name, std::string_view other) {
    if (!isName(name) || !isName(other)) return EditState::Impossible;
    if (renameExchanging(descriptorOf(folder), std::string(name).c_str(), std::string(other).c_str())) return EditState::Done;
    return errno == ENOSYS ? EditState::Impossible : stateOf(errno);
}

std::optional<Room> roomOf(const File &folder) {
    struct statvfs disk {};
    if (fstatvfs(descriptorOf(folder), &disk) != 0) return std::nullopt;
    const std::uint64_t unit = disk.f_frsize ? disk.f_frsize : disk.f_bsize;
    return Room{disk.f_bavail * unit, (disk.f_blocks - disk.f_bfree) * unit};
}

File again(const File &folder) { return File(fcntl(descriptorOf(folder), F_DUPFD_CLOEXEC, 0)); }

// macOS' own file systems take names for one that differ in case.
std::string comparablePath(std::string path) {
#ifdef __APPLE__
    std::transform(path.begin(), path.end(), path.begin(), lowerAscii);
#endif
    return path;
}

// Its own descriptor: reading moves the position, and the other is the caller's.
std::unique_ptr<FolderReader> FolderReader::open(const File &folder, EditState &state) {
    File own(openat(descriptorOf(folder), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    state = own.isOpen() ? EditState::Done : stateOf(errno);
    if (!own.isOpen()) return nullptr;
    DIR *stream = fdopendir(descriptorOf(own));
    if (!stream) {
        state = stateOf(errno);
        return nullptr;
    }
    own.release();
    return std::make_unique<PosixFolderReader>(stream);
}

}  // namespace meerkat::os
