// Station: inside os/ only. Which hidden files of new_file are nobody's any more. Plain rules: built and tested on every system.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace meerkat::os {

// Of a file that is written in one go.
std::string wholeName();
bool isWholeName(std::string_view name);

// Who has the file open to write it. Unknown: the file system can't tell.
enum class Holder : std::uint8_t { Nobody, Somebody, Unknown };

bool isLeftover(std::string_view name, std::int64_t modifiedNs, std::int64_t nowSeconds, Holder holder);

}  // namespace meerkat::os
