// Station: Content-Type -> whether it is worth compressing. From files/file_answers.
#pragma once

#include <string_view>

namespace meerkat::files {

// Text in any form, and the few others that are not packed already. Parameters and case do not matter.
bool isCodable(std::string_view type);

}  // namespace meerkat::files
