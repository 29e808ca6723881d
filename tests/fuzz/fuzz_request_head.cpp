// A request head: whatever comes, the outcome is sound, and a part of it never says something else than the whole.
#include "fuzz/fuzz_support.h"

#include "http/characters.h"
#include "http/request_parser.h"
#include "http/url.h"

#include <algorithm>
#include <string>

using namespace meerkat::fuzz;
using namespace meerkat::http;

namespace {

std::string describe(const RequestHead &head) {
    std::string text;
    const auto add = [&text](std::string_view part) { text.append(part).push_back('\0'); };
    add(head.methodName);
    add(head.target);
    add(head.host);
    for (const HeaderField &field : head.headers()) add(field.name), add(field.value);
    for (const bool fact :
         {head.isChunked, head.hasContentLength, head.keepAlive, head.expectsContinue, head.wantsUpgrade, head.hasConditions}) {
        text.push_back(fact ? '1' : '0');
    }
    return text + std::to_string(head.contentLength) + ' ' + std::to_string(head.minorVersion);
}

void requireSoundFields(const RequestHead &head, std::string_view bytes) {
    require(head.fieldCount <= kMaxHeaderFields, "there are no more fields than there is room for");
    for (const HeaderField &field : head.headers()) {
        requireInside(field.name, bytes);
        requireInside(field.value, bytes);
        require(!field.name.empty() && std::ranges::all_of(field.name, isToken), "a name is a token");
        require(std::ranges::none_of(field.value, isControl), "a value has no control character");
        const auto isBlank = [](char c) { return c == ' ' || c == '\t'; };
        require(field.value.empty() || (!isBlank(field.value.front()) && !isBlank(field.value.back())), "a value is trimmed");
    }
}

void requireSound(const RequestHead &head, std::string_view bytes, const ParseLimits &limits) {
    requireInside(head.methodName, bytes);
    requireInside(head.target, bytes);
    requireInside(head.host, bytes);
    requireSoundFields(head, bytes);
    require(bytes.size() <= limits.maxHeadBytes && head.target.size() <= limits.maxTargetBytes, "limits are kept");
    require(std::ranges::all_of(head.methodName, isToken), "a method is a token");
    require(parseTarget(head.target, head.method == Method::Connect).has_value(), "a target has one of the four forms");
    require(head.host.empty() || isHostAndPort(head.host), "a host is a host");
    require(!head.isChunked || (!head.hasContentLength && head.minorVersion == 1), "a body has one framing");
    require(!head.find("Transfer-Encoding") || head.isChunked, "no transfer coding goes unseen");
    require(head.find("Content-Length").has_value() == head.hasContentLength, "no length goes unseen");
    require(head.minorVersion == 0 || head.find("Host"), "1.1 has a host");
}

void requireSameOfPart(std::string_view part, const ParseOutcome &whole, const std::string &meaning, const ParseLimits &limits) {
    static RequestHead head;
    const ExactCopy copy(part);
    const ParseOutcome outcome = parseRequestHead(copy.view(), limits, head);
    if (whole.state == ParseState::Complete && part.size() >= whole.consumed) {
        require(outcome.state == ParseState::Complete && outcome.consumed == whole.consumed,
                "more bytes do not change a complete head");
        require(describe(head) == meaning, "a complete head always means the same");
        return;
    }
    if (outcome.state == ParseState::NeedMore) return;
    require(outcome.state == ParseState::Refused && whole.state == ParseState::Refused,
            "a part is complete or refused only if the whole is");
    require(outcome.refusalStatus == whole.refusalStatus, "a part is refused for the same reason as the whole");
}

void tryWith(std::string_view bytes, const ParseLimits &limits) {
    static RequestHead head;
    const ParseOutcome whole = parseRequestHead(bytes, limits, head);
    require((whole.refusalStatus != 0) == (whole.state == ParseState::Refused), "a status is set exactly when refused");
    require((whole.consumed != 0) == (whole.state == ParseState::Complete), "bytes are consumed exactly when complete");
    require(whole.consumed <= bytes.size(), "no more is consumed than there is");
    std::string meaning;
    if (whole.state == ParseState::Complete) {
        requireSound(head, bytes.substr(0, whole.consumed), limits);
        meaning = describe(head);
        requireSameOfPart(bytes.substr(0, whole.consumed), whole, meaning, limits);
        requireSameOfPart(bytes.substr(0, whole.consumed - 1), whole, meaning, limits);
    }
    const std::size_t step = bytes.size() / 24 + 1;
    for (std::size_t size = 0; size < bytes.size(); size += step)
        requireSameOfPart(bytes.substr(0, size), whole, meaning, limits);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    tryWith(toView(data, size), {});
    tryWith(toView(data, size), {.maxTargetBytes = 20, .maxHeadBytes = 90});
    return 0;
}
