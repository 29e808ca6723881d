#include "os/new_file.h"

#include "base/encodings.h"

#include <random>

namespace meerkat::os {

std::string unfinishedName() {
    std::random_device random;
    const std::uint32_t words[2] = {random(), random()};
    return std::string(kUnfinishedPrefix) + hexLower({reinterpret_cast<const char *>(words), sizeof words});
}

}  // namespace meerkat::os
