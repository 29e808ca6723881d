// Station: a file that nobody sees half. From dav/, to the disk: written beside its place under a hidden name, and put there when it is
// whole. One file a system: new_file_posix.cpp, new_file_windows.cpp.
#pragma once

#include "os/folder.h"

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
// The name of an upload that comes in pieces; `key`: letters and digits that tell it from others.
std::string pieceName(std::string_view key);
bool isPieceName(std::string_view name);

enum class WriteState : std::uint8_t {
    Done,
    Exists,         // something has the name that nothing was to have
    Busy,           // somebody else writes it
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
    // The same under a hidden name that is told, a pieceName: what is there already is gone on with. Nobody else can open it meanwhile.
    static std::unique_ptr<NewFile> resume(File folder, std::string_view name, std::string_view hidden, WriteState &state);
    // Not finished: nothing of it stays, but for what was resumed.
    virtual ~NewFile() = default;

    // Bytes that are there.
    virtual std::uint64_t size() const = 0;
    virtual WriteState append(std::string_view bytes) = 0;
    // Puts it in its place; what was there is gone at the same moment, and its rights are kept. Replacing::No: Exists where something was there.
    virtual WriteState finish(Replacing replacing) = 0;
    // Nothing of it stays, whatever it is. It takes no more.
    virtual void discard() = 0;
    // The folder that it is in.
    virtual const File &folder() const = 0;
};

// How long an upload that comes in pieces may rest.
inline constexpr std::int64_t kPieceSeconds = 24 * 60 * 60;

// True if `name` was what a NewFile had left behind, and is gone: one of a process that has ended, or one in pieces that rests for too long. What is
// being written, here or by another process, stays.
bool removeLeftover(const File &folder, std::string_view name, std::int64_t nowSeconds);

}  // namespace meerkat::os
