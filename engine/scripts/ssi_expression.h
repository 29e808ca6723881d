// Station: the expr of an #if, and texts with $variables -> true or false, and texts. From ssi_page.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace meerkat::scripts {

class SsiVariables {
  public:
    virtual ~SsiVariables() = default;
    // Nothing if there is none of that name.
    virtual std::optional<std::string> valueOf(std::string_view name) const = 0;
};

inline constexpr std::size_t kLongestSsiText = 32 * 1024;  // that $variables may grow a text to

// `text` with $NAME and ${NAME} replaced, by nothing where there is no such variable; `\$` is a dollar. Values are not looked into
// again. Nothing if it gets too long.
std::optional<std::string> substituted(std::string_view text, const SsiVariables &variables);

enum class SsiTruth { False, True, Broken };
struct SsiJudgement {
    SsiTruth truth = SsiTruth::Broken;
    std::size_t work = 0;  // in bytes looked at: patterns cost more than their length
};

// a, a = b, ==, !=, <, <=, >, >= (byte for byte), a = /pattern/ (text_pattern.h), a != /pattern/, !, &&, ||, ( ). && binds closer than ||,
// ! is of the comparison or parenthesis that follows. A text alone is true unless empty. Texts stand in ' or ", or are bare words, between which
// one space is kept. Variables are put in after the expression is taken apart, so that no value can change its meaning. Broken:
// anything else, or deeper than 32.
SsiJudgement judged(std::string_view expression, const SsiVariables &variables);

}  // namespace meerkat::scripts
