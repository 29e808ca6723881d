// Station: one connection speaking WebSocket. From net/connection through frame_codec, to the MessageHandler; what is sent goes
// back the same way. RFC 6455, RFC 7692; both roles.
// Thread: engine. A message that arrives whole in one read is handed over where it lies. Between two messages this object owns nothing.
#pragma once

#include "net/connection.h"
#include "websocket/close_code.h"
#include "websocket/websocket_service.h"

#include <memory>
#include <span>
#include <string_view>

namespace meerkat::websocket {

enum class EventMode : std::uint8_t { Message, Frame };

struct WebsocketTerms {
    Role role = Role::Server;
    EventMode mode = EventMode::Message;  // Frame: nothing may be compressed, so no deflate may be agreed on
    DeflateTerms deflate;
};

class WebsocketProtocol final : public net::Protocol {
  public:
    WebsocketProtocol(WebsocketService &service, net::Connection &connection, const WebsocketTerms &terms);
    ~WebsocketProtocol() override;

    // ---- sending. From within a callback of this connection what is sent goes out together; from elsewhere flush() of the connection is due afterwards ----

    // One frame, compressed where that was agreed on and shortens it. `isFinal` false begins or continues a message in fragments, whose later frames
    // are Continuation. `payload` is done with on return. False, and nothing is sent: closing has begun; the opcode is unknown or out of turn; a
    // control frame is over 125 bytes or a fragment; a close frame's payload is no valid one. A Close is close() with that code and reason.
    bool send(Opcode opcode, std::string_view payload, bool isFinal = true);
    // `frame` is done with on return: what the socket does not take is copied.
    bool sendPrepared(PreparedFrame &frame);
    // Begins the closing handshake; nothing can be sent after it. Code 0: a close frame without one. A reason that is too long is cut at a
    // character. False: closing has begun already, or the code may not be sent.
    bool close(unsigned code = kNormalClosure, std::string_view reason = {});

    // False once closing has begun, from either side.
    bool isOpen() const { return m_state == State::Open && !m_connection.isClosing(); }
    std::uint64_t bytesWaiting() const { return m_connection.bytesWaiting(); }

    // ---- about it ----

    Role role() const { return m_isClient ? Role::Client : Role::Server; }
    EventMode mode() const { return m_isFrameMode ? EventMode::Frame : EventMode::Message; }
    bool isCompressing() const { return m_compresses; }
    // How it was closed: the peer's code; kNoStatus if its close frame had none, kAbnormal if there was no close frame (yet).
    std::uint16_t peerCloseCode() const { return static_cast<std::uint16_t>(m_peerCloseCode); }
    // Lives from the peer's close frame until this object is destroyed.
    std::string_view peerCloseReason() const;
    std::uint64_t messagesIn() const { return m_messagesIn; }
    std::uint64_t messagesOut() const { return m_messagesOut; }

    net::Connection &connection() const { return m_connection; }
    WebsocketService &service() const { return m_service; }

    // ---- net::Protocol ----
    std::size_t onBytes(std::string_view bytes) override;
    void onEndOfInput() override;
    void onDrained() override;
    void onTimeLimit() override;
    void onClosed() override;
    bool wantsInput() const override;
    // `requests` counts messages in; the status is that of the handshake, 101.
    net::ProtocolStatus status() const override;

  private:
    // CloseSent: ours is out, the peer's is waited for. Ended: both, or the connection has failed.
    enum class State : std::uint8_t { Open, CloseSent, Ended };
    // A message of which only a part is there.
    struct Unfinished;

    bool canProceed() const;
    std::size_t onFrame(std::span<char> bytes);
    std::size_t onControlFrame(const FrameHead &head, std::span<char> bytes);
    std::size_t onPayload(std::span<char> bytes);
    bool isInTurn(const FrameHead &head) const;
    std::uint64_t roomFor(const FrameHead &head) const;
    void beginFrame(const FrameHead &head);
    bool isGoodSoFar(std::string_view piece);
    void finishFrame();
    void finishPart();
    void finishMessage();
    // `wireBytes`: of its frames, as they came.
    void handWhole(std::uint8_t bits, std::span<char> payload, std::uint64_t wireBytes);
    void handInflated(std::uint8_t bits, std::string_view compressed, std::uint64_t wireBytes);
    void hand(std::uint8_t bits, std::span<char> payload, std::uint64_t wireBytes);
    bool callHandler(std::uint8_t bits, std::span<char> payload, std::uint64_t wireBytes);
    void onPing(std::span<char> payload, std::uint64_t wireBytes);
    void onClose(std::span<char> payload, std::uint64_t wireBytes);
    void keepReason(std::string_view reason);
    void dropUnfinished();
    void fail(CloseCode code, std::string_view reason);
    void end();
    bool sendClosePayload(std::string_view payload);
    void writeClose(unsigned code, std::string_view reason);
    void sendMessage(Opcode opcode, std::string_view payload, bool isFinal);
    // Returns the bytes of the frame.
    std::uint64_t sendFrame(std::uint8_t bits, std::string_view payload);
    void tellSent(std::uint8_t bits, std::string_view payload, std::uint64_t wireBytes);

    WebsocketService &m_service;
    net::Connection &m_connection;
    std::unique_ptr<Unfinished> m_unfinished;
    // Ten thousand of these wait for their next message: the counts share their words with the state.
    std::uint64_t m_messagesIn : 48 = 0;
    std::uint64_t m_peerCloseCode : 16 = kAbnormal;
    std::uint64_t m_messagesOut : 48 = 0;
    State m_state : 2 = State::Open;
    bool m_isClient : 1;
    bool m_isFrameMode : 1;
    bool m_compresses : 1;
    bool m_isPinged : 1 = false;        // a ping of ours is out since something came
    bool m_sendsFragments : 1 = false;  // a message in fragments was begun by send
    bool m_hasPonged : 1 = false;       // since the latest ping
    std::uint8_t m_windowBits : 4;
};

}  // namespace meerkat::websocket
