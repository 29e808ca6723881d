// Station: inside os/ only. Names that mean something else to Windows than the file they look like. Plain text rules: built and tested
// on every system.
#pragma once

#include <string_view>

namespace meerkat::os {

// True if `segment` can only be the name of the file or folder of that name: no separator, stream, wildcard or control character, no dot or
// space at the end (Windows drops them), no device (CON, NUL.txt, COM1…).
bool isPlainWindowsName(std::string_view segment);

// True if it may be the short name (PROGRA~1) that Windows keeps beside a long one: eight characters, a dot and three, one of them a tilde.
bool mayBeShortName(std::string_view segment);

}  // namespace meerkat::os
