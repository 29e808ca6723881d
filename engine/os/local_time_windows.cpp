#include "os/local_time.h"

#include <ctime>

namespace meerkat::os {

// Windows has names of zones only in the language of its user: the distance to UTC is written instead.
TimeZone timeZoneAt(std::int64_t seconds) {
    const auto moment = static_cast<__time64_t>(seconds);
    std::tm local{};
    if (_localtime64_s(&local, &moment) != 0) return {};
    const auto offset = static_cast<std::int32_t>(_mkgmtime64(&local) - moment);
    const std::int32_t minutes = (offset < 0 ? -offset : offset) / 60;
    const auto digits = [](std::int32_t number) { return std::string(number < 10 ? "0" : "") + std::to_string(number); };
    return {offset, offset == 0 ? "UTC" : (offset < 0 ? "-" : "+") + digits(minutes / 60) + digits(minutes % 60)};
}

}  // namespace meerkat::os
