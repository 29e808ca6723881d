// Station: tests of mongoose.h: WebSockets as a program sees them. The client's bytes are written out.
#include "support/scripted_peer.h"

#include <QSet>
#include <QTest>

using namespace meerkat::test;

namespace {

const QByteArray kUpgrade =
    "GET /chat%20room?a=b HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nCookie: c=d\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
const QByteArray kUpgradeWithTerms = QByteArray(kUpgrade).replace(
    "\r\n\r\n", "\r\nSec-WebSocket-Protocol: soap, chat\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n");

// A client's frame of less than 126 bytes; the mask changes nothing.
QByteArray frame(int bits, const QByteArray &payload = {}) {
    return QByteArray(1, char(bits)) + char(0x80 | payload.size()) + QByteArray(4, '\0') + payload;
}
// A server's.
QByteArray answer(int bits, const QByteArray &payload = {}) { return QByteArray(1, char(bits)) + char(payload.size()) + payload; }
// The answer to the handshake is behind it.
QByteArray shakeHands(ScriptedPeer &peer, const QByteArray &request = kUpgrade) {
    return peer.send(request).readAnswer(true).head;
}

struct Seen {
    QByteArrayList lines;
    int returned = MG_TRUE;

    TestServer::Handler handler(TestServer::Handler then = {}) {
        return [this, then](mg_connection *connection, mg_event event) -> int {
            if (event == MG_AUTH) lines.append("AUTH");
            if (event == MG_CLOSE) lines.append("CLOSE");
            if (event == MG_REQUEST)
                lines.append(QByteArray::number(connection->wsbits, 16) + ' ' +
                             QByteArray(connection->content, qsizetype(connection->content_len)));
            const int answered = then ? then(connection, event) : int{MG_FALSE};
            if (event == MG_AUTH) return MG_TRUE;
            return event == MG_REQUEST ? returned : answered;
        };
    }
};

int echo(mg_connection *connection, mg_event event) {
    if (event == MG_REQUEST)
        mg_websocket_write(connection, connection->wsbits & 15, connection->content, connection->content_len);
    return MG_FALSE;
}

}  // namespace

class TestWebsocketEvents : public QObject {
    Q_OBJECT

  private slots:
    void givesAuthThenEachMessageThenClose();
    void sendsBackWhatItGot();
    void takesBytesThatCameWithTheHandshake();
    void joinsFragmentsAndShowsControlFramesBetweenThem();
    void givesEachFrameInFrameMode();
    void closesWhenTheHandlerReturnsFalse();
    void closesForATruePoll();
    void showsTheOpeningRequestInEachEvent();
    void refusesTheHandshakeWithoutAuthorisation();
    void refusesABrokenHandshake_data();
    void refusesABrokenHandshake();
    void answersPlainlyWhereNobodyTakesMessages();
    void agreesOnSubprotocolAndCompression();
    void carriesTheHandlersFieldsInTheHandshake();
    void limitsMessages();
    void sendsOneMessageToAll();
    void sendsAnotherTextToEach();
    void sendsFragmentsPingAndClose();
    void takesNothingThatIsNoFrame();
    void sendsFormattedText();
    void pingsAnIdlePeerAndClosesASilentOne();
    void countsWhatWaitsForASlowReader();
    void keepsThePointerFromFirstToLastEvent();
    void refusesOptionsThatMakeNoSense_data();
    void refusesOptionsThatMakeNoSense();
};

void TestWebsocketEvents::givesAuthThenEachMessageThenClose() {
    Seen seen;
    TestServer server(seen.handler());
    ScriptedPeer peer(server);
    const QByteArray head = shakeHands(peer);
    QVERIFY2(head.startsWith("HTTP/1.1 101 "), head.constData());
    QVERIFY(head.contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
    peer.send(frame(0x81, "one") + frame(0x82, "two")).readUntilQuiet();
    peer.close();
    QVERIFY(server.pollUntil([&] { return seen.lines.contains("CLOSE"); }));
    QCOMPARE(seen.lines, (QByteArrayList{"AUTH", "81 one", "82 two", "CLOSE"}));
}

void TestWebsocketEvents::sendsBackWhatItGot() {
    Seen seen;
    TestServer server(seen.handler(echo));
    ScriptedPeer peer(server);
    shakeHands(peer);
    QCOMPARE(peer.send(frame(0x81, "text") + frame(0x82, QByteArray("\0\xff", 2))).read(10),
             answer(0x81, "text") + answer(0x82, QByteArray("\0\xff", 2)));
}

void TestWebsocketEvents::takesBytesThatCameWithTheHandshake() {
    Seen seen;
    TestServer server(seen.handler(echo));
    ScriptedPeer peer(server);
    QVERIFY(shakeHands(peer, kUpgrade + frame(0x81, "early")).startsWith("HTTP/1.1 101 "));
    QCOMPARE(peer.read(7), answer(0x81, "early"));
}

void TestWebsocketEvents::joinsFragmentsAndShowsControlFramesBetweenThem() {
    Seen seen;
    TestServer server(seen.handler());
    ScriptedPeer peer(server);
    shakeHands(peer);
    peer.send(frame(0x01, "a") + frame(0x89, "ping") + frame(0x00, "b") + frame(0x8a, "pong") + frame(0x80, "c"));
    QCOMPARE(peer.read(6), answer(0x8a, "ping"));
    peer.send(frame(0x88, QByteArray("\x03\xe9", 2) + "bye"));
    QCOMPARE(peer.readToEnd(), answer(0x88, QByteArray("\x03\xe9", 2)));
    peer.close();
    QVERIFY(server.pollUntil([&] { return seen.lines.contains("CLOSE"); }));
    QCOMPARE(seen.lines, (QByteArrayList{"AUTH", "89 ping", "8a pong", "81 abc",
                                         "88 \x03\xe9"
                                         "bye",
                                         "CLOSE"}));
}

void TestWebsocketEvents::givesEachFrameInFrameMode() {
    Seen seen;
    TestServer server(seen.handler());
    server.set("websocket_events", "frame");
    ScriptedPeer peer(server);
    QVERIFY(!shakeHands(peer, kUpgradeWithTerms).contains("Extensions"));
    peer.send(frame(0x01, "a") + frame(0x00, "b") + frame(0x80, "c") + frame(0x81, "d")).readUntilQuiet();
    QCOMPARE(seen.lines, (QByteArrayList{"AUTH", "1 a", "0 b", "80 c", "81 d"}));
}

void TestWebsocketEvents::closesWhenTheHandlerReturnsFalse() {
    Seen seen;
    seen.returned = MG_FALSE;
    TestServer server(seen.handler());
    ScriptedPeer peer(server);
    shakeHands(peer);
    QCOMPARE(peer.send(frame(0x81, "one") + frame(0x81, "two")).read(4), answer(0x88, QByteArray("\x03\xe8", 2)));
    QCOMPARE(peer.send(frame(0x88, QByteArray("\x03\xe8", 2))).readToEnd(), QByteArray());
    QVERIFY(peer.isClosed());
    QVERIFY(!seen.lines.contains("81 two"));
}

void TestWebsocketEvents::closesForATruePoll() {
    bool isOver = false;
    TestServer server([&](mg_connection *, mg_event event) -> int { return event == MG_AUTH || (event == MG_POLL && isOver); });
    ScriptedPeer peer(server);
    shakeHands(peer);
    isOver = true;
    QCOMPARE(peer.read(4), answer(0x88, QByteArray("\x03\xe8", 2)));
}

void TestWebsocketEvents::showsTheOpeningRequestInEachEvent() {
    QByteArrayList shown;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_AUTH) return MG_TRUE;
        if (event != MG_REQUEST && event != MG_CLOSE) return MG_FALSE;
        const char *key = mg_get_header(connection, "Sec-WebSocket-Key");
        shown.append(QByteArray(connection->request_method) + ' ' + connection->uri + ' ' + connection->query_string + ' ' +
                     mg_get_header(connection, "cookie") + ' ' + connection->http_version + ' ' + (key ? key : "-") + ' ' +
                     QByteArray::number(connection->is_websocket) + ' ' + (connection->content ? "content" : "none"));
        return MG_TRUE;
    });
    {
        ScriptedPeer peer(server);
        shakeHands(peer);
        peer.send(frame(0x81, "m")).readUntilQuiet();
    }
    QVERIFY(server.pollUntil([&] { return shown.size() == 2; }));
    QCOMPARE(shown[0], QByteArray("GET /chat room a=b c=d 1.1 - 1 content"));
    QCOMPARE(shown[1], QByteArray("GET /chat room a=b c=d 1.1 - 1 none"));
}

void TestWebsocketEvents::refusesTheHandshakeWithoutAuthorisation() {
    TestServer server([](mg_connection *, mg_event) -> int { return MG_FALSE; });
    const Answer got = ask(server, kUpgrade);
    QCOMPARE(got.status, 401);
    QVERIFY(!got.head.contains("Sec-WebSocket"));
}

void TestWebsocketEvents::refusesABrokenHandshake_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    QTest::newRow("version 12") << QByteArray(kUpgrade).replace("Version: 13", "Version: 12") << 426;
    QTest::newRow("no key") << QByteArray(kUpgrade).replace("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "") << 400;
    QTest::newRow("a short key") << QByteArray(kUpgrade).replace("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ=") << 400;
}

void TestWebsocketEvents::refusesABrokenHandshake() {
    QFETCH(QByteArray, request);
    Seen seen;
    TestServer server(seen.handler());
    const Answer got = ask(server, request);
    QTEST(got.status, "status");
    if (got.status == 426) QCOMPARE(got.field("Sec-WebSocket-Version"), QByteArray("13"));
}

void TestWebsocketEvents::answersPlainlyWhereNobodyTakesMessages() {
    TestServer without;
    QCOMPARE(ask(without, kUpgrade).status, 404);
    Seen seen;
    TestServer masked(seen.handler());
    mg_set_event_mask(masked.get(), MG_EVENT_BIT(MG_AUTH));
    QCOMPARE(ask(masked, kUpgrade).status, 404);
}

void TestWebsocketEvents::agreesOnSubprotocolAndCompression() {
    Seen seen;
    TestServer server(seen.handler(echo));
    server.set("websocket_subprotocols", "chat,superchat");
    ScriptedPeer peer(server);
    const QByteArray head = shakeHands(peer, kUpgradeWithTerms);
    QVERIFY2(head.contains("\r\nSec-WebSocket-Protocol: chat\r\n"), head.constData());
    QVERIFY2(head.contains("\r\nSec-WebSocket-Extensions: permessage-deflate"), head.constData());
    // "Hello", RFC 7692 section 7.2.3.1. What comes back is too short to be worth compressing.
    peer.send(frame(0xc1, QByteArray::fromHex("f248cdc9c90700")));
    QCOMPARE(peer.read(7), answer(0x81, "Hello"));
    QCOMPARE(seen.lines.last(), QByteArray("81 Hello"));
    server.set("websocket_compression", "no");
    ScriptedPeer plain(server);
    QVERIFY(!shakeHands(plain, kUpgradeWithTerms).contains("Extensions"));
}

void TestWebsocketEvents::carriesTheHandlersFieldsInTheHandshake() {
    TestServer server([](mg_connection *connection, mg_event event) -> int {
        if (event == MG_AUTH) mg_send_header(connection, "Set-Cookie", "a=b");
        return event == MG_AUTH;
    });
    ScriptedPeer peer(server);
    QVERIFY(shakeHands(peer).contains("\r\nSet-Cookie: a=b\r\n"));
}

void TestWebsocketEvents::limitsMessages() {
    Seen seen;
    TestServer server(seen.handler());
    server.set("max_websocket_message_bytes", "10");
    ScriptedPeer peer(server);
    shakeHands(peer);
    peer.send(frame(0x81, "0123456789") + frame(0x01, "012345") + frame(0x80, "67890"));
    QVERIFY(peer.read(4).endsWith("\x03\xf1"));  // 1009
    QCOMPARE(seen.lines, (QByteArrayList{"AUTH", "81 0123456789"}));
}

void TestWebsocketEvents::sendsOneMessageToAll() {
    Seen seen;
    TestServer server(seen.handler());
    ScriptedPeer one(server), two(server), three(server), compressed(server), plain(server);
    for (ScriptedPeer *peer : {&one, &two, &three}) shakeHands(*peer);
    shakeHands(compressed, kUpgradeWithTerms);
    plain.send("GET / HTTP/1.1\r\n").readUntilQuiet();
    const QByteArray text(100, 'x');
    int sent = 0;
    using Param = std::pair<const QByteArray *, int *>;
    Param param{&text, &sent};
    mg_iterate_over_connections(
        server.get(),
        [](mg_connection *connection, mg_event event) -> int {
            auto [message, count] = *static_cast<Param *>(connection->callback_param);
            if (event != MG_POLL || !connection->is_websocket) return MG_FALSE;
            *count += mg_websocket_write(connection, WEBSOCKET_OPCODE_TEXT, message->constData(), size_t(message->size())) == 100;
            return MG_FALSE;
        },
        &param);
    QCOMPARE(sent, 4);
    for (ScriptedPeer *peer : {&one, &two, &three}) QCOMPARE(peer->read(102), answer(0x81, text));
    const QByteArray small = compressed.readUntilQuiet();
    QVERIFY(small.size() > 2 && small.size() < 20 && quint8(small[0]) == 0xc1);
}

void TestWebsocketEvents::sendsAnotherTextToEach() {
    Seen seen;
    TestServer server(seen.handler());
    ScriptedPeer one(server), two(server);
    shakeHands(one);
    shakeHands(two);
    int number = 0;
    // The same buffer with another content of the same length.
    static char buffer[2];
    mg_iterate_over_connections(
        server.get(),
        [](mg_connection *connection, mg_event) -> int {
            buffer[0] = char('0' + (*static_cast<int *>(connection->callback_param))++);
            return mg_websocket_write(connection, WEBSOCKET_OPCODE_TEXT, buffer, 1);
        },
        &number);
    QCOMPARE(QSet<QByteArray>({one.read(3), two.read(3)}), QSet<QByteArray>({answer(0x81, "0"), answer(0x81, "1")}));
}

void TestWebsocketEvents::sendsFragmentsPingAndClose() {
    Seen seen;
    QList<int> taken;
    TestServer server(seen.handler([&](mg_connection *connection, mg_event event) -> int {
        if (event != MG_REQUEST || connection->wsbits != 0x81) return MG_FALSE;
        taken = {mg_websocket_write(connection, WEBSOCKET_OPCODE_TEXT | WEBSOCKET_DONT_FIN, "a", 1),
                 mg_websocket_write(connection, WEBSOCKET_OPCODE_PING, "", 0),
                 mg_websocket_write(connection, WEBSOCKET_OPCODE_TEXT, "no", 2),
                 mg_websocket_write(connection, WEBSOCKET_OPCODE_CONTINUATION, "b", 1),
                 mg_websocket_write(connection, WEBSOCKET_OPCODE_CONNECTION_CLOSE, "\x03\xe9", 2),
                 mg_websocket_write(connection, WEBSOCKET_OPCODE_TEXT, "late", 4)};
        return MG_TRUE;
    }));
    ScriptedPeer peer(server);
    shakeHands(peer);
    QCOMPARE(peer.send(frame(0x81, "go")).read(12),
             answer(0x01, "a") + answer(0x89) + answer(0x80, "b") + answer(0x88, QByteArray("\x03\xe9", 2)));
    QCOMPARE(taken, (QList<int>{1, 1, 0, 1, 2, 0}));
}

void TestWebsocketEvents::takesNothingThatIsNoFrame() {
    mg_connection *plain = nullptr;
    int inRequest = -1;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_REQUEST) inRequest = mg_websocket_write(connection, WEBSOCKET_OPCODE_TEXT, "a", 1);
        if (event == MG_REQUEST) plain = connection;
        return event == MG_AUTH || event == MG_REQUEST;
    });
    ScriptedPeer peer(server);
    QCOMPARE(peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer().body, QByteArray());
    QCOMPARE(inRequest, 0);
    QCOMPARE(mg_websocket_write(plain, WEBSOCKET_OPCODE_TEXT, "a", 1), 0);
    QCOMPARE(mg_websocket_write(nullptr, WEBSOCKET_OPCODE_TEXT, "a", 1), 0);
    mg_connection *websocket = nullptr;
    TestServer other([&](mg_connection *connection, mg_event) -> int {
        websocket = connection;
        return MG_TRUE;
    });
    mg_set_event_mask(other.get(), MG_EVENT_BIT(MG_AUTH) | MG_EVENT_BIT(MG_REQUEST));
    ScriptedPeer second(other);
    shakeHands(second);
    QCOMPARE(mg_websocket_write(websocket, WEBSOCKET_OPCODE_TEXT, nullptr, 1), 0);
    QCOMPARE(mg_websocket_write(websocket, 3, "a", 1), 0);
    QCOMPARE(mg_websocket_write(websocket, -1, "a", 1), 0);
    QCOMPARE(mg_websocket_write(websocket, 0x11, "a", 1), 0);
    QCOMPARE(mg_websocket_write(websocket, WEBSOCKET_OPCODE_PING, QByteArray(126, 'a').constData(), 126), 0);
    QCOMPARE(mg_send_data(websocket, "a", 1), 0);
    QCOMPARE(mg_send_status(websocket, 200), 0);
    QCOMPARE(mg_websocket_write(websocket, WEBSOCKET_OPCODE_TEXT, "a", 1), 1);
    QCOMPARE(second.read(3), answer(0x81, "a"));
}

void TestWebsocketEvents::sendsFormattedText() {
    Seen seen;
    TestServer server(seen.handler([](mg_connection *connection, mg_event event) -> int {
        if (event == MG_REQUEST) mg_websocket_printf(connection, WEBSOCKET_OPCODE_TEXT, "%s-%d", "n", 7);
        return MG_FALSE;
    }));
    ScriptedPeer peer(server);
    shakeHands(peer);
    QCOMPARE(peer.send(frame(0x81, "go")).read(5), answer(0x81, "n-7"));
}

void TestWebsocketEvents::pingsAnIdlePeerAndClosesASilentOne() {
    Seen seen;
    TestServer server(seen.handler());
    server.set("idle_timeout_ms", "60");
    ScriptedPeer peer(server);
    shakeHands(peer);
    QCOMPARE(peer.read(2), answer(0x89));
    peer.send(frame(0x8a));
    QCOMPARE(peer.read(2), answer(0x89));
    QCOMPARE(peer.readToEnd(), QByteArray());
    QVERIFY(peer.isClosed());
}

void TestWebsocketEvents::countsWhatWaitsForASlowReader() {
    mg_connection *websocket = nullptr;
    TestServer server([&](mg_connection *connection, mg_event) -> int {
        websocket = connection;
        return MG_TRUE;
    });
    mg_set_event_mask(server.get(), MG_EVENT_BIT(MG_AUTH) | MG_EVENT_BIT(MG_REQUEST));
    ScriptedPeer peer(server, 4096);
    shakeHands(peer);
    const QByteArray large(1'000'000, 'y');
    int sent = 0;
    for (; sent < 100 && mg_pending_bytes(websocket) < 5'000'000; ++sent)
        QCOMPARE(mg_websocket_write(websocket, WEBSOCKET_OPCODE_BINARY, large.constData(), size_t(large.size())), 1'000'000);
    QVERIFY(mg_pending_bytes(websocket) >= 5'000'000);
    QCOMPARE(peer.read(sent * 1'000'010).size(), sent * 1'000'010);
    QCOMPARE(mg_pending_bytes(websocket), size_t(0));
}

void TestWebsocketEvents::keepsThePointerFromFirstToLastEvent() {
    QSet<mg_connection *> seen;
    bool isClosed = false;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event != MG_POLL) seen.insert(connection);
        isClosed = isClosed || event == MG_CLOSE;
        return event != MG_POLL;
    });
    {
        ScriptedPeer peer(server);
        shakeHands(peer);
        peer.send(frame(0x81, "a")).readUntilQuiet();
    }
    QVERIFY(server.pollUntil([&] { return isClosed; }));
    QCOMPARE(seen.size(), 1);
}

void TestWebsocketEvents::refusesOptionsThatMakeNoSense_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("an unknown mode") << QByteArray("websocket_events") << QByteArray("frames");
    QTest::newRow("maybe") << QByteArray("websocket_compression") << QByteArray("maybe");
    QTest::newRow("a space in a name") << QByteArray("websocket_subprotocols") << QByteArray("chat,my chat");
    QTest::newRow("no number") << QByteArray("max_websocket_message_bytes") << QByteArray("16M");
}

void TestWebsocketEvents::refusesOptionsThatMakeNoSense() {
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    TestServer server;
    const QByteArray before = mg_get_option(server.get(), name.constData());
    const char *refusal = mg_set_option(server.get(), name.constData(), value.constData());
    QVERIFY(refusal);
    QVERIFY2(QByteArray(refusal).contains(value.split(',').last()), refusal);
    QCOMPARE(QByteArray(mg_get_option(server.get(), name.constData())), before);
}

QTEST_GUILESS_MAIN(TestWebsocketEvents)
#include "tst_websocket_events.moc"
