// Station: the tests of http_client. Everything around one client: loop, clock, owner, and the far end of its connection, which says what a test wants.
#pragma once

#include "engine/os/loopback_pair.h"
#include "http/http_client.h"
#include "support/fake_clock.h"

#include <QByteArrayList>

#include <functional>
#include <memory>

namespace meerkat::test {

inline const char *nameOf(http::ClientEnd end) {
    constexpr const char *names[] = {"finished", "switched", "no connect", "cut", "timed out", "refused", "too long", "unasked"};
    return names[static_cast<int>(end)];
}

class ClientHouse final : public net::ConnectionOwner, public http::HttpClientOwner {
  public:
    explicit ClientHouse(const http::ClientLimits &limits = {}) : m_limits(limits) {
        m_loop = std::move(*net::EventLoop::create(m_clock));
        auto pair = os::newPair();
        m_far = std::move(pair.client);
        const int on = 1;  // or what is said byte by byte is held back by Nagle's algorithm
        setsockopt(static_cast<NativeSocket>(os::SocketHandle(m_far)), IPPROTO_TCP, TCP_NODELAY,
                   reinterpret_cast<const char *>(&on), sizeof on);
        m_connection = std::make_unique<net::Connection>(*m_loop, *this, pair.server.release(), os::Endpoint{}, 1);
    }
    ~ClientHouse() override { close(); }

    // Begins, and says that it is connected.
    void open() {
        begin();
        m_client->connected(0);
        pass();
    }
    void begin() {
        auto client = std::make_unique<http::HttpClient>(*m_connection, *this, m_limits);
        m_client = client.get();
        m_connection->begin(std::move(client));
    }
    void close() {
        if (m_connection) m_connection->close();
        reap();
    }

    // ---- the far end ----

    // Everything is read meanwhile.
    void say(const QByteArray &bytes) {
        qsizetype sent = 0;
        for (int turns = 0; sent < bytes.size() && turns < 100000; ++turns) {
            if (os::waitFor(m_far, POLLOUT, 0)) {
                const auto piece = static_cast<std::size_t>(qMin<qsizetype>(16384, bytes.size() - sent));
                const auto outcome = os::sendBytes(m_far, {bytes.constData() + sent, piece}, false);
                if (outcome.state != os::IoState::Done) break;
                sent += static_cast<qsizetype>(outcome.bytes);
            }
            pass();
        }
        pass();
    }
    void finish() {
        os::shutdownWrite(m_far);
        pass();
    }
    // Both before anything of it is read.
    void sayAndReset(const QByteArray &bytes) {
        os::sendBytes(m_far, {bytes.constData(), static_cast<std::size_t>(bytes.size())}, false);
        os::resetSocket(m_far.release());
    }
    void reset() {
        os::resetSocket(m_far.release());
        pass();
    }
    QByteArray heard(qsizetype bytes) {
        return QByteArray::fromStdString(os::receiveAll(m_far, static_cast<std::size_t>(bytes)));
    }
    bool seesTheEnd() {
        char byte = 0;
        if (!os::waitFor(m_far, POLLIN)) return false;
        const auto state = os::receive(m_far, {&byte, 1}).state;
        return state == os::IoState::Closed || state == os::IoState::Failed;
    }

    // ---- the loop ----

    // What the loopback carries is there at once; what has come is read in a pass or two.
    void pass() {
        for (int turn = 0; turn < 2; ++turn) {
            m_loop->runOnce(0);
            for (net::TimerList *list : {&m_idle, &m_linger}) {
                while (auto *node = list->takeDue(m_loop->nowMs())) static_cast<net::Connection *>(node)->onLimitDue();
            }
            reap();
        }
    }
    void advanceMs(std::int64_t ms) {
        m_clock.advanceMs(ms);
        pass();
    }

    // ---- the owner ----

    // Each as a line: "connected 0", "reply 200 body", "gone cut".
    QByteArrayList events;
    // What is written on connecting, and at each reply; no more of them: the reply is the last.
    QByteArray request;
    QByteArrayList nextRequests;
    std::function<bool(http::HttpClient &, const http::ResponseHead &)> atReply;

    http::HttpClient &client() { return *m_client; }
    net::Connection &connection() { return *m_connection; }
    bool isGone() const { return !m_connection; }

    void onConnected(http::HttpClient &client, int error) override {
        events.append("connected " + QByteArray::number(error));
        if (error == 0 && !request.isEmpty()) client.send({request.constData(), static_cast<std::size_t>(request.size())});
    }
    bool onReply(http::HttpClient &client, const http::ResponseHead &head, std::span<char> body) override {
        if (body.data()[body.size()] != '\0') qFatal("no NUL behind the body");
        events.append("reply " + QByteArray::number(head.status) + ' ' +
                      QByteArray(body.data(), static_cast<qsizetype>(body.size())));
        if (atReply) return atReply(client, head);
        if (nextRequests.isEmpty()) return false;
        const QByteArray next = nextRequests.takeFirst();
        if (!next.isEmpty()) client.send({next.constData(), static_cast<std::size_t>(next.size())});
        return true;
    }
    void onGone(http::HttpClient &, http::ClientEnd end) override { events.append(QByteArray("gone ") + nameOf(end)); }

    void onConnectionClosed(net::Connection &) override { m_isClosed = true; }
    net::TimerList &idleLimit() override { return m_idle; }
    net::TimerList &lingerLimit() override { return m_linger; }

  private:
    void reap() {
        if (m_isClosed && m_connection) {
            m_connection->protocol()->onClosed();
            m_loop->dispose(std::move(m_connection));
        }
        m_loop->finishPass();
    }

    FakeClock m_clock;
    std::unique_ptr<net::EventLoop> m_loop;
    net::TimerList m_idle{30000};
    net::TimerList m_linger{2000};
    http::ClientLimits m_limits;
    os::OwnedSocket m_far;
    std::unique_ptr<net::Connection> m_connection;
    http::HttpClient *m_client = nullptr;
    bool m_isClosed = false;
};

}  // namespace meerkat::test
