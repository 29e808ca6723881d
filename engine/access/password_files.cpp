#include "access/password_files.h"

#include <algorithm>
#include <optional>

namespace meerkat::access {

namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
// The clocks of file systems tick slowly, FAT's every two seconds: a file changed just now may change again without its time telling.
constexpr std::int64_t kSettledSeconds = 2;

bool isSettled(const os::FileInfo &info, std::int64_t wallSeconds) {
    return std::max(info.modifiedNs, info.changedNs) / kNsPerSecond + kSettledSeconds < wallSeconds;
}

struct WholeFile {
    std::string text;
    os::FileInfo info;
};

// Nothing if it cannot be read, or changed while it was.
std::optional<WholeFile> readWhole(const os::File &file) {
    if (!file.isOpen()) return std::nullopt;
    const auto before = file.info();
    if (!before || before->kind != os::FileKind::Regular || before->size > PasswordFiles::kLargestFile) return std::nullopt;
    std::string text(static_cast<std::size_t>(before->size), '\0');
    const auto count = file.readAt(0, text);
    const auto after = file.info();
    if (!count || *count != text.size() || !after || *after != *before) return std::nullopt;
    return WholeFile{std::move(text), *before};
}

}  // namespace

const PasswordList *PasswordFiles::read(const std::string &name, const os::FileInfo &seen, std::string_view realm,
                                        const std::function<os::File()> &open) {
    const auto known = m_files.find(name);
    if (known != m_files.end() && known->second.isSettled && known->second.info == seen && known->second.realm == realm) {
        known->second.lastUse = ++m_uses;
        return known->second.list.get();
    }
    const std::int64_t now = m_clock.wallSeconds();
    auto file = readWhole(open());
    if (!file) return nullptr;
    if (known == m_files.end()) makeRoom();
    Entry &entry = m_files[name];
    if (!entry.list || entry.realm != realm || entry.list->text() != file->text)
        entry.list = std::make_unique<PasswordList>(std::move(file->text), realm);
    entry.info = file->info;
    entry.realm = realm;
    entry.isSettled = isSettled(file->info, now);
    entry.lastUse = ++m_uses;
    return entry.list.get();
}

void PasswordFiles::makeRoom() {
    if (m_files.size() < kMostFiles) return;
    m_files.erase(std::min_element(m_files.begin(), m_files.end(),
                                   [](const auto &a, const auto &b) { return a.second.lastUse < b.second.lastUse; }));
}

}  // namespace meerkat::access
