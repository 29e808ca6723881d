#include "server/outgoing.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace meerkat::server {

namespace {

// What MG_CLOSE tells: 0, or why an answer that was owed did not come.
int errorOf(http::ClientEnd end) {
    switch (end) {
    case http::ClientEnd::Finished:
    case http::ClientEnd::Switched:
    case http::ClientEnd::NoConnect:  // MG_CONNECT told why
        return 0;
    case http::ClientEnd::Cut:
        return ECONNRESET;
    case http::ClientEnd::TimedOut:
        return ETIMEDOUT;
    case http::ClientEnd::TooLong:
        return EMSGSIZE;
    case http::ClientEnd::Refused:
    case http::ClientEnd::Unasked:
        return EPROTO;
    }
    return EPROTO;
}

}  // namespace

std::string hostField(std::string_view host, int port, bool isTls) {
    const bool isBare = host.find(':') != std::string_view::npos && !host.starts_with('[');
    std::string field = isBare ? "[" + std::string(host) + "]" : std::string(host);
    if (port != (isTls ? 443 : 80)) field += ":" + std::to_string(port);
    return field;
}

Face *Outgoing::connect(std::string_view host, std::uint16_t port, const net::TlsContext *tls,
                        std::optional<websocket::ClientHandshake> handshake) {
    std::string head;
    if (handshake) {
        auto made = websocket::requestHead(*handshake);
        if (!made) return nullptr;
        head = std::move(*made);
    }
    net::Connection &connection = m_owner.addConnection();
    http::HttpClientOwner &owner = *this;
    connection.prepare(std::make_unique<http::HttpClient>(connection, owner, m_limits));
    Face &face = m_program.faceOf(connection);
    face.role = Role::Client;
    face.isOutgoing = true;
    const std::uint64_t dial = m_dialer.dial(host, port, *this);
    m_wishes[&connection] = {dial,
                             tls != nullptr,
                             tls ? net::TlsStream::forClient(connection.loop(), *tls, host) : nullptr,
                             std::move(handshake),
                             std::move(head),
                             m_loop.nowMs() + m_timeLimitMs};
    m_dials[dial] = &connection;
    return &face;
}

void Outgoing::forget(const net::Connection &connection) {
    const auto wish = m_wishes.find(&connection);
    if (wish == m_wishes.end()) return;
    m_dialer.cancel(wish->second.dial);
    m_dials.erase(wish->second.dial);
    m_handshakes.erase({wish->second.deadlineMs, const_cast<net::Connection *>(&connection)});
    m_wishes.erase(wish);
}

// It is what it was to be, or never will be.
void Outgoing::forgetWish(net::Connection &connection) {
    const auto wish = m_wishes.find(&connection);
    if (wish == m_wishes.end()) return;
    m_handshakes.erase({wish->second.deadlineMs, &connection});
    m_wishes.erase(wish);
}

// The dialer has its own limit; what comes behind it, TLS and the WebSocket's handshake, has what is left of the time.
void Outgoing::advance() {
    m_dialer.advance();
    while (!m_handshakes.empty() && m_handshakes.begin()->first <= m_loop.nowMs()) {
        net::Connection *const late = m_handshakes.begin()->second;
        m_handshakes.erase(m_handshakes.begin());
        if (late->isOpen()) late->onLimitDue();
    }
}

std::int64_t Outgoing::untilDueMs() const {
    const std::int64_t dial = m_dialer.untilDueMs();
    if (m_handshakes.empty()) return dial;
    const std::int64_t left = std::max<std::int64_t>(m_handshakes.begin()->first - m_loop.nowMs(), 0);
    return dial < 0 ? left : std::min(dial, left);
}

void Outgoing::onDialled(std::uint64_t id, const net::DialOutcome &outcome) {
    net::Connection &connection = *m_dials.extract(id).mapped();
    Face &face = *Face::find(connection);
    Wish &wish = m_wishes[&connection];
    wish.dial = 0;
    // Closed in this pass; its end is told when the pass is over.
    if (!connection.isAwaited()) {
        if (outcome.error == 0) os::closeSocket(outcome.socket);
        return;
    }
    if (outcome.error != 0) return face.client().connected(outcome.error);
    if (wish.isTls || wish.handshake) m_handshakes.insert({wish.deadlineMs, &connection});
    if (wish.isTls) {
        connection.attachTls(outcome.socket, outcome.peer, std::move(wish.tls));
    } else {
        connection.attach(outcome.socket, outcome.peer);
        face.client().connected(0);
        connection.flush();
    }
}

// ---- what the client tells ----

void Outgoing::onConnected(http::HttpClient &client, int error) {
    net::Connection &connection = client.connection();
    const auto wish = m_wishes.find(&connection);
    if (error == 0 && wish != m_wishes.end() && wish->second.handshake) {
        client.send(std::exchange(wish->second.handshakeHead, {}));
        return;
    }
    forgetWish(connection);
    Face &face = *Face::find(connection);
    if (error == 0) face.noteEndpoints();
    const bool goesOn = m_program.onConnected(face, error, error ? connection.secureFailure() : std::string_view{});
    if (!goesOn && error == 0) connection.closeWhenDrained(false);
    if (error != 0) connection.close();
}

bool Outgoing::onReply(http::HttpClient &client, const http::ResponseHead &head, std::span<char> body) {
    net::Connection &connection = client.connection();
    Face &face = *Face::find(connection);
    const auto wish = m_wishes.find(&connection);
    if (wish == m_wishes.end()) return m_program.onReply(face, head, body);
    if (becomeWebsocket(client, head)) return true;
    forgetWish(connection);
    client.refuseToSend();
    // Why not is found in the answer.
    face.showReply(head, body);
    m_program.onConnected(face, EPROTO);
    face.forgetRequest();
    return false;
}

void Outgoing::onGone(http::HttpClient &client, http::ClientEnd end) {
    net::Connection &connection = client.connection();
    Face &face = *Face::find(connection);
    const int error = errorOf(end);
    const auto wish = m_wishes.find(&connection);
    const bool wasPromised = wish != m_wishes.end();
    forget(connection);
    // Whoever asked for a connection hears once whether there is one.
    if (wasPromised) m_program.onConnected(face, error != 0 ? error : ECONNABORTED);
    face.status_code = wasPromised ? 0 : error;
    m_owner.gone(connection);
}

// ---- WebSocket ----

bool Outgoing::becomeWebsocket(http::HttpClient &client, const http::ResponseHead &head) {
    net::Connection &connection = client.connection();
    const auto wish = m_wishes.find(&connection);
    const auto agreed = websocket::checkAnswer(*wish->second.handshake, head.status, head.headers());
    if (!agreed) return false;
    const std::string target = wish->second.handshake->target;
    forgetWish(connection);
    Face &face = *Face::find(connection);
    const websocket::WebsocketTerms terms{websocket::Role::Client, websocket::EventMode::Message, agreed->deflate};
    connection.changeProtocol(std::make_unique<websocket::WebsocketProtocol>(m_websockets, connection, terms));
    face.noteEndpoints();
    face.becomeWebsocketTo(target, head);
    if (!m_program.onConnected(face, 0)) face.websocket().close();
    return true;
}

}  // namespace meerkat::server
