// Station: inside os/ only. The words of a Failure.
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

namespace meerkat::os {

// What the system says about its error number, without a full stop.
Failure systemFailure(int code);

// 'text'
std::string quoted(std::string_view text);

}  // namespace meerkat::os
