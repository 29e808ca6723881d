// The part of the server about a PUT of a piece: how much of the file is there, what comes next, and when it is whole.
#include "base/encodings.h"
#include "base/text.h"
#include "dav/pieces.h"
#include "dav/put.h"
#include "http/content_range.h"
#include "http/url.h"
#include "server/rewriting.h"
#include "server/server.h"

namespace meerkat::server {

namespace {

constexpr std::string_view kNoPiece =
    "This part of a file can't be placed: it was announced in a way that is not understood here.";

std::string offsetField(std::uint64_t offset) { return "Upload-Offset: " + std::to_string(offset) + "\r\n"; }

std::size_t countOf(const http::RequestHead &head, std::string_view name) {
    std::size_t count = 0;
    for (const auto &field : head.headers()) count += equalsIgnoringCase(field.name, name) ? 1 : 0;
    return count;
}

// What a request says of the piece that it brings, or asks for.
struct AskedPiece {
    std::string path;
    std::string_view id;
    http::ContentRange range;
};

// Nothing (400) if it can't be understood.
std::optional<AskedPiece> askedPiece(const http::RequestHead &head) {
    const auto target = http::parseTarget(head.target, false);
    const auto path = target ? http::cleanPath(target->path) : std::nullopt;
    const auto range = http::parseContentRange(head.find("Content-Range").value_or(""));
    const auto id = head.find("Upload-Id");
    if (!path || !range || countOf(head, "Content-Range") != 1 || countOf(head, "Upload-Id") > 1) return std::nullopt;
    if (id && !dav::isUploadId(*id)) return std::nullopt;
    const bool isOfSize = head.isChunked ? range->hasBytes : head.contentLength == range->size();
    if (!isOfSize) return std::nullopt;
    return AskedPiece{*path, id.value_or(""), *range};
}

}  // namespace

// A piece on its way to the disk.
class Server::PieceUpload final : public http::BodySink {
  public:
    PieceUpload(Server &server, std::unique_ptr<dav::Piece> piece) : m_server(server), m_piece(std::move(piece)) {}
    int take(std::string_view bytes) override { return m_piece->take(bytes); }
    // The answer destroys this object.
    void finish(http::HttpProtocol &http) override {
        const auto piece = std::move(m_piece);
        m_server.finishPiece(http, *piece);
    }

  private:
    Server &m_server;
    std::unique_ptr<dav::Piece> m_piece;
};

bool Server::isPiece(const http::RequestHead &head) const {
    return m_settings.files.uploadsHere() != files::Uploads::No && head.find("Content-Range");
}

// False: there is no folder for it; refused, and answered.
bool Server::findPiecePlace(http::HttpProtocol &http, std::string_view path, dav::PieceOwner owner, dav::PiecePlace &place) {
    const std::size_t slash = path.rfind('/');
    int status = path.size() == slash + 1 ? 405 : 0;
    os::OpenOutcome folder;
    for (int freed = 0; status == 0; ++freed) {
        folder = m_settings.files.root->openBelow(files::relativePath(path.substr(0, slash)));
        if (folder.state != os::OpenState::NoDescriptors || freed == files::kMostFreed || !freeDescriptor()) break;
    }
    if (status == 0) status = hides(folder.where) ? 404 : dav::folderStatus(folder);
    if (status != 0) return refusePut(http, status, path, {}), false;
    place.folder = std::move(folder.file);
    place.folderPath = folder.where.empty() ? std::string(path.substr(0, slash)) : folder.where == "/" ? "" : folder.where;
    place.name = path.substr(slash + 1);
    const auto &ip = http.connection().peer().ip;
    const std::string user = userOf(http), address = hexLower({reinterpret_cast<const char *>(ip.data()), ip.size()});
    owner.user = user;
    owner.address = address;
    owner.path = path;
    place.hidden = dav::hiddenNameOf(owner);
    return true;
}

// Null: it is answered, as a question or a refusal.
std::unique_ptr<dav::Piece> Server::openPiece(http::HttpProtocol &http, const http::RequestHead &head) {
    const auto asked = askedPiece(head);
    if (!asked) return refuseSaying(http, 400, kNoPiece), nullptr;
    const std::string &path = asked->path;
    if (!letsVisitorPut(http, head, path)) return nullptr;
    if (hides(path)) return http.refuse(404), nullptr;
    if (!m_dav.letsPut(http, head, path)) return nullptr;
    dav::PiecePlace place;
    if (!findPiecePlace(http, path, {{}, {}, asked->id, {}, asked->range.total}, place)) return nullptr;
    m_leftovers.note(place.folder, place.folderPath);
    const int finished = asked->range.hasBytes ? 0 : m_pieces.finishedStatus(place, asked->range.total);
    if (finished != 0) return http.sendWhole(finished, offsetField(asked->range.total), {}), nullptr;
    const os::Root &root = *m_settings.files.root;
    const std::string_view relative = files::relativePath(path);
    int status = dav::placeStatus(root, relative, root.lookBelow(relative), replacing(), head, m_loop->wallSeconds());
    if (status != 0) return refusePut(http, status, path, {}), nullptr;
    if (asked->range.hasBytes) return beginPieceAt(http, path, std::move(place), asked->range);
    const std::uint64_t offset = m_pieces.offset(place), total = asked->range.total;
    // The last byte came just before the server was killed: what is left is to give the file its name.
    if (offset == total && total > 0) return beginPieceAt(http, path, std::move(place), {total, 0, total, false});
    return http.sendWhole(202, offsetField(offset), {}), nullptr;
}

std::unique_ptr<dav::Piece> Server::beginPieceAt(http::HttpProtocol &http, std::string_view path, dav::PiecePlace place,
                                                 const http::ContentRange &range) {
    int status = 0;
    std::unique_ptr<dav::Piece> piece;
    for (int freed = 0;; ++freed) {
        dav::PiecePlace once{os::again(place.folder), place.folderPath, place.name, place.hidden};
        status = once.folder.isOpen() ? 0 : 503;
        if (status == 0) piece = m_pieces.begin(*m_settings.files.root, std::move(once), range, status);
        if (status != 503 || freed == files::kMostFreed || !freeDescriptor()) break;
    }
    if (piece) return piece;
    if (status == 409)
        refuseSaying(http, 409, "The parts of this file do not follow each other.", offsetField(m_pieces.offset(place)));
    else
        refusePut(http, status, path, {});
    return nullptr;
}

http::BodyDecision Server::beginPiece(http::HttpProtocol &http, const http::RequestHead &head) {
    http::BodyDecision decision;
    auto piece = openPiece(http, head);
    if (!piece) return decision;
    decision.sink = std::make_unique<PieceUpload>(*this, std::move(piece));
    decision.plan = http::BodyPlan::Stream;
    decision.limit = UINT64_MAX;
    return decision;
}

void Server::takePiece(http::HttpProtocol &http, const http::RequestHead &head, std::string_view body) {
    const auto piece = openPiece(http, head);
    if (!piece) return;
    if (const int status = piece->take(body); status != 0) return http.refuse(status);
    finishPiece(http, *piece);
}

void Server::finishPiece(http::HttpProtocol &http, dav::Piece &piece) {
    const http::RequestHead &head = *http.head();
    const auto asked = askedPiece(head);
    if (!asked || !piece.isComplete()) return refuseSaying(http, 400, kNoPiece, offsetField(piece.offset()));
    if (!piece.isWhole()) return http.sendWhole(202, offsetField(piece.offset()), {});
    if (!m_dav.letsPut(http, head, asked->path)) return;
    const std::string_view relative = files::relativePath(asked->path);
    const bool isNew = !m_settings.files.root->hasName(relative);
    if (isNew) m_dav.forgetProperties(asked->path);
    const bool isForNew = dav::wantsNewOnly(head);
    const int status = piece.finish(isForNew ? os::Replacing::No : replacing(), isForNew ? 412 : 409, isNew);
    if (status >= 400) return refusePut(http, status, asked->path, {});
    http.sendWhole(status, {}, {});
}

bool Server::isGivingUp(const http::RequestHead &head) const {
    return head.method == http::Method::Delete && m_settings.files.uploadsHere() != files::Uploads::No && head.find("Upload-Id");
}

// DELETE with an Upload-Id: of the file itself nothing is touched.
void Server::giveUpPiece(http::HttpProtocol &http, const http::RequestHead &head) {
    const auto target = http::parseTarget(head.target, false);
    const auto path = target ? http::cleanPath(target->path) : std::nullopt;
    const auto id = head.find("Upload-Id");
    if (!path || !id || !dav::isUploadId(*id)) return refuseSaying(http, 400, kNoPiece);
    if (!letsVisitorPut(http, head, *path)) return;
    if (hides(*path)) return http.refuse(404);
    dav::PiecePlace place;
    if (!findPiecePlace(http, *path, {{}, {}, *id, {}, 0}, place)) return;
    m_pieces.giveUp(place);
    http.sendWhole(204, {}, {});
}

}  // namespace meerkat::server
