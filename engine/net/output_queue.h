// Station: what a socket did not take. From net/connection, back to it when the socket is writable.
// Bytes first, then at most one range of a file. Exists only while something waits.
#pragma once

#include "os/file.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace meerkat::net {

class TlsStream;

class OutputQueue {
  public:
    bool isEmpty() const { return bytesLeft() == 0 && m_fileLeft == 0; }
    std::size_t bytesLeft() const { return m_bytes.size() - m_sent; }
    std::uint64_t waiting() const { return bytesLeft() + m_fileLeft; }
    // What is written next: these bytes, then the file from there on. The file is null where there is none.
    std::string_view nextBytes() const { return std::string_view(m_bytes).substr(m_sent); }
    const os::File *file() const { return m_file; }
    std::uint64_t fileOffset() const { return m_fileOffset; }

    void append(std::string_view bytes);
    // The file is borrowed until the range is sent or the queue is destroyed. Nothing may be appended behind a range.
    void setFile(const os::File &file, std::uint64_t offset, std::uint64_t bytes);

    struct Budget {
        std::uint64_t all = UINT64_MAX;
        std::uint64_t file = UINT64_MAX;  // of all
    };
    // Writes as much as the socket takes, at most the budget. Done: all written, or the budget is spent; `written` is added to.
    // Closed: the file is shorter than promised.
    os::IoState write(os::SocketHandle socket, Budget budget, std::span<char> scratch, std::uint64_t &written);

    // The same over TLS, which has nothing unsent. `written`: plain bytes that went out whole.
    os::IoState writeSecured(TlsStream &tls, os::SocketHandle socket, Budget budget, std::uint64_t &written);

  private:
    // The bytes that are next, as far as the budget reaches, and whether more follows at once.
    struct Piece {
        std::string_view bytes;
        bool more = false;
    };
    Piece nextPiece(const Budget &budget) const;
    void drop(std::uint64_t bytes);
    os::IoState writeBytes(os::SocketHandle socket, Budget &budget, std::uint64_t &written);
    os::IoState writeFile(os::SocketHandle socket, std::uint64_t budget, std::span<char> scratch, std::uint64_t &written);

    os::IoState writeBytesSecured(TlsStream &tls, os::SocketHandle socket, Budget &budget, std::uint64_t &written);
    os::IoState writeFileSecured(TlsStream &tls, os::SocketHandle socket, std::uint64_t budget, std::uint64_t &written);

    std::string m_bytes;
    std::size_t m_sent = 0;
    const os::File *m_file = nullptr;
    std::uint64_t m_fileOffset = 0;
    std::uint64_t m_fileLeft = 0;
};

}  // namespace meerkat::net
