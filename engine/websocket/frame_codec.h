// Station: bytes <-> frames. Between net/connection's bytes and websocket_protocol. RFC 6455 section 5.
// Thread: any. Pure functions of bytes; nothing is owned and nothing allocated.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace meerkat::websocket {

enum class Opcode : std::uint8_t { Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 };
enum class Role : std::uint8_t { Server, Client };

// The first byte of a frame.
inline constexpr std::uint8_t kFinBit = 0x80;
inline constexpr std::uint8_t kCompressedBit = 0x40;  // RSV1, RFC 7692 section 6
inline constexpr std::uint8_t kOpcodeBits = 0x0f;

inline constexpr std::size_t kMaxControlBytes = 125;
inline constexpr std::size_t kMaxFrameHeadBytes = 14;

using Mask = std::array<char, 4>;

constexpr bool isControl(Opcode opcode) { return static_cast<std::uint8_t>(opcode) >= 8; }
// False for the opcodes that are reserved (section 11.8).
constexpr bool isKnown(Opcode opcode) { return opcode <= Opcode::Binary || (opcode >= Opcode::Close && opcode <= Opcode::Pong); }

// The first byte of an uncompressed frame.
constexpr std::uint8_t firstByteOf(Opcode opcode, bool isFinal = true) {
    return static_cast<std::uint8_t>((isFinal ? kFinBit : 0) | static_cast<std::uint8_t>(opcode));
}

struct FrameHead {
    std::uint8_t bits = 0;       // its first byte
    std::uint8_t headBytes = 0;  // 2 to 14
    bool isMasked = false;
    Mask mask{};  // zero where there is none
    std::uint64_t payloadBytes = 0;

    Opcode opcode() const { return static_cast<Opcode>(bits & kOpcodeBits); }
    bool isFinal() const { return bits & kFinBit; }
    bool isCompressed() const { return bits & kCompressedBit; }
};

enum class FrameState : std::uint8_t { NeedMore, Complete, Refused };

// Reads the head of a frame that comes to `receiver`: to a server with a mask, to a client without. RSV1 is let through on text and binary
// frames where `mayBeCompressed`. Refused (all of it a protocol error, 1002): other reserved bits, reserved opcodes, a mask missing or
// forbidden, control frames of more than 125 bytes or in fragments, a length of more than 63 bits or not in its shortest form. Refuses with
// the first byte that tells. `head` is filled when Complete.
FrameState parseFrameHead(std::string_view bytes, Role receiver, bool mayBeCompressed, FrameHead &head);

// Writes a head with `bits` as its first byte, the shortest form of the length, and the mask if there is one. Returns its bytes.
std::size_t writeFrameHead(std::span<char, kMaxFrameHeadBytes> to, std::uint8_t bits, std::uint64_t payloadBytes,
                           const Mask *mask);

// Masks and unmasks, which is the same. `offset`: where in its frame's payload the first byte stands.
void applyMask(std::span<char> bytes, const Mask &mask, std::uint64_t offset = 0);

}  // namespace meerkat::websocket
