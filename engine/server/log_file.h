// Station: text for a file that only grows. From access_log and hexdump, to the disk; what is added in one pass is one write. A full disk loses text, never
// requests.
#pragma once

#include "os/file.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace meerkat::server {

class LogFile {
  public:
    // Opens the file for appending; "" ends it. Returns a sentence if it can't: the old file stays.
    std::string open(std::string_view path);
    bool isOpen() const { return m_file != nullptr; }
    // Lines, each with its end; written by flush.
    std::string &text() { return m_text; }
    // Looks once a second whether the file was moved away, and begins a new one then.
    void flush(std::int64_t nowMs);
    // A regular file that has reached so many bytes is renamed to NAME.1 and begun anew; NAME.1 becomes NAME.2 before, and so on up to NAME.keep, which is lost.
    // 0 bytes: never.
    void rotateAt(std::uint64_t bytes, unsigned keep);
    // That could not be written, since the beginning.
    std::uint64_t lostLines() const { return m_lostLines; }

  private:
    void write();
    void beginAnew();
    void rotate();

    std::unique_ptr<os::AppendFile> m_file;
    std::string m_path;
    std::string m_text;
    std::int64_t m_checkedMs = 0;
    std::int64_t m_rotatedMs = 0;
    std::uint64_t m_lostLines = 0;
    std::uint64_t m_bytes = 0;  // in the file, as far as we know
    std::uint64_t m_mostBytes = 0;
    unsigned m_keep = 0;
    bool m_isLineOpen = false;  // the latest line in the file is not whole
};

}  // namespace meerkat::server
