// Station: access_log_file. From server's answers, to a file; lines of one pass are one write.
#pragma once

#include "http/handler.h"
#include "os/file.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace meerkat::server {

class AccessLog {
  public:
    // Opens the file for appending; "" ends logging. Returns a sentence if it can't: the old file stays.
    std::string open(std::string_view path);
    bool isOpen() const { return m_file != nullptr; }
    // Apache's combined format; the time in UTC. What a client sent is escaped, so that no request can forge a line.
    // `user`: who was let in with a password; may be empty.
    void add(std::string_view remoteIp, std::string_view user, std::int64_t wallSeconds, const http::AnswerRecord &record);
    // Writes what was added. Looks once a second whether the file was moved away, and begins a new one then.
    void flush(std::int64_t nowMs);
    // That could not be written, since the beginning.
    std::uint64_t lostLines() const { return m_lostLines; }

  private:
    std::unique_ptr<os::AppendFile> m_file;
    std::string m_path;
    std::string m_lines;
    std::int64_t m_checkedMs = 0;
    std::uint64_t m_lostLines = 0;
    bool m_isLineOpen = false;  // the latest line in the file is not whole
};

}  // namespace meerkat::server
