#include "os/failures.h"
#include "os/file_windows.h"

#include <array>

namespace meerkat::os {

// In the language of the system.
Failure systemFailure(int code) {
    std::array<wchar_t, 512> wide;
    const DWORD flags = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS;
    const DWORD size =
        FormatMessageW(flags, nullptr, static_cast<DWORD>(code), 0, wide.data(), static_cast<DWORD>(wide.size()), nullptr);
    std::string text = toUtf8({wide.data(), size}).value_or("");
    text.erase(text.find_last_not_of(". \r\n") + 1);
    if (text.empty()) text = "error " + std::to_string(code);
    return {std::move(text), code};
}

}  // namespace meerkat::os
