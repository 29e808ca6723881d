#include "os/new_file.h"

#include "os/file_windows.h"
#include "os/leftover.h"
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
    case ERROR_ALREADY_EXISTS:
    case ERROR_FILE_EXISTS:
        return WriteState::Exists;
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
    WindowsNewFile(File folder, std::wstring path, std::wstring beside, File file)
        : m_folder(std::move(folder)), m_path(std::move(path)), m_beside(std::move(beside)), m_file(std::move(file)) {}
    ~WindowsNewFile() override {
        m_file = File();
        if (!m_isFinished && !m_stays) DeleteFileW(m_beside.c_str());
    }

    void goOnFrom(std::uint64_t size) {
        m_size = size;
        m_stays = true;
    }
    std::uint64_t size() const override { return m_size; }
    WriteState append(std::string_view bytes) override;
    WriteState finish(Replacing replacing) override;
    void discard() override {
        m_file = File();
        if (!m_isFinished) DeleteFileW(m_beside.c_str());
        m_isFinished = true;
    }
    const File &folder() const override { return m_folder; }

  private:
    File m_folder;
    std::wstring m_path;
    std::wstring m_beside;
    File m_file;
    std::uint64_t m_size = 0;
    bool m_stays = false;
    bool m_isFinished = false;
};

WriteState WindowsNewFile::append(std::string_view bytes) {
    if (!m_file.isOpen()) return WriteState::Failed;
    while (!bytes.empty()) {
        DWORD count = 0;
        const auto wanted = static_cast<DWORD>(std::min<std::size_t>(bytes.size(), 1u << 30));
        if (!WriteFile(nativeHandle(m_file), bytes.data(), wanted, &count, nullptr)) return stateOf(GetLastError());
        if (count == 0) return WriteState::NoRoom;
        m_size += count;
        bytes.remove_prefix(count);
    }
    return WriteState::Done;
}

// Windows keeps the name of what is open: it is closed first.
WriteState WindowsNewFile::finish(Replacing replacing) {
    m_file = File();
    const DWORD how = replacing == Replacing::Yes ? MOVEFILE_REPLACE_EXISTING : 0;
    if (!MoveFileExW(m_beside.c_str(), m_path.c_str(), how)) return stateOf(GetLastError());
    m_isFinished = true;
    return WriteState::Done;
}

// Empty, with `state`: nothing can be put there under that name.
std::wstring pathFor(const File &folder, std::string_view name, WriteState &state) {
    const std::wstring at = pathOf(folder);
    const auto wide = toWide(name);
    state = WriteState::Impossible;
    if (at.empty() || !wide || !isPlainWindowsName(name) || mayBeShortName(name)) return {};
    std::wstring path = at + *wide;
    const DWORD old = GetFileAttributesW(path.c_str());
    if (old != INVALID_FILE_ATTRIBUTES && (old & FILE_ATTRIBUTE_DIRECTORY)) return {};
    state = WriteState::Done;
    return path;
}

// Whoever cleans up can't open it as long as it is open here.
File openToWrite(const std::wstring &path, DWORD how, WriteState &state) {
    const HANDLE opened = CreateFileW(path.c_str(), GENERIC_WRITE | FILE_READ_ATTRIBUTES, FILE_SHARE_DELETE, nullptr, how,
                                      FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OPEN_REPARSE_POINT, nullptr);
    File file(reinterpret_cast<std::intptr_t>(opened));
    const DWORD error = file.isOpen() ? ERROR_SUCCESS : GetLastError();
    state = file.isOpen() ? WriteState::Done : error == ERROR_SHARING_VIOLATION ? WriteState::Busy : stateOf(error);
    return file;
}

}  // namespace

std::unique_ptr<NewFile> NewFile::create(File folder, std::string_view name, WriteState &state) {
    std::wstring path = pathFor(folder, name, state);
    if (path.empty()) return nullptr;
    std::wstring beside = pathFor(folder, wholeName(), state);
    File file = openToWrite(beside, CREATE_NEW, state);
    if (!file.isOpen()) return nullptr;
    return std::make_unique<WindowsNewFile>(std::move(folder), std::move(path), std::move(beside), std::move(file));
}

std::unique_ptr<NewFile> NewFile::resume(File folder, std::string_view name, std::string_view hidden, WriteState &state) {
    std::wstring path = pathFor(folder, name, state);
    std::wstring beside = path.empty() ? std::wstring() : pathFor(folder, hidden, state);
    if (beside.empty()) return nullptr;
    File file = openToWrite(beside, OPEN_ALWAYS, state);
    if (!file.isOpen()) return nullptr;
    const auto info = file.info();
    LARGE_INTEGER end{};
    const bool isAtEnd = info && info->kind == FileKind::Regular && SetFilePointerEx(nativeHandle(file), {}, &end, FILE_END);
    state = isAtEnd ? WriteState::Done : WriteState::Impossible;
    if (!isAtEnd) return nullptr;
    auto resumed = std::make_unique<WindowsNewFile>(std::move(folder), std::move(path), std::move(beside), std::move(file));
    resumed->goOnFrom(static_cast<std::uint64_t>(end.QuadPart));
    return resumed;
}

// What was finished this moment is closed before it has its name: so young a file is left alone.
bool removeLeftover(const File &folder, std::string_view name, std::int64_t nowSeconds) {
    constexpr std::int64_t kYoungSeconds = 10;
    if (!isWholeName(name) && !isPieceName(name)) return false;
    const std::wstring path = pathOf(folder) + toWide(name).value_or(L"");
    const HANDLE opened = CreateFileW(path.c_str(), DELETE | GENERIC_WRITE | FILE_READ_ATTRIBUTES, 0, nullptr, OPEN_EXISTING,
                                      FILE_FLAG_OPEN_REPARSE_POINT, nullptr);
    const File file(reinterpret_cast<std::intptr_t>(opened));
    const auto info = file.isOpen() ? file.info() : Result<FileInfo>(Failure{});
    if (!info || info->kind != FileKind::Regular || nowSeconds - info->modifiedNs / 1'000'000'000 < kYoungSeconds) return false;
    if (!isLeftover(name, info->modifiedNs, nowSeconds, Holder::Nobody)) return false;
    FILE_DISPOSITION_INFO disposition{TRUE};
    return SetFileInformationByHandle(nativeHandle(file), FileDispositionInfo, &disposition, sizeof disposition) != 0;
}

}  // namespace meerkat::os
