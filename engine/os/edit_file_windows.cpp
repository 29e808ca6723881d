#include "os/edit_file.h"
#include "os/failures.h"
#include "os/file_windows.h"

#include <windows.h>

namespace meerkat::os {

namespace {

constexpr DWORD kLockWaitMs = 10;
constexpr int kLockTries = 1000;

Failure cannotChange(std::string_view path) {
    const Failure reason = systemFailure(static_cast<int>(GetLastError()));
    return {"The file " + quoted(path) + " cannot be changed: " + reason.text, reason.code};
}

HANDLE native(const File &file) { return reinterpret_cast<HANDLE>(file.handle()); }

File opened(const std::wstring &path, DWORD rights, DWORD share, DWORD how, DWORD flags) {
    return File(reinterpret_cast<std::intptr_t>(CreateFileW(path.c_str(), rights, share, nullptr, how, flags, nullptr)));
}

// A file beside it that only one process can have open, and that goes with its holder, killed or not.
File lockBeside(const std::wstring &path) {
    for (int tries = 0; tries < kLockTries; ++tries) {
        File lock =
            opened(path + L".lock", GENERIC_WRITE | DELETE, 0, CREATE_ALWAYS, FILE_ATTRIBUTE_HIDDEN | FILE_FLAG_DELETE_ON_CLOSE);
        const DWORD error = GetLastError();
        if (lock.isOpen() || (error != ERROR_SHARING_VIOLATION && error != ERROR_ACCESS_DENIED)) return lock;
        Sleep(kLockWaitMs);
    }
    return {};
}

bool readAll(const std::wstring &path, std::string &text) {
    const File file = opened(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, OPEN_EXISTING, 0);
    if (!file.isOpen()) return GetLastError() == ERROR_FILE_NOT_FOUND;
    const auto info = file.info();
    if (!info) return false;
    text.resize(static_cast<std::size_t>(info->size));
    const auto read = file.readAt(0, text);
    if (!read) return false;
    text.resize(*read);
    return true;
}

bool writeWhole(const std::wstring &path, std::string_view text) {
    const File file = opened(path, GENERIC_WRITE, 0, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL);
    DWORD written = 0;
    const auto size = static_cast<DWORD>(text.size());
    return file.isOpen() && WriteFile(native(file), text.data(), size, &written, nullptr) && written == size &&
           FlushFileBuffers(native(file));
}

bool replace(const std::wstring &path, std::string_view text) {
    const std::wstring beside = path + L".new";
    if (!writeWhole(beside, text)) return false;
    // ReplaceFile keeps the old file's rights; it wants an old file.
    if (ReplaceFileW(path.c_str(), beside.c_str(), nullptr, REPLACEFILE_IGNORE_MERGE_ERRORS, nullptr, nullptr)) return true;
    if (MoveFileExW(beside.c_str(), path.c_str(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)) return true;
    const DWORD error = GetLastError();
    DeleteFileW(beside.c_str());
    SetLastError(error);
    return false;
}

}  // namespace

Result<bool> editFile(std::string_view path, const TextChange &change) {
    const std::wstring name = nativePath(path);
    const File lock = lockBeside(name);
    std::string text;
    if (!lock.isOpen() || !readAll(name, text)) return cannotChange(path);
    const auto changed = change(text);
    if (!changed) return false;
    if (!replace(name, *changed)) return cannotChange(path);
    return true;
}

}  // namespace meerkat::os
