// Entries by the path of their folder: Windows has no calls that take a folder and a name. The folder is asked where it lies each time, so that one that
// was moved is still the one meant.
#include "os/folder.h"

#include "os/file_windows.h"
#include "os/windows_names.h"

#include <algorithm>
#include <vector>

namespace meerkat::os {

namespace {

constexpr std::size_t kReaderBytes = 64 * 1024;
constexpr DWORD kShareAll = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

EditState stateOf(DWORD error) {
    switch (error) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
        return EditState::Absent;
    case ERROR_ALREADY_EXISTS:
    case ERROR_FILE_EXISTS:
        return EditState::Exists;
    case ERROR_DIR_NOT_EMPTY:
        return EditState::NotEmpty;
    case ERROR_NOT_SAME_DEVICE:
        return EditState::OtherVolume;
    case ERROR_DISK_FULL:
    case ERROR_HANDLE_DISK_FULL:
        return EditState::NoRoom;
    case ERROR_ACCESS_DENIED:
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION:
    case ERROR_WRITE_PROTECT:
    case ERROR_CURRENT_DIRECTORY:
        return EditState::Refused;
    case ERROR_INVALID_NAME:
    case ERROR_BAD_PATHNAME:
    case ERROR_DIRECTORY:
    case ERROR_FILENAME_EXCED_RANGE:
    case ERROR_NO_UNICODE_TRANSLATION:
        return EditState::Impossible;
    case ERROR_TOO_MANY_OPEN_FILES:
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_NO_SYSTEM_RESOURCES:
        return EditState::NoDescriptors;
    default:
        return EditState::Failed;
    }
}

EditState outcomeOf(BOOL isDone) { return isDone ? EditState::Done : stateOf(GetLastError()); }

// With the prefix that turns Windows' own reading of names off.
std::wstring pathOf(const File &folder) {
    const DWORD needed = GetFinalPathNameByHandleW(nativeHandle(folder), nullptr, 0, FILE_NAME_NORMALIZED | VOLUME_NAME_DOS);
    std::wstring path(needed + 1, L'\0');
    path.resize(GetFinalPathNameByHandleW(nativeHandle(folder), path.data(), needed + 1, FILE_NAME_NORMALIZED | VOLUME_NAME_DOS));
    if (!path.empty() && !path.ends_with(L'\\')) path += L'\\';
    return path;
}

bool equalsAsFileName(std::wstring_view a, std::wstring_view b) {
    return CompareStringOrdinal(a.data(), static_cast<int>(a.size()), b.data(), static_cast<int>(b.size()), TRUE) == CSTR_EQUAL;
}

// Empty: no entry can have that name. A short name would be a second name of a file: it counts only where it is the one that is kept.
std::wstring pathIn(const File &folder, std::string_view name) {
    const auto wide = toWide(name);
    const std::wstring at = pathOf(folder);
    if (!wide || at.empty() || !isPlainWindowsName(name)) return {};
    std::wstring path = at + *wide;
    if (!mayBeShortName(name)) return path;
    WIN32_FIND_DATAW found;
    const HANDLE search = FindFirstFileExW(path.c_str(), FindExInfoBasic, &found, FindExSearchNameMatch, nullptr, 0);
    if (search == INVALID_HANDLE_VALUE) return {};
    FindClose(search);
    return equalsAsFileName(found.cFileName, *wide) ? path : std::wstring();
}

// The entry itself, be it a link.
File openEntry(const std::wstring &path, DWORD rights) {
    const HANDLE opened = CreateFileW(path.c_str(), rights, kShareAll, nullptr, OPEN_EXISTING,
                                      FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, nullptr);
    return File(reinterpret_cast<std::intptr_t>(opened));
}

bool isLink(const File &file) {
    FILE_ATTRIBUTE_TAG_INFO tag{};
    return !GetFileInformationByHandleEx(nativeHandle(file), FileAttributeTagInfo, &tag, sizeof tag) ||
           (tag.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
}

File openIn(const File &folder, std::string_view name, FileKind kind, EditState &state) {
    const std::wstring path = pathIn(folder, name);
    state = EditState::Impossible;
    if (path.empty()) return {};
    File file = openEntry(path, FILE_READ_DATA | FILE_READ_ATTRIBUTES | SYNCHRONIZE);
    if (!file.isOpen()) {
        state = stateOf(GetLastError());
        return {};
    }
    const auto info = file.info();
    if (!info || info->kind != kind || isLink(file)) return {};
    state = EditState::Done;
    return file;
}

class WindowsFolderReader final : public FolderReader {
  public:
    explicit WindowsFolderReader(File folder) : m_folder(std::move(folder)), m_buffer(kReaderBytes / sizeof(std::uint64_t)) {}

    std::optional<std::string> next() override;
    bool hasFailed() const override { return m_hasFailed; }
    void rewind() override {
        m_at = nullptr;
        m_isAtStart = true;
        m_hasFailed = false;
    }

  private:
    bool fill();

    File m_folder;
    std::vector<std::uint64_t> m_buffer;  // the entries are structures with eight byte members
    const char *m_at = nullptr;           // the entry that comes next
    bool m_isAtStart = true;
    bool m_hasFailed = false;
};

bool WindowsFolderReader::fill() {
    const auto how = m_isAtStart ? FileIdBothDirectoryRestartInfo : FileIdBothDirectoryInfo;
    m_isAtStart = false;
    if (GetFileInformationByHandleEx(nativeHandle(m_folder), how, m_buffer.data(), static_cast<DWORD>(kReaderBytes))) {
        m_at = reinterpret_cast<const char *>(m_buffer.data());
        return true;
    }
    m_hasFailed = GetLastError() != ERROR_NO_MORE_FILES;
    return false;
}

std::optional<std::string> WindowsFolderReader::next() {
    while (m_at || fill()) {
        const auto &native = *reinterpret_cast<const FILE_ID_BOTH_DIR_INFO *>(m_at);
        m_at = native.NextEntryOffset == 0 ? nullptr : m_at + native.NextEntryOffset;
        auto name = toUtf8({native.FileName, native.FileNameLength / sizeof(wchar_t)});
        if (name && *name != "." && *name != "..") return name;
    }
    return std::nullopt;
}

}  // namespace

Entry entryIn(const File &folder, std::string_view name) {
    const std::wstring path = pathIn(folder, name);
    if (path.empty()) return {};
    const File file = openEntry(path, FILE_READ_ATTRIBUTES);
    const auto info = file.isOpen() ? file.info() : Result<FileInfo>(Failure{});
    if (!info) return {};
    Entry entry{EntryKind::Other, *info, 0};
    if (isLink(file))
        entry.kind = EntryKind::Link;
    else if (info->kind != FileKind::Other)
        entry.kind = info->kind == FileKind::Folder ? EntryKind::Folder : EntryKind::File;
    FILE_BASIC_INFO times{};
    if (GetFileInformationByHandleEx(nativeHandle(file), FileBasicInfo, &times, sizeof times))
        entry.createdNs = unixNanoseconds(times.CreationTime);
    return entry;
}

File openFolderIn(const File &folder, std::string_view name, EditState &state) {
    return openIn(folder, name, FileKind::Folder, state);
}

File openFileIn(const File &folder, std::string_view name, EditState &state) {
    return openIn(folder, name, FileKind::Regular, state);
}

EditState makeFolderIn(const File &folder, std::string_view name) {
    if (mayBeShortName(name) && entryIn(folder, name).kind == EntryKind::Nothing) return EditState::Impossible;
    const std::wstring path = pathIn(folder, name);
    return path.empty() ? EditState::Impossible : outcomeOf(CreateDirectoryW(path.c_str(), nullptr));
}

// A link to a folder is removed as a folder is, and what it leads to stays.
EditState removeFileIn(const File &folder, std::string_view name) {
    const std::wstring path = pathIn(folder, name);
    if (path.empty()) return EditState::Impossible;
    const DWORD attributes = GetFileAttributesW(path.c_str());
    if (attributes == INVALID_FILE_ATTRIBUTES) return stateOf(GetLastError());
    const bool isFolder = (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
    if (isFolder && !(attributes & FILE_ATTRIBUTE_REPARSE_POINT)) return EditState::Impossible;
    return outcomeOf(isFolder ? RemoveDirectoryW(path.c_str()) : DeleteFileW(path.c_str()));
}

EditState removeFolderIn(const File &folder, std::string_view name) {
    const std::wstring path = pathIn(folder, name);
    if (path.empty()) return EditState::Impossible;
    const DWORD attributes = GetFileAttributesW(path.c_str());
    if (attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_REPARSE_POINT)) return EditState::Impossible;
    return outcomeOf(RemoveDirectoryW(path.c_str()));
}

EditState moveEntry(const File &from, std::string_view name, const File &to, std::string_view newName, Replacing replacing) {
    const std::wstring old = pathIn(from, name), next = pathIn(to, newName);
    if (old.empty() || next.empty()) return EditState::Impossible;
    return outcomeOf(MoveFileExW(old.c_str(), next.c_str(), replacing == Replacing::Yes ? MOVEFILE_REPLACE_EXISTING : 0));
}

EditState swapEntries(const File &, std::string_view, std::string_view) { return EditState::Impossible; }

std::optional<Room> roomOf(const File &folder) {
    ULARGE_INTEGER ours{}, all{}, unused{};
    if (!GetDiskFreeSpaceExW(pathOf(folder).c_str(), &ours, &all, &unused)) return std::nullopt;
    return Room{ours.QuadPart, all.QuadPart - unused.QuadPart};
}

File again(const File &folder) {
    HANDLE copy = nullptr;
    const HANDLE self = GetCurrentProcess();
    if (!DuplicateHandle(self, nativeHandle(folder), self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS)) return {};
    return File(reinterpret_cast<std::intptr_t>(copy));
}

// Windows takes names for one that differ in case.
std::string comparablePath(std::string path) {
    auto wide = toWide(path);
    if (!wide || wide->empty()) return path;
    CharLowerBuffW(wide->data(), static_cast<DWORD>(wide->size()));
    return toUtf8(*wide).value_or(std::move(path));
}

// Opened anew: a copy of the handle would share its position.
std::unique_ptr<FolderReader> FolderReader::open(const File &folder, EditState &state) {
    File own = openShared(pathOf(folder), FILE_READ_DATA | FILE_READ_ATTRIBUTES | SYNCHRONIZE);
    state = own.isOpen() ? EditState::Done : stateOf(GetLastError());
    if (!own.isOpen()) return nullptr;
    return std::make_unique<WindowsFolderReader>(std::move(own));
}

}  // namespace meerkat::os
