// Station: inside os/ only. How Windows is told what to run. Plain text rules: built and tested on every system.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meerkat::os {

// An argument as it has to stand in a command line for the program to find it whole.
std::string quotedArgument(std::string_view argument);

// The program and its arguments that the first line of a script names: "#!/usr/bin/perl -w" -> "/usr/bin/perl", "-w". Of "env" what follows it. Nothing if it
// is no such line.
std::optional<std::vector<std::string>> hashBang(std::string_view script);

}  // namespace meerkat::os
