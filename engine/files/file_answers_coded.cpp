// The part of file_answers that chooses a coding, and makes it.
#include "base/text.h"
#include "files/codable_types.h"
#include "files/file_answers.h"
#include "http/conditions.h"

#include <algorithm>

namespace meerkat::files {

namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
constexpr std::int64_t kSettledSeconds = 2;
// A shorter one fits into the packets that it would take anyway.
constexpr std::uint64_t kShortestMade = 1024;
// As a whole, in a few milliseconds at the most; longer ones while they are sent.
constexpr std::uint64_t kLongestAtOnce = 128 * 1024;

}  // namespace

// A file changed just now may change again without its time telling: the clock of file systems ticks slowly.
bool FileAnswers::isSettled(const os::FileInfo &info) const {
    return std::max(info.changedNs, info.modifiedNs) / kNsPerSecond + kSettledSeconds <= m_loop.wallSeconds();
}

// A client that asks for a part gets a part of the file, in no coding.
const FileAnswers::Client &FileAnswers::clientOf(const http::RequestHead &head) {
    const auto list = m_settings.compresses ? head.find("Accept-Encoding") : std::nullopt;
    if (!list || (head.hasConditions && head.find("Range"))) return m_plainClient;
    const auto isMore = [&](const http::HeaderField &field) {
        return field.name.size() == 15 && field.value.data() != list->data() && equalsIgnoringCase(field.name, "Accept-Encoding");
    };
    const auto fields = head.headers();
    const bool isOneLine = std::none_of(fields.begin(), fields.end(), isMore);
    if (isOneLine && *list == m_latestClient.list) return m_latestClient;
    m_latestClient.accepted = http::AcceptedCodings::of(head);
    m_latestClient.key = m_latestClient.accepted.key();
    m_latestClient.list = isOneLine ? *list : std::string_view{};
    return m_latestClient;
}

FileAnswers::Selected FileAnswers::select(const http::RequestHead &head, std::string relative, os::OpenOutcome opened) {
    Selected selected;
    selected.type = m_settings.types.typeOf(std::string_view(relative).substr(relative.rfind('/') + 1));
    selected.varies = m_settings.compresses && isCodable(selected.type);
    selected.relative = std::move(relative);
    selected.opened = std::move(opened);
    const Client &client = selected.varies ? clientOf(head) : m_plainClient;
    if (!client.key.empty()) {
        selected.clientKey = client.key;
        static_cast<Representation &>(selected) = chooseRepresentation(m_settings, client.accepted, std::move(selected.relative),
                                                                       std::move(selected.opened), kShortestMade);
        if (selected.isMade) make(selected);
    }
    selected.etag = codedTag(http::etagOf(selected.opened.info), selected.coding);
    return selected;
}

void FileAnswers::make(Selected &selected) {
    const os::FileInfo &info = selected.opened.info;
    selected.copy = m_streams.copies.find(info, selected.coding);
    if (selected.copy) return;
    const bool isAtOnce = info.size <= kLongestAtOnce;
    if (isAtOnce) selected.copy = madeAtOnce(selected);
    if (isAtOnce ? selected.copy != nullptr : m_streams.running < CodedStreams::kMost) return;
    selected.isMade = false;
    selected.coding = http::Coding::Identity;
}

// Null if it does not pay, or the file can't be read.
CodedBytes FileAnswers::madeAtOnce(const Selected &selected) {
    const os::FileInfo &info = selected.opened.info;
    std::string bytes(static_cast<std::size_t>(info.size), '\0');
    const auto read = selected.opened.file.readAt(0, bytes);
    if (!read || *read != bytes.size()) return nullptr;
    std::string made = m_compressor.compressed(selected.coding, bytes);
    if (made.empty()) return nullptr;
    auto copy = std::make_shared<const std::string>(std::move(made));
    const auto after = selected.opened.file.info();
    // A short one is kept with its head.
    const bool mayBeKept = copy->size() > FileCache::kLargestFile && after && *after == info && isSettled(info);
    if (mayBeKept) m_streams.copies.keep(info, selected.coding, copy);
    return copy;
}

// ---- texts ----

// Gzip where the client likes it as well: of what is used once brotli costs more than it saves.
http::Coding FileAnswers::codingOfText(const http::RequestHead &head, std::size_t bytes) {
    const http::AcceptedCodings &accepted = clientOf(head).accepted;
    const int gzip = accepted.weight(http::Coding::Gzip), brotli = accepted.weight(http::Coding::Brotli);
    if (bytes < kShortestMade || std::max(gzip, brotli) == 0) return http::Coding::Identity;
    return gzip >= brotli ? http::Coding::Gzip : http::Coding::Brotli;
}

void FileAnswers::sendText(http::HttpProtocol &http, const http::RequestHead &head, std::string fields, std::string_view text) {
    if (m_settings.compresses) fields.append("Vary: Accept-Encoding\r\n");
    const http::Coding coding = codingOfText(head, text.size());
    const std::string made = m_compressor.compressed(coding, text);
    if (made.empty()) return http.sendWhole(200, fields, text);
    fields.append("Content-Encoding: ").append(http::codingName(coding)).append("\r\n");
    http.sendWhole(200, fields, made);
}

}  // namespace meerkat::files
