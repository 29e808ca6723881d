// Station: request path -> path below the root. From static_files; os/file keeps the rest of the promise when it opens.
#pragma once

#include <string>
#include <string_view>

namespace meerkat::files {

class PathGuard {
  public:
    // hide_files_patterns; "" hides nothing but password files.
    explicit PathGuard(std::string hidePatterns = {}) : m_hidePatterns(std::move(hidePatterns)) {}

    // One name of a path or a folder: uploads that are not finished, the store of WebDAV's properties, password files in any case, copies of them too (`.htpasswd.Ab3dE6` is what a killed edit leaves,
    // `.htpasswd~` what some editors do), and what the patterns match.
    bool hidesName(std::string_view name) const;
    // Any name of a cleaned path ("/a/b").
    bool hidesPath(std::string_view path) const;

  private:
    std::string m_hidePatterns;
};

// "/a/b/" -> "a/b": how os/file wants it.
std::string_view relativePath(std::string_view cleanedPath);

}  // namespace meerkat::files
