// Station: /a regular expression/ and a text -> whether it is found in it. From ssi_expression.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace meerkat::scripts {

// Knows: characters, `.`, [sets] with ranges and ^, \d \w \s and their opposites, ( | ), * + ?, ^ and $, and `\` before a sign that would
// mean something. Bytes, case counts. No groups to refer back to: that is what makes time the product of both lengths at most,
// whatever the pattern.
class TextPattern {
  public:
    static constexpr std::size_t kLongest = 1000;  // bytes of a pattern
    static constexpr int kDeepest = 32;            // parentheses in each other

    // Nothing if it is none, or longer or deeper than that.
    static std::optional<TextPattern> parse(std::string_view pattern);
    bool isFoundIn(std::string_view text) const;

  private:
    friend class PatternReader;
    using Set = std::bitset<256>;
    enum class Kind : std::uint8_t { Bytes, Fork, Begin, End, Found };
    // Bytes goes on to the next step after one byte of set `first`; Fork to `first` and `second` at once.
    struct Step {
        Kind kind;
        std::uint32_t first = 0;
        std::uint32_t second = 0;
    };
    class Run;

    std::vector<Step> m_steps;
    std::vector<Set> m_sets;
};

}  // namespace meerkat::scripts
