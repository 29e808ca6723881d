#include "os/new_file.h"

#include "os/file_posix.h"
#include "os/leftover.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace meerkat::os {

namespace {

// How often somebody who cleans up may come in between.
constexpr int kMostTries = 16;

WriteState stateOf(int error) {
    switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return WriteState::NoRoom;
    case EACCES:
    case EPERM:
    case EROFS:
        return WriteState::Refused;
    case ENAMETOOLONG:
    case EISDIR:
    case EINVAL:
    case EILSEQ:
    case ENOENT:
    case ELOOP:
    case ENXIO:
        return WriteState::Impossible;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
        return WriteState::NoDescriptors;
    default:
        return WriteState::Failed;
    }
}

WriteState stateOf(EditState state) {
    switch (state) {
    case EditState::Done:
        return WriteState::Done;
    case EditState::Exists:
    case EditState::NotEmpty:
        return WriteState::Exists;
    case EditState::Refused:
        return WriteState::Refused;
    case EditState::NoRoom:
        return WriteState::NoRoom;
    case EditState::NoDescriptors:
        return WriteState::NoDescriptors;
    case EditState::Absent:
    case EditState::Impossible:
        return WriteState::Impossible;
    case EditState::OtherVolume:
    case EditState::Failed:
        return WriteState::Failed;
    }
    return WriteState::Failed;
}

int descriptorOf(const File &file) { return static_cast<int>(file.handle()); }

// A lock lives as long as the file is open, and not longer than the process.
Holder lock(const File &file) {
    int result = 0;
    do result = flock(descriptorOf(file), LOCK_EX | LOCK_NB);
    while (result != 0 && errno == EINTR);
    if (result == 0) return Holder::Nobody;
    return errno == EWOULDBLOCK ? Holder::Somebody : Holder::Unknown;
}

// Somebody who cleans up may have taken it for a leftover before it was locked.
bool isStillThere(const File &file, struct stat &status) {
    return fstat(descriptorOf(file), &status) == 0 && status.st_nlink > 0;
}

bool isName(std::string_view name) {
    return !name.empty() && name != "." && name != ".." && name.find('/') == std::string_view::npos &&
           name.find('\0') == std::string_view::npos;
}

class PosixNewFile final : public NewFile {
  public:
    PosixNewFile(File folder, std::string name, std::string beside, File file)
        : m_folder(std::move(folder)), m_name(std::move(name)), m_beside(std::move(beside)), m_file(std::move(file)) {}
    ~PosixNewFile() override {
        if (!m_isFinished && !m_stays) unlinkat(descriptorOf(m_folder), m_beside.c_str(), 0);
    }

    void goOnFrom(std::uint64_t size) {
        m_size = size;
        m_stays = true;
    }
    std::uint64_t size() const override { return m_size; }
    WriteState append(std::string_view bytes) override;
    WriteState finish(Replacing replacing) override;
    void discard() override {
        m_stays = false;
        if (!m_isFinished) unlinkat(descriptorOf(m_folder), m_beside.c_str(), 0);
        m_isFinished = true;
    }
    const File &folder() const override { return m_folder; }

  private:
    File m_folder;
    std::string m_name;
    std::string m_beside;
    File m_file;
    std::uint64_t m_size = 0;
    bool m_stays = false;
    bool m_isFinished = false;
};

WriteState PosixNewFile::append(std::string_view bytes) {
    if (m_isFinished) return WriteState::Failed;
    while (!bytes.empty()) {
        const ssize_t count = write(descriptorOf(m_file), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return stateOf(count < 0 ? errno : ENOSPC);
        m_size += static_cast<std::uint64_t>(count);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return WriteState::Done;
}

// Renaming over a link replaces the link, not what it leads to. It is not waited for the disk: that would hold up everybody else.
WriteState PosixNewFile::finish(Replacing replacing) {
    struct stat old {};
    if (fstatat(descriptorOf(m_folder), m_name.c_str(), &old, AT_SYMLINK_NOFOLLOW) == 0) {
        if (replacing == Replacing::No) return WriteState::Exists;
        if (S_ISDIR(old.st_mode)) return WriteState::Impossible;
        if (S_ISREG(old.st_mode)) fchmod(descriptorOf(m_file), old.st_mode & 07777);
    }
    // Some file systems tell only now that there is no room. The second descriptor keeps the lock until the file has its name.
    const File second(fcntl(descriptorOf(m_file), F_DUPFD_CLOEXEC, 0));
    const int descriptor = static_cast<int>(m_file.release());
    if (close(descriptor) != 0 && errno != EINTR) return stateOf(errno);
    const WriteState state = replacing == Replacing::No ? stateOf(moveEntry(m_folder, m_beside, m_folder, m_name, Replacing::No))
                             : renameat(descriptorOf(m_folder), m_beside.c_str(), descriptorOf(m_folder), m_name.c_str()) == 0
                                 ? WriteState::Done
                                 : stateOf(errno);
    m_isFinished = state == WriteState::Done;
    return state;
}

// False, with `state`: nothing can be put there under that name.
bool canHold(const File &folder, std::string_view name, WriteState &state) {
    struct stat old {};
    const bool isFolder =
        isName(name) && fstatat(descriptorOf(folder), std::string(name).c_str(), &old, 0) == 0 && S_ISDIR(old.st_mode);
    state = isName(name) && !isFolder ? WriteState::Done : WriteState::Impossible;
    return state == WriteState::Done;
}

}  // namespace

std::unique_ptr<NewFile> NewFile::create(File folder, std::string_view name, WriteState &state) {
    if (!canHold(folder, name, state)) return nullptr;
    for (int tries = 0; tries < kMostTries; ++tries) {
        std::string beside = wholeName();
        const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
        File file(openat(descriptorOf(folder), beside.c_str(), flags, 0666));
        state = file.isOpen() ? WriteState::Done : stateOf(errno);
        if (!file.isOpen()) return nullptr;
        struct stat status {};
        if (lock(file) != Holder::Somebody && isStillThere(file, status))
            return std::make_unique<PosixNewFile>(std::move(folder), std::string(name), std::move(beside), std::move(file));
    }
    state = WriteState::Failed;
    return nullptr;
}

std::unique_ptr<NewFile> NewFile::resume(File folder, std::string_view name, std::string_view hidden, WriteState &state) {
    if (!canHold(folder, name, state) || !canHold(folder, hidden, state)) return nullptr;
    std::string beside(hidden);
    for (int tries = 0; tries < kMostTries; ++tries) {
        const int flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
        File file(openat(descriptorOf(folder), beside.c_str(), flags, 0666));
        state = file.isOpen() ? WriteState::Done : stateOf(errno);
        if (!file.isOpen()) return nullptr;
        state = lock(file) == Holder::Somebody ? WriteState::Busy : WriteState::Impossible;
        if (state == WriteState::Busy) return nullptr;
        struct stat status {};
        if (!isStillThere(file, status)) continue;
        if (!S_ISREG(status.st_mode)) return nullptr;
        state = WriteState::Done;
        auto resumed = std::make_unique<PosixNewFile>(std::move(folder), std::string(name), std::move(beside), std::move(file));
        resumed->goOnFrom(static_cast<std::uint64_t>(status.st_size));
        return resumed;
    }
    state = WriteState::Failed;
    return nullptr;
}

bool removeLeftover(const File &folder, std::string_view name, std::int64_t nowSeconds) {
    if (!isName(name) || (!isWholeName(name) && !isPieceName(name))) return false;
    const std::string beside(name);
    const int flags = O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    const File file(openat(descriptorOf(folder), beside.c_str(), flags));
    struct stat status {};
    if (!file.isOpen() || fstat(descriptorOf(file), &status) != 0 || !S_ISREG(status.st_mode)) return false;
    if (!isLeftover(name, infoFrom(status).modifiedNs, nowSeconds, lock(file))) return false;
    return unlinkat(descriptorOf(folder), beside.c_str(), 0) == 0;
}

}  // namespace meerkat::os
