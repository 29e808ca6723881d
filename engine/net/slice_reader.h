// Station: inside net/ only. Slices of any size -> pieces that fill TLS records. From tls_stream::send, to OpenSSL.
#pragma once

#include "net/tls_buffers.h"
#include "os/socket.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <string_view>

namespace meerkat::net {

class SliceReader {
  public:
    explicit SliceReader(std::span<const os::IoSlice> slices) : m_slices(slices) { skipEmpty(); }

    bool isAtEnd() const { return m_slices.empty(); }

    // The next bytes, at most `limit`: whole records straight from a slice that has them, or its end if it is the last; else one
    // record's worth of several slices, joined in `workspace`.
    std::string_view next(std::size_t limit, std::span<char> workspace) {
        const std::size_t here = std::min(limit, current().size());
        if (m_slices.size() == 1 || here == limit) return take(here);
        if (here >= TlsBuffers::kRecordBytes) return take(here - here % TlsBuffers::kRecordBytes);
        std::size_t joined = 0;
        const std::size_t wanted = std::min(limit, TlsBuffers::kRecordBytes);
        while (!isAtEnd() && joined < wanted) {
            const std::string_view part = take(std::min(wanted - joined, current().size()));
            std::memcpy(workspace.data() + joined, part.data(), part.size());
            joined += part.size();
        }
        return {workspace.data(), joined};
    }

  private:
    std::string_view current() const { return {m_slices[0].data + m_used, m_slices[0].size - m_used}; }
    std::string_view take(std::size_t size) {
        const std::string_view part = current().substr(0, size);
        m_used += size;
        skipEmpty();
        return part;
    }
    void skipEmpty() {
        while (!m_slices.empty() && m_used == m_slices[0].size) {
            m_slices = m_slices.subspan(1);
            m_used = 0;
        }
    }

    std::span<const os::IoSlice> m_slices;
    std::size_t m_used = 0;  // of the first
};

}  // namespace meerkat::net
