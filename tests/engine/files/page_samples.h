// What the tests of the folder page share: entries made by hand, and looks into the HTML.
#pragma once

#include "files/folder_page.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QRegularExpression>

namespace meerkat::test {

inline std::string_view toView(const QByteArray &bytes) { return {bytes.constData(), static_cast<std::size_t>(bytes.size())}; }
inline QByteArray toBytes(std::string_view view) { return {view.data(), static_cast<qsizetype>(view.size())}; }

inline constexpr std::int64_t kNsPerSecond = 1'000'000'000;
inline constexpr std::int64_t kNoon = 1714737600;  // 2024-05-03 12:00 UTC

inline os::FolderEntry file(const QByteArray &name, std::uint64_t size = 0, std::int64_t seconds = kNoon) {
    os::FolderEntry entry;
    entry.name = name.toStdString();
    entry.info.kind = os::FileKind::Regular;
    entry.info.size = size;
    entry.info.modifiedNs = seconds * kNsPerSecond;
    return entry;
}

// Its size is what a disk says of a folder, which means nothing to a visitor.
inline os::FolderEntry folder(const QByteArray &name, std::int64_t seconds = kNoon, std::uint64_t size = 4096) {
    os::FolderEntry entry = file(name, size, seconds);
    entry.info.kind = os::FileKind::Folder;
    return entry;
}

inline QByteArray pageOf(std::vector<os::FolderEntry> entries, std::string_view query = {}, std::string_view path = "/",
                         std::string_view title = "Pictures") {
    return toBytes(files::folderPage({path, title, query, kNoon}, entries));
}

// Every first capture, in order. Bytes are looked at as Latin-1, so that each stays what it is.
inline QByteArrayList allOf(const QByteArray &html, const char *pattern) {
    QByteArrayList found;
    auto matches = QRegularExpression(QString::fromLatin1(pattern)).globalMatch(QString::fromLatin1(html));
    while (matches.hasNext()) found << matches.next().captured(1).toLatin1();
    return found;
}

inline QByteArray firstOf(const QByteArray &html, const char *pattern) { return allOf(html, pattern).value(0, "(none)"); }
inline QByteArrayList rowNames(const QByteArray &html) {
    return allOf(html, "<li><a class=\"[a-z]+\" href=\"[^\"]*\"><bdi>(.*?)</bdi>");
}
inline QByteArrayList rowLinks(const QByteArray &html) { return allOf(html, "<li><a class=\"[a-z]+\" href=\"([^\"]*)\">"); }

}  // namespace meerkat::test
