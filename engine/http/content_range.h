// Station: Content-Range of a PUT -> which piece of a file it is. From server, to dav/pieces. RFC 9110 section 14.4. A pure function of text.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace meerkat::http {

// No file is larger.
inline constexpr std::uint64_t kLargestFile = INT64_MAX;

struct ContentRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;  // inclusive
    std::uint64_t total = 0;
    bool hasBytes = true;  // false: "*/T", which asks how much is there
    std::uint64_t size() const { return hasBytes ? last - first + 1 : 0; }
};

// "bytes 0-99/1000" or "bytes */1000", the unit in any case, one blank behind it. Nothing for anything else: another unit, an unknown total, a last byte
// before the first or not below the total, a total over kLargestFile.
std::optional<ContentRange> parseContentRange(std::string_view value);

}  // namespace meerkat::http
