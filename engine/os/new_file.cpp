#include "os/new_file.h"

#include "os/leftover.h"

#include "base/encodings.h"
#include "base/text.h"

#include <random>

namespace meerkat::os {

namespace {

// A letter that is no hex digit tells what may be cleaned away from what only has a hidden name for a moment.
constexpr std::string_view kWholeMark = "w";
constexpr std::string_view kPieceMark = "p";

std::string prefixed(std::string_view mark) { return std::string(kUnfinishedPrefix).append(mark); }

std::string randomHex() {
    std::random_device random;
    const std::uint32_t words[2] = {random(), random()};
    return hexLower({reinterpret_cast<const char *>(words), sizeof words});
}

}  // namespace

bool isOwnName(std::string_view name) {
    return startsWithIgnoringCase(name, kUnfinishedPrefix) || equalsIgnoringCase(name, kMemberProperties) ||
           equalsIgnoringCase(name, kOwnProperties);
}

std::string unfinishedName() { return prefixed({}) + randomHex(); }

std::string wholeName() { return prefixed(kWholeMark) + randomHex(); }
bool isWholeName(std::string_view name) { return name.starts_with(prefixed(kWholeMark)); }

std::string pieceName(std::string_view key) { return prefixed(kPieceMark).append(key); }
bool isPieceName(std::string_view name) { return name.starts_with(prefixed(kPieceMark)); }

// A lock says best that somebody writes; where there are none, a day without a byte has to.
bool isLeftover(std::string_view name, std::int64_t modifiedNs, std::int64_t nowSeconds, Holder holder) {
    const bool isOld = nowSeconds - modifiedNs / 1'000'000'000 > kPieceSeconds;
    if (holder == Holder::Somebody) return false;
    if (isPieceName(name)) return isOld;
    return isWholeName(name) && (holder == Holder::Nobody || isOld);
}

}  // namespace meerkat::os
