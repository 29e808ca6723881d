#include "http/form.h"

#include "base/encodings.h"
#include "base/text.h"

namespace meerkat::http {

namespace {

enum class Match { None, AnyCase, Exact };

Match match(std::string_view encoded, std::string_view name) {
    Match best = Match::Exact;
    std::size_t at = 0;
    for (const char wanted : name) {
        if (at == encoded.size()) return Match::None;
        const char got = takeDecoded(encoded, at, true);
        if (got == wanted) continue;
        if (lowerAscii(got) != lowerAscii(wanted)) return Match::None;
        best = Match::AnyCase;
    }
    return at == encoded.size() ? best : Match::None;
}

}  // namespace

std::optional<std::string_view> findVariable(std::string_view form, std::string_view name) {
    std::optional<std::string_view> inAnyCase;
    if (name.empty()) return inAnyCase;
    while (!form.empty()) {
        const std::string_view pair = form.substr(0, form.find('&'));
        form.remove_prefix(pair.size() < form.size() ? pair.size() + 1 : pair.size());
        const std::size_t equals = pair.find('=');
        const std::string_view value = equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
        const Match found = match(pair.substr(0, equals), name);
        if (found == Match::Exact) return value;
        if (found == Match::AnyCase && !inAnyCase) inAnyCase = value;
    }
    return inAnyCase;
}

bool isFormType(std::string_view contentType) {
    const std::string_view type = trimmed(contentType.substr(0, contentType.find(';')));
    return type.empty() || equalsIgnoringCase(type, "application/x-www-form-urlencoded") ||
           equalsIgnoringCase(type, "text/plain");
}

}  // namespace meerkat::http
