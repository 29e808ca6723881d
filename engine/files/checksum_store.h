// Station: which checksum a large file had -> the next archive with it, which then need not read it. From zip_source, and back to it. Bounded; a file that was
// changed has other times and is not found.
#pragma once

#include "os/file.h"

#include <cstdint>
#include <optional>
#include <unordered_map>

namespace meerkat::files {

class ChecksumStore {
  public:
    // Smaller files are read as quickly as they are looked up.
    static constexpr std::uint64_t kSmallestFile = 128 * 1024;
    static constexpr std::size_t kMostFiles = 16 * 1024;  // about 1.5 MiB

    // CRC-32 of the whole file.
    std::optional<std::uint32_t> find(const os::FileInfo &file) const;
    // `file`: what it was before and after it was read. One that was changed a moment ago is not kept: a further change may show the same time.
    void keep(const os::FileInfo &file, std::uint32_t checksum, std::int64_t nowSeconds);

  private:
    struct Kept {
        os::FileInfo file;
        std::uint32_t checksum;
    };

    static std::uint64_t keyOf(const os::FileInfo &file);

    std::unordered_map<std::uint64_t, Kept> m_kept;
};

}  // namespace meerkat::files
