// Station: a request that the engine answers itself -> the site, the path in it and the lines that its answers get. From server, before passwords and files.
#pragma once

#include "server/server.h"

#include <string>
#include <string_view>

namespace meerkat::server {

// While it lives, url_rewrites is applied: the settings' files are those of the request's site, and the head's target leads there, so that whoever asks for
// passwords or opens files knows nothing of it. What is sent has the lines of extra_headers and the like. Costs nothing where no such option is set.
class Server::Serving final : private http::AddedFields {
  public:
    Serving(Server &server, const http::RequestHead &head);
    ~Serving() override;
    Serving(const Serving &) = delete;
    Serving &operator=(const Serving &) = delete;

    // False: the request was answered, with a redirect or as a preflight.
    bool begin(http::HttpProtocol &http);
    // The same, but nothing is answered: false where begin would.
    bool leads();

  private:
    // http::AddedFields
    void appendForPath(std::string &out) const override;
    void appendForClient(std::string &out) const override;

    bool answersPreflight();
    bool follow(const files::RuleMatch &match, std::string_view query, bool hasQuery);
    void redirect(int status, const std::string &location);
    files::FileSettings &files() const { return m_server.m_settings.files; }

    Server &m_server;
    const http::RequestHead &m_head;
    http::HttpProtocol *m_http = nullptr;  // that is answered
    std::string m_target;                  // where a rewrite led
    std::string m_lines;                   // the program's
};

// While it lives, the head of a request that is being served is as the client sent it: for a program and for logs.
class Server::AsAsked {
  public:
    explicit AsAsked(Server &server) : m_head(server.m_service.head), m_rewritten(m_head.target) {
        if (!server.m_settings.files.asked.empty()) m_head.target = server.m_settings.files.asked;
    }
    ~AsAsked() { m_head.target = m_rewritten; }
    AsAsked(const AsAsked &) = delete;
    AsAsked &operator=(const AsAsked &) = delete;

  private:
    http::RequestHead &m_head;
    std::string_view m_rewritten;
};

}  // namespace meerkat::server
