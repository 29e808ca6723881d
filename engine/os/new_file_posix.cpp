#include "os/new_file.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace meerkat::os {

namespace {

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
        return WriteState::Impossible;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
        return WriteState::NoDescriptors;
    default:
        return WriteState::Failed;
    }
}

class PosixNewFile final : public NewFile {
  public:
    PosixNewFile(File folder, std::string name, std::string beside, File file)
        : m_folder(std::move(folder)), m_name(std::move(name)), m_beside(std::move(beside)), m_file(std::move(file)) {}
    ~PosixNewFile() override {
        if (!m_isFinished) unlinkat(folder(), m_beside.c_str(), 0);
    }

    WriteState append(std::string_view bytes) override;
    WriteState finish() override;

  private:
    int folder() const { return static_cast<int>(m_folder.handle()); }

    File m_folder;
    std::string m_name;
    std::string m_beside;
    File m_file;
    bool m_isFinished = false;
};

WriteState PosixNewFile::append(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = write(static_cast<int>(m_file.handle()), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return stateOf(count < 0 ? errno : ENOSPC);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return WriteState::Done;
}

// Renaming over a link replaces the link, not what it leads to. It is not waited for the disk: that would hold up everybody else.
WriteState PosixNewFile::finish() {
    struct stat old {};
    if (fstatat(folder(), m_name.c_str(), &old, AT_SYMLINK_NOFOLLOW) == 0) {
        if (S_ISDIR(old.st_mode)) return WriteState::Impossible;
        if (S_ISREG(old.st_mode)) fchmod(static_cast<int>(m_file.handle()), old.st_mode & 07777);
    }
    // Some file systems tell only now that there is no room.
    const int descriptor = static_cast<int>(m_file.release());
    if (close(descriptor) != 0 && errno != EINTR) return stateOf(errno);
    if (renameat(folder(), m_beside.c_str(), folder(), m_name.c_str()) != 0) return stateOf(errno);
    m_isFinished = true;
    return WriteState::Done;
}

}  // namespace

std::unique_ptr<NewFile> NewFile::create(File folder, std::string_view name, WriteState &state) {
    const bool isName = !name.empty() && name != "." && name != ".." && name.find('/') == std::string_view::npos &&
                        name.find('\0') == std::string_view::npos;
    struct stat old {};
    const int at = static_cast<int>(folder.handle());
    const bool isFolder = isName && fstatat(at, std::string(name).c_str(), &old, 0) == 0 && S_ISDIR(old.st_mode);
    if (!isName || isFolder) {
        state = WriteState::Impossible;
        return nullptr;
    }
    std::string beside = unfinishedName();
    File file(openat(at, beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
    state = file.isOpen() ? WriteState::Done : stateOf(errno);
    if (!file.isOpen()) return nullptr;
    return std::make_unique<PosixNewFile>(std::move(folder), std::string(name), std::move(beside), std::move(file));
}

}  // namespace meerkat::os
