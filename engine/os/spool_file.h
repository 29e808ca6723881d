// Station: bytes that are too many for memory and whose end is awaited. From scripts/cgi_answer, to the disk. A file without a name, in the
// system's folder for temporary files: it is gone with its object, also after a kill. One file a system.
#pragma once

#include "os/file.h"
#include "os/new_file.h"

#include <memory>
#include <string_view>

namespace meerkat::os {

class SpoolFile {
  public:
    // Null and `state` if there can be none.
    static std::unique_ptr<SpoolFile> create(WriteState &state);

    WriteState append(std::string_view bytes);
    // Its position is its own: to be read from the beginning it is to be set there.
    const File &file() const { return m_file; }

  private:
    explicit SpoolFile(File file) : m_file(std::move(file)) {}

    File m_file;
};

}  // namespace meerkat::os
