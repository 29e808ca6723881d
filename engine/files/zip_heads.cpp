#include "files/zip_heads.h"

#include <algorithm>
#include <chrono>

namespace meerkat::files {

namespace {

constexpr std::uint16_t kVersion = 20, kLargeVersion = 45;
constexpr std::uint16_t kMadeOnUnix = 3 << 8;  // the upper half of the attributes is a file mode
// The checksum follows the file, and names are UTF-8.
constexpr std::uint16_t kHasDescriptor = 1 << 3, kUtf8 = 1 << 11;
constexpr std::uint32_t kFileMode = 0100644, kFolderMode = 040755;
constexpr std::uint32_t kFolderAttribute = 0x10;
constexpr std::uint16_t kSizesField = 0x0001, kTimeField = 0x5455;

// Little endian, as everything here is.
void append(std::string &out, std::uint64_t number, int bytes) {
    for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(number >> 8 * i));
}
void append16(std::string &out, std::uint64_t number) { append(out, number, 2); }
void append32(std::string &out, std::uint64_t number) { append(out, number, 4); }
void append64(std::string &out, std::uint64_t number) { append(out, number, 8); }

bool isFolder(const ZipEntry &entry) { return entry.name.ends_with('/'); }

std::uint32_t capped(std::uint64_t number) { return static_cast<std::uint32_t>(std::min<std::uint64_t>(number, kZipLarge)); }

// Two seconds fine, and without a zone: UTC. The exact time stands in a field of its own, which readers prefer.
std::uint32_t dosTime(std::int64_t seconds) {
    using namespace std::chrono;
    const sys_seconds earliest = sys_days(year(1980) / 1 / 1), latest = sys_days(year(2107) / 12 / 31);
    const sys_seconds time = std::clamp(sys_seconds(std::chrono::seconds(seconds)), earliest, latest);
    const year_month_day date = floor<days>(time);
    const hh_mm_ss clock(time - floor<days>(time));
    const auto days =
        static_cast<std::uint32_t>(int(date.year()) - 1980) << 9 | unsigned(date.month()) << 5 | unsigned(date.day());
    const auto ticks =
        static_cast<std::uint32_t>(clock.hours().count() << 11 | clock.minutes().count() << 5 | clock.seconds().count() / 2);
    return days << 16 | ticks;
}

// Of times outside of 32 bits only the coarse one is told.
bool hasExactTime(const ZipEntry &entry) { return entry.modifiedSeconds >= INT32_MIN && entry.modifiedSeconds <= INT32_MAX; }

void appendExactTime(std::string &out, const ZipEntry &entry) {
    append16(out, kTimeField);
    append16(out, 5);
    append(out, 1, 1);  // only when it was modified
    append32(out, static_cast<std::uint32_t>(entry.modifiedSeconds));
}

// From the version to the time of modification.
void appendBeginning(std::string &out, const ZipEntry &entry, bool isLarge) {
    append16(out, isLarge ? kLargeVersion : kVersion);
    append16(out, isFolder(entry) ? kUtf8 : kUtf8 | kHasDescriptor);
    append16(out, 0);  // stored
    append32(out, dosTime(entry.modifiedSeconds));
}

}  // namespace

void appendLocalHead(std::string &out, const ZipEntry &entry) {
    append32(out, 0x04034b50);
    appendBeginning(out, entry, entry.isLarge);
    append32(out, 0);
    // What the descriptor will say; the sizes are 0, or say that they take 8 bytes.
    for (int i = 0; i < 2; ++i) append32(out, entry.isLarge ? kZipLarge : 0);
    append16(out, entry.name.size());
    append16(out, static_cast<std::uint64_t>((entry.isLarge ? 20 : 0) + (hasExactTime(entry) ? 9 : 0)));
    out.append(entry.name);
    if (entry.isLarge) {
        append16(out, kSizesField);
        append16(out, 16);
        out.append(16, '\0');
    }
    if (hasExactTime(entry)) appendExactTime(out, entry);
}

void appendDescriptor(std::string &out, const ZipEntry &entry) {
    if (isFolder(entry)) return;
    append32(out, 0x08074b50);
    append32(out, entry.checksum);
    for (int i = 0; i < 2; ++i) append(out, entry.size, entry.isLarge ? 8 : 4);
}

void appendDirectoryEntry(std::string &out, const ZipEntry &entry) {
    const bool hasFarOffset = entry.offset >= kZipLarge;
    const int wide = (entry.isLarge ? 2 : 0) + (hasFarOffset ? 1 : 0);
    append32(out, 0x02014b50);
    append16(out, static_cast<std::uint64_t>(kMadeOnUnix | kLargeVersion));
    appendBeginning(out, entry, wide > 0);
    append32(out, entry.checksum);
    for (int i = 0; i < 2; ++i) append32(out, entry.isLarge ? kZipLarge : entry.size);
    append16(out, entry.name.size());
    append16(out, static_cast<std::uint64_t>((wide > 0 ? 4 + 8 * wide : 0) + (hasExactTime(entry) ? 9 : 0)));
    append16(out, 0);  // no comment
    append16(out, 0);  // on the first disk
    append16(out, 0);
    append32(out, isFolder(entry) ? kFolderMode << 16 | kFolderAttribute : kFileMode << 16);
    append32(out, capped(entry.offset));
    out.append(entry.name);
    if (wide > 0) {
        append16(out, kSizesField);
        append16(out, static_cast<std::uint64_t>(8 * wide));
        for (int i = 0; entry.isLarge && i < 2; ++i) append64(out, entry.size);
        if (hasFarOffset) append64(out, entry.offset);
    }
    if (hasExactTime(entry)) appendExactTime(out, entry);
}

void appendZipEnd(std::string &out, std::uint64_t entries, std::uint64_t directoryBytes, std::uint64_t offset) {
    if (entries >= 0xffff || directoryBytes >= kZipLarge || offset >= kZipLarge) {
        append32(out, 0x06064b50);
        append64(out, 44);  // what follows of it
        append16(out, static_cast<std::uint64_t>(kMadeOnUnix | kLargeVersion));
        append16(out, kLargeVersion);
        append64(out, 0);  // on the first disk
        append64(out, entries);
        append64(out, entries);
        append64(out, directoryBytes);
        append64(out, offset);
        append32(out, 0x07064b50);
        append32(out, 0);
        append64(out, offset + directoryBytes);
        append32(out, 1);
    }
    const auto few = static_cast<std::uint16_t>(std::min<std::uint64_t>(entries, 0xffff));
    append32(out, 0x06054b50);
    append32(out, 0);  // on the first disk
    append16(out, few);
    append16(out, few);
    append32(out, capped(directoryBytes));
    append32(out, capped(offset));
    append16(out, 0);  // no comment
}

}  // namespace meerkat::files
