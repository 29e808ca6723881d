// Below a root on Windows. The name is looked at first: what Windows would take for something else is refused. Then the file is opened, links
// and junctions followed as they may lead, and the system is asked where what was opened really lies: outside of the root it is
// closed again unread.
#include "os/file_windows.h"
#include "os/failures.h"
#include "os/folder.h"
#include "os/relative_path.h"
#include "os/windows_names.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace meerkat::os {

namespace {

constexpr DWORD kToRead = FILE_READ_DATA | FILE_READ_ATTRIBUTES | SYNCHRONIZE;
constexpr std::size_t kFolderBufferBytes = 64 * 1024;

OpenState stateOf(DWORD error) {
    switch (error) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_INVALID_NAME:
    case ERROR_BAD_PATHNAME:
    case ERROR_DIRECTORY:
    case ERROR_FILENAME_EXCED_RANGE:
    case ERROR_CANT_RESOLVE_FILENAME:
    case ERROR_CANT_ACCESS_FILE:
    case ERROR_NO_UNICODE_TRANSLATION:
        return OpenState::NotFound;
    case ERROR_ACCESS_DENIED:
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION:
        return OpenState::Refused;
    case ERROR_TOO_MANY_OPEN_FILES:
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_NO_SYSTEM_RESOURCES:
        return OpenState::NoDescriptors;
    default:
        return OpenState::Failed;
    }
}

// Where an open file lies, links resolved and short names written out; empty if the system does not tell. A volume without a letter is
// named by its number.
std::wstring finalPath(const File &file) {
    for (const DWORD volume : {VOLUME_NAME_DOS, VOLUME_NAME_GUID}) {
        const DWORD needed = GetFinalPathNameByHandleW(nativeHandle(file), nullptr, 0, volume | FILE_NAME_NORMALIZED);
        if (needed == 0) continue;
        std::wstring path(needed + 1, L'\0');
        path.resize(GetFinalPathNameByHandleW(nativeHandle(file), path.data(), needed + 1, volume | FILE_NAME_NORMALIZED));
        return path;
    }
    return {};
}

bool equalsAsFileName(std::wstring_view a, std::wstring_view b) {
    return CompareStringOrdinal(a.data(), static_cast<int>(a.size()), b.data(), static_cast<int>(b.size()), TRUE) == CSTR_EQUAL;
}

bool liesBelow(std::wstring_view path, std::wstring_view root) {
    // A drive's root ends in its backslash, any other folder does not.
    while (root.ends_with(L'\\')) root.remove_suffix(1);
    if (path.size() < root.size() || !equalsAsFileName(path.substr(0, root.size()), root)) return false;
    return path.size() == root.size() || path[root.size()] == L'\\';
}

// The name that is kept for `path`; empty if there is none.
std::wstring longName(const std::wstring &path) {
    WIN32_FIND_DATAW found;
    const HANDLE search = FindFirstFileExW(path.c_str(), FindExInfoBasic, &found, FindExSearchNameMatch, nullptr, 0);
    if (search == INVALID_HANDLE_VALUE) return {};
    FindClose(search);
    return found.cFileName;
}

class WindowsRoot final : public Root {
  public:
    WindowsRoot(std::wstring path, std::wstring finalName, File folder)
        : m_path(std::move(path)), m_final(std::move(finalName)), m_folder(std::move(folder)) {}

    OpenOutcome openBelow(std::string_view relative) const override;
    OpenOutcome lookBelow(std::string_view relative) const override;
    bool hasName(std::string_view relative) const override;
    OpenState list(const File &folder, std::string_view relative,
                   const std::function<bool(FolderEntry &&)> &visit) const override;
    bool isReachable() const override;
    std::unique_ptr<Root> again() const override;
    Result<std::string> whereItIs() const override;

  private:
    OpenOutcome openChecked(std::string_view relative, DWORD rights) const;
    bool appendSegment(std::wstring &path, std::string_view segment) const;
    std::wstring pathOf(std::string_view relative) const;
    std::string whereIs(std::wstring_view end) const;
    bool visitOne(const FILE_ID_BOTH_DIR_INFO &native, std::uint64_t volume, const std::string &prefix,
                  const std::function<bool(FolderEntry &&)> &visit) const;

    std::wstring m_path;   // as asked for
    std::wstring m_final;  // with the prefix that turns Windows' own reading of names off
    File m_folder;
};

// False: there can be no such file. A short name would be a second name of a file, past every rule that knows the first.
bool WindowsRoot::appendSegment(std::wstring &path, std::string_view segment) const {
    const auto wide = toWide(segment);
    if (!wide || !isPlainWindowsName(segment)) return false;
    if (!path.ends_with(L'\\')) path += L'\\';
    path += *wide;
    return !mayBeShortName(segment) || equalsAsFileName(longName(path), *wide);
}

// Empty if no file can have that name.
std::wstring WindowsRoot::pathOf(std::string_view relative) const {
    std::wstring path = m_final;
    while (!relative.empty()) {
        const auto slash = std::min(relative.find('/'), relative.size());
        const auto segment = relative.substr(0, slash);
        if (!segment.empty() && !appendSegment(path, segment)) return {};
        relative.remove_prefix(std::min(slash + 1, relative.size()));
    }
    return path;
}

// What a link led to, which lies below.
std::string WindowsRoot::whereIs(std::wstring_view end) const {
    end.remove_prefix(std::min(m_final.size(), end.size()));
    std::string where = toUtf8(end).value_or("");
    std::replace(where.begin(), where.end(), '\\', '/');
    return where.starts_with('/') ? where : "/" + where;
}

OpenOutcome WindowsRoot::openChecked(std::string_view relative, DWORD rights) const {
    if (const auto refusal = refusalOf(relative)) return {*refusal};
    const std::wstring path = pathOf(relative);
    if (path.empty()) return {OpenState::NotFound};
    File file = openShared(path, rights);
    if (!file.isOpen()) return {stateOf(GetLastError())};
    const auto info = file.info();
    if (!info) return {OpenState::Failed};
    if (info->kind == FileKind::Other) return {OpenState::Refused, {}, *info};
    const std::wstring end = finalPath(file);
    if (!liesBelow(end, m_final)) return {OpenState::Outside};
    if (relative.ends_with('/') && info->kind != FileKind::Folder) return {OpenState::NotFound};
    return {OpenState::Opened, std::move(file), *info, equalsAsFileName(end, path) ? std::string() : whereIs(end)};
}

OpenOutcome WindowsRoot::openBelow(std::string_view relative) const { return openChecked(relative, kToRead); }

OpenOutcome WindowsRoot::lookBelow(std::string_view relative) const {
    OpenOutcome outcome = openChecked(relative, FILE_READ_ATTRIBUTES);
    outcome.file = File();
    return outcome;
}

// The attributes are the link's own.
bool WindowsRoot::hasName(std::string_view relative) const {
    const std::wstring path = pathOf(relative);
    return !path.empty() && GetFileAttributesW(path.c_str()) != INVALID_FILE_ATTRIBUTES;
}

// False: no more are wanted.
bool WindowsRoot::visitOne(const FILE_ID_BOTH_DIR_INFO &native, std::uint64_t volume, const std::string &prefix,
                           const std::function<bool(FolderEntry &&)> &visit) const {
    auto name = toUtf8({native.FileName, native.FileNameLength / sizeof(wchar_t)});
    if (!name || *name == "." || *name == "..") return true;
    FolderEntry entry{std::move(*name), {}, {}};
    if (native.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) {
        OpenOutcome target = lookBelow(prefix + entry.name);
        if (target.state != OpenState::Opened) return true;
        entry.info = target.info;
        entry.where = std::move(target.where);
    } else {
        entry.info = {kindOf(native.FileAttributes),
                      static_cast<std::uint64_t>(native.EndOfFile.QuadPart),
                      unixNanoseconds(native.LastWriteTime),
                      unixNanoseconds(native.ChangeTime),
                      volume,
                      static_cast<std::uint64_t>(native.FileId.QuadPart)};
    }
    return visit(std::move(entry));
}

OpenState WindowsRoot::list(const File &folder, std::string_view relative,
                            const std::function<bool(FolderEntry &&)> &visit) const {
    const auto info = folder.info();
    if (!info) return OpenState::Failed;
    std::string prefix(relative);
    if (!prefix.empty() && !prefix.ends_with('/')) prefix += '/';
    // The entries are structures with eight byte members.
    std::vector<std::uint64_t> buffer(kFolderBufferBytes / sizeof(std::uint64_t));
    auto how = FileIdBothDirectoryRestartInfo;
    while (GetFileInformationByHandleEx(nativeHandle(folder), how, buffer.data(), static_cast<DWORD>(kFolderBufferBytes))) {
        how = FileIdBothDirectoryInfo;
        const char *at = reinterpret_cast<const char *>(buffer.data());
        while (true) {
            const auto &native = *reinterpret_cast<const FILE_ID_BOTH_DIR_INFO *>(at);
            if (!visitOne(native, info->volume, prefix, visit)) return OpenState::Opened;
            if (native.NextEntryOffset == 0) break;
            at += native.NextEntryOffset;
        }
    }
    const DWORD error = GetLastError();
    return error == ERROR_NO_MORE_FILES ? OpenState::Opened : stateOf(error);
}

bool WindowsRoot::isReachable() const {
    const File now = openShared(m_path, kToRead);
    if (!now.isOpen() || isBeingDeleted(m_folder)) return false;
    const auto ours = m_folder.info();
    const auto theirs = now.info();
    return ours && theirs && ours->volume == theirs->volume && ours->id == theirs->id;
}

std::unique_ptr<Root> WindowsRoot::again() const {
    File folder = os::again(m_folder);
    return folder.isOpen() ? std::make_unique<WindowsRoot>(m_path, m_final, std::move(folder)) : nullptr;
}

// Programs do not know the prefix that turns Windows' own reading of names off.
Result<std::string> WindowsRoot::whereItIs() const {
    std::wstring_view name = m_final;
    const bool isShare = name.starts_with(L"\\\\?\\UNC\\");
    if (name.starts_with(L"\\\\?\\")) name.remove_prefix(isShare ? 8 : 4);
    auto path = toUtf8(name);
    if (!path) return systemFailure(ERROR_NO_UNICODE_TRANSLATION);
    std::replace(path->begin(), path->end(), '\\', '/');
    while (path->ends_with('/')) path->pop_back();
    return isShare ? "//" + *path : *path;
}

Failure whyNotOpened(std::string_view path, DWORD error) {
    const std::string folder = "The folder " + quoted(path) + " ";
    const int code = static_cast<int>(error);
    if (stateOf(error) == OpenState::NotFound) return {folder + "does not exist", code};
    if (error == ERROR_ACCESS_DENIED) return {folder + "may not be read: permission denied", code};
    return {folder + "cannot be opened: " + systemFailure(code).text, code};
}

}  // namespace

Result<std::unique_ptr<Root>> Root::open(std::string_view path) {
    std::wstring name = nativePath(path);
    if (name.empty()) return whyNotOpened(path, ERROR_PATH_NOT_FOUND);
    File folder = openShared(name, kToRead);
    if (!folder.isOpen()) return whyNotOpened(path, GetLastError());
    const auto info = folder.info();
    if (!info || info->kind != FileKind::Folder) return Failure{quoted(path) + " is not a folder", ERROR_DIRECTORY};
    std::wstring finalName = finalPath(folder);
    if (finalName.empty()) return whyNotOpened(path, GetLastError());
    return std::unique_ptr<Root>(std::make_unique<WindowsRoot>(std::move(name), std::move(finalName), std::move(folder)));
}

}  // namespace meerkat::os
