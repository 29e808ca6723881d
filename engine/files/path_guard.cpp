#include "files/path_guard.h"

#include "base/pattern.h"
#include "base/text.h"
#include "os/new_file.h"

namespace meerkat::files {

namespace {

constexpr std::string_view kPasswordFile = ".htpasswd";

bool isPasswordFile(std::string_view name) {
    if (!startsWithIgnoringCase(name, kPasswordFile)) return false;
    const std::string_view rest = name.substr(kPasswordFile.size());
    return rest.empty() || rest.front() == '.' || rest.front() == '~';
}

}  // namespace

bool PathGuard::hidesName(std::string_view name) const {
    if (isPasswordFile(name) || os::isOwnName(name)) return true;
    return !m_hidePatterns.empty() && matchPattern(m_hidePatterns, name) >= 0;
}

bool PathGuard::hidesPath(std::string_view path) const {
    while (!path.empty()) {
        const std::size_t slash = path.find('/');
        if (hidesName(path.substr(0, slash)) && slash != 0) return true;
        if (slash == std::string_view::npos) return false;
        path.remove_prefix(slash + 1);
    }
    return false;
}

std::string_view relativePath(std::string_view cleanedPath) {
    while (cleanedPath.starts_with('/')) cleanedPath.remove_prefix(1);
    while (cleanedPath.ends_with('/')) cleanedPath.remove_suffix(1);
    return cleanedPath;
}

}  // namespace meerkat::files
