#include "os/edit_file.h"
#include "os/failures.h"
#include "os/file.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace meerkat::os {

namespace {

Failure cannotChange(std::string_view path) {
    const Failure reason = systemFailure(errno);
    return {"The file " + quoted(path) + " cannot be changed: " + reason.text, reason.code};
}

// Renaming over a link would replace the link.
std::string withoutLinks(std::string_view path) {
    const std::string name(path);
    const std::unique_ptr<char, decltype(&std::free)> real(realpath(name.c_str(), nullptr), &std::free);
    return real ? std::string(real.get()) : name;
}

bool isStillAt(int file, const std::string &path) {
    struct stat ours {
    }, now{};
    return fstat(file, &ours) == 0 && stat(path.c_str(), &now) == 0 && ours.st_dev == now.st_dev && ours.st_ino == now.st_ino;
}

// The file, locked; with `how` O_CREAT it is made. Who waited for the lock may hold a file that the other editor has replaced meanwhile: then again.
File openLocked(const std::string &path, int how) {
    for (;;) {
        File file(open(path.c_str(), O_RDWR | how | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600));
        if (!file.isOpen()) return {};
        // A device or a pipe would be replaced by a file.
        const auto info = file.info();
        if (!info || info->kind != FileKind::Regular) {
            errno = EINVAL;
            return {};
        }
        const int descriptor = static_cast<int>(file.handle());
        int locked = 0;
        do locked = flock(descriptor, LOCK_EX);
        while (locked != 0 && errno == EINTR);
        if (locked != 0) return {};
        if (isStillAt(descriptor, path)) return file;
    }
}

bool readAll(const File &file, std::string &text) {
    const auto info = file.info();
    if (!info) return false;
    text.resize(static_cast<std::size_t>(info->size));
    const auto read = file.readAt(0, text);
    if (!read) return false;
    text.resize(*read);
    return true;
}

bool writeAll(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = write(file, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return fsync(file) == 0;
}

// The new name lasts once the folder is on the disk too.
void flushFolderOf(const std::string &path) {
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const File opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.isOpen()) fsync(static_cast<int>(opened.handle()));
}

bool replace(const File &old, const std::string &path, std::string_view text) {
    struct stat status {};
    if (fstat(static_cast<int>(old.handle()), &status) != 0) return false;
    // One name for all: whoever holds the lock is alone, so that what lies there is of an editor that was killed.
    const std::string beside = path + ".unfinished";
    unlink(beside.c_str());
    const File file(open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file.isOpen()) return false;
    const int descriptor = static_cast<int>(file.handle());
    // Only the administrator may give a file away; others keep what they may.
    const bool isOwned = fchown(descriptor, status.st_uid, status.st_gid) == 0 || errno == EPERM;
    const bool isWhole = isOwned && fchmod(descriptor, status.st_mode & 07777) == 0 && writeAll(descriptor, text);
    if (isWhole && rename(beside.c_str(), path.c_str()) == 0) {
        flushFolderOf(path);
        return true;
    }
    const int error = errno;
    unlink(beside.c_str());
    errno = error;
    return false;
}

}  // namespace

Result<bool> editFile(std::string_view path, const TextChange &change) {
    const std::string name = withoutLinks(path);
    File file = openLocked(name, 0);
    std::string text;
    if (!file.isOpen() && errno == ENOENT) {
        // An empty file may mean something else than none: it is made only for a text.
        if (!change(text)) return false;
        file = openLocked(name, O_CREAT);
    }
    if (!file.isOpen() || !readAll(file, text)) return cannotChange(path);
    const auto changed = change(text);
    if (!changed) return false;
    if (!replace(file, name, *changed)) return cannotChange(path);
    return true;
}

}  // namespace meerkat::os
