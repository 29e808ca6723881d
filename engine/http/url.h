// Station: request target -> path. From http/request_parser, to http_protocol and files/. RFC 9112 section 3.2, RFC 3986 section 5.2.4.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace meerkat::http {

enum class TargetForm { Origin, Absolute, Asterisk, Authority };

// The parts of a request target, as views into it. `path` still encoded, starts with '/' (empty for "*" and authority form).
struct Target {
    TargetForm form = TargetForm::Origin;
    std::string_view path;
    std::string_view query;  // after '?', without it
    bool hasQuery = false;
    std::string_view authority;  // host[:port] of the absolute and the authority form
};
// Absolute form: http and https in any case; a missing path is "/", the one view that may point elsewhere. Authority form (only, and only
// with it, for CONNECT) needs a port. Bytes over 127 pass.
// Nothing if it is none of the four forms, or has a fragment or a control character or white space.
std::optional<Target> parseTarget(std::string_view target, bool isConnect);

// True for uri-host [":" port] (RFC 9110 section 7.2): a name, or an IPv4 address, or an IPv6 address in brackets. No user information, and
// no comma, though RFC 3986 would have it: it makes two hosts out of one. False for an empty text.
bool isHostAndPort(std::string_view text);

// The path decoded and cleaned: percent-decoded once, "." and ".." segments and repeated '/' resolved after decoding, so that nothing
// encoded survives as a dot segment; begins with '/', keeps a trailing '/'. Nothing (answer 400) if an escape is broken, if it
// holds NUL, or if ".." would climb above the root. '\' is an ordinary character here; os/file refuses it on Windows.
std::optional<std::string> cleanPath(std::string_view encodedPath);

}  // namespace meerkat::http
