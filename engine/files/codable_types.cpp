#include "files/codable_types.h"

#include "base/text.h"

#include <algorithm>
#include <array>

namespace meerkat::files {

namespace {

constexpr std::array<std::string_view, 25> kOthers = {
    "application/dart",
    "application/ecmascript",
    "application/geo+json-seq",
    "application/graphql",
    "application/javascript",
    "application/json",
    "application/json5",
    "application/msword",
    "application/postscript",
    "application/rtf",
    "application/sql",
    "application/toml",
    "application/vnd.apple.mpegurl",
    "application/vnd.ms-fontobject",
    "application/wasm",
    "application/x-ndjson",
    "application/x-sh",
    "application/x-subrip",
    "application/xml",
    "application/yaml",
    "font/otf",
    "font/ttf",
    "image/bmp",
    "image/vnd.microsoft.icon",
    "image/x-icon",
};

// Structured syntaxes that are text (RFC 6839).
constexpr std::array<std::string_view, 4> kSuffixes = {"+xml", "+json", "+text", "+yaml"};

}  // namespace

bool isCodable(std::string_view type) {
    const std::string_view essence = trimmed(type.substr(0, type.find(';')));
    // A stream of events is to arrive at once.
    if (startsWithIgnoringCase(essence, "text/")) return !equalsIgnoringCase(essence, "text/event-stream");
    const auto ends = [essence](std::string_view suffix) { return endsWithIgnoringCase(essence, suffix); };
    const auto is = [essence](std::string_view other) { return equalsIgnoringCase(essence, other); };
    return std::any_of(kSuffixes.begin(), kSuffixes.end(), ends) || std::any_of(kOthers.begin(), kOthers.end(), is);
}

}  // namespace meerkat::files
