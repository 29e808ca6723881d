// Station: two names -> which comes first in the eyes of a person. From files/folder_page.
#pragma once

#include <string_view>

namespace meerkat::files {

// Negative, 0 or positive, as `a` comes before, is, or comes after `b`. Runs of digits compare as numbers (file2 before file10),
// letters of ASCII in any case; names that are the same so far compare by their bytes, so that 0 means the very same name.
int compareNaturally(std::string_view a, std::string_view b);

}  // namespace meerkat::files
