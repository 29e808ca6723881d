// Station: the check of text while it arrives. From websocket_protocol and deflate. RFC 3629.
// Thread: any. A value of three bytes: what is expected next.
#pragma once

#include <cstdint>
#include <string_view>

namespace meerkat::websocket {

class Utf8Validator {
  public:
    // The next piece of the text. False as soon as no continuation could make it UTF-8; the validator is of no use after that.
    bool accept(std::string_view piece);
    // Not within a character: the text may end here.
    bool isComplete() const { return m_missing == 0; }

  private:
    bool finishCharacter(std::string_view &piece);

    std::uint8_t m_missing = 0;  // bytes of the character under way
    std::uint8_t m_from = 0x80;  // the range of its next byte
    std::uint8_t m_to = 0xBF;
};

// A whole text.
inline bool isUtf8(std::string_view text) {
    Utf8Validator validator;
    return validator.accept(text) && validator.isComplete();
}

}  // namespace meerkat::websocket
