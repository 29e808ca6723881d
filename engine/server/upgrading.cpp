// The part of the server about connections that change from HTTP to WebSocket, and about those whose messages no program takes.
#include "http/url.h"
#include "server/rewriting.h"
#include "server/server.h"

namespace meerkat::server {

// MG_AUTH first, then the handshake: who may not come in learns nothing of what is spoken here.
void Server::upgrade(http::HttpProtocol &http, const http::RequestHead &head) {
    const auto verdict = m_program.onUpgrade(http, head);
    net::Connection &connection = http.connection();
    if (!connection.isOpen()) return;
    if (verdict == Program::Verdict::BadTarget) return http.refuse(400);
    if (verdict == Program::Verdict::Unauthorised) {
        askForPassword(http);
        return m_program.endRequest(http);
    }
    const bool isFrameMode = m_settings.websocketMode == websocket::EventMode::Frame;
    const std::string fields = m_program.upgradeFields(http);
    const auto outcome = websocket::answerHandshake(
        head, {m_settings.websocketSubprotocols, !isFrameMode && m_settings.compressesMessages, fields});
    if (outcome.refusalStatus != 0) {
        http.refuse(outcome.refusalStatus, outcome.refusalFields);
        return m_program.endRequest(http);
    }
    http.sendUpgrade(101, outcome.answer);
    if (!connection.isOpen()) return;
    m_program.beginWebsocket(http);
    becomeWebsocket(http, outcome, m_settings.websocketMode);
}

void Server::becomeWebsocket(http::HttpProtocol &http, const websocket::HandshakeOutcome &outcome, websocket::EventMode mode) {
    net::Connection &connection = http.connection();
    m_goneRequests += http.status().requests;
    const websocket::WebsocketTerms terms{websocket::Role::Server, mode, outcome.deflate};
    connection.changeProtocol(std::make_unique<websocket::WebsocketProtocol>(m_websockets, connection, terms));
}

// ---- websocket_endpoints ----

// False: this is no request for a WebSocket, or none is opened there.
bool Server::openEndpoint(http::HttpProtocol &http, const http::RequestHead &head) {
    if (!websocket::asksForWebsocket(head)) return false;
    // The paths are those that clients know, wherever a rewrite leads.
    const AsAsked asAsked(*this);
    const auto target = http::parseTarget(head.target, head.method == http::Method::Connect);
    const auto path = target ? http::cleanPath(target->path) : std::nullopt;
    const EndpointKind kind = path ? m_settings.endpoints.kindAt(*path) : EndpointKind::None;
    if (kind == EndpointKind::None) return false;
    const auto outcome = websocket::answerHandshake(head, {m_settings.websocketSubprotocols, m_settings.compressesMessages, {}});
    if (outcome.refusalStatus != 0) {
        http.refuse(outcome.refusalStatus, outcome.refusalFields);
        return true;
    }
    net::Connection &connection = http.connection();
    http.sendUpgrade(101, outcome.answer);
    if (!connection.isOpen() || !m_program.beginEndpoint(http, head, kind)) return true;
    if (kind == EndpointKind::Broadcast) m_rooms.enter(*path, connection);
    becomeWebsocket(http, outcome, websocket::EventMode::Message);
    return true;
}

bool Server::onMessage(websocket::WebsocketProtocol &websocket, std::uint8_t bits, std::span<char> payload) {
    Face &face = *Face::find(websocket.connection());
    if (face.endpoint == EndpointKind::None) return m_program.onMessage(websocket, bits, payload);
    serveEndpoint(face, static_cast<websocket::Opcode>(bits & websocket::kOpcodeBits), {payload.data(), payload.size()});
    return true;
}

void Server::serveEndpoint(Face &face, websocket::Opcode opcode, std::string_view payload) {
    if (websocket::isControl(opcode)) return;
    if (face.endpoint == EndpointKind::Echo) {
        face.websocket().send(opcode, payload);
        m_program.touch(face);
    }
    if (face.endpoint != EndpointKind::Broadcast) return;
    websocket::PreparedFrame frame(opcode, payload);
    const auto &room = m_rooms.at(face.openingPath());
    for (std::size_t i = 0; i < room.size(); ++i) {
        Face &other = *Face::find(*room[i]);
        if (!other.connection.isOpen()) continue;
        // Whoever does not read would have everything kept for him that the others say.
        if (other.connection.bytesWaiting() > m_settings.maxWebsocketMessageBytes) {
            other.connection.close();
            continue;
        }
        other.websocket().sendPrepared(frame);
        m_program.touch(other);
    }
}

}  // namespace meerkat::server
