#include "files/folder_rows.h"

#include "base/encodings.h"
#include "files/change_page.h"
#include "files/mime_types.h"
#include "files/page_words.h"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace meerkat::files {
namespace {

// The icon of a row: a class of folder_page.css.
struct Kind {
    std::string_view typePrefix;
    std::string_view cssClass;
};
constexpr std::array kKinds = {
    Kind{"image/", "image"},
    Kind{"audio/", "audio"},
    Kind{"video/", "video"},
    Kind{"application/vnd.apple.mpegurl", "video"},
    Kind{"text/html", "code"},
    Kind{"text/css", "code"},
    Kind{"text/javascript", "code"},
    Kind{"application/json", "code"},
    Kind{"application/xml", "code"},
    Kind{"application/wasm", "code"},
    Kind{"application/yaml", "code"},
    Kind{"text/", "text"},
    Kind{"application/pdf", "text"},
    Kind{"application/rtf", "text"},
    Kind{"application/epub+zip", "text"},
    Kind{"application/msword", "text"},
    Kind{"application/vnd.ms-excel", "text"},
    Kind{"application/vnd.ms-powerpoint", "text"},
    Kind{"application/vnd.openxmlformats", "text"},
    Kind{"application/vnd.oasis.opendocument", "text"},
    Kind{"application/zip", "archive"},
    Kind{"application/gzip", "archive"},
    Kind{"application/zstd", "archive"},
    Kind{"application/vnd.rar", "archive"},
    Kind{"application/java-archive", "archive"},
    Kind{"application/vnd.debian.binary-package", "archive"},
    Kind{"application/x-", "archive"},
};

std::string_view cssClassOf(const Row &row) {
    if (row.info.kind == os::FileKind::Folder) return "folder";
    const std::string_view type = builtInType(row.name);
    const auto *found =
        std::find_if(kKinds.begin(), kKinds.end(), [type](const Kind &kind) { return type.starts_with(kind.typePrefix); });
    return found != kKinds.end() ? found->cssClass : "file";
}

void appendAll(std::string &to, std::initializer_list<std::string_view> pieces) {
    for (const std::string_view piece : pieces) to += piece;
}

void appendSize(std::string &to, std::uint64_t bytes) {
    const std::string exact = bytes < 1000 ? std::string() : " title=\"" + groupedDigits(bytes) + " bytes\"";
    appendAll(to, {" <data value=\"", std::to_string(bytes), "\"", exact, ">", readableBytes(bytes), "</data>"});
}

void appendTime(std::string &to, std::int64_t seconds) {
    const std::string machine = machineTime(seconds);
    appendAll(to, {" <time datetime=\"", machine, "\">", readableTime(machine), "</time>"});
}

bool isControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

}  // namespace

std::int64_t modifiedSeconds(const os::FileInfo &info) {
    constexpr std::int64_t kNsPerSecond = 1'000'000'000;
    return info.modifiedNs / kNsPerSecond - (info.modifiedNs % kNsPerSecond < 0 ? 1 : 0);
}

// Line breaks and the signs that turn the direction of writing around (U+202D, U+202E),
// with which "photo<202E>gpj.exe" reads as a picture, become U+FFFD.
std::string shownName(std::string_view name) {
    constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
    std::string shown = htmlEscaped(name);
    for (const std::string_view sign : {"\xE2\x80\xAD", "\xE2\x80\xAE"})
        for (auto at = shown.find(sign); at != std::string::npos; at = shown.find(sign, at))
            shown.replace(at, sign.size(), kReplacement);
    for (std::size_t i = 0; i < shown.size(); ++i)
        if (isControl(shown[i])) shown.replace(i, 1, kReplacement);
    return shown;
}

void appendRow(std::string &to, const Row &row) {
    const bool isFolder = row.info.kind == os::FileKind::Folder;
    appendAll(to, {"<li><a class=\"", cssClassOf(row), "\" href=\"", row.href, "\"><bdi>", shownName(row.name), "</bdi>",
                   isFolder ? "<i> (folder)</i>" : ""});
    if (!row.within.empty()) appendAll(to, {" <small><bdi>", shownName(row.within), "</bdi></small>"});
    if (!isFolder) appendSize(to, row.info.size);
    appendTime(to, modifiedSeconds(row.info));
    to += "</a>";
    if (row.mayChange) appendChangeLink(to, row.name);
    to += "</li>\n";
}

}  // namespace meerkat::files
