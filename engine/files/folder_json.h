// Station: folder -> JSON for programs. From static_files and folder_search.
//   {"path":"/a/","upload":"no","entries":[{"name":"b","type":"file","size":3,"modified":"2026-01-31T12:00:00Z","contentType":"text/plain"}, …],"complete":true}
// "upload" is what visitors may do there: no, new or replace. A folder has "type":"folder", no size and no contentType.
#pragma once

#include "files/file_settings.h"
#include "os/file.h"

#include <string>
#include <string_view>
#include <vector>

namespace meerkat::files {

// One member of "entries".
void appendJson(std::string &out, std::string_view name, const os::FileInfo &info);
// Up to where the first member goes.
std::string jsonBeginning(std::string_view path, Uploads uploads);
void endJson(std::string &out, bool isComplete);
// The whole, in the order given.
std::string folderJson(std::string_view path, Uploads uploads, const std::vector<os::FolderEntry> &entries);

// Whether an Accept field asks for JSON rather than for a page (RFC 9110 section 12.5.1): it names the one and not the other, or weighs it higher.
bool prefersJson(std::string_view accept);

}  // namespace meerkat::files
