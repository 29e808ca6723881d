#include "server/script_pages.h"

#include "base/encodings.h"
#include "base/pattern.h"
#include "http/http_protocol.h"
#include "scripts/cgi_answer.h"
#include "scripts/ssi_answer.h"

namespace meerkat::server {

namespace {

// The folder of an absolute path.
std::string folderOf(const std::string &file) {
    const std::size_t slash = file.rfind('/');
    return slash == 0 ? "/" : file.substr(0, slash);
}

}  // namespace

// A page under way, and what it may see of the served folder. What asks for another password than the page did is nothing that the page may show.
class ScriptPages::Page final : public scripts::SsiSite, private scripts::SsiFiles {
  public:
    Page(const ScriptPages &pages, const files::FoundFile &file, scripts::RequestVariables request, std::int64_t nowSeconds)
        : m_pages(pages), m_served(pages.served()), m_path("/" + file.relative), m_request(std::move(request)),
          m_page(*this, m_request, nowSeconds, pages.m_settings.runsFromPages) {}

    const std::string &path() const { return m_path; }
    // For what is done in later passes, when the settings' root may be another one. False: there is no descriptor for that.
    bool keepRoot() {
        m_kept = m_served.root->again();
        m_served.root = m_kept.get();
        return m_kept != nullptr;
    }

    // scripts::SsiSite
    scripts::SsiPage &page() override { return m_page; }
    std::optional<os::ProcessPlan> planFor(const scripts::SsiWish &wish) override;
    // What the page holds depends on more than its file: no validator could be true, and none is given.
    void send(http::HttpProtocol &http, std::string_view text) override {
        const std::string_view type = m_pages.m_files.types.typeOf(m_path.substr(m_path.rfind('/') + 1));
        http.sendWhole(200, "Content-Type: " + std::string(type) + "\r\nCache-Control: no-cache\r\n", text);
    }

  private:
    // scripts::SsiFiles
    os::OpenOutcome open(std::string_view path) override;
    bool isPage(std::string_view path) const override { return m_pages.isPage(m_served.path, files::relativePath(path)); }
    bool isScript(std::string_view path) const override { return m_pages.isScript(m_served.path, files::relativePath(path)); }

    bool mayShow(std::string_view path) const { return m_served.root && m_pages.mayShow(*m_served.root, m_path, path); }
    std::optional<os::ProcessPlan> planForShell(const std::string &command) const;

    const ScriptPages &m_pages;
    Served m_served;
    std::unique_ptr<os::Root> m_kept;
    std::string m_path;
    scripts::RequestVariables m_request;
    scripts::SsiPage m_page;
};

os::OpenOutcome ScriptPages::Page::open(std::string_view path) {
    if (!mayShow(path)) return {os::OpenState::NotFound};
    auto opened = m_served.root->openBelow(files::relativePath(path));
    if (!opened.where.empty() && !mayShow(opened.where)) return {os::OpenState::NotFound};
    return opened;
}

std::optional<os::ProcessPlan> ScriptPages::Page::planFor(const scripts::SsiWish &wish) {
    if (!wish.shellCommand.empty()) return planForShell(wish.shellCommand);
    const auto relative = files::relativePath(wish.path);
    if (!mayShow(wish.path)) return std::nullopt;
    auto looked = m_served.root->lookBelow(relative);
    const bool isSeen = looked.state == os::OpenState::Opened && (looked.where.empty() || mayShow(looked.where));
    if (!isSeen || !m_pages.isScriptFile(m_served.path, relative, looked)) return std::nullopt;
    const auto place = placeOf(m_served, {std::string(relative), {}, std::move(looked)});
    if (!place) return std::nullopt;
    scripts::RequestVariables request = m_page.variables();
    request["REQUEST_METHOD"] = "GET";
    request.erase("CONTENT_TYPE");
    if (wish.query) request["QUERY_STRING"] = *wish.query;
    return m_pages.planFor(*place, request);
}

std::optional<os::ProcessPlan> ScriptPages::Page::planForShell(const std::string &command) const {
    const auto root = m_served.root->whereItIs();
    if (!root) return std::nullopt;
    os::ProcessPlan plan;
    plan.shellCommand = command;
    plan.folder = folderOf(*root + m_path);
    plan.environment = scripts::environmentOf(m_page.variables(), os::inheritedEnvironment());
    return plan;
}

// ---- which files ----

bool ScriptPages::fits(std::string_view pattern, std::string_view rootPath, std::string_view relative) {
    if (pattern.empty()) return false;
    std::string path(rootPath);
    if (!path.ends_with('/')) path.push_back('/');
    return matchPattern(pattern, path.append(relative)) >= 0;
}

bool ScriptPages::isScriptFile(std::string_view rootPath, std::string_view relative, const os::OpenOutcome &looked) const {
    if (looked.info.kind != os::FileKind::Regular) return false;
    return isScript(rootPath, relative) || (!looked.where.empty() && isScript(rootPath, files::relativePath(looked.where)));
}

bool ScriptPages::mayShow(const os::Root &root, std::string_view page, std::string_view path) const {
    return !m_files.guard.hidesPath(path) && m_guard.admitsAlike(root, page, path);
}

// ---- pages ----

void ScriptPages::serve(http::HttpProtocol &http, const http::RequestHead &head, files::FoundFile file) {
    if (isScriptFile(m_files.rootPath, file.relative, file.opened)) return run(http, head, file, {});
    servePage(http, head, file);
}

void ScriptPages::servePage(http::HttpProtocol &http, const http::RequestHead &head, const files::FoundFile &file) {
    scripts::RequestVariables variables = scripts::requestVariables(factsOf(http, head));
    const std::string &query = variables["QUERY_STRING"];
    variables["QUERY_STRING_UNESCAPED"] = percentDecoded(query).value_or(query);
    auto page = std::make_unique<Page>(*this, file, std::move(variables), http.service().loop.wallSeconds());
    const scripts::SsiOutcome outcome = page->page().make(page->path(), file.opened.file, file.opened.info);
    switch (outcome.state) {
    case scripts::SsiState::Made:
        return page->send(http, outcome.text);
    case scripts::SsiState::TooLarge:
    case scripts::SsiState::Failed:
        return http.refuse(500);
    case scripts::SsiState::Waiting:
        break;
    }
    if (!page->keepRoot()) return http.refuse(503, "Retry-After: 1\r\n");
    auto answer = std::make_unique<scripts::SsiAnswer>(m_pool, http, std::move(page));
    scripts::SsiAnswer &begun = *answer;
    http.entrust(std::move(answer));
    begun.begin();
}

// ---- scripts ----

scripts::RequestFacts ScriptPages::factsOf(const http::HttpProtocol &http, const http::RequestHead &head) const {
    const net::Connection &connection = http.connection();
    return {head, connection.peer(), connection.local(), connection.isTls(), m_users.userOf(connection), m_files.asked};
}

// Behind a link it is the file that was looked at, whoever turns the link meanwhile.
std::optional<scripts::ScriptPlace> ScriptPages::placeOf(const Served &served, const files::FoundFile &script) {
    if (!served.root) return std::nullopt;
    auto root = served.root->whereItIs();
    if (!root) return std::nullopt;
    const std::string name = "/" + script.relative;
    scripts::ScriptPlace place;
    place.file = *root + (script.opened.where.empty() ? name : script.opened.where);
    place.root = std::move(*root);
    place.name = script.relative == served.onlyFile ? served.mount : served.mount + name;
    place.pathInfo = script.beyond;
    return place;
}

os::ProcessPlan ScriptPages::planFor(const scripts::ScriptPlace &place, const scripts::RequestVariables &request) const {
    os::ProcessPlan plan;
    if (!m_settings.cgiInterpreter.empty()) plan.arguments.push_back(m_settings.cgiInterpreter);
    plan.arguments.push_back(place.file);
    plan.folder = folderOf(place.file);
    plan.environment = scripts::environmentOf(scripts::scriptVariables(request, place), os::inheritedEnvironment());
    return plan;
}

void ScriptPages::run(http::HttpProtocol &http, const http::RequestHead &head, const files::FoundFile &script,
                      std::string_view body) {
    auto place = placeOf(served(), script);
    if (!place) return http.refuse(500);
    if (!body.empty() || head.hasContentLength || head.isChunked) place->contentLength = body.size();
    auto plan = planFor(*place, scripts::requestVariables(factsOf(http, head)));
    auto answer = std::make_unique<scripts::CgiAnswer>(m_pool, http, std::move(plan), m_settings.cgiInterpreter.empty());
    scripts::CgiAnswer &begun = *answer;
    http.entrust(std::move(answer));
    begun.begin(body);
}

std::unique_ptr<http::BodySink> ScriptPages::awaitBody(http::HttpProtocol &http, const http::RequestHead &head,
                                                       const files::FoundFile &script) {
    auto place = placeOf(served(), script);
    if (!place) return http.refuse(500), nullptr;
    if (!head.isChunked) place->contentLength = head.contentLength;
    auto plan = planFor(*place, scripts::requestVariables(factsOf(http, head)));
    auto answer = std::make_unique<scripts::CgiAnswer>(m_pool, http, std::move(plan), m_settings.cgiInterpreter.empty());
    int status = 0;
    auto sink = head.isChunked ? answer->beginChunked(status) : answer->beginSized(head.contentLength);
    if (!sink) return http.refuse(status, status == 503 ? "Retry-After: 1\r\n" : ""), nullptr;
    http.entrust(std::move(answer));
    return sink;
}

}  // namespace meerkat::server
