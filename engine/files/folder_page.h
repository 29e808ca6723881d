// Station: folder -> the page a visitor sees. From files/static_files. The page is resources/page/folder_page.html with its
// CSS and JS, compiled in.
#pragma once

#include "files/file_settings.h"
#include "os/file.h"

#include <string>
#include <string_view>
#include <vector>

namespace meerkat::files {

enum class SortKey { Name, Size, Time };

struct FolderPageRequest {
    std::string_view path;   // decoded, begins and ends with '/'
    std::string_view title;  // name of the shared folder, for the root
    std::string_view query;  // "sort=size&order=desc" or empty: the works-without-JavaScript sort
    std::int64_t nowSeconds = 0;
    std::string_view readme = {};  // HTML that stands under the list
    Uploads uploads = Uploads::No;
};

// The whole page, UTF-8. Folders first, natural order (file2 before file10), names escaped, links percent-encoded and relative.
// Works without JavaScript; the script adds filter and sort without a reload. No inline script or style: the
// Content-Security-Policy that goes with it is pagePolicy(). Sorts `entries`. Devices, pipes and sockets are left out: nobody
// could open them.
std::string folderPage(const FolderPageRequest &request, std::vector<os::FolderEntry> &entries);

// A page around rows that are written while they are found.
struct SplitPage {
    std::string beginning;
    std::string ending;
};
// What a search finds.
SplitPage searchPage(const FolderPageRequest &request, std::string_view words);
// A folder too large to be held as a page: how much there is stands below the rows.
SplitPage largeFolderPage(const FolderPageRequest &request);
// What the rows of a list have in common.
struct RowStyle {
    std::string carriedQuery;  // as carriedQueryOf()
    bool mayChange = false;    // whether each has a link to rename, move or delete it
};
RowStyle rowStyleOf(const FolderPageRequest &request);
void appendListRow(std::string &to, const os::FolderEntry &entry, const RowStyle &style);
// Safe in HTML; what links to other folders carry on of a query.
std::string carriedQueryOf(std::string_view query);
// "3 folders, 12 files, 4.2 MB": what there is none of is left out.
std::string summaryText(std::uint64_t folders, std::uint64_t files, std::uint64_t bytes);
std::string readmeSection(std::string_view readmeHtml);

// CSS, JS and icon of the page: served under "/.meerkat/". Null if there is no such asset.
struct Asset {
    std::string_view type;
    std::string_view body;
    std::string_view etag;  // with quotes
};
const Asset *findAsset(std::string_view path);

// The small page that goes with an error status: same look, one sentence (the status's own unless given), no path of this machine.
// `mayGoBack`: a form was sent to this address, and its page is there.
std::string errorPage(int status, std::string_view reason, std::string_view sentence = {}, bool mayGoBack = false);

// The same for a program that prefers JSON: {"error":"sentence"}.
std::string errorJson(int status, std::string_view sentence = {});

// Value of Content-Security-Policy for both pages.
std::string_view pagePolicy();

}  // namespace meerkat::files
