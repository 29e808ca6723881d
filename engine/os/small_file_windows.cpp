#include "os/small_file.h"

#include "os/failures.h"
#include "os/file_windows.h"

#include <algorithm>

namespace meerkat::os {

namespace {

Failure lastFailure() { return systemFailure(static_cast<int>(GetLastError())); }

bool isFolder(const std::wstring &path) {
    const DWORD attributes = GetFileAttributesW(path.c_str());
    return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY);
}

}  // namespace

Result<SmallFile> readSmallFile(std::string_view path, std::size_t limit) {
    const File file = openShared(nativePath(path), GENERIC_READ);
    if (!file.isOpen()) return lastFailure();
    auto info = file.info();
    if (!info) return info.failure();
    if (info->kind != FileKind::Regular) return systemFailure(ERROR_ACCESS_DENIED);
    SmallFile small{std::string(static_cast<std::size_t>(std::min<std::uint64_t>(info->size, limit)), '\0'), *info};
    const auto read = file.readAt(0, small.text);
    if (!read) return read.failure();
    small.text.resize(*read);
    return small;
}

Result<FileInfo> lookAt(std::string_view path) {
    const File file = openShared(nativePath(path), FILE_READ_ATTRIBUTES);
    if (!file.isOpen()) return lastFailure();
    return file.info();
}

// A folder inherits the rights of the one that it is made in: below a user's own, they are the user's.
Result<bool> makeFolders(std::string_view path) {
    for (std::size_t end = path.find_first_of("/\\", 3);; end = path.find_first_of("/\\", end + 1)) {
        const std::string_view folder = path.substr(0, end);
        const std::wstring name = nativePath(folder);
        if (!CreateDirectoryW(name.c_str(), nullptr) && !isFolder(name)) {
            const Failure reason = lastFailure();
            return Failure{"The folder " + quoted(folder) + " cannot be made: " + reason.text, reason.code};
        }
        if (end == std::string_view::npos) return true;
    }
}

std::string settingsFolder() {
    std::wstring value(32768, L'\0');
    value.resize(GetEnvironmentVariableW(L"APPDATA", value.data(), static_cast<DWORD>(value.size())));
    std::string folder = toUtf8(value).value_or("");
    std::replace(folder.begin(), folder.end(), '\\', '/');
    return folder.empty() ? "" : folder + "/meerkat";
}

}  // namespace meerkat::os
