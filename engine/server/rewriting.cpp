#include "server/rewriting.h"

#include "base/encodings.h"
#include "http/url.h"

namespace meerkat::server {

namespace {

// Of a path that a rule leads elsewhere things can be had, and programs be asked; but for what a script does, it can't be changed from here.
bool isReading(http::Method method) {
    using http::Method;
    return method == Method::Get || method == Method::Head || method == Method::Options || method == Method::Post;
}

}  // namespace

Server::Serving::Serving(Server &server, const http::RequestHead &head) : m_server(server), m_head(head) {
    if (!server.m_hasRules) return;
    files().asked = head.target;
    if (!files().fields.isEmpty()) server.m_service.added = this;
}

bool Server::Serving::begin(http::HttpProtocol &http) {
    m_http = &http;
    m_lines = m_server.m_program.linesFor(http);
    if (!m_lines.empty()) m_server.m_service.added = this;
    return leads();
}

Server::Serving::~Serving() {
    if (m_server.m_service.added == this) m_server.m_service.added = nullptr;
    files::FileSettings &settings = files();
    if (settings.asked.empty()) return;
    // The options may have been changed meanwhile, by a handler of errors.
    if (settings.site != &settings.sites.main()) settings.use(settings.sites.main());
    m_server.m_service.head.target = settings.asked;
    settings.asked = {};
    settings.mount.clear();
}

void Server::Serving::appendForPath(std::string &out) const {
    const std::string_view asked = files().asked;
    if (asked.empty()) return;
    const auto path = http::cleanPath(asked.substr(0, asked.find('?')));
    files().fields.appendForPath(out, path ? *path : std::string_view("/"));
}

void Server::Serving::appendForClient(std::string &out) const {
    out.append(m_lines);
    files().fields.crossOrigin.appendForOrigin(out, m_head.find("Origin"));
}

bool Server::Serving::leads() {
    if (!m_server.m_hasRules) return true;
    if (answersPreflight()) return false;
    files::FileSettings &settings = files();
    const files::Rewrites &rewrites = settings.sites.rewrites();
    if (rewrites.isEmpty()) return true;
    if (const auto host = rewrites.hostOf(m_head.host)) settings.use(settings.sites.ofHost(*host));
    const auto target = http::parseTarget(m_head.target, m_head.method == http::Method::Connect);
    const auto path = target ? http::cleanPath(target->path) : std::nullopt;
    // A target that is wrong, or "*", is the next one's to judge.
    const auto match = path ? rewrites.match(*path) : std::nullopt;
    return !match || follow(*match, target->query, target->hasQuery);
}

// A browser asks without the visitor's password, and so it is answered.
bool Server::Serving::answersPreflight() {
    const files::CrossOrigin &crossOrigin = files().fields.crossOrigin;
    if (!crossOrigin.isSet() || !files::isPreflight(m_head) || !crossOrigin.admits(*m_head.find("Origin"))) return false;
    const std::string_view names = m_head.find("Access-Control-Request-Headers").value_or("");
    if (m_http) m_http->sendWhole(204, crossOrigin.preflightFields(m_server.allowedMethods(), names), {});
    return true;
}

void Server::Serving::redirect(int status, const std::string &location) {
    if (m_http) m_http->sendWhole(status, "Location: " + location + "\r\n", {});
}

// False: it was answered.
bool Server::Serving::follow(const files::RuleMatch &match, std::string_view query, bool hasQuery) {
    files::FileSettings &settings = files();
    const files::RewriteRule &rule = settings.sites.rewrites().rules()[match.rule];
    if (rule.status != 0) {
        redirect(rule.status, files::redirectLocation(rule, match.rest, query));
        return false;
    }
    if (!isReading(m_head.method) && !m_server.isForScripts(m_head)) {
        if (m_http) m_http->refuse(405, files::kAllowedFields);
        return false;
    }
    files::Site &site = settings.sites.ofRule(match.rule);
    std::string path = std::string(match.rest);
    if (!site.onlyFile.empty()) path.insert(0, "/" + site.onlyFile);
    const std::string end = hasQuery ? "?" + std::string(query) : std::string();
    if (path.empty()) {
        redirect(301, percentEncoded(match.matched, true) + "/" + end);
        return false;
    }
    // The folder's name in the way back to document_root is the one that visitors know.
    const std::string title = settings.title;
    settings.use(site);
    settings.title = title;
    settings.mount = match.matched;
    m_target = percentEncoded(path, true) + end;
    m_server.m_service.head.target = m_target;
    return true;
}

// As the Allow field has them.
std::string Server::allowedMethods() const {
    const std::string_view line = allowedFields();
    return std::string(line.substr(line.find(' ') + 1, line.find('\r') - line.find(' ') - 1));
}

// An error may have a page of its own.
bool Server::isSentOn(http::HttpProtocol &http, int status) {
    const http::RequestHead *head = http.head();
    if (!m_hasRules || !head || http.connection().isPlainOnTls()) return false;
    const std::string_view asked = m_settings.files.asked.empty() ? head->target : m_settings.files.asked;
    const std::string location = m_settings.files.sites.rewrites().errorLocation(status, asked);
    if (location.empty()) return false;
    http.sendWhole(302, "Location: " + location + "\r\n", {});
    return true;
}

}  // namespace meerkat::server
