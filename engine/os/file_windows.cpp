#include "os/file_windows.h"

#include "os/copy_to_socket.h"
#include "os/failures.h"

#include <algorithm>

namespace meerkat::os {

namespace {

constexpr std::int64_t kUnixEpoch = 116'444'736'000'000'000;  // 1970 in 100 ns since 1601
constexpr DWORD kShareAll = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
constexpr std::size_t kMostAtOnce = 1u << 30;

std::uint64_t joined(DWORD high, DWORD low) { return std::uint64_t{high} << 32 | low; }

std::int64_t unixNanoseconds(FILETIME time) {
    LARGE_INTEGER joinedTime;
    joinedTime.QuadPart = static_cast<LONGLONG>(joined(time.dwHighDateTime, time.dwLowDateTime));
    return meerkat::os::unixNanoseconds(joinedTime);
}

}  // namespace

std::optional<std::wstring> toWide(std::string_view utf8) {
    if (utf8.empty()) return std::wstring();
    const int bytes = static_cast<int>(utf8.size());
    const int needed = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, utf8.data(), bytes, nullptr, 0);
    if (needed <= 0) return std::nullopt;
    std::wstring wide(static_cast<std::size_t>(needed), L'\0');
    MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, utf8.data(), bytes, wide.data(), needed);
    return wide;
}

std::optional<std::string> toUtf8(std::wstring_view wide) {
    if (wide.empty()) return std::string();
    const int units = static_cast<int>(wide.size());
    const int needed = WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, wide.data(), units, nullptr, 0, nullptr, nullptr);
    if (needed <= 0) return std::nullopt;
    std::string utf8(static_cast<std::size_t>(needed), '\0');
    WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, wide.data(), units, utf8.data(), needed, nullptr, nullptr);
    return utf8;
}

std::wstring nativePath(std::string_view path) {
    const auto wide = toWide(path);
    if (!wide || wide->empty() || wide->find(L'\0') != std::wstring::npos) return {};
    const DWORD needed = GetFullPathNameW(wide->c_str(), 0, nullptr, nullptr);
    std::wstring full(needed, L'\0');
    full.resize(GetFullPathNameW(wide->c_str(), needed, full.data(), nullptr));
    if (full.size() < MAX_PATH - 12 || full.starts_with(L"\\\\?\\") || full.starts_with(L"\\\\.\\")) return full;
    return full.starts_with(L"\\\\") ? L"\\\\?\\UNC\\" + full.substr(2) : L"\\\\?\\" + full;
}

// FILE_FLAG_BACKUP_SEMANTICS is how a folder is opened at all.
File openShared(const std::wstring &path, DWORD rights) {
    const HANDLE opened =
        CreateFileW(path.c_str(), rights, kShareAll, nullptr, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr);
    return File(reinterpret_cast<std::intptr_t>(opened));
}

bool isBeingDeleted(const File &file) {
    FILE_STANDARD_INFO state{};
    return GetFileInformationByHandleEx(nativeHandle(file), FileStandardInfo, &state, sizeof state) && state.DeletePending;
}

FileKind kindOf(DWORD attributes) {
    if (attributes & FILE_ATTRIBUTE_DIRECTORY) return FileKind::Folder;
    return attributes & FILE_ATTRIBUTE_DEVICE ? FileKind::Other : FileKind::Regular;
}

std::int64_t unixNanoseconds(LARGE_INTEGER time) { return (time.QuadPart - kUnixEpoch) * 100; }

File::File(File &&other) noexcept : m_handle(std::exchange(other.m_handle, -1)) {}

File &File::operator=(File &&other) noexcept {
    std::swap(m_handle, other.m_handle);
    return *this;
}

File::~File() {
    if (m_handle != -1) CloseHandle(nativeHandle(*this));
}

bool isDescriptorLimit(int code) { return code == ERROR_TOO_MANY_OPEN_FILES; }

Result<File> File::openToRead(std::string_view path) {
    File file = openShared(nativePath(path), FILE_READ_DATA | FILE_READ_ATTRIBUTES | SYNCHRONIZE);
    if (!file.isOpen()) return systemFailure(static_cast<int>(GetLastError()));
    return file;
}

Result<FileInfo> File::info() const {
    FileInfo info;
    // What is no file of a disk (a pipe, a console) has no more to tell.
    if (GetFileType(nativeHandle(*this)) != FILE_TYPE_DISK) return info;
    BY_HANDLE_FILE_INFORMATION native{};
    if (!GetFileInformationByHandle(nativeHandle(*this), &native)) return systemFailure(static_cast<int>(GetLastError()));
    info.kind = kindOf(native.dwFileAttributes);
    info.size = joined(native.nFileSizeHigh, native.nFileSizeLow);
    info.modifiedNs = info.changedNs = unixNanoseconds(native.ftLastWriteTime);
    info.volume = native.dwVolumeSerialNumber;
    info.id = joined(native.nFileIndexHigh, native.nFileIndexLow);
    FILE_BASIC_INFO times{};
    if (GetFileInformationByHandleEx(nativeHandle(*this), FileBasicInfo, &times, sizeof times) && times.ChangeTime.QuadPart != 0)
        info.changedNs = unixNanoseconds(times.ChangeTime);
    return info;
}

Result<std::size_t> File::readAt(std::uint64_t offset, std::span<char> bytes) const {
    std::size_t done = 0;
    while (done < bytes.size()) {
        OVERLAPPED place{};
        place.Offset = static_cast<DWORD>((offset + done) & 0xFFFFFFFF);
        place.OffsetHigh = static_cast<DWORD>((offset + done) >> 32);
        DWORD count = 0;
        const auto wanted = static_cast<DWORD>(std::min(bytes.size() - done, kMostAtOnce));
        if (!ReadFile(nativeHandle(*this), bytes.data() + done, wanted, &count, &place)) {
            const DWORD code = GetLastError();
            if (code != ERROR_HANDLE_EOF) return systemFailure(static_cast<int>(code));
        }
        if (count == 0) break;
        done += count;
    }
    return done;
}

IoOutcome sendFileRange(SocketHandle socket, const File &file, std::uint64_t offset, std::size_t bytes, std::span<char> scratch) {
    return copyToSocket(socket, file, offset, bytes, scratch);
}

namespace {

class WindowsAppendFile final : public AppendFile {
  public:
    WindowsAppendFile(std::wstring path, File file) : m_path(std::move(path)), m_file(std::move(file)) {}

    std::size_t append(std::string_view bytes) override;
    bool wasMovedAway() const override;
    std::uint64_t size() const override;

  private:
    std::wstring m_path;
    File m_file;
};

std::size_t WindowsAppendFile::append(std::string_view bytes) {
    DWORD written = 0;
    const auto size = static_cast<DWORD>(bytes.size());
    return WriteFile(nativeHandle(m_file), bytes.data(), size, &written, nullptr) ? written : 0;
}

bool WindowsAppendFile::wasMovedAway() const {
    const File now = openShared(m_path, FILE_READ_ATTRIBUTES);
    if (!now.isOpen() || isBeingDeleted(m_file)) return true;
    const auto theirs = now.info();
    const auto ours = m_file.info();
    return !theirs || !ours || theirs->volume != ours->volume || theirs->id != ours->id;
}

std::uint64_t WindowsAppendFile::size() const {
    const auto info = m_file.info();
    return info && info->kind == FileKind::Regular ? info->size : 0;
}

}  // namespace

// Others may have it open: they opened it so that it can be renamed.
bool renameFile(std::string_view from, std::string_view to) {
    return MoveFileExW(nativePath(from).c_str(), nativePath(to).c_str(), MOVEFILE_REPLACE_EXISTING) != 0;
}

// The right to append alone makes each write one that goes to the end, whoever else writes.
Result<std::unique_ptr<AppendFile>> AppendFile::open(std::string_view path) {
    std::wstring name = nativePath(path);
    const DWORD rights = FILE_APPEND_DATA | FILE_READ_ATTRIBUTES | SYNCHRONIZE;
    const HANDLE opened = CreateFileW(name.c_str(), rights, kShareAll, nullptr, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr);
    File file(reinterpret_cast<std::intptr_t>(opened));
    if (!file.isOpen()) {
        const Failure reason = systemFailure(static_cast<int>(GetLastError()));
        return Failure{"The file " + quoted(path) + " cannot be written: " + reason.text, reason.code};
    }
    return std::unique_ptr<AppendFile>(std::make_unique<WindowsAppendFile>(std::move(name), std::move(file)));
}

}  // namespace meerkat::os
