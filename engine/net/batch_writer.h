// Station: answers of one reading pass -> one write. From protocols through net/connection, to the socket.
// Slices are borrowed: what they point to must live until the flush. Small pieces that do not live so long are copied into the
// writer's own arena, so that a batch costs no allocation.
#pragma once

#include "os/socket.h"

#include <array>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace meerkat::net {

class Connection;

class BatchWriter {
  public:
    Connection *owner = nullptr;  // whose answers these are; null while empty

    static constexpr std::size_t kArenaBytes = 32 * 1024;
    static constexpr std::size_t kEnoughBytes = 256 * 1024;

    BatchWriter() : m_arena(new char[kArenaBytes]) {}

    bool isEmpty() const { return m_count == 0; }
    // No further answer should be begun before a flush.
    bool isFull() const { return m_count + 4 > os::kMaxSlices || m_bytes >= kEnoughBytes || m_arenaUsed * 2 > kArenaBytes; }
    std::size_t bytes() const { return m_bytes; }
    std::span<const os::IoSlice> slices() const { return {m_slices.data(), m_count}; }

    bool canBorrow() const { return m_count < os::kMaxSlices; }
    bool canCopy(std::size_t size) const { return canBorrow() && kArenaBytes - m_arenaUsed >= size; }

    void borrow(std::string_view bytes) {
        if (bytes.empty()) return;
        m_bytes += bytes.size();
        // Neighbours in memory become one slice, so that a batch of copies is one plain send.
        if (m_count && m_slices[m_count - 1].data + m_slices[m_count - 1].size == bytes.data())
            m_slices[m_count - 1].size += bytes.size();
        else
            m_slices[m_count++] = {bytes.data(), bytes.size()};
    }
    void copy(std::string_view bytes) {
        if (bytes.empty()) return;
        char *place = m_arena.get() + m_arenaUsed;
        std::memcpy(place, bytes.data(), bytes.size());
        m_arenaUsed += bytes.size();
        borrow({place, bytes.size()});
    }
    void clear() {
        owner = nullptr;
        m_count = m_bytes = m_arenaUsed = 0;
    }

  private:
    std::array<os::IoSlice, os::kMaxSlices> m_slices;
    std::size_t m_count = 0;
    std::size_t m_bytes = 0;
    std::unique_ptr<char[]> m_arena;
    std::size_t m_arenaUsed = 0;
};

}  // namespace meerkat::net
