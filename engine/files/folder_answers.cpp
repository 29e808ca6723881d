#include "files/folder_answers.h"

#include "base/encodings.h"
#include "base/text.h"
#include "files/folder_json.h"
#include "files/folder_page.h"
#include "files/folder_search.h"
#include "files/folder_sort.h"
#include "files/markdown.h"
#include "files/zip_source.h"
#include "http/form.h"
#include "http/http_protocol.h"

#include <algorithm>

namespace meerkat::files {

namespace {

constexpr std::size_t kLongestReadme = 128 * 1024;
constexpr std::size_t kMostNames = 10'000;
// The first that is there.
constexpr std::string_view kReadmes[] = {"README.md", "README.txt", "README"};
// A page and its JSON have one address.
constexpr std::string_view kListFields = "Cache-Control: no-cache\r\nVary: Accept\r\n";

std::string pageFields() {
    return "Content-Type: text/html; charset=utf-8\r\n" + std::string(kListFields) +
           "Content-Security-Policy: " + std::string(pagePolicy()) + "\r\n";
}

std::string jsonFields() { return "Content-Type: application/json\r\n" + std::string(kListFields); }

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

}  // namespace

os::OpenState FolderAnswers::answer(http::HttpProtocol &http, const http::RequestHead &head, const FolderRequest &request) {
    if (http::findVariable(request.query, "zip")) return sendArchive(http, request);
    const auto words = http::findVariable(request.query, "search");
    if (words && !words->empty())
        return sendFound(http, head, request, percentDecoded(*words, true).value_or(std::string(*words)));
    return sendList(http, head, request);
}

os::OpenState FolderAnswers::sendList(http::HttpProtocol &http, const http::RequestHead &head, const FolderRequest &request) {
    const PathGuard &guard = m_settings.guard;
    std::vector<os::FolderEntry> entries;
    const auto state = m_settings.root->list(request.folder, relativePath(request.path), [&](os::FolderEntry &&entry) {
        // At the root that name is the engine's own: a link there would lead to something else.
        const bool isOwn = request.path == "/" && entry.name == kOwnFolder;
        if (!isOwn && !guard.hidesName(entry.name) && !guard.hidesPath(entry.where)) entries.push_back(std::move(entry));
        return true;
    });
    if (state != os::OpenState::Opened) return state;
    if (asksForJson(head)) {
        sortEntries(entries, sortFromQuery(request.query));
        http.sendWhole(200, jsonFields(), folderJson(request.path, entries));
        return state;
    }
    const std::string readme = readmeHtml(request.path, entries);
    const FolderPageRequest page{request.path, m_settings.title, request.query, m_loop.wallSeconds(), readme};
    http.sendWhole(200, pageFields(), folderPage(page, entries));
    return state;
}

os::OpenState FolderAnswers::sendFound(http::HttpProtocol &http, const http::RequestHead &head, const FolderRequest &request,
                                       std::string_view words) {
    auto found = walk(request, {});
    if (!found) return os::OpenState::NoDescriptors;
    const std::string_view start = request.path.substr(1);
    if (asksForJson(head)) {
        http.sendStream(
            200, jsonFields(),
            std::make_unique<SearchSource>(std::move(*found), start, words, jsonBeginning(request.path), foundJson()));
        return os::OpenState::Opened;
    }
    SearchPage page = searchPage({request.path, m_settings.title, request.query, m_loop.wallSeconds(), {}}, words);
    http.sendStream(200, pageFields(),
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
                    std::make_unique<ZipSource>(std::move(*all), request.path.substr(1), folderName));
    return os::OpenState::Opened;
}

// A root of its own: the settings' may be another one before the walk is at its end.
std::unique_ptr<FolderWalk> FolderAnswers::walk(const FolderRequest &request, std::vector<std::string> names) {
    auto root = os::Root::open(m_settings.rootPath);
    if (!root) return nullptr;
    const auto mayShow = [&settings = m_settings, &taker = m_taker, &owner = m_owner,
                          visited = std::string(request.path)](std::string_view path) {
        const bool isOwn = path.substr(1).starts_with(kOwnFolder) && path.substr(1 + kOwnFolder.size()).starts_with('/');
        if (isOwn || settings.guard.hidesPath(path)) return false;
        // The text of a script is nobody's business.
        if (!path.ends_with('/') && taker.takes(relativePath(path))) return false;
        return owner.showsAlike(visited, path);
    };
    return std::make_unique<FolderWalk>(std::move(*root), std::string(request.path.substr(1)), std::move(names), mayShow);
}

std::string FolderAnswers::titleOf(std::string_view path) const {
    if (path == "/") return m_settings.title;
    path.remove_suffix(1);
    return std::string(path.substr(path.rfind('/') + 1));
}

// "" where there is none to show.
std::string FolderAnswers::readmeHtml(std::string_view path, const std::vector<os::FolderEntry> &entries) {
    for (const std::string_view wanted : kReadmes) {
        const auto entry = std::find_if(entries.begin(), entries.end(), [&](const os::FolderEntry &each) {
            return each.info.kind == os::FileKind::Regular && equalsIgnoringCase(each.name, wanted);
        });
        if (entry == entries.end() || entry->info.size > kLongestReadme) continue;
        const std::string place = std::string(path) + entry->name;
        if (!entry->where.empty() && !m_owner.showsAlike(path, entry->where)) continue;
        if (m_taker.takes(relativePath(place))) continue;
        const auto opened = m_settings.root->openBelow(relativePath(place));
        if (opened.state != os::OpenState::Opened) continue;
        std::string text(static_cast<std::size_t>(std::min<std::uint64_t>(opened.info.size, kLongestReadme)), '\0');
        const auto read = opened.file.readAt(0, text);
        if (!read || *read == 0) continue;
        text.resize(*read);
        std::string html = wanted.ends_with(".md") ? markdownHtml(text) : plainHtml(text);
        if (!html.empty()) return html;
    }
    return {};
}

}  // namespace meerkat::files
