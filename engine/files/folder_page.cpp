#include "files/folder_page.h"

#include "base/encodings.h"
#include "files/change_page.h"
#include "files/folder_rows.h"
#include "files/folder_sort.h"
#include "files/page_template.h"
#include "files/page_words.h"

#include <algorithm>

namespace meerkat::files {
namespace {

constexpr std::size_t kBytesPerRow = 256;  // what is reserved for one; longer ones only cost a copy

void appendAll(std::string &to, std::initializer_list<std::string_view> pieces) {
    for (const std::string_view piece : pieces) to += piece;
}

constexpr std::string_view kEmpty =
    "<p class=\"empty\">Nothing here yet. What is put into this folder shows up on this page.</p>\n";
// The list is there for the script to fill.
constexpr std::string_view kEmptyForChanges = "<ul id=\"entries\"></ul>\n<p class=\"empty\">Nothing here yet. What is uploaded "
                                              "or put into this folder shows up on this page.</p>\n";

std::string entriesHtml(const std::vector<os::FolderEntry> &entries, const FolderPageRequest &request) {
    if (entries.empty()) return std::string(request.uploads == Uploads::No ? kEmpty : kEmptyForChanges);
    const RowStyle style = rowStyleOf(request);
    std::string html;
    html.reserve(entries.size() * kBytesPerRow + 100);
    html += "<ul id=\"entries\">\n";
    for (const os::FolderEntry &entry : entries) appendListRow(html, entry, style);
    html += "</ul>\n";
    return html;
}

std::string summaryOf(const std::vector<os::FolderEntry> &entries) {
    std::uint64_t folders = 0;
    std::uint64_t bytes = 0;
    for (const os::FolderEntry &entry : entries) {
        const bool isFolder = entry.info.kind == os::FileKind::Folder;
        folders += isFolder ? 1 : 0;
        bytes += isFolder ? 0 : entry.info.size;
    }
    return summaryText(folders, entries.size() - folders, bytes);
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

// Without a script the words are looked for here and below; with it they filter the list at once, and Enter goes below.
std::string searchHtml(std::string_view words) {
    return "<form id=\"search\" role=\"search\"><input id=\"filter\" name=\"search\" type=\"search\" value=\"" +
           shownName(words) +
           "\" placeholder=\"Search here and below\" aria-label=\"Search here and below\" autocomplete=\"off\" "
           "autocapitalize=\"none\" spellcheck=\"false\" enterkeyhint=\"search\" maxlength=\"200\"></form>\n";
}

std::string toolsHtml(const FolderSort &sort) {
    std::string html = "<div id=\"tools\">\n" + searchHtml({}) + "<nav id=\"sort\" aria-label=\"Sort by\">\n";
    appendSortLink(html, SortKey::Name, "Name", sort);
    appendSortLink(html, SortKey::Size, "Size", sort);
    appendSortLink(html, SortKey::Time, "Time<span class=\"utc\"> (UTC)</span>", sort);
    return html += "</nav>\n</div>\n<p id=\"shown\" role=\"status\"></p>\n";
}

constexpr std::string_view kActions =
    "<div id=\"actions\"><a id=\"archive\" class=\"button quiet\" href=\"?zip\" download>Download all</a></div>\n";

// Where a page is split; no name is shown with it.
constexpr std::string_view kSplit = "\x01";

SplitPage split(const std::string &page) {
    const std::size_t at = page.find(kSplit);
    return {page.substr(0, at), page.substr(at + kSplit.size())};
}

}  // namespace

// "./" keeps a name from being read as a scheme or a host; an order other than the usual one stays while one walks.
void appendListRow(std::string &to, const os::FolderEntry &entry, const RowStyle &style) {
    const bool isFolder = entry.info.kind == os::FileKind::Folder;
    std::string href = "./" + percentEncoded(entry.name);
    if (isFolder) href.append("/").append(style.carriedQuery);
    appendRow(to, {entry.name, href, entry.info, {}, style.mayChange});
}

RowStyle rowStyleOf(const FolderPageRequest &request) {
    return {carriedQueryOf(request.query), request.uploads == Uploads::Replace};
}

std::string summaryText(std::uint64_t folders, std::uint64_t files, std::uint64_t bytes) {
    if (files == 0) return folders == 0 ? "Empty folder" : counted(folders, "folder");
    return (folders == 0 ? "" : counted(folders, "folder") + ", ") + counted(files, "file") + ", " + readableBytes(bytes);
}

std::string carriedQueryOf(std::string_view query) {
    const FolderSort sort = sortFromQuery(query);
    return sort == FolderSort{} ? std::string() : htmlEscaped(queryOf(sort));
}

std::string readmeSection(std::string_view readmeHtml) {
    if (readmeHtml.empty()) return {};
    return "<section id=\"readme\" aria-label=\"About this folder\">\n" + std::string(readmeHtml) + "</section>\n";
}

std::string folderPage(const FolderPageRequest &request, std::vector<os::FolderEntry> &entries) {
    std::erase_if(entries, [](const os::FolderEntry &entry) { return entry.info.kind == os::FileKind::Other; });
    const FolderSort sort = sortFromQuery(request.query);
    sortEntries(entries, sort);
    const std::string carriedQuery = carriedQueryOf(request.query);
    const std::vector<Crumb> crumbs = crumbsOf(request, carriedQuery);
    const bool isBare = entries.empty() && request.uploads == Uploads::No;
    return filled(pageFile("folder_page.html"), {{"title", crumbs.back().name},
                                                 {"upload", nameOf(request.uploads)},
                                                 {"changes_head", changesHead(request.uploads)},
                                                 {"forms", changeForms(request.uploads)},
                                                 {"notice", doneNotice(request.uploads, request.query)},
                                                 {"name", crumbs.back().name},
                                                 {"path", pathHtml(crumbs)},
                                                 {"summary", summaryOf(entries)},
                                                 {"archive", isBare ? std::string_view() : kActions},
                                                 {"tools", isBare ? std::string() : toolsHtml(sort)},
                                                 {"up", upHtml(crumbs)},
                                                 {"entries", entriesHtml(entries, request)},
                                                 {"readme", readmeSection(request.readme)}});
}

SplitPage largeFolderPage(const FolderPageRequest &request) {
    const std::vector<Crumb> crumbs = crumbsOf(request, carriedQueryOf(request.query));
    return split(filled(pageFile("folder_page.html"), {{"title", crumbs.back().name},
                                                       {"upload", nameOf(request.uploads)},
                                                       {"changes_head", changesHead(request.uploads)},
                                                       {"forms", changeForms(request.uploads)},
                                                       {"notice", doneNotice(request.uploads, request.query)},
                                                       {"name", crumbs.back().name},
                                                       {"path", pathHtml(crumbs)},
                                                       {"archive", kActions},
                                                       {"tools", toolsHtml(sortFromQuery(request.query))},
                                                       {"up", upHtml(crumbs)},
                                                       {"entries", "<ul id=\"entries\">\n" + std::string(kSplit) + "</ul>\n"},
                                                       {"readme", kSplit}}));
}

SplitPage searchPage(const FolderPageRequest &request, std::string_view words) {
    const std::vector<Crumb> crumbs = crumbsOf(request, {});
    const std::string asked = "Search for “" + shownName(words) + "”";
    return split(filled(pageFile("folder_page.html"), {{"title", asked},
                                                       {"upload", nameOf(request.uploads)},
                                                       {"name", crumbs.back().name},
                                                       {"path", pathHtml(crumbs)},
                                                       {"summary", asked},
                                                       {"tools", "<div id=\"tools\">\n" + searchHtml(words) + "</div>\n"},
                                                       {"up", "<p id=\"up\"><a class=\"up\" href=\"./\"><span>Back to <bdi>" +
                                                                  crumbs.back().name + "</bdi></span></a></p>\n"},
                                                       {"entries", kSplit}}));
}

}  // namespace meerkat::files
