#include "files/file_answers.h"

#include "base/text.h"
#include "files/codable_types.h"
#include "files/file_source.h"
#include "http/byte_range.h"
#include "http/conditions.h"
#include "http/url.h"

#include <algorithm>

namespace meerkat::files {

namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

std::string dateOf(std::int64_t seconds) {
    std::string date(http::kDateLength, ' ');
    http::writeDate(seconds, date.data());
    return date;
}

// A file from the future changed just now (RFC 9110 section 8.8.2.1).
std::int64_t modifiedSeconds(const os::FileInfo &info, std::int64_t now) { return std::min(info.modifiedNs / kNsPerSecond, now); }

// One field alone can be meant: of two that differ nobody could say which (RFC 9110 section 5.3).
std::optional<std::string_view> onlyRange(const http::RequestHead &head) {
    std::optional<std::string_view> range;
    for (const auto &field : head.headers()) {
        if (!equalsIgnoringCase(field.name, "Range")) continue;
        if (range) return std::nullopt;
        range = field.value;
    }
    return range;
}

}  // namespace

// "" where the path has no rule; of what a program chose there is no path.
std::string FileAnswers::cacheControlLine() const {
    if (m_settings.fields.cacheControl.empty() || m_settings.asked.empty()) return {};
    const auto path = http::cleanPath(m_settings.asked.substr(0, m_settings.asked.find('?')));
    const std::string_view value = path ? m_settings.fields.cacheControlFor(*path) : std::string_view{};
    return value.empty() ? std::string() : "Cache-Control: " + std::string(value) + "\r\n";
}

std::string FileAnswers::validatorFields(const Selected &selected) const {
    return "Last-Modified: " + dateOf(modifiedSeconds(selected.opened.info, m_loop.wallSeconds())) +
           "\r\nETag: " + selected.etag + "\r\n" + (selected.varies ? "Vary: Accept-Encoding\r\n" : "") + cacheControlLine();
}

std::string FileAnswers::wholeFields(const Selected &selected) const {
    const std::string_view coding = http::codingName(selected.coding);
    const std::string line = coding.empty() ? "Accept-Ranges: bytes\r\n" : "Content-Encoding: " + std::string(coding) + "\r\n";
    return "Content-Type: " + selected.type + "\r\n" + validatorFields(selected) + line;
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

// The path itself for document_root's own bytes. What tells others apart stands before it: the client's codings, the site's number, and what the client sees
// before the path, on which fields depend.
std::string_view FileAnswers::keyOf(std::string_view path, std::string_view clientKey) {
    const std::size_t site = m_settings.site->number;
    if (site == 0 && clientKey.empty()) return path;
    m_key.assign(clientKey);
    if (site != 0) m_key.append(std::to_string(site)).append(m_settings.mount);
    return m_key.append(path);
}

bool FileAnswers::isUnchanged(const Watched &watched) const {
    const auto now = m_settings.root->lookBelow(watched.relative);
    return (now.state == os::OpenState::Opened ? std::optional(now.info) : std::nullopt) == watched.info;
}

// A file seen in this pass is not asked about again in it.
bool FileAnswers::isFresh(CachedFile &file) {
    if (file.checkedInPass == m_loop.pass()) return true;
    if (!m_settings.root) return false;
    const auto now = m_settings.root->lookBelow(file.relative);
    if (now.state != os::OpenState::Opened || now.info != file.info || now.where != file.where) return false;
    for (const auto &earlier : file.absent)
        if (m_settings.root->lookBelow(earlier).state == os::OpenState::Opened) return false;
    if (file.watchedSecond != m_loop.wallSeconds()) {
        for (const auto &watched : file.watched)
            if (!isUnchanged(watched)) return false;
        file.watchedSecond = m_loop.wallSeconds();
    }
    file.checkedInPass = m_loop.pass();
    return true;
}

CachedFile *FileAnswers::findFresh(std::string_view key) {
    CachedFile *cached = m_cache.find(key);
    if (!cached || isFresh(*cached)) return cached;
    m_cache.remove(*cached);
    return nullptr;
}

bool FileAnswers::sendReady(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path) {
    const Client &client = clientOf(head);
    CachedFile *cached = client.key.empty() ? nullptr : findFresh(keyOf(path, client.key));
    if (!cached) {
        cached = findFresh(keyOf(path, {}));
        if (!cached || (cached->varies && !client.key.empty())) return false;
    }
    sendCached(http, head, *cached);
    return true;
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
    sendSelected(http, head, select(head, file.relative, std::move(opened)));
}

CachedFile *FileAnswers::cache(http::HttpProtocol &http, std::string_view path, Selected &selected,
                               std::vector<std::string> &absent) {
    const os::FileInfo &info = selected.opened.info;
    const std::uint64_t length = selected.copy ? selected.copy->size() : info.size;
    const bool isStreamed = selected.isMade && !selected.copy;
    const bool mayBeKept = !selected.isMade || m_streams.copies.isOn();
    if (path.empty() || length > FileCache::kLargestFile || isStreamed || !mayBeKept || !isSettled(info)) return nullptr;
    std::string bytes;
    if (!selected.copy) {
        bytes.resize(static_cast<std::size_t>(length));
        const auto read = selected.opened.file.readAt(0, bytes);
        // Somebody is writing to it: what was read may be of two versions.
        const auto after = selected.opened.file.info();
        if (!read || *read != bytes.size() || !after || *after != info) return nullptr;
    }
    const std::string_view body = selected.copy ? std::string_view(*selected.copy) : std::string_view(bytes);
    auto file = std::make_unique<CachedFile>();
    file->key = keyOf(path, selected.clientKey);
    file->info = info;
    file->where = selected.opened.where;
    file->absent = std::move(absent);
    file->watched = std::move(selected.watched);
    file->watchedSecond = m_loop.wallSeconds();
    file->varies = selected.varies;
    file->etag = selected.etag;
    std::string added;
    if (http.service().added) http.service().added->appendForPath(added);
    const std::string lengthLine = "Content-Length: " + std::to_string(body.size()) + "\r\n";
    file->whole = ReadyAnswer(200, wholeFields(selected) + added + lengthLine, body);
    file->notModified = ReadyAnswer(304, validatorFields(selected) + added, {});
    file->relative = std::move(selected.relative);
    file->checkedInPass = m_loop.pass();
    return &m_cache.insert(std::move(file));
}

// ---- files ----

void FileAnswers::send(http::HttpProtocol &http, const http::RequestHead &head, std::string_view path, std::string relative,
                       os::OpenOutcome opened, std::vector<std::string> absent) {
    Selected selected = select(head, std::move(relative), std::move(opened));
    if (CachedFile *cached = cache(http, path, selected, absent)) return sendCached(http, head, *cached);
    sendSelected(http, head, std::move(selected));
}

void FileAnswers::sendAsItIs(http::HttpProtocol &http, const http::RequestHead &head, std::string_view name,
                             os::OpenOutcome opened) {
    Selected selected;
    selected.type = m_settings.types.typeOf(name);
    selected.etag = http::etagOf(opened.info);
    selected.opened = std::move(opened);
    sendSelected(http, head, std::move(selected));
}

void FileAnswers::sendSelected(http::HttpProtocol &http, const http::RequestHead &head, Selected selected) {
    const os::FileInfo info = selected.opened.info;
    std::optional<std::string_view> range;
    if (head.hasConditions) {
        const std::int64_t now = m_loop.wallSeconds();
        const http::Validators validators{selected.etag, modifiedSeconds(info, now), true};
        const auto outcome = http::evaluateConditions(head, validators, now);
        if (outcome.result == http::ConditionResult::NotModified) return http.sendWhole(304, validatorFields(selected), {});
        if (outcome.result == http::ConditionResult::PreconditionFailed) return http.refuse(412);
        if (outcome.rangeAllowed && head.method == http::Method::Get) range = onlyRange(head);
    }
    // Of a client that asks for a range no other coding was chosen.
    if (range) return sendRanges(http, std::move(selected), *range);
    const std::string fields = wholeFields(selected);
    if (selected.copy) return http.sendFrom(200, fields, selected.copy->size(), std::make_unique<BytesSource>(selected.copy));
    if (!selected.isMade)
        return http.sendFrom(200, fields, info.size, std::make_unique<FileSource>(std::move(selected.opened.file), 0, info.size));
    auto stream = http::CompressionStream::begin(selected.coding);
    if (!stream) return http.refuse(503, "Retry-After: 1\r\n");
    http.sendStream(200, fields,
                    std::make_unique<CodedSource>(m_streams, std::move(selected.opened.file), info, selected.coding,
                                                  std::move(stream), isSettled(info)));
}

void FileAnswers::sendRanges(http::HttpProtocol &http, Selected selected, std::string_view rangeValue) {
    os::OpenOutcome &opened = selected.opened;
    const std::string_view type = selected.type;
    const std::uint64_t size = opened.info.size;
    auto asked = http::parseRange(rangeValue, size);
    std::string fields = validatorFields(selected) + "Accept-Ranges: bytes\r\n";
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
