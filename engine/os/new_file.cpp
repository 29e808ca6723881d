#include "os/new_file.h"

#include "base/encodings.h"
#include "base/text.h"

#include <random>

namespace meerkat::os {

bool isOwnName(std::string_view name) {
    return startsWithIgnoringCase(name, kUnfinishedPrefix) || equalsIgnoringCase(name, kMemberProperties) ||
           equalsIgnoringCase(name, kOwnProperties);
}

std::string unfinishedName() {
    std::random_device random;
    const std::uint32_t words[2] = {random(), random()};
    return std::string(kUnfinishedPrefix) + hexLower({reinterpret_cast<const char *>(words), sizeof words});
}

}  // namespace meerkat::os
