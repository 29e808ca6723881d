// Station: the table of options: what each is called, takes, begins with and is good for. From api, to server/settings, which applies them.
#pragma once

#include "mongoose.h"

#include <cstddef>
#include <span>
#include <string_view>

namespace meerkat::server {

// In the order of mg_get_valid_option_names.
std::span<const mg_option_info> optionTable();
// Place in the table; optionTable().size() if there is none of that name.
std::size_t optionIndex(std::string_view name);
// Null if there is none of that name.
const mg_option_info *optionInfo(std::string_view name);
// name, default, …, NULL.
const char **optionNames();

}  // namespace meerkat::server
