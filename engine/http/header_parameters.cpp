#include "http/header_parameters.h"

#include "base/text.h"
#include "http/characters.h"

#include <algorithm>

namespace meerkat::http {

namespace {

constexpr std::string_view kBlank = " \t\r\n";
constexpr std::string_view kSeparators = " \t\r\n,;";

void skip(std::string_view &text, std::string_view characters) {
    text.remove_prefix(std::min(text.find_first_not_of(characters), text.size()));
}

// What comes before the first of these characters.
std::string_view takeUntil(std::string_view &text, std::string_view characters) {
    const std::string_view taken = text.substr(0, text.find_first_of(characters));
    text.remove_prefix(taken.size());
    return taken;
}

// Place of the quote that ends a quoted string whose first quote is at 0.
std::size_t closingQuote(std::string_view text) {
    for (std::size_t at = 1; at < text.size(); ++at) {
        if (text[at] == '"') return at;
        if (text[at] == '\\') ++at;
    }
    return std::string_view::npos;
}

// The bytes of a value, one at a time.
template <class Take>
void eachByte(const HeaderParameter &parameter, Take take) {
    const std::string_view value = parameter.value;
    for (std::size_t at = 0; at < value.size(); ++at) {
        if (parameter.isQuoted && value[at] == '\\' && at + 1 < value.size()) ++at;
        take(value[at]);
    }
}

}  // namespace

// ---- as people write them ----

bool ParameterReader::takeQuoted(std::string_view &inside) {
    const std::size_t end = closingQuote(m_rest);
    if (end == std::string_view::npos) {
        m_rest = {};
        return false;
    }
    inside = m_rest.substr(1, end - 1);
    m_rest.remove_prefix(end + 1);
    return true;
}

bool ParameterReader::takeValue(HeaderParameter &parameter) {
    skip(m_rest, " \t");
    parameter.isQuoted = m_rest.starts_with('"');
    if (parameter.isQuoted) return takeQuoted(parameter.value);
    parameter.value = takeUntil(m_rest, kSeparators);
    return true;
}

bool ParameterReader::next(HeaderParameter &parameter) {
    while (true) {
        skip(m_rest, kSeparators);
        if (m_rest.empty()) return false;
        std::string_view aside;
        if (m_rest.front() == '"') {
            if (!takeQuoted(aside)) return false;
            continue;
        }
        parameter.name = takeUntil(m_rest, " \t\r\n,;=\"");
        skip(m_rest, kBlank);
        if (!m_rest.starts_with('=')) continue;
        m_rest.remove_prefix(1);
        return takeValue(parameter);
    }
}

std::optional<HeaderParameter> findParameter(std::string_view text, std::string_view name) {
    ParameterReader reader(text);
    HeaderParameter parameter;
    while (!name.empty() && reader.next(parameter))
        if (equalsIgnoringCase(parameter.name, name)) return parameter;
    return std::nullopt;
}

// ---- to the letter ----

namespace {

std::string_view takeToken(std::string_view &text) {
    std::size_t length = 0;
    while (length < text.size() && isToken(text[length])) ++length;
    const std::string_view token = text.substr(0, length);
    text.remove_prefix(length);
    return token;
}

bool takeStrict(std::string_view &text, HeaderParameter &parameter) {
    parameter.name = takeToken(text);
    skip(text, " \t");
    if (parameter.name.empty() || !text.starts_with('=')) return false;
    text.remove_prefix(1);
    skip(text, " \t");
    parameter.isQuoted = text.starts_with('"');
    if (!parameter.isQuoted) {
        parameter.value = takeToken(text);
        return !parameter.value.empty();
    }
    const std::size_t end = closingQuote(text);
    if (end == std::string_view::npos) return false;
    parameter.value = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    return std::none_of(parameter.value.begin(), parameter.value.end(), isControl);
}

}  // namespace

std::optional<std::vector<HeaderParameter>> parseAuthParameters(std::string_view text) {
    // No scheme has more; it also bounds the search for doubles.
    constexpr std::size_t kMost = 32;
    std::vector<HeaderParameter> parameters;
    while (true) {
        skip(text, " \t,");
        if (text.empty()) return parameters;
        HeaderParameter parameter;
        if (parameters.size() == kMost || !takeStrict(text, parameter)) return std::nullopt;
        for (const auto &earlier : parameters)
            if (equalsIgnoringCase(earlier.name, parameter.name)) return std::nullopt;
        parameters.push_back(parameter);
        skip(text, " \t");
        if (!text.empty() && text.front() != ',') return std::nullopt;
    }
}

// ---- values ----

std::string unescaped(const HeaderParameter &parameter) {
    std::string value;
    value.reserve(parameter.value.size());
    eachByte(parameter, [&](char c) { value.push_back(c); });
    return value;
}

std::optional<std::size_t> unescapedInto(const HeaderParameter &parameter, std::span<char> room) {
    std::size_t length = 0;
    eachByte(parameter, [&](char c) {
        if (length < room.size()) room[length] = c;
        ++length;
    });
    return length <= room.size() ? std::optional(length) : std::nullopt;
}

}  // namespace meerkat::http
