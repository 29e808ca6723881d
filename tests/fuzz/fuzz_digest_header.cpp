// An Authorization field: what is taken for an answer has every part in the form that is promised, and is the same as the lenient reader finds.
#include "fuzz/fuzz_support.h"

#include "access/authenticator.h"
#include "http/header_parameters.h"

using namespace meerkat;
using namespace meerkat::fuzz;

namespace {

struct StandingClock final : Clock {
    std::int64_t monotonicUs() const override { return 1'000'000; }
    std::int64_t wallSeconds() const override { return 1; }
};

void requirePart(std::string_view field, std::string_view name, const std::string &value) {
    const auto found = http::findParameter(field, name);
    require(found && http::unescaped(*found) == value, "both readers read the same");
}

void requireSound(std::string_view field, const access::DigestAnswer &answer) {
    require(answer.count > 0 && answer.countText.size() == 8, "a count has eight digits and is not zero");
    require(answer.response.size() == access::hexLength(answer.kind), "a response is as long as its kind");
    require(answer.response.find_first_not_of("0123456789abcdef") == std::string::npos, "a response is hex");
    require(answer.user.find('\0') == std::string::npos, "a name ends where it ends");
    requirePart(field, "nonce", answer.nonce);
    requirePart(field, "uri", answer.uri);
    requirePart(field, "cnonce", answer.cnonce);
    require(access::expectedResponse(answer, "00", "GET").size() == answer.response.size(), "a response can be computed");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const ExactCopy copy(toView(data, size));
    const std::string_view field = copy.view();
    const auto answer = access::parseDigestAnswer(field);
    if (answer) requireSound(field, *answer);

    static const StandingClock clock;
    static access::Authenticator authenticator(clock);
    static const access::PasswordList passwords("ana:home:0123456789abcdef0123456789abcdef\n", "home");
    static http::RequestHead head;
    head.method = http::Method::Get;
    head.methodName = "GET";
    head.target = "/a";
    head.host = "host";
    head.fieldCount = 1;
    head.fields[0] = {"Authorization", field};
    const auto outcome = authenticator.check({head, {}, "home", false, 0}, passwords);
    require(outcome.state != access::AuthState::Granted, "nobody comes in without a nonce of ours");
    return 0;
}
