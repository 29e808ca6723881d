#include "base/encodings.h"

#include "base/utf8_shape.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace meerkat {

namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
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

char takeDecoded(std::string_view text, std::size_t &at, bool plusIsSpace) {
    const char c = text[at++];
    if (c == '+' && plusIsSpace) return ' ';
    if (c != '%' || text.size() - at < 2) return c;
    const int high = hexValue(text[at]);
    const int low = hexValue(text[at + 1]);
    if (high < 0 || low < 0) return c;
    at += 2;
    return static_cast<char>(high * 16 + low);
}

std::optional<std::size_t> decodedInto(std::string_view text, bool plusIsSpace, std::span<char> room) {
    std::size_t length = 0;
    for (std::size_t at = 0; at < text.size();) {
        if (length == room.size()) return std::nullopt;
        const char c = takeDecoded(text, at, plusIsSpace);
        room[length++] = c;
    }
    return length;
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

std::string base64Encoded(std::string_view bytes) {
    std::string result;
    result.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j) group = group << 8 | (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0u);
        for (std::size_t j = 0; j < 4; ++j) result += j <= count ? kBase64[group >> (18 - 6 * j) & 63] : '=';
    }
    return result;
}

std::optional<std::string> base64Decoded(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    const std::string_view digits = text.substr(0, text.size() - padding);
    std::string result;
    result.reserve(text.size() / 4 * 3);
    std::uint32_t group = 0;
    unsigned bits = 0;
    for (const char c : digits) {
        const std::size_t value = kBase64.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        group = group << 6 | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        result += static_cast<char>(group >> bits & 0xFF);
    }
    // Bits that stand for no byte are zero, so that each text has one encoding.
    if ((group & ((1u << bits) - 1)) != 0) return std::nullopt;
    return result;
}

std::string hexLower(std::string_view bytes) {
    std::string result;
    result.reserve(bytes.size() * 2);
    for (const char c : bytes) appendHex(result, c, "0123456789abcdef");
    return result;
}

}  // namespace meerkat
