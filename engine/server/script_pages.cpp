#include "server/script_pages.h"

#include "base/encodings.h"
#include "base/pattern.h"
#include "base/text.h"
#include "http/http_protocol.h"
#include "http/url.h"

#include <algorithm>

namespace meerkat::server {

namespace {

// "X-Forwarded-For" -> "HTTP_X_FORWARDED_FOR". Nothing for those that hold secrets or would be taken for another variable (Proxy).
std::string variableOf(std::string_view fieldName) {
    for (const std::string_view kept : {"Authorization", "Proxy-Authorization", "Proxy"})
        if (equalsIgnoringCase(fieldName, kept)) return {};
    std::string name = "HTTP_";
    for (const char c : fieldName) name.push_back(c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    return name;
}

std::string_view withoutPort(std::string_view host) {
    const std::size_t colon = host.rfind(':');
    return colon == std::string_view::npos || host.find(']', colon) != std::string_view::npos ? host : host.substr(0, colon);
}

// `asked`: the target as the client sent it, where a rewrite made another of it.
scripts::SsiRequest variablesOf(http::HttpProtocol &http, const http::RequestHead &head, std::string_view asked) {
    const std::string_view target = asked.empty() ? head.target : asked;
    const std::size_t mark = target.find('?');
    const std::string query(mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1));
    const os::Endpoint &peer = http.connection().peer();
    scripts::SsiRequest variables{
        {"QUERY_STRING", query},
        {"QUERY_STRING_UNESCAPED", percentDecoded(query).value_or(query)},
        {"REMOTE_ADDR", os::ipText(peer)},
        {"REMOTE_PORT", std::to_string(peer.port)},
        {"REQUEST_METHOD", std::string(head.methodName)},
        {"REQUEST_URI", std::string(target)},
        {"SERVER_NAME", std::string(withoutPort(head.host))},
        {"SERVER_PORT", std::to_string(http.connection().local().port)},
        {"SERVER_PROTOCOL", head.minorVersion == 0 ? "HTTP/1.0" : "HTTP/1.1"},
        {"SERVER_SOFTWARE", "Meerkat"},
    };
    for (const auto &field : head.headers()) {
        const std::string name = variableOf(field.name);
        if (!name.empty()) variables.emplace(name, field.value);
    }
    return variables;
}

}  // namespace

bool ScriptPages::takes(std::string_view relative) const {
    if (m_pattern.empty()) return false;
    std::string path = m_files.rootPath;
    if (!path.ends_with('/')) path.push_back('/');
    return matchPattern(m_pattern, path.append(relative)) >= 0;
}

// What the page holds depends on more than its file: no validator could be true, and none is given.
void ScriptPages::serve(http::HttpProtocol &http, const http::RequestHead &head, std::string_view relative,
                        os::OpenOutcome opened) {
    const std::string path = m_page = "/" + std::string(relative);
    const scripts::SsiRequest variables = variablesOf(http, head, m_files.asked);
    scripts::SsiPage page(*this, variables, http.service().loop.wallSeconds());
    const scripts::SsiOutcome outcome = page.make(path, opened.file, opened.info);
    if (outcome.state != scripts::SsiState::Made) return http.refuse(500);
    const std::string_view type = m_files.types.typeOf(path.substr(path.rfind('/') + 1));
    http.sendWhole(200, "Content-Type: " + std::string(type) + "\r\nCache-Control: no-cache\r\n", outcome.text);
}

os::OpenOutcome ScriptPages::open(std::string_view path) {
    if (!m_files.root || !mayShow(path)) return {os::OpenState::NotFound};
    auto opened = m_files.root->openBelow(files::relativePath(path));
    if (!opened.where.empty() && !mayShow(opened.where)) return {os::OpenState::NotFound};
    return opened;
}

bool ScriptPages::mayShow(std::string_view path) const {
    return !m_files.guard.hidesPath(path) && m_guard.admitsAlike(*m_files.root, m_page, path);
}

}  // namespace meerkat::server
