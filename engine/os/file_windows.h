// Station: inside os/ only, Windows. Paths and what is known of an open handle.
#pragma once

#include "os/file.h"

#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include <optional>
#include <string>

namespace meerkat::os {

inline HANDLE nativeHandle(const File &file) { return reinterpret_cast<HANDLE>(file.handle()); }

// Nothing if it is no UTF-8, or no UTF-16.
std::optional<std::wstring> toWide(std::string_view utf8);
std::optional<std::string> toUtf8(std::wstring_view wide);

// A path of ours as the system's, absolute and without its limit of 260 characters; empty if there is none such.
std::wstring nativePath(std::string_view path);

// An existing file or folder with those rights, shared with everybody, even for deletion. Not open: see GetLastError.
File openShared(const std::wstring &path, DWORD rights);

// True if it goes away once it is closed: it still answers to its name, but is as good as removed.
bool isBeingDeleted(const File &file);

FileKind kindOf(DWORD attributes);
// From a system time, 100 ns since 1601.
std::int64_t unixNanoseconds(LARGE_INTEGER time);

}  // namespace meerkat::os
