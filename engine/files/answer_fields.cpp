#include "files/answer_fields.h"

#include "base/pattern.h"
#include "base/text.h"
#include "http/characters.h"
#include "http/url.h"

#include <algorithm>
#include <array>

namespace meerkat::files {

namespace {

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

// Those that frame the answer or say what its bytes are: the engine writes them, and a second one would be another truth.
constexpr std::array<std::string_view, 21> kOwnFields = {
    "Accept-Ranges",
    "Connection",
    "Content-Encoding",
    "Content-Length",
    "Content-Range",
    "Content-Type",
    "Date",
    "ETag",
    "Keep-Alive",
    "Last-Modified",
    "Location",
    "Proxy-Authenticate",
    "Proxy-Connection",
    "Sec-WebSocket-Accept",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "WWW-Authenticate",
    "Allow",
    "Retry-After",
};

constexpr std::array<std::string_view, 3> kIsolation = {
    "Cross-Origin-Opener-Policy: same-origin",
    "Cross-Origin-Embedder-Policy: require-corp",
    "Cross-Origin-Resource-Policy: same-origin",
};

// Items with their escapes undone, and as they were written.
struct Item {
    std::string text;
    std::string_view written;
};

std::vector<Item> splitEscaped(std::string_view list) {
    std::vector<Item> items;
    std::string text;
    std::size_t begin = 0;
    const auto add = [&](std::size_t end) {
        const std::string_view content = trimmed(text);
        if (!content.empty()) items.push_back({std::string(content), trimmed(list.substr(begin, end - begin))});
        text.clear();
        begin = end + 1;
    };
    for (std::size_t i = 0; i < list.size(); ++i) {
        const bool isEscape = list[i] == '\\' && i + 1 < list.size() && (list[i + 1] == ',' || list[i + 1] == '\\');
        if (isEscape)
            text.push_back(list[++i]);
        else if (list[i] == ',')
            add(i);
        else
            text.push_back(list[i]);
    }
    add(list.size());
    return items;
}

bool isToken(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), http::isToken); }

bool isPlainText(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return (c >= ' ' && c < 0x7f) || c == '\t'; });
}

// "", or why a field of that name can't be added.
std::string fieldRefusal(std::string_view name) {
    const auto isName = [name](std::string_view other) { return equalsIgnoringCase(name, other); };
    if (std::any_of(kOwnFields.begin(), kOwnFields.end(), isName)) return ": this field is the server's own to write";
    if (isName("Cache-Control")) return ": that is what the option cache_control is for";
    if (isName("Access-Control-Allow-Origin") || isName("Access-Control-Allow-Credentials"))
        return ": that is what the option cors_origins is for";
    return {};
}

Failure refusal(std::string_view item, std::string_view why) { return {quoted(item) + std::string(why), 0}; }

bool matches(const FieldRule &rule, std::string_view path) { return matchPattern(rule.pattern, path) >= 0; }

// "max-age=60", "no-cache", "private=\"x\"".
bool isDirective(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (!isToken(text.substr(0, equals))) return false;
    if (equals == std::string_view::npos) return true;
    const std::string_view value = text.substr(equals + 1);
    const bool isQuoted = value.size() >= 2 && value.front() == '"' && value.find('"', 1) == value.size() - 1;
    return isToken(value) || (isQuoted && value.find('\\') == std::string_view::npos);
}

// Scheme and host in lower case, as browsers send it; "" if it is no origin.
std::string originOf(std::string_view text) {
    std::string origin(text);
    std::transform(origin.begin(), origin.end(), origin.begin(), lowerAscii);
    const std::size_t mark = origin.find("://");
    if (mark == std::string::npos || mark == 0) return {};
    const std::string_view scheme = std::string_view(origin).substr(0, mark), host = std::string_view(origin).substr(mark + 3);
    const auto isSchemeLetter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    };
    const bool isOrigin = std::all_of(scheme.begin(), scheme.end(), isSchemeLetter) && http::isHostAndPort(host);
    return isOrigin ? origin : std::string();
}

}  // namespace

Result<std::vector<FieldRule>> parseExtraHeaders(std::string_view value) {
    std::vector<FieldRule> rules;
    for (const Item &item : splitEscaped(value)) {
        const std::string_view text = item.text;
        const std::size_t equals = std::min(text.find('='), text.size());
        const std::size_t colon = text.find(':', equals);
        if (equals == 0 || colon == std::string_view::npos)
            return refusal(item.written, " is no header: write pattern=Name: value, with a comma inside of a value as \\,");
        const std::string_view name = trimmed(text.substr(equals + 1, colon - equals - 1));
        const std::string_view content = trimmed(text.substr(colon + 1));
        if (!isToken(name)) return refusal(item.written, " has no name that a header can have: write pattern=Name: value");
        if (!isPlainText(content)) return refusal(item.written, " has a value with characters that can't stand in a header");
        if (const std::string why = fieldRefusal(name); !why.empty()) return refusal(item.written, why);
        rules.push_back({std::string(trimmed(text.substr(0, equals))), std::string(name), std::string(content)});
    }
    return rules;
}

Result<std::vector<FieldRule>> parseCacheControl(std::string_view value) {
    std::vector<FieldRule> rules;
    for (const Item &item : splitEscaped(value)) {
        const std::string_view text = item.text;
        const std::size_t equals = std::min(text.find('='), text.size());
        std::string directives(text.substr(std::min(equals + 1, text.size())));
        std::replace(directives.begin(), directives.end(), ',', ' ');
        std::string joined;
        for (const std::string_view directive : splitList(directives, ' ')) {
            if (!isDirective(directive))
                return refusal(item.written, " holds what is no directive: write pattern=public max-age=3600");
            joined.append(joined.empty() ? "" : ", ").append(directive);
        }
        if (equals == 0 || joined.empty())
            return refusal(item.written, " is no rule: write pattern=no-cache or pattern=public max-age=3600");
        rules.push_back({std::string(trimmed(text.substr(0, equals))), {}, std::move(joined)});
    }
    return rules;
}

// ---- other origins ----

Result<CrossOrigin> CrossOrigin::parse(std::string_view value) {
    CrossOrigin policy;
    const auto items = splitList(value);
    for (const std::string_view item : items) {
        if (item == "*" && items.size() == 1) {
            policy.m_isForAll = true;
            continue;
        }
        std::string origin = originOf(item);
        if (origin.empty())
            return refusal(item, " is no origin: write https://host or https://host:port, with commas between them, or * alone");
        policy.m_origins.push_back(std::move(origin));
    }
    return policy;
}

bool CrossOrigin::names(std::string_view origin) const {
    return std::find(m_origins.begin(), m_origins.end(), origin) != m_origins.end();
}

bool CrossOrigin::admits(std::string_view origin) const { return m_isForAll || names(origin); }

void CrossOrigin::appendForAll(std::string &out) const {
    if (!isSet()) return;
    out.append(m_isForAll ? "Access-Control-Allow-Origin: *\r\n" : "Vary: Origin\r\n");
    out.append("Access-Control-Expose-Headers: Accept-Ranges, Content-Encoding, Content-Range, ETag, Upload-Offset\r\n");
}

// Whoever is named may come with the visitor's password; who is not has to do without.
void CrossOrigin::appendForOrigin(std::string &out, std::optional<std::string_view> origin) const {
    if (m_isForAll || !origin || !admits(*origin)) return;
    out.append("Access-Control-Allow-Origin: ").append(*origin).append("\r\nAccess-Control-Allow-Credentials: true\r\n");
}

std::string CrossOrigin::preflightFields(std::string_view methods, std::string_view askedNames) const {
    std::string names;
    for (const std::string_view name : splitList(askedNames))
        if (isToken(name)) names.append(names.empty() ? "" : ", ").append(name);
    std::string fields = "Access-Control-Allow-Methods: " + std::string(methods) + "\r\n";
    if (!names.empty()) fields.append("Access-Control-Allow-Headers: ").append(names).append("\r\n");
    return fields.append(
        "Access-Control-Max-Age: 600\r\nVary: Access-Control-Request-Method, Access-Control-Request-Headers\r\n");
}

bool isPreflight(const http::RequestHead &head) {
    return head.method == http::Method::Options && head.find("Origin") && head.find("Access-Control-Request-Method");
}

// ---- lines ----

void AnswerFields::appendForPath(std::string &out, std::string_view path) const {
    std::vector<std::string_view> names;
    const auto isNew = [&](std::string_view name) {
        return std::none_of(names.begin(), names.end(),
                            [name](std::string_view other) { return equalsIgnoringCase(name, other); });
    };
    for (const FieldRule &rule : extra) {
        if (!isNew(rule.name) || !matches(rule, path)) continue;
        names.push_back(rule.name);
        out.append(rule.name).append(": ").append(rule.value).append("\r\n");
    }
    for (const std::string_view line : kIsolation)
        if (isolates && isNew(line.substr(0, line.find(':')))) out.append(line).append("\r\n");
    crossOrigin.appendForAll(out);
}

std::string_view AnswerFields::cacheControlFor(std::string_view path) const {
    const auto found =
        std::find_if(cacheControl.begin(), cacheControl.end(), [path](const FieldRule &rule) { return matches(rule, path); });
    return found == cacheControl.end() ? std::string_view{} : std::string_view(found->value);
}

}  // namespace meerkat::files
