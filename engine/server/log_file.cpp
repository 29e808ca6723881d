#include "server/log_file.h"

#include <algorithm>

namespace meerkat::server {

namespace {

constexpr std::int64_t kLookEveryMs = 1000;

}  // namespace

std::string LogFile::open(std::string_view path) {
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
    m_bytes = m_file->size();
    return {};
}

void LogFile::rotateAt(std::uint64_t bytes, unsigned keep) {
    m_mostBytes = bytes;
    m_keep = keep;
    m_rotatedMs = 0;
}

// The old file keeps being used if a new one can't be made.
void LogFile::beginAnew() {
    auto file = os::AppendFile::open(m_path);
    if (!file) return;
    m_file = std::move(*file);
    m_bytes = m_file->size();
    m_isLineOpen = false;
}

void LogFile::flush(std::int64_t nowMs) {
    if (!m_file) return;
    if (nowMs - m_checkedMs >= kLookEveryMs) {
        m_checkedMs = nowMs;
        if (m_file->wasMovedAway()) beginAnew();
    }
    if (m_text.empty()) return;
    write();
    // Where it can't be renamed it is tried again a second later, not with every line.
    const bool isDue = m_mostBytes > 0 && m_bytes >= m_mostBytes && (m_rotatedMs == 0 || nowMs - m_rotatedMs >= kLookEveryMs);
    if (!isDue) return;
    m_rotatedMs = nowMs;
    rotate();
}

void LogFile::write() {
    if (m_isLineOpen) m_text.insert(0, 1, '\n');
    const std::string_view text = m_text;
    const std::size_t written = m_file->append(text);
    if (written > 0) m_isLineOpen = text[written - 1] != '\n';
    m_bytes += written;
    m_lostLines += static_cast<std::uint64_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(written), text.end(), '\n'));
    m_text.clear();
}

// Another program that writes to the same file may have been first: then its new one is taken.
void LogFile::rotate() {
    if (m_file->wasMovedAway()) return beginAnew();
    m_bytes = m_file->size();
    if (m_bytes < m_mostBytes) return;
    const auto numbered = [this](unsigned number) { return m_path + "." + std::to_string(number); };
    for (unsigned number = m_keep; number > 1; --number) os::renameFile(numbered(number - 1), numbered(number));
    if (os::renameFile(m_path, numbered(1))) {
        m_rotatedMs = 0;
        beginAnew();
    }
}

}  // namespace meerkat::server
