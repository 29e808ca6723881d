// Station: access_log_file. From server's answers, to a file.
#pragma once

#include "http/handler.h"
#include "server/log_file.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace meerkat::server {

enum class LogFormat : std::uint8_t { Combined, Json };

class AccessLog {
  public:
    // As LogFile::open.
    std::string open(std::string_view path) { return m_file.open(path); }
    bool isOpen() const { return m_file.isOpen(); }
    void useFormat(LogFormat format) { m_format = format; }
    void rotateAt(std::uint64_t bytes, unsigned keep) { m_file.rotateAt(bytes, keep); }
    // A line of Apache's combined format, or one JSON object (RFC 8259); the time in UTC. What a client sent is escaped, so that no request can forge a line.
    // `user`: who was let in with a password; may be empty.
    void add(std::string_view remoteIp, std::string_view user, std::int64_t wallSeconds, const http::AnswerRecord &record);
    void flush(std::int64_t nowMs) { m_file.flush(nowMs); }
    std::uint64_t lostLines() const { return m_file.lostLines(); }

  private:
    LogFile m_file;
    LogFormat m_format = LogFormat::Combined;
};

}  // namespace meerkat::server
