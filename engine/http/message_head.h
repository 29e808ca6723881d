// Station: what the heads of requests and responses have in common. From head_reader, through both parsers, to everybody who looks at fields.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace meerkat::http {

struct HeaderField {
    std::string_view name;   // a token, as sent
    std::string_view value;  // without white space around it
};

inline constexpr std::size_t kMaxHeaderFields = 100;

enum class Method : std::uint8_t { Get, Head, Post, Put, Delete, Options, Trace, Connect, Other };

struct MessageHead {
    int minorVersion = 1;  // HTTP/1.x
    // What the framing fields say, checked against each other (RFC 9112 section 6).
    bool isChunked = false;
    bool hasContentLength = false;
    std::uint64_t contentLength = 0;
    bool keepAlive = true;      // from version and Connection
    bool wantsUpgrade = false;  // Connection: upgrade

    std::size_t fieldCount = 0;
    std::array<HeaderField, kMaxHeaderFields> fields;  // only the first fieldCount are meaningful; not cleared between uses

    std::span<const HeaderField> headers() const { return {fields.data(), fieldCount}; }
    // First value of that name in any case; nothing if absent.
    std::optional<std::string_view> find(std::string_view name) const;
};

enum class ParseState : std::uint8_t { NeedMore, Complete, Refused };
struct ParseOutcome {
    ParseState state = ParseState::NeedMore;
    std::size_t consumed = 0;  // bytes of the head with its blank line, leading empty lines included; 0 unless Complete
    int refusalStatus = 0;     // the HTTP status to answer with; set only when Refused
};

}  // namespace meerkat::http
