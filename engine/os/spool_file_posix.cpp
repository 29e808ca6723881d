#include "os/spool_file.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <unistd.h>

namespace meerkat::os {

namespace {

WriteState stateOf(int error) {
    if (error == ENOSPC || error == EDQUOT || error == EFBIG) return WriteState::NoRoom;
    return error == EMFILE || error == ENFILE ? WriteState::NoDescriptors : WriteState::Failed;
}

}  // namespace

std::unique_ptr<SpoolFile> SpoolFile::create(WriteState &state) {
    const char *folder = std::getenv("TMPDIR");
    const std::string path = std::string(folder && *folder ? folder : "/tmp") + "/" + unfinishedName();
    File file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    state = file.isOpen() ? WriteState::Done : stateOf(errno);
    if (!file.isOpen()) return nullptr;
    unlink(path.c_str());
    return std::unique_ptr<SpoolFile>(new SpoolFile(std::move(file)));
}

WriteState SpoolFile::append(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = write(static_cast<int>(m_file.handle()), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return count < 0 ? stateOf(errno) : WriteState::NoRoom;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return WriteState::Done;
}

}  // namespace meerkat::os
