// Station: tests of mongoose.h: connections that the program opens. The other end is a server of ours in the same loop, or a socket that
// says what it is told.
#include "support/scripted_peer.h"
#include "support/temporary_site.h"

#include <QElapsedTimer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <cerrno>

using namespace meerkat::test;

namespace {

// Writes down the events of connections that the program opened; those of accepted ones go to `accepted`.
struct Caller {
    QByteArrayList lines;
    QByteArray request = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
    int repliesWanted = 1;
    TestServer::Handler accepted;
    mg_connection *opened = nullptr;
    bool isClosed = false;
    std::function<void(mg_connection *)> onTrouble;

    int operator()(mg_connection *connection, mg_event event) {
        if (connection != opened) return accepted ? accepted(connection, event) : int{event == MG_AUTH};
        switch (event) {
        case MG_CONNECT:
            lines.append("CONNECT " + QByteArray::number(connection->status_code));
            if (connection->status_code != 0) {
                if (onTrouble) onTrouble(connection);
                return MG_FALSE;
            }
            mg_write(connection, request.constData(), int(request.size()));
            return MG_TRUE;
        case MG_REPLY:
            lines.append("REPLY " + QByteArray::number(connection->status_code) + ' ' + connection->uri + ' ' +
                         QByteArray(connection->content, qsizetype(connection->content_len)));
            if (--repliesWanted <= 0) return MG_FALSE;
            mg_write(connection, request.constData(), int(request.size()));
            return MG_TRUE;
        case MG_REQUEST:
            lines.append("MESSAGE " + QByteArray(connection->content, qsizetype(connection->content_len)));
            return MG_TRUE;
        case MG_CLOSE:
            lines.append("CLOSE " + QByteArray::number(connection->status_code));
            isClosed = true;
            return MG_FALSE;
        default:
            return MG_FALSE;
        }
    }
    void run(TestServer &server, const char *host, int port, int isTls = 0) {
        opened = mg_connect(server.get(), host, port, isTls);
        QVERIFY(opened);
        QVERIFY(server.pollUntil([&] { return isClosed; }));
    }
};

int sayHello(mg_connection *connection, mg_event event) {
    if (event == MG_REQUEST && connection->is_websocket) {
        mg_websocket_write(connection, connection->wsbits & 15, connection->content, connection->content_len);
        return MG_TRUE;
    }
    if (event == MG_REQUEST) mg_printf_data(connection, "hello %s", connection->uri);
    return event == MG_AUTH || event == MG_REQUEST ? MG_TRUE : MG_FALSE;
}

// Listens and answers the first connection with bytes that were written out, then closes it.
class Saying {
  public:
    explicit Saying(const QByteArray &answer, bool resets = false) : m_answer(answer), m_resets(resets) {
        if (!m_server.listen(QHostAddress::LocalHost)) qFatal("no port");
    }
    quint16 port() const { return m_server.serverPort(); }
    void step() {
        if (!m_socket && m_server.waitForNewConnection(1)) m_socket = m_server.nextPendingConnection();
        if (!m_socket || m_isOver || !m_socket->waitForReadyRead(1)) return;
        m_socket->write(m_answer);
        m_socket->waitForBytesWritten(1000);
        m_isOver = true;
        if (m_resets)
            m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1), m_socket->abort();
        else
            m_socket->disconnectFromHost();
    }

  private:
    QTcpServer m_server;
    QTcpSocket *m_socket = nullptr;
    QByteArray m_answer;
    bool m_resets;
    bool m_isOver = false;
};

}  // namespace

class TestClientEvents : public QObject {
    Q_OBJECT

  private slots:
    void givesConnectReplyAndCloseOnce();
    void asksAgainOnTheSameConnection();
    void takesAnswersInEachFraming_data();
    void takesAnswersInEachFraming();
    void tellsWhyThereIsNoConnection_data();
    void tellsWhyThereIsNoConnection();
    void tellsWhyAnAnswerDidNotCome_data();
    void tellsWhyAnAnswerDidNotCome();
    void showsTheReplyInItsEventOnly();
    void closesWhereNothingWasAsked();
    void limitsAnswers();
    void refusesBadArguments();
    void opensAWebsocket();
    void tellsWhyAWebsocketWasRefused();
    void limitsHandshakesInTime_data();
    void limitsHandshakesInTime();
    void joinsValuesThatGoOnInTheNextLine();
    void speaksTlsToAServerThatItCanVerify();
    void refusesATlsServerThatItCannotVerify_data();
    void refusesATlsServerThatItCannotVerify();
    void opensAWebsocketOverTls();
    void givesCloseWhenTheServerIsDestroyedMeanwhile();
    void leavesOutgoingConnectionsOutOfTheSnapshot();

  private:
    // With an authority of its own, whose certificate lies in authority.crt.
    void secure(TestServer &server);

    TemporarySite m_site;
};

void TestClientEvents::secure(TestServer &server) {
    server.set("ssl_auto_directory", m_site.path().toUtf8());
    server.set("ssl_certificate", "auto");
}

void TestClientEvents::givesConnectReplyAndCloseOnce() {
    Caller caller;
    caller.accepted = sayHello;
    TestServer server(std::ref(caller));
    caller.run(server, "127.0.0.1", server.port());
    QCOMPARE(caller.lines, (QByteArrayList{"CONNECT 0", "REPLY 200 200 hello /a", "CLOSE 0"}));
}

void TestClientEvents::asksAgainOnTheSameConnection() {
    Caller caller;
    caller.accepted = sayHello;
    caller.repliesWanted = 3;
    TestServer server(std::ref(caller));
    caller.run(server, "localhost", server.port());
    QCOMPARE(caller.lines.count("REPLY 200 200 hello /a"), 3);
    QCOMPARE(server.counters().connections_accepted, 1ull);
}

void TestClientEvents::takesAnswersInEachFraming_data() {
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("a length") << QByteArray("HTTP/1.1 201 Made\r\nContent-Length: 3\r\n\r\nabc")
                              << QByteArray("REPLY 201 201 abc");
    QTest::newRow("chunks") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")
                            << QByteArray("REPLY 200 200 abc");
    QTest::newRow("until the end") << QByteArray("HTTP/1.0 404 Not Found\r\n\r\nabc") << QByteArray("REPLY 404 404 abc");
    QTest::newRow("none") << QByteArray("HTTP/1.1 204 No Content\r\n\r\n") << QByteArray("REPLY 204 204 ");
    QTest::newRow("an interim one before") << QByteArray(
                                                  "HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc")
                                           << QByteArray("REPLY 200 200 abc");
}

void TestClientEvents::takesAnswersInEachFraming() {
    QFETCH(QByteArray, answer);
    QFETCH(QByteArray, line);
    Caller caller;
    TestServer server(std::ref(caller));
    Saying other(answer);
    caller.opened = mg_connect(server.get(), "127.0.0.1", other.port(), 0);
    QVERIFY(server.pollUntil([&] {
        other.step();
        return caller.isClosed;
    }));
    QCOMPARE(caller.lines, (QByteArrayList{"CONNECT 0", line, "CLOSE 0"}));
}

void TestClientEvents::tellsWhyThereIsNoConnection_data() {
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<int>("error");
    QTest::newRow("nobody listens") << QByteArray("127.0.0.1") << ECONNREFUSED;
    QTest::newRow("no such name") << QByteArray("no-such-name.invalid") << ENOENT;
    QTest::newRow("an empty name") << QByteArray("") << ENOENT;
}

void TestClientEvents::tellsWhyThereIsNoConnection() {
    QFETCH(QByteArray, host);
    QFETCH(int, error);
    QTcpServer free;
    QVERIFY(free.listen(QHostAddress::LocalHost));
    const quint16 port = free.serverPort();
    free.close();
    Caller caller;
    TestServer server(std::ref(caller));
    caller.run(server, host.constData(), port);
    QCOMPARE(caller.lines.size(), 2);
    // Without a name server at all, the system can't tell that there is no such name.
    if (caller.lines[0] != "CONNECT " + QByteArray::number(EAGAIN))
        QCOMPARE(caller.lines[0], "CONNECT " + QByteArray::number(error));
    QCOMPARE(caller.lines[1], QByteArray("CLOSE 0"));
}

void TestClientEvents::tellsWhyAnAnswerDidNotCome_data() {
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("error");
    QTest::newRow("closed without a word") << QByteArray() << ECONNRESET;
    QTest::newRow("cut in the head") << QByteArray("HTTP/1.1 200 OK\r\nConte") << ECONNRESET;
    QTest::newRow("cut in the body") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc") << ECONNRESET;
    QTest::newRow("no HTTP") << QByteArray("220 mail.example ESMTP\r\n") << EPROTO;
}

void TestClientEvents::tellsWhyAnAnswerDidNotCome() {
    QFETCH(QByteArray, answer);
    QFETCH(int, error);
    Caller caller;
    TestServer server(std::ref(caller));
    Saying other(answer);
    caller.opened = mg_connect(server.get(), "127.0.0.1", other.port(), 0);
    QVERIFY(server.pollUntil([&] {
        other.step();
        return caller.isClosed;
    }));
    QCOMPARE(caller.lines, (QByteArrayList{"CONNECT 0", "CLOSE " + QByteArray::number(error)}));
}

void TestClientEvents::showsTheReplyInItsEventOnly() {
    QByteArray inReply, inClose;
    mg_connection *opened = nullptr;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (connection != opened) return sayHello(connection, event);
        if (event == MG_CONNECT) return mg_printf(connection, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        if (event == MG_REPLY) inReply = QByteArray(connection->http_version) + ' ' + mg_get_header(connection, "date");
        if (event == MG_CLOSE)
            inClose = !connection->uri && !connection->content && !connection->http_headers ? "nothing" : "left";
        return MG_FALSE;
    });
    opened = mg_connect(server.get(), "127.0.0.1", server.port(), 0);
    QVERIFY(server.pollUntil([&] { return !inClose.isEmpty(); }));
    QVERIFY(inReply.startsWith("1.1 ") && inReply.endsWith(" GMT"));
    QCOMPARE(inClose, QByteArray("nothing"));
}

void TestClientEvents::closesWhereNothingWasAsked() {
    Caller caller;
    caller.request.clear();
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        const int answer = caller(connection, event);
        return connection == caller.opened && event == MG_CONNECT ? int{MG_FALSE} : answer;
    });
    caller.run(server, "127.0.0.1", server.port());
    QCOMPARE(caller.lines, (QByteArrayList{"CONNECT 0", "CLOSE 0"}));
}

void TestClientEvents::limitsAnswers() {
    Caller caller;
    TestServer server(std::ref(caller));
    server.set("max_reply_bytes", "10");
    Saying other("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n01234567890");
    caller.opened = mg_connect(server.get(), "127.0.0.1", other.port(), 0);
    QVERIFY(server.pollUntil([&] {
        other.step();
        return caller.isClosed;
    }));
    QCOMPARE(caller.lines.last(), "CLOSE " + QByteArray::number(EMSGSIZE));
}

void TestClientEvents::refusesBadArguments() {
    TestServer server;
    QVERIFY(!mg_connect(nullptr, "127.0.0.1", 80, 0));
    QVERIFY(!mg_connect(server.get(), nullptr, 80, 0));
    for (const int port : {0, -1, 65536}) QVERIFY(!mg_connect(server.get(), "127.0.0.1", port, 0));
    QVERIFY(!mg_connect_websocket(server.get(), "127.0.0.1", 80, 0, nullptr, nullptr));
    QVERIFY(!mg_connect_websocket(server.get(), "127.0.0.1", 80, 0, "no-slash", nullptr));
    QVERIFY(!mg_connect_websocket(server.get(), "127.0.0.1", 80, 0, "/\r\nX: y", nullptr));
    QVERIFY(!mg_connect_websocket(server.get(), "127.0.0.1", 80, 0, "/", "chat\r\nX: y"));
}

void TestClientEvents::opensAWebsocket() {
    Caller caller;
    caller.request.clear();
    QByteArray uri, chosen, address;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (connection != caller.opened) return sayHello(connection, event);
        const int answer = caller(connection, event);
        if (event == MG_CONNECT) {
            chosen = mg_get_header(connection, "Sec-WebSocket-Protocol");
            address = QByteArray(connection->remote_ip) + ':' + QByteArray::number(connection->remote_port);
            mg_websocket_write(connection, WEBSOCKET_OPCODE_TEXT, "first", 5);
        }
        if (event == MG_REQUEST) {
            uri = QByteArray(connection->uri) + '?' + connection->query_string;
            return MG_FALSE;
        }
        return answer;
    });
    server.set("websocket_subprotocols", "chat");
    caller.opened = mg_connect_websocket(server.get(), "127.0.0.1", server.port(), 0, "/room?a=b", "talk,chat");
    QVERIFY(server.pollUntil([&] { return caller.isClosed; }));
    QCOMPARE(caller.lines.mid(0, 2), (QByteArrayList{"CONNECT 0", "MESSAGE first"}));
    QCOMPARE(uri, QByteArray("/room?a=b"));
    QCOMPARE(chosen, QByteArray("chat"));
    QCOMPARE(address, "127.0.0.1:" + QByteArray::number(server.port()));
}

void TestClientEvents::tellsWhyAWebsocketWasRefused() {
    QByteArray answer;
    mg_connection *opened = nullptr;
    bool isClosed = false;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (connection != opened) return MG_FALSE;  // 401
        if (event == MG_CONNECT) answer = QByteArray::number(connection->status_code) + ' ' + connection->uri;
        isClosed = isClosed || event == MG_CLOSE;
        return MG_FALSE;
    });
    opened = mg_connect_websocket(server.get(), "127.0.0.1", server.port(), 0, "/", nullptr);
    QVERIFY(server.pollUntil([&] { return isClosed; }));
    QCOMPARE(answer, QByteArray::number(EPROTO) + " 401");
}

void TestClientEvents::limitsHandshakesInTime_data() {
    QTest::addColumn<bool>("isTls");
    QTest::addColumn<bool>("isWebsocket");
    QTest::newRow("TLS") << true << false;
    QTest::newRow("WebSocket") << false << true;
    QTest::newRow("both") << true << true;
}

// The other end takes the connection and says nothing.
void TestClientEvents::limitsHandshakesInTime() {
    QFETCH(bool, isTls);
    QFETCH(bool, isWebsocket);
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    Caller caller;
    int written = -1;
    caller.onTrouble = [&written](mg_connection *connection) { written = mg_printf(connection, "more"); };
    TestServer server(std::ref(caller));
    server.set("connect_timeout_ms", "300");
    QElapsedTimer time;
    time.start();
    caller.opened = isWebsocket ? mg_connect_websocket(server.get(), "127.0.0.1", silent.serverPort(), isTls, "/", nullptr)
                                : mg_connect(server.get(), "127.0.0.1", silent.serverPort(), isTls);
    QVERIFY(server.pollUntil([&] { return caller.isClosed; }));
    QCOMPARE(caller.lines, QByteArrayList({"CONNECT " + QByteArray::number(ETIMEDOUT), "CLOSE 0"}));
    QCOMPARE(written, 0);
    QVERIFY(time.elapsed() >= 290 && time.elapsed() < 5000);
}

// RFC 9112 section 5.2.
void TestClientEvents::joinsValuesThatGoOnInTheNextLine() {
    Saying saying("HTTP/1.1 200 OK\r\nX-Long: one\r\n  two\r\n\tthree\r\nContent-Length: 2\r\n\r\nhi");
    Caller caller;
    QByteArray value;
    TestServer server([&](mg_connection *connection, mg_event event) {
        if (event == MG_REPLY) value = mg_get_header(connection, "X-Long");
        return caller(connection, event);
    });
    caller.opened = mg_connect(server.get(), "127.0.0.1", saying.port(), 0);
    QVERIFY(server.pollUntil([&] {
        saying.step();
        return caller.isClosed;
    }));
    QCOMPARE(caller.lines, QByteArrayList({"CONNECT 0", "REPLY 200 200 hi", "CLOSE 0"}));
    QCOMPARE(value.simplified(), QByteArray("one two three"));
}

void TestClientEvents::speaksTlsToAServerThatItCanVerify() {
    Caller caller;
    caller.accepted = sayHello;
    caller.repliesWanted = 2;
    TestServer server(std::ref(caller));
    secure(server);
    server.set("ssl_ca_certificate", m_site.path("authority.crt").toUtf8());
    caller.run(server, "localhost", server.port(), 1);
    QCOMPARE(caller.lines, (QByteArrayList{"CONNECT 0", "REPLY 200 200 hello /a", "REPLY 200 200 hello /a", "CLOSE 0"}));
}

void TestClientEvents::refusesATlsServerThatItCannotVerify_data() {
    QTest::addColumn<bool>("isTrusted");
    QTest::addColumn<bool>("isTls");
    QTest::newRow("an authority that nobody knows") << false << true;
    QTest::newRow("no TLS at all") << true << false;
}

void TestClientEvents::refusesATlsServerThatItCannotVerify() {
    QFETCH(bool, isTrusted);
    QFETCH(bool, isTls);
    Caller caller;
    TestServer server(std::ref(caller));
    secure(server);
    if (isTrusted) server.set("ssl_ca_certificate", m_site.path("authority.crt").toUtf8());
    if (!isTls) server.set("ssl_certificate", "");
    QByteArray why;
    caller.onTrouble = [&](mg_connection *connection) {
        why = QByteArray(connection->content, qsizetype(connection->content_len));
    };
    caller.run(server, "localhost", server.port(), 1);
    QCOMPARE(caller.lines.first(), "CONNECT " + QByteArray::number(EPROTO));
    QVERIFY2(why.size() > 20, why.constData());
}

void TestClientEvents::opensAWebsocketOverTls() {
    Caller caller;
    caller.request.clear();
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (connection != caller.opened) return sayHello(connection, event);
        const int answer = caller(connection, event);
        if (event == MG_CONNECT) mg_websocket_write(connection, WEBSOCKET_OPCODE_TEXT, "first", 5);
        return event == MG_REQUEST ? int{MG_FALSE} : answer;
    });
    secure(server);
    server.set("ssl_ca_certificate", m_site.path("authority.crt").toUtf8());
    caller.opened = mg_connect_websocket(server.get(), "localhost", server.port(), 1, "/", nullptr);
    QVERIFY(server.pollUntil([&] { return caller.isClosed; }));
    QCOMPARE(caller.lines.mid(0, 2), (QByteArrayList{"CONNECT 0", "MESSAGE first"}));
}

void TestClientEvents::givesCloseWhenTheServerIsDestroyedMeanwhile() {
    Caller caller;
    TestServer server(std::ref(caller));
    caller.opened = mg_connect(server.get(), "127.0.0.1", server.port(), 0);
    mg_destroy_server(server.place());
    QCOMPARE(caller.lines.size(), 2);
    QVERIFY(caller.lines[0].startsWith("CONNECT ") && caller.lines[0] != "CONNECT 0");
    QVERIFY(caller.isClosed);
}

void TestClientEvents::leavesOutgoingConnectionsOutOfTheSnapshot() {
    Caller caller;
    caller.accepted = sayHello;
    int seen = 0;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_REPLY)
            mg_visit_connections(
                server.get(), [](const mg_connection_info *, void *count) { ++*static_cast<int *>(count); }, &seen);
        return caller(connection, event);
    });
    caller.run(server, "127.0.0.1", server.port());
    QCOMPARE(seen, 1);
}

QTEST_GUILESS_MAIN(TestClientEvents)
#include "tst_client_events.moc"
