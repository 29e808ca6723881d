#include "files/folder_sort.h"

#include "base/text.h"
#include "files/natural_order.h"

#include <algorithm>
#include <array>

namespace meerkat::files {
namespace {

constexpr std::array<std::string_view, 3> kNames = {"name", "size", "time"};

bool isFolder(const os::FolderEntry &entry) { return entry.info.kind == os::FileKind::Folder; }

template <class T>
int compared(const T &a, const T &b) {
    return a < b ? -1 : b < a ? 1 : 0;
}

// Of two folders or two files.
int comparedBy(SortKey key, const os::FolderEntry &a, const os::FolderEntry &b) {
    switch (key) {
    case SortKey::Name:
        return compareNaturally(a.name, b.name);
    case SortKey::Size:
        return isFolder(a) ? 0 : compared(a.info.size, b.info.size);
    case SortKey::Time:
        return compared(a.info.modifiedNs, b.info.modifiedNs);
    }
    return 0;
}

void take(std::string_view parameter, FolderSort &sort) {
    const auto equals = parameter.find('=');
    if (equals == std::string_view::npos) return;
    const std::string_view name = parameter.substr(0, equals);
    const std::string_view value = parameter.substr(equals + 1);
    if (name == "order") sort.descending = value == "desc";
    if (name != "sort") return;
    const auto *found = std::find(kNames.begin(), kNames.end(), value);
    if (found != kNames.end()) sort.key = static_cast<SortKey>(found - kNames.begin());
}

}  // namespace

std::string_view nameOf(SortKey key) { return kNames[static_cast<std::size_t>(key)]; }

FolderSort sortFromQuery(std::string_view query) {
    FolderSort sort;
    for (const std::string_view parameter : splitList(query, '&')) take(parameter, sort);
    return sort;
}

std::string queryOf(const FolderSort &sort) {
    return std::string("?sort=").append(nameOf(sort.key)).append(sort.descending ? "&order=desc" : "&order=asc");
}

bool comesBefore(const os::FolderEntry &a, const os::FolderEntry &b, const FolderSort &sort) {
    if (isFolder(a) != isFolder(b)) return isFolder(a);
    if (const int order = comparedBy(sort.key, a, b); order != 0) return sort.descending ? order > 0 : order < 0;
    return compareNaturally(a.name, b.name) < 0;
}

void sortEntries(std::vector<os::FolderEntry> &entries, const FolderSort &sort) {
    std::sort(entries.begin(), entries.end(),
              [&sort](const os::FolderEntry &a, const os::FolderEntry &b) { return comesBefore(a, b, sort); });
}

}  // namespace meerkat::files
