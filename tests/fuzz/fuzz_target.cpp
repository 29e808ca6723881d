// A request target: its parts, and that a cleaned path stays below the root and clean.
#include "fuzz/fuzz_support.h"

#include "base/encodings.h"
#include "http/request_parser.h"
#include "http/url.h"

#include <string>

using namespace meerkat::fuzz;
using namespace meerkat::http;

namespace {

void requireClean(std::string_view encoded) {
    const std::optional<std::string> path = cleanPath(encoded);
    if (!path) return;
    require(path->starts_with('/'), "a clean path begins with a slash");
    require(path->find('\0') == std::string::npos, "a clean path has no NUL");
    const std::string closed = *path + '/';
    require(closed.find("/./") == std::string::npos && closed.find("/../") == std::string::npos, "no dot segment survives");
    require(path->find("//") == std::string::npos, "no empty segment survives");
    require(cleanPath(meerkat::percentEncoded(*path, true)) == path, "a clean path stays as it is");
}

void requireSound(const Target &target, std::string_view text) {
    const bool hasPath = target.form == TargetForm::Origin || target.form == TargetForm::Absolute;
    require(hasPath == !target.path.empty() && (!hasPath || target.path.front() == '/'),
            "a path begins with a slash where there is one");
    require(target.hasQuery || target.query.empty(), "no query without its mark");
    requireInside(target.query, text);
    requireInside(target.authority, text);
    if (target.path != "/") requireInside(target.path, text);
    const bool hasAuthority = target.form == TargetForm::Absolute || target.form == TargetForm::Authority;
    require(hasAuthority == isHostAndPort(target.authority), "an authority is a host where there is one");
    require(target.form != TargetForm::Origin || target.path.size() + target.query.size() + target.hasQuery == text.size(),
            "nothing is lost");
}

// The parser of heads decides on some targets without asking.
void requireSameInAHead(std::string_view text, bool isTarget) {
    const std::string bytes = "OPTIONS " + std::string(text) + " HTTP/1.1\r\nHost: a\r\n\r\n";
    static RequestHead head;
    const ParseOutcome outcome = parseRequestHead(bytes, {.maxTargetBytes = 1 << 20, .maxHeadBytes = 1 << 21}, head);
    const bool isAccepted = outcome.state == ParseState::Complete && outcome.consumed == bytes.size() && head.target == text;
    require(isAccepted == isTarget, "a head takes exactly the targets that are targets");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const std::string_view text = toView(data, size);
    requireClean(text);
    const std::optional<Target> target = parseTarget(text, false);
    if (target) requireSound(*target, text), requireClean(target->path);
    requireSameInAHead(text, target.has_value());
    if (const std::optional<Target> authority = parseTarget(text, true)) {
        require(authority->form == TargetForm::Authority, "CONNECT has the authority form");
        requireSound(*authority, text);
    }
    return 0;
}
