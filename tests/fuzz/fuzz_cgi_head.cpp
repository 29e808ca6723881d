// What a script writes first: views lie inside of it, no field has a control character, and a part is refused only as the whole is.
#include "fuzz/fuzz_support.h"

#include "http/characters.h"
#include "scripts/cgi_head.h"

#include <algorithm>

using namespace meerkat;
using namespace meerkat::fuzz;
using namespace meerkat::scripts;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const ExactCopy copy(toView(data, size));
    const std::string_view bytes = copy.view();
    CgiHead head;
    const auto outcome = parseCgiHead(bytes, head);
    require(outcome.consumed <= bytes.size(), "no more is consumed than there is");
    require((outcome.consumed > 0) == (outcome.state == CgiHeadState::Complete), "a whole head is consumed, and nothing else");
    if (outcome.state == CgiHeadState::Complete) {
        require(head.status >= 200 && head.status <= 599, "the status is one of an answer");
        for (const CgiField &field : head.fields) {
            requireInside(field.name, bytes.substr(0, outcome.consumed));
            requireInside(field.value, bytes.substr(0, outcome.consumed));
            require(!field.name.empty() && std::all_of(field.name.begin(), field.name.end(), http::isToken), "names are tokens");
            require(std::none_of(field.value.begin(), field.value.end(), http::isControl), "values are of one line");
        }
    }
    CgiHead part;
    const auto earlier = parseCgiHead(bytes.substr(0, size / 2), part);
    if (earlier.state != CgiHeadState::NeedMore) require(earlier.state == outcome.state, "what is decided stays so");
    return 0;
}
