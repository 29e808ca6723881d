#include "os/new_file.h"

#include "os/file_windows.h"
#include "os/windows_names.h"

#include <algorithm>

namespace meerkat::os {

namespace {

WriteState stateOf(DWORD error) {
    switch (error) {
    case ERROR_DISK_FULL:
    case ERROR_HANDLE_DISK_FULL:
        return WriteState::NoRoom;
    case ERROR_ACCESS_DENIED:
    case ERROR_SHARING_VIOLATION:
    case ERROR_WRITE_PROTECT:
        return WriteState::Refused;
    case ERROR_INVALID_NAME:
    case ERROR_FILENAME_EXCED_RANGE:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_FILE_NOT_FOUND:
        return WriteState::Impossible;
    case ERROR_TOO_MANY_OPEN_FILES:
    case ERROR_NOT_ENOUGH_MEMORY:
        return WriteState::NoDescriptors;
    default:
        return WriteState::Failed;
    }
}

// Where an open folder lies, with the prefix that turns Windows' own reading of names off.
std::wstring pathOf(const File &folder) {
    const DWORD needed = GetFinalPathNameByHandleW(nativeHandle(folder), nullptr, 0, FILE_NAME_NORMALIZED | VOLUME_NAME_DOS);
    std::wstring path(needed + 1, L'\0');
    path.resize(GetFinalPathNameByHandleW(nativeHandle(folder), path.data(), needed + 1, FILE_NAME_NORMALIZED | VOLUME_NAME_DOS));
    if (!path.empty() && !path.ends_with(L'\\')) path += L'\\';
    return path;
}

class WindowsNewFile final : public NewFile {
  public:
    WindowsNewFile(std::wstring path, std::wstring beside, File file)
        : m_path(std::move(path)), m_beside(std::move(beside)), m_file(std::move(file)) {}
    ~WindowsNewFile() override {
        m_file = File();
        if (!m_isFinished) DeleteFileW(m_beside.c_str());
    }

    WriteState append(std::string_view bytes) override;
    WriteState finish() override;

  private:
    std::wstring m_path;
    std::wstring m_beside;
    File m_file;
    bool m_isFinished = false;
};

WriteState WindowsNewFile::append(std::string_view bytes) {
    while (!bytes.empty()) {
        DWORD count = 0;
        const auto wanted = static_cast<DWORD>(std::min<std::size_t>(bytes.size(), 1u << 30));
        if (!WriteFile(nativeHandle(m_file), bytes.data(), wanted, &count, nullptr)) return stateOf(GetLastError());
        bytes.remove_prefix(count);
    }
    return WriteState::Done;
}

WriteState WindowsNewFile::finish() {
    m_file = File();
    if (!MoveFileExW(m_beside.c_str(), m_path.c_str(), MOVEFILE_REPLACE_EXISTING)) return stateOf(GetLastError());
    m_isFinished = true;
    return WriteState::Done;
}

}  // namespace

std::unique_ptr<NewFile> NewFile::create(File folder, std::string_view name, WriteState &state) {
    const std::wstring at = pathOf(folder);
    const auto wide = toWide(name);
    const std::wstring path = at + wide.value_or(L"");
    const DWORD old = GetFileAttributesW(path.c_str());
    const bool isFolder = old != INVALID_FILE_ATTRIBUTES && (old & FILE_ATTRIBUTE_DIRECTORY);
    state = WriteState::Impossible;
    if (at.empty() || !wide || !isPlainWindowsName(name) || mayBeShortName(name) || isFolder) return nullptr;
    const std::wstring beside = at + toWide(unfinishedName()).value_or(L"");
    const HANDLE opened =
        CreateFileW(beside.c_str(), GENERIC_WRITE, FILE_SHARE_DELETE, nullptr, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, nullptr);
    File file(reinterpret_cast<std::intptr_t>(opened));
    state = file.isOpen() ? WriteState::Done : stateOf(GetLastError());
    if (!file.isOpen()) return nullptr;
    return std::make_unique<WindowsNewFile>(path, beside, std::move(file));
}

}  // namespace meerkat::os
