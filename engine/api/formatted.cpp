#include "api/formatted.h"

#include <cstdio>

namespace meerkat::api {

std::string formatted(const char *format, va_list values) {
    va_list again;
    va_copy(again, values);
    char small[512];
    const int length = std::vsnprintf(small, sizeof small, format, values);
    std::string text;
    if (length > 0 && static_cast<std::size_t>(length) < sizeof small) {
        text.assign(small, static_cast<std::size_t>(length));
    } else if (length > 0) {
        text.resize(static_cast<std::size_t>(length) + 1);
        std::vsnprintf(text.data(), text.size(), format, again);
        text.pop_back();
    }
    va_end(again);
    return text;
}

}  // namespace meerkat::api
