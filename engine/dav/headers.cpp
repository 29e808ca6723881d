#include "dav/headers.h"

#include "base/text.h"
#include "http/url.h"

#include <algorithm>

namespace meerkat::dav {

namespace {

struct OneValue {
    std::optional<std::string_view> value;
    bool isRepeated = false;
};

OneValue valueOf(const http::RequestHead &head, std::string_view name) {
    OneValue one;
    for (const http::HeaderField &field : head.headers()) {
        if (!equalsIgnoringCase(field.name, name)) continue;
        one.isRepeated = one.value.has_value();
        if (!one.isRepeated) one.value = field.value;
        if (one.isRepeated) break;
    }
    return one;
}

std::string_view withoutPort(std::string_view authority, std::string_view port) {
    return authority.ends_with(port) ? authority.substr(0, authority.size() - port.size()) : authority;
}

// A port that goes without saying is not said in both.
bool isSameHost(std::string_view authority, std::string_view host, bool isSecure) {
    if (host.empty()) return false;
    const std::string_view usual = isSecure ? ":443" : ":80";
    return equalsIgnoringCase(withoutPort(authority, usual), withoutPort(host, usual));
}

// `isForeign`: it is one of another server.
std::optional<std::string> pathOf(std::string_view reference, const http::RequestHead &head, bool &isForeign) {
    const auto target = http::parseTarget(reference, false);
    if (!target || target->path.empty() || target->hasQuery) return std::nullopt;
    const bool isAbsolute = target->form == http::TargetForm::Absolute;
    isForeign = isAbsolute && !isSameHost(target->authority, head.host, startsWithIgnoringCase(reference, "https"));
    return isForeign ? std::nullopt : http::cleanPath(target->path);
}

}  // namespace

std::optional<Depth> depthOf(const http::RequestHead &head, Depth absent) {
    const OneValue depth = valueOf(head, "Depth");
    if (depth.isRepeated) return std::nullopt;
    if (!depth.value) return absent;
    if (*depth.value == "0") return Depth::Zero;
    if (*depth.value == "1") return Depth::One;
    if (equalsIgnoringCase(*depth.value, "infinity")) return Depth::Infinity;
    return std::nullopt;
}

std::optional<bool> overwriteOf(const http::RequestHead &head) {
    const OneValue overwrite = valueOf(head, "Overwrite");
    if (overwrite.isRepeated) return std::nullopt;
    if (!overwrite.value || equalsIgnoringCase(*overwrite.value, "T")) return true;
    if (equalsIgnoringCase(*overwrite.value, "F")) return false;
    return std::nullopt;
}

Destination destinationOf(const http::RequestHead &head) {
    const OneValue destination = valueOf(head, "Destination");
    if (destination.isRepeated || !destination.value) return {400, {}};
    bool isForeign = false;
    const auto path = pathOf(*destination.value, head, isForeign);
    if (!path) return {isForeign ? 502 : 400, {}};
    return {0, *path};
}

std::optional<std::string> pathOfReference(std::string_view reference, const http::RequestHead &head) {
    bool isForeign = false;
    return pathOf(reference, head, isForeign);
}

std::optional<std::string_view> lockTokenOf(const http::RequestHead &head) {
    const OneValue token = valueOf(head, "Lock-Token");
    if (token.isRepeated || !token.value) return std::nullopt;
    const std::string_view text = *token.value;
    if (text.size() < 3 || text.front() != '<' || text.back() != '>') return std::nullopt;
    return text.substr(1, text.size() - 2);
}

std::int64_t timeoutOf(const http::RequestHead &head) {
    for (const std::string_view wish : splitList(head.find("Timeout").value_or(""))) {
        if (equalsIgnoringCase(wish, "Infinite")) return kLongestLockSeconds;
        if (!startsWithIgnoringCase(wish, "Second-")) continue;
        const std::string_view digits = wish.substr(7);
        const bool isNumber = !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
        if (!isNumber) continue;
        // More digits than fit are more seconds than we give.
        const auto seconds = parseDecimal(digits).value_or(UINT64_MAX);
        return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::min<std::uint64_t>(seconds, kLongestLockSeconds)), 1,
                                        kLongestLockSeconds);
    }
    return kLongestLockSeconds;
}

}  // namespace meerkat::dav
