// Station: inside os/ only. What no system is even asked about.
#pragma once

#include "os/file.h"

#include <optional>

namespace meerkat::os {

// Nothing if the path may be looked for below a root: no NUL, no leading slash, no segment "." or "..".
std::optional<OpenState> refusalOf(std::string_view relative);

}  // namespace meerkat::os
