// Station: the table of options: names and defaults. From api, to server/settings, which applies them.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace meerkat::server {

struct OptionSpec {
    const char *name;
    const char *defaultValue;  // null: unset
};

// In the order of mg_get_valid_option_names.
std::span<const OptionSpec> optionTable();
// Place in the table; optionTable().size() if there is none of that name.
std::size_t optionIndex(std::string_view name);
// name, default, …, NULL.
const char **optionNames();

}  // namespace meerkat::server
