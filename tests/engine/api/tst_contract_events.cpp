// Station: tests of mongoose.h: what the API's page says of the events of accepted connections. Each slot quotes its sentence; which sentence another test
// proves is listed in tests/contract/sentences.txt.
#include "support/scripted_peer.h"
#include "support/temporary_site.h"

#include <QMap>
#include <QTest>

using namespace meerkat::test;

namespace {

const QByteArray kGet = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
const QByteArray kUpgrade = "GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

// A client's frame of less than 126 bytes; its mask is 1, 2, 3, 4.
QByteArray frame(int bits, QByteArray payload) {
    for (qsizetype i = 0; i < payload.size(); ++i) payload[i] = char(payload[i] ^ char(i % 4 + 1));
    return QByteArray(1, char(bits)) + char(0x80 | payload.size()) + "\x01\x02\x03\x04" + payload;
}

QByteArray contentOf(const mg_connection *connection) { return {connection->content, qsizetype(connection->content_len)}; }

int answer(mg_connection *connection, mg_event event) {
    if (event == MG_REQUEST) mg_send_data(connection, "ok", 2);
    return event == MG_AUTH || event == MG_REQUEST ? MG_TRUE : MG_FALSE;
}

}  // namespace

class TestContractEvents : public QObject {
    Q_OBJECT

  private slots:
    void trueContinuesOnWithTheRequest();
    void servesRestRequestsAndLetsTheEngineServeStaticFiles();
    void moreKeepsTheConnectionOpenAfterTheCallbackReturns();
    void connectionParamKeepsUserSpecificData();
    void closeIsUsedToCleanUpConnectionParam();
    void pollIsSentToEveryConnectionOnEveryIteration();
    void falseIgnoresThePoll();
    void errorIsSentWhenAnHttpErrorIsAboutToBeSent_data();
    void errorIsSentWhenAnHttpErrorIsAboutToBeSent();
    void closesReturnValueIsIgnored();
    void requestIsSentForGetImmediately();
    void theCallIsDelayedUntilThePostIsWhole_data();
    void theCallIsDelayedUntilThePostIsWhole();
    void theHandlerIsCalledWhenTheFrameIsFullyBuffered();
    void isWebsocketIndicatesWhetherTheRequestIsOne();
    void wsbitsHasTheFirstByteOfTheFrame_data();
    void wsbitsHasTheFirstByteOfTheFrame();
};

// "If `MG_TRUE` is returned, then Mongoose continues on with the request."
void TestContractEvents::trueContinuesOnWithTheRequest() {
    QList<int> events;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event != MG_POLL) events.append(event);
        return answer(connection, event);
    });
    ScriptedPeer peer(server);
    for (const char *method : {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"}) {
        events.clear();
        peer.send(QByteArray(method) + " / HTTP/1.1\r\nHost: h\r\n\r\n");
        QCOMPARE(peer.readAnswer(method == QByteArray("HEAD")).status, 200);
        QCOMPARE(events, (QList<int>{MG_AUTH, MG_REQUEST}));
    }
}

// "Otherwise, it should return `MG_FALSE` which tells Mongoose that request is not served and Mongoose should serve it." "For example, event
// handler might choose to serve only RESTful API requests with URIs that start with certain prefix, and let Mongoose serve all static files."
void TestContractEvents::servesRestRequestsAndLetsTheEngineServeStaticFiles() {
    TemporarySite site;
    site.write("page.txt", "static");
    TestServer server([](mg_connection *connection, mg_event event) -> int {
        if (event != MG_REQUEST) return event == MG_AUTH;
        if (!QByteArray(connection->uri).startsWith("/api/")) return MG_FALSE;
        return mg_printf_data(connection, "rest %s", connection->uri + 5), MG_TRUE;
    });
    server.set("document_root", site.path().toUtf8());
    ScriptedPeer peer(server);
    for (int i = 0; i < 2; ++i) {
        QCOMPARE(peer.send("GET /api/list HTTP/1.1\r\nHost: h\r\n\r\n").readAnswer().body, QByteArray("rest list"));
        QCOMPARE(peer.send("GET /page.txt HTTP/1.1\r\nHost: h\r\n\r\n").readAnswer().body, QByteArray("static"));
    }
}

// "If event handler decides to serve the request, but doesn't have all the data at the moment, it should return `MG_MORE`." "That tells Mongoose to
// keep the connection open after callback returns."
void TestContractEvents::moreKeepsTheConnectionOpenAfterTheCallbackReturns() {
    bool hasData = false;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_REQUEST) return MG_MORE;
        if (event != MG_POLL || !connection->uri || !hasData) return event == MG_AUTH;
        return mg_send_data(connection, "at last", 7), MG_TRUE;
    });
    // The limit is for clients that are silent, not for a program that takes its time.
    server.set("idle_timeout_ms", "30");
    ScriptedPeer peer(server);
    peer.send(kGet);
    for (int i = 0; i < 60; ++i) server.poll(2);
    QVERIFY(!peer.hasBytesWaiting());
    hasData = true;
    QCOMPARE(peer.readAnswer().body, QByteArray("at last"));
}

// "`mg_connection::connection_param` pointer is a placeholder to keep user-specific data."
void TestContractEvents::connectionParamKeepsUserSpecificData() {
    static int mark;
    QByteArrayList problems;
    QMap<int, int> met;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        // Beginning with NULL, each event finds what the one before it left.
        const auto *left = static_cast<int *>(connection->connection_param);
        if (event == MG_AUTH && !left)
            connection->connection_param = &mark;
        else if (event != MG_POLL && !left)
            problems.append("lost before event " + QByteArray::number(int{event}));
        ++met[event];
        if (event == MG_REQUEST && connection->is_websocket) return MG_TRUE;
        return answer(connection, event);
    });
    {
        ScriptedPeer peer(server), websocket(server);
        for (int i = 0; i < 3; ++i) peer.send(kGet).readAnswer();
        peer.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n").readUntilQuiet();
        peer.send("x").readAnswer();
        websocket.send(kUpgrade).readAnswer(true);
        websocket.send(frame(0x81, "hello")).readUntilQuiet();
    }
    QVERIFY(server.pollUntil([&] { return met[MG_CLOSE] == 2; }));
    QCOMPARE(problems.join('\n'), QByteArray());
    QCOMPARE(met[MG_REQUEST], 5);
}

// "This event is used to cleanup per-connection state stored in `connection_param` if it was allocated."
void TestContractEvents::closeIsUsedToCleanUpConnectionParam() {
    int alive = 0;
    {
        TestServer server([&](mg_connection *connection, mg_event event) -> int {
            if (event == MG_CLOSE) {
                alive -= connection->connection_param != nullptr;
                delete static_cast<QByteArray *>(connection->connection_param);
            } else if (!connection->connection_param) {
                connection->connection_param = new QByteArray(1000, 's');
                ++alive;
            }
            if (event == MG_REQUEST && QByteArray(connection->uri) == "/more") return MG_MORE;
            return answer(connection, event);
        });
        server.set("idle_timeout_ms", "200");
        ScriptedPeer left(server), wasReset(server), refused(server), between(server);
        left.send(kGet).readAnswer();
        left.close();
        wasReset.send("GET /more HTTP/1.1\r\nHost: h\r\n\r\n").readUntilQuiet();
        wasReset.reset();
        QCOMPARE(refused.send("nonsense\r\n\r\n").readAnswer().status, 400);
        refused.close();
        between.send(kGet).readAnswer();
        QVERIFY(between.waitUntilClosed());  // by the time limit
        ScriptedPeer destroyed(server);
        destroyed.send("GET /more HTTP/1.1\r\nHost: h\r\n\r\n").readUntilQuiet();
        QVERIFY(alive > 0);
    }
    QCOMPARE(alive, 0);
}

// "`MG_POLL` is sent to every connection on every iteration of `mg_poll_server()`."
void TestContractEvents::pollIsSentToEveryConnectionOnEveryIteration() {
    QMap<mg_connection *, int> polls;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_POLL) ++polls[connection];
        if (event == MG_CLOSE) polls.remove(connection);
        if (event == MG_REQUEST && QByteArray(connection->uri) == "/more") return MG_MORE;
        if (event == MG_CONNECT) return mg_printf(connection, "GET /more HTTP/1.1\r\nHost: h\r\n\r\n"), MG_TRUE;
        if (event == MG_REQUEST && connection->is_websocket) return MG_TRUE;
        return answer(connection, event);
    });
    ScriptedPeer silent(server), between(server), inTheBody(server), goingOn(server), websocket(server), closing(server);
    between.send(kGet).readAnswer();
    inTheBody.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf");
    goingOn.send("GET /more HTTP/1.1\r\nHost: h\r\n\r\n").readUntilQuiet();
    websocket.send(kUpgrade).readAnswer(true);
    closing.send("nonsense\r\n\r\n").readAnswer();  // it waits for us to close
    QVERIFY(mg_connect(server.get(), "127.0.0.1", server.port(), 0));
    QVERIFY(server.pollUntil([&] { return polls.size() == 8; }));
    for (int i = 0; i < 20; ++i) {
        const auto before = polls;
        QCOMPARE(server.poll(i % 2), 8);
        QCOMPARE(polls.size(), 8);
        for (auto at = polls.cbegin(); at != polls.cend(); ++at) QCOMPARE(at.value(), before[at.key()] + 1);
    }
}

// "Event handler should return `MG_FALSE` to ignore this event."
void TestContractEvents::falseIgnoresThePoll() {
    TestServer server(answer);
    ScriptedPeer peer(server);
    peer.send(kGet).readAnswer();
    for (int i = 0; i < 50; ++i) server.poll();
    QVERIFY(!peer.hasBytesWaiting());
    QCOMPARE(peer.send(kGet).readAnswer().body, QByteArray("ok"));
}

// "`MG_HTTP_ERROR` sent when Mongoose is about to send HTTP error back to the client."
void TestContractEvents::errorIsSentWhenAnHttpErrorIsAboutToBeSent_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    const auto row = [](const char *words, const QByteArray &request, int status) { QTest::newRow(words) << request << status; };
    row("a request that is none", "nonsense\r\n\r\n", 400);
    row("no password", "GET /secret HTTP/1.1\r\nHost: h\r\n\r\n", 401);
    row("a folder that is not listed", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", 403);
    row("no such file", "GET /missing HTTP/1.1\r\nHost: h\r\n\r\n", 404);
    row("a method not for files", "POST /f HTTP/1.1\r\nHost: h\r\n\r\n", 405);
    row("a head that dawdles", "GET / HT", 408);
    row("a condition that fails", "GET /f HTTP/1.1\r\nHost: h\r\nIf-Match: \"no\"\r\n\r\n", 412);
    row("a body too large", "POST /f HTTP/1.1\r\nHost: h\r\nContent-Length: 999\r\n\r\n", 413);
    row("a chunked body too large",
        "POST /f HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3e7\r\n" + QByteArray(999, 'x'), 413);
    row("a target too long", "GET /" + QByteArray(100'000, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n", 414);
    row("a range beyond the file", "GET /f HTTP/1.1\r\nHost: h\r\nRange: bytes=99-\r\n\r\n", 416);
    row("another WebSocket version", QByteArray(kUpgrade).replace("n: 13", "n: 12"), 426);
    row("a head too large", "GET / HTTP/1.1\r\nHost: h\r\nX: " + QByteArray(100'000, 'a') + "\r\n\r\n", 431);
    row("an unknown method", "BREW /f HTTP/1.1\r\nHost: h\r\n\r\n", 501);
    row("another version", "GET / HTTP/3.0\r\nHost: h\r\n\r\n", 505);
}

void TestContractEvents::errorIsSentWhenAnHttpErrorIsAboutToBeSent() {
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    TemporarySite site;
    site.write("f", "file");
    QList<int> errors;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_HTTP_ERROR) errors.append(connection->status_code);
        return event == MG_AUTH && QByteArray(connection->uri) != "/secret";
    });
    server.set("document_root", site.path().toUtf8());
    server.set("enable_directory_listing", "no");
    server.set("max_request_body_bytes", "100");
    server.set("idle_timeout_ms", "100");
    QCOMPARE(ask(server, request).status, status);
    QCOMPARE(errors, QList<int>{status});
    // A good answer is none.
    errors.clear();
    QCOMPARE(ask(server, "GET /f HTTP/1.1\r\nHost: h\r\n\r\n").status, 200);
    QCOMPARE(errors, QList<int>());
}

// "Event handler return value is ignored."
void TestContractEvents::closesReturnValueIsIgnored() {
    for (const int returned : {int{MG_FALSE}, int{MG_TRUE}, int{MG_MORE}}) {
        int closes = 0;
        TestServer server([&](mg_connection *connection, mg_event event) -> int {
            if (event == MG_CLOSE) return ++closes, returned;
            return answer(connection, event);
        });
        ScriptedPeer other(server);
        QCOMPARE(ask(server, kGet).body, QByteArray("ok"));
        QVERIFY(server.pollUntil([&] { return closes == 1; }));
        QCOMPARE(server.poll(), 1);
        QCOMPARE(other.send(kGet).readAnswer().body, QByteArray("ok"));
        QCOMPARE(closes, 1);
    }
}

// "When mongoose buffers in HTTP request and successfully parses it, it sends `MG_REQUEST` event for GET requests immediately."
void TestContractEvents::requestIsSentForGetImmediately() {
    int requests = 0;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        requests += event == MG_REQUEST;
        return answer(connection, event);
    });
    ScriptedPeer peer(server);
    QVERIFY(server.pollUntil([&] { return server.poll() == 1; }));
    for (qsizetype i = 0; i < kGet.size(); ++i) {
        QCOMPARE(requests, 0);
        peer.sendUnseen(kGet.mid(i, 1));
        // The one pass in which its last byte is read.
        server.poll(1000);
    }
    QCOMPARE(requests, 1);
}

// "For POST requests, Mongoose delays the call until the whole POST request is buffered in memory." "POST data is available to the callback as
// `struct mg_connection::content`, and POST data length is in `struct mg_connection::content_len`."
void TestContractEvents::theCallIsDelayedUntilThePostIsWhole_data() {
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("sent");
    const QByteArray rest("\0\r\n\r\nc", 6);
    QTest::newRow("of a given length") << QByteArray("Content-Length: 8\r\n") << "ab" + rest;
    QTest::newRow("in chunks") << QByteArray("Transfer-Encoding: chunked\r\n")
                               << "2\r\nab\r\n6;x=y\r\n" + rest + "\r\n0\r\nTrailer: t\r\n\r\n";
}

void TestContractEvents::theCallIsDelayedUntilThePostIsWhole() {
    QFETCH(QByteArray, fields);
    QFETCH(QByteArray, sent);
    const QByteArray request = "POST / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n" + sent;
    QByteArray content;
    int requests = 0;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event != MG_REQUEST) return event == MG_AUTH;
        ++requests;
        content = contentOf(connection);
        return MG_TRUE;
    });
    ScriptedPeer peer(server);
    for (qsizetype i = 0; i < request.size(); ++i) {
        QCOMPARE(requests, 0);
        peer.send(request.mid(i, 1));
    }
    QCOMPARE(peer.readAnswer().status, 200);
    QCOMPARE(requests, 1);
    QCOMPARE(content, QByteArray("ab\0\r\n\r\nc", 8));
}

// "Mongoose buffers websocket frame in memory, and calls event handler when frame is fully buffered." "Frame data is available `struct
// mg_connection::content`, and data length is in `struct mg_connection::content_len`, i.e. very similar to the POST request."
void TestContractEvents::theHandlerIsCalledWhenTheFrameIsFullyBuffered() {
    QByteArrayList contents;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_REQUEST) contents.append(contentOf(connection));
        if (event == MG_REQUEST && connection->content[connection->content_len] != '\0') contents.append("no '\\0' behind it");
        return event != MG_POLL;
    });
    ScriptedPeer peer(server);
    peer.send(kUpgrade).readAnswer(true);
    const QByteArray bytes = frame(0x82, QByteArray("\0one\xff", 5));
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        QCOMPARE(contents, QByteArrayList());
        peer.send(bytes.mid(i, 1));
    }
    QVERIFY(server.pollUntil([&] { return !contents.isEmpty(); }));
    QCOMPARE(contents, QByteArrayList{QByteArray("\0one\xff", 5)});
}

// "`struct mg_connection::is_websocket` flag indicates whether the request is websocket or not."
void TestContractEvents::isWebsocketIndicatesWhetherTheRequestIsOne() {
    QList<QPair<int, int>> seen;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_REQUEST || event == MG_CLOSE) seen.append({event, connection->is_websocket});
        return event == MG_AUTH || event == MG_REQUEST;
    });
    {
        ScriptedPeer peer(server);
        peer.send(kGet).readAnswer();
        peer.send(kUpgrade).readAnswer(true);
        peer.send(frame(0x81, "m")).readUntilQuiet();
    }
    QVERIFY(server.pollUntil([&] { return seen.size() == 3; }));
    QCOMPARE(seen, (QList<QPair<int, int>>{{MG_REQUEST, 0}, {MG_REQUEST, 1}, {MG_CLOSE, 1}}));
}

// "Also, for websocket requests, there is `struct mg_connection::wsbits` field which contains first byte of the websocket frame which URI handler
// can examine."
void TestContractEvents::wsbitsHasTheFirstByteOfTheFrame_data() {
    QTest::addColumn<QByteArray>("mode");
    QTest::addColumn<QList<int>>("expected");
    // One event a message, whose FIN bit is set.
    QTest::newRow("messages") << QByteArray("message") << QList<int>{0x81, 0x82, 0x89, 0x81};
    QTest::newRow("frames") << QByteArray("frame") << QList<int>{0x81, 0x82, 0x01, 0x89, 0x80};
}

void TestContractEvents::wsbitsHasTheFirstByteOfTheFrame() {
    QFETCH(QByteArray, mode);
    QList<int> bits;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_REQUEST) bits.append(connection->wsbits);
        return event != MG_POLL;
    });
    server.set("websocket_events", mode);
    ScriptedPeer peer(server);
    peer.send(kUpgrade).readAnswer(true);
    peer.send(frame(0x81, "a") + frame(0x82, "b") + frame(0x01, "c") + frame(0x89, "") + frame(0x80, "d")).readUntilQuiet();
    QTEST(bits, "expected");
}

QTEST_GUILESS_MAIN(TestContractEvents)
#include "tst_contract_events.moc"
