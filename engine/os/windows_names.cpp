#include "os/windows_names.h"

#include "base/text.h"

#include <algorithm>
#include <array>

namespace meerkat::os {

namespace {

constexpr std::array<std::string_view, 7> kDevices{"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"};
// Windows counts the superscripts of Latin-1 as digits here.
constexpr std::array<std::string_view, 3> kSuperscripts{"\xC2\xB9", "\xC2\xB2", "\xC2\xB3"};

bool isDigit(char c) { return c >= '0' && c <= '9'; }

bool isPortNumber(std::string_view text) {
    if (text.size() == 1) return isDigit(text[0]);
    return std::find(kSuperscripts.begin(), kSuperscripts.end(), text) != kSuperscripts.end();
}

// A device is a device with any extension, and with spaces before it.
bool isDevice(std::string_view segment) {
    const auto stem = trimmed(segment.substr(0, segment.find('.')));
    if ((startsWithIgnoringCase(stem, "com") || startsWithIgnoringCase(stem, "lpt")) && isPortNumber(stem.substr(3))) return true;
    return std::any_of(kDevices.begin(), kDevices.end(),
                       [&](std::string_view device) { return equalsIgnoringCase(stem, device); });
}

bool isForbidden(char c) {
    return static_cast<unsigned char>(c) < 0x20 || std::string_view("\\/:*?\"<>|").find(c) != std::string_view::npos;
}

}  // namespace

bool isPlainWindowsName(std::string_view segment) {
    if (segment.empty() || segment.back() == '.' || segment.back() == ' ') return false;
    return std::none_of(segment.begin(), segment.end(), isForbidden) && !isDevice(segment);
}

bool mayBeShortName(std::string_view segment) { return segment.size() <= 12 && segment.find('~') != std::string_view::npos; }

}  // namespace meerkat::os
