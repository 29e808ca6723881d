#include "server/hexdump.h"

#include "files/page_words.h"
#include "net/connection.h"

#include <algorithm>

namespace meerkat::server {

namespace {

constexpr std::size_t kColumns = 16;
// What one pass may gather before it is written.
constexpr std::size_t kMostGathered = 1024 * 1024;
constexpr std::int64_t kUsPerSecond = 1'000'000;

void appendHex(std::string &out, std::uint64_t number, int digits) {
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) out.push_back("0123456789abcdef"[number >> shift & 15]);
}

void appendAddress(std::string &out, const os::Endpoint &endpoint) {
    const std::string ip = os::ipText(endpoint);
    const bool isV6 = ip.find(':') != std::string::npos;
    out.append(isV6 ? "[" : "").append(ip).append(isV6 ? "]:" : ":").append(std::to_string(endpoint.port));
}

// "12.000345"
void appendSeconds(std::string &out, std::int64_t us) {
    const std::string fraction = std::to_string(us % kUsPerSecond);
    out.append(std::to_string(us / kUsPerSecond)).append(".").append(6 - fraction.size(), '0').append(fraction);
}

}  // namespace

void appendDump(std::string &out, std::string_view bytes) {
    for (std::size_t at = 0; at < bytes.size(); at += kColumns) {
        const std::string_view row = bytes.substr(at, kColumns);
        appendHex(out, at, 8);
        for (std::size_t column = 0; column < kColumns; ++column) {
            out.append(column == kColumns / 2 ? "  " : " ");
            if (column < row.size())
                appendHex(out, static_cast<unsigned char>(row[column]), 2);
            else
                out.append("  ");
        }
        out.append("  |");
        for (const char c : row) out.push_back(c >= ' ' && c <= '~' ? c : '.');
        out.append("|\n");
    }
}

std::string Hexdump::open(std::string_view path) {
    if (std::string refusal = m_file.open(path); !refusal.empty()) return refusal;
    m_openedUs = m_loop.nowUs();
    m_loop.tap = m_file.isOpen() ? this : nullptr;
    return {};
}

// The wall clock counts whole seconds, so how long it is since the file was opened stands beside it.
void Hexdump::onTraffic(const net::Connection &connection, net::Direction direction, std::string_view bytes) {
    std::string &out = m_file.text();
    out.append(files::machineTime(m_loop.wallSeconds())).append(" +");
    appendSeconds(out, std::max<std::int64_t>(0, m_loop.nowUs() - m_openedUs));
    out.push_back(' ');
    appendAddress(out, connection.local());
    out.append(direction == net::Direction::Received ? " <- " : " -> ");
    appendAddress(out, connection.peer());
    out.append(" ").append(std::to_string(bytes.size())).append(bytes.size() == 1 ? " byte\n" : " bytes\n");
    appendDump(out, bytes);
    if (out.size() >= kMostGathered) flush();
}

}  // namespace meerkat::server
