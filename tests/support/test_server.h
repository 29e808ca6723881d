// Station: the tests. A server of mongoose.h on a port of the loopback that the system picks; its handler is a lambda.
#pragma once

#include "mongoose.h"

#include <QByteArray>
#include <QDeadlineTimer>
#include <QString>

#include <functional>
#include <utility>

namespace meerkat::test {

class TestServer {
  public:
    using Handler = std::function<int(mg_connection *, mg_event)>;

    explicit TestServer(Handler handler = {}) : m_handler(std::move(handler)) {
        m_server = mg_create_server(this, m_handler ? &TestServer::onEvent : nullptr);
        set("listening_port", "127.0.0.1:0");
    }
    TestServer(const TestServer &) = delete;
    TestServer &operator=(const TestServer &) = delete;
    ~TestServer() { mg_destroy_server(&m_server); }

    void set(const char *name, const QByteArray &value) {
        if (const char *refusal = mg_set_option(m_server, name, value.constData())) qFatal("%s: %s", name, refusal);
    }
    quint16 port() const {
        const QByteArray address = mg_get_option(m_server, "listening_port");
        return address.mid(address.lastIndexOf(':') + 1).toUShort();
    }
    mg_server *get() const { return m_server; }
    mg_server **place() { return &m_server; }
    int poll(int ms = 0) { return mg_poll_server(m_server, ms); }
    // Polls until it is so; false after ten seconds.
    template <class Condition>
    bool pollUntil(Condition condition) {
        QDeadlineTimer deadline(10000);
        while (!condition() && !deadline.hasExpired()) poll(2);
        return condition();
    }
    mg_counters counters() const {
        mg_counters counters{};
        mg_get_counters(m_server, &counters);
        return counters;
    }

  private:
    static int onEvent(mg_connection *connection, mg_event event) {
        return static_cast<TestServer *>(connection->server_param)->m_handler(connection, event);
    }

    Handler m_handler;
    mg_server *m_server = nullptr;
};

}  // namespace meerkat::test
