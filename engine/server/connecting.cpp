// The part of the server about connections that the program opens.
#include "server/server.h"

namespace meerkat::server {

mg_connection *Server::connect(std::string_view host, int port, bool isTls, std::optional<websocket::ClientHandshake> handshake) {
    if (port < 1 || port > 65535 || m_program.isEnding()) return nullptr;
    const net::TlsContext *tls = nullptr;
    if (isTls) {
        const auto context = clientTls();
        if (!context) return nullptr;
        tls = *context;
    }
    if (!m_outgoing) {
        OutgoingOwner &owner = *this;
        m_outgoing = std::make_unique<Outgoing>(*m_loop, m_service.clock, m_program, owner, m_websockets);
        applyOutgoingLimits();
    }
    return m_outgoing->connect(host, static_cast<std::uint16_t>(port), tls, std::move(handshake));
}

net::Connection &Server::addConnection() { return keepConnection(os::kNoSocket, {}); }

void Server::applyOutgoingLimits() {
    if (!m_outgoing) return;
    m_outgoing->setTimeLimitMs(m_settings.connectTimeoutMs);
    m_outgoing->setMaxReplyBytes(m_settings.maxReplyBytes);
}

}  // namespace meerkat::server
