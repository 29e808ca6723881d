// Station: a line of help for each option of the engine. To --help, and to whoever shows options.
#pragma once

#include <string_view>

namespace meerkat::app {

// One line without a full stop; empty for a name that is not known here.
std::string_view optionHelp(std::string_view name);

// Whether the value is the path of a file or folder, so that a relative one has to be read from somewhere.
bool isPathOption(std::string_view name);

}  // namespace meerkat::app
