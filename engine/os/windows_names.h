// Station: inside os/ only. Names that mean something else to Windows than the file they look like. Plain text rules: built and tested
// on every system.
#pragma once

#include <string_view>

namespace meerkat::os {

// True if `segment` can only be the name of the file or folder of that name: no separator, stream, wildcard or control character, no dot or
// space at the end (Windows drops them), no device (CON, NUL.txt, COM1…).
bool isPlainWindowsName(std::string_view segment);

// True if it has the shape of the short name (PROGRA~1) that Windows may keep beside a long one.
bool looksLikeShortName(std::string_view segment);

}  // namespace meerkat::os
