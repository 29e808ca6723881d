#include "files/zip_source.h"

#include "http/http_protocol.h"

#include <libdeflate.h>

#include <algorithm>

namespace meerkat::files {

namespace {

// Goes out in one piece, and is read by smaller ones, which the processor keeps near.
constexpr std::uint64_t kPieceBytes = 1024 * 1024;
constexpr std::size_t kReadBytes = 64 * 1024;
// To copy so little costs less than a call for each file.
constexpr std::uint64_t kReadAtOnce = 16 * 1024;
// Small things are gathered up to so many bytes or so many of them: each may cost a look at the disk.
constexpr std::size_t kGatheredBytes = 32 * 1024;
constexpr int kGatheredEntries = 64;
constexpr std::uint64_t kMostNamed = 1000;  // of those that are left out
constexpr std::string_view kLeftOutName = "Left out.txt";

std::int64_t secondsOf(const os::FileInfo &info) {
    constexpr std::int64_t kNsPerSecond = 1'000'000'000;
    return info.modifiedNs / kNsPerSecond - (info.modifiedNs % kNsPerSecond < 0 ? 1 : 0);
}

std::uint32_t checksum(std::uint32_t before, std::string_view bytes) {
    return libdeflate_crc32(before, bytes.data(), bytes.size());
}

}  // namespace

ZipSource::ZipSource(FolderWalk walk, std::string_view folder, std::string_view title, ChecksumStore &checksums)
    : m_walk(std::move(walk)), m_skipped(folder.size()), m_prefix(title.empty() ? "" : std::string(title) + '/'),
      m_checksums(checksums) {}

bool ZipSource::produce(http::HttpProtocol &http) {
    std::string out;
    if (m_file.isOpen()) {
        if (m_entry.size < m_fileInfo.size) return produceFile(http);
        if (!m_isKnown) keepChecksum(http.connection().loop().wallSeconds());
        end(out);
    }
    bool goesOn = true;
    for (int taken = 0; goesOn && !m_file.isOpen() && taken < kGatheredEntries && out.size() < kGatheredBytes; ++taken) {
        goesOn = takeNext(out);
        if (!m_hasFailed) continue;
        http.connection().close();
        return false;
    }
    http.sendPart(out);
    return goesOn;
}

// Its next piece.
bool ZipSource::produceFile(http::HttpProtocol &http) {
    const std::uint64_t offset = m_entry.size;
    if (m_isKnown)
        m_entry.size = m_fileInfo.size;
    else if (!readPiece(std::min(m_fileInfo.size - offset, kPieceBytes))) {
        http.connection().close();
        return false;
    }
    const std::uint64_t bytes = m_entry.size - offset;
    m_sent += bytes;
    if (bytes > 0)
        http.sendFilePart(m_file, offset, bytes);
    else
        http.connection().owesMore();
    return true;
}

// For its checksum. A file that became shorter ends where it ends; of one that grew its size of before is sent. One that becomes shorter between here and
// the socket ends the connection.
bool ZipSource::readPiece(std::uint64_t bytes) {
    m_buffer.resize(kReadBytes);
    const std::uint64_t end = m_entry.size + bytes;
    while (m_entry.size < end) {
        const auto wanted = std::span(m_buffer).first(std::min<std::uint64_t>(kReadBytes, end - m_entry.size));
        const auto read = m_file.readAt(m_entry.size, wanted);
        if (!read) return false;
        m_entry.checksum = checksum(m_entry.checksum, {wanted.data(), *read});
        m_entry.size += *read;
        if (*read == wanted.size()) continue;
        m_fileInfo.size = m_entry.size;
        break;
    }
    return true;
}

void ZipSource::keepChecksum(std::int64_t nowSeconds) {
    const auto info = m_file.info();
    if (info && *info == m_fileInfo) m_checksums.keep(m_fileInfo, m_entry.checksum, nowSeconds);
}

// False: that was the end.
bool ZipSource::takeNext(std::string &out) {
    const auto walked = m_walk.next();
    if (const std::string unread = m_walk.takeUnread(); !unread.empty()) leaveOut(unread);
    if (!walked) {
        finish(out);
        return false;
    }
    std::string name = m_prefix + walked->relative.substr(m_skipped);
    if (name.size() >= kLongestZipName) {
        leaveOut(walked->relative);
        return true;
    }
    if (walked->info.kind == os::FileKind::Folder) {
        begin(out, name + '/', walked->info);
        end(out);
        return true;
    }
    auto opened = m_walk.root().openBelow(walked->relative);
    if (opened.state != os::OpenState::Opened || opened.info.kind != os::FileKind::Regular) {
        leaveOut(walked->relative);
        return true;
    }
    begin(out, std::move(name), opened.info);
    takeFile(out, std::move(opened));
    return true;
}

// A small one is read at once, a large one is under way from here on.
void ZipSource::takeFile(std::string &out, os::OpenOutcome opened) {
    m_file = std::move(opened.file);
    m_fileInfo = opened.info;
    if (m_fileInfo.size > kReadAtOnce) {
        const auto known = m_checksums.find(m_fileInfo);
        m_isKnown = known.has_value();
        m_entry.checksum = known.value_or(0);
        m_buffer.clear();
        return;
    }
    const std::size_t before = out.size();
    out.resize(before + m_fileInfo.size);
    const auto read = m_file.readAt(0, std::span(out).subspan(before));
    m_hasFailed = !read;
    out.resize(before + (read ? *read : 0));
    m_entry.size = out.size() - before;
    m_entry.checksum = checksum(0, std::string_view(out).substr(before));
    m_sent += m_entry.size;
    end(out);
}

// `out`: what was gathered and not counted yet stands in it.
void ZipSource::begin(std::string &out, std::string name, const os::FileInfo &info) {
    m_name = std::move(name);
    m_entry = {m_name, secondsOf(info), info.size >= kZipLarge, 0, 0, m_sent};
    std::string head;
    appendLocalHead(head, m_entry);
    count(head);
    out += head;
}

void ZipSource::end(std::string &out) {
    m_file = os::File();
    std::string descriptor;
    appendDescriptor(descriptor, m_entry);
    count(descriptor);
    out += descriptor;
    appendDirectoryEntry(m_directory, m_entry);
    ++m_entries;
}

void ZipSource::add(std::string &out, std::string name, std::string_view text) {
    begin(out, std::move(name), {os::FileKind::Regular, text.size()});
    m_entry.checksum = checksum(0, text);
    m_entry.size = text.size();
    m_sent += text.size();
    out += text;
    end(out);
}

void ZipSource::leaveOut(std::string_view relative) {
    if (++m_leftOutCount > kMostNamed) return;
    m_leftOut.append(relative.substr(std::min(m_skipped, relative.size()))).append("\r\n");
}

void ZipSource::finish(std::string &out) {
    if (m_leftOutCount > 0) {
        std::string text = "These could not be read and are not in this archive:\r\n\r\n" + m_leftOut;
        if (m_leftOutCount > kMostNamed) text += "and " + std::to_string(m_leftOutCount - kMostNamed) + " more\r\n";
        add(out, m_prefix + std::string(kLeftOutName), text);
    }
    const std::uint64_t offset = m_sent, bytes = m_directory.size();
    out += std::exchange(m_directory, {});
    appendZipEnd(out, m_entries, bytes, offset);
}

}  // namespace meerkat::files
