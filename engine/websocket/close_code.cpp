#include "websocket/close_code.h"

#include "websocket/frame_codec.h"

namespace meerkat::websocket {

namespace {

constexpr std::size_t kCodeBytes = 2;

// At most `limit` bytes of it, ending with a whole character.
std::string_view cutAtCharacter(std::string_view text, std::size_t limit) {
    if (text.size() <= limit) return text;
    while (limit > 0 && (static_cast<std::uint8_t>(text[limit]) & 0xC0) == 0x80) --limit;
    return text.substr(0, limit);
}

}  // namespace

bool isSendableCloseCode(unsigned code) {
    if (code >= 3000 && code <= 4999) return true;
    return code >= kNormalClosure && code <= 1014 && code != 1004 && code != kNoStatus && code != kAbnormal;
}

std::string closePayload(unsigned code, std::string_view reason) {
    std::string payload;
    if (code == 0) return payload;
    payload += static_cast<char>(code >> 8);
    payload += static_cast<char>(code & 0xFF);
    payload += cutAtCharacter(reason, kMaxControlBytes - kCodeBytes);
    return payload;
}

std::optional<CloseMessage> readClosePayload(std::string_view payload) {
    if (payload.empty()) return CloseMessage{};
    if (payload.size() < kCodeBytes) return std::nullopt;
    const auto code = static_cast<unsigned>(static_cast<std::uint8_t>(payload[0]) << 8 | static_cast<std::uint8_t>(payload[1]));
    if (!isSendableCloseCode(code)) return std::nullopt;
    return CloseMessage{code, payload.substr(kCodeBytes)};
}

}  // namespace meerkat::websocket
