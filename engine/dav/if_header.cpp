#include "dav/if_header.h"

#include "base/text.h"

#include <algorithm>

namespace meerkat::dav {

namespace {

constexpr std::size_t kMostLists = 200;

// Takes pieces off the front of a text; what does not fit leaves it as it is.
class Scanner {
  public:
    explicit Scanner(std::string_view text) : m_rest(text) { skipSpace(); }

    bool isAtEnd() const { return m_rest.empty(); }
    bool isAt(char c) const { return m_rest.starts_with(c); }
    bool take(char c) {
        if (!isAt(c)) return false;
        drop(1);
        return true;
    }
    // "Not", in any case as ABNF has it.
    bool takeNot() {
        if (!startsWithIgnoringCase(m_rest, "not")) return false;
        drop(3);
        return true;
    }
    // What stands between angle brackets: no white space, and something.
    std::optional<std::string_view> takeCodedUrl() {
        if (!isAt('<')) return std::nullopt;
        const std::size_t end = m_rest.find('>');
        if (end == std::string_view::npos || end == 1) return std::nullopt;
        const std::string_view url = m_rest.substr(1, end - 1);
        if (url.find_first_of(" \t<") != std::string_view::npos) return std::nullopt;
        drop(end + 1);
        return url;
    }
    // An entity tag between square brackets. It may hold a bracket of its own.
    std::optional<std::string_view> takeTag() {
        const std::size_t open = m_rest.find('"');
        const std::string_view before = m_rest.substr(0, open);
        if (open == std::string_view::npos || (before != "[" && before != "[W/")) return std::nullopt;
        const std::size_t close = m_rest.find('"', open + 1);
        if (close == std::string_view::npos || !m_rest.substr(close + 1).starts_with(']')) return std::nullopt;
        const std::string_view tag = m_rest.substr(1, close);
        drop(close + 2);
        return tag;
    }

  private:
    void drop(std::size_t count) {
        m_rest.remove_prefix(count);
        skipSpace();
    }
    void skipSpace() { m_rest.remove_prefix(std::min(m_rest.find_first_not_of(" \t"), m_rest.size())); }

    std::string_view m_rest;
};

std::optional<IfCondition> takeCondition(Scanner &scanner) {
    IfCondition condition;
    condition.isNot = scanner.takeNot();
    condition.isTag = scanner.isAt('[');
    const auto text = condition.isTag ? scanner.takeTag() : scanner.takeCodedUrl();
    if (!text) return std::nullopt;
    condition.text = *text;
    return condition;
}

bool takeList(Scanner &scanner, IfList &list) {
    if (!scanner.take('(')) return false;
    while (!scanner.take(')')) {
        const auto condition = takeCondition(scanner);
        if (!condition) return false;
        list.conditions.push_back(*condition);
    }
    return !list.conditions.empty();
}

}  // namespace

bool IfHeader::isTrue(const std::function<bool(std::string_view, const IfCondition &)> &holds) const {
    return std::any_of(lists.begin(), lists.end(), [&](const IfList &list) {
        return std::all_of(list.conditions.begin(), list.conditions.end(),
                           [&](const IfCondition &one) { return holds(list.resource, one) != one.isNot; });
    });
}

std::vector<std::string_view> IfHeader::tokens() const {
    std::vector<std::string_view> found;
    for (const IfList &list : lists)
        for (const IfCondition &one : list.conditions)
            if (!one.isTag && !one.isNot) found.push_back(one.text);
    return found;
}

std::optional<IfHeader> parseIf(std::string_view value) {
    Scanner scanner(value);
    const bool isTagged = scanner.isAt('<');
    IfHeader header;
    std::string_view resource;
    // A resource has to be followed by a list of its own.
    bool isOwed = true;
    while (!scanner.isAtEnd()) {
        if (scanner.isAt('<')) {
            const auto url = scanner.takeCodedUrl();
            if (!url || !isTagged || (isOwed && !resource.empty())) return std::nullopt;
            resource = *url;
            isOwed = true;
            continue;
        }
        IfList list;
        list.resource = resource;
        if (header.lists.size() == kMostLists || !takeList(scanner, list)) return std::nullopt;
        header.lists.push_back(std::move(list));
        isOwed = false;
    }
    if (isOwed) return std::nullopt;
    return header;
}

}  // namespace meerkat::dav
