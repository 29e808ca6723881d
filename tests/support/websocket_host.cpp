#include "support/websocket_host.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace meerkat::test {

WebsocketHost::WebsocketHost(OnMessage onMessage, std::uint16_t port) : m_onMessage(std::move(onMessage)) {
    os::prepareSockets();
    m_loop = std::move(*net::EventLoop::create(clock));
    http::Handler &handler = *this;
    m_http = std::make_unique<http::HttpService>(handler, *m_loop, clock);
    os::Endpoint endpoint = *os::parseIp("127.0.0.1");
    endpoint.port = port;
    net::ListenerOwner &owner = *this;
    auto listener = net::Listener::open(*m_loop, owner, {endpoint, false});
    if (!listener || !(*listener)->begin()) {
        std::fprintf(stderr, "the port of the test is taken\n");
        std::abort();
    }
    m_listener = std::move(*listener);
}

WebsocketHost::~WebsocketHost() {
    for (const auto &connection : m_connections) connection->close();
    poll();
}

void WebsocketHost::poll(int ms) {
    m_loop->runOnce(m_closed.empty() ? ms : 0);
    expire(m_idle);
    expire(m_linger);
    for (net::Connection *connection : std::exchange(m_closed, {})) {
        connection->protocol()->onClosed();
        std::erase_if(m_connections, [&](auto &owned) {
            if (owned.get() != connection) return false;
            m_loop->dispose(std::move(owned));
            return true;
        });
    }
    m_loop->finishPass();
}

void WebsocketHost::expire(net::TimerList &list) {
    while (net::TimerNode *node = list.takeDue(m_loop->nowMs())) static_cast<net::Connection *>(node)->onLimitDue();
}

net::Connection &WebsocketHost::add(os::SocketHandle socket, const os::Endpoint &peer) {
    net::ConnectionOwner &owner = *this;
    m_connections.push_back(std::make_unique<net::Connection>(*m_loop, owner, socket, peer, m_connections.size() + 1));
    return *m_connections.back();
}

websocket::WebsocketProtocol &WebsocketHost::adopt(os::SocketHandle socket, const websocket::WebsocketTerms &terms) {
    net::Connection &connection = add(socket, {});
    auto protocol = std::make_unique<websocket::WebsocketProtocol>(service, connection, terms);
    auto &websocket = *protocol;
    m_latest = &websocket;
    connection.begin(std::move(protocol));
    return websocket;
}

void WebsocketHost::onAccepted(os::SocketHandle socket, const os::Endpoint &peer) {
    net::Connection &connection = add(socket, peer);
    connection.begin(std::make_unique<http::HttpProtocol>(*m_http, connection));
}

void WebsocketHost::onRequest(http::HttpProtocol &http, const http::RequestHead &head, std::string_view) {
    if (!websocket::asksForWebsocket(head)) return http.refuse(404);
    const websocket::HandshakeSettings settings{subprotocols, mode == websocket::EventMode::Message, {}};
    const auto outcome = websocket::answerHandshake(head, settings);
    if (outcome.refusalStatus) return http.refuse(outcome.refusalStatus, outcome.refusalFields);
    http.takeOver();
    http.sendRaw(outcome.answer);
    const websocket::WebsocketTerms terms{websocket::Role::Server, mode, outcome.deflate};
    auto protocol = std::make_unique<websocket::WebsocketProtocol>(service, http.connection(), terms);
    m_latest = protocol.get();
    http.connection().touchLimit();
    http.connection().changeProtocol(std::move(protocol));
    if (atStart) atStart(*m_latest);
}

void WebsocketHost::onGone(websocket::WebsocketProtocol &websocket) {
    ++gone;
    if (atEnd) atEnd(websocket);
    if (m_latest == &websocket) m_latest = nullptr;
}

}  // namespace meerkat::test
