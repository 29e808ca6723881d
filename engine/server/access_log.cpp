#include "server/access_log.h"

#include "base/encodings.h"
#include "http/dates.h"

#include <algorithm>

namespace meerkat::server {

namespace {

constexpr std::int64_t kLookEveryMs = 1000;

// Between quotes: quotes, backslashes and whatever is not printable ASCII as \xHH, so that a terminal shows a line and does nothing.
void appendEscaped(std::string &out, std::string_view text) {
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\')
            out.push_back(c);
        else
            out.append("\\x").append(hexLower({&c, 1}));
    }
}

void appendQuoted(std::string &out, std::string_view text) {
    out.append(" \"");
    appendEscaped(out, text.empty() ? std::string_view("-") : text);
    out.push_back('"');
}

// Without quotes: a space would begin the next field.
void appendWord(std::string &out, std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t space = std::min(text.find(' ', at), text.size());
        appendEscaped(out, text.substr(at, space - at));
        if (space < text.size()) out.append("\\x20");
        at = space + 1;
    }
    out.append(text.empty() ? "- " : " ");
}

// "[06/Nov/1994:08:49:37 +0000]" from "Sun, 06 Nov 1994 08:49:37 GMT".
void appendTime(std::string &out, std::int64_t seconds) {
    char date[http::kDateLength];
    http::writeDate(seconds, date);
    const std::string_view text(date, sizeof date);
    out.append("[").append(text.substr(5, 2)).append("/").append(text.substr(8, 3)).append("/").append(text.substr(12, 4));
    out.append(":").append(text.substr(17, 8)).append(" +0000]");
}

}  // namespace

std::string AccessLog::open(std::string_view path) {
    if (path.empty()) {
        flush(m_checkedMs);
        m_file.reset();
        m_path.clear();
        return {};
    }
    auto file = os::AppendFile::open(path);
    if (!file) return file.failure().text;
    flush(m_checkedMs);
    m_file = std::move(*file);
    m_path = path;
    return {};
}

void AccessLog::add(std::string_view remoteIp, std::string_view user, std::int64_t wallSeconds,
                    const http::AnswerRecord &record) {
    if (!m_file) return;
    m_lines.append(remoteIp).append(" - ");
    appendWord(m_lines, user);
    appendTime(m_lines, wallSeconds);
    m_lines.append(" \"");
    if (record.head) {
        appendEscaped(m_lines, record.head->methodName);
        m_lines.push_back(' ');
        appendEscaped(m_lines, record.head->target);
        m_lines.append(record.head->minorVersion == 0 ? " HTTP/1.0" : " HTTP/1.1");
    } else if (!record.refusedLine.empty()) {
        appendEscaped(m_lines, record.refusedLine);
    } else {
        m_lines.push_back('-');
    }
    m_lines.append("\" ").append(std::to_string(record.status)).append(" ").append(std::to_string(record.bytesSent));
    appendQuoted(m_lines, record.head ? record.head->find("Referer").value_or("") : "");
    appendQuoted(m_lines, record.head ? record.head->find("User-Agent").value_or("") : "");
    m_lines.push_back('\n');
}

void AccessLog::flush(std::int64_t nowMs) {
    if (!m_file) return;
    if (nowMs - m_checkedMs >= kLookEveryMs) {
        m_checkedMs = nowMs;
        if (m_file->wasMovedAway()) {
            // The old file keeps being used if a new one can't be made.
            if (auto file = os::AppendFile::open(m_path)) m_file = std::move(*file);
        }
    }
    if (m_lines.empty()) return;
    // A full disk loses lines, never requests.
    if (m_isLineOpen) m_lines.insert(0, 1, '\n');
    const std::string_view lines = m_lines;
    const std::size_t written = m_file->append(lines);
    if (written > 0) m_isLineOpen = lines[written - 1] != '\n';
    m_lostLines +=
        static_cast<std::uint64_t>(std::count(lines.begin() + static_cast<std::ptrdiff_t>(written), lines.end(), '\n'));
    m_lines.clear();
}

}  // namespace meerkat::server
