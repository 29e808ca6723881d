// Station: a moment -> how far the machine's own time of day is from UTC then. To scripts. One file a system.
#pragma once

#include <cstdint>
#include <string>

namespace meerkat::os {

struct TimeZone {
    std::int32_t offsetSeconds = 0;  // to add to UTC; summer time included
    std::string name = "UTC";        // as the system abbreviates it
};

// The zone at that moment (seconds since 1970-01-01 UTC); UTC where the system can't tell.
TimeZone timeZoneAt(std::int64_t seconds);

}  // namespace meerkat::os
