#include "access/basic.h"

#include "base/encodings.h"
#include "base/text.h"

namespace meerkat::access {

std::optional<BasicAnswer> parseBasicAnswer(std::string_view field) {
    constexpr std::string_view scheme = "Basic ";
    if (!startsWithIgnoringCase(field, scheme)) return std::nullopt;
    const auto text = base64Decoded(trimmed(field.substr(scheme.size())));
    const std::size_t colon = text ? text->find(':') : std::string::npos;
    if (colon == std::string::npos) return std::nullopt;
    return BasicAnswer{text->substr(0, colon), text->substr(colon + 1)};
}

}  // namespace meerkat::access
