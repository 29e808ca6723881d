// The part of the server about WebDAV: which requests it gets, what it may know of the rest, and what clients are told that they may do.
#include "dav/methods.h"
#include "http/url.h"
#include "server/rewriting.h"
#include "server/server.h"

namespace meerkat::server {

namespace {

// A body up to this length is read before its sender is asked who he is: a connection outlives that.
constexpr std::uint64_t kReadBeforeAsking = 64 * 1024;
constexpr std::string_view kPasswordFile = "/.htpasswd";
// Pictures and styles of the folder page come from there.
constexpr std::string_view kOwnFolder = "/.meerkat";
constexpr std::string_view kReadFields = "Allow: GET, HEAD, OPTIONS, PROPFIND\r\n";
constexpr std::string_view kNewFields = "Allow: GET, HEAD, POST, OPTIONS, PROPFIND, PUT, MKCOL\r\n";
constexpr std::string_view kReplaceFields = "Allow: GET, HEAD, POST, OPTIONS, PROPFIND, PUT, DELETE, MKCOL, MOVE\r\n";
constexpr std::string_view kWriteFields =
    "Allow: GET, HEAD, OPTIONS, PROPFIND, PROPPATCH, PUT, DELETE, MKCOL, COPY, MOVE, LOCK, UNLOCK\r\n";

}  // namespace

// ---- dav::Share ----

bool Server::hides(std::string_view path) const {
    if (path.starts_with(kOwnFolder) && (path.size() == kOwnFolder.size() || path[kOwnFolder.size()] == '/')) return true;
    return m_settings.files.guard.hidesPath(path);
}

bool Server::isGuardedApart(const os::Root &root, const std::string &folder) const {
    return m_settings.guard.globalFile.empty() && root.hasName(folder + std::string(kPasswordFile));
}

std::string_view Server::allowedFields() const {
    if (!m_settings.files.root) return files::kAllowedFields;
    if (isWritable()) return kWriteFields;
    const auto uploads = m_settings.files.uploadsHere();
    return uploads == files::Uploads::Replace ? kReplaceFields : uploads == files::Uploads::New ? kNewFields : kReadFields;
}

// An answer that comes when the request's own callbacks are over leaves nothing of it shown.
bool Server::isAnsweredByProgram(http::HttpProtocol &http, int status) {
    {
        const AsAsked asAsked(*this);
        if (m_program.onError(http, status)) return true;
    }
    if (http.isLate()) m_program.endRequest(http);
    return false;
}

// ---- requests ----

// Windows writes only where MS-Author-Via is there. Class 1 alone is what can be mounted to be read.
void Server::sendOptions(http::HttpProtocol &http) {
    std::string fields(allowedFields());
    if (m_settings.files.root) fields += isWritable() ? "DAV: 1, 2, 3\r\nMS-Author-Via: DAV\r\n" : "DAV: 1\r\n";
    http.sendWhole(200, fields, {});
}

// A body of XML is kept in memory. A long one, or one that waits to be asked for, only from who may.
http::BodyDecision Server::bodyForDav(http::HttpProtocol &http, const http::RequestHead &head) {
    if (!m_settings.files.root || !dav::isDavMethod(head)) return {};
    const bool isAskedFirst = head.contentLength > kReadBeforeAsking || head.expectsContinue;
    if (isAskedFirst && (!http.connection().isOpen() || !letsPass(http, head))) return {};
    return {http::BodyPlan::Buffer, dav::kMostBodyBytes, {}, false};
}

// Whoever may write may not for that see what is guarded by another password. A copy shows its source, and so does a move.
bool Server::mayReadSource(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path) {
    const bool isTaken = head.methodName == "COPY" || head.methodName == "MOVE";
    if (!isTaken && head.methodName != "PROPFIND") return true;
    if (isTaken && !mayPass(http, head, path, guardOf("PROPFIND", path))) return false;
    const auto found = m_settings.files.root->lookBelow(files::relativePath(path));
    return found.where.empty() || mayPass(http, head, found.where, guardOf("PROPFIND", found.where));
}

void Server::serveDav(http::HttpProtocol &http, const http::RequestHead &head, std::string_view body) {
    const auto target = http::parseTarget(head.target, false);
    const auto path = target ? http::cleanPath(target->path) : std::nullopt;
    if (!path) return http.refuse(400);
    if (!m_settings.files.root) return http.refuse(404);
    // What a rewrite or a host leads to is another folder, which locks and properties know nothing of.
    if (m_settings.files.site->number != 0) return http.refuse(405, files::kAllowedFields);
    if (!letsVisitorChange(http, head, *path) || !mayReadSource(http, head, *path)) return;
    m_dav.serve(http, head, *path, body);
}

// False: it was refused, and is answered.
bool Server::holdsIf(http::HttpProtocol &http, const http::RequestHead &head) {
    if (!head.hasConditions || !head.find("If")) return true;
    const auto target = http::parseTarget(head.target, false);
    const auto path = target ? http::cleanPath(target->path) : std::nullopt;
    return !path || m_dav.letsRead(http, head, *path);
}

}  // namespace meerkat::server
