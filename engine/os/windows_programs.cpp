#include "os/windows_programs.h"

#include <algorithm>

namespace meerkat::os {

namespace {

constexpr std::string_view kBlanks = " \t";

std::string_view lastName(std::string_view path) {
    const std::size_t slash = path.find_last_of("/\\");
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace

// A backslash means something only before a quote: there each needs another.
std::string quotedArgument(std::string_view argument) {
    std::string quoted = "\"";
    std::size_t backslashes = 0;
    for (const char c : argument) {
        if (c == '"') quoted.append(backslashes + 1, '\\');
        backslashes = c == '\\' ? backslashes + 1 : 0;
        quoted += c;
    }
    return quoted.append(backslashes, '\\') + "\"";
}

std::optional<std::vector<std::string>> hashBang(std::string_view script) {
    if (!script.starts_with("#!")) return std::nullopt;
    std::string_view line = script.substr(2, script.find_first_of("\r\n") - 2);
    std::vector<std::string> words;
    while (true) {
        line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
        if (line.empty()) break;
        words.emplace_back(line.substr(0, line.find_first_of(kBlanks)));
        line.remove_prefix(words.back().size());
    }
    if (words.size() > 1 && lastName(words.front()) == "env") words.erase(words.begin());
    if (words.empty()) return std::nullopt;
    return words;
}

}  // namespace meerkat::os
