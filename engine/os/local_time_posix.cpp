#include "os/local_time.h"

#include <ctime>

namespace meerkat::os {

TimeZone timeZoneAt(std::int64_t seconds) {
    const auto moment = static_cast<std::time_t>(seconds);
    std::tm local{};
    if (!localtime_r(&moment, &local)) return {};
    return {static_cast<std::int32_t>(local.tm_gmtoff), local.tm_zone ? local.tm_zone : "UTC"};
}

}  // namespace meerkat::os
