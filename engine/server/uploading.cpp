// The part of the server about PUT: who may, where to, and what is answered.
#include "dav/put.h"
#include "http/url.h"
#include "server/rewriting.h"
#include "server/server.h"

namespace meerkat::server {

namespace {

constexpr std::string_view kThereAlready = "Something with this name is there already.";
constexpr std::string_view kNoFolder = "The folder for this is not there.";

std::optional<std::string> pathOf(const http::RequestHead &head) {
    const auto target = http::parseTarget(head.target, false);
    return target ? http::cleanPath(target->path) : std::nullopt;
}

}  // namespace

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

// What a script does with a PUT is its own business, and where no script stands visitors may put files.
bool Server::isForDisk(const http::RequestHead &head) {
    if (head.method != http::Method::Put || !takesFiles()) return false;
    return !m_settings.guard.davFile.empty() || !leadsToScript(head);
}

// A body that is too large for memory: the program may answer for it, but does not see it.
http::BodyDecision Server::onBodyOverflow(http::HttpProtocol &http, const http::RequestHead &head) {
    if (!isDeclined(http, head, {})) return {};
    const bool isPosted = isForm(head) && !leadsToScript(head);
    auto decision = isForDisk(head) ? beginUpload(http, head) : isPosted ? beginForm(http, head) : beginScript(http, head);
    m_program.endRequest(http);
    return decision;
}

// A body that is for the disk.
http::BodyDecision Server::beginUpload(http::HttpProtocol &http, const http::RequestHead &head) {
    if (!http.connection().isOpen()) return {};
    Serving serving(*this, head);
    if (!serving.begin(http) || !letsPass(http, head) || !isOfThisSite(http, head)) return {};
    if (isPiece(head)) return beginPiece(http, head);
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

os::Replacing Server::replacing() const {
    const bool isVisitor = m_settings.guard.davFile.empty();
    return isVisitor && m_settings.files.uploads != files::Uploads::Replace ? os::Replacing::No : os::Replacing::Yes;
}

// Why a PUT was refused, where the status alone says too little.
void Server::refusePut(http::HttpProtocol &http, int status, std::string_view path, std::string_view fields) {
    const bool isThere = status == 409 && m_settings.files.root && m_settings.files.root->hasName(files::relativePath(path));
    const std::string_view sentence = status == 409 ? (isThere ? kThereAlready : kNoFolder) : std::string_view{};
    const std::string more = status == 405 ? std::string(allowedFields()) : status == 503 ? "Retry-After: 1\r\n" : "";
    refuseSaying(http, status, sentence, more + std::string(fields));
}

// Null: refused, and answered.
std::unique_ptr<dav::Put> Server::openUpload(http::HttpProtocol &http, const http::RequestHead &head) {
    const auto path = pathOf(head);
    // A part of a file that this server would take for the whole of it (RFC 9110 section 14.4).
    int status = head.find("Content-Range") ? 400 : 0;
    if (!path || status != 0) return http.refuse(400), nullptr;
    if (!letsVisitorPut(http, head, *path)) return nullptr;
    std::unique_ptr<dav::Put> put;
    for (int freed = 0;; ++freed) {
        status = uploadRefusal(*path);
        if (status == 0 && !m_dav.letsPut(http, head, *path)) return nullptr;
        const dav::Put::Asked asked{std::string_view(*path).substr(1), replacing(), head.isChunked ? 0 : head.contentLength};
        if (status == 0) put = dav::Put::begin(*m_settings.files.root, asked, head, m_loop->wallSeconds(), status);
        if (status != 503 || freed == files::kMostFreed || !freeDescriptor()) break;
    }
    if (!put) return refusePut(http, status, *path, {}), nullptr;
    m_leftovers.note(put->folder(), path->substr(0, path->rfind('/')));
    return put;
}

void Server::upload(http::HttpProtocol &http, const http::RequestHead &head, std::string_view body) {
    if (isPiece(head)) return takePiece(http, head, body);
    const auto put = openUpload(http, head);
    if (!put) return;
    if (const int status = put->take(body); status != 0) return http.refuse(status);
    finishUpload(http, *put);
}

// Somebody may have locked the place while the body came.
void Server::finishUpload(http::HttpProtocol &http, dav::Put &put) {
    const http::RequestHead &head = *http.head();
    const auto path = pathOf(head);
    if (!path) return http.refuse(400);
    if (!m_dav.letsPut(http, head, *path)) return;
    if (put.isNew()) m_dav.forgetProperties(*path);
    const int status = put.finish();
    if (status >= 400) return refusePut(http, status, *path, {});
    http.sendWhole(status, {}, {});
}

}  // namespace meerkat::server
