// Station: the fields of WebDAV's requests -> values. From dav/service. RFC 4918 section 10. Pure functions of the head.
#pragma once

#include "http/request_parser.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace meerkat::dav {

enum class Depth : std::uint8_t { Zero, One, Infinity };
// `absent` where there is none. Nothing (400) if it is none of 0, 1, infinity, or there are two.
std::optional<Depth> depthOf(const http::RequestHead &head, Depth absent);

// Overwrite: T, which is also the default, or F. Nothing (400) for anything else.
std::optional<bool> overwriteOf(const http::RequestHead &head);

struct Destination {
    int status = 0;    // 0, or 400 none, two, or none that could be a place; 502 another server's
    std::string path;  // decoded and cleaned: "/a/b"
};
// An absolute URI of this host and port, whatever its scheme (who decrypts in front of us speaks https to clients), or a path alone.
Destination destinationOf(const http::RequestHead &head);
// The same for a resource that stands in an If field. Nothing if it is no resource of ours.
std::optional<std::string> pathOfReference(std::string_view reference, const http::RequestHead &head);

// What stands in Lock-Token, without its angle brackets. Nothing (400) if there is none, or two, or no token.
std::optional<std::string_view> lockTokenOf(const http::RequestHead &head);

inline constexpr std::int64_t kLongestLockSeconds = 3600;
// The first time of Timeout that we can give, 1 to kLongestLockSeconds; that where none is asked for, or one without end.
std::int64_t timeoutOf(const http::RequestHead &head);

}  // namespace meerkat::dav
