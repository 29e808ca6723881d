// Station: tests of websocket_endpoints, and of what an observer is told of messages.
#include "support/scripted_peer.h"
#include "support/temporary_site.h"

#include <QTest>

#include <functional>

using namespace meerkat::test;

namespace {

QByteArray upgrade(const QByteArray &target, const QByteArray &fields = {}) {
    return "GET " + target +
           " HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
           fields + "\r\n";
}
int open(ScriptedPeer &peer, const QByteArray &target, const QByteArray &fields = {}) {
    return peer.send(upgrade(target, fields)).readAnswer(true).status;
}
// A client's frame of less than 126 bytes; the mask changes nothing.
QByteArray frame(int bits, const QByteArray &payload = {}) {
    return QByteArray(1, char(bits)) + char(0x80 | payload.size()) + QByteArray(4, '\0') + payload;
}
QByteArray answer(int bits, const QByteArray &payload = {}) { return QByteArray(1, char(bits)) + char(payload.size()) + payload; }

// What an observer is told of, a line each: "3< 1 hello (11)".
class Watcher {
  public:
    explicit Watcher(TestServer &server) : m_server(server) {
        const mg_observer observer{&Watcher::onObservation, this};
        mg_set_observer(server.get(), &observer);
    }
    ~Watcher() { mg_set_observer(m_server.get(), nullptr); }

    QByteArrayList lines;
    QByteArray lastEndpoint, lastTarget;
    std::function<void(const mg_observation &)> then;

  private:
    static void onObservation(void *param, const mg_observation *seen) {
        auto &self = *static_cast<Watcher *>(param);
        if (seen->kind == MG_OBSERVED_CLOSED)
            self.lines.append(QByteArray::number(seen->connection_id) + "x " + QByteArray::number(seen->close_code));
        if (seen->kind != MG_OBSERVED_MESSAGE) return;
        self.lines.append(QByteArray::number(seen->connection_id) + (seen->is_outgoing ? '>' : '<') + ' ' +
                          QByteArray::number(seen->opcode, 16) + ' ' +
                          (seen->close_code ? QByteArray::number(seen->close_code)
                                            : QByteArray(seen->payload, qsizetype(seen->payload_len)).left(20)) +
                          " (" + QByteArray::number(seen->wire_bytes) + ')');
        self.lastEndpoint = seen->endpoint;
        self.lastTarget = seen->target;
        if (self.then) self.then(*seen);
    }

    TestServer &m_server;
};

}  // namespace

class TestEndpoints : public QObject {
    Q_OBJECT

  private slots:
    void echoesMessages();
    void sendsWhatOneSaysToAllAtThePath();
    void forgetsWhoHasLeft();
    void cutsWhoDoesNotRead();
    void takesMessagesThatAProgramAnswersByHand();
    void takesTheFirstPatternThatMatches();
    void answersOtherRequestsOfThePathAsBefore();
    void leavesTheProgramItsOwnWebsockets();
    void servesBesideAHandlerThatWantsNoRequests();
    void asksForThePasswordOfTheFolder();
    void knowsThePathThatTheClientAskedFor();
    void refusesABrokenHandshake();
    void tellsWhatComesAndGoes();
    void tellsTheBytesOfACompressedMessage();
    void tellsWholeMessagesOfFragments();
    void tellsHowItWasClosed();
    void tellsPartsAsTheyAre();
    void showsWhichConnectionsAreWebsockets();
    void findsAConnectionByItsNumber();
    void survivesAnObserverThatEndsIt();
    void tellsNothingOnceTheObserverIsGone();
};

void TestEndpoints::echoesMessages() {
    TestServer server;
    server.set("websocket_endpoints", "/echo=echo");
    ScriptedPeer peer(server);
    QCOMPARE(open(peer, "/echo"), 101);
    peer.send(frame(0x81, "one") + frame(0x82, QByteArray("t\0o", 3)) + frame(0x01, "ha") + frame(0x80, "lf"));
    QCOMPARE(peer.read(5), answer(0x81, "one"));
    QCOMPARE(peer.read(5), answer(0x82, QByteArray("t\0o", 3)));
    QCOMPARE(peer.read(6), answer(0x81, "half"));
    peer.send(frame(0x89, "are you there"));
    QCOMPARE(peer.read(15), answer(0x8a, "are you there"));
    peer.send(frame(0x88, "\x03\xe8"));
    QCOMPARE(peer.readToEnd(), answer(0x88, "\x03\xe8"));
}

void TestEndpoints::sendsWhatOneSaysToAllAtThePath() {
    TestServer server;
    server.set("websocket_endpoints", "/chat=broadcast");
    ScriptedPeer one(server), two(server), elsewhere(server);
    QCOMPARE(open(one, "/chat/a"), 101);
    QCOMPARE(open(two, "/chat/a?name=two"), 101);
    QCOMPARE(open(elsewhere, "/chat/b"), 101);
    one.send(frame(0x81, "hello"));
    QCOMPARE(one.read(7), answer(0x81, "hello"));
    QCOMPARE(two.read(7), answer(0x81, "hello"));
    QCOMPARE(elsewhere.readUntilQuiet(), QByteArray());
}

void TestEndpoints::forgetsWhoHasLeft() {
    TestServer server;
    server.set("websocket_endpoints", "/chat=broadcast");
    ScriptedPeer one(server), two(server);
    QCOMPARE(open(one, "/chat"), 101);
    QCOMPARE(open(two, "/chat"), 101);
    two.reset();
    QVERIFY(server.pollUntil([&] { return server.counters().connections_open == 1; }));
    one.send(frame(0x81, "alone"));
    QCOMPARE(one.read(7), answer(0x81, "alone"));
}

void TestEndpoints::cutsWhoDoesNotRead() {
    TestServer server;
    server.set("websocket_endpoints", "/chat=broadcast");
    server.set("max_websocket_message_bytes", "100000");
    ScriptedPeer speaker(server), sleeper(server, 4096);
    QCOMPARE(open(speaker, "/chat"), 101);
    QCOMPARE(open(sleeper, "/chat"), 101);
    const QByteArray message = QByteArray("\x82\xfe\xc3\x50", 4) + QByteArray(4, '\0') + QByteArray(50000, 'x');
    for (int i = 0; i < 400 && server.counters().connections_open == 2; ++i) {
        speaker.send(message);
        QCOMPARE(speaker.read(50004).size(), 50004);
    }
    QCOMPARE(server.counters().connections_open, 1ull);
}

void TestEndpoints::takesMessagesThatAProgramAnswersByHand() {
    TestServer server;
    server.set("websocket_endpoints", "/=manual");
    Watcher watcher(server);
    watcher.then = [](const mg_observation &seen) {
        if (!seen.is_outgoing && seen.opcode == WEBSOCKET_OPCODE_TEXT)
            mg_websocket_write(seen.connection, WEBSOCKET_OPCODE_TEXT, "pong", 4);
    };
    ScriptedPeer peer(server);
    QCOMPARE(open(peer, "/any?x=1"), 101);
    peer.send(frame(0x82, "binary") + frame(0x81, "ping"));
    QCOMPARE(peer.read(6), answer(0x81, "pong"));
    QCOMPARE(watcher.lastEndpoint, QByteArray("manual"));
    QCOMPARE(watcher.lastTarget, QByteArray("/any?x=1"));
    QCOMPARE(peer.readUntilQuiet(), QByteArray());
}

void TestEndpoints::takesTheFirstPatternThatMatches() {
    TestServer server;
    server.set("websocket_endpoints", " /a$ = echo , /b|/c=manual,**=broadcast ");
    Watcher watcher(server);
    for (const auto &[path, kind] :
         QList<QPair<QByteArray, QByteArray>>{{"/a", "echo"}, {"/ab", "broadcast"}, {"/c/d", "manual"}, {"/", "broadcast"}}) {
        ScriptedPeer peer(server);
        QCOMPARE(open(peer, path), 101);
        peer.send(frame(0x81, "x"));
        QVERIFY(server.pollUntil([&] { return watcher.lastEndpoint == kind; }));
    }
}

void TestEndpoints::answersOtherRequestsOfThePathAsBefore() {
    TemporarySite site;
    site.write("chat", "a file");
    TestServer server;
    server.set("document_root", site.path().toUtf8());
    server.set("websocket_endpoints", "/chat=echo");
    QCOMPARE(ask(server, "GET /chat HTTP/1.1\r\nHost: h\r\n\r\n").body, QByteArray("a file"));
    ScriptedPeer other(server);
    QCOMPARE(other.send(upgrade("/other")).readAnswer().status, 404);
}

void TestEndpoints::leavesTheProgramItsOwnWebsockets() {
    TestServer server([](mg_connection *connection, mg_event event) -> int {
        if (event == MG_AUTH) return MG_TRUE;
        if (event != MG_REQUEST) return MG_FALSE;
        mg_websocket_write(connection, WEBSOCKET_OPCODE_TEXT, "mine", 4);
        return MG_TRUE;
    });
    server.set("websocket_endpoints", "/=echo");
    ScriptedPeer peer(server);
    QCOMPARE(open(peer, "/"), 101);
    peer.send(frame(0x81, "whose"));
    QCOMPARE(peer.read(6), answer(0x81, "mine"));
}

void TestEndpoints::servesBesideAHandlerThatWantsNoRequests() {
    QList<int> events;
    TestServer server([&](mg_connection *, mg_event event) -> int {
        events.append(event);
        return MG_TRUE;
    });
    mg_set_event_mask(server.get(), MG_EVENT_BIT(MG_AUTH) | MG_EVENT_BIT(MG_CLOSE));
    server.set("websocket_endpoints", "/=echo");
    ScriptedPeer peer(server);
    QCOMPARE(open(peer, "/"), 101);
    peer.send(frame(0x81, "a"));
    QCOMPARE(peer.read(3), answer(0x81, "a"));
    peer.reset();
    QVERIFY(server.pollUntil([&] { return events == QList<int>({MG_AUTH, MG_CLOSE}); }));
}

void TestEndpoints::asksForThePasswordOfTheFolder() {
    TemporarySite site;
    site.write("private/.htpasswd", "ana:mydomain.com:0123456789abcdef0123456789abcdef\n");
    TestServer server;
    server.set("document_root", site.path().toUtf8());
    server.set("websocket_endpoints", "/=echo");
    ScriptedPeer peer(server);
    QCOMPARE(peer.send(upgrade("/private/ws")).readAnswer().status, 401);
    QCOMPARE(open(peer, "/public/ws"), 101);
}

void TestEndpoints::knowsThePathThatTheClientAskedFor() {
    TemporarySite site;
    site.write("other/a", "a");
    TestServer server;
    server.set("document_root", site.path().toUtf8());
    server.set("url_rewrites", "/api=/" + site.path("other").toUtf8());
    server.set("websocket_endpoints", "/api/ws=broadcast");
    Watcher watcher(server);
    ScriptedPeer peer(server);
    QCOMPARE(open(peer, "/api/ws?a=b"), 101);
    peer.send(frame(0x81, "a"));
    QCOMPARE(peer.read(3), answer(0x81, "a"));
    QCOMPARE(watcher.lastTarget, QByteArray("/api/ws?a=b"));
}

void TestEndpoints::refusesABrokenHandshake() {
    TestServer server;
    server.set("websocket_endpoints", "/=echo");
    ScriptedPeer peer(server);
    QCOMPARE(peer.send(upgrade("/").replace("Version: 13", "Version: 12")).readAnswer().status, 426);
    QCOMPARE(open(peer, "/"), 101);
}

void TestEndpoints::tellsWhatComesAndGoes() {
    TestServer server;
    server.set("websocket_endpoints", "/=echo");
    Watcher watcher(server);
    ScriptedPeer peer(server);
    QCOMPARE(open(peer, "/"), 101);
    peer.send(frame(0x81, "hello") + frame(0x89, "p") +
              frame(0x88, "\x03\xe9"
                          "bye"));
    peer.readToEnd();
    QVERIFY(server.pollUntil([&] { return watcher.lines.size() == 7; }));
    QCOMPARE(watcher.lines, QByteArrayList({"1< 1 hello (11)", "1> 1 hello (7)", "1< 9 p (7)", "1> a p (3)", "1< 8 1001 (11)",
                                            "1> 8 1001 (4)", "1x 1001"}));
}

void TestEndpoints::tellsTheBytesOfACompressedMessage() {
    TestServer server;
    server.set("websocket_endpoints", "/=manual");
    Watcher watcher(server);
    ScriptedPeer peer(server);
    QCOMPARE(open(peer, "/", "Sec-WebSocket-Extensions: permessage-deflate\r\n"), 101);
    // "Hello" as RFC 7692 section 7.2.3.1 compresses it.
    peer.send(frame(0xc1, QByteArray::fromHex("f248cdc9c90700")));
    QVERIFY(server.pollUntil([&] { return watcher.lines == QByteArrayList({"1< 1 Hello (13)"}); }));
    watcher.lines.clear();
    const QByteArray same(5000, 'a');
    QVERIFY(mg_websocket_write(mg_find_connection(server.get(), 1), WEBSOCKET_OPCODE_TEXT, same.constData(), 5000) == 5000);
    QCOMPARE(watcher.lines.size(), 1);
    const QByteArray wire = watcher.lines[0].mid(watcher.lines[0].indexOf('(') + 1).chopped(1);
    QVERIFY2(wire.toInt() > 4 && wire.toInt() < 100, wire.constData());
    QCOMPARE(peer.read(wire.toInt()).size(), wire.toInt());
    QCOMPARE(peer.readUntilQuiet(), QByteArray());
}

void TestEndpoints::tellsWholeMessagesOfFragments() {
    TestServer server;
    server.set("websocket_endpoints", "/=manual");
    server.set("websocket_events", "frame");
    Watcher watcher(server);
    ScriptedPeer peer(server);
    QCOMPARE(open(peer, "/"), 101);
    peer.send(frame(0x01, "ab") + frame(0x00, "c") + frame(0x80, "d") + frame(0x81, "e"));
    QVERIFY(server.pollUntil([&] { return watcher.lines == QByteArrayList({"1< 1 abcd (22)", "1< 1 e (7)"}); }));
}

void TestEndpoints::tellsHowItWasClosed() {
    TestServer server;
    server.set("websocket_endpoints", "/=manual");
    Watcher watcher(server);
    ScriptedPeer silent(server), wordless(server), wrong(server);
    for (ScriptedPeer *peer : {&silent, &wordless, &wrong}) QCOMPARE(open(*peer, "/"), 101);
    silent.reset();
    QVERIFY(server.pollUntil([&] { return watcher.lines == QByteArrayList({"1x 1006"}); }));
    watcher.lines.clear();
    wordless.send(frame(0x88)).readToEnd();
    QVERIFY(server.pollUntil([&] { return watcher.lines == QByteArrayList({"2< 8 1005 (6)", "2> 8 1005 (2)", "2x 1005"}); }));
    watcher.lines.clear();
    // An unmasked frame is answered with 1002.
    wrong.send(answer(0x81, "x")).readToEnd();
    wrong.close();
    QVERIFY(server.pollUntil([&] { return watcher.lines.size() == 2; }));
    QVERIFY2(watcher.lines[0].startsWith("3> 8 1002 ") && watcher.lines[1] == "3x 1006", watcher.lines.join('\n').constData());
}

void TestEndpoints::tellsPartsAsTheyAre() {
    TestServer server([](mg_connection *, mg_event) -> int { return MG_TRUE; });
    server.set("websocket_events", "frame");
    Watcher watcher(server);
    ScriptedPeer peer(server);
    mg_set_event_mask(server.get(), MG_ALL_EVENTS & ~MG_EVENT_BIT(MG_POLL));
    QCOMPARE(open(peer, "/"), 101);
    peer.send(frame(0x01, "ab") + frame(0x80, "c"));
    QVERIFY(server.pollUntil([&] { return watcher.lines == QByteArrayList({"1< 101 ab (8)", "1< 0 c (7)"}); }));
    watcher.lines.clear();
    mg_connection *connection = mg_next(server.get(), nullptr);
    QCOMPARE(mg_websocket_write(connection, WEBSOCKET_OPCODE_BINARY | WEBSOCKET_DONT_FIN, "x", 1), 1);
    QCOMPARE(mg_websocket_write(connection, WEBSOCKET_OPCODE_CONTINUATION, "y", 1), 1);
    QCOMPARE(watcher.lines, QByteArrayList({"1> 102 x (3)", "1> 0 y (3)"}));
    QCOMPARE(watcher.lastEndpoint, QByteArray());
}

void TestEndpoints::showsWhichConnectionsAreWebsockets() {
    TestServer server;
    server.set("websocket_endpoints", "/e=echo");
    ScriptedPeer peer(server), plain(server);
    QCOMPARE(open(peer, "/e"), 101);
    ask(server, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    QByteArrayList seen;
    mg_visit_connections(
        server.get(),
        [](const mg_connection_info *info, void *list) {
            static_cast<QByteArrayList *>(list)->append(QByteArray::number(info->is_websocket) + info->endpoint);
        },
        &seen);
    QCOMPARE(seen, QByteArrayList({"1echo", "0"}));
}

void TestEndpoints::findsAConnectionByItsNumber() {
    TestServer server;
    server.set("websocket_endpoints", "/=manual");
    ScriptedPeer peer(server);
    QCOMPARE(open(peer, "/"), 101);
    mg_connection *found = mg_find_connection(server.get(), 1);
    QVERIFY(found && found->is_websocket && found == mg_next(server.get(), nullptr));
    QVERIFY(!mg_find_connection(server.get(), 2));
    QVERIFY(!mg_find_connection(server.get(), 0));
    QVERIFY(!mg_find_connection(nullptr, 1));
    QCOMPARE(mg_websocket_write(found, WEBSOCKET_OPCODE_TEXT, "hi", 2), 2);
    QCOMPARE(peer.read(4), answer(0x81, "hi"));
}

void TestEndpoints::survivesAnObserverThatEndsIt() {
    // What a handler may do an observer may, whoever causes what it is told of.
    for (const bool isFromOutside : {false, true}) {
        TestServer server;
        server.set("websocket_endpoints", "/=echo");
        ScriptedPeer peer(server);
        QCOMPARE(open(peer, "/"), 101);
        const mg_observer ending{[](void *place, const mg_observation *seen) {
                                     if (seen->kind != MG_OBSERVED_MESSAGE) return;
                                     mg_websocket_write(seen->connection, WEBSOCKET_OPCODE_CONNECTION_CLOSE, "", 0);
                                     mg_destroy_server(static_cast<mg_server **>(place));
                                 },
                                 server.place()};
        mg_set_observer(server.get(), &ending);
        if (isFromOutside)
            mg_websocket_write(mg_next(server.get(), nullptr), WEBSOCKET_OPCODE_TEXT, "a", 1);
        else
            peer.send(frame(0x81, "a"));
        for (int i = 0; i < 1000 && server.get(); ++i) server.poll(2);
        QVERIFY(!server.get());
    }
}

void TestEndpoints::tellsNothingOnceTheObserverIsGone() {
    TestServer server;
    server.set("websocket_endpoints", "/=echo");
    ScriptedPeer peer(server);
    QByteArrayList lines;
    {
        Watcher watcher(server);
        QCOMPARE(open(peer, "/"), 101);
        peer.send(frame(0x81, "a"));
        QCOMPARE(peer.read(3), answer(0x81, "a"));
        QCOMPARE(watcher.lines.size(), 2);
    }
    peer.send(frame(0x81, "b"));
    QCOMPARE(peer.read(3), answer(0x81, "b"));
}

QTEST_GUILESS_MAIN(TestEndpoints)
#include "tst_endpoints.moc"
