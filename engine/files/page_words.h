// Station: numbers -> what a visitor reads. From files/folder_page.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace meerkat::files {

// "512 B", "4.2 MB", "99 GB": steps of 1000, a no-break space before the unit.
std::string readableBytes(std::uint64_t bytes);

// "4,404,019".
std::string groupedDigits(std::uint64_t number);

// "1 file", "12 files", "10,000 files".
std::string counted(std::uint64_t number, std::string_view noun);

// UTC, "2024-05-03T12:07:31Z". Years 1 to 9999; other times are clamped.
std::string machineTime(std::int64_t seconds);

// The same for people: "2024-05-03 12:07".
std::string readableTime(std::string_view machineTime);

}  // namespace meerkat::files
