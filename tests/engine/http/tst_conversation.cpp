// Station: tests of http_protocol over real sockets: fixed bytes in, fixed bytes out.
#include "support/scripted_peer.h"

#include <QRegularExpression>
#include <QTest>

using namespace meerkat::test;

namespace {

QByteArray get(const QByteArray &target, const QByteArray &fields = {}) {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

// Answers "METHOD path?query [body]" with a known length.
int echo(mg_connection *connection, mg_event event) {
    if (event == MG_AUTH) return MG_TRUE;
    if (event != MG_REQUEST) return MG_FALSE;
    QByteArray text = QByteArray(connection->request_method) + ' ' + connection->uri;
    if (connection->query_string) text += '?' + QByteArray(connection->query_string);
    if (connection->content_len) text += " [" + QByteArray(connection->content, qsizetype(connection->content_len)) + ']';
    mg_send_header(connection, "Content-Length", QByteArray::number(text.size()).constData());
    mg_send_data(connection, text.constData(), int(text.size()));
    return MG_TRUE;
}

QByteArray withoutDates(QByteArray bytes) {
    return QString::fromLatin1(bytes)
        .remove(QRegularExpression("Date: \\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT\r\n"))
        .toLatin1();
}

QByteArray plainAnswer(const QByteArray &body, const QByteArray &fields = {}) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n" + fields + "\r\n" + body;
}

}  // namespace

class TestConversation : public QObject {
    Q_OBJECT

  private slots:
    void answersWithExactlyTheseBytes_data();
    void answersWithExactlyTheseBytes();
    void keepsOrClosesTheConnection_data();
    void keepsOrClosesTheConnection();
    void answersPipelinedRequestsInOrder();
    void answersPipelinedRequestsSplitAtEachByte();
    void answersMoreRequestsThanOnePassServes();
    void answersRequestsWhoseSenderHasFinishedAtOnce();
    void takesABodyThatComesByteByByte();
    void takesAChunkedBodyWithTrailers();
    void takesTheRequestBehindABody();
    void sendsContinueOnlyWhenTheHandlerWantsTheBody();
    void sendsNoContinueToALengthOverTheLimit();
    void sendsNoContinueToHttp10();
    void skipsEmptyLinesBetweenRequests();
    void servesManyConnectionsByTurns();
};

void TestConversation::answersWithExactlyTheseBytes_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("expected");
    const QByteArray close = "Connection: close\r\n", keep = "Connection: keep-alive\r\n";
    QTest::newRow("1.1") << get("/a") << plainAnswer("GET /a");
    QTest::newRow("1.0") << QByteArray("GET /a HTTP/1.0\r\n\r\n") << plainAnswer("GET /a", close);
    QTest::newRow("1.0 kept") << QByteArray("GET /a HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n") << plainAnswer("GET /a", keep);
    QTest::newRow("1.1 closed") << get("/a", "Connection: close\r\n") << plainAnswer("GET /a", close);
    QTest::newRow("HEAD") << QByteArray("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n")
                          << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n");
    QTest::newRow("a query") << get("/a?b=%20") << plainAnswer("GET /a?b=%20");
    QTest::newRow("an empty query") << get("/a?") << plainAnswer("GET /a?");
    QTest::newRow("an encoded path") << get("/%61/./b/../%C3%BC") << plainAnswer("GET /a/\xc3\xbc");
    QTest::newRow("an absolute target") << get("http://b/a?c") << plainAnswer("GET /a?c");
    QTest::newRow("an absolute target without a path") << get("http://b") << plainAnswer("GET /");
    QTest::newRow("an asterisk") << QByteArray("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n") << plainAnswer("OPTIONS *");
    QTest::newRow("a body") << QByteArray("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
                            << plainAnswer("POST /a [abc]");
    QTest::newRow("an empty body") << QByteArray("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
                                   << plainAnswer("POST /a");
    QTest::newRow("a chunked body")
        << QByteArray("PUT /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nab\r\n1\r\nc\r\n0\r\n\r\n")
        << plainAnswer("PUT /a [abc]");
    QTest::newRow("a body of GET") << QByteArray("GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")
                                   << plainAnswer("GET /a [x]");
    QTest::newRow("a method of one's own") << QByteArray("BREW /a HTTP/1.1\r\nHost: a\r\n\r\n") << plainAnswer("BREW /a");
}

void TestConversation::answersWithExactlyTheseBytes() {
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, expected);
    TestServer server(echo);
    ScriptedPeer peer(server);
    QCOMPARE(withoutDates(peer.send(request).readUntilQuiet()), expected);
}

void TestConversation::keepsOrClosesTheConnection_data() {
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<bool>("isKept");
    QTest::newRow("1.1") << QByteArray("1.1") << QByteArray() << true;
    QTest::newRow("1.1 keep-alive") << QByteArray("1.1") << QByteArray("Connection: keep-alive\r\n") << true;
    QTest::newRow("1.1 close") << QByteArray("1.1") << QByteArray("Connection: close\r\n") << false;
    QTest::newRow("1.1 CLOSE") << QByteArray("1.1") << QByteArray("CONNECTION: CLOSE\r\n") << false;
    QTest::newRow("1.1 close in a list") << QByteArray("1.1") << QByteArray("Connection: x, close\r\n") << false;
    QTest::newRow("1.1 close on a second line")
        << QByteArray("1.1") << QByteArray("Connection: keep-alive\r\nConnection: close\r\n") << false;
    QTest::newRow("1.0") << QByteArray("1.0") << QByteArray() << false;
    QTest::newRow("1.0 keep-alive") << QByteArray("1.0") << QByteArray("Connection: keep-alive\r\n") << true;
    QTest::newRow("1.0 Keep-Alive in a list") << QByteArray("1.0") << QByteArray("Connection: x,\tKeep-Alive\r\n") << true;
    QTest::newRow("1.0 both") << QByteArray("1.0") << QByteArray("Connection: keep-alive, close\r\n") << false;
}

void TestConversation::keepsOrClosesTheConnection() {
    QFETCH(QByteArray, version);
    QFETCH(QByteArray, fields);
    QFETCH(bool, isKept);
    TestServer server(echo);
    ScriptedPeer peer(server);
    const QByteArray request = "GET / HTTP/" + version + "\r\nHost: a\r\n" + fields + "\r\n";
    QCOMPARE(peer.send(request).readAnswer().body, QByteArray("GET /"));
    if (isKept) {
        QCOMPARE(peer.send(request).readAnswer().body, QByteArray("GET /"));
        QVERIFY(!peer.isClosed());
    } else {
        QCOMPARE(peer.readToEnd(), QByteArray());
        QVERIFY(peer.isClosed());
    }
}

void TestConversation::answersPipelinedRequestsInOrder() {
    TestServer server(echo);
    ScriptedPeer peer(server);
    QByteArray requests, expected;
    for (int i = 0; i < 16; ++i) {
        const QByteArray target = "/" + QByteArray::number(i);
        requests += get(target);
        expected += plainAnswer("GET " + target);
    }
    QCOMPARE(withoutDates(peer.send(requests).readUntilQuiet()), expected);
    QCOMPARE(server.counters().requests, 16ull);
}

void TestConversation::answersPipelinedRequestsSplitAtEachByte() {
    TestServer server(echo);
    const QByteArray requests = get("/a") + "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc" + get("/c") +
                                "PUT /d HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nT: x\r\n\r\n" +
                                "HEAD /e HTTP/1.1\r\nHost: a\r\n\r\n" + get("/f", "Connection: close\r\n");
    const QByteArray expected = plainAnswer("GET /a") + plainAnswer("POST /b [abc]") + plainAnswer("GET /c") +
                                plainAnswer("PUT /d [ab]") + "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n" +
                                plainAnswer("GET /f", "Connection: close\r\n");
    for (qsizetype at = 1; at < requests.size(); ++at) {
        ScriptedPeer peer(server);
        peer.send(requests.left(at));
        server.poll();
        const QByteArray got = withoutDates(peer.send(requests.mid(at)).readToEnd());
        if (got != expected) QFAIL((QByteArray::number(at) + ": " + got).constData());
    }
}

void TestConversation::answersMoreRequestsThanOnePassServes() {
    TestServer server(echo);
    ScriptedPeer peer(server);
    QByteArray requests, expected;
    for (int i = 0; i < 5000; ++i) {
        requests += get("/" + QByteArray::number(i));
        expected += plainAnswer("GET /" + QByteArray::number(i));
    }
    peer.send(requests);
    QVERIFY(withoutDates(peer.readUntilQuiet()) == expected);
}

void TestConversation::answersRequestsWhoseSenderHasFinishedAtOnce() {
    TestServer server(echo);
    ScriptedPeer peer(server);
    QByteArray requests;
    for (int i = 0; i < 4000; ++i) requests += "GET / HTTP/1.1\r\nHost:\r\n\r\n";
    // All of it and its end are there before the server looks: more than one pass serves.
    while (server.counters().connections_open == 0) server.poll(1);
    peer.sendUnseen(requests);
    peer.halfClose();
    QCOMPARE(withoutDates(peer.readToEnd()).count("GET /"), 4000);
}

void TestConversation::takesABodyThatComesByteByByte() {
    TestServer server(echo);
    ScriptedPeer peer(server);
    for (const char c : QByteArray("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")) peer.send(QByteArray(1, c));
    QCOMPARE(peer.readAnswer().body, QByteArray("POST / [hello]"));
}

void TestConversation::takesAChunkedBodyWithTrailers() {
    TestServer server(echo);
    ScriptedPeer peer(server);
    peer.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: Sum\r\n\r\n"
              "00A\r\n0123456789\r\n0\r\nSum: 45\r\nContent-Length: 7\r\n\r\n" +
              get("/next"));
    QCOMPARE(peer.readAnswer().body, QByteArray("POST / [0123456789]"));
    QCOMPARE(peer.readAnswer().body, QByteArray("GET /next"));
}

void TestConversation::takesTheRequestBehindABody() {
    TestServer server(echo);
    ScriptedPeer peer(server);
    // The body itself looks like a request.
    const QByteArray body = get("/evil");
    peer.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body +
              get("/b"));
    QCOMPARE(peer.readAnswer().body, "POST /a [" + body + "]");
    QCOMPARE(peer.readAnswer().body, QByteArray("GET /b"));
    QCOMPARE(peer.readUntilQuiet(), QByteArray());
}

void TestConversation::sendsContinueOnlyWhenTheHandlerWantsTheBody() {
    TestServer server(echo);
    ScriptedPeer peer(server);
    peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    QCOMPARE(peer.readUntilQuiet(), QByteArray("HTTP/1.1 100 Continue\r\n\r\n"));
    QCOMPARE(peer.send("abc").readAnswer().body, QByteArray("POST / [abc]"));
    TestServer withoutHandler;
    ScriptedPeer other(withoutHandler);
    QCOMPARE(other.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n").readAnswer().status,
             405);
    QVERIFY(other.waitUntilClosed());
}

void TestConversation::sendsNoContinueToALengthOverTheLimit() {
    TestServer server(echo);
    server.set("max_request_body_bytes", "10");
    ScriptedPeer peer(server);
    peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n");
    QCOMPARE(peer.readAnswer().status, 413);
    QVERIFY(peer.waitUntilClosed());
}

void TestConversation::sendsNoContinueToHttp10() {
    TestServer server(echo);
    ScriptedPeer peer(server);
    peer.send("POST / HTTP/1.0\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    QCOMPARE(peer.readUntilQuiet(), QByteArray());
    QCOMPARE(peer.send("abc").readAnswer().body, QByteArray("POST / [abc]"));
}

void TestConversation::skipsEmptyLinesBetweenRequests() {
    TestServer server(echo);
    ScriptedPeer peer(server);
    QCOMPARE(peer.send(get("/a") + "\r\n" + get("/b") + "\r\n").readAnswer().body, QByteArray("GET /a"));
    QCOMPARE(peer.readAnswer().body, QByteArray("GET /b"));
    QCOMPARE(peer.send(get("/c")).readAnswer().body, QByteArray("GET /c"));
}

void TestConversation::servesManyConnectionsByTurns() {
    TestServer server(echo);
    std::vector<std::unique_ptr<ScriptedPeer>> peers;
    for (int i = 0; i < 400; ++i) peers.push_back(std::make_unique<ScriptedPeer>(server));
    for (int round = 0; round < 2; ++round)
        for (auto &peer : peers) peer->send(get("/a"));
    for (auto &peer : peers) {
        QCOMPARE(peer->readAnswer().status, 200);
        QCOMPARE(peer->readAnswer().status, 200);
    }
    QCOMPARE(server.counters().connections_open, 400ull);
    peers.clear();
    QVERIFY(server.pollUntil([&] { return server.counters().connections_open == 0; }));
    QCOMPARE(server.counters().requests, 800ull);
}

QTEST_GUILESS_MAIN(TestConversation)
#include "tst_conversation.moc"
