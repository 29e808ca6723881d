#include "files/static_files.h"

#include "base/encodings.h"
#include "files/folder_answers.h"
#include "files/folder_page.h"
#include "http/conditions.h"
#include "http/url.h"

#include <algorithm>

namespace meerkat::files {

void StaticFiles::serve(http::HttpProtocol &http, const http::RequestHead &head) {
    if (head.method != http::Method::Get && head.method != http::Method::Head) {
        return head.method == http::Method::Other ? http.refuse(501) : http.refuse(405, m_owner.allowedFields());
    }
    refreshRoot();
    if (m_settings.site->isGone) return http.refuse(503);
    for (int freed = 0;; ++freed) {
        serveRead(http, head);
        if (!m_answers.lacksDescriptor()) return;
        // Who waits between two requests can come again; who has asked for something is to get it.
        if (freed == kMostFreed || !m_owner.freeDescriptor()) return http.refuse(503, "Retry-After: 1\r\n");
    }
}

// GET or HEAD.
void StaticFiles::serveRead(http::HttpProtocol &http, const http::RequestHead &head) {
    if (!m_answers.sendReady(http, head, head.target.substr(0, head.target.find('?')))) servePath(http, head);
}

void StaticFiles::refreshRoot() {
    Sites &sites = m_settings.sites;
    Site &site = *m_settings.site;
    const std::int64_t now = m_loop.wallSeconds();
    if (site.checkedSecond == now && sites.main().checkedSecond == now) return;
    const bool isOther = sites.follow(site, now);
    // Passwords below document_root count for the others too.
    const bool isMainOther = &site != &sites.main() && sites.follow(sites.main(), now);
    if (!isOther && !isMainOther) return;
    m_settings.root = site.root.get();
    m_answers.forgetCached();
}

// False: it was refused, and is answered.
bool StaticFiles::letsPass(http::HttpProtocol &http, const http::RequestHead &head, const os::OpenOutcome &opened) {
    if (opened.where.empty()) return true;
    const bool isFolder = opened.info.kind == os::FileKind::Folder && opened.where != "/";
    return m_owner.letsPass(http, head, isFolder ? opened.where + "/" : opened.where);
}

void StaticFiles::servePath(http::HttpProtocol &http, const http::RequestHead &head) {
    const auto target = http::parseTarget(head.target, false);
    if (!target || target->form == http::TargetForm::Asterisk || target->form == http::TargetForm::Authority)
        return http.refuse(400);
    auto path = http::cleanPath(target->path.empty() ? "/" : target->path);
    if (!path) return http.refuse(400);
    if (!m_settings.root || m_settings.guard.hidesPath(*path)) return http.refuse(404);
    if (serveAsset(http, head, *path)) return;
    // The absolute form is not a key: a proxy's request is rare, and its host would have to be compared.
    const std::string_view key = target->form == http::TargetForm::Origin ? target->path : std::string_view{};
    const Lookup lookup{key, std::move(*path), target->query, target->hasQuery};
    if (redirectsToClean(http, lookup)) return;
    auto opened = m_settings.root->openBelow(relativePath(lookup.path));
    const bool isFile = opened.info.kind != os::FileKind::Folder;
    const bool isOpened = opened.state == os::OpenState::Opened;
    const bool isAbsent = opened.state == os::OpenState::NotFound || (isOpened && isFile && lookup.asksFolder());
    // One that may be run need not be readable.
    const bool mayBeScript = isAbsent || opened.state == os::OpenState::Refused;
    if (mayBeScript && serveScript(http, head, lookup.path)) return;
    if (isAbsent) return serveOtherwise(http, head, lookup);
    if (!isOpened) return m_answers.refuseUnopened(http, opened.state);
    if (!letsPass(http, head, opened)) return;
    if (isFile) return serveFile(http, head, lookup, std::string(relativePath(lookup.path)), std::move(opened), {});
    lookup.asksFolder() ? serveFolder(http, head, lookup, opened.file) : redirectTo(http, lookup, lookup.path + "/");
}

bool StaticFiles::serveAsset(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path) {
    const Asset *asset = path.starts_with("/.meerkat/") ? findAsset(path) : nullptr;
    if (!asset) return false;
    const std::string etag = codedTag(asset->etag, m_answers.codingOfText(head, asset->body.size()));
    const auto outcome = http::evaluateConditions(head, {etag, 0, true}, m_loop.wallSeconds());
    const std::string fields = "ETag: " + etag + "\r\nCache-Control: no-cache\r\n";
    if (outcome.result == http::ConditionResult::NotModified)
        http.sendWhole(304, fields, {});
    else if (outcome.result == http::ConditionResult::PreconditionFailed)
        http.refuse(412);
    else
        m_answers.sendText(http, head, "Content-Type: " + std::string(asset->type) + "\r\n" + fields, asset->body);
    return true;
}

void StaticFiles::serveFile(http::HttpProtocol &http, const http::RequestHead &head, const Lookup &lookup, std::string relative,
                            os::OpenOutcome opened, std::vector<std::string> absent) {
    if (opened.info.kind != os::FileKind::Regular) return http.refuse(403);
    const std::string_view root = m_settings.rootPath;
    const bool isTaken =
        m_taker.takes(root, relative) || (!opened.where.empty() && m_taker.takes(root, relativePath(opened.where)));
    if (isTaken) return m_taker.serve(http, head, {std::move(relative), {}, std::move(opened)});
    m_answers.send(http, head, lookup.encodedPath, std::move(relative), std::move(opened), std::move(absent));
}

// `path` of the site.
void StaticFiles::redirectTo(http::HttpProtocol &http, const Lookup &lookup, std::string_view path) {
    std::string location = percentEncoded(m_settings.clientPath(path), true);
    if (lookup.hasQuery) location.append("?").append(lookup.query);
    http.sendWhole(301, "Location: " + location + "\r\n", {});
}

// ---- folders ----

void StaticFiles::serveFolder(http::HttpProtocol &http, const http::RequestHead &head, const Lookup &lookup,
                              const os::File &folder) {
    const std::string base = lookup.path.substr(1);
    std::vector<std::string> absent;
    for (const auto &name : m_settings.indexFiles) {
        if (m_settings.guard.hidesName(name)) continue;
        std::string relative = base + name;
        auto opened = m_settings.root->openBelow(relative);
        if (opened.state == os::OpenState::NoDescriptors) return m_answers.refuseUnopened(http, opened.state);
        const bool isFile = opened.state == os::OpenState::Opened && opened.info.kind == os::FileKind::Regular;
        if (isFile && !letsPass(http, head, opened)) return;
        if (isFile) return serveFile(http, head, lookup, std::move(relative), std::move(opened), std::move(absent));
        absent.push_back(std::move(relative));
    }
    if (!m_settings.listsFolders) return http.refuse(403);
    listFolder(http, head, lookup, folder);
}

void StaticFiles::listFolder(http::HttpProtocol &http, const http::RequestHead &head, const Lookup &lookup,
                             const os::File &folder) {
    const auto state = FolderAnswers(m_loop, m_settings, m_taker, m_owner, m_answers, m_checksums)
                           .answer(http, head, {lookup.path, lookup.query, folder});
    if (state == os::OpenState::NoDescriptors || state == os::OpenState::NotFound) return m_answers.refuseUnopened(http, state);
    if (state != os::OpenState::Opened) http.refuse(403);
}

}  // namespace meerkat::files
