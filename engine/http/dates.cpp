#include "http/dates.h"

#include <algorithm>
#include <chrono>
#include <cstring>

namespace meerkat::http {
namespace {

namespace chrono = std::chrono;

constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 7> kLongDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

constexpr std::int64_t kSecondsPerDay = 86400;
constexpr std::int64_t kYear0 = -62167219200;          // 0000-01-01 00:00:00
constexpr std::int64_t kEndOfYear9999 = 253402300799;  // 9999-12-31 23:59:59

struct Moment {
    int year = 0;
    unsigned month = 0;  // 1 to 12
    unsigned day = 0;
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;  // 60 in a leap second
};

// Reads a fixed form from left to right. After the first thing that is not as expected everything reads as zero, and isWhole is false.
class FixedText {
  public:
    explicit FixedText(std::string_view text) : m_rest(text) {}

    bool isWhole() const { return m_isGood && m_rest.empty(); }

    void literal(std::string_view expected) { require(take(expected.size()) == expected); }

    template <std::size_t count>
    unsigned oneOf(const std::array<std::string_view, count> &names) {
        for (unsigned index = 0; index < count; ++index) {
            if (m_rest.starts_with(names[index])) return m_rest.remove_prefix(names[index].size()), index;
        }
        m_isGood = false;
        return 0;
    }

    unsigned number(std::size_t digits) {
        unsigned value = 0;
        for (const char c : take(digits)) {
            require(c >= '0' && c <= '9');
            value = value * 10 + static_cast<unsigned char>(c - '0');
        }
        return m_isGood ? value : 0;
    }

    // asctime pads the day with a space.
    unsigned paddedDay() {
        if (!m_rest.starts_with(' ')) return number(2);
        take(1);
        return number(1);
    }

  private:
    void require(bool condition) { m_isGood = m_isGood && condition; }
    std::string_view take(std::size_t count) {
        require(m_rest.size() >= count);
        if (!m_isGood) return {};
        const std::string_view taken = m_rest.substr(0, count);
        m_rest.remove_prefix(count);
        return taken;
    }

    std::string_view m_rest;
    bool m_isGood = true;
};

void readTime(FixedText &text, Moment &moment) {
    moment.hour = text.number(2);
    text.literal(":");
    moment.minute = text.number(2);
    text.literal(":");
    moment.second = text.number(2);
}

// Nothing if there is no such date.
std::optional<std::int64_t> secondsOf(const Moment &moment) {
    const chrono::year_month_day date{chrono::year{moment.year}, chrono::month{moment.month}, chrono::day{moment.day}};
    if (!date.ok() || moment.hour > 23 || moment.minute > 59 || moment.second > 60) return std::nullopt;
    const std::int64_t days = chrono::sys_days{date}.time_since_epoch().count();
    return days * kSecondsPerDay + moment.hour * 3600 + moment.minute * 60 + moment.second;
}

int yearOf(std::int64_t seconds) {
    const auto days = chrono::floor<chrono::days>(chrono::sys_seconds{chrono::seconds{seconds}});
    return static_cast<int>(chrono::year_month_day{days}.year());
}

std::optional<std::int64_t> parseFixdate(std::string_view text) {
    FixedText reader(text);
    Moment moment;
    reader.oneOf(kDays);
    reader.literal(", ");
    moment.day = reader.number(2);
    reader.literal(" ");
    moment.month = reader.oneOf(kMonths) + 1;
    reader.literal(" ");
    moment.year = static_cast<int>(reader.number(4));
    reader.literal(" ");
    readTime(reader, moment);
    reader.literal(" GMT");
    return reader.isWhole() ? secondsOf(moment) : std::nullopt;
}

// The latest year with these last two digits that is not more than 50 years ahead (RFC 9110 section 5.6.7).
std::optional<std::int64_t> withCentury(Moment moment, std::int64_t nowSeconds) {
    const std::int64_t now = std::clamp(nowSeconds, kYear0, kEndOfYear9999);
    const int nowYear = yearOf(now);
    const std::int64_t ahead = now - *secondsOf({.year = nowYear, .month = 1, .day = 1});
    const std::int64_t latest = *secondsOf({.year = nowYear + 50, .month = 1, .day = 1}) + ahead;
    const int shortYear = moment.year;
    moment.year = nowYear - nowYear % 100 + 100 + shortYear;
    while (moment.year > nowYear + 50) moment.year -= 100;
    const std::optional<std::int64_t> seconds = secondsOf(moment);
    if (!seconds || *seconds <= latest) return seconds;
    moment.year -= 100;
    return secondsOf(moment);
}

std::optional<std::int64_t> parseRfc850(std::string_view text, std::int64_t nowSeconds) {
    FixedText reader(text);
    Moment moment;
    reader.oneOf(kLongDays);
    reader.literal(", ");
    moment.day = reader.number(2);
    reader.literal("-");
    moment.month = reader.oneOf(kMonths) + 1;
    reader.literal("-");
    moment.year = static_cast<int>(reader.number(2));
    reader.literal(" ");
    readTime(reader, moment);
    reader.literal(" GMT");
    return reader.isWhole() ? withCentury(moment, nowSeconds) : std::nullopt;
}

std::optional<std::int64_t> parseAsctime(std::string_view text) {
    FixedText reader(text);
    Moment moment;
    reader.oneOf(kDays);
    reader.literal(" ");
    moment.month = reader.oneOf(kMonths) + 1;
    reader.literal(" ");
    moment.day = reader.paddedDay();
    reader.literal(" ");
    readTime(reader, moment);
    reader.literal(" ");
    moment.year = static_cast<int>(reader.number(4));
    return reader.isWhole() ? secondsOf(moment) : std::nullopt;
}

// Writes from left to right into a buffer that is known to suffice.
struct Writer {
    char *at;

    void text(std::string_view text) {
        std::memcpy(at, text.data(), text.size());
        at += text.size();
    }
    void number(unsigned value, int digits) {
        for (int place = digits - 1; place >= 0; --place, value /= 10) at[place] = static_cast<char>('0' + value % 10);
        at += digits;
    }
};

}  // namespace

void writeDate(std::int64_t seconds, char *out) {
    const chrono::sys_seconds moment{chrono::seconds{std::clamp(seconds, kYear0, kEndOfYear9999)}};
    const auto day = chrono::floor<chrono::days>(moment);
    const chrono::year_month_day date{day};
    const auto time = static_cast<unsigned>((moment - day).count());
    Writer writer{out};
    writer.text(kDays[chrono::weekday{day}.c_encoding()]);
    writer.text(", ");
    writer.number(static_cast<unsigned>(date.day()), 2);
    writer.text(" ");
    writer.text(kMonths[static_cast<unsigned>(date.month()) - 1]);
    writer.text(" ");
    writer.number(static_cast<unsigned>(static_cast<int>(date.year())), 4);
    writer.text(" ");
    writer.number(time / 3600, 2);
    writer.text(":");
    writer.number(time / 60 % 60, 2);
    writer.text(":");
    writer.number(time % 60, 2);
    writer.text(" GMT");
}

std::optional<std::int64_t> parseDate(std::string_view text, std::int64_t nowSeconds) {
    if (text.size() == kDateLength && text[3] == ',') return parseFixdate(text);
    if (text.find(',') != std::string_view::npos) return parseRfc850(text, nowSeconds);
    return parseAsctime(text);
}

}  // namespace meerkat::http
