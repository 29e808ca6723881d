// The part of the server about PUT: who may, where to, and what is answered.
#include "http/url.h"
#include "server/rewriting.h"
#include "server/server.h"

namespace meerkat::server {

// A body on its way to the disk.
class Server::Upload final : public http::BodySink {
  public:
    Upload(Server &server, std::unique_ptr<dav::Put> put) : m_server(server), m_put(std::move(put)) {}
    int take(std::string_view bytes) override { return m_put->take(bytes); }
    // The answer destroys this object.
    void finish(http::HttpProtocol &http) override {
        const auto put = std::move(m_put);
        m_server.finishUpload(http, *put);
    }

  private:
    Server &m_server;
    std::unique_ptr<dav::Put> m_put;
};

// A body that is too large for memory: the program may answer for it, but does not see it.
http::BodyDecision Server::onBodyOverflow(http::HttpProtocol &http, const http::RequestHead &head) {
    if (!isDeclined(http, head, {})) return {};
    const bool isUpload = head.method == http::Method::Put && takesUploads();
    auto decision = isUpload ? beginUpload(http, head) : beginScript(http, head);
    m_program.endRequest(http);
    return decision;
}

// A body that is for the disk.
http::BodyDecision Server::beginUpload(http::HttpProtocol &http, const http::RequestHead &head) {
    if (!http.connection().isOpen()) return {};
    Serving serving(*this, head);
    if (!serving.begin(http) || !letsPass(http, head)) return {};
    http::BodyDecision decision;
    auto put = openUpload(http, head);
    if (!put) return decision;
    decision.sink = std::make_unique<Upload>(*this, std::move(put));
    decision.plan = http::BodyPlan::Stream;
    decision.limit = UINT64_MAX;
    return decision;
}

// 0, or why nothing may be put there: what is hidden from visitors, also behind a link to its folder, is not there for them to change.
int Server::uploadRefusal(std::string_view path) const {
    if (hides(path)) return 404;
    const auto folder = m_settings.files.root->lookBelow(files::relativePath(path.substr(0, path.rfind('/'))));
    if (folder.state == os::OpenState::NoDescriptors) return 503;
    return hides(folder.where) ? 404 : 0;
}

// Null: refused, and answered.
std::unique_ptr<dav::Put> Server::openUpload(http::HttpProtocol &http, const http::RequestHead &head) {
    const auto target = http::parseTarget(head.target, false);
    const auto path = target ? http::cleanPath(target->path) : std::nullopt;
    int status = 400;
    std::unique_ptr<dav::Put> put;
    for (int freed = 0; path; ++freed) {
        status = uploadRefusal(*path);
        if (status == 0 && !m_dav.letsPut(http, head, *path)) return nullptr;
        if (status == 0)
            put = dav::Put::begin(*m_settings.files.root, std::string_view(*path).substr(1), head, m_loop->wallSeconds(), status);
        if (status != 503 || freed == files::kMostFreed || !freeDescriptor()) break;
    }
    if (!put) http.refuse(status, status == 405 ? allowedFields() : status == 503 ? "Retry-After: 1\r\n" : "");
    return put;
}

void Server::upload(http::HttpProtocol &http, const http::RequestHead &head, std::string_view body) {
    const auto put = openUpload(http, head);
    if (!put) return;
    if (const int status = put->take(body); status != 0) return http.refuse(status);
    finishUpload(http, *put);
}

// Somebody may have locked the place while the body came.
void Server::finishUpload(http::HttpProtocol &http, dav::Put &put) {
    const http::RequestHead &head = *http.head();
    const auto target = http::parseTarget(head.target, false);
    const auto path = target ? http::cleanPath(target->path) : std::nullopt;
    if (!path) return http.refuse(400);
    if (!m_dav.letsPut(http, head, *path)) return;
    if (put.isNew()) m_dav.forgetProperties(*path);
    const int status = put.finish();
    if (status >= 400) return http.refuse(status);
    http.sendWhole(status, {}, {});
}

}  // namespace meerkat::server
