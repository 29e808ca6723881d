// Station: WebSocket messages as they travel between a front end and an engine. Part of messages.h.
// Plain values only: nothing here points into the other thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace meerkat::app {

// The opcodes of RFC 6455 section 11.8; and what happens to a WebSocket without a frame.
enum class MessageKind : std::uint8_t {
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
    Opened = 16,  // the payload is the target of its request
    Lost = 17,    // it ended without a close frame: code 1006
};
constexpr bool isFrame(MessageKind kind) { return kind < MessageKind::Opened; }

// ---- front end -> engine ----

struct SendMessage {
    std::uint64_t connectionId = 0;  // 0: to every WebSocket
    MessageKind kind = MessageKind::Text;
    std::string payload;  // of Close: a code of two bytes, high byte first, and a reason; or nothing
};

// At endpoints of the kind `manual`: a text or binary message that has `contains` in it gets `answer`, as text. The first rule that fits counts.
struct AnswerRule {
    std::string contains;
    std::string answer;
};
struct AnswerMessages {
    std::vector<AnswerRule> rules;
};

// ---- engine -> front end ----

// What is longer travels cut: payloadBytes tells.
constexpr std::size_t kMostMessageBytes = 1024 * 1024;

// A WebSocket message that came or went.
struct MessageRecord {
    std::int64_t atMs = 0;  // since 1970, UTC
    std::uint64_t connectionId = 0;
    MessageKind kind = MessageKind::Text;
    bool isOutgoing = false;
    std::uint16_t closeCode = 0;  // of Close (1005: it has none) and Lost
    std::uint64_t payloadBytes = 0;
    std::uint64_t wireBytes = 0;  // its frames as they travelled
    std::string payload;
};

// What became of SendMessage.
struct MessageSent {
    std::uint64_t connectionId = 0;  // as it was asked
    std::uint32_t reached = 0;       // WebSockets that it was sent to
};

}  // namespace meerkat::app
