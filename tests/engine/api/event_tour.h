// Station: tests of bad use. One run of a server through everything that calls a program: each event, in each of its situations, the callbacks of
// iterating, visiting and observing. A test names one of these stops and what is done there; the tour tells whether the rest kept the
// contract: an event of a connection comes before its MG_CLOSE, which comes once.
#pragma once

#include "support/scripted_peer.h"
#include "support/temporary_site.h"

#include <QSet>
#include <QTcpServer>

#include <memory>
#include <vector>

namespace meerkat::test {

class EventTour {
  public:
    // `connection` is null where the stop has none.
    using Action = std::function<void(EventTour &tour, mg_connection *connection)>;

    static QByteArrayList stops() {
        return {"AUTH",
                "AUTH before a body",
                "AUTH of a WebSocket",
                "REQUEST",
                "REQUEST with a body",
                "REQUEST of a file",
                "REQUEST that goes on",
                "POLL",
                "POLL of an answer",
                "POLL of a WebSocket",
                "ERROR 400",
                "ERROR 404",
                "ERROR 416",
                "CLOSE",
                "CLOSE of a WebSocket",
                "message",
                "ping",
                "close frame",
                "our CONNECT",
                "our CONNECT with an error",
                "our REPLY",
                "our message",
                "our CLOSE",
                "iterating",
                "visiting",
                "observing 1",
                "observing 2",
                "observing 3"};
    }

    EventTour(QByteArray stop, Action action) : m_stop(std::move(stop)), m_action(std::move(action)), m_server(std::ref(*this)) {
        m_server.set("document_root", site().path().toUtf8());
        const mg_observer observer{&EventTour::onObserved, this};
        mg_set_observer(m_server.get(), &observer);
        if (!m_deaf.listen(QHostAddress::LocalHost)) qFatal("no port");
        m_deafPort = m_deaf.serverPort();
        m_deaf.close();
    }

    void run() {
        meet();
        for (int i = 0; i < 20 && m_server.get(); ++i) {
            m_server.poll(1);
            if (i == 10) goThroughConnections();
        }
        m_peers.clear();
        for (int i = 0; i < 100 && m_server.get() && m_server.counters().connections_open > 0; ++i) m_server.poll(2);
        mg_destroy_server(m_server.place());
    }

    // ---- for the action ----
    static const TemporarySite &site() {
        static const TemporarySite site;
        static const bool isWritten = (site.write("small.txt", "small"), site.writeSparse("large.bin", 3'000'000, "end"), true);
        Q_UNUSED(isWritten);
        return site;
    }
    mg_server *server() const { return m_handle; }
    mg_server **place() { return m_server.place(); }
    const QSet<mg_connection *> &live() const { return m_live; }
    int deafPort() const { return m_deafPort; }
    quint16 port() const { return m_port; }
    void expectNoEvents() { m_isOver = true; }     // but those of an end
    void stopChecking() { m_isChecking = false; }  // the handler is taken away

    // ---- afterwards ----
    int arrivals() const { return m_arrivals; }
    // What was wrong, a line each.
    QByteArray problems() const {
        QByteArrayList all = m_problems;
        if (m_isChecking && !m_live.isEmpty()) all.append(QByteArray::number(m_live.size()) + " connections without CLOSE");
        return all.join('\n');
    }

    int operator()(mg_connection *connection, mg_event event) {
        note(connection, event);
        const QByteArray name = nameOf(connection, event);
        const QByteArray uri = connection->uri;
        const bool isWebsocket = connection->is_websocket;
        arrive(name, connection);
        if (event == MG_CLOSE) m_ours.remove(connection);
        if (event == MG_AUTH) return MG_TRUE;
        if (name == "our CONNECT" && !isWebsocket) mg_printf(connection, "GET /said HTTP/1.1\r\nHost: h\r\n\r\n");
        if (event == MG_CONNECT) {
            if (isWebsocket) mg_websocket_write(connection, WEBSOCKET_OPCODE_TEXT, "hello", 5);
            return MG_TRUE;
        }
        if (name == "message") mg_websocket_write(connection, WEBSOCKET_OPCODE_TEXT, "answer", 6);
        if (name.startsWith("POLL of an answer"))
            return mg_send_data(connection, "piece", 5), m_pieces++ < 3 ? MG_FALSE : MG_TRUE;
        if (event != MG_REQUEST) return MG_FALSE;
        if (isWebsocket) return name == "our message" ? MG_FALSE : MG_TRUE;
        if (uri == "/goes-on") return mg_send_data(connection, "begun", 5), MG_MORE;
        if (uri == "/said" || name == "REQUEST with a body") return mg_send_data(connection, "said", 4), MG_TRUE;
        return MG_FALSE;
    }

  private:
    static QByteArray frame(int bits, const QByteArray &payload) {
        return QByteArray(1, char(bits)) + char(0x80 | payload.size()) + QByteArray(4, '\0') + payload;
    }

    static void onObserved(void *tour, const mg_observation *seen) {
        static_cast<EventTour *>(tour)->arrive("observing " + QByteArray::number(int{seen->kind}), nullptr);
    }

    // Everybody comes at once, so that each stop has others around it in the middle of something.
    void meet() {
        m_handle = m_server.get();
        m_port = m_server.port();
        const QByteArray host = " HTTP/1.1\r\nHost: h\r\n";
        const QByteArray small = "GET /small.txt" + host + "\r\n", upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                                                                             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                                                             "Sec-WebSocket-Version: 13\r\n\r\n";
        const QByteArrayList scripts{"GET /said" + host + "\r\nGET /said" + host + "\r\n",
                                     small + small + "GET /said" + host + "\r\n" + small,
                                     "GET /large.bin" + host + "\r\n",
                                     "GET /large.bin" + host + "Range: bytes=9999999-\r\n\r\n" + small,
                                     "GET /missing" + host + "\r\n" + small,
                                     "POST /form" + host + "Content-Length: 4\r\n\r\nbody" + small,
                                     "POST /form" + host + "Content-Length: 9\r\n\r\nhalf",
                                     "GET /goes-on" + host + "\r\n",
                                     "nonsense\r\n\r\n",
                                     "GET /ws" + host + upgrade + frame(0x81, "one") + frame(0x89, "ping") + frame(0x01, "fr") +
                                         frame(0x80, "ag") + frame(0x88, {}),
                                     "GET /ws" + host + upgrade + frame(0x82, "stays"),
                                     ""};
        for (const QByteArray &script : scripts) {
            m_peers.push_back(std::make_unique<ScriptedPeer>(m_server));
            if (!script.isEmpty()) m_peers.back()->sendUnseen(script);
        }
        open(mg_connect(m_handle, "127.0.0.1", m_port, 0));
        open(mg_connect(m_handle, "127.0.0.1", m_deafPort, 0));
        open(mg_connect_websocket(m_handle, "127.0.0.1", m_port, 0, "/ws", nullptr));
    }

    void open(mg_connection *connection) {
        if (!connection) qFatal("not opened");
        m_ours.insert(connection);
    }

    void goThroughConnections() {
        mg_iterate_over_connections(
            m_handle,
            [](mg_connection *connection, mg_event) -> int {
                auto *tour = static_cast<EventTour *>(connection->callback_param);
                tour->arrive("iterating", connection);
                if (connection->callback_param != tour) tour->m_problems.append("callback_param changed");
                return 0;
            },
            this);
        if (!m_server.get()) return;
        mg_visit_connections(
            m_handle, [](const mg_connection_info *, void *tour) { static_cast<EventTour *>(tour)->arrive("visiting", nullptr); },
            this);
    }

    QByteArray nameOf(mg_connection *connection, mg_event event) const {
        const bool isWebsocket = connection->is_websocket, isOurs = m_ours.contains(connection);
        const QByteArray whose = isOurs ? "our " : "";
        const QByteArray uri = connection->uri;
        switch (event) {
        case MG_CONNECT:
            return connection->status_code == 0 ? "our CONNECT" : "our CONNECT with an error";
        case MG_REPLY:
            return "our REPLY";
        case MG_CLOSE:
            return isOurs ? "our CLOSE" : isWebsocket ? "CLOSE of a WebSocket" : "CLOSE";
        case MG_HTTP_ERROR:
            return "ERROR " + QByteArray::number(connection->status_code);
        case MG_POLL:
            return whose + (isWebsocket ? "POLL of a WebSocket" : uri == "/goes-on" ? "POLL of an answer" : "POLL");
        case MG_AUTH:
            if (uri == "/form") return "AUTH before a body";
            return uri == "/ws" ? "AUTH of a WebSocket" : "AUTH";
        case MG_REQUEST:
            if (isWebsocket && isOurs) return "our message";
            if (isWebsocket)
                return (connection->wsbits & 15) == 9 ? "ping" : (connection->wsbits & 15) == 8 ? "close frame" : "message";
            if (uri == "/form") return "REQUEST with a body";
            return uri == "/goes-on" ? "REQUEST that goes on" : uri == "/said" ? "REQUEST" : "REQUEST of a file";
        }
        return "?";
    }

    void note(mg_connection *connection, mg_event event) {
        const QByteArray name = nameOf(connection, event);
        if (m_isOver && event != MG_CLOSE && name != "our CONNECT with an error") m_problems.append(name + " behind the end");
        if (connection->connection_param == &m_closedMark) m_problems.append(name + " behind CLOSE");
        connection->connection_param = event == MG_CLOSE ? &m_closedMark : &m_openMark;
        if (event == MG_CLOSE)
            m_live.remove(connection);
        else
            m_live.insert(connection);
    }

    void arrive(const QByteArray &stop, mg_connection *connection) {
        if (stop == m_stop && m_arrivals++ < 2) m_action(*this, connection);
    }

    QByteArray m_stop;
    Action m_action;
    mg_server *m_handle = nullptr;
    quint16 m_port = 0;
    QTcpServer m_deaf;
    int m_deafPort = 0;
    int m_arrivals = 0;
    int m_pieces = 0;
    bool m_isOver = false;
    bool m_isChecking = true;
    int m_openMark = 0, m_closedMark = 0;
    QSet<mg_connection *> m_live, m_ours;
    QByteArrayList m_problems;
    std::vector<std::unique_ptr<ScriptedPeer>> m_peers;
    TestServer m_server;
};

}  // namespace meerkat::test
