// Station: texts of ours -> buffers of a program. From the functions of mongoose.h that fill one.
#pragma once

#include <cstddef>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

namespace meerkat::api {

// Ends a buffer that can hold anything with "".
inline void clearText(char *buffer, std::size_t size) {
    if (buffer && size > 0) buffer[0] = '\0';
}

// What a buffer takes before its '\0'; `size` is over 0.
inline std::span<char> roomIn(char *buffer, std::size_t size) { return {buffer, size - 1}; }

// Ends what was written into roomIn; "" where it did not fit.
inline void endText(char *buffer, const std::optional<std::size_t> &length) { buffer[length.value_or(0)] = '\0'; }

// Whole or not at all, then "". A text that holds a '\0' would be another one to who reads it: not at all.
inline void copyText(std::string_view text, char *buffer, int size) {
    if (!buffer || size <= 0) return;
    const bool fits = text.size() < static_cast<std::size_t>(size) && text.find('\0') == std::string_view::npos;
    if (fits && !text.empty()) std::memcpy(buffer, text.data(), text.size());
    buffer[fits ? text.size() : 0] = '\0';
}

}  // namespace meerkat::api
