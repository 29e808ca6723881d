// Station: hide_files_patterns, cgi_pattern and their like. From options, to files and scripts.
#pragma once

#include <string_view>

namespace meerkat {

// Length of the prefix of `text` that `pattern` matches, or -1. Case-insensitive (ASCII), from the beginning: `**` matches anything,
// `*` anything but '/', `?` one character, `$` the end, `|` separates alternatives (the first that matches counts).
// Time is at most the product of both lengths: a hostile pattern or text cannot make it exponential.
int matchPattern(std::string_view pattern, std::string_view text);

}  // namespace meerkat
