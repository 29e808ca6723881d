// Station: a page of resources/page + what goes into its slots -> HTML. From files/folder_page, files/error_page.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace meerkat::files {

struct Slot {
    std::string_view name;
    std::string_view value;  // HTML already
};

// The bytes of a compiled-in file; it must be there.
std::string_view pageFile(std::string_view name);

// The page with each {{name}} replaced. Values are not looked into, so that a file called "{{name}}" stays what it is. A slot
// that nobody fills is left out.
std::string filled(std::string_view page, std::initializer_list<Slot> slots);

}  // namespace meerkat::files
