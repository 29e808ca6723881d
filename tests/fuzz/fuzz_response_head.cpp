// A response head: whatever comes, the outcome is sound, and a part of it never says something else than the whole.
#include "fuzz/fuzz_support.h"

#include "http/characters.h"
#include "http/response_parser.h"

#include <algorithm>
#include <string>

using namespace meerkat::fuzz;
using namespace meerkat::http;

namespace {

std::string describe(const ResponseHead &head) {
    std::string text;
    const auto add = [&text](std::string_view part) { text.append(part).push_back('\0'); };
    add(head.reason);
    for (const HeaderField &field : head.headers()) add(field.name), add(field.value);
    for (const bool fact : {head.isChunked, head.hasContentLength, head.keepAlive, head.wantsUpgrade})
        text.push_back(fact ? '1' : '0');
    return text + std::to_string(head.status) + ' ' + std::to_string(head.contentLength) + ' ' +
           std::to_string(head.minorVersion);
}

void requireSoundFraming(const ResponseHead &head) {
    require(!head.isChunked || (!head.hasContentLength && head.minorVersion == 1), "a body has one framing");
    require(!head.find("Transfer-Encoding") || head.isChunked, "no transfer coding goes unseen");
    require(head.find("Content-Length").has_value() == head.hasContentLength, "no length goes unseen");
    for (const Method method : {Method::Get, Method::Head, Method::Connect, Method::Other}) {
        const BodyFraming framing = bodyFraming(head, method);
        require(framing != BodyFraming::Chunked || head.isChunked, "chunks are read only where they are announced");
        require(framing != BodyFraming::Sized || head.hasContentLength, "a length is read only where one is announced");
        require(framing != BodyFraming::UntilClose || (!head.isChunked && !head.hasContentLength), "the end is the last resort");
        const bool hasBody = framing != BodyFraming::None && framing != BodyFraming::Tunnel;
        require(!hasBody || (method != Method::Head && head.status >= 200), "an answer to HEAD and an interim one have no body");
    }
}

void requireSound(const ResponseHead &head, std::string_view bytes, const ResponseLimits &limits) {
    require(head.fieldCount <= kMaxHeaderFields, "there are no more fields than there is room for");
    require(bytes.size() <= limits.maxHeadBytes, "limits are kept");
    require(head.status >= 100 && head.status <= 999, "a status has three digits");
    requireInside(head.reason, bytes);
    require(std::ranges::none_of(head.reason, isControl), "a reason has no control character");
    for (const HeaderField &field : head.headers()) {
        requireInside(field.name, bytes);
        requireInside(field.value, bytes);
        require(!field.name.empty() && std::ranges::all_of(field.name, isToken), "a name is a token");
        require(std::ranges::none_of(field.value, isControl), "a value has no control character");
        const auto isBlank = [](char c) { return c == ' ' || c == '\t'; };
        require(field.value.empty() || (!isBlank(field.value.front()) && !isBlank(field.value.back())), "a value is trimmed");
    }
    requireSoundFraming(head);
}

void requireSameOfPart(std::string_view part, const ParseOutcome &whole, const std::string &meaning,
                       const ResponseLimits &limits) {
    static ResponseHead head;
    const ExactCopy copy(part);
    const ParseOutcome outcome = parseResponseHead(copy.view(), limits, head);
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

void tryWith(std::string_view bytes, const ResponseLimits &limits) {
    static ResponseHead head;
    const ParseOutcome whole = parseResponseHead(bytes, limits, head);
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
    tryWith(toView(data, size), {.maxHeadBytes = 90});
    return 0;
}
