// Station: what stands around the files of a ZIP archive -> bytes. From zip_source. APPNOTE.TXT 6.3.10: sections 4.3.7 (local head), 4.3.9 (data
// descriptor), 4.3.12 (directory), 4.3.14 to 4.3.16 (its end), 4.5.3 (ZIP64). Files are stored, not compressed, and their checksum follows them, so that an
// archive is sent while it is made.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace meerkat::files {

struct ZipEntry {
    std::string_view name;  // UTF-8 with '/'; a folder's ends in '/'
    std::int64_t modifiedSeconds = 0;
    bool isLarge = false;        // its sizes take 8 bytes: decided by the size known before, kept to
    std::uint64_t size = 0;      // as it was sent; not yet known to the local head
    std::uint32_t checksum = 0;  // CRC-32
    std::uint64_t offset = 0;    // of its local head in the archive
};

// A size from which on an entry has to be large.
inline constexpr std::uint64_t kZipLarge = 0xffffffffu;
// A longer name does not fit: it is left out.
inline constexpr std::size_t kLongestZipName = 0xffff;

void appendLocalHead(std::string &out, const ZipEntry &entry);
// Behind the bytes of a file; a folder has none.
void appendDescriptor(std::string &out, const ZipEntry &entry);
void appendDirectoryEntry(std::string &out, const ZipEntry &entry);
// Behind the last directory entry. `offset`: where the directory begins.
void appendZipEnd(std::string &out, std::uint64_t entries, std::uint64_t directoryBytes, std::uint64_t offset);

}  // namespace meerkat::files
