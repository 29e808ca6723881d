// The part of a connection that is there only while somebody looks on at its bytes.
#include "net/connection.h"
#include "net/traffic_tap.h"

#include <algorithm>

namespace meerkat::net {

// What stood in the queue before it was written: afterwards it is gone.
struct Connection::TappedQueue {
    std::string bytes;
    const os::File *file;
    std::uint64_t fileOffset;
};

// The first `bytes` of the slices went out.
void Connection::tapSlices(std::span<const os::IoSlice> slices, std::uint64_t bytes) const {
    for (const auto &slice : slices) {
        const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(slice.size, bytes));
        if (taken > 0) m_loop.tap->onTraffic(*this, Direction::Sent, {slice.data, taken});
        bytes -= taken;
    }
}

// A file goes to the socket without passing through here, so its bytes are read once more.
void Connection::tapQueue(const TappedQueue &before) const {
    const std::size_t sent = before.bytes.size() - std::min(before.bytes.size(), m_output->bytesLeft());
    if (sent > 0) m_loop.tap->onTraffic(*this, Direction::Sent, std::string_view(before.bytes).substr(0, sent));
    std::uint64_t at = before.fileOffset;
    while (before.file && before.file == m_output->file() && at < m_output->fileOffset()) {
        std::string part(static_cast<std::size_t>(std::min<std::uint64_t>(m_output->fileOffset() - at, 16 * 1024)), '\0');
        const auto read = before.file->readAt(at, part);
        if (!read || *read == 0) return;
        m_loop.tap->onTraffic(*this, Direction::Sent, std::string_view(part).substr(0, *read));
        at += *read;
    }
}

void Connection::writeQueueTapped() {
    const TappedQueue before{std::string(m_output->nextBytes()), m_output->file(), m_output->fileOffset()};
    writeQueueOnce();
    if (m_output) tapQueue(before);
    dropEmptyQueue();
}

}  // namespace meerkat::net
