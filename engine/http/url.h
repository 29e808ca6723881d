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
    std::string_view query;      // after '?', without it
    bool hasQuery = false;
    std::string_view authority;  // host[:port] of the absolute form
};
// Nothing if it is none of the four forms, or has a fragment or a control character or white space.
std::optional<Target> parseTarget(std::string_view target, bool isConnect);

// The path decoded and cleaned: percent-decoded once, "." and ".." segments and repeated '/' resolved after decoding, so that nothing
// encoded survives as a dot segment; begins with '/', keeps a trailing '/'. Nothing (answer 400) if an escape is broken, if it
// holds NUL, or if ".." would climb above the root. '\' is an ordinary character here; os/file refuses it on Windows.
std::optional<std::string> cleanPath(std::string_view encodedPath);

}  // namespace meerkat::http
