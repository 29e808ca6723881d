// The part of the server about connections that change from HTTP to WebSocket.
#include "server/server.h"
#include "websocket/handshake.h"

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
    m_goneRequests += http.status().requests;
    m_program.beginWebsocket(http);
    const websocket::WebsocketTerms terms{websocket::Role::Server, m_settings.websocketMode, outcome.deflate};
    connection.changeProtocol(std::make_unique<websocket::WebsocketProtocol>(m_websockets, connection, terms));
}

}  // namespace meerkat::server
