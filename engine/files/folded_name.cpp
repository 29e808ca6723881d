#include "files/folded_name.h"

#include <cstdint>

namespace meerkat::files {

namespace {

// Latin letters from U+00C0 on without their accents. A space: no letter of the alphabet, and lower case is one further or 32 further.
constexpr std::string_view kLatin1 = "aaaaaa ceeeeiiii nooooo ouuuuy  aaaaaa ceeeeiiii nooooo ouuuuy y";
constexpr std::string_view kLatinA = "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii  jjkkkllllllllllnnnnnnnnnoooooo  rrrrrr"
                                     "ssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
// U+1E00 to U+1EFF, Vietnamese above all, in runs of the same letter.
struct Run {
    char16_t first;
    char letter;
};
constexpr Run kLatinAdditional[] = {
    {0x1e00, 'a'}, {0x1e02, 'b'}, {0x1e08, 'c'}, {0x1e0a, 'd'}, {0x1e14, 'e'}, {0x1e1e, 'f'}, {0x1e20, 'g'}, {0x1e22, 'h'},
    {0x1e2c, 'i'}, {0x1e30, 'k'}, {0x1e36, 'l'}, {0x1e3e, 'm'}, {0x1e44, 'n'}, {0x1e4c, 'o'}, {0x1e54, 'p'}, {0x1e58, 'r'},
    {0x1e60, 's'}, {0x1e6a, 't'}, {0x1e72, 'u'}, {0x1e7c, 'v'}, {0x1e80, 'w'}, {0x1e8a, 'x'}, {0x1e8e, 'y'}, {0x1e90, 'z'},
    {0x1e96, 'h'}, {0x1e97, 't'}, {0x1e98, 'w'}, {0x1e99, 'y'}, {0x1e9a, 'a'}, {0x1e9b, 's'}, {0x1ea0, 'a'}, {0x1eb8, 'e'},
    {0x1ec8, 'i'}, {0x1ecc, 'o'}, {0x1ee4, 'u'}, {0x1ef2, 'y'},
};

char latinAdditional(char32_t letter) {
    char found = ' ';
    for (const Run &run : kLatinAdditional)
        if (letter >= run.first) found = run.letter;
    return found;
}

// Of two-byte letters and U+1Exx; 0: it goes away.
char32_t folded(char32_t letter) {
    if (letter >= 0x300 && letter < 0x370) return 0;
    char plain = ' ';
    if (letter >= 0xc0 && letter < 0x100) plain = kLatin1[letter - 0xc0];
    if (letter >= 0x100 && letter < 0x180) plain = kLatinA[letter - 0x100];
    if (letter >= 0x1e00 && letter <= 0x1ef9) plain = latinAdditional(letter);
    if (plain != ' ') return static_cast<char32_t>(plain);
    if (letter >= 0xc0 && letter < 0xdf && letter != 0xd7) return letter + 32;
    if (letter >= 0x100 && letter < 0x180) return letter | 1;
    if (letter >= 0x391 && letter <= 0x3ab) return letter + 32;
    if (letter == 0x3c2) return 0x3c3;  // the sigma at the end of a word
    if (letter >= 0x400 && letter < 0x410) return letter + 80;
    if (letter >= 0x410 && letter < 0x430) return letter + 32;
    if (letter >= 0x460 && letter < 0x530 && !(letter >= 0x482 && letter < 0x48a)) return letter | 1;
    if (letter >= 0x531 && letter <= 0x556) return letter + 48;
    return letter;
}

void append(std::string &out, char32_t letter) {
    if (letter == 0) return;
    if (letter < 0x80) {
        out.push_back(static_cast<char>(letter));
    } else if (letter < 0x800) {
        out.push_back(static_cast<char>(0xc0 | letter >> 6));
        out.push_back(static_cast<char>(0x80 | (letter & 0x3f)));
    } else {
        out.push_back(static_cast<char>(0xe0 | letter >> 12));
        out.push_back(static_cast<char>(0x80 | (letter >> 6 & 0x3f)));
        out.push_back(static_cast<char>(0x80 | (letter & 0x3f)));
    }
}

std::uint8_t byteAt(std::string_view text, std::size_t at) { return at < text.size() ? static_cast<std::uint8_t>(text[at]) : 0; }

bool continues(std::uint8_t byte) { return (byte & 0xc0) == 0x80; }

}  // namespace

std::string foldedName(std::string_view name) {
    std::string out;
    out.reserve(name.size());
    for (std::size_t at = 0; at < name.size();) {
        const std::uint8_t first = byteAt(name, at), second = byteAt(name, at + 1), third = byteAt(name, at + 2);
        if (first >= 'A' && first <= 'Z') {
            out.push_back(static_cast<char>(first | 0x20));
            ++at;
        } else if (first >= 0xc3 && first < 0xe0 && continues(second)) {
            append(out, folded(static_cast<char32_t>((first & 0x1f) << 6 | (second & 0x3f))));
            at += 2;
        } else if (first == 0xe1 && (second & 0xfc) == 0xb8 && continues(second) && continues(third)) {
            append(out, folded(static_cast<char32_t>(0x1000 | (second & 0x3f) << 6 | (third & 0x3f))));
            at += 3;
        } else {
            out.push_back(static_cast<char>(first));
            ++at;
        }
    }
    return out;
}

}  // namespace meerkat::files
