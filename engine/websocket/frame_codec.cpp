#include "websocket/frame_codec.h"

#include <cstring>

namespace meerkat::websocket {

namespace {

constexpr std::uint8_t kMaskBit = 0x80;
constexpr std::uint8_t kReservedBits = 0x70;
constexpr std::uint8_t kTwoByteLength = 126;
constexpr std::uint8_t kEightByteLength = 127;

bool isGoodFirstByte(std::uint8_t bits, bool mayBeCompressed) {
    const auto opcode = static_cast<Opcode>(bits & kOpcodeBits);
    if (!isKnown(opcode)) return false;
    if (isControl(opcode)) return (bits & (kReservedBits | kFinBit)) == kFinBit;
    const bool isFirst = opcode != Opcode::Continuation;
    const std::uint8_t allowed = mayBeCompressed && isFirst ? kCompressedBit : 0;
    return (bits & kReservedBits & ~allowed) == 0;
}

bool isGoodSecondByte(std::uint8_t byte, Opcode opcode, Role receiver) {
    const bool isMasked = byte & kMaskBit;
    if (isMasked != (receiver == Role::Server)) return false;
    return !isControl(opcode) || (byte & ~kMaskBit) <= kMaxControlBytes;
}

std::size_t lengthBytesOf(std::uint8_t lengthCode) {
    return lengthCode == kTwoByteLength ? 2 : lengthCode == kEightByteLength ? 8 : 0;
}

// What is there of an extended length: its value, and whether what is there can still be the beginning of a good one.
bool readLength(std::string_view bytes, std::size_t lengthBytes, std::uint64_t &length) {
    length = 0;
    for (const char c : bytes.substr(0, lengthBytes)) length = length << 8 | static_cast<std::uint8_t>(c);
    const bool isWhole = bytes.size() >= lengthBytes;
    if (lengthBytes == 2) return !isWhole || length > kMaxControlBytes;
    if (!bytes.empty() && (static_cast<std::uint8_t>(bytes[0]) & 0x80)) return false;
    // Of six zero bytes at most 65535 can come, which has a shorter form.
    return bytes.size() < 6 || bytes.substr(0, 6) != std::string_view("\0\0\0\0\0\0", 6);
}

}  // namespace

FrameState parseFrameHead(std::string_view bytes, Role receiver, bool mayBeCompressed, FrameHead &head) {
    if (bytes.empty()) return FrameState::NeedMore;
    const auto bits = static_cast<std::uint8_t>(bytes[0]);
    if (!isGoodFirstByte(bits, mayBeCompressed)) return FrameState::Refused;
    if (bytes.size() < 2) return FrameState::NeedMore;
    const auto second = static_cast<std::uint8_t>(bytes[1]);
    if (!isGoodSecondByte(second, static_cast<Opcode>(bits & kOpcodeBits), receiver)) return FrameState::Refused;
    std::uint64_t length = second & ~kMaskBit;
    const std::size_t lengthBytes = lengthBytesOf(static_cast<std::uint8_t>(length));
    if (lengthBytes > 0 && !readLength(bytes.substr(2), lengthBytes, length)) return FrameState::Refused;
    const std::size_t maskBytes = second & kMaskBit ? sizeof(Mask) : 0;
    const std::size_t headBytes = 2 + lengthBytes + maskBytes;
    if (bytes.size() < headBytes) return FrameState::NeedMore;
    head.bits = bits;
    head.headBytes = static_cast<std::uint8_t>(headBytes);
    head.isMasked = maskBytes > 0;
    head.mask = {};
    std::memcpy(head.mask.data(), bytes.data() + 2 + lengthBytes, maskBytes);
    head.payloadBytes = length;
    return FrameState::Complete;
}

std::size_t writeFrameHead(std::span<char, kMaxFrameHeadBytes> to, std::uint8_t bits, std::uint64_t payloadBytes,
                           const Mask *mask) {
    const std::size_t lengthBytes = payloadBytes <= kMaxControlBytes ? 0 : payloadBytes <= 0xFFFF ? 2 : 8;
    const auto code = lengthBytes == 0   ? static_cast<std::uint8_t>(payloadBytes)
                      : lengthBytes == 2 ? kTwoByteLength
                                         : kEightByteLength;
    to[0] = static_cast<char>(bits);
    to[1] = static_cast<char>(code | (mask ? kMaskBit : 0));
    std::size_t used = 2;
    for (std::size_t left = lengthBytes; left > 0; --left)
        to[used++] = static_cast<char>(payloadBytes >> (8 * (left - 1)) & 0xFF);
    if (!mask) return used;
    std::memcpy(to.data() + used, mask->data(), mask->size());
    return used + mask->size();
}

void applyMask(std::span<char> bytes, const Mask &mask, std::uint64_t offset) {
    // Turned so that its first byte belongs to the first of `bytes`.
    char turned[8];
    for (std::size_t i = 0; i < sizeof turned; ++i) turned[i] = mask[(offset + i) % mask.size()];
    std::uint64_t pattern;
    std::memcpy(&pattern, turned, sizeof pattern);
    char *at = bytes.data();
    std::size_t left = bytes.size();
    // Copies of fixed size become plain loads and stores, whatever the alignment; the compiler makes its widest registers of four words.
    for (; left >= 4 * sizeof pattern; at += 4 * sizeof pattern, left -= 4 * sizeof pattern) {
        std::uint64_t a, b, c, d;
        std::memcpy(&a, at, sizeof a);
        std::memcpy(&b, at + sizeof a, sizeof b);
        std::memcpy(&c, at + 2 * sizeof a, sizeof c);
        std::memcpy(&d, at + 3 * sizeof a, sizeof d);
        a ^= pattern;
        b ^= pattern;
        c ^= pattern;
        d ^= pattern;
        std::memcpy(at, &a, sizeof a);
        std::memcpy(at + sizeof a, &b, sizeof b);
        std::memcpy(at + 2 * sizeof a, &c, sizeof c);
        std::memcpy(at + 3 * sizeof a, &d, sizeof d);
    }
    for (; left >= sizeof pattern; at += sizeof pattern, left -= sizeof pattern) {
        std::uint64_t word;
        std::memcpy(&word, at, sizeof word);
        word ^= pattern;
        std::memcpy(at, &word, sizeof word);
    }
    for (std::size_t i = 0; i < left; ++i) at[i] = static_cast<char>(at[i] ^ turned[i]);
}

}  // namespace meerkat::websocket
