// Station: mg_connect -> connections that we make. From server, through net/dialer, to http_client or websocket_protocol; their events go to
// program. A connection is the server's from the first moment; until its socket is there it is awaited.
// Thread: engine.
#pragma once

#include "http/http_client.h"
#include "net/dialer.h"
#include "server/program.h"
#include "websocket/handshake.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

namespace meerkat::server {

// The Host field's value: an IPv6 address in brackets, the port where it is not the scheme's own.
std::string hostField(std::string_view host, int port, bool isTls);

// Whose connections these are.
class OutgoingOwner {
  public:
    virtual ~OutgoingOwner() = default;
    // A new connection without a socket, in the owner's care.
    virtual net::Connection &addConnection() = 0;
    // It is closed: MG_CLOSE is due.
    virtual void gone(net::Connection &connection) = 0;
};

class Outgoing final : private net::DialOwner, private http::HttpClientOwner {
  public:
    Outgoing(net::EventLoop &loop, const Clock &clock, Program &program, OutgoingOwner &owner,
             websocket::WebsocketService &websockets)
        : m_loop(loop), m_program(program), m_owner(owner), m_websockets(websockets), m_dialer(loop, clock) {}

    // With a handshake the connection is to become a WebSocket. `tls`: null for a plain connection. Null where the handshake holds what can't
    // stand in a request; everything else that is wrong is told by MG_CONNECT.
    Face *connect(std::string_view host, std::uint16_t port, const net::TlsContext *tls,
                  std::optional<websocket::ClientHandshake> handshake);
    // The connection's end was noticed elsewhere.
    void forget(const net::Connection &connection);

    void advance();
    // -1: nothing is due.
    std::int64_t untilDueMs() const;
    // From mg_connect to MG_CONNECT, handshakes included.
    void setTimeLimitMs(std::int64_t ms) {
        m_timeLimitMs = ms;
        m_dialer.setTimeLimitMs(ms);
    }
    void setMaxReplyBytes(std::uint64_t bytes) { m_limits.maxReplyBytes = bytes; }

  private:
    struct Wish {
        std::uint64_t dial = 0;  // 0: connected
        bool isTls = false;
        std::unique_ptr<net::TlsStream> tls;
        std::optional<websocket::ClientHandshake> handshake;
        std::string handshakeHead;    // what is sent for it
        std::int64_t deadlineMs = 0;  // of all of it
    };
    using Deadlines = std::set<std::pair<std::int64_t, net::Connection *>>;

    void onDialled(std::uint64_t id, const net::DialOutcome &outcome) override;
    void onConnected(http::HttpClient &client, int error) override;
    bool onReply(http::HttpClient &client, const http::ResponseHead &head, std::span<char> body) override;
    void onGone(http::HttpClient &client, http::ClientEnd end) override;

    void forgetWish(net::Connection &connection);
    bool becomeWebsocket(http::HttpClient &client, const http::ResponseHead &head);

    net::EventLoop &m_loop;
    Program &m_program;
    OutgoingOwner &m_owner;
    websocket::WebsocketService &m_websockets;
    http::ClientLimits m_limits;
    std::unordered_map<const net::Connection *, Wish> m_wishes;  // what is not an established HTTP connection yet
    std::unordered_map<std::uint64_t, net::Connection *> m_dials;
    Deadlines m_handshakes;  // under way
    std::int64_t m_timeLimitMs = 30'000;
    net::Dialer m_dialer;
};

}  // namespace meerkat::server
