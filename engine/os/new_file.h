// Station: a file that nobody sees half. From dav/, to the disk: written beside its place under a hidden name, and put there when it is
// whole. One file a system: new_file_posix.cpp, new_file_windows.cpp.
#pragma once

#include "os/file.h"

#include <memory>
#include <string>
#include <string_view>

namespace meerkat::os {

// What the names of unfinished files begin with: they are to be hidden from visitors. A kill leaves them behind.
inline constexpr std::string_view kUnfinishedPrefix = ".meerkat-upload-";

// Where dav/property_store keeps what it keeps: hidden, too.
inline constexpr std::string_view kMemberProperties = ".meerkat-properties";
inline constexpr std::string_view kOwnProperties = ".meerkat-properties.own";

// A name of one of these, in any case: the engine's own, not something of the people whose folder it is.
bool isOwnName(std::string_view name);

// One that nobody else takes.
std::string unfinishedName();

enum class WriteState : std::uint8_t {
    Done,
    Impossible,     // no file can have that name, or a folder has it
    Refused,        // we may not write there
    NoRoom,         // the disk or the quota is full
    NoDescriptors,  //
    Failed,
};

class NewFile {
  public:
    // In `folder`, which was opened below a root. Null and `state` if it can't be.
    static std::unique_ptr<NewFile> create(File folder, std::string_view name, WriteState &state);
    // Not finished: nothing of it stays.
    virtual ~NewFile() = default;

    virtual WriteState append(std::string_view bytes) = 0;
    // Puts it in its place; what was there is gone at the same moment, and its rights are kept.
    virtual WriteState finish() = 0;
};

}  // namespace meerkat::os
