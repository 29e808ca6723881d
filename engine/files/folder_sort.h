// Station: the sort part of a query -> entries in order. From files/folder_page.
#pragma once

#include "files/folder_page.h"

#include <string>
#include <string_view>
#include <vector>

namespace meerkat::files {

struct FolderSort {
    SortKey key = SortKey::Name;
    bool descending = false;
    bool operator==(const FolderSort &) const = default;
};

// "size".
std::string_view nameOf(SortKey key);

// "sort=size&order=desc" among whatever else; what is not understood counts as not said.
FolderSort sortFromQuery(std::string_view query);

// "?sort=size&order=desc", not yet escaped for HTML.
std::string queryOf(const FolderSort &sort);

// Folders before files; equal ones in natural order. Folders have no size: by size they stay in natural order.
bool comesBefore(const os::FolderEntry &a, const os::FolderEntry &b, const FolderSort &sort);
void sortEntries(std::vector<os::FolderEntry> &entries, const FolderSort &sort);

}  // namespace meerkat::files
