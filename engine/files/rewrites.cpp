#include "files/rewrites.h"

#include "base/encodings.h"
#include "base/pattern.h"
#include "base/text.h"
#include "http/url.h"

#include <algorithm>
#include <array>

namespace meerkat::files {

namespace {

constexpr std::array kRedirects = {301, 302, 303, 307, 308};
// Of what a client asked for, in the address that an error is sent on to: a longer one is left out, or the Location would be a head too long.
constexpr std::size_t kMostQuoted = 2048;
// What tells that an error was sent on already.
constexpr std::string_view kOriginalUri = "&orig_uri=";

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::optional<int> threeDigits(std::string_view text) {
    const auto number = text.size() == 3 ? parseDecimal(text) : std::nullopt;
    return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

// What can stand in a Location as it is.
bool isUriText(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f && c != '\\' && c != '"'; });
}

// "/a", not "//host/a".
bool isLocal(std::string_view uri) { return uri.starts_with('/') && !uri.starts_with("//") && isUriText(uri); }

bool isWhole(std::string_view uri) {
    for (const std::string_view scheme : {std::string_view("http://"), std::string_view("https://")}) {
        if (!startsWithIgnoringCase(uri, scheme)) continue;
        const std::string_view rest = uri.substr(scheme.size());
        return http::isHostAndPort(rest.substr(0, rest.find_first_of("/?#"))) && isUriText(uri);
    }
    return false;
}

// Of an address its path, cleaned; "" if it has none.
std::string cleanPathOf(std::string_view uri) { return http::cleanPath(uri.substr(0, uri.find_first_of("?#"))).value_or(""); }

// Without its port, in lower case; "" if it is no host.
std::string hostName(std::string_view text) {
    if (!http::isHostAndPort(text)) return {};
    const std::size_t colon = text.starts_with('[') ? text.find(':', text.find(']')) : text.find(':');
    std::string name(text.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(), lowerAscii);
    if (name.ends_with('.')) name.pop_back();
    return name;
}

// A path begins with '/': a pattern that begins with another letter never matches.
bool canMatch(std::string_view pattern) {
    const auto alternatives = splitList(pattern, '|');
    const auto canBegin = [](std::string_view each) {
        return std::string_view("/*?").find(each.front()) != std::string_view::npos;
    };
    return !alternatives.empty() && std::all_of(alternatives.begin(), alternatives.end(), canBegin);
}

std::optional<RuleMatch> matchOf(const RewriteRule &rule, std::string_view path) {
    const int length = matchPattern(rule.pattern, path);
    if (length <= 0) return std::nullopt;
    std::size_t end = static_cast<std::size_t>(length);
    if (path[end - 1] == '/') --end;
    const RuleMatch match{0, path.substr(0, end), path.substr(end)};
    const bool isWholeNames = match.rest.empty() || match.rest.starts_with('/');
    return isWholeNames ? std::optional(match) : std::nullopt;
}

std::string encodedForQuery(std::string_view text) {
    return text.size() > kMostQuoted ? std::string() : percentEncoded(percentDecoded(text).value_or(std::string(text)));
}

}  // namespace

Result<Rewrites> Rewrites::parse(std::string_view value) {
    Rewrites rewrites;
    for (const std::string_view item : splitList(value))
        if (std::string refusal = rewrites.addItem(item); !refusal.empty()) return Failure{std::move(refusal), 0};
    return rewrites;
}

// "", or why not.
std::string Rewrites::addItem(std::string_view item) {
    const std::size_t equals = item.find('=');
    const std::string_view left = trimmed(item.substr(0, equals));
    const std::string_view right = equals == std::string_view::npos ? std::string_view{} : trimmed(item.substr(equals + 1));
    if (left.empty() || right.empty())
        return quoted(item) +
               " is no rewrite: write pattern=path, pattern=301:/uri, 404=/uri or @host=folder, with commas between them";
    if (left.starts_with('@')) return addHost(item, left.substr(1), right);
    if (threeDigits(left)) return addError(item, left, right);
    return addRule(item, left, right);
}

std::string Rewrites::addHost(std::string_view item, std::string_view name, std::string_view folder) {
    std::string host = hostName(name);
    if (host.empty()) return quoted(item) + " names no host: write @www.example.com=folder";
    m_hosts.push_back({std::move(host), std::string(folder)});
    return {};
}

std::string Rewrites::addError(std::string_view item, std::string_view status, std::string_view uri) {
    const int number = *threeDigits(status);
    if (number < 400 || number > 599) return quoted(item) + " names no error: those go from 400 to 599";
    // The browser would never be asked for the password.
    if (number == 401) return quoted(item) + " can't be: with 401 a browser is asked for a password, and has to stay where it is";
    if (!isLocal(uri) || cleanPathOf(uri).empty())
        return quoted(item) + " does not say where an error leads to: write 404=/path, what is not ASCII as % and two hex digits";
    m_errors.push_back({number, std::string(uri)});
    return {};
}

std::string Rewrites::addRule(std::string_view item, std::string_view pattern, std::string_view target) {
    if (!canMatch(pattern))
        return quoted(item) +
               " never matches: a pattern begins with / or *, an error is 404 or another number, a host has an @ before it";
    RewriteRule rule{std::string(pattern), std::string(target), 0};
    const std::size_t colon = target.find(':');
    if (colon == 3 && threeDigits(target.substr(0, 3))) {
        rule.status = *threeDigits(target.substr(0, 3));
        rule.target = trimmed(target.substr(4));
        if (std::find(kRedirects.begin(), kRedirects.end(), rule.status) == kRedirects.end())
            return quoted(item) + " is no redirect: its status is 301, 302, 303, 307 or 308";
        if (!isLocal(rule.target) && !isWhole(rule.target))
            return quoted(item) + " does not say where to: write pattern=301:/path or pattern=301:https://host/path";
        if (isLocal(rule.target) && matchOf(rule, cleanPathOf(rule.target)))
            return quoted(item) + " leads round in a circle: its pattern matches where it leads to";
    }
    m_rules.push_back(std::move(rule));
    return {};
}

std::optional<RuleMatch> Rewrites::match(std::string_view path) const {
    for (std::size_t i = 0; i < m_rules.size(); ++i) {
        auto match = matchOf(m_rules[i], path);
        if (!match) continue;
        match->rule = i;
        return match;
    }
    return std::nullopt;
}

std::optional<std::size_t> Rewrites::hostOf(std::string_view hostField) const {
    if (m_hosts.empty()) return std::nullopt;
    const std::string name = hostName(hostField);
    const auto found = std::find_if(m_hosts.begin(), m_hosts.end(), [&](const VirtualHost &host) { return host.name == name; });
    return found == m_hosts.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - m_hosts.begin()));
}

std::string Rewrites::errorLocation(int status, std::string_view target) const {
    const auto rule =
        std::find_if(m_errors.begin(), m_errors.end(), [status](const ErrorRule &each) { return each.status == status; });
    if (rule == m_errors.end()) return {};
    const std::size_t mark = target.find('?');
    const std::string_view path = target.substr(0, mark);
    const std::string_view query = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
    if (query.find(kOriginalUri) != std::string_view::npos) return {};
    const std::string asked = cleanPathOf(path);
    const auto leadsHere = [&](const ErrorRule &each) { return cleanPathOf(each.uri) == asked; };
    if (std::any_of(m_errors.begin(), m_errors.end(), leadsHere)) return {};
    std::string location = rule->uri;
    location.append(location.find('?') == std::string::npos ? "?" : "&").append("code=").append(std::to_string(status));
    location.append(kOriginalUri).append(encodedForQuery(path));
    // The query is encoded as it is: its reader takes it apart after decoding once.
    return location.append("&query_string=").append(query.size() > kMostQuoted ? std::string() : percentEncoded(query));
}

std::string redirectLocation(const RewriteRule &rule, std::string_view rest, std::string_view query) {
    const std::string_view target = rule.target;
    const std::size_t hash = std::min(target.find('#'), target.size());
    const std::size_t mark = std::min(target.substr(0, hash).find('?'), hash);
    std::string location(target.substr(0, mark));
    if (!rest.empty() && location.ends_with('/')) rest.remove_prefix(1);
    location.append(percentEncoded(rest, true)).append(target.substr(mark, hash - mark));
    if (!query.empty()) location.append(mark == hash ? "?" : "&").append(query);
    return location.append(target.substr(hash));
}

}  // namespace meerkat::files
