// Station: what a connection speaks. From net/connection, to http_protocol and websocket_protocol.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace meerkat::net {

class Connection;

// What a protocol is at, for snapshots.
enum class Activity : std::uint8_t { Idle, Reading, Handling, Sending, Closing };
struct ProtocolStatus {
    Activity activity = Activity::Idle;
    int latestStatus = 0;            // of the latest answer, 0 before the first
    std::uint64_t requests = 0;      // or messages
    std::uint64_t answerLength = 0;  // of the body under way; 0 if not known
    std::uint64_t answerSent = 0;    // bytes of the answer that the system took
};

class Protocol {
  public:
    virtual ~Protocol() = default;

    // Bytes have arrived, behind those that an earlier call left. Returns how many are done with; the connection keeps the rest and
    // hands it in again, together with what came, or when resumeInput is called. The bytes are memory of the connection's own until the call returns:
    // a protocol that says so by a cast may change those it is done with, and the one behind the last.
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

    // Where the peer takes no more of what is sent: whether it is heard out before the connection closes (RFC 9112, 9.5).
    virtual bool awaitsAnswer() const { return false; }

    virtual ProtocolStatus status() const = 0;

    // TLS alone, before the first onBytes: the handshake is over, and a client knows that the server is who it should be.
    virtual void onSecured() {}
    // TLS alone: no agreement, or the server is not who it should be; `failure` is one sentence. The connection closes: onClosed follows.
    virtual void onSecureFailure(std::string_view failure) { static_cast<void>(failure); }
};

}  // namespace meerkat::net
