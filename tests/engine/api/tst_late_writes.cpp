// Station: tests of mongoose.h: what is written when no request is being answered, for whom nobody gets a body, and what MG_AUTH says of an answer.
#include "support/scripted_peer.h"
#include "support/temporary_site.h"

#include <QTest>

using namespace meerkat::test;

namespace {

constexpr qsizetype kMuch = 20'000'000;

const QByteArray kUpgrade = "GET /room HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

QByteArray get(const QByteArray &target) { return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n"; }

}  // namespace

class TestLateWrites : public QObject {
    Q_OBJECT

  private slots:
    void sendsALargeMessageFromAPoll();
    void sendsALargeMessageToAllFromAPoll();
    void streamsARequestFromAPoll();
    void comesToAnEndWhereNobodyGetsTheBody_data();
    void comesToAnEndWhereNobodyGetsTheBody();
    void takesNothingBehindAFile();
    void addsTheLinesOfTheFirstDoorToItsOwnAnswers();
    void goesOnWithAnAnswerBegunAtTheFirstDoor();
};

// Much more than the socket takes at once: the rest goes out as the peer reads.
void TestLateWrites::sendsALargeMessageFromAPoll() {
    const QByteArray much(kMuch, 'x');
    bool isSent = false;
    TestServer server([&](mg_connection *connection, mg_event event) {
        if (event == MG_POLL && connection->is_websocket && !isSent)
            isSent = mg_websocket_write(connection, WEBSOCKET_OPCODE_BINARY, much.constData(), size_t(much.size())) > 0;
        return event == MG_AUTH || event == MG_REQUEST ? MG_TRUE : MG_FALSE;
    });
    ScriptedPeer peer(server);
    QVERIFY(peer.send(kUpgrade).readAnswer(true).status == 101);
    QVERIFY(peer.read(10 + kMuch).endsWith(much));
    QVERIFY(isSent);
}

// To itself, too, whose poll it is.
void TestLateWrites::sendsALargeMessageToAllFromAPoll() {
    static const QByteArray much(kMuch, 'x');
    bool isSent = false;
    mg_server *all = nullptr;
    int open = 0;
    TestServer server([&](mg_connection *connection, mg_event event) {
        if (event == MG_POLL && connection->is_websocket && open == 2 && !isSent) {
            isSent = true;
            const auto send = [](mg_connection *each, mg_event) {
                if (each->is_websocket) mg_websocket_write(each, WEBSOCKET_OPCODE_BINARY, much.constData(), size_t(much.size()));
                return int(MG_FALSE);
            };
            mg_iterate_over_connections(all, send, nullptr);
        }
        return event == MG_AUTH || event == MG_REQUEST ? MG_TRUE : MG_FALSE;
    });
    all = server.get();
    ScriptedPeer one(server), other(server);
    for (ScriptedPeer *peer : {&one, &other}) QCOMPARE(peer->send(kUpgrade).readAnswer(true).status, 101);
    open = 2;
    for (ScriptedPeer *peer : {&one, &other}) QVERIFY(peer->read(10 + kMuch).endsWith(much));
}

void TestLateWrites::streamsARequestFromAPoll() {
    const QByteArray part(100'000, 'x');
    int left = int(kMuch / part.size());
    QByteArray reply;
    bool isOver = false;
    mg_connection *opened = nullptr;
    TestServer server([&](mg_connection *connection, mg_event event) {
        if (connection != opened) {
            if (event == MG_REQUEST) mg_printf_data(connection, "%lu", static_cast<unsigned long>(connection->content_len));
            return event == MG_AUTH || event == MG_REQUEST ? MG_TRUE : MG_FALSE;
        }
        if (event == MG_CONNECT) mg_printf(connection, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %ld\r\n\r\n", long(kMuch));
        if (event == MG_POLL && left > 0 && mg_pending_bytes(connection) < 200'000) {
            mg_write(connection, part.constData(), int(part.size()));
            --left;
        }
        if (event == MG_REPLY) reply = QByteArray(connection->content, qsizetype(connection->content_len));
        if (event == MG_CLOSE) isOver = true;
        return event == MG_CONNECT ? MG_TRUE : MG_FALSE;
    });
    opened = mg_connect(server.get(), "127.0.0.1", server.port(), 0);
    QVERIFY(server.pollUntil([&] { return isOver; }));
    QCOMPARE(reply, QByteArray::number(kMuch));
}

void TestLateWrites::comesToAnEndWhereNobodyGetsTheBody_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("length");
    QTest::newRow("HEAD") << QByteArray("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n") << 200 << QByteArray();
    QTest::newRow("204") << get("/") << 204 << QByteArray();
    QTest::newRow("304") << get("/") << 304 << QByteArray();
    QTest::newRow("more than was announced") << get("/") << 200 << QByteArray("5");
}

void TestLateWrites::comesToAnEndWhereNobodyGetsTheBody() {
    QFETCH(int, status);
    QFETCH(QByteArray, length);
    int calls = 0;
    TestServer server([&](mg_connection *connection, mg_event event) {
        if (event != MG_REQUEST && (event != MG_POLL || calls == 0)) return event == MG_AUTH ? MG_TRUE : MG_FALSE;
        if (event == MG_REQUEST) {
            mg_send_status(connection, status);
            if (!length.isEmpty()) mg_send_header(connection, "Content-Length", length.constData());
        }
        // As the comment of mg_pending_bytes wants it.
        for (int i = 0; mg_pending_bytes(connection) < 100'000; ++i) {
            if (i == 1000) return ++calls, MG_TRUE;  // no end of it
            mg_printf_data(connection, "%01000d", i);
        }
        return ++calls < 3 ? (event == MG_REQUEST ? MG_MORE : MG_FALSE) : MG_TRUE;
    });
    QFETCH(QByteArray, request);
    const Answer answer = [&] {
        ScriptedPeer peer(server);
        return peer.send(request).readAnswer(length.isEmpty());
    }();
    QCOMPARE(answer.status, status);
    QCOMPARE(answer.body.size(), length.toInt());
    QVERIFY(server.pollUntil([&] { return calls >= 3; }) || calls > 0);
    QVERIFY(server.counters().requests == 1);
}

void TestLateWrites::takesNothingBehindAFile() {
    TemporarySite site;
    site.write("a.txt", "the file");
    QList<int> taken;
    TestServer server([&](mg_connection *connection, mg_event event) {
        if (event == MG_REQUEST)
            taken << mg_send_file(connection, site.path("a.txt").toUtf8().constData()) << mg_send_data(connection, "x", 1)
                  << mg_send_status(connection, 500) << mg_send_header(connection, "X-A", "b");
        return event == MG_AUTH ? MG_TRUE : MG_FALSE;
    });
    const Answer answer = ask(server, get("/"));
    QCOMPARE(taken, QList<int>({1, 0, 0, 0}));
    QCOMPARE(answer.body, QByteArray("the file"));
    QVERIFY(answer.field("X-A").isNull());
}

void TestLateWrites::addsTheLinesOfTheFirstDoorToItsOwnAnswers() {
    TemporarySite site;
    site.write("a.txt", "the file");
    TestServer server([](mg_connection *connection, mg_event event) {
        if (event == MG_AUTH) mg_send_header(connection, "Set-Cookie", "visit=1");
        return event == MG_AUTH ? MG_TRUE : MG_FALSE;
    });
    server.set("document_root", site.path().toUtf8());
    ScriptedPeer peer(server);
    for (const char *target : {"/a.txt", "/a.txt", "/"}) {
        const Answer answer = peer.send(get(target)).readAnswer();
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.field("Set-Cookie"), QByteArray("visit=1"));
        QCOMPARE(answer.head.count("Set-Cookie"), 1);
    }
    QCOMPARE(peer.send(get("/nothing")).readAnswer().status, 404);
}

void TestLateWrites::goesOnWithAnAnswerBegunAtTheFirstDoor() {
    int polls = 0;
    TestServer server([&](mg_connection *connection, mg_event event) {
        if (event == MG_AUTH) mg_send_status(connection, 202);
        if (event == MG_POLL && connection->uri) return ++polls > 1 ? MG_TRUE : MG_FALSE;
        return event == MG_AUTH ? MG_TRUE : MG_FALSE;
    });
    QCOMPARE(ask(server, get("/")).status, 202);
}

QTEST_GUILESS_MAIN(TestLateWrites)
#include "tst_late_writes.moc"
