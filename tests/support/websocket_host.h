// Station: the tests. A server of WebSockets made of the engine's rooms alone: every request that asks for one becomes one. What is done with
// messages is a lambda.
#pragma once

#include "http/http_protocol.h"
#include "net/listener.h"
#include "support/fake_clock.h"
#include "websocket/handshake.h"
#include "websocket/websocket_protocol.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace meerkat::test {

class WebsocketHost final : public websocket::MessageHandler,
                            private http::Handler,
                            private net::ListenerOwner,
                            private net::ConnectionOwner {
  public:
    // False closes.
    using OnMessage = std::function<bool(websocket::WebsocketProtocol &, std::uint8_t, std::span<char>)>;

    // `port` 0: the system picks.
    explicit WebsocketHost(OnMessage onMessage, std::uint16_t port = 0);
    ~WebsocketHost() override;

    void poll(int ms = 0);
    std::uint16_t port() const { return m_listener->port(); }
    net::EventLoop &loop() { return *m_loop; }
    // A connection that speaks WebSocket from its first byte; it owns the socket.
    websocket::WebsocketProtocol &adopt(os::SocketHandle socket, const websocket::WebsocketTerms &terms = {});
    websocket::WebsocketProtocol *latest() const { return m_latest; }
    std::size_t connections() const { return m_connections.size(); }

    FakeClock clock;  // for adopted connections; it stands still unless moved
    websocket::WebsocketService service{*this};
    websocket::EventMode mode = websocket::EventMode::Message;
    std::string subprotocols;
    int gone = 0;
    std::function<void(websocket::WebsocketProtocol &)> atStart, atEnd;

    // net::ConnectionOwner; limits that tests change
    net::TimerList &idleLimit() override { return m_idle; }
    net::TimerList &lingerLimit() override { return m_linger; }

  private:
    bool onMessage(websocket::WebsocketProtocol &websocket, std::uint8_t bits, std::span<char> payload) override {
        return m_onMessage(websocket, bits, payload);
    }
    void onGone(websocket::WebsocketProtocol &websocket) override;
    http::BodyDecision onBodyAnnounced(http::HttpProtocol &, const http::RequestHead &) override { return {}; }
    void onRequest(http::HttpProtocol &http, const http::RequestHead &head, std::string_view body) override;
    void onRefused(http::HttpProtocol &http, int status, std::string_view fields) override { http.sendWhole(status, fields, {}); }
    bool wantsRecords() const override { return false; }
    void onAnswered(http::HttpProtocol &, const http::AnswerRecord &) override {}
    void onGone(http::HttpProtocol &) override {}
    void onAccepted(os::SocketHandle socket, const os::Endpoint &peer) override;
    bool freeDescriptor() override { return false; }
    void onConnectionClosed(net::Connection &connection) override { m_closed.push_back(&connection); }
    net::Connection &add(os::SocketHandle socket, const os::Endpoint &peer);
    void expire(net::TimerList &list);

    OnMessage m_onMessage;
    std::unique_ptr<net::EventLoop> m_loop;
    std::unique_ptr<http::HttpService> m_http;
    net::TimerList m_idle{30000};
    net::TimerList m_linger{2000};
    std::unique_ptr<net::Listener> m_listener;
    std::vector<std::unique_ptr<net::Connection>> m_connections;
    std::vector<net::Connection *> m_closed;
    websocket::WebsocketProtocol *m_latest = nullptr;
};

}  // namespace meerkat::test
