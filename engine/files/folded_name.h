// Station: a name -> what it is found by. From folder_search. The same words find it however it is written: in any case, with accents or without them, composed or
// not.
#pragma once

#include <string>
#include <string_view>

namespace meerkat::files {

// Lower case in Latin, Greek, Cyrillic and Armenian; accents are taken off Latin letters, and combining ones off all. What is no UTF-8 stays as it is.
std::string foldedName(std::string_view name);

}  // namespace meerkat::files
