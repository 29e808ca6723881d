#include "scripts/ssi_format.h"

#include "os/local_time.h"

#include <array>
#include <chrono>
#include <cstdlib>

namespace meerkat::scripts {

namespace {

constexpr std::array<std::string_view, 7> kDays = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths = {"January", "February", "March",     "April",   "May",      "June",
                                                      "July",    "August",   "September", "October", "November", "December"};
// Years 1 to 9999, in which every part below has its usual width.
constexpr std::int64_t kEarliest = -62'135'596'800;
constexpr std::int64_t kLatest = 253'402'300'799;
constexpr std::int64_t kDaySeconds = 86'400;

std::string padded(std::int64_t number, std::size_t width, char filler = '0') {
    std::string digits = std::to_string(number);
    if (digits.size() < width) digits.insert(0, width - digits.size(), filler);
    return digits;
}

struct Moment {
    std::int64_t seconds = 0;
    std::int64_t year = 0;
    unsigned month = 0;  // 0 to 11
    unsigned day = 0;
    unsigned weekday = 0;
    std::int64_t dayOfYear = 0;
    std::int64_t hour = 0;
    std::int64_t minute = 0;
    std::int64_t second = 0;
    os::TimeZone zone;
};

Moment momentOf(std::int64_t seconds, bool inUtc) {
    using namespace std::chrono;
    Moment moment;
    moment.seconds = seconds < kEarliest + kDaySeconds ? kEarliest + kDaySeconds
                     : seconds > kLatest - kDaySeconds ? kLatest - kDaySeconds
                                                       : seconds;
    if (!inUtc) moment.zone = os::timeZoneAt(moment.seconds);
    const std::int64_t local = moment.seconds + moment.zone.offsetSeconds;
    const auto date = floor<days>(sys_seconds(std::chrono::seconds(local)));
    const year_month_day civil(date);
    moment.year = static_cast<int>(civil.year());
    moment.month = static_cast<unsigned>(civil.month()) - 1;
    moment.day = static_cast<unsigned>(civil.day());
    moment.weekday = weekday(date).c_encoding();
    moment.dayOfYear = (date - sys_days(civil.year() / January / 1)).count() + 1;
    const std::int64_t ofDay = local - date.time_since_epoch().count() * kDaySeconds;
    moment.hour = ofDay / 3600;
    moment.minute = ofDay / 60 % 60;
    moment.second = ofDay % 60;
    return moment;
}

std::string distanceToUtc(std::int32_t offsetSeconds) {
    const std::int32_t minutes = std::abs(offsetSeconds) / 60;
    return (offsetSeconds < 0 ? "-" : "+") + padded(minutes / 60, 2) + padded(minutes % 60, 2);
}

// What one letter stands for that stands for others.
std::string_view longForm(char letter) {
    switch (letter) {
    case 'c':
        return "%a %b %e %H:%M:%S %Y";
    case 'D':
    case 'x':
        return "%m/%d/%y";
    case 'F':
        return "%Y-%m-%d";
    case 'r':
        return "%I:%M:%S %p";
    case 'R':
        return "%H:%M";
    case 'T':
    case 'X':
        return "%H:%M:%S";
    default:
        return {};
    }
}

std::string partOf(const Moment &moment, char letter) {
    const std::int64_t hourOfTwelve = moment.hour % 12 == 0 ? 12 : moment.hour % 12;
    switch (letter) {
    case 'a':
        return std::string(kDays[moment.weekday].substr(0, 3));
    case 'A':
        return std::string(kDays[moment.weekday]);
    case 'b':
    case 'h':
        return std::string(kMonths[moment.month].substr(0, 3));
    case 'B':
        return std::string(kMonths[moment.month]);
    case 'd':
        return padded(moment.day, 2);
    case 'e':
        return padded(moment.day, 2, ' ');
    case 'H':
        return padded(moment.hour, 2);
    case 'I':
        return padded(hourOfTwelve, 2);
    case 'j':
        return padded(moment.dayOfYear, 3);
    case 'l':
        return padded(hourOfTwelve, 2, ' ');
    case 'm':
        return padded(moment.month + 1, 2);
    case 'M':
        return padded(moment.minute, 2);
    case 'n':
        return "\n";
    case 'p':
        return moment.hour < 12 ? "AM" : "PM";
    case 's':
        return std::to_string(moment.seconds);
    case 'S':
        return padded(moment.second, 2);
    case 't':
        return "\t";
    case 'u':
        return std::to_string(moment.weekday == 0 ? 7 : moment.weekday);
    case 'w':
        return std::to_string(moment.weekday);
    case 'y':
        return padded(moment.year % 100, 2);
    case 'Y':
        return padded(moment.year, 4);
    case 'z':
        return distanceToUtc(moment.zone.offsetSeconds);
    case 'Z':
        return moment.zone.name;
    case '%':
        return "%";
    default:
        return {'%', letter};
    }
}

void append(std::string &text, const Moment &moment, std::string_view format) {
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (format[i] != '%' || i + 1 == format.size()) {
            text.push_back(format[i]);
            continue;
        }
        const std::string_view others = longForm(format[++i]);
        if (others.empty())
            text += partOf(moment, format[i]);
        else
            append(text, moment, others);
    }
}

}  // namespace

std::string sizeText(std::uint64_t bytes, SizeFormat format) {
    if (format == SizeFormat::Bytes) {
        std::string digits = std::to_string(bytes);
        for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
        return digits;
    }
    if (bytes < 1024) return std::to_string(bytes);
    auto scaled = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (scaled /= 1024; scaled >= 999.5 && unit < 3; scaled /= 1024) ++unit;
    const auto tenths = static_cast<std::uint64_t>(scaled * 10 + 0.5);
    const std::string number = tenths >= 100 || tenths % 10 == 0
                                   ? std::to_string(static_cast<std::uint64_t>(scaled + 0.5))
                                   : std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
    return number + "KMGT"[unit];
}

std::string timeText(std::int64_t seconds, std::string_view format, bool inUtc) {
    std::string text;
    append(text, momentOf(seconds, inUtc), format);
    return text;
}

}  // namespace meerkat::scripts
