// Station: a file or folder -> a row of a page. From folder_page and folder_search.
#pragma once

#include "os/file.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace meerkat::files {

struct Row {
    std::string_view name;
    std::string_view href;  // safe in HTML
    os::FileInfo info;
    std::string_view within = {};  // the path of the folder that holds it, where that is not the page's own
    bool mayChange = false;        // by the link at its end
};
void appendRow(std::string &to, const Row &row);

// Safe in HTML, and shown as what it is.
std::string shownName(std::string_view name);

// Seconds since 1970, rounded down.
std::int64_t modifiedSeconds(const os::FileInfo &info);

}  // namespace meerkat::files
