// Station: what a UTF-8 sequence looks like from its first byte. From encodings and from the check of WebSocket text. RFC 3629 section 4.
#pragma once

#include <cstdint>

namespace meerkat {

// How a sequence that begins with `lead` goes on: its length (0: no lead byte) and the range of its second byte, which is where overlong
// forms, surrogates and what lies above U+10FFFF show.
struct SequenceShape {
    std::uint8_t length;
    std::uint8_t secondFrom = 0x80;
    std::uint8_t secondTo = 0xBF;
};

constexpr SequenceShape shapeOf(std::uint8_t lead) {
    if (lead < 0x80) return {1};
    if (lead < 0xC2) return {0};
    if (lead < 0xE0) return {2};
    if (lead < 0xF0)
        return {3, static_cast<std::uint8_t>(lead == 0xE0 ? 0xA0 : 0x80), static_cast<std::uint8_t>(lead == 0xED ? 0x9F : 0xBF)};
    if (lead < 0xF5)
        return {4, static_cast<std::uint8_t>(lead == 0xF0 ? 0x90 : 0x80), static_cast<std::uint8_t>(lead == 0xF4 ? 0x8F : 0xBF)};
    return {0};
}

}  // namespace meerkat
