#include "os/spool_file.h"

#include "os/file_windows.h"

#include <algorithm>
#include <string>

namespace meerkat::os {

namespace {

WriteState stateOf(DWORD error) {
    if (error == ERROR_DISK_FULL || error == ERROR_HANDLE_DISK_FULL) return WriteState::NoRoom;
    return error == ERROR_TOO_MANY_OPEN_FILES ? WriteState::NoDescriptors : WriteState::Failed;
}

}  // namespace

std::unique_ptr<SpoolFile> SpoolFile::create(WriteState &state) {
    std::wstring folder(MAX_PATH + 1, L'\0');
    folder.resize(GetTempPathW(static_cast<DWORD>(folder.size()), folder.data()));
    const std::wstring path = folder + toWide(unfinishedName()).value_or(L"");
    const HANDLE made = CreateFileW(path.c_str(), GENERIC_READ | GENERIC_WRITE | DELETE, FILE_SHARE_READ | FILE_SHARE_DELETE,
                                    nullptr, CREATE_NEW, FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, nullptr);
    File file(reinterpret_cast<std::intptr_t>(made));
    state = file.isOpen() ? WriteState::Done : stateOf(GetLastError());
    if (!file.isOpen()) return nullptr;
    return std::unique_ptr<SpoolFile>(new SpoolFile(std::move(file)));
}

WriteState SpoolFile::append(std::string_view bytes) {
    while (!bytes.empty()) {
        DWORD count = 0;
        const auto wanted = static_cast<DWORD>(std::min<std::size_t>(bytes.size(), 1u << 30));
        if (!WriteFile(nativeHandle(m_file), bytes.data(), wanted, &count, nullptr)) return stateOf(GetLastError());
        bytes.remove_prefix(count);
    }
    return WriteState::Done;
}

}  // namespace meerkat::os
