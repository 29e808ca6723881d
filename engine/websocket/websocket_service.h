// Station: what all WebSocket connections of a server share. From server, to every websocket_protocol.
// Thread: engine. Holds every buffer and every zlib state, so that a connection between two messages holds none.
#pragma once

#include "websocket/deflate.h"
#include "websocket/frame_codec.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace meerkat::websocket {

class WebsocketProtocol;

// What is done with messages: the server gives its WebSockets this one handler.
class MessageHandler {
  public:
    virtual ~MessageHandler() = default;

    // A whole message or control frame; in frame mode each frame. `bits`: the first byte of its first frame with FIN set and RSV1 cleared (in frame
    // mode: the frame's own). `payload` is unmasked and inflated; it may be changed, a '\0' follows it in memory, and all of it ends with
    // the call. The handler may send and close, also on other connections. False: this connection is closed with 1000. A ping is
    // answered afterwards unless the handler sent a pong, a close is echoed unless the handler sent one.
    virtual bool onMessage(WebsocketProtocol &websocket, std::uint8_t bits, std::span<char> payload) = 0;
    // The connection is closed. The last call for it.
    virtual void onGone(WebsocketProtocol &websocket) = 0;
};

// A message or control frame that came or went; in frame mode, and where a program sends a message in parts, a frame.
struct SeenMessage {
    bool isOutgoing = false;
    std::uint8_t bits = 0;        // its first byte, RSV1 cleared
    std::string_view payload;     // unmasked, not compressed
    std::uint64_t wireBytes = 0;  // its frames as they travelled, heads and all
};

// Is told of everything that comes, before the handler is, and of everything that goes.
class MessageWatcher {
  public:
    virtual ~MessageWatcher() = default;
    // It may send and close, on this connection too.
    virtual void onSeen(WebsocketProtocol &websocket, const SeenMessage &seen) = 0;
};

struct WebsocketCounters {
    std::uint64_t messagesIn = 0;  // text and binary
    std::uint64_t messagesOut = 0;
    std::uint64_t framesIn = 0;  // of every kind
    std::uint64_t framesOut = 0;
    std::uint64_t compressions = 0;  // messages that were worked on, not those sent
};

class WebsocketService {
  public:
    explicit WebsocketService(MessageHandler &handler) : handler(handler) {}

    MessageHandler &handler;
    MessageWatcher *watcher = nullptr;                 // borrowed
    std::uint64_t maxMessageBytes = 16 * 1024 * 1024;  // a longer one ends its connection with 1009. In frame mode: of a frame
    WebsocketCounters counters;

    // ---- for websocket_protocol ----

    // The compressed form of a message, or nothing if it would not be shorter. The latest is remembered: a message that goes to 10,000 connections is
    // compressed once. The view lives until the next call.
    std::string_view compressed(std::string_view message, int windowBits);
    Inflater &inflater() { return m_inflater; }
    // An empty buffer for one message, and back with it. Several can be out at once: a handler may cause another to be called.
    std::string takeBuffer();
    void giveBuffer(std::string buffer);
    // Unpredictable (RFC 6455 section 10.3).
    Mask nextMask();

  private:
    struct Remembered {
        std::string message;
        std::string compressed;
        int windowBits = 0;  // 0: nothing is remembered
    };

    void remember(std::string_view message, int windowBits);

    std::array<std::unique_ptr<Compressor>, kMaxWindowBits - kMinWindowBits + 1> m_compressors;
    Inflater m_inflater;
    Remembered m_latest;
    std::string m_buffer;
    std::array<char, 1024> m_random{};
    std::size_t m_randomUsed = sizeof m_random;
};

// A message that goes to many: its frame is made once, its compressed frame once when the first receiver wants that. For servers; the payload is copied.
class PreparedFrame {
  public:
    // Text, Binary, Ping or Pong; of a control frame at most 125 bytes.
    PreparedFrame(Opcode opcode, std::string_view payload);

    Opcode opcode() const { return m_opcode; }
    std::string_view payload() const { return std::string_view(m_plain).substr(m_headBytes); }
    std::string_view plain() const { return m_plain; }
    // For a window of 15 bits; equal to plain where compressing is not worth it.
    std::string_view compressed(WebsocketService &service);

  private:
    std::string m_plain;
    std::string m_compressed;
    std::uint8_t m_headBytes = 0;
    Opcode m_opcode;
    bool m_isTried = false;
};

}  // namespace meerkat::websocket
