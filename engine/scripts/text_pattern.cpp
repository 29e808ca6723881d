// How: the pattern becomes a small program whose steps are all followed at once through the text, so that nothing is tried twice.
#include "scripts/text_pattern.h"

#include <string>

namespace meerkat::scripts {

// Writes the program while it reads. A part that is to be repeated or be one of two is moved to make room for the fork before it: the
// steps of a part only lead into itself, to its end, or are not yet known.
class PatternReader {
  public:
    explicit PatternReader(std::string_view text) : m_text(text) {}

    bool readWhole() {
        if (m_text.size() > TextPattern::kLongest || !readChoice(0) || m_at != m_text.size()) return false;
        add({TextPattern::Kind::Found});
        return true;
    }
    TextPattern take() { return std::move(m_pattern); }

  private:
    using Step = TextPattern::Step;
    using Set = TextPattern::Set;
    using Kind = TextPattern::Kind;

    bool atEnd() const { return m_at == m_text.size(); }
    bool skip(char c) {
        if (atEnd() || m_text[m_at] != c) return false;
        ++m_at;
        return true;
    }
    std::uint32_t place() const { return static_cast<std::uint32_t>(m_pattern.m_steps.size()); }
    void add(Step step) { m_pattern.m_steps.push_back(step); }
    void addSet(const Set &set) {
        m_pattern.m_sets.push_back(set);
        add({Kind::Bytes, static_cast<std::uint32_t>(m_pattern.m_sets.size() - 1)});
    }

    // Puts a fork before the part that began at `from`: its own targets move by one.
    void insertFork(std::uint32_t from, std::uint32_t second) {
        auto &steps = m_pattern.m_steps;
        for (std::uint32_t i = from; i < steps.size(); ++i) {
            if (steps[i].kind != Kind::Fork) continue;
            if (steps[i].first >= from) ++steps[i].first;
            if (steps[i].second >= from) ++steps[i].second;
        }
        steps.insert(steps.begin() + from, {Kind::Fork, from + 1, second});
    }

    // a|b|c: a fork before each, and a jump (a fork to one place) behind each to the common end.
    bool readChoice(int depth) {
        if (depth > TextPattern::kDeepest) return false;
        std::vector<std::uint32_t> jumps;
        std::uint32_t from = place();
        if (!readSequence(depth)) return false;
        while (skip('|')) {
            jumps.push_back(place() + 1);
            insertFork(from, place() + 2);
            add({Kind::Fork});
            from = place();
            if (!readSequence(depth)) return false;
        }
        for (const std::uint32_t jump : jumps) m_pattern.m_steps[jump] = {Kind::Fork, place(), place()};
        return true;
    }

    bool readSequence(int depth) {
        while (!atEnd() && m_text[m_at] != '|' && m_text[m_at] != ')')
            if (!readRepeated(depth)) return false;
        return true;
    }

    bool readRepeated(int depth) {
        const std::uint32_t from = place();
        if (!readOne(depth)) return false;
        if (skip('*')) {
            insertFork(from, place() + 2);
            add({Kind::Fork, from, from});
        } else if (skip('+')) {
            add({Kind::Fork, from, place() + 1});
        } else if (skip('?')) {
            insertFork(from, place() + 1);
        }
        return true;
    }

    bool readOne(int depth) {
        if (skip('(')) return readChoice(depth + 1) && skip(')');
        if (skip('^')) return add({Kind::Begin}), true;
        if (skip('$')) return add({Kind::End}), true;
        Set set;
        if (skip('.')) {
            addSet(set.set());
            return true;
        }
        if (skip('[')) return readSet();
        if (skip('\\')) {
            if (!readEscape(set)) return false;
        } else {
            const char c = m_text[m_at++];
            if (std::string_view("*+?{").find(c) != std::string_view::npos) return false;
            set.set(static_cast<unsigned char>(c));
        }
        addSet(set);
        return true;
    }

    // What follows '\'.
    bool readEscape(Set &set) {
        if (atEnd()) return false;
        const char c = m_text[m_at++];
        const bool isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!isLetter && !(c >= '0' && c <= '9')) return set.set(static_cast<unsigned char>(c)), true;
        Set meant;
        for (const char each : membersOf(static_cast<char>(c | 0x20))) meant.set(static_cast<unsigned char>(each));
        if (!isLetter || meant.none()) return false;
        set |= (c & 0x20) != 0 ? meant : ~meant;
        return true;
    }
    static std::string_view membersOf(char letter) {
        constexpr std::string_view kWord = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
        if (letter == 'd') return kWord.substr(0, 10);
        if (letter == 'w') return kWord;
        return letter == 's' ? std::string_view(" \t\r\n\v\f") : std::string_view{};
    }

    // What follows '['. A ']' in the first place and a '-' in the last are characters.
    bool readSet() {
        Set set;
        const bool isOpposite = skip('^');
        for (bool isFirst = true; isFirst || !skip(']'); isFirst = false) {
            if (atEnd()) return false;
            const auto low = static_cast<unsigned char>(m_text[m_at++]);
            if (low == '\\') {
                if (!readEscape(set)) return false;
                continue;
            }
            unsigned char high = low;
            if (m_at + 1 < m_text.size() && m_text[m_at] == '-' && m_text[m_at + 1] != ']') {
                high = static_cast<unsigned char>(m_text[m_at + 1]);
                m_at += 2;
            }
            if (high < low) return false;
            for (unsigned c = low; c <= high; ++c) set.set(c);
        }
        addSet(isOpposite ? ~set : set);
        return true;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    TextPattern m_pattern;
};

// The steps that wait for the next byte.
class TextPattern::Run {
  public:
    Run(const TextPattern &pattern, std::string_view text)
        : m_pattern(pattern), m_text(text), m_seenAt(pattern.m_steps.size(), SIZE_MAX) {}

    bool finds() {
        std::vector<std::uint32_t> now;
        std::vector<std::uint32_t> next;
        for (std::size_t at = 0;; ++at) {
            // The match may begin anywhere.
            if (follow(0, at, now)) return true;
            if (at == m_text.size()) return false;
            next.clear();
            for (const std::uint32_t place : now) {
                const bool fits = m_pattern.m_sets[m_pattern.m_steps[place].first].test(static_cast<unsigned char>(m_text[at]));
                if (fits && follow(place + 1, at + 1, next)) return true;
            }
            now.swap(next);
        }
    }

  private:
    // All steps reached from `place` without a byte. True: the end of the pattern is one.
    bool follow(std::uint32_t place, std::size_t at, std::vector<std::uint32_t> &waiting) {
        m_open.assign(1, place);
        while (!m_open.empty()) {
            const std::uint32_t next = m_open.back();
            m_open.pop_back();
            if (m_seenAt[next] == at) continue;
            m_seenAt[next] = at;
            const Step &step = m_pattern.m_steps[next];
            if (step.kind == Kind::Found) return true;
            if (step.kind == Kind::Bytes) waiting.push_back(next);
            if (step.kind == Kind::Fork) m_open.insert(m_open.end(), {step.second, step.first});
            if ((step.kind == Kind::Begin && at == 0) || (step.kind == Kind::End && at == m_text.size()))
                m_open.push_back(next + 1);
        }
        return false;
    }

    const TextPattern &m_pattern;
    std::string_view m_text;
    std::vector<std::size_t> m_seenAt;  // the position at which a step was last reached
    std::vector<std::uint32_t> m_open;
};

std::optional<TextPattern> TextPattern::parse(std::string_view pattern) {
    PatternReader reader(pattern);
    if (!reader.readWhole()) return std::nullopt;
    return reader.take();
}

bool TextPattern::isFoundIn(std::string_view text) const { return Run(*this, text).finds(); }

}  // namespace meerkat::scripts
