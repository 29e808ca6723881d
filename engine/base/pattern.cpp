// How: for each piece of the pattern, the set of text positions that the pieces so far can end at. One pass over the text a piece,
// so nothing is ever tried twice. The longest match is the greedy one.
#include "base/pattern.h"

#include "base/text.h"

#include <array>
#include <span>
#include <string>

namespace meerkat {

namespace {

// A flag for each position of the text, the end included.
using Positions = std::span<char>;

// Where the character that begins at `at` ends: UTF-8 continuation bytes belong to it.
std::size_t characterEnd(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    std::size_t end = at + 1;
    if (byte(at) < 0xC0) return end;
    while (end < text.size() && end - at < 4 && (byte(end) & 0xC0) == 0x80) ++end;
    return end;
}

void passStar(std::string_view text, Positions reached, bool overSlashes) {
    for (std::size_t i = 0; i < text.size(); ++i)
        if (reached[i] && (overSlashes || text[i] != '/')) reached[i + 1] = 1;
}

// From the end, so that a position that was just reached is not moved on again.
void passAnyCharacter(std::string_view text, Positions reached) {
    reached[text.size()] = 0;
    for (std::size_t i = text.size(); i-- > 0;) {
        if (!reached[i]) continue;
        reached[i] = 0;
        reached[characterEnd(text, i)] = 1;
    }
}

void passLetter(std::string_view text, Positions reached, char letter) {
    for (std::size_t i = text.size(); i-- > 0;) reached[i + 1] = reached[i] && lowerAscii(text[i]) == letter;
    reached[0] = 0;
}

void passEnd(std::string_view text, Positions reached) {
    for (std::size_t i = 0; i < text.size(); ++i) reached[i] = 0;
}

int longest(Positions reached) {
    for (std::size_t i = reached.size(); i-- > 0;)
        if (reached[i]) return static_cast<int>(i);
    return -1;
}

bool isSpecial(char c) { return c == '*' || c == '?' || c == '$'; }

int matchRest(std::string_view pattern, std::string_view text, std::size_t start, Positions reached) {
    reached[start] = 1;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char piece = pattern[i];
        if (piece == '*') {
            const bool isDouble = i + 1 < pattern.size() && pattern[i + 1] == '*';
            if (isDouble) ++i;
            passStar(text, reached, isDouble);
        } else if (piece == '?') {
            passAnyCharacter(text, reached);
        } else if (piece == '$') {
            passEnd(text, reached);
        } else {
            passLetter(text, reached, lowerAscii(piece));
        }
    }
    return longest(reached);
}

// Most patterns and texts differ in their first letters or have no special piece at all: those need no set.
int matchAlternative(std::string_view pattern, std::string_view text) {
    std::size_t same = 0;
    for (; same < pattern.size() && !isSpecial(pattern[same]); ++same)
        if (same >= text.size() || lowerAscii(pattern[same]) != lowerAscii(text[same])) return -1;
    pattern.remove_prefix(same);
    if (pattern.empty()) return static_cast<int>(same);

    std::array<char, 256> small{};
    if (text.size() < small.size()) return matchRest(pattern, text, same, Positions(small).first(text.size() + 1));
    std::string large(text.size() + 1, '\0');
    return matchRest(pattern, text, same, large);
}

}  // namespace

int matchPattern(std::string_view pattern, std::string_view text) {
    while (true) {
        const auto bar = pattern.find('|');
        const int length = matchAlternative(pattern.substr(0, bar), text);
        if (length >= 0 || bar == std::string_view::npos) return length;
        pattern.remove_prefix(bar + 1);
    }
}

}  // namespace meerkat
