#include "files/static_files.h"

#include "base/encodings.h"
#include "base/text.h"
#include "files/file_source.h"
#include "files/folder_page.h"
#include "http/byte_range.h"
#include "http/conditions.h"
#include "http/url.h"

#include <algorithm>
#include <charconv>
#include <ctime>

namespace meerkat::files {

namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
constexpr std::int64_t kSettledSeconds = 2;
constexpr std::string_view kOwnFolder = ".meerkat";

std::string lastName(std::string_view path) { return std::string(path.substr(path.rfind('/') + 1)); }

std::string dateOf(std::int64_t seconds) {
    std::string date(http::kDateLength, ' ');
    http::writeDate(seconds, date.data());
    return date;
}

// A file from the future changed just now (RFC 9110 section 8.8.2.1).
std::int64_t modifiedSeconds(const os::FileInfo &info, std::int64_t now) { return std::min(info.modifiedNs / kNsPerSecond, now); }

std::string validatorFields(const os::FileInfo &info, std::string_view etag, std::int64_t now) {
    return "Last-Modified: " + dateOf(modifiedSeconds(info, now)) + "\r\nETag: " + std::string(etag) + "\r\n";
}

std::string wholeFields(std::string_view type, const os::FileInfo &info, std::string_view etag, std::int64_t now) {
    return "Content-Type: " + std::string(type) + "\r\n" + validatorFields(info, etag, now) + "Accept-Ranges: bytes\r\n";
}

}  // namespace

void StaticFiles::serve(http::HttpProtocol &http, const http::RequestHead &head) {
    if (head.method != http::Method::Get && head.method != http::Method::Head) {
        if (head.method == http::Method::Options) return http.sendWhole(200, kAllowedFields, {});
        return head.method == http::Method::Other ? http.refuse(501) : http.refuse(405, kAllowedFields);
    }
    refreshRoot();
    if (m_isRootGone) return http.refuse(503);
    for (int freed = 0;; ++freed) {
        m_lacksDescriptor = false;
        serveRead(http, head);
        if (!m_lacksDescriptor) return;
        // Who waits between two requests can come again; who has asked for something is to get it.
        if (freed == kMostFreed || !m_owner.freeDescriptor()) return http.refuse(503, "Retry-After: 1\r\n");
    }
}

// GET or HEAD.
void StaticFiles::serveRead(http::HttpProtocol &http, const http::RequestHead &head) {
    const std::string_view key = head.target.substr(0, head.target.find('?'));
    CachedFile *cached = m_cache.find(key);
    if (cached && isFresh(*cached)) return serveCached(http, head, *cached);
    if (cached) m_cache.remove(*cached);
    servePath(http, head);
}

void StaticFiles::refreshRoot() {
    if (m_rootCheckedSecond != m_loop.wallSeconds()) followRoot();
}

// A folder that was removed and made again (a build's output) has the same name and is another one. One that was moved away is not given out under
// its old name: who moved it does not expect it to be seen any longer. Looked at once a second.
void StaticFiles::followRoot() {
    m_rootCheckedSecond = m_loop.wallSeconds();
    m_isRootGone = m_settings.root && !m_settings.root->isReachable();
    if (!m_isRootGone) return;
    auto root = os::Root::open(m_settings.rootPath);
    if (!root) return;
    m_settings.root = std::move(*root);
    m_isRootGone = false;
    m_cache.clear();
}

// A file seen in this pass is not asked about again in it.
bool StaticFiles::isFresh(CachedFile &file) {
    if (file.checkedInPass == m_loop.pass()) return true;
    if (!m_settings.root) return false;
    const auto now = m_settings.root->lookBelow(file.relative);
    if (now.state != os::OpenState::Opened || now.info != file.info || now.where != file.where) return false;
    for (const auto &earlier : file.absent)
        if (m_settings.root->lookBelow(earlier).state == os::OpenState::Opened) return false;
    file.checkedInPass = m_loop.pass();
    return true;
}

void StaticFiles::serveCached(http::HttpProtocol &http, const http::RequestHead &head, CachedFile &file) {
    if (!file.where.empty() && !m_owner.letsPass(http, head, file.where)) return;
    if (!head.hasConditions) return http.sendPrepared(file.whole.at(http.service()));
    const http::Validators validators{file.etag, file.info.modifiedNs / kNsPerSecond, true};
    const auto outcome = http::evaluateConditions(head, validators, m_loop.wallSeconds());
    if (outcome.result == http::ConditionResult::NotModified) return http.sendPrepared(file.notModified.at(http.service()));
    if (outcome.result == http::ConditionResult::PreconditionFailed) return http.refuse(412);
    if (head.method == http::Method::Head || !outcome.rangeAllowed || !head.find("Range"))
        return http.sendPrepared(file.whole.at(http.service()));
    // A part of a small file is rare: it takes the way of the large ones.
    auto opened = m_settings.root->openBelow(file.relative);
    if (opened.state != os::OpenState::Opened) return refuseUnopened(http, opened.state);
    sendOpened(http, head, file.relative, std::move(opened));
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
    const Lookup lookup{target->path, std::move(*path), target->query, target->hasQuery};
    auto opened = m_settings.root->openBelow(relativePath(lookup.path));
    const bool asksFolder = lookup.path.ends_with('/');
    const bool isFile = opened.state == os::OpenState::Opened && opened.info.kind == os::FileKind::Regular;
    const bool isAbsent = opened.state == os::OpenState::NotFound || opened.state == os::OpenState::Refused;
    if ((isAbsent || (isFile && asksFolder)) && serveScript(http, head, lookup.path)) return;
    if (opened.state != os::OpenState::Opened) return refuseUnopened(http, opened.state);
    if (!letsPass(http, head, opened)) return;
    if (opened.info.kind == os::FileKind::Folder)
        return asksFolder ? serveFolder(http, head, lookup, opened.file) : redirectToFolder(http, lookup);
    if (asksFolder) return http.refuse(404);
    // The absolute form is not a key: a proxy's request is rare, and its host would have to be compared.
    const std::string_view key = target->form == http::TargetForm::Origin ? lookup.encodedPath : std::string_view{};
    serveFile(http, head, key, std::string(relativePath(lookup.path)), std::move(opened), {});
}

// ---- scripts ----

ScriptLookup StaticFiles::findScript(const http::RequestHead &head) {
    refreshRoot();
    const auto target = http::parseTarget(head.target, false);
    const auto path = target ? http::cleanPath(target->path) : std::nullopt;
    if (!path || !m_settings.root || m_isRootGone || m_settings.guard.hidesPath(*path)) return {};
    return findScriptAt(*path);
}

ScriptLookup StaticFiles::findScriptAt(std::string_view path) const {
    const std::string_view relative = relativePath(path);
    auto looked = m_settings.root->lookBelow(relative);
    if (looked.state == os::OpenState::NotFound) return findScriptAbove(path);
    if (looked.state != os::OpenState::Opened) return {looked.state};
    const bool asksFolder = path.ends_with('/');
    if (looked.info.kind == os::FileKind::Folder) return asksFolder ? findIndexScript(path) : ScriptLookup{};
    return asScript(relative, asksFolder ? "/" : "", std::move(looked));
}

// As a folder is answered: the first file that is there counts, whatever it is.
ScriptLookup StaticFiles::findIndexScript(std::string_view folder) const {
    for (const auto &name : m_settings.indexFiles) {
        if (m_settings.guard.hidesName(name)) continue;
        const std::string relative = std::string(folder.substr(1)) + name;
        auto looked = m_settings.root->lookBelow(relative);
        if (looked.state == os::OpenState::NoDescriptors) return {looked.state};
        const bool isFile = looked.state == os::OpenState::Opened && looked.info.kind == os::FileKind::Regular;
        if (isFile) return asScript(relative, "", std::move(looked));
    }
    return {};
}

// From the root down to the first name that is no folder: what a stranger writes behind it costs nothing.
ScriptLookup StaticFiles::findScriptAbove(std::string_view path) const {
    for (std::size_t slash = path.find('/', 1); slash != std::string_view::npos; slash = path.find('/', slash + 1)) {
        const std::string_view relative = path.substr(1, slash - 1);
        auto looked = m_settings.root->lookBelow(relative);
        if (looked.state != os::OpenState::Opened) return {looked.state};
        if (looked.info.kind == os::FileKind::Regular) return asScript(relative, path.substr(slash), std::move(looked));
    }
    return {};
}

ScriptLookup StaticFiles::asScript(std::string_view relative, std::string_view beyond, os::OpenOutcome looked) const {
    const bool isOne = m_taker.isScript(relative) || (!looked.where.empty() && m_taker.isScript(relativePath(looked.where)));
    if (looked.info.kind != os::FileKind::Regular || !isOne) return {};
    return {os::OpenState::Opened, {std::string(relative), std::string(beyond), std::move(looked)}};
}

// GET or HEAD. False: there is none on that path.
bool StaticFiles::serveScript(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path) {
    ScriptLookup found = findScriptAt(path);
    if (found.state == os::OpenState::NoDescriptors) return refuseUnopened(http, found.state), true;
    if (found.state != os::OpenState::Opened) return false;
    if (letsPass(http, head, found.file.opened)) m_taker.serve(http, head, std::move(found.file));
    return true;
}

// ---- paths ----

bool StaticFiles::serveAsset(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path) {
    const Asset *asset = path.starts_with("/.meerkat/") ? findAsset(path) : nullptr;
    if (!asset) return false;
    const auto outcome = http::evaluateConditions(head, {asset->etag, 0, true}, m_loop.wallSeconds());
    const std::string fields = "ETag: " + std::string(asset->etag) + "\r\nCache-Control: no-cache\r\n";
    if (outcome.result == http::ConditionResult::NotModified)
        http.sendWhole(304, fields, {});
    else if (outcome.result == http::ConditionResult::PreconditionFailed)
        http.refuse(412);
    else
        http.sendWhole(200, "Content-Type: " + std::string(asset->type) + "\r\n" + fields, asset->body);
    return true;
}

void StaticFiles::refuseUnopened(http::HttpProtocol &http, os::OpenState state) {
    switch (state) {
    case os::OpenState::Opened:
    case os::OpenState::NotFound:
    case os::OpenState::Outside:
        return http.refuse(404);
    case os::OpenState::Refused:
        return http.refuse(403);
    case os::OpenState::NoDescriptors:
        m_lacksDescriptor = true;
        return;
    case os::OpenState::Failed:
        return http.refuse(500);
    }
}

// ---- folders ----

void StaticFiles::redirectToFolder(http::HttpProtocol &http, const Lookup &lookup) {
    std::string location = percentEncoded(lookup.path, true) + "/";
    if (lookup.hasQuery) location.append("?").append(lookup.query);
    http.sendWhole(301, "Location: " + location + "\r\n", {});
}

void StaticFiles::serveFolder(http::HttpProtocol &http, const http::RequestHead &head, const Lookup &lookup,
                              const os::File &folder) {
    const std::string base = lookup.path.substr(1);
    std::vector<std::string> absent;
    for (const auto &name : m_settings.indexFiles) {
        if (m_settings.guard.hidesName(name)) continue;
        std::string relative = base + name;
        auto opened = m_settings.root->openBelow(relative);
        if (opened.state == os::OpenState::NoDescriptors) return refuseUnopened(http, opened.state);
        const bool isFile = opened.state == os::OpenState::Opened && opened.info.kind == os::FileKind::Regular;
        if (isFile && !letsPass(http, head, opened)) return;
        if (isFile) return serveFile(http, head, lookup.encodedPath, std::move(relative), std::move(opened), std::move(absent));
        absent.push_back(std::move(relative));
    }
    if (!m_settings.listsFolders) return http.refuse(403);
    listFolder(http, lookup, folder);
}

void StaticFiles::listFolder(http::HttpProtocol &http, const Lookup &lookup, const os::File &folder) {
    const PathGuard &guard = m_settings.guard;
    std::vector<os::FolderEntry> entries;
    const auto state = m_settings.root->list(folder, relativePath(lookup.path), [&](os::FolderEntry &&entry) {
        // At the root that name is the engine's own: a link there would lead to something else.
        const bool isOwn = lookup.path == "/" && entry.name == kOwnFolder;
        if (!isOwn && !guard.hidesName(entry.name) && !guard.hidesPath(entry.where)) entries.push_back(std::move(entry));
        return true;
    });
    if (state == os::OpenState::NoDescriptors) return refuseUnopened(http, state);
    if (state != os::OpenState::Opened) return http.refuse(403);
    const FolderPageRequest request{lookup.path, m_settings.title, lookup.query, m_loop.wallSeconds()};
    const std::string page = folderPage(request, entries);
    const std::string fields = "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-cache\r\nContent-Security-Policy: " +
                               std::string(pagePolicy()) + "\r\n";
    http.sendWhole(200, fields, page);
}

// ---- files ----

void StaticFiles::serveFile(http::HttpProtocol &http, const http::RequestHead &head, std::string_view key, std::string relative,
                            os::OpenOutcome opened, std::vector<std::string> absent) {
    if (opened.info.kind != os::FileKind::Regular) return http.refuse(403);
    const bool isTaken = m_taker.takes(relative) || (!opened.where.empty() && m_taker.takes(relativePath(opened.where)));
    if (isTaken) return m_taker.serve(http, head, {std::move(relative), {}, std::move(opened)});
    const std::string name = lastName(relative);
    if (!key.empty() && opened.info.size <= FileCache::kLargestFile)
        if (CachedFile *cached = cache(key, std::move(relative), opened, std::move(absent)))
            return serveCached(http, head, *cached);
    sendOpened(http, head, name, std::move(opened));
}

CachedFile *StaticFiles::cache(std::string_view key, std::string &&relative, const os::OpenOutcome &opened,
                               std::vector<std::string> &&absent) {
    // A file changed just now may change again without its time telling: the clock of file systems ticks slowly.
    const std::int64_t now = m_loop.wallSeconds();
    if (std::max(opened.info.changedNs, opened.info.modifiedNs) / kNsPerSecond + kSettledSeconds > now) return nullptr;
    std::string body(static_cast<std::size_t>(opened.info.size), '\0');
    const auto read = opened.file.readAt(0, body);
    // Somebody is writing to it: what was read may be of two versions.
    const auto after = opened.file.info();
    if (!read || *read != body.size() || !after || *after != opened.info) return nullptr;
    auto file = std::make_unique<CachedFile>();
    file->key = key;
    file->info = opened.info;
    file->where = opened.where;
    file->absent = std::move(absent);
    file->etag = http::etagOf(opened.info);
    const std::string_view type = m_settings.types.typeOf(lastName(relative));
    file->whole = ReadyAnswer(
        200, wholeFields(type, opened.info, file->etag, now) + "Content-Length: " + std::to_string(body.size()) + "\r\n", body);
    file->notModified = ReadyAnswer(304, validatorFields(opened.info, file->etag, now), {});
    file->relative = std::move(relative);
    file->checkedInPass = m_loop.pass();
    return &m_cache.insert(std::move(file));
}

void StaticFiles::sendOpened(http::HttpProtocol &http, const http::RequestHead &head, std::string_view name,
                             os::OpenOutcome opened) {
    const std::string etag = http::etagOf(opened.info);
    const std::int64_t now = m_loop.wallSeconds();
    const std::string_view type = m_settings.types.typeOf(name);
    const std::uint64_t size = opened.info.size;
    std::optional<std::string_view> range;
    if (head.hasConditions) {
        const http::Validators validators{etag, modifiedSeconds(opened.info, now), true};
        const auto outcome = http::evaluateConditions(head, validators, now);
        if (outcome.result == http::ConditionResult::NotModified)
            return http.sendWhole(304, validatorFields(opened.info, etag, now), {});
        if (outcome.result == http::ConditionResult::PreconditionFailed) return http.refuse(412);
        if (outcome.rangeAllowed && head.method == http::Method::Get) range = head.find("Range");
    }
    if (range) return sendRanges(http, type, validatorFields(opened.info, etag, now), std::move(opened), *range);
    http.sendFrom(200, wholeFields(type, opened.info, etag, now), size,
                  std::make_unique<FileSource>(std::move(opened.file), 0, size));
}

void StaticFiles::sendRanges(http::HttpProtocol &http, std::string_view type, std::string fields, os::OpenOutcome opened,
                             std::string_view rangeValue) {
    const std::uint64_t size = opened.info.size;
    auto asked = http::parseRange(rangeValue, size);
    fields.append("Accept-Ranges: bytes\r\n");
    if (asked.state == http::RangeState::Unsatisfiable)
        return http.refuse(416, "Content-Range: bytes */" + std::to_string(size) + "\r\n");
    if (asked.state == http::RangeState::Ignore || asked.ranges.size() <= 1) {
        const bool isWhole = asked.state == http::RangeState::Ignore;
        const http::ByteRange range = isWhole ? http::ByteRange{0, size - 1} : asked.ranges.front();
        fields.append("Content-Type: ").append(type).append("\r\n");
        if (!isWhole) fields.append("Content-Range: ").append(contentRange(range, size)).append("\r\n");
        const std::uint64_t length = isWhole ? size : range.size();
        return http.sendFrom(isWhole ? 200 : 206, fields, length,
                             std::make_unique<FileSource>(std::move(opened.file), range.first, length));
    }
    auto source = std::make_unique<MultiRangeSource>(std::move(opened.file), size, type, std::move(asked.ranges));
    fields.append("Content-Type: ").append(source->contentType()).append("\r\n");
    const std::uint64_t length = source->length();
    http.sendFrom(206, fields, length, std::move(source));
}

}  // namespace meerkat::files
