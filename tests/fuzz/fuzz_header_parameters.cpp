// A field value with name=value pairs: views lie inside of it, what the strict grammar finds the lenient one finds too, and values fit or are refused.
#include "fuzz/fuzz_support.h"

#include "base/text.h"
#include "http/header_parameters.h"
#include "mongoose.h"

using namespace meerkat::fuzz;
using namespace meerkat::http;

namespace {

void requireFound(std::string_view text, const HeaderParameter &parameter) {
    const auto found = findParameter(text, parameter.name);
    require(found.has_value(), "what the grammar has can be found");
    require(unescaped(*found) == unescaped(parameter), "both readers read the same");
}

void requireFits(const std::string &text, const std::string &name) {
    char buffer[12];
    std::memset(buffer, '#', sizeof buffer);
    const int length = mg_parse_header(text.c_str(), name.c_str(), buffer, sizeof buffer - 1);
    require(length >= 0 && length < 11 && buffer[length] == '\0' && buffer[11] == '#', "a value fits or is refused");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
    const ExactCopy copy(toView(bytes, size));
    const std::string_view text = copy.view();
    ParameterReader reader(text);
    HeaderParameter parameter;
    std::size_t count = 0;
    while (reader.next(parameter)) {
        requireInside(parameter.name, text);
        requireInside(parameter.value, text);
        require(unescaped(parameter).size() <= parameter.value.size(), "escapes only take away");
        if (++count <= 4) requireFits(std::string(text), std::string(parameter.name));
    }
    require(count <= text.size(), "each step goes forward");
    if (const auto strict = parseAuthParameters(text))
        for (const auto &one : *strict) requireFound(text, one);
    return 0;
}
