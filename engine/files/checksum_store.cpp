#include "files/checksum_store.h"

#include <algorithm>

namespace meerkat::files {

namespace {

// FAT tells times in steps of two seconds.
constexpr std::int64_t kCalmSeconds = 3;
constexpr std::int64_t kNsPerSecond = 1'000'000'000;

}  // namespace

// A collision costs a reading: the whole identity is compared.
std::uint64_t ChecksumStore::keyOf(const os::FileInfo &file) { return file.id ^ file.volume * 0x9e3779b97f4a7c15u; }

std::optional<std::uint32_t> ChecksumStore::find(const os::FileInfo &file) const {
    const auto found = m_kept.find(keyOf(file));
    if (found == m_kept.end() || found->second.file != file) return std::nullopt;
    return found->second.checksum;
}

void ChecksumStore::keep(const os::FileInfo &file, std::uint32_t checksum, std::int64_t nowSeconds) {
    if (file.size < kSmallestFile) return;
    const std::int64_t changedSeconds = std::max(file.modifiedNs, file.changedNs) / kNsPerSecond;
    if (changedSeconds > nowSeconds - kCalmSeconds) return;
    // Any one makes room: which archive is asked for next is not known.
    if (m_kept.size() >= kMostFiles && !m_kept.contains(keyOf(file))) m_kept.erase(m_kept.begin());
    m_kept.insert_or_assign(keyOf(file), Kept{file, checksum});
}

}  // namespace meerkat::files
