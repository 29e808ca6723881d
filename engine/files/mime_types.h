// Station: file name -> Content-Type. From files/static_files.
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace meerkat::files {

// The type of a name by its longest known extension in any case, text types with "; charset=utf-8"; "application/octet-stream" if
// unknown. Includes what browsers need today: js, mjs, wasm, json, webmanifest, svg, avif, webp, woff2, mp4, webm, m3u8.
std::string_view builtInType(std::string_view name);
// The same, but null if unknown. Lives as long as the program.
const char *knownType(std::string_view name);

// extra_mime_types: `.ext=type,…`, looked at before the built-in table.
class MimeTypes {
  public:
    // Fails with a sentence that names the item that is not `.ext=type/subtype`.
    static Result<MimeTypes> parse(std::string_view list);
    std::string_view typeOf(std::string_view name) const;

  private:
    struct Extra {
        std::string extension;  // with its dot
        std::string type;
    };
    std::vector<Extra> m_extras;
};

}  // namespace meerkat::files
