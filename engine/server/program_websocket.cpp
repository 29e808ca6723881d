// The part of the program's events about WebSockets.
#include "server/program.h"

#include <algorithm>
#include <climits>

namespace meerkat::server {

std::vector<mg_header> &Program::roomForHeaders() {
    const auto depth = static_cast<std::size_t>(m_depth);
    if (m_headerRooms.size() <= depth) m_headerRooms.resize(depth + 1);
    return m_headerRooms[depth];
}

Program::Verdict Program::onUpgrade(http::HttpProtocol &http, const http::RequestHead &head) {
    Face &face = faceOf(http.connection());
    if (!show(face, head, {})) return Verdict::BadTarget;
    return askAuthorised(face) ? Verdict::Declined : Verdict::Unauthorised;
}

std::string Program::upgradeFields(http::HttpProtocol &http) { return Face::find(http.connection())->request->writer.fields(); }

void Program::beginWebsocket(http::HttpProtocol &http) { Face::find(http.connection())->becomeWebsocket(); }

bool Program::beginEndpoint(http::HttpProtocol &http, const http::RequestHead &head, EndpointKind kind) {
    Face &face = faceOf(http.connection());
    if (!show(face, head, {})) return false;
    face.becomeWebsocket();
    face.endpoint = kind;
    return true;
}

// A frame begun before is not the handler's concern in here: content and wsbits are of this message until it returns.
bool Program::onMessage(websocket::WebsocketProtocol &websocket, std::uint8_t bits, std::span<char> payload) {
    if (!wants(MG_REQUEST)) return false;
    Face &face = *Face::find(websocket.connection());
    face.content = payload.data();
    face.content_len = payload.size();
    face.wsbits = bits;
    return call(face, MG_REQUEST) != MG_FALSE;
}

// ---- sending ----

int Program::sendFrame(Face &face, int opcode, std::string_view payload, bool isFinal) {
    if (face.role != Role::WebSocket || face.isClosed || opcode < 0 || opcode > websocket::kOpcodeBits) return 0;
    const auto known = static_cast<websocket::Opcode>(opcode);
    const bool isShared = m_visits > 0 && !m_isSharing && isFinal && (opcode == 1 || opcode == 2);
    const bool isSent = isShared ? sendShared(face, known, payload) : face.websocket().send(known, payload, isFinal);
    if (!isSent) return 0;
    touch(face);
    return static_cast<int>(std::clamp<std::size_t>(payload.size(), 1, INT_MAX));
}

// The first receiver of a message gets it as it is: only a second one shows that it goes to many.
bool Program::sendShared(Face &face, websocket::Opcode opcode, std::string_view payload) {
    if (m_shared.data != payload.data() || m_shared.size != payload.size()) {
        m_shared = {payload.data(), payload.size(), {}};
        return face.websocket().send(opcode, payload);
    }
    auto &frame = m_shared.frame;
    if (!frame || frame->opcode() != opcode || frame->payload() != payload) frame.emplace(opcode, payload);
    // An observer that is told of it may send something else to somebody else.
    m_isSharing = true;
    const bool isSent = face.websocket().sendPrepared(*frame);
    m_isSharing = false;
    return isSent;
}

}  // namespace meerkat::server
