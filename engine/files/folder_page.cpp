#include "files/folder_page.h"

#include "base/encodings.h"
#include "files/folder_sort.h"
#include "files/mime_types.h"
#include "files/page_template.h"
#include "files/page_words.h"

#include <algorithm>
#include <array>

namespace meerkat::files {
namespace {

constexpr std::size_t kBytesPerRow = 256;  // what is reserved for one; longer ones only cost a copy
constexpr std::int64_t kNsPerSecond = 1'000'000'000;

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

std::string_view cssClassOf(const os::FolderEntry &entry) {
    if (entry.info.kind == os::FileKind::Folder) return "folder";
    const std::string_view type = builtInType(entry.name);
    const auto *found =
        std::find_if(kKinds.begin(), kKinds.end(), [type](const Kind &kind) { return type.starts_with(kind.typePrefix); });
    return found != kKinds.end() ? found->cssClass : "file";
}

std::int64_t secondsOf(const os::FolderEntry &entry) {
    const std::int64_t ns = entry.info.modifiedNs;
    return ns / kNsPerSecond - (ns % kNsPerSecond < 0 ? 1 : 0);
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

// Safe in HTML, and shown as what it is: line breaks and the signs that turn the direction of writing around (U+202D, U+202E),
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

// "./" keeps a name from being read as a scheme or a host; an order other than the usual one stays while one walks.
void appendRow(std::string &to, const os::FolderEntry &entry, std::string_view carriedQuery) {
    const bool isFolder = entry.info.kind == os::FileKind::Folder;
    appendAll(to,
              {"<li><a class=\"", cssClassOf(entry), "\" href=\"./", percentEncoded(entry.name), isFolder ? "/" : "",
               isFolder ? carriedQuery : "", "\"><bdi>", shownName(entry.name), "</bdi>", isFolder ? "<i> (folder)</i>" : ""});
    if (!isFolder) appendSize(to, entry.info.size);
    appendTime(to, secondsOf(entry));
    to += "</a></li>\n";
}

std::string entriesHtml(const std::vector<os::FolderEntry> &entries, std::string_view carriedQuery) {
    if (entries.empty()) return "<p class=\"empty\">Nothing here yet. What is put into this folder shows up on this page.</p>\n";
    std::string html;
    html.reserve(entries.size() * kBytesPerRow + 100);
    html += "<ul id=\"entries\">\n";
    for (const os::FolderEntry &entry : entries) appendRow(html, entry, carriedQuery);
    html += "</ul>\n";
    return html;
}

// "3 folders, 12 files, 4.2 MB": what there is none of is left out.
std::string summaryText(const std::vector<os::FolderEntry> &entries) {
    std::uint64_t folders = 0;
    std::uint64_t bytes = 0;
    for (const os::FolderEntry &entry : entries) {
        const bool isFolder = entry.info.kind == os::FileKind::Folder;
        folders += isFolder ? 1 : 0;
        bytes += isFolder ? 0 : entry.info.size;
    }
    const std::uint64_t files = entries.size() - folders;
    if (files == 0) return folders == 0 ? "Empty folder" : counted(folders, "folder");
    return (folders == 0 ? "" : counted(folders, "folder") + ", ") + counted(files, "file") + ", " + readableBytes(bytes);
}

struct Crumb {
    std::string name;  // escaped
    std::string href;  // of the folder seen from the page; empty for the page itself
};

// From the root to this folder. The way up is counted in slashes, since that is what a browser counts when it resolves "../".
std::vector<Crumb> crumbsOf(const FolderPageRequest &request, std::string_view carriedQuery) {
    const std::string_view path = request.path;
    const auto levelsBelow = [path](std::size_t slash) {
        return static_cast<std::size_t>(std::count(path.begin() + static_cast<std::ptrdiff_t>(slash) + 1, path.end(), '/'));
    };
    const auto hrefTo = [&](std::size_t slash) {
        std::string href;
        for (std::size_t level = levelsBelow(slash); level > 0; --level) href += "../";
        return href.empty() ? href : href.append(carriedQuery);
    };
    std::vector<Crumb> crumbs = {{shownName(request.title.empty() ? "Start" : request.title), hrefTo(0)}};
    for (std::size_t begin = 1, slash; (slash = path.find('/', begin)) != std::string_view::npos; begin = slash + 1)
        if (slash > begin) crumbs.push_back({shownName(path.substr(begin, slash - begin)), hrefTo(slash)});
    return crumbs;
}

std::string pathHtml(const std::vector<Crumb> &crumbs) {
    if (crumbs.size() < 2) return {};
    std::string html = "<nav id=\"path\" aria-label=\"Folders above\">";
    for (std::size_t i = 0; i + 1 < crumbs.size(); ++i)
        appendAll(html, {"<a href=\"", crumbs[i].href, "\"><bdi>", crumbs[i].name, "</bdi></a> <i>/</i> "});
    return html += "</nav>\n";
}

std::string upHtml(const std::vector<Crumb> &crumbs) {
    if (crumbs.size() < 2) return {};
    const Crumb &parent = crumbs[crumbs.size() - 2];
    return "<p id=\"up\"><a class=\"up\" href=\"" + parent.href + "\"><span>Up to <bdi>" + parent.name +
           "</bdi></span></a></p>\n";
}

void appendSortLink(std::string &to, SortKey key, std::string_view label, const FolderSort &current) {
    const bool isCurrent = current.key == key;
    const FolderSort next = isCurrent ? FolderSort{key, !current.descending} : FolderSort{key, key != SortKey::Name};
    appendAll(to, {"<a href=\"", htmlEscaped(queryOf(next)), "\" data-key=\"", nameOf(key), "\"",
                   isCurrent ? " aria-current=\"true\"" : "", ">", label});
    if (isCurrent)
        to += current.descending ? " <span role=\"img\" aria-label=\"descending\">↓</span>"
                                 : " <span role=\"img\" aria-label=\"ascending\">↑</span>";
    to += "</a>\n";
}

// The filter is hidden until the script, without which it could do nothing, shows it.
std::string toolsHtml(const FolderSort &sort) {
    std::string html = "<div id=\"tools\">\n<label id=\"search\" hidden><input id=\"filter\" type=\"search\" "
                       "placeholder=\"Filter by name\" aria-label=\"Filter by name\" "
                       "autocomplete=\"off\" autocapitalize=\"none\" spellcheck=\"false\" enterkeyhint=\"search\"></label>\n"
                       "<nav id=\"sort\" aria-label=\"Sort by\">\n";
    appendSortLink(html, SortKey::Name, "Name", sort);
    appendSortLink(html, SortKey::Size, "Size", sort);
    appendSortLink(html, SortKey::Time, "Time<span class=\"utc\"> (UTC)</span>", sort);
    return html += "</nav>\n</div>\n<p id=\"shown\" role=\"status\"></p>\n";
}

}  // namespace

std::string folderPage(const FolderPageRequest &request, std::vector<os::FolderEntry> &entries) {
    std::erase_if(entries, [](const os::FolderEntry &entry) { return entry.info.kind == os::FileKind::Other; });
    const FolderSort sort = sortFromQuery(request.query);
    sortEntries(entries, sort);
    const std::string carriedQuery = sort == FolderSort{} ? std::string() : htmlEscaped(queryOf(sort));
    const std::vector<Crumb> crumbs = crumbsOf(request, carriedQuery);
    return filled(pageFile("folder_page.html"), {{"title", crumbs.back().name},
                                                 {"name", crumbs.back().name},
                                                 {"path", pathHtml(crumbs)},
                                                 {"summary", summaryText(entries)},
                                                 {"tools", entries.empty() ? std::string() : toolsHtml(sort)},
                                                 {"up", upHtml(crumbs)},
                                                 {"entries", entriesHtml(entries, carriedQuery)}});
}

}  // namespace meerkat::files
