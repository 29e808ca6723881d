#include "os/small_file.h"

#include "os/failures.h"
#include "os/file_posix.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace meerkat::os {

namespace {

// From the environment, where it is an absolute path as the XDG specification asks for.
std::string absoluteFrom(const char *variable) {
    const char *value = std::getenv(variable);
    return value && *value == '/' ? value : "";
}

std::string homeFolder() {
    std::string home = absoluteFrom("HOME");
    if (!home.empty()) return home;
    const passwd *entry = getpwuid(geteuid());
    return entry && entry->pw_dir ? entry->pw_dir : "";
}

}  // namespace

// O_NONBLOCK: opening a pipe does not wait for its writer.
Result<SmallFile> readSmallFile(std::string_view path, std::size_t limit) {
    const File file(open(std::string(path).c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!file.isOpen()) return systemFailure(errno);
    auto info = file.info();
    if (!info) return info.failure();
    if (info->kind == FileKind::Folder) return systemFailure(EISDIR);
    if (info->kind != FileKind::Regular) return systemFailure(EINVAL);
    SmallFile small{std::string(static_cast<std::size_t>(std::min<std::uint64_t>(info->size, limit)), '\0'), *info};
    const auto read = file.readAt(0, small.text);
    if (!read) return read.failure();
    small.text.resize(*read);
    return small;
}

Result<FileInfo> lookAt(std::string_view path) {
    struct stat status {};
    if (stat(std::string(path).c_str(), &status) != 0) return systemFailure(errno);
    return infoFrom(status);
}

Result<bool> makeFolders(std::string_view path) {
    for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
        const std::string folder(path.substr(0, end));
        if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
            const int error = errno;
            // A folder that exists may stand where nothing can be made.
            struct stat status {};
            if (stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
                const Failure reason = systemFailure(error);
                return Failure{"The folder " + quoted(folder) + " cannot be made: " + reason.text, reason.code};
            }
        }
        if (end == std::string_view::npos) return true;
    }
}

std::string settingsFolder() {
#ifdef __APPLE__
    const std::string home = homeFolder();
    return home.empty() ? "" : home + "/Library/Application Support/meerkat";
#else
    const std::string configured = absoluteFrom("XDG_CONFIG_HOME");
    if (!configured.empty()) return configured + "/meerkat";
    const std::string home = homeFolder();
    return home.empty() ? "" : home + "/.config/meerkat";
#endif
}

}  // namespace meerkat::os
