// Station: files that are more than their text -> their answer: pages with commands (SSI) and scripts (CGI). From files/static_files, which asks before
// it gives a file out, and from server, which has a body for a script; to scripts/cgi_answer and ssi_answer.
#pragma once

#include "access/guard.h"
#include "files/static_files.h"
#include "scripts/program_pool.h"
#include "scripts/request_variables.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace meerkat::server {

// What a person can set about them.
struct ScriptSettings {
    std::string ssiPattern;
    std::string cgiPattern;
    std::string cgiInterpreter;  // an absolute path; "": each script runs itself
    std::int64_t cgiTimeoutMs = 0;
    std::size_t cgiMaxProcesses = 0;
    bool runsFromPages = false;  // ssi_exec
};

// Who knows who sent a request.
class UserTeller {
  public:
    virtual ~UserTeller() = default;
    // "" for nobody.
    virtual std::string userOf(const net::Connection &connection) const = 0;
};

class ScriptPages final : public files::FileTaker {
  public:
    ScriptPages(net::EventLoop &loop, const files::FileSettings &files, const access::Guard &guard,
                const ScriptSettings &settings, const UserTeller &users)
        : m_files(files), m_guard(guard), m_settings(settings), m_users(users), m_pool(loop) {}

    // After a change of the settings.
    void follow() { m_pool.setLimits(m_settings.cgiMaxProcesses, m_settings.cgiTimeoutMs); }
    // To be called once a pass; and when the next is due at the latest, -1 for whenever.
    void advance() { m_pool.advance(); }
    std::int64_t untilDueMs() const { return m_pool.untilDueMs(); }

    // files::FileTaker
    bool takes(std::string_view rootPath, std::string_view relative) const override {
        return isPage(rootPath, relative) || isScript(rootPath, relative);
    }
    bool isScript(std::string_view rootPath, std::string_view relative) const override {
        return fits(m_settings.cgiPattern, rootPath, relative);
    }
    void serve(http::HttpProtocol &http, const http::RequestHead &head, files::FoundFile file) override;

    // A script, with a body that lives until the answer ends.
    void run(http::HttpProtocol &http, const http::RequestHead &head, const files::FoundFile &script, std::string_view body);
    // The same with a body that is to come. Null: it was refused, and is answered.
    std::unique_ptr<http::BodySink> awaitBody(http::HttpProtocol &http, const http::RequestHead &head,
                                              const files::FoundFile &script);

  private:
    class Page;

    // The served folder that a request is for.
    struct Served {
        const os::Root *root = nullptr;
        std::string path;      // as it was given
        std::string mount;     // what stands before a path in it, for the client
        std::string onlyFile;  // the one that the client knows by that name alone; mostly ""
    };

    Served served() const { return {m_files.root, m_files.rootPath, m_files.mount, m_files.site->onlyFile}; }
    bool isPage(std::string_view rootPath, std::string_view relative) const {
        return fits(m_settings.ssiPattern, rootPath, relative);
    }
    static bool fits(std::string_view pattern, std::string_view rootPath, std::string_view relative);
    bool isScriptFile(std::string_view rootPath, std::string_view relative, const os::OpenOutcome &looked) const;
    bool mayShow(const os::Root &root, std::string_view page, std::string_view path) const;
    void servePage(http::HttpProtocol &http, const http::RequestHead &head, const files::FoundFile &file);
    scripts::RequestFacts factsOf(const http::HttpProtocol &http, const http::RequestHead &head) const;
    static std::optional<scripts::ScriptPlace> placeOf(const Served &served, const files::FoundFile &script);
    os::ProcessPlan planFor(const scripts::ScriptPlace &place, const scripts::RequestVariables &request) const;

    const files::FileSettings &m_files;
    const access::Guard &m_guard;
    const ScriptSettings &m_settings;
    const UserTeller &m_users;
    scripts::ProgramPool m_pool;
};

}  // namespace meerkat::server
