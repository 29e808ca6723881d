// Conditional headers and the dates in them, as the lines of a head.
#include "fuzz/fuzz_support.h"

#include "http/conditions.h"
#include "http/dates.h"

#include <string>

using namespace meerkat::fuzz;
using namespace meerkat::http;

namespace {

constexpr std::int64_t kNow = 1700000000;

void requireSoundDate(std::string_view text) {
    const std::optional<std::int64_t> seconds = parseDate(text, kNow);
    if (!seconds) return;
    std::string written(kDateLength, '?');
    writeDate(*seconds, written.data());
    // Only a leap second in the last second of the calendar cannot be written.
    require(parseDate(written, kNow) == seconds || text.find(":60") != std::string_view::npos,
            "a date that was read can be written and read");
}

void evaluate(const char *requestLine, std::string_view fields) {
    const ExactCopy copy(std::string(requestLine) + "Host: a\r\n" + std::string(fields));
    static RequestHead head;
    if (parseRequestHead(copy.view(), {}, head).state != ParseState::Complete) return;
    for (const HeaderField &field : head.headers()) requireSoundDate(field.value);
    const bool isGet = head.method == Method::Get;
    for (const Validators &validators :
         {Validators{"\"v1\"", 784111777, true}, Validators{"W/\"v1\"", 0, true}, Validators{"", 0, false}}) {
        const ConditionOutcome outcome = evaluateConditions(head, validators, kNow);
        require(head.hasConditions || outcome.result == ConditionResult::Proceed, "without conditions nothing stands in the way");
        require(isGet || outcome.result != ConditionResult::NotModified, "only reading can be answered with 304");
        require(outcome.rangeAllowed || head.find("If-Range"), "only If-Range forbids a range");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const std::string_view bytes = toView(data, size);
    requireSoundDate(bytes);
    evaluate("GET / HTTP/1.1\r\n", bytes);
    evaluate("PUT / HTTP/1.1\r\n", bytes);
    return 0;
}
