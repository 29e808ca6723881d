#include "scripts/request_variables.h"

#include "base/text.h"
#include "http/url.h"

#include <algorithm>
#include <set>

namespace meerkat::scripts {

namespace {

bool isPassedOn(std::string_view fieldName) {
    for (const std::string_view kept : {"Authorization", "Proxy-Authorization", "Proxy", "Transfer-Encoding"})
        if (equalsIgnoringCase(fieldName, kept)) return false;
    const auto isPlain = [](char c) {
        const char lower = lowerAscii(c);
        return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    return std::all_of(fieldName.begin(), fieldName.end(), isPlain);
}

// "X-Forwarded-For" -> "HTTP_X_FORWARDED_FOR".
std::string variableOf(std::string_view fieldName) {
    std::string name = "HTTP_";
    for (const char c : fieldName) name.push_back(c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    return name;
}

std::string_view withoutPort(std::string_view host) {
    const std::size_t colon = host.rfind(':');
    return colon == std::string_view::npos || host.find(']', colon) != std::string_view::npos ? host : host.substr(0, colon);
}

void addFields(const http::RequestHead &head, RequestVariables &variables) {
    for (const auto &field : head.headers()) {
        if (!isPassedOn(field.name)) continue;
        const auto [place, isNew] = variables.emplace(variableOf(field.name), field.value);
        // RFC 9110 section 5.2, and RFC 6265 section 5.4 for the one that is no list.
        if (!isNew) place->second.append(equalsIgnoringCase(field.name, "Cookie") ? "; " : ", ").append(field.value);
    }
}

// As a proxy would have sent it on: without scheme and host.
std::string uriOf(std::string_view asked) {
    const auto target = http::parseTarget(asked, false);
    if (!target || target->form != http::TargetForm::Absolute) return std::string(asked);
    std::string uri(target->path);
    if (target->hasQuery) uri.append("?").append(target->query);
    return uri;
}

}  // namespace

RequestVariables requestVariables(const RequestFacts &facts) {
    const http::RequestHead &head = facts.head;
    const std::string_view asked = facts.asked.empty() ? head.target : facts.asked;
    const std::size_t mark = asked.find('?');
    RequestVariables variables{
        {"HTTPS", facts.isTls ? "on" : "off"},
        {"QUERY_STRING", std::string(mark == std::string_view::npos ? std::string_view{} : asked.substr(mark + 1))},
        {"REMOTE_ADDR", os::ipText(facts.client)},
        {"REMOTE_PORT", std::to_string(facts.client.port)},
        {"REQUEST_METHOD", std::string(head.methodName)},
        {"REQUEST_URI", uriOf(asked)},
        {"SERVER_NAME", head.host.empty() ? os::ipText(facts.server) : std::string(withoutPort(head.host))},
        {"SERVER_PORT", std::to_string(facts.server.port)},
        {"SERVER_PROTOCOL", head.minorVersion == 0 ? "HTTP/1.0" : "HTTP/1.1"},
        {"SERVER_SOFTWARE", "Meerkat"},
    };
    if (!facts.user.empty()) {
        variables["AUTH_TYPE"] = startsWithIgnoringCase(head.find("Authorization").value_or(""), "Basic ") ? "Basic" : "Digest";
        variables["REMOTE_USER"] = facts.user;
    }
    if (const auto type = head.find("Content-Type")) variables["CONTENT_TYPE"] = *type;
    addFields(head, variables);
    return variables;
}

RequestVariables scriptVariables(RequestVariables request, const ScriptPlace &place) {
    request["DOCUMENT_ROOT"] = request["SERVER_ROOT"] = place.root;
    request["GATEWAY_INTERFACE"] = "CGI/1.1";
    // php-cgi runs nothing without it.
    request["REDIRECT_STATUS"] = "200";
    request["SCRIPT_FILENAME"] = place.file;
    request["SCRIPT_NAME"] = place.name;
    request["PATH_TRANSLATED"] = place.pathInfo.empty() ? place.file : place.root + place.pathInfo;
    if (!place.pathInfo.empty()) request["PATH_INFO"] = place.pathInfo;
    if (place.contentLength) request["CONTENT_LENGTH"] = std::to_string(*place.contentLength);
    return request;
}

std::vector<std::string> environmentOf(const RequestVariables &variables, std::vector<std::string> inherited) {
    std::set<std::string, std::less<>> known;
    for (const std::string &line : inherited) known.insert(line.substr(0, line.find('=')));
    for (const auto &[name, value] : variables) {
        const bool isSayable =
            !name.empty() && name.find('=') == std::string::npos && (name + value).find('\0') == std::string::npos;
        if (isSayable && !known.contains(name)) inherited.push_back(name + "=" + value);
    }
    return inherited;
}

}  // namespace meerkat::scripts
