#include "files/page_words.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace meerkat::files {
namespace {

constexpr std::array<std::string_view, 6> kUnits = {"kB", "MB", "GB", "TB", "PB", "EB"};
constexpr std::string_view kNoBreakSpace = "\xC2\xA0";
constexpr std::int64_t kYearOne = -62135596800;
constexpr std::int64_t kEndOfYear9999 = 253402300799;

struct Moment {
    unsigned year, month, day, hour, minute, second;
};

Moment momentOf(std::int64_t seconds) {
    const std::chrono::sys_seconds time{std::chrono::seconds(std::clamp(seconds, kYearOne, kEndOfYear9999))};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const auto ofDay = static_cast<unsigned>((time - day).count());
    return {static_cast<unsigned>(static_cast<int>(date.year())),
            static_cast<unsigned>(date.month()),
            static_cast<unsigned>(date.day()),
            ofDay / 3600,
            ofDay / 60 % 60,
            ofDay % 60};
}

void writeDigits(std::string &text, std::size_t at, std::size_t count, unsigned value) {
    for (std::size_t i = count; i-- > 0; value /= 10) text[at + i] = static_cast<char>('0' + value % 10);
}

// `part` of `whole`s, rounded half up. Whole numbers: what is near a boundary falls on its own side.
std::uint64_t rounded(std::uint64_t part, std::uint64_t whole) { return part / whole + (part % whole * 2 >= whole ? 1 : 0); }

// Three significant figures at the most, as in the window: "9.9", "99".
std::string readableQuotient(std::uint64_t bytes, std::uint64_t unit) {
    const std::uint64_t tenths = rounded(bytes, unit / 10);
    if (tenths >= 100) return std::to_string(rounded(bytes, unit));
    return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10);
}

}  // namespace

std::string readableBytes(std::uint64_t bytes) {
    if (bytes < 1000) return std::to_string(bytes).append(kNoBreakSpace) + 'B';
    std::size_t index = 0;
    std::uint64_t unit = 1000;
    for (; index + 1 < kUnits.size() && rounded(bytes, unit) >= 1000; ++index) unit *= 1000;
    return readableQuotient(bytes, unit).append(kNoBreakSpace).append(kUnits[index]);
}

std::string groupedDigits(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), 1, ',');
    return digits;
}

std::string counted(std::uint64_t number, std::string_view noun) {
    return groupedDigits(number).append(" ").append(noun).append(number == 1 ? "" : "s");
}

std::string machineTime(std::int64_t seconds) {
    const Moment at = momentOf(seconds);
    std::string text = "0000-00-00T00:00:00Z";
    writeDigits(text, 0, 4, at.year);
    writeDigits(text, 5, 2, at.month);
    writeDigits(text, 8, 2, at.day);
    writeDigits(text, 11, 2, at.hour);
    writeDigits(text, 14, 2, at.minute);
    writeDigits(text, 17, 2, at.second);
    return text;
}

std::string readableTime(std::string_view machineTime) {
    return std::string(machineTime.substr(0, 10)).append(" ").append(machineTime.substr(11, 5));
}

}  // namespace meerkat::files
