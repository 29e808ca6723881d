// The part of the server that asks who is there: password files for what the engine serves, mg_authorize_digest for what a handler does.
#include "http/url.h"
#include "server/rewriting.h"
#include "server/server.h"

#include <algorithm>
#include <optional>

namespace meerkat::server {

namespace {

constexpr std::size_t kLargestFile = access::PasswordFiles::kLargestFile;

// The cleaned path of a target; empty if it has none ("*"), nothing if it is no path.
std::optional<std::string> pathOf(const http::RequestHead &head) {
    const auto target = http::parseTarget(head.target, head.method == http::Method::Connect);
    if (!target) return std::nullopt;
    return target->path.empty() ? std::string() : http::cleanPath(target->path);
}

// The folder of a GET's or HEAD's target as it was sent, with its '/', where that alone tells which folder is meant: the last name is one
// that decoding and cleaning leave as it is. "" else.
std::string_view plainFolderOf(const http::RequestHead &head) {
    const bool isRead = head.method == http::Method::Get || head.method == http::Method::Head;
    const std::string_view path = head.target.substr(0, head.target.find('?'));
    if (!isRead || !path.starts_with('/')) return {};
    const std::size_t end = path.rfind('/') + 1;
    const std::string_view name = path.substr(end);
    const bool isPlain = name != "." && name != ".." && name.find('%') == std::string_view::npos;
    return isPlain ? path.substr(0, end) : std::string_view{};
}

// The login of the request under way, begun anew if that is another one.
Login &loginOf(Face &face) {
    const std::uint64_t request = face.http().status().requests;
    if (!face.login) face.login = std::make_unique<Login>();
    if (face.login->request != request) *face.login = Login{request, {}, {}, {}, 0};
    return *face.login;
}

// From its beginning, as long as it is a password file's.
std::optional<std::string> textOf(std::FILE *file) {
    std::rewind(file);
    std::string text;
    char part[16 * 1024];
    while (const std::size_t count = std::fread(part, 1, sizeof part, file)) {
        if (text.size() + count > kLargestFile) return std::nullopt;
        text.append(part, count);
    }
    if (std::ferror(file)) return std::nullopt;
    return text;
}

}  // namespace

// ---- asking ----

access::Authenticator &Server::authenticator() {
    if (!m_authenticator) m_authenticator = std::make_unique<access::Authenticator>(m_service.clock);
    return *m_authenticator;
}

void Server::checkCredentials(Face &face, const http::RequestHead &head, const access::PasswordList &passwords, bool takesBasic) {
    // The client's answer is for the address that it knows.
    const AsAsked asAsked(*this);
    Login &login = loginOf(face);
    const access::Credentials credentials{
        head, face.connection.peer(), m_settings.guard.realm, !login.user.empty(), login.wrong, takesBasic};
    login.latest = authenticator().check(credentials, passwords);
    if (login.latest.isWrong) {
        ++login.wrong;
        login.triedFor = login.latest.user;
    }
    if (login.latest.state == access::AuthState::Granted) {
        login.user = login.latest.user;
        login.wrong = 0;
    }
}

bool Server::isAuthorised(Face &face, std::FILE *file) {
    if (face.role != Role::Request || face.isClosed || !face.http().head()) return false;
    const http::RequestHead &head = *face.http().head();
    auto text = textOf(file);
    if (!text) return false;
    const auto answer = access::parseDigestAnswer(head.find("Authorization").value_or(""));
    const access::PasswordList passwords(std::move(*text), m_settings.guard.realm, answer ? answer->user : std::string());
    checkCredentials(face, head, passwords, false);
    return face.login->latest.state == access::AuthState::Granted;
}

// A 401 as the latest list wants it; where none was asked, as most files do.
void Server::askForPassword(http::HttpProtocol &http) {
    const Login &login = loginOf(m_program.faceOf(http.connection()));
    const access::AuthOutcome outcome = login.latest;
    if (outcome.state == access::AuthState::Mismatched) return http.refuse(400);
    if (outcome.state == access::AuthState::Slowed)
        return http.refuse(429, "Retry-After: " + std::to_string(outcome.waitSeconds) + "\r\n");
    http.refuse(401, authenticator().challenge(m_settings.guard.realm, outcome.kinds, outcome.isStale));
}

// ---- files ----

// False: it was refused, and is answered.
bool Server::letsPass(http::HttpProtocol &http, const http::RequestHead &head) {
    m_files.refreshRoot();
    // A folder that nothing guards is not asked about again in the same pass. One of another site may have the same name.
    const std::string_view folder = m_settings.files.site->number == 0 ? plainFolderOf(head) : std::string_view{};
    if (m_openPass == m_loop->pass() && !folder.empty() && folder == m_openFolder) return true;
    const auto path = pathOf(head);
    if (!path) {
        http.refuse(400);
        return false;
    }
    if (path->empty()) return true;
    const auto guarded = guardOf(guardedAs(head), *path);
    if (guarded.state == access::GuardState::Open) {
        if (folder.empty()) return true;
        m_openFolder = folder;
        m_openPass = m_loop->pass();
        return true;
    }
    return mayPass(http, head, *path, guarded);
}

bool Server::letsPass(http::HttpProtocol &http, const http::RequestHead &head, std::string_view where) {
    return mayPass(http, head, where, guardOf(guardedAs(head), where));
}

bool Server::showsAlike(const os::Root &root, std::string_view visited, std::string_view other) const {
    return m_guard.admitsAlike(root, visited, other);
}

access::GuardOutcome Server::guardOf(std::string_view method, std::string_view path) {
    auto guarded = guardOnce(method, path);
    for (int freed = 0; guarded.state == access::GuardState::NoDescriptors && freed < files::kMostFreed && freeDescriptor();
         ++freed) {
        m_guard.forget();
        guarded = guardOnce(method, path);
    }
    return guarded;
}

// A folder that a rewrite or a host leads to may lie below one of document_root that a password guards: that is no way around it.
access::GuardOutcome Server::guardOnce(std::string_view method, std::string_view path) {
    const files::Site &site = *m_settings.files.site;
    auto guarded = m_guard.check(site.root.get(), method, path, m_loop->pass());
    if (guarded.state != access::GuardState::Open || site.placeInMain.empty()) return guarded;
    return m_guard.check(m_settings.files.sites.main().root.get(), method, site.placeInMain, m_loop->pass());
}

// What changes files asks for a password of its own; what a script does with it is the script's, and is guarded as its folder is.
std::string_view Server::guardedAs(const http::RequestHead &head) {
    const bool isScripts = access::changesFiles(head.methodName) && scriptFor(head).state == os::OpenState::Opened;
    // With dav_auth_file a form is a change as any other.
    const bool isChange = isForm(head) && scriptFor(head).state != os::OpenState::Opened;
    return isScripts ? std::string_view("POST") : isChange ? std::string_view("PUT") : head.methodName;
}

// False: it was refused, and is answered.
bool Server::mayPass(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path,
                     const access::GuardOutcome &guarded) {
    // Nobody is asked for the password of what is there for nobody.
    if (m_settings.files.guard.hidesPath(path)) {
        http.refuse(404);
        return false;
    }
    switch (guarded.state) {
    case access::GuardState::Open:
        return true;
    case access::GuardState::Asked:
        return knowsPassword(http, head, *guarded.passwords);
    case access::GuardState::Refused:
        http.refuse(405, allowedFields());
        return false;
    case access::GuardState::Unreadable:
        http.refuse(403);
        return false;
    case access::GuardState::NoDescriptors:
        http.refuse(503, "Retry-After: 1\r\n");
        return false;
    }
    return false;
}

bool Server::knowsPassword(http::HttpProtocol &http, const http::RequestHead &head, const access::PasswordList &passwords) {
    Face &face = m_program.faceOf(http.connection());
    checkCredentials(face, head, passwords, http.connection().isTls());
    if (face.login->latest.state == access::AuthState::Granted) return true;
    askForPassword(http);
    return false;
}

// ---- telling ----

std::string Server::userOf(const net::Connection &connection) const {
    const Face *face = Face::find(connection);
    if (!face || !face->login || face->role != Role::Request) return {};
    return face->login->request == connection.protocol()->status().requests ? face->login->user : std::string();
}

}  // namespace meerkat::server
