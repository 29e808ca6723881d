#include "files/zip_source.h"

#include "http/http_protocol.h"

#include <libdeflate.h>

#include <algorithm>

namespace meerkat::files {

namespace {

constexpr std::size_t kPieceBytes = 128 * 1024;
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

ZipSource::ZipSource(FolderWalk walk, std::string_view folder, std::string_view title)
    : m_walk(std::move(walk)), m_skipped(folder.size()), m_prefix(title.empty() ? "" : std::string(title) + '/') {}

bool ZipSource::produce(http::HttpProtocol &http) {
    if (m_file.isOpen()) return produceFile(http);
    std::string out;
    bool goesOn = true;
    for (int taken = 0; goesOn && !m_file.isOpen() && taken < kGatheredEntries && out.size() < kGatheredBytes; ++taken)
        goesOn = takeNext(out);
    http.sendPart(out);
    return goesOn;
}

// Its next piece, and the end of the entry behind the last one.
bool ZipSource::produceFile(http::HttpProtocol &http) {
    m_buffer.resize(std::min<std::uint64_t>(kPieceBytes, m_fileSize - m_entry.size));
    const auto read = m_file.readAt(m_entry.size, m_buffer);
    if (!read) {
        http.connection().close();
        return false;
    }
    m_buffer.resize(*read);
    m_entry.checksum = checksum(m_entry.checksum, m_buffer);
    m_entry.size += *read;
    count(m_buffer);
    // A file that became shorter ends where it ends; of one that grew its size of before is sent.
    const bool isAtEnd = m_entry.size == m_fileSize || *read == 0;
    if (isAtEnd) {
        std::string out;
        end(out);
        m_buffer += out;
    }
    http.sendPart(m_buffer);
    return true;
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
    m_fileSize = opened.info.size;
    if (m_fileSize == 0)
        end(out);
    else
        m_file = std::move(opened.file);
    return true;
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
