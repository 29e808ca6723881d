// Station: a resource -> the properties that the server knows by itself. From dav/propfind_source and dav/service. RFC 4918 section 15, RFC 4331.
#pragma once

#include "dav/lock_table.h"
#include "dav/property_requests.h"
#include "dav/share.h"
#include "os/folder.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace meerkat::dav {

// What is asked about.
struct Resource {
    std::string path;   // canonical, which is how locks know it
    std::string shown;  // as it was asked for: where links are on the way, another path; "" for the root
    std::string name;   // the last one; of the root what the share is called
    os::FileInfo info;
    std::int64_t createdNs = 0;
    bool isFolder() const { return info.kind == os::FileKind::Folder; }
};

// What the answers need besides the resource.
struct LiveSources {
    const Share &share;
    const LockTable &locks;
    std::optional<os::Room> room;  // of the disk, asked once a request
};

// All of them but those of RFC 4331, which cost and are given only to who names them.
std::span<const std::string_view> commonLiveNames();

// It is kept by the server: nobody can set it.
bool isProtected(const PropertyName &name);

// Appends the property with its value. False: it is none of ours, or such a resource has none.
bool appendLive(std::string &out, const PropertyName &name, const Resource &resource, const LiveSources &sources);

}  // namespace meerkat::dav
