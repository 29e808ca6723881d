#include "http/message_head.h"

#include "base/text.h"

namespace meerkat::http {

std::optional<std::string_view> MessageHead::find(std::string_view name) const {
    for (const HeaderField &field : headers()) {
        if (equalsIgnoringCase(field.name, name)) return field.value;
    }
    return std::nullopt;
}

}  // namespace meerkat::http
