// Station: properties that last <-> the disk. From dav/service and the tree jobs, to hidden files beside what they belong to. RFC 4918 section 4.
//
// A folder's members have theirs in its folder `.meerkat-properties`, a file each under the member's own name; the folder's own are in its file
// `.meerkat-properties.own`, so that they go where the folder goes. A file each, so that a client which sets times on a thousand files (Windows does)
// does not have a growing file written anew a thousand times. Attributes of the file system hold too little, and not every file system has them.
// What was moved by other programs leaves its properties behind; what is made anew under an old name by us begins without any.
#pragma once

#include "dav/property_requests.h"
#include "os/folder.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meerkat::dav {

// Of one resource, all of them: at most 1 MiB on the disk.
inline constexpr std::size_t kMostStoredBytes = 1024 * 1024;
using DeadProperties = std::vector<DeadProperty>;

// As bytes of a file, and back. Nothing if they are no such bytes.
std::string storedText(const DeadProperties &properties);
std::optional<DeadProperties> readStored(std::string_view text);

// The properties of one folder's members and its own, for as long as the folder is read.
class PropertyStore {
  public:
    // `folder` outlives it.
    explicit PropertyStore(const os::File &folder) : m_folder(folder) {}

    // Of a member, or of the folder itself (""). Nothing at all where none are kept; `isBroken`: there are some that can't be read.
    DeadProperties read(std::string_view name, bool &isBroken);
    // In one step: the old ones or the new ones, whatever happens. None removes them. NoRoom also where it would be too much.
    os::EditState write(std::string_view name, const DeadProperties &properties);
    os::EditState remove(std::string_view name);
    // The other's stay; what was here goes first.
    os::EditState copyFrom(PropertyStore &other, std::string_view otherName, std::string_view name);

  private:
    enum class State : std::uint8_t { Unknown, Missing, Open };
    const os::File *members();
    // Where the file of a resource stands, and its name there. Null: there is no such folder.
    const os::File *placeOf(std::string_view name, std::string &fileName);

    const os::File &m_folder;
    os::File m_members;
    State m_state = State::Unknown;
};

}  // namespace meerkat::dav
