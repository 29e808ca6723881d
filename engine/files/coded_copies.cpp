#include "files/coded_copies.h"

#include <algorithm>
#include <vector>

namespace meerkat::files {

// Whatever of it changes, it is another file: no copy has to be looked for and thrown away.
std::string CodedCopies::keyOf(const os::FileInfo &file, http::Coding coding) {
    std::string key(1, static_cast<char>('0' + static_cast<int>(coding)));
    for (const std::uint64_t part : {file.volume, file.id, file.size, static_cast<std::uint64_t>(file.modifiedNs),
                                     static_cast<std::uint64_t>(file.changedNs)})
        key.append(std::to_string(part)).push_back('-');
    return key;
}

void CodedCopies::setLimit(std::size_t bytes) {
    m_limit = bytes;
    makeRoom();
}

CodedBytes CodedCopies::find(const os::FileInfo &file, http::Coding coding) {
    if (m_copies.empty()) return nullptr;
    const auto found = m_copies.find(keyOf(file, coding));
    if (found == m_copies.end()) return nullptr;
    found->second.lastUse = ++m_uses;
    return found->second.bytes;
}

void CodedCopies::keep(const os::FileInfo &file, http::Coding coding, CodedBytes bytes) {
    if (bytes->size() > std::min(m_limit, kLongest)) return;
    Entry &entry = m_copies[keyOf(file, coding)];
    if (entry.bytes) m_bytes -= entry.bytes->size();
    m_bytes += bytes->size();
    entry = {std::move(bytes), ++m_uses};
    makeRoom();
}

// The older half goes at once, so that the search for old ones is paid once for many.
void CodedCopies::makeRoom() {
    while (m_bytes > m_limit && !m_copies.empty()) {
        std::vector<std::uint64_t> uses;
        for (const auto &[key, entry] : m_copies) uses.push_back(entry.lastUse);
        const auto middle = uses.begin() + static_cast<std::ptrdiff_t>(uses.size() / 2);
        std::nth_element(uses.begin(), middle, uses.end());
        std::erase_if(m_copies, [&, oldest = *middle](const auto &copy) {
            if (copy.second.lastUse > oldest) return false;
            m_bytes -= copy.second.bytes->size();
            return true;
        });
    }
}

}  // namespace meerkat::files
