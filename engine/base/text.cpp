#include "base/text.h"

#include <algorithm>

namespace meerkat {

char lowerAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool equalsIgnoringCase(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    // Most often they are written alike.
    return a == b || std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lowerAscii(x) == lowerAscii(y); });
}

bool startsWithIgnoringCase(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() && equalsIgnoringCase(text.substr(0, prefix.size()), prefix);
}

bool endsWithIgnoringCase(std::string_view text, std::string_view suffix) {
    return text.size() >= suffix.size() && equalsIgnoringCase(text.substr(text.size() - suffix.size()), suffix);
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<std::uint64_t> parseDecimal(std::string_view text, std::uint64_t limit) {
    if (text.empty()) return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        const auto digit = static_cast<std::uint64_t>(c - '0');
        // Asked before it is done: neither the product nor the sum may wrap.
        if (digit > limit || value > (limit - digit) / 10) return std::nullopt;
        value = value * 10 + digit;
    }
    return value;
}

namespace {

// Calls `visit` for each item; stops when it returns true, and says so.
template <class Visit>
bool anyItem(std::string_view text, char separator, Visit visit) {
    while (true) {
        const auto end = text.find(separator);
        const auto item = trimmed(text.substr(0, end));
        if (!item.empty() && visit(item)) return true;
        if (end == std::string_view::npos) return false;
        text.remove_prefix(end + 1);
    }
}

}  // namespace

std::vector<std::string_view> splitList(std::string_view text, char separator) {
    std::vector<std::string_view> items;
    anyItem(text, separator, [&](std::string_view item) {
        items.push_back(item);
        return false;
    });
    return items;
}

bool listContains(std::string_view list, std::string_view item) {
    return anyItem(list, ',', [&](std::string_view candidate) { return equalsIgnoringCase(candidate, item); });
}

}  // namespace meerkat
