#include "files/file_cache.h"

#include "http/status.h"

#include <algorithm>
#include <cstring>

namespace meerkat::files {

ReadyAnswer::ReadyAnswer(int status, std::string_view fields, std::string_view body) : m_status(status) {
    m_bytes.append("HTTP/1.1 ").append(std::to_string(status)).append(" ").append(http::reasonPhrase(status)).append("\r\n");
    m_bytes.append("Date: ").append(http::kDateLength, ' ').append("\r\n").append(fields);
    m_headLength = m_bytes.size();
    m_bytes.append("\r\n").append(body);
}

http::PreparedAnswer ReadyAnswer::at(http::HttpService &service) {
    if (m_dateSecond != service.loop.wallSeconds()) {
        m_dateSecond = service.loop.wallSeconds();
        const std::size_t dateLineAt = m_bytes.find('\n') + 1;
        const std::string_view line = service.dateLine();
        std::memcpy(m_bytes.data() + dateLineAt, line.data(), line.size());
    }
    const std::string_view bytes = m_bytes;
    return {m_status, bytes.substr(0, m_headLength), bytes.substr(m_headLength)};
}

CachedFile *FileCache::find(std::string_view key) {
    const auto found = m_files.find(key);
    if (found == m_files.end()) return nullptr;
    found->second->usedInPass = m_loop.pass();
    return found->second.get();
}

CachedFile &FileCache::insert(std::unique_ptr<CachedFile> file) {
    if (CachedFile *old = find(file->key)) remove(*old);
    CachedFile &inserted = *file;
    inserted.usedInPass = m_loop.pass();
    m_bytes += inserted.bytes();
    m_files.emplace(inserted.key, std::move(file));
    makeRoom();
    return inserted;
}

void FileCache::remove(CachedFile &file) {
    m_bytes -= file.bytes();
    const auto found = m_files.find(file.key);
    auto owned = std::move(found->second);
    m_files.erase(found);
    m_loop.dispose(std::move(owned));
}

void FileCache::clear() {
    while (!m_files.empty()) remove(*m_files.begin()->second);
}

// The older half goes at once, so that the search for old ones is paid once for many insertions.
void FileCache::makeRoom() {
    if (m_bytes <= m_limitBytes) return;
    std::vector<CachedFile *> files;
    for (const auto &[key, file] : m_files) files.push_back(file.get());
    const auto middle = files.begin() + static_cast<std::ptrdiff_t>(files.size() / 2);
    std::nth_element(files.begin(), middle, files.end(),
                     [](const CachedFile *a, const CachedFile *b) { return a->usedInPass < b->usedInPass; });
    for (auto file = files.begin(); file != middle; ++file)
        if ((*file)->usedInPass != m_loop.pass()) remove(**file);
}

}  // namespace meerkat::files
