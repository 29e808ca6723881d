// The part of the server about who may change something in the folder: not pages of other sites, and without dav_auth_file only what the option upload
// says.
#include "base/text.h"
#include "dav/headers.h"
#include "files/folder_json.h"
#include "http/url.h"
#include "server/rewriting.h"
#include "server/server.h"

#include <algorithm>

namespace meerkat::server {

namespace {

constexpr std::string_view kFromElsewhere = "A page of another site asked for this change. It was not made.";
constexpr std::string_view kOnlyNew = "Things may be added here, but nothing that is there may be changed.";
constexpr std::string_view kNoScripts = "Files of this kind are programs here, and can't be put here by visitors.";

std::size_t countOf(const http::RequestHead &head, std::string_view name) {
    const auto isOfName = [name](const http::HeaderField &field) { return equalsIgnoringCase(field.name, name); };
    return static_cast<std::size_t>(std::count_if(head.headers().begin(), head.headers().end(), isOfName));
}

// A port that goes without saying is left out.
std::string_view withoutPort(std::string_view host, std::string_view port) {
    return host.ends_with(port) ? host.substr(0, host.size() - port.size()) : host;
}

// `isVouchedFor`: the browser says that the page is of this site. Where somebody decrypts in front of us the scheme is not ours.
bool isOwn(std::string_view origin, std::string_view host, bool isTls, bool isVouchedFor) {
    const bool isSecure = startsWithIgnoringCase(origin, "https://");
    if (!isSecure && !startsWithIgnoringCase(origin, "http://")) return false;
    if (isSecure != isTls && !(isSecure && isVouchedFor)) return false;
    const std::string_view theirs = origin.substr(isSecure ? 8 : 7);
    const std::string_view usual = isSecure ? ":443" : ":80";
    return !host.empty() && equalsIgnoringCase(withoutPort(theirs, usual), withoutPort(host, usual));
}

}  // namespace

// A browser lets any page send a form, and knows the visitor's password (Fetch standard, Fetch Metadata). Programs that are no browser say neither.
bool Server::comesFromElsewhere(const http::HttpProtocol &http, const http::RequestHead &head) const {
    if (countOf(head, "Origin") > 1 || countOf(head, "Sec-Fetch-Site") > 1) return true;
    const auto origin = head.find("Origin");
    if (origin && m_settings.files.fields.crossOrigin.names(*origin)) return false;
    const auto site = head.find("Sec-Fetch-Site");
    if (site && *site != "same-origin" && *site != "none") return true;
    return origin && !isOwn(*origin, head.host, http.connection().isTls(), site == "same-origin");
}

// False: it was refused, and is answered.
bool Server::isOfThisSite(http::HttpProtocol &http, const http::RequestHead &head) {
    if (!comesFromElsewhere(http, head)) return true;
    refuseSaying(http, 403, kFromElsewhere);
    return false;
}

void Server::refuseSaying(http::HttpProtocol &http, int status, std::string_view sentence, std::string_view fields) {
    m_sentence = sentence;
    http.refuse(status, fields);
    m_sentence = {};
}

// What lies behind a link is guarded by the password of where it is. False: it was refused, and is answered.
bool Server::mayChangeIn(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path) {
    if (!m_settings.guard.davFile.empty()) return true;
    while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    const auto folder = m_settings.files.root->lookBelow(files::relativePath(path.substr(0, path.rfind('/') + 1)));
    const std::string where = folder.where == "/" ? folder.where : folder.where + "/";
    return folder.where.empty() || mayPass(http, head, where, guardOf(head.methodName, where));
}

// Whether visitors may give something that name: not what this server would run.
bool Server::isScriptsName(std::string_view path) const {
    const std::string_view relative = files::relativePath(path);
    const std::string inside = std::string(relative) + "/x";
    return m_scripts.takes(m_settings.files.rootPath, relative) || m_scripts.takes(m_settings.files.rootPath, inside);
}

// What `upload` lets visitors do by WebDAV's methods. False: it was refused, and is answered.
bool Server::letsVisitorChange(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path) {
    const std::string_view method = head.methodName;
    if (!m_settings.guard.davFile.empty() || !access::changesFiles(method)) return true;
    const auto refuse = [&](int status, std::string_view sentence) {
        refuseSaying(http, status, sentence, status == 405 ? allowedFields() : "");
        return false;
    };
    const bool isTaking = method == "MOVE" || method == "DELETE";
    if (m_settings.files.uploadsHere() == files::Uploads::No || (!isTaking && method != "MKCOL")) return refuse(405, {});
    if (isTaking && m_settings.files.uploads != files::Uploads::Replace) return refuse(409, kOnlyNew);
    if (!mayChangeIn(http, head, path)) return false;
    if (method == "MKCOL" && isScriptsName(path)) return refuse(403, kNoScripts);
    if (method != "MOVE") return true;
    const auto destination = dav::destinationOf(head);
    // What is wrong with it is told by who moves.
    if (destination.status != 0) return true;
    if (isScriptsName(destination.path)) return refuse(403, kNoScripts);
    return mayPass(http, head, destination.path, guardOf("MOVE", destination.path)) && mayChangeIn(http, head, destination.path);
}

// The same for a file that is put. False: it was refused, and is answered.
bool Server::letsVisitorPut(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path) {
    if (!m_settings.guard.davFile.empty()) return true;
    if (m_settings.files.uploadsHere() == files::Uploads::No) {
        http.refuse(405, allowedFields());
        return false;
    }
    if (isScriptsName(path)) {
        refuseSaying(http, 403, kNoScripts);
        return false;
    }
    return mayChangeIn(http, head, path);
}

}  // namespace meerkat::server
