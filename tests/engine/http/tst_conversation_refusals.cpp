// Station: tests of http_protocol over real sockets: what is refused, and that nothing behind it is taken for a request.
#include "support/scripted_peer.h"

#include <QTest>

using namespace meerkat::test;

namespace {

int answerOrCount(mg_connection *connection, mg_event event) {
    if (event == MG_AUTH) return MG_TRUE;
    if (event != MG_REQUEST) return MG_FALSE;
    mg_send_data(connection, "ok", 2);
    return MG_TRUE;
}

const QByteArray kNext = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

}  // namespace

class TestConversationRefusals : public QObject {
    Q_OBJECT

  private slots:
    void refusesAndInterpretsNothingBehind_data();
    void refusesAndInterpretsNothingBehind();
    void refusesALongBodyBeforeItIsRead();
    void refusesAChunkedBodyWhereItGrowsTooLong();
    void refusesAMethodOfFilesButKeepsTheConnection();
    void readsChunksThatNobodyWants();
    void refusesAMethodOfFilesAndClosesWhereTheBodyIsLong();
    void closesWithoutResetWhileTheRefusedStillSend();
    void tellsTheAllowedMethods();
    void showsAPageWithTheRefusal();
    void asksTheHandlerAboutEachRefusal();
};

void TestConversationRefusals::refusesAndInterpretsNothingBehind_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    const auto post = [](const QByteArray &fields) { return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n"; };
    QTest::newRow("no request line") << QByteArray("hello\r\n\r\n") << 400;
    QTest::newRow("a TLS greeting") << QByteArray("\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 11) << 400;
    QTest::newRow("no Host") << QByteArray("GET / HTTP/1.1\r\n\r\n") << 400;
    QTest::newRow("two Hosts") << QByteArray("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n") << 400;
    QTest::newRow("a space before the colon") << QByteArray("GET / HTTP/1.1\r\nHost : a\r\n\r\n") << 400;
    QTest::newRow("a folded field") << QByteArray("GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n") << 400;
    QTest::newRow("a broken escape") << QByteArray("GET /%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") << 400;
    QTest::newRow("length and coding") << post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n" << 400;
    QTest::newRow("two lengths") << post("Content-Length: 3\r\nContent-Length: 4\r\n") + "abcd" << 400;
    QTest::newRow("two lengths in a list") << post("Content-Length: 3, 3\r\n") + "abc" << 400;
    QTest::newRow("a signed length") << post("Content-Length: +3\r\n") + "abc" << 400;
    QTest::newRow("a hexadecimal length") << post("Content-Length: 0x3\r\n") + "abc" << 400;
    QTest::newRow("a length beyond all numbers") << post("Content-Length: 18446744073709551616\r\n") << 400;
    QTest::newRow("a coding in 1.0") << QByteArray("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") << 400;
    QTest::newRow("chunked not last") << post("Transfer-Encoding: chunked, gzip\r\n") + "0\r\n\r\n" << 400;
    QTest::newRow("chunked twice") << post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n") << 400;
    QTest::newRow("a disguised coding") << post("Transfer-Encoding: xchunked\r\n") << 400;
    QTest::newRow("a coding with a vertical tab") << post("Transfer-Encoding: \vchunked\r\n") << 400;
    QTest::newRow("a chunk size with a sign") << post("Transfer-Encoding: chunked\r\n") + "+1\r\na\r\n0\r\n\r\n" << 400;
    QTest::newRow("a chunk size with 0x") << post("Transfer-Encoding: chunked\r\n") + "0x1\r\na\r\n0\r\n\r\n" << 400;
    QTest::newRow("a chunk size beyond all numbers") << post("Transfer-Encoding: chunked\r\n") + "10000000000000001\r\na\r\n"
                                                     << 400;
    QTest::newRow("a chunk longer than said") << post("Transfer-Encoding: chunked\r\n") + "1\r\nab\r\n0\r\n\r\n" << 400;
    QTest::newRow("a chunk line with a bare LF") << post("Transfer-Encoding: chunked\r\n") + "1\na\r\n0\r\n\r\n" << 400;
    QTest::newRow("an unknown coding") << post("Transfer-Encoding: gzip, chunked\r\n") << 501;
    QTest::newRow("an unknown expectation") << post("Content-Length: 1\r\nExpect: miracles\r\n") << 417;
    QTest::newRow("HTTP/2") << QByteArray("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") << 505;
    QTest::newRow("a long target") << "GET /" + QByteArray(17000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n" << 414;
    QTest::newRow("a long target without an end") << "GET /" + QByteArray(17000, 'a') << 414;
    QTest::newRow("a long field") << "GET / HTTP/1.1\r\nHost: a\r\nX: " + QByteArray(70000, 'a') + "\r\n\r\n" << 431;
    QTest::newRow("a long field without an end") << "GET / HTTP/1.1\r\nHost: a\r\nX: " + QByteArray(70000, 'a') << 431;
    QTest::newRow("many fields") << "GET / HTTP/1.1\r\nHost: a\r\n" + QByteArray("X: y\r\n").repeated(101) + "\r\n" << 431;
}

void TestConversationRefusals::refusesAndInterpretsNothingBehind() {
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    TestServer server(answerOrCount);
    ScriptedPeer peer(server);
    const Answer answer = peer.send(request + kNext).readAnswer();
    QCOMPARE(answer.status, status);
    QCOMPARE(answer.field("Connection"), QByteArray("close"));
    QCOMPARE(peer.send(kNext).readUntilQuiet(), QByteArray());
    peer.halfClose();
    QVERIFY(peer.waitUntilClosed());
}

void TestConversationRefusals::refusesALongBodyBeforeItIsRead() {
    int requests = 0;
    TestServer server([&](mg_connection *, mg_event event) -> int {
        requests += event == MG_REQUEST;
        return event == MG_AUTH ? MG_TRUE : MG_FALSE;
    });
    server.set("max_request_body_bytes", "1000");
    ScriptedPeer peer(server);
    QCOMPARE(peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n").readAnswer().status, 413);
    QCOMPARE(requests, 0);
    ScriptedPeer other(server);
    other.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + QByteArray(1000, 'x'));
    QCOMPARE(other.readAnswer().status, 405);
    QCOMPARE(requests, 1);
}

void TestConversationRefusals::refusesAChunkedBodyWhereItGrowsTooLong() {
    TestServer server(answerOrCount);
    server.set("max_request_body_bytes", "10");
    ScriptedPeer peer(server);
    peer.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n01234567\r\n3\r\nabc\r\n0\r\n\r\n" + kNext);
    QCOMPARE(peer.readAnswer().status, 413);
    QCOMPARE(peer.readUntilQuiet(), QByteArray());
}

void TestConversationRefusals::refusesAMethodOfFilesButKeepsTheConnection() {
    TestServer server;
    ScriptedPeer peer(server);
    peer.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc" + kNext);
    QCOMPARE(peer.readAnswer().status, 405);
    QCOMPARE(peer.readAnswer().status, 404);
    QVERIFY(!peer.isClosed());
    QCOMPARE(peer.send("DELETE /a HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer().status, 405);
    QCOMPARE(peer.send("BREW /a HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer().status, 501);
    QCOMPARE(peer.send(kNext).readAnswer().status, 404);
}

void TestConversationRefusals::readsChunksThatNobodyWants() {
    TestServer server;
    for (const QByteArray &method : {QByteArray("GET"), QByteArray("POST")}) {
        const QByteArray head = method + " /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        const int status = method == "GET" ? 404 : 405;
        ScriptedPeer peer(server);
        peer.send(head + "3;e=f\r\nabc\r\n0\r\nA: b\r\n\r\n" + kNext);
        QCOMPARE(peer.readAnswer().status, status);
        QCOMPARE(peer.readAnswer().status, 404);
        QVERIFY(!peer.isClosed());
        const Answer answer = peer.send(head + "0x3\r\nabc\r\n0\r\n\r\n" + kNext).readAnswer();
        QCOMPARE(answer.status, 400);
        QCOMPARE(answer.field("Connection"), QByteArray("close"));
        QCOMPARE(peer.send(kNext).readUntilQuiet(), QByteArray());
    }
}

void TestConversationRefusals::refusesAMethodOfFilesAndClosesWhereTheBodyIsLong() {
    TestServer server;
    const QByteArray longChunk = "Transfer-Encoding: chunked\r\n\r\n10001\r\n" + QByteArray(0x10001, 'x');
    const QByteArray chunks = "Transfer-Encoding: chunked\r\n\r\n" + ("8000\r\n" + QByteArray(0x8000, 'x') + "\r\n").repeated(3);
    for (const QByteArray &framed : {QByteArray("Content-Length: 1000000\r\n\r\n"), longChunk, chunks}) {
        ScriptedPeer peer(server);
        const Answer answer = peer.send("POST /a HTTP/1.1\r\nHost: a\r\n" + framed).readAnswer();
        QCOMPARE(answer.status, 405);
        QCOMPARE(answer.field("Connection"), QByteArray("close"));
        QCOMPARE(peer.send(kNext).readUntilQuiet(), QByteArray());
    }
}

void TestConversationRefusals::closesWithoutResetWhileTheRefusedStillSend() {
    TestServer server;
    ScriptedPeer peer(server);
    // The whole upload is on its way before the answer is read: a reset would destroy it.
    peer.send("PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + QByteArray(1'000'000, 'x'));
    QCOMPARE(peer.readAnswer().status, 405);
    peer.halfClose();
    QVERIFY(server.pollUntil([&] { return server.counters().connections_open == 0; }));
}

void TestConversationRefusals::tellsTheAllowedMethods() {
    TestServer server;
    for (const QByteArray &request : {QByteArray("OPTIONS * HTTP/1.1"), QByteArray("OPTIONS /a HTTP/1.1")}) {
        const Answer answer = ask(server, request + "\r\nHost: a\r\n\r\n");
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.field("Allow"), QByteArray("GET, HEAD, OPTIONS"));
        QCOMPARE(answer.field("Content-Length"), QByteArray("0"));
    }
    QCOMPARE(ask(server, "DELETE / HTTP/1.1\r\nHost: a\r\n\r\n").field("Allow"), QByteArray("GET, HEAD, OPTIONS"));
}

void TestConversationRefusals::showsAPageWithTheRefusal() {
    TestServer server;
    const Answer answer = ask(server, "GET /none HTTP/1.1\r\nHost: a\r\n\r\n");
    QCOMPARE(answer.field("Content-Type"), QByteArray("text/html; charset=utf-8"));
    QVERIFY(!answer.field("Content-Security-Policy").isEmpty());
    QVERIFY(answer.body.contains("404"));
    const Answer head = ask(server, "HEAD /none HTTP/1.1\r\nHost: a\r\n\r\n");
    QCOMPARE(head.status, 404);
    QCOMPARE(head.field("Content-Length"), answer.field("Content-Length"));
}

void TestConversationRefusals::asksTheHandlerAboutEachRefusal() {
    QList<int> statuses;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_HTTP_ERROR) statuses.append(connection->status_code);
        return event == MG_AUTH ? MG_TRUE : MG_FALSE;
    });
    ask(server, "GET / HTTP/3.0\r\n\r\n");
    ask(server, "GET / HTTP/1.1\r\n\r\n");
    ask(server, "GET /none HTTP/1.1\r\nHost: a\r\n\r\n");
    ask(server, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999999\r\n\r\n");
    QCOMPARE(statuses, (QList<int>{505, 400, 404, 413}));
}

QTEST_GUILESS_MAIN(TestConversationRefusals)
#include "tst_conversation_refusals.moc"
