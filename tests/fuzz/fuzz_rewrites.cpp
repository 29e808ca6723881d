// url_rewrites, extra_headers, cache_control, cors_origins and Accept-Encoding: the first line is the option's value, the rest a path, a host, an origin.
#include "fuzz/fuzz_support.h"

#include "files/answer_fields.h"
#include "files/rewrites.h"
#include "http/accepted_codings.h"
#include "http/url.h"

#include <algorithm>
#include <string>

using namespace meerkat;
using namespace meerkat::fuzz;
using namespace meerkat::files;

namespace {

bool isOneLine(std::string_view text) { return text.find_first_of("\r\n") == std::string_view::npos; }

void requireGoodLocation(std::string_view location) {
    require(isOneLine(location) && location.find(' ') == std::string_view::npos, "a location is one line");
    require(!location.starts_with("//"), "a location names no host of a stranger's");
}

void tryRewrites(const Rewrites &rewrites, std::string_view rest) {
    rewrites.hostOf(rest);
    requireGoodLocation(rewrites.errorLocation(404, rest));
    const auto path = http::cleanPath(rest);
    const auto match = path ? rewrites.match(*path) : std::nullopt;
    if (!match) return;
    require(std::string(match->matched).append(match->rest) == *path, "a match takes a path apart");
    require(match->rest.empty() || match->rest.starts_with('/'), "a rest begins with a name");
    const RewriteRule &rule = rewrites.rules()[match->rule];
    if (rule.status != 0) requireGoodLocation(redirectLocation(rule, match->rest, "a=b"));
}

// Each line is whole, and no value makes another of it.
void requireLines(std::string_view lines) {
    require(lines.empty() || lines.ends_with("\r\n"), "lines are whole");
    for (std::size_t at = 0; at < lines.size(); at = lines.find('\n', at) + 1) {
        const std::string_view line = lines.substr(at, lines.find("\r\n", at) - at);
        require(isOneLine(line) && line.find(": ") != std::string_view::npos, "a line is a field");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const ExactCopy copy(toView(data, size));
    const std::string_view bytes = copy.view();
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    const std::string_view value = bytes.substr(0, end), rest = bytes.substr(std::min(end + 1, bytes.size()));
    if (const auto rewrites = Rewrites::parse(value)) tryRewrites(*rewrites, rest);
    AnswerFields fields;
    if (auto rules = parseExtraHeaders(value)) fields.extra = std::move(*rules);
    if (auto rules = parseCacheControl(value)) fields.cacheControl = std::move(*rules);
    if (auto policy = CrossOrigin::parse(value)) fields.crossOrigin = std::move(*policy);
    std::string lines;
    fields.appendForPath(lines, rest);
    requireLines(lines);
    require(isOneLine(fields.cacheControlFor(rest)), "directives are one line");
    requireLines(fields.crossOrigin.preflightFields("GET", rest));
    const auto accepted = http::AcceptedCodings::parse(value);
    require(accepted.areNone() == accepted.key().empty() && accepted.key().size() <= 6, "a key tells whether there is any");
    return 0;
}
