// Station: hexdump_file: what connections read and write -> a file for people. From net/connection, to the disk.
#pragma once

#include "net/event_loop.h"
#include "net/traffic_tap.h"
#include "server/log_file.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace meerkat::server {

class Hexdump final : public net::TrafficTap {
  public:
    explicit Hexdump(net::EventLoop &loop) : m_loop(loop) {}
    // As LogFile::open. The loop tells of traffic while it is open.
    std::string open(std::string_view path);
    void flush() { m_file.flush(m_loop.nowMs()); }
    // net::TrafficTap
    void onTraffic(const net::Connection &connection, net::Direction direction, std::string_view bytes) override;

  private:
    net::EventLoop &m_loop;
    LogFile m_file;
    std::int64_t m_openedUs = 0;
};

// Lines of 16 columns: offset, bytes in hex, and between bars those that are printable ASCII.
void appendDump(std::string &out, std::string_view bytes);

}  // namespace meerkat::server
