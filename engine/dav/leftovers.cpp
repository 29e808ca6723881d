#include "dav/leftovers.h"

namespace meerkat::dav {

namespace {

constexpr std::int64_t kTurnUs = 1500;
constexpr std::size_t kMostSeen = 1024;

}  // namespace

void Leftovers::note(const os::File &folder, std::string_view path) {
    const auto info = folder.info();
    if (!info || m_waiting.size() == kMostFolders) return;
    const std::int64_t now = m_clock.monotonicUs() / 1'000'000;
    const Identity identity{info->volume, info->id};
    const auto seen = m_seen.find(identity);
    if (seen != m_seen.end() && now - seen->second < kRestSeconds) return;
    auto state = os::EditState::Done;
    Waiting waiting{os::again(folder), os::FolderReader::open(folder, state), std::string(path)};
    if (!waiting.folder.isOpen() || !waiting.reader) return;
    if (m_seen.size() == kMostSeen) m_seen.clear();
    m_seen[identity] = now;
    m_waiting.push_back(std::move(waiting));
}

void Leftovers::advance() {
    const std::int64_t end = m_clock.monotonicUs() + kTurnUs;
    while (!m_waiting.empty() && m_clock.monotonicUs() < end) {
        Waiting &last = m_waiting.back();
        const auto name = last.reader->next();
        if (!name) {
            m_waiting.pop_back();
            continue;
        }
        if (!name->starts_with(os::kUnfinishedPrefix)) continue;
        const bool isGone = os::removeLeftover(last.folder, *name, m_clock.wallSeconds());
        if (!isGone && os::isPieceName(*name)) m_pieces.adopt(last.path, *name);
    }
}

void Leftovers::forget() {
    m_waiting.clear();
    m_seen.clear();
}

}  // namespace meerkat::dav
