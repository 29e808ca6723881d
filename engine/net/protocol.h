// Station: what a connection speaks. From net/connection, to http_protocol and websocket_protocol.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace meerkat::net {

class Connection;

class Protocol {
  public:
    virtual ~Protocol() = default;

    // Bytes have arrived, behind those that an earlier call left. Returns how many are done with; the connection keeps the rest and
    // hands it in again, together with what came, or when resumeInput is called.
    virtual std::size_t onBytes(std::string_view bytes) = 0;
    // The peer has finished sending; bytes that were left will not grow.
    virtual void onEndOfInput() = 0;
    // Everything that waited has been written.
    virtual void onDrained() = 0;
    // Nothing was read or written for the connection's time limit.
    virtual void onTimeLimit() = 0;
    // The socket is closed. The last call; the protocol is destroyed when the pass ends.
    virtual void onClosed() = 0;

    // While false the connection does not read: the peer is slowed by its own full buffers.
    virtual bool wantsInput() const = 0;
};

}  // namespace meerkat::net
