#include "files/natural_order.h"

#include "base/text.h"

#include <algorithm>

namespace meerkat::files {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }

// Takes the number that `text` begins with, without its leading zeros. Numbers of any length: they are never converted.
std::string_view takeNumber(std::string_view &text) {
    const auto end = std::find_if_not(text.begin(), text.end(), isDigit);
    const auto digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(digits.size());
    return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
}

int compareNumbers(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
    return a.compare(b);
}

int compareFirstBytes(std::string_view &a, std::string_view &b) {
    const auto first = static_cast<unsigned char>(lowerAscii(a.front()));
    const auto second = static_cast<unsigned char>(lowerAscii(b.front()));
    a.remove_prefix(1);
    b.remove_prefix(1);
    return first - second;
}

int compareFirstParts(std::string_view &a, std::string_view &b) {
    if (isDigit(a.front()) && isDigit(b.front())) {
        const auto first = takeNumber(a);
        return compareNumbers(first, takeNumber(b));
    }
    return compareFirstBytes(a, b);
}

}  // namespace

int compareNaturally(std::string_view a, std::string_view b) {
    std::string_view restOfA = a;
    std::string_view restOfB = b;
    while (!restOfA.empty() && !restOfB.empty())
        if (const int order = compareFirstParts(restOfA, restOfB); order != 0) return order;
    if (restOfA.empty() != restOfB.empty()) return restOfA.empty() ? -1 : 1;
    return a.compare(b);
}

}  // namespace meerkat::files
