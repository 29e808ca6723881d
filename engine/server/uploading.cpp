// The part of the server about PUT: who may, where to, and what is answered.
#include "http/url.h"
#include "server/server.h"

namespace meerkat::server {

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
    if (!http.connection().isOpen() || !letsPass(http, head)) return {};
    http::BodyDecision decision;
    decision.sink = openUpload(http, head);
    if (!decision.sink) return decision;
    decision.plan = http::BodyPlan::Stream;
    decision.limit = UINT64_MAX;
    return decision;
}

// 0, or why nothing may be put there: what is hidden from visitors, also behind a link to its folder, is not there for them to change.
int Server::uploadRefusal(std::string_view path) const {
    const files::PathGuard &guard = m_settings.files.guard;
    if (guard.hidesPath(path)) return 404;
    const auto folder = m_settings.files.root->lookBelow(files::relativePath(path.substr(0, path.rfind('/'))));
    if (folder.state == os::OpenState::NoDescriptors) return 503;
    return guard.hidesPath(folder.where) ? 404 : 0;
}

// Null: refused, and answered.
std::unique_ptr<dav::Put> Server::openUpload(http::HttpProtocol &http, const http::RequestHead &head) {
    const auto target = http::parseTarget(head.target, false);
    const auto path = target ? http::cleanPath(target->path) : std::nullopt;
    int status = 400;
    std::unique_ptr<dav::Put> put;
    for (int freed = 0; path; ++freed) {
        status = uploadRefusal(*path);
        if (status == 0)
            put = dav::Put::begin(*m_settings.files.root, std::string_view(*path).substr(1), head, m_loop->wallSeconds(), status);
        if (status != 503 || freed == files::kMostFreed || !freeDescriptor()) break;
    }
    if (!put) http.refuse(status, status == 405 ? files::kAllowedFields : status == 503 ? "Retry-After: 1\r\n" : "");
    return put;
}

void Server::upload(http::HttpProtocol &http, const http::RequestHead &head, std::string_view body) {
    const auto put = openUpload(http, head);
    if (!put) return;
    if (const int status = put->take(body); status != 0) return http.refuse(status);
    put->finish(http);
}

}  // namespace meerkat::server
