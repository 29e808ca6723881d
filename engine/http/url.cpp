#include "http/url.h"

#include "base/encodings.h"
#include "base/text.h"
#include "http/byte_search.h"
#include "http/characters.h"

#include <algorithm>

namespace meerkat::http {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isHexDigit(char c) { return isDigit(c) || (lowerAscii(c) >= 'a' && lowerAscii(c) <= 'f'); }

bool isRegisteredName(std::string_view name) {
    for (std::size_t index = 0; index < name.size(); ++index) {
        if (isHostName(name[index])) continue;
        if (name[index] != '%' || name.size() - index < 3) return false;
        if (!isHexDigit(name[index + 1]) || !isHexDigit(name[index + 2])) return false;
        index += 2;
    }
    return !name.empty();
}

// The inside of the brackets: near enough to an IPv6 address to be harmless as text.
bool isLiteralAddress(std::string_view address) {
    return address.size() >= 2 && std::ranges::all_of(address, [](char c) { return isHexDigit(c) || c == ':' || c == '.'; });
}

bool isPort(std::string_view text) { return std::ranges::all_of(text, isDigit); }

void setPathAndQuery(Target &target, std::string_view text) {
    const std::size_t mark = text.find('?');
    target.hasQuery = mark != std::string_view::npos;
    target.path = text.substr(0, mark);
    if (target.hasQuery) target.query = text.substr(mark + 1);
}

std::optional<Target> authorityForm(std::string_view text) {
    const bool hasPort = !text.empty() && isDigit(text.back()) && text.find(':') != std::string_view::npos;
    if (!hasPort || !isHostAndPort(text)) return std::nullopt;
    Target target;
    target.form = TargetForm::Authority;
    target.authority = text;
    return target;
}

std::string_view withoutScheme(std::string_view text) {
    for (const std::string_view scheme : {std::string_view("http://"), std::string_view("https://")}) {
        if (startsWithIgnoringCase(text, scheme)) return text.substr(scheme.size());
    }
    return {};
}

std::optional<Target> absoluteForm(std::string_view text) {
    const std::string_view rest = withoutScheme(text);
    const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
    Target target;
    target.form = TargetForm::Absolute;
    target.authority = rest.substr(0, end);
    if (!isHostAndPort(target.authority)) return std::nullopt;
    setPathAndQuery(target, rest.substr(end));
    if (target.path.empty()) target.path = "/";
    return target;
}

// Removes the last segment of a path that ends in '/', keeping that; false at the root.
bool removeSegment(std::string &path) {
    if (path.size() == 1) return false;
    path.pop_back();
    path.resize(path.rfind('/') + 1);
    return true;
}

bool needsCleaning(std::string_view path) {
    for (std::size_t i = 0; i + 1 < path.size(); ++i)
        if (path[i] == '/' && (path[i + 1] == '/' || path[i + 1] == '.')) return true;
    return false;
}

// Segment by segment (RFC 3986 section 5.2.4). `path` begins with '/'.
std::optional<std::string> withoutDotSegments(std::string_view path) {
    std::string clean = "/";
    clean.reserve(path.size());
    while (!path.empty()) {
        path.remove_prefix(1);  // the '/'
        const std::string_view segment = path.substr(0, path.find('/'));
        path.remove_prefix(segment.size());
        if (segment.empty() || segment == ".") continue;
        if (segment == "..") {
            if (!removeSegment(clean)) return std::nullopt;
            continue;
        }
        clean += segment;
        if (!path.empty()) clean += '/';
    }
    return clean;
}

}  // namespace

bool isHostAndPort(std::string_view text) {
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos || !isLiteralAddress(text.substr(1, end - 1))) return false;
        const std::string_view rest = text.substr(end + 1);
        return rest.empty() || (rest.front() == ':' && isPort(rest.substr(1)));
    }
    const std::size_t colon = std::min(text.find(':'), text.size());
    return isRegisteredName(text.substr(0, colon)) && (colon == text.size() || isPort(text.substr(colon + 1)));
}

std::optional<Target> parseTarget(std::string_view target, bool isConnect) {
    const ByteSearch bytes(target);
    if (bytes.find<TargetEnd>(bytes.begin()) != bytes.end()) return std::nullopt;
    if (isConnect) return authorityForm(target);
    Target parts;
    if (target == "*") {
        parts.form = TargetForm::Asterisk;
        return parts;
    }
    if (!target.starts_with('/')) return absoluteForm(target);
    setPathAndQuery(parts, target);
    return parts;
}

std::optional<std::string> cleanPath(std::string_view encodedPath) {
    if (!encodedPath.starts_with('/')) return std::nullopt;
    std::optional<std::string> path = percentDecoded(encodedPath);
    if (!path || path->find('\0') != std::string::npos) return std::nullopt;
    if (needsCleaning(*path)) return withoutDotSegments(*path);
    return path;
}

}  // namespace meerkat::http
