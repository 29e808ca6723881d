#include "access/digest.h"

#include "base/encodings.h"
#include "base/text.h"
#include "http/header_parameters.h"
#include "http/url.h"

#include <algorithm>
#include <vector>

namespace meerkat::access {

namespace {

using Parameters = std::vector<http::HeaderParameter>;

constexpr std::size_t kCountDigits = 8;

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result.push_back('\\');
        result.push_back(c);
    }
    return result + "\"";
}

void appendChallenge(std::string &fields, std::string_view algorithm, std::string_view realm, std::string_view nonce,
                     bool isStale) {
    fields.append("WWW-Authenticate: Digest realm=").append(quoted(realm)).append(", qop=\"auth\", algorithm=").append(algorithm);
    fields.append(", nonce=").append(quoted(nonce)).append(isStale ? ", stale=true" : "").append(", charset=UTF-8\r\n");
}

const http::HeaderParameter *find(const Parameters &parameters, std::string_view name) {
    const auto isIt = [&](const http::HeaderParameter &parameter) { return equalsIgnoringCase(parameter.name, name); };
    const auto found = std::find_if(parameters.begin(), parameters.end(), isIt);
    return found == parameters.end() ? nullptr : &*found;
}

bool take(const Parameters &parameters, std::string_view name, std::string &to) {
    const auto *found = find(parameters, name);
    if (found) to = http::unescaped(*found);
    return found != nullptr;
}

// "UTF-8'language'percent-encoded" (RFC 8187 section 3.2.1).
std::optional<std::string> extendedValue(std::string_view text) {
    const std::size_t charsetEnd = text.find('\'');
    if (charsetEnd == std::string_view::npos || !equalsIgnoringCase(text.substr(0, charsetEnd), "UTF-8")) return std::nullopt;
    const std::size_t languageEnd = text.find('\'', charsetEnd + 1);
    if (languageEnd == std::string_view::npos) return std::nullopt;
    return percentDecoded(text.substr(languageEnd + 1));
}

bool takeUser(const Parameters &parameters, std::string &user) {
    const auto *extended = find(parameters, "username*");
    const bool isPlain = take(parameters, "username", user);
    if (!extended || isPlain) return isPlain && !extended;
    const auto decoded = extended->isQuoted ? std::nullopt : extendedValue(extended->value);
    user = decoded.value_or("");
    return decoded.has_value();
}

bool isHex(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::string lowered(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), lowerAscii);
    return text;
}

bool takeKind(const Parameters &parameters, HashKind &kind) {
    std::string name = "MD5";
    take(parameters, "algorithm", name);
    kind = equalsIgnoringCase(name, "SHA-256") ? HashKind::Sha256 : HashKind::Md5;
    return kind == HashKind::Sha256 || equalsIgnoringCase(name, "MD5");
}

bool takeCount(const Parameters &parameters, DigestAnswer &answer) {
    if (!take(parameters, "nc", answer.countText) || answer.countText.size() != kCountDigits) return false;
    const std::string digits = lowered(answer.countText);
    if (!isHex(digits)) return false;
    answer.count = static_cast<std::uint32_t>(std::stoul(digits, nullptr, 16));
    return answer.count > 0;
}

bool asksForUserHash(const Parameters &parameters) {
    std::string value;
    return take(parameters, "userhash", value) && !equalsIgnoringCase(value, "false");
}

}  // namespace

std::string challengeFields(std::string_view realm, std::string_view nonce, HashKinds kinds, bool isStale) {
    std::string fields;
    if (kinds.sha256) appendChallenge(fields, "SHA-256", realm, nonce, isStale);
    if (kinds.md5 || !kinds.sha256) appendChallenge(fields, "MD5", realm, nonce, isStale);
    return fields;
}

std::optional<DigestAnswer> parseDigestAnswer(std::string_view field) {
    constexpr std::string_view kScheme = "Digest ";
    if (!startsWithIgnoringCase(field, kScheme)) return std::nullopt;
    const auto parameters = http::parseAuthParameters(field.substr(kScheme.size()));
    DigestAnswer answer;
    if (!parameters || asksForUserHash(*parameters) || !takeKind(*parameters, answer.kind)) return std::nullopt;
    const bool isWhole = takeUser(*parameters, answer.user) && take(*parameters, "realm", answer.realm) &&
                         take(*parameters, "nonce", answer.nonce) && take(*parameters, "uri", answer.uri) &&
                         take(*parameters, "cnonce", answer.cnonce) && take(*parameters, "qop", answer.qop) &&
                         take(*parameters, "response", answer.response) && takeCount(*parameters, answer);
    if (!isWhole || !equalsIgnoringCase(answer.qop, "auth") || answer.user.find('\0') != std::string::npos) return std::nullopt;
    answer.response = lowered(std::move(answer.response));
    if (answer.response.size() != hexLength(answer.kind) || !isHex(answer.response)) return std::nullopt;
    return answer;
}

// RFC 7616 section 3.4.1, for qop=auth.
std::string expectedResponse(const DigestAnswer &answer, std::string_view passwordHash, std::string_view method) {
    const std::string request = hashHex(answer.kind, {method, ":", answer.uri});
    return hashHex(answer.kind,
                   {passwordHash, ":", answer.nonce, ":", answer.countText, ":", answer.cnonce, ":", answer.qop, ":", request});
}

bool isUriOf(std::string_view uri, const http::RequestHead &head) {
    if (uri == head.target) return true;
    const bool isConnect = head.method == http::Method::Connect;
    const auto told = http::parseTarget(uri, isConnect);
    const auto asked = http::parseTarget(head.target, isConnect);
    if (!told || !asked || told->path.empty() || told->path != asked->path) return false;
    if (told->hasQuery != asked->hasQuery || told->query != asked->query) return false;
    return told->authority.empty() || equalsIgnoringCase(told->authority, head.host);
}

}  // namespace meerkat::access
