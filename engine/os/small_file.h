// Station: a small file read as a whole, and folders of our own. From the disk, to net/ (certificates). One file a system.
#pragma once

#include "os/file.h"

#include <string>
#include <string_view>

namespace meerkat::os {

struct SmallFile {
    std::string text;
    FileInfo info;
};

// A regular file, at most `limit` bytes of it. Never waits for a pipe. The failure is the system's reason in words, without the name.
Result<SmallFile> readSmallFile(std::string_view path, std::size_t limit);
// What is at that path now; links are followed.
Result<FileInfo> lookAt(std::string_view path);

// Folders that are missing on the way to `path` are made, for the user alone where the system has such rights. The failure names the folder.
Result<bool> makeFolders(std::string_view path);

// Where this system keeps a user's settings of the program "meerkat": a folder that need not exist. "" if the system does not tell.
std::string settingsFolder();

}  // namespace meerkat::os
