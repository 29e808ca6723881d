#include "files/file_answers.h"

#include "files/file_source.h"
#include "http/byte_range.h"
#include "http/conditions.h"
#include "http/url.h"

#include <algorithm>

namespace meerkat::files {

namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
constexpr std::int64_t kSettledSeconds = 2;

std::string_view lastName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string dateOf(std::int64_t seconds) {
    std::string date(http::kDateLength, ' ');
    http::writeDate(seconds, date.data());
    return date;
}

// A file from the future changed just now (RFC 9110 section 8.8.2.1).
std::int64_t modifiedSeconds(const os::FileInfo &info, std::int64_t now) { return std::min(info.modifiedNs / kNsPerSecond, now); }

}  // namespace

// "" where the path has no rule; of what a program chose there is no path.
std::string FileAnswers::cacheControlLine() const {
    if (m_settings.fields.cacheControl.empty() || m_settings.asked.empty()) return {};
    const auto path = http::cleanPath(m_settings.asked.substr(0, m_settings.asked.find('?')));
    const std::string_view value = path ? m_settings.fields.cacheControlFor(*path) : std::string_view{};
    return value.empty() ? std::string() : "Cache-Control: " + std::string(value) + "\r\n";
}

std::string FileAnswers::validatorFields(const os::FileInfo &info, std::string_view etag) const {
    return "Last-Modified: " + dateOf(modifiedSeconds(info, m_loop.wallSeconds())) + "\r\nETag: " + std::string(etag) + "\r\n" +
           cacheControlLine();
}

std::string FileAnswers::wholeFields(std::string_view type, const os::FileInfo &info, std::string_view etag) const {
    return "Content-Type: " + std::string(type) + "\r\n" + validatorFields(info, etag) + "Accept-Ranges: bytes\r\n";
}

void FileAnswers::refuseUnopened(http::HttpProtocol &http, os::OpenState state) {
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

// ---- ready answers ----

// The path itself for document_root's own. Another site's begins with its number, and with what the client sees before it: fields depend on that.
std::string_view FileAnswers::keyOf(std::string_view path) {
    if (m_settings.site->number == 0) return path;
    m_key.assign(std::to_string(m_settings.site->number)).append(m_settings.mount).append(path);
    return m_key;
}

// A file seen in this pass is not asked about again in it.
bool FileAnswers::isFresh(CachedFile &file) {
    if (file.checkedInPass == m_loop.pass()) return true;
    if (!m_settings.root) return false;
    const auto now = m_settings.root->lookBelow(file.relative);
    if (now.state != os::OpenState::Opened || now.info != file.info || now.where != file.where) return false;
    for (const auto &earlier : file.absent)
        if (m_settings.root->lookBelow(earlier).state == os::OpenState::Opened) return false;
    file.checkedInPass = m_loop.pass();
    return true;
}

bool FileAnswers::sendReady(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path) {
    CachedFile *cached = m_cache.find(keyOf(path));
    if (!cached) return false;
    if (isFresh(*cached)) {
        sendCached(http, head, *cached);
        return true;
    }
    m_cache.remove(*cached);
    return false;
}

void FileAnswers::sendCached(http::HttpProtocol &http, const http::RequestHead &head, CachedFile &file) {
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
    sendAsItIs(http, head, lastName(file.relative), std::move(opened));
}

CachedFile *FileAnswers::cache(http::HttpProtocol &http, std::string_view path, std::string &relative,
                               const os::OpenOutcome &opened, std::vector<std::string> &absent) {
    // A file changed just now may change again without its time telling: the clock of file systems ticks slowly.
    const std::int64_t now = m_loop.wallSeconds();
    if (std::max(opened.info.changedNs, opened.info.modifiedNs) / kNsPerSecond + kSettledSeconds > now) return nullptr;
    std::string body(static_cast<std::size_t>(opened.info.size), '\0');
    const auto read = opened.file.readAt(0, body);
    // Somebody is writing to it: what was read may be of two versions.
    const auto after = opened.file.info();
    if (!read || *read != body.size() || !after || *after != opened.info) return nullptr;
    auto file = std::make_unique<CachedFile>();
    file->key = keyOf(path);
    file->info = opened.info;
    file->where = opened.where;
    file->absent = std::move(absent);
    file->etag = http::etagOf(opened.info);
    std::string added;
    if (http.service().added) http.service().added->appendForPath(added);
    const std::string_view type = m_settings.types.typeOf(lastName(relative));
    const std::string length = "Content-Length: " + std::to_string(body.size()) + "\r\n";
    file->whole = ReadyAnswer(200, wholeFields(type, opened.info, file->etag) + added + length, body);
    file->notModified = ReadyAnswer(304, validatorFields(opened.info, file->etag) + added, {});
    file->relative = std::move(relative);
    file->checkedInPass = m_loop.pass();
    return &m_cache.insert(std::move(file));
}

// ---- files ----

void FileAnswers::send(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path, std::string relative,
                       os::OpenOutcome opened, std::vector<std::string> absent) {
    if (!path.empty() && opened.info.size <= FileCache::kLargestFile)
        if (CachedFile *cached = cache(http, path, relative, opened, absent)) return sendCached(http, head, *cached);
    sendAsItIs(http, head, lastName(relative), std::move(opened));
}

void FileAnswers::sendAsItIs(http::HttpProtocol &http, const http::RequestHead &head, std::string_view name,
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
            return http.sendWhole(304, validatorFields(opened.info, etag), {});
        if (outcome.result == http::ConditionResult::PreconditionFailed) return http.refuse(412);
        if (outcome.rangeAllowed && head.method == http::Method::Get) range = head.find("Range");
    }
    if (range) return sendRanges(http, type, validatorFields(opened.info, etag), std::move(opened), *range);
    http.sendFrom(200, wholeFields(type, opened.info, etag), size, std::make_unique<FileSource>(std::move(opened.file), 0, size));
}

void FileAnswers::sendRanges(http::HttpProtocol &http, std::string_view type, std::string fields, os::OpenOutcome opened,
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
