// Station: what all TLS connections of a loop share, so that an idle one owns no buffer. From net/event_loop, to net/tls_stream.
// In use only inside one call of a TlsStream; no callback of a protocol runs meanwhile.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace meerkat::net {

struct TlsBuffers {
    static constexpr std::size_t kReceivedBytes = 64 * 1024;
    static constexpr std::size_t kRecordBytes = 16 * 1024;  // plain bytes of a full record (RFC 8446 section 5.1)
    // Plain bytes that are encrypted before they are written: few enough to stay in the processor's cache on their way from the file to the socket.
    // Measured: 192 KB at a time cost as much.
    static constexpr std::size_t kPieceBytes = 4 * kRecordBytes;

    std::vector<char> received = std::vector<char>(kReceivedBytes);  // records as they came
    std::vector<char> plain = std::vector<char>(kPieceBytes);        // gathered slices, or a piece of a file, before encryption
    std::string_view input;  // whole records that OpenSSL has not read yet; into `received`
    std::string output;      // records that OpenSSL has written
};

}  // namespace meerkat::net
