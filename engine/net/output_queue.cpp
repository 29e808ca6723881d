#include "net/output_queue.h"

#include "net/tls_stream.h"

#include <algorithm>
#include <cassert>

namespace meerkat::net {

void OutputQueue::append(std::string_view bytes) {
    assert(m_fileLeft == 0);
    // What was sent is dropped once it is the larger part, so that a slow reader's queue does not creep through memory.
    if (m_sent > m_bytes.size() / 2) {
        m_bytes.erase(0, m_sent);
        m_sent = 0;
    }
    m_bytes.append(bytes);
}

void OutputQueue::setFile(const os::File &file, std::uint64_t offset, std::uint64_t bytes) {
    assert(m_fileLeft == 0);
    m_file = &file;
    m_fileOffset = offset;
    m_fileLeft = bytes;
}

os::IoState OutputQueue::write(os::SocketHandle socket, Budget budget, std::span<char> scratch, std::uint64_t &written) {
    if (bytesLeft()) {
        const os::IoState state = writeBytes(socket, budget, written);
        if (state != os::IoState::Done || bytesLeft()) return state;
    }
    return m_fileLeft ? writeFile(socket, std::min(budget.all, budget.file), scratch, written) : os::IoState::Done;
}

// A head is not held back for a file of which nothing may be sent yet.
OutputQueue::Piece OutputQueue::nextPiece(const Budget &budget) const {
    const std::string_view all = nextBytes();
    if (budget.all < all.size()) return {all.substr(0, static_cast<std::size_t>(budget.all)), false};
    return {all, m_fileLeft > 0 && budget.all > all.size()};
}

void OutputQueue::drop(std::uint64_t bytes) {
    m_sent += static_cast<std::size_t>(bytes);
    if (bytesLeft()) return;
    m_bytes.clear();
    m_sent = 0;
}

os::IoState OutputQueue::writeBytes(os::SocketHandle socket, Budget &budget, std::uint64_t &written) {
    const Piece piece = nextPiece(budget);
    const auto outcome = os::sendBytes(socket, piece.bytes, piece.more);
    if (outcome.state != os::IoState::Done) return outcome.state;
    const bool isWhole = outcome.bytes == piece.bytes.size();
    budget.all -= outcome.bytes;
    written += outcome.bytes;
    drop(outcome.bytes);
    return isWhole ? os::IoState::Done : os::IoState::WouldBlock;
}

os::IoState OutputQueue::writeFile(os::SocketHandle socket, std::uint64_t budget, std::span<char> scratch,
                                   std::uint64_t &written) {
    while (m_fileLeft && budget) {
        const auto wanted = static_cast<std::size_t>(std::min(m_fileLeft, budget));
        const auto outcome = os::sendFileRange(socket, *m_file, m_fileOffset, wanted, scratch);
        if (outcome.state != os::IoState::Done) return outcome.state;
        if (outcome.bytes == 0) return os::IoState::Closed;
        m_fileOffset += outcome.bytes;
        m_fileLeft -= outcome.bytes;
        written += outcome.bytes;
        budget -= std::min<std::uint64_t>(budget, outcome.bytes);
        // A socket that took part of it is full: asking again would only be told so.
        if (outcome.bytes < wanted) return os::IoState::WouldBlock;
    }
    return os::IoState::Done;
}

// ---- over TLS ----

os::IoState OutputQueue::writeSecured(TlsStream &tls, os::SocketHandle socket, Budget budget, std::uint64_t &written) {
    if (bytesLeft()) {
        const os::IoState state = writeBytesSecured(tls, socket, budget, written);
        if (state != os::IoState::Done || bytesLeft()) return state;
    }
    return m_fileLeft ? writeFileSecured(tls, socket, std::min(budget.all, budget.file), written) : os::IoState::Done;
}

os::IoState OutputQueue::writeBytesSecured(TlsStream &tls, os::SocketHandle socket, Budget &budget, std::uint64_t &written) {
    const Piece piece = nextPiece(budget);
    const os::IoSlice slice{piece.bytes.data(), piece.bytes.size()};
    const auto sent = tls.send(socket, {&slice, 1}, piece.more, false);
    budget.all -= sent.taken;
    written += sent.plain;
    drop(sent.taken);
    return sent.state;
}

os::IoState OutputQueue::writeFileSecured(TlsStream &tls, os::SocketHandle socket, std::uint64_t budget, std::uint64_t &written) {
    while (m_fileLeft && budget) {
        const auto sent = tls.sendFile(socket, *m_file, m_fileOffset, std::min(m_fileLeft, budget), m_fileLeft > budget);
        m_fileOffset += sent.taken;
        m_fileLeft -= sent.taken;
        written += sent.plain;
        budget -= std::min(budget, sent.taken);
        if (sent.state != os::IoState::Done) return sent.state;
    }
    return os::IoState::Done;
}

}  // namespace meerkat::net
