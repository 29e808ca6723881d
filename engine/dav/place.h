// Station: a request's path -> where on the disk it stands. From dav/service, to everything that reads or changes it.
#pragma once

#include "dav/share.h"
#include "os/folder.h"
#include "os/new_file.h"

#include <string>
#include <string_view>

namespace meerkat::dav {

struct Place {
    // Of the folder that holds it. NotFound also where that is hidden, or is no folder.
    os::OpenState parentState = os::OpenState::NotFound;
    os::File parent;   // open where parentState is Opened; the root's own for the root
    std::string path;  // canonical: "/a/b", no link on the way to the last name, no '/' at the end; "" for the root
    std::string name;  // the last one; "" for the root
    os::Entry entry;   // what has that name, a link itself
    // What visitors see there: links followed. Not Opened also where it is hidden.
    os::OpenState state = os::OpenState::NotFound;
    os::FileInfo info;
    std::string where;  // as in os::OpenOutcome

    bool isRoot() const { return name.empty(); }
    bool exists() const { return state == os::OpenState::Opened; }
    bool isFolder() const { return exists() && info.kind == os::FileKind::Folder; }
    bool isLink() const { return entry.kind == os::EntryKind::Link; }
    // Canonical, of the folder around it.
    std::string parentPath() const { return path.substr(0, path.rfind('/')); }
    // Where locks of it are: a link to a folder stands for the folder, whose members have no other path.
    const std::string &lockPath() const { return isLink() && isFolder() && where != "/" ? where : path; }
    // For os::Root.
    std::string relative() const { return path.empty() ? path : path.substr(1); }
};

// `path`: cleaned ("/a/b", "/a/b/"). Descriptors that lack are freed as far as the share can.
Place placeOf(Share &share, std::string_view path);

// The status that says why something is not there, or can't be reached; 0 for Opened.
int statusOf(os::OpenState state);
int statusOf(os::EditState state);
os::EditState editStateOf(os::WriteState state);

}  // namespace meerkat::dav
