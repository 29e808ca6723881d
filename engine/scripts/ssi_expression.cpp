#include "scripts/ssi_expression.h"

#include "scripts/text_pattern.h"

namespace meerkat::scripts {

namespace {

constexpr int kDeepest = 32;
// Following one step of a pattern, beside copying one byte.
constexpr std::size_t kStepWork = 8;

bool isNameCharacter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }
bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// "NAME" of what follows a dollar, and what it takes; nothing if that is no variable.
struct Reference {
    std::string_view name;
    std::size_t length = 0;
};
Reference referenceAt(std::string_view text) {
    const bool isBraced = text.starts_with('{');
    std::size_t end = isBraced ? 1 : 0;
    while (end < text.size() && isNameCharacter(text[end])) ++end;
    const std::string_view name = text.substr(isBraced ? 1 : 0, end - (isBraced ? 1 : 0));
    if (name.empty() || (isBraced && (end == text.size() || text[end] != '}'))) return {};
    return {name, end + (isBraced ? 1 : 0)};
}

// Evaluates while it reads. The first thing that is wrong makes the whole broken.
class ExpressionReader {
  public:
    ExpressionReader(std::string_view text, const SsiVariables &variables) : m_text(text), m_variables(variables) {}

    SsiJudgement judge() {
        const bool isTrue = readOr(0);
        if (!isAtEnd()) m_isBroken = true;
        return {m_isBroken ? SsiTruth::Broken : isTrue ? SsiTruth::True : SsiTruth::False, m_work + m_text.size()};
    }

  private:
    bool isAtEnd() {
        while (m_at < m_text.size() && isSpace(m_text[m_at])) ++m_at;
        return m_at == m_text.size();
    }
    bool skip(std::string_view sign) {
        if (isAtEnd() || !m_text.substr(m_at).starts_with(sign)) return false;
        m_at += sign.size();
        return true;
    }
    bool fail() {
        m_isBroken = true;
        m_at = m_text.size();
        return false;
    }

    bool readOr(int depth) {
        bool isTrue = readAnd(depth);
        while (skip("||")) isTrue = readAnd(depth) || isTrue;
        return isTrue;
    }
    bool readAnd(int depth) {
        bool isTrue = readNot(depth);
        while (skip("&&")) isTrue = readNot(depth) && isTrue;
        return isTrue;
    }
    bool readNot(int depth) {
        bool isOpposite = false;
        while (skip("!")) isOpposite = !isOpposite;
        return readPrimary(depth) != isOpposite;
    }
    bool readPrimary(int depth) {
        if (!skip("(")) return readComparison();
        if (depth == kDeepest) return fail();
        const bool isTrue = readOr(depth + 1);
        return skip(")") ? isTrue : fail();
    }

    bool readComparison() {
        const auto left = readText();
        if (!left) return fail();
        if (skip("!=")) return compareEqual(*left, true);
        if (skip("==") || skip("=")) return compareEqual(*left, false);
        for (const std::string_view sign : {"<=", ">=", "<", ">"}) {
            if (!skip(sign)) continue;
            const auto right = readText();
            if (!right) return fail();
            const int order = left->compare(*right);
            if (order == 0) return sign.size() == 2;
            return sign[0] == '<' ? order < 0 : order > 0;
        }
        return !left->empty();
    }
    bool compareEqual(const std::string &left, bool isOpposite) {
        if (!isAtEnd() && m_text[m_at] == '/') return compareWithPattern(left, isOpposite);
        const auto right = readText();
        return right ? (left == *right) != isOpposite : fail();
    }
    bool compareWithPattern(const std::string &left, bool isOpposite) {
        const std::size_t from = ++m_at;
        while (m_at < m_text.size() && m_text[m_at] != '/') m_at += m_text[m_at] == '\\' ? 2 : 1;
        if (m_at >= m_text.size()) return fail();
        const std::string_view written = m_text.substr(from, m_at++ - from);
        const auto pattern = TextPattern::parse(written);
        if (!pattern) return fail();
        m_work += kStepWork * written.size() * (left.size() + 1);
        return pattern->isFoundIn(left) != isOpposite;
    }

    // A quoted text, or words up to the next sign.
    std::optional<std::string> readText() {
        if (isAtEnd()) return std::nullopt;
        const char quote = m_text[m_at];
        const auto text = quote == '\'' || quote == '"' ? readQuoted(quote) : readWords();
        if (!text) return std::nullopt;
        auto value = substituted(*text, m_variables);
        m_work += value ? value->size() : kLongestSsiText;
        return value;
    }
    std::optional<std::string> readQuoted(char quote) {
        std::string text;
        for (++m_at; m_at < m_text.size() && m_text[m_at] != quote; ++m_at) {
            if (m_text[m_at] == '\\' && m_at + 1 < m_text.size() && m_text[m_at + 1] == quote) ++m_at;
            text.push_back(m_text[m_at]);
        }
        if (m_at == m_text.size()) return std::nullopt;
        ++m_at;
        return text;
    }
    std::optional<std::string> readWords() {
        std::string text;
        bool isApart = false;
        for (; m_at < m_text.size() && !isSign(); ++m_at) {
            if (isSpace(m_text[m_at])) {
                isApart = !text.empty();
                continue;
            }
            if (isApart) text.push_back(' ');
            isApart = false;
            text.push_back(m_text[m_at]);
        }
        if (text.empty()) return std::nullopt;
        return text;
    }
    bool isSign() const {
        const std::string_view rest = m_text.substr(m_at);
        return std::string_view("()!=<>'\"").find(rest[0]) != std::string_view::npos || rest.starts_with("&&") ||
               rest.starts_with("||");
    }

    std::string_view m_text;
    const SsiVariables &m_variables;
    std::size_t m_at = 0;
    std::size_t m_work = 0;
    bool m_isBroken = false;
};

}  // namespace

std::optional<std::string> substituted(std::string_view text, const SsiVariables &variables) {
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text.substr(at).starts_with("\\$")) {
            result.push_back(text[++at]);
            continue;
        }
        const Reference reference = text[at] == '$' ? referenceAt(text.substr(at + 1)) : Reference{};
        if (reference.length == 0) {
            result.push_back(text[at]);
        } else {
            result += variables.valueOf(reference.name).value_or("");
            at += reference.length;
        }
        if (result.size() > kLongestSsiText) return std::nullopt;
    }
    return result;
}

SsiJudgement judged(std::string_view expression, const SsiVariables &variables) {
    return ExpressionReader(expression, variables).judge();
}

}  // namespace meerkat::scripts
