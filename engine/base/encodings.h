// Station: text in other text: percent-encoding, HTML, JSON, base64, hex.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace meerkat {

// Percent-decoded; nothing if a '%' is not followed by two hex digits (RFC 3986 section 2.1). Bytes may be any, NUL too.
// With `plusIsSpace`, '+' becomes a space (form encoding).
std::optional<std::string> percentDecoded(std::string_view text, bool plusIsSpace = false);

// One byte of percent-encoded text, and `at` moved behind it; `at` is inside of the text. A '%' without two hex digits stands for itself.
char takeDecoded(std::string_view text, std::size_t &at, bool plusIsSpace);

// The whole text so, into room for it, which may be where the text is. How many bytes; nothing if they do not fit.
std::optional<std::size_t> decodedInto(std::string_view text, bool plusIsSpace, std::span<char> room);

// Everything but unreserved characters encoded (RFC 3986 section 2.3); '/' is kept where `keepSlash`.
std::string percentEncoded(std::string_view text, bool keepSlash = false);

// Safe in HTML text and in quoted attributes: & < > " ' replaced; bytes that are no UTF-8 become U+FFFD.
std::string htmlEscaped(std::string_view text);

// Safe between the quotes of a JSON string, and inside a <script> element: '<' becomes \u003c; invalid UTF-8 becomes U+FFFD.
std::string jsonEscaped(std::string_view text);

// RFC 4648 section 4, padded. Decoding takes nothing but the one encoding of the bytes: no line breaks, no bits left over.
std::string base64Encoded(std::string_view bytes);
std::optional<std::string> base64Decoded(std::string_view text);

std::string hexLower(std::string_view bytes);

}  // namespace meerkat
