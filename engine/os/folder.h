// Station: what stands in an open folder, and its changes by name. From dav/, to the disk. Whoever opened the folder below a root has made sure that
// it lies there; a name is one name, never a path, and no link is followed. One file a system: folder_posix.cpp, folder_windows.cpp.
#pragma once

#include "os/file.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace meerkat::os {

enum class EditState : std::uint8_t {
    Done,
    Absent,         // nothing has that name
    Exists,         // something has it already
    NotEmpty,       // a folder with something in it
    OtherVolume,    // can't be moved without being copied
    Impossible,     // nothing can have that name, or not this kind of thing
    Refused,        // we may not
    NoRoom,         // the disk or the quota is full
    NoDescriptors,  //
    Failed,
};

enum class EntryKind : std::uint8_t { Nothing, File, Folder, Link, Other };

struct Entry {
    EntryKind kind = EntryKind::Nothing;
    FileInfo info;               // of the entry itself, also of a link
    std::int64_t createdNs = 0;  // since 1970-01-01 UTC; 0 where the system does not tell
};

// What has that name; Nothing also where no entry can have it.
Entry entryIn(const File &folder, std::string_view name);

// For reading. Not open, with `state`: Absent, Impossible (a link, or no folder, no regular file), Refused, NoDescriptors, Failed.
File openFolderIn(const File &folder, std::string_view name, EditState &state);
File openFileIn(const File &folder, std::string_view name, EditState &state);

EditState makeFolderIn(const File &folder, std::string_view name);
// A file, a link or anything else but a folder; a link goes, not what it leads to.
EditState removeFileIn(const File &folder, std::string_view name);
// An empty folder.
EditState removeFolderIn(const File &folder, std::string_view name);

enum class Replacing : std::uint8_t { No, Yes };
// One step for whoever looks on. Replacing a folder takes an empty one in its place on POSIX systems, and is Refused on Windows.
EditState moveEntry(const File &from, std::string_view name, const File &to, std::string_view newName, Replacing replacing);
// Both names of one folder trade places in one step. Impossible where the system cannot.
EditState swapEntries(const File &folder, std::string_view name, std::string_view other);

// The disk that an open folder is on, as far as we may use it.
struct Room {
    std::uint64_t freeBytes = 0;
    std::uint64_t usedBytes = 0;
};
std::optional<Room> roomOf(const File &folder);

// The same folder open a second time, as the other's position. Not open: no descriptors.
File again(const File &folder);

// What stands for a path where paths are compared: two that the system takes for one are equal.
std::string comparablePath(std::string path);

// A folder's names, one after the other, for as long as that takes. Names that come or go meanwhile may be told or not.
class FolderReader {
  public:
    // Null, with `state` as of openFolderIn.
    static std::unique_ptr<FolderReader> open(const File &folder, EditState &state);
    virtual ~FolderReader() = default;

    // Without "." and ".."; nothing at the end, or where the folder can't be read any further (hasFailed).
    virtual std::optional<std::string> next() = 0;
    virtual bool hasFailed() const = 0;
    virtual void rewind() = 0;
};

}  // namespace meerkat::os
