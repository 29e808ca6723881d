#include "files/folder_answers.h"

#include "base/encodings.h"
#include "base/text.h"
#include "files/change_page.h"
#include "files/folder_json.h"
#include "files/folder_page.h"
#include "files/folder_search.h"
#include "files/folder_sort.h"
#include "files/list_source.h"
#include "files/markdown.h"
#include "files/zip_source.h"
#include "http/form.h"
#include "http/http_protocol.h"

#include <algorithm>

namespace meerkat::files {

namespace {

constexpr std::size_t kLongestReadme = 128 * 1024;
constexpr std::size_t kMostNames = 10'000;
// A larger one is written while it is read.
constexpr std::size_t kSmallFolder = 2000;
// As largeFolderPage leaves it.
constexpr std::string_view kRoomForReadme = "\x01";
bool asksForJson(const http::RequestHead &head) {
    const auto accept = head.find("Accept");
    return accept && prefersJson(*accept);
}

// The values of every variable of that name, decoded.
std::vector<std::string> allValues(std::string_view query, std::string_view name) {
    std::vector<std::string> values;
    for (const auto variable : splitList(query, '&')) {
        const std::size_t equals = std::min(variable.find('='), variable.size());
        if (variable.substr(0, equals) != name || values.size() == kMostNames) continue;
        auto value = percentDecoded(variable.substr(std::min(equals + 1, variable.size())), true);
        if (value) values.push_back(std::move(*value));
    }
    return values;
}

// RFC 6266, and RFC 8187 for what is not ASCII.
std::string attachmentField(std::string_view name) {
    std::string plain(name);
    for (char &c : plain)
        if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f || c == '"' || c == '\\' || c == '/')
            c = '_';
    return "Content-Disposition: attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + percentEncoded(name) + "\r\n";
}

// "" where there is none to show.
std::string readmeHtml(std::string_view path, const FolderListing &listing, std::string_view rootPath, FileTaker &taker,
                       FileOwner &owner) {
    const std::string place = std::string(path) + listing.readme();
    if (listing.readme().empty() || taker.takes(rootPath, relativePath(place))) return {};
    const auto opened = listing.root().openBelow(relativePath(place));
    if (opened.state != os::OpenState::Opened || opened.info.kind != os::FileKind::Regular) return {};
    if (!opened.where.empty() && taker.takes(rootPath, relativePath(opened.where))) return {};
    if (opened.info.size > kLongestReadme || (!opened.where.empty() && !owner.showsAlike(listing.root(), path, opened.where)))
        return {};
    std::string text(static_cast<std::size_t>(opened.info.size), '\0');
    const auto read = opened.file.readAt(0, text);
    if (!read) return {};
    text.resize(*read);
    return endsWithIgnoringCase(place, ".md") ? markdownHtml(text) : text.empty() ? std::string() : plainHtml(text);
}

}  // namespace

// A page and its JSON have one address.
std::string FolderAnswers::listFields(std::string_view path) const {
    const std::string_view wanted = m_settings.fields.cacheControlFor(m_settings.clientPath(path));
    return "Cache-Control: " + std::string(wanted.empty() ? "no-cache" : wanted) + "\r\nVary: Accept\r\n";
}

std::string FolderAnswers::pageFields(std::string_view path) const {
    return "Content-Type: text/html; charset=utf-8\r\n" + listFields(path) +
           "Content-Security-Policy: " + std::string(pagePolicy()) + "\r\n";
}

std::string FolderAnswers::jsonFields(std::string_view path) const {
    return "Content-Type: application/json\r\n" + listFields(path);
}

// What a stranger can put into a page by its query, beside names that only who has a password sees, must not be compressed with them: the length would
// tell which of his guesses are right (BREACH).
void FolderAnswers::sendText(http::HttpProtocol &http, const http::RequestHead &head, const FolderRequest &request,
                             const std::string &fields, std::string_view text) {
    const bool isSecret = head.find("Authorization") && !request.query.empty();
    isSecret ? http.sendWhole(200, fields, text) : m_answers.sendText(http, head, fields, text);
}

os::OpenState FolderAnswers::answer(http::HttpProtocol &http, const http::RequestHead &head, const FolderRequest &request) {
    if (http::findVariable(request.query, "zip")) return sendArchive(http, request);
    if (http::findVariable(request.query, "action") == "change" && m_settings.uploadsHere() == Uploads::Replace)
        return sendChangePage(http, head, request);
    const auto words = http::findVariable(request.query, "search");
    if (words && !words->empty())
        return sendFound(http, head, request, percentDecoded(*words, true).value_or(std::string(*words)));
    return sendList(http, head, request);
}

os::OpenState FolderAnswers::sendList(http::HttpProtocol &http, const http::RequestHead &head, const FolderRequest &request) {
    auto state = os::OpenState::Failed;
    m_owner.noteShown(request.folder, request.path.substr(0, request.path.size() - 1));
    auto listing = listingOf(request, state);
    if (!listing) return state;
    const bool isJson = asksForJson(head);
    if (listing->readSome(kSmallFolder)) {
        isJson ? http.sendStream(200, jsonFields(request.path),
                                 std::make_unique<ListSource>(
                                     std::move(listing),
                                     jsonBeginning(m_settings.clientPath(request.path), m_settings.uploadsHere()), listedJson()))
               : sendLargePage(http, request, std::move(listing));
        return os::OpenState::Opened;
    }
    std::vector<os::FolderEntry> entries;
    while (const auto *entry = listing->next()) entries.push_back(*entry);
    if (isJson) {
        sendText(http, head, request, jsonFields(request.path),
                 folderJson(m_settings.clientPath(request.path), m_settings.uploadsHere(), entries));
        return os::OpenState::Opened;
    }
    const std::string readme = readmeHtml(request.path, *listing, m_settings.rootPath, m_taker, m_owner);
    const std::string shownPath = m_settings.clientPath(request.path);
    const FolderPageRequest page{shownPath, m_settings.title,        request.query, m_loop.wallSeconds(),
                                 readme,    m_settings.uploadsHere()};
    sendText(http, head, request, pageFields(request.path), folderPage(page, entries));
    return os::OpenState::Opened;
}

// What is not listed can't be changed either.
os::OpenState FolderAnswers::sendChangePage(http::HttpProtocol &http, const http::RequestHead &head,
                                            const FolderRequest &request) {
    const auto names = allValues(request.query, "name");
    const std::string name = names.empty() ? std::string() : names.front();
    const bool isOwn = request.path == "/" && name == kOwnFolder;
    const bool isName = !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos;
    if (!isName || isOwn || m_settings.guard.hidesName(name)) return os::OpenState::NotFound;
    const auto looked = m_settings.root->lookBelow(relativePath(std::string(request.path) + name));
    if (looked.state != os::OpenState::Opened) return looked.state;
    if (looked.info.kind == os::FileKind::Other || m_settings.guard.hidesPath(looked.where)) return os::OpenState::NotFound;
    const os::FolderEntry entry{name, looked.info, {}};
    sendText(http, head, request, pageFields(request.path),
             changePage(m_settings.clientPath(request.path), titleOf(request.path), entry));
    return os::OpenState::Opened;
}

void FolderAnswers::sendLargePage(http::HttpProtocol &http, const FolderRequest &request,
                                  std::unique_ptr<FolderListing> listing) {
    const std::string shownPath = m_settings.clientPath(request.path);
    const FolderPageRequest asked{shownPath, m_settings.title, request.query, m_loop.wallSeconds(), {}, m_settings.uploadsHere()};
    SplitPage page = largeFolderPage(asked);
    const auto ending = [path = std::string(request.path), rest = std::move(page.ending), rootPath = m_settings.rootPath,
                         &taker = m_taker, &owner = m_owner](const FolderListing &read) {
        std::string text = summaryText(read.folders(), read.files(), read.fileBytes());
        if (read.isCut()) text += ". There are more: search for those that are not shown.";
        // The list ends where the rest begins; behind it there is room for the README.
        const std::size_t at = rest.find(kRoomForReadme);
        return rest.substr(0, at) + "<p id=\"found\">" + text + "</p>\n" +
               readmeSection(readmeHtml(path, read, rootPath, taker, owner)) + rest.substr(at + kRoomForReadme.size());
    };
    http.sendStream(
        200, pageFields(request.path),
        std::make_unique<ListSource>(std::move(listing), std::move(page.beginning), listedRows(rowStyleOf(asked), ending)));
}

// Null, with `state`: why it can't be read.
std::unique_ptr<FolderListing> FolderAnswers::listingOf(const FolderRequest &request, os::OpenState &state) {
    auto failure = os::EditState::Failed;
    auto root = m_settings.root->again();
    auto folder = os::again(request.folder);
    auto reader = os::FolderReader::open(request.folder, failure);
    if (!root || !folder.isOpen() || !reader) {
        const bool isRefused = root && folder.isOpen() && failure == os::EditState::Refused;
        state = isRefused ? os::OpenState::Refused : os::OpenState::NoDescriptors;
        return nullptr;
    }
    const auto mayShow = [&settings = m_settings, isTop = request.path == "/"](const os::FolderEntry &entry) {
        // At the root that name is the engine's own: a link there would lead to something else.
        if (isTop && entry.name == kOwnFolder) return false;
        return !settings.guard.hidesName(entry.name) && !settings.guard.hidesPath(entry.where);
    };
    return std::make_unique<FolderListing>(std::move(root), std::move(folder), std::move(reader),
                                           std::string(request.path.substr(1)), sortFromQuery(request.query), mayShow);
}

os::OpenState FolderAnswers::sendFound(http::HttpProtocol &http, const http::RequestHead &head, const FolderRequest &request,
                                       std::string_view words) {
    auto found = walk(request, {});
    if (!found) return os::OpenState::NoDescriptors;
    const std::string_view start = request.path.substr(1);
    if (asksForJson(head)) {
        http.sendStream(200, jsonFields(request.path),
                        std::make_unique<SearchSource>(
                            std::move(*found), start, words,
                            jsonBeginning(m_settings.clientPath(request.path), m_settings.uploadsHere()), foundJson()));
        return os::OpenState::Opened;
    }
    const std::string shownPath = m_settings.clientPath(request.path);
    SplitPage page =
        searchPage({shownPath, m_settings.title, request.query, m_loop.wallSeconds(), {}, m_settings.uploadsHere()}, words);
    http.sendStream(200, pageFields(request.path),
                    std::make_unique<SearchSource>(std::move(*found), start, words, std::move(page.beginning),
                                                   foundRows(std::move(page.ending))));
    return os::OpenState::Opened;
}

os::OpenState FolderAnswers::sendArchive(http::HttpProtocol &http, const FolderRequest &request) {
    std::vector<std::string> names = allValues(request.query, "name");
    const std::string title = titleOf(request.path);
    // What was picked lies in no folder of its own.
    const std::string folderName = names.empty() ? title : std::string();
    auto all = walk(request, std::move(names));
    if (!all) return os::OpenState::NoDescriptors;
    http.sendStream(200, "Content-Type: application/zip\r\nCache-Control: no-cache\r\n" + attachmentField(title + ".zip"),
                    std::make_unique<ZipSource>(std::move(*all), request.path.substr(1), folderName, m_checksums));
    return os::OpenState::Opened;
}

// A root and its path of its own: the settings' may be others before the walk is at its end.
std::unique_ptr<FolderWalk> FolderAnswers::walk(const FolderRequest &request, std::vector<std::string> names) {
    auto root = m_settings.root->again();
    if (!root) return nullptr;
    // A walk asks for each file of a folder after the other: the answer about the latest folder is kept.
    const auto mayShow = [&settings = m_settings, rootPath = m_settings.rootPath, &taker = m_taker, &owner = m_owner,
                          visited = std::string(request.path), folder = std::string(),
                          isAlike = false](const os::Root &walked, std::string_view path) mutable {
        const bool isOwn = path.substr(1).starts_with(kOwnFolder) && path.substr(1 + kOwnFolder.size()).starts_with('/');
        if (isOwn || settings.guard.hidesPath(path)) return false;
        // The text of a script is nobody's business.
        if (!path.ends_with('/') && taker.takes(rootPath, relativePath(path))) return false;
        const std::string_view where = path.substr(0, path.rfind('/') + 1);
        if (folder != where) {
            folder = where;
            isAlike = owner.showsAlike(walked, visited, where);
        }
        return isAlike;
    };
    return std::make_unique<FolderWalk>(std::move(root), std::string(request.path.substr(1)), std::move(names), mayShow);
}

std::string FolderAnswers::titleOf(std::string_view path) const {
    if (path == "/") return m_settings.title;
    path.remove_suffix(1);
    return std::string(path.substr(path.rfind('/') + 1));
}

}  // namespace meerkat::files
