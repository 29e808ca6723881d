#include "os/file_posix.h"

#include "os/failures.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace meerkat::os {

namespace {

static_assert(sizeof(off_t) == 8, "files over 2 GB need 64 bit offsets");

std::int64_t nanoseconds(const timespec &time) { return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; }

FileKind kindOf(mode_t mode) {
    if (S_ISREG(mode)) return FileKind::Regular;
    return S_ISDIR(mode) ? FileKind::Folder : FileKind::Other;
}

}  // namespace

FileInfo infoFrom(const struct stat &status) {
    FileInfo info;
    info.kind = kindOf(status.st_mode);
    info.size = static_cast<std::uint64_t>(status.st_size);
#ifdef __APPLE__
    info.modifiedNs = nanoseconds(status.st_mtimespec);
    info.changedNs = nanoseconds(status.st_ctimespec);
#else
    info.modifiedNs = nanoseconds(status.st_mtim);
    info.changedNs = nanoseconds(status.st_ctim);
#endif
    info.volume = static_cast<std::uint64_t>(status.st_dev);
    info.id = static_cast<std::uint64_t>(status.st_ino);
    return info;
}

File::File(File &&other) noexcept : m_handle(std::exchange(other.m_handle, -1)) {}

File &File::operator=(File &&other) noexcept {
    std::swap(m_handle, other.m_handle);
    return *this;
}

File::~File() {
    if (m_handle != -1) close(static_cast<int>(m_handle));
}

bool isDescriptorLimit(int code) { return code == EMFILE || code == ENFILE; }

Result<File> File::openToRead(std::string_view path) {
    File file(::open(std::string(path).c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!file.isOpen()) return systemFailure(errno);
    return file;
}

Result<FileInfo> File::info() const {
    struct stat status {};
    if (fstat(static_cast<int>(m_handle), &status) != 0) return systemFailure(errno);
    return infoFrom(status);
}

Result<std::size_t> File::readAt(std::uint64_t offset, std::span<char> bytes) const {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto rest = bytes.subspan(done);
        const ssize_t count = pread(static_cast<int>(m_handle), rest.data(), rest.size(), static_cast<off_t>(offset + done));
        if (count == 0) break;
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return systemFailure(errno);
        done += static_cast<std::size_t>(count);
    }
    return done;
}

namespace {

class PosixAppendFile final : public AppendFile {
  public:
    PosixAppendFile(std::string path, File file) : m_path(std::move(path)), m_file(std::move(file)) {}

    std::size_t append(std::string_view bytes) override;
    bool wasMovedAway() const override;
    std::uint64_t size() const override;

  private:
    std::string m_path;
    File m_file;
};

// One write, so that lines of several programs do not mix; a second only where the disk took a part.
std::size_t PosixAppendFile::append(std::string_view bytes) {
    std::size_t written = 0;
    while (written < bytes.size()) {
        const ssize_t count = write(static_cast<int>(m_file.handle()), bytes.data() + written, bytes.size() - written);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        written += static_cast<std::size_t>(count);
    }
    return written;
}

bool PosixAppendFile::wasMovedAway() const {
    struct stat now {};
    if (stat(m_path.c_str(), &now) != 0) return true;
    struct stat ours {};
    return fstat(static_cast<int>(m_file.handle()), &ours) != 0 || now.st_dev != ours.st_dev || now.st_ino != ours.st_ino;
}

std::uint64_t PosixAppendFile::size() const {
    struct stat status {};
    const bool isRegular = fstat(static_cast<int>(m_file.handle()), &status) == 0 && S_ISREG(status.st_mode);
    return isRegular ? static_cast<std::uint64_t>(status.st_size) : 0;
}

}  // namespace

bool renameFile(std::string_view from, std::string_view to) {
    return std::rename(std::string(from).c_str(), std::string(to).c_str()) == 0;
}

// O_NONBLOCK: a pipe that nobody reads is refused, one that is full loses the line; neither may stop the engine.
Result<std::unique_ptr<AppendFile>> AppendFile::open(std::string_view path) {
    std::string name(path);
    File file(::open(name.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0640));
    if (!file.isOpen()) {
        const Failure reason = systemFailure(errno);
        return Failure{"The file " + quoted(path) + " cannot be written: " + reason.text, reason.code};
    }
    return std::unique_ptr<AppendFile>(std::make_unique<PosixAppendFile>(std::move(name), std::move(file)));
}

}  // namespace meerkat::os
