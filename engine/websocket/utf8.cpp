#include "websocket/utf8.h"

#include "base/utf8_shape.h"

#include <cstddef>
#include <cstring>

namespace meerkat::websocket {

namespace {

// Bytes below 0x80 at the beginning, eight at a time while whole words are left; the rest is left to the caller's single steps.
std::size_t asciiWords(std::string_view text) {
    constexpr std::uint64_t highBits = 0x8080808080808080u;
    std::size_t at = 0;
    std::uint64_t words[4];
    for (; text.size() - at >= sizeof words; at += sizeof words) {
        std::memcpy(words, text.data() + at, sizeof words);
        if ((words[0] | words[1] | words[2] | words[3]) & highBits) break;
    }
    for (; text.size() - at >= sizeof words[0]; at += sizeof words[0]) {
        std::memcpy(words, text.data() + at, sizeof words[0]);
        if (words[0] & highBits) break;
    }
    return at;
}

}  // namespace

// Takes what is there of the character under way. False if a byte is none that may follow.
bool Utf8Validator::finishCharacter(std::string_view &piece) {
    while (m_missing > 0 && !piece.empty()) {
        const auto byte = static_cast<std::uint8_t>(piece.front());
        if (byte < m_from || byte > m_to) return false;
        piece.remove_prefix(1);
        --m_missing;
        m_from = 0x80;
        m_to = 0xBF;
    }
    return true;
}

bool Utf8Validator::accept(std::string_view piece) {
    if (!finishCharacter(piece)) return false;
    while (!piece.empty()) {
        const auto lead = static_cast<std::uint8_t>(piece.front());
        if (lead < 0x80) {
            const std::size_t words = asciiWords(piece);
            piece.remove_prefix(words > 0 ? words : 1);
            continue;
        }
        const SequenceShape shape = shapeOf(lead);
        if (shape.length == 0) return false;
        piece.remove_prefix(1);
        m_missing = static_cast<std::uint8_t>(shape.length - 1);
        m_from = shape.secondFrom;
        m_to = shape.secondTo;
        if (!finishCharacter(piece)) return false;
    }
    return true;
}

}  // namespace meerkat::websocket
