// Station: texts of options and arguments (UTF-8 on every system) to paths and back. Header only.
#pragma once

#include <filesystem>
#include <string>

namespace meerkat::app {

inline std::filesystem::path pathOf(const std::string &text) { return std::u8string(text.begin(), text.end()); }

inline std::string textOf(const std::filesystem::path &path) {
    const std::u8string text = path.generic_u8string();
    return {text.begin(), text.end()};
}

}  // namespace meerkat::app
