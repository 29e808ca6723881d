#include "base/encodings.h"

#include <cstddef>
#include <cstdint>

namespace meerkat {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

int hexValue(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

void appendHex(std::string &to, char byte, std::string_view digits) {
    const auto value = static_cast<unsigned char>(byte);
    to += digits[value >> 4];
    to += digits[value & 15];
}

bool isUnreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
           c == '~';
}

// How a sequence that begins with `lead` goes on: its length (0: no lead byte) and the range of its second byte, which is where overlong
// forms, surrogates and what lies above U+10FFFF show (RFC 3629 section 4).
struct SequenceShape {
    std::size_t length;
    std::uint8_t secondFrom = 0x80;
    std::uint8_t secondTo = 0xBF;
};

SequenceShape shapeOf(std::uint8_t lead) {
    if (lead < 0x80) return {1};
    if (lead < 0xC2) return {0};
    if (lead < 0xE0) return {2};
    if (lead < 0xF0)
        return {3, static_cast<std::uint8_t>(lead == 0xE0 ? 0xA0 : 0x80), static_cast<std::uint8_t>(lead == 0xED ? 0x9F : 0xBF)};
    if (lead < 0xF5)
        return {4, static_cast<std::uint8_t>(lead == 0xF0 ? 0x90 : 0x80), static_cast<std::uint8_t>(lead == 0xF4 ? 0x8F : 0xBF)};
    return {0};
}

// Bytes of the UTF-8 character at the beginning of `text`; 0 if there is none.
std::size_t characterBytes(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const SequenceShape shape = shapeOf(byte(0));
    if (shape.length <= 1) return shape.length;
    if (text.size() < shape.length || byte(1) < shape.secondFrom || byte(1) > shape.secondTo) return 0;
    for (std::size_t i = 2; i < shape.length; ++i)
        if ((byte(i) & 0xC0) != 0x80) return 0;
    return shape.length;
}

// Each character as it is or as `substitute` has it (empty: as it is), each byte that is no UTF-8 as U+FFFD.
template <class Substitute>
std::string substituted(std::string_view text, Substitute substitute) {
    std::string result;
    result.reserve(text.size() + text.size() / 8);
    while (!text.empty()) {
        const std::size_t bytes = characterBytes(text);
        const std::string_view character = text.substr(0, bytes == 0 ? 1 : bytes);
        if (bytes == 0) {
            result += kReplacement;
        } else if (!substitute(character, result)) {
            result += character;
        }
        text.remove_prefix(character.size());
    }
    return result;
}

bool appendHtmlSubstitute(std::string_view character, std::string &to) {
    switch (character[0]) {
    case '&':
        to += "&amp;";
        return true;
    case '<':
        to += "&lt;";
        return true;
    case '>':
        to += "&gt;";
        return true;
    case '"':
        to += "&quot;";
        return true;
    case '\'':
        to += "&#39;";
        return true;
    default:
        return false;
    }
}

bool appendUnicodeEscape(char byte, std::string &to) {
    to += "\\u00";
    appendHex(to, byte, "0123456789abcdef");
    return true;
}

bool appendJsonSubstitute(std::string_view character, std::string &to) {
    const char c = character[0];
    if (c == '"' || c == '\\') {
        to += '\\';
        to += c;
        return true;
    }
    if (c == '\n') return to += "\\n", true;
    if (c == '\t') return to += "\\t", true;
    if (c == '<' || static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return appendUnicodeEscape(c, to);
    // Line ends to scripts of before ECMAScript 2019, which then see an unfinished string.
    if (character == "\xE2\x80\xA8") return to += "\\u2028", true;
    if (character == "\xE2\x80\xA9") return to += "\\u2029", true;
    return false;
}

}  // namespace

std::optional<std::string> percentDecoded(std::string_view text, bool plusIsSpace) {
    // Nearly all texts have nothing to decode.
    const std::size_t first = text.find('%');
    if (first == std::string_view::npos && !plusIsSpace) return std::string(text);
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            result += plusIsSpace && text[i] == '+' ? ' ' : text[i];
            continue;
        }
        if (text.size() - i < 3) return std::nullopt;
        const int high = hexValue(text[i + 1]);
        const int low = hexValue(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        result += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return result;
}

std::string percentEncoded(std::string_view text, bool keepSlash) {
    std::string result;
    result.reserve(text.size());
    for (const char c : text) {
        if (isUnreserved(c) || (keepSlash && c == '/')) {
            result += c;
        } else {
            result += '%';
            appendHex(result, c, "0123456789ABCDEF");
        }
    }
    return result;
}

std::string htmlEscaped(std::string_view text) { return substituted(text, appendHtmlSubstitute); }

std::string jsonEscaped(std::string_view text) { return substituted(text, appendJsonSubstitute); }

std::string hexLower(std::string_view bytes) {
    std::string result;
    result.reserve(bytes.size() * 2);
    for (const char c : bytes) appendHex(result, c, "0123456789abcdef");
    return result;
}

}  // namespace meerkat
