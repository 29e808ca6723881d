// Station: tests of mongoose.h: the functions that answer a request.
#include "support/scripted_peer.h"
#include "support/temporary_site.h"

#include <QTest>

using namespace meerkat::test;

namespace {

const QByteArray kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
const QByteArray kHead = "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n";
const QByteArray kGet10 = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";

using Maker = std::function<void(mg_connection *)>;

TestServer::Handler answering(Maker make) {
    return [make](mg_connection *connection, mg_event event) -> int {
        if (event == MG_REQUEST) make(connection);
        return event == MG_AUTH || event == MG_REQUEST ? MG_TRUE : MG_FALSE;
    };
}

void write(mg_connection *connection, const QByteArray &bytes) { mg_write(connection, bytes.constData(), int(bytes.size())); }

}  // namespace
Q_DECLARE_METATYPE(Maker)

class TestAnswers : public QObject {
    Q_OBJECT

  private slots:
    void sendsDataInChunks();
    void sendsAnEmptyAnswerForTrueAlone();
    void endsAnAnswerToHttp10WithTheConnection();
    void sendsNoBodyWhereNoneBelongs_data();
    void sendsNoBodyWhereNoneBelongs();
    void dropsWhatExceedsTheGivenLength();
    void closesBehindLessThanTheGivenLength();
    void takesAStatusOnce();
    void refusesWhatComesTooLate();
    void refusesAHeaderThatWouldBreakTheHead_data();
    void refusesAHeaderThatWouldBreakTheHead();
    void keepsOneDateWhenTheHandlerSendsIts();
    void closesWhenTheHandlerSaysSo();
    void keepsARawAnswerWhoseEndIsClear_data();
    void keepsARawAnswerWhoseEndIsClear();
    void closesBehindARawAnswerWhoseEndIsNotClear_data();
    void closesBehindARawAnswerWhoseEndIsNotClear();
    void sendsFormattedTextOfAnyLength();
    void returnsHowMuchWasTaken();
    void toleratesNullEverywhere();
    void answersWithAFileOfTheProgramsChoice();
    void refusesAFileThatIsNone_data();
    void refusesAFileThatIsNone();
    void sendsNoFileOutsideOfTheRequestOrBehindData();
    void knowsSendDataByItsOtherName();
    void streamsAsMuchAsTheClientTakes();
    void tellsWhatWaitsForASlowClient();
};

void TestAnswers::sendsDataInChunks() {
    TestServer server(answering([](mg_connection *connection) {
        mg_send_status(connection, 201);
        mg_send_header(connection, "X-A", "b");
        mg_send_data(connection, "one ", 4);
        mg_printf_data(connection, "%s %d", "two", 3);
    }));
    ScriptedPeer peer(server);
    const QByteArray all = peer.send(kGet).readUntilQuiet();
    QVERIFY2(all.startsWith("HTTP/1.1 201 Created\r\nDate: "), all.constData());
    QVERIFY2(all.endsWith("\r\nX-A: b\r\nTransfer-Encoding: chunked\r\n\r\n9\r\none two 3\r\n0\r\n\r\n"), all.constData());
    QCOMPARE(peer.send(kGet).readAnswer().body, QByteArray("one two 3"));
}

void TestAnswers::sendsAnEmptyAnswerForTrueAlone() {
    TestServer server(answering([](mg_connection *) {}));
    ScriptedPeer peer(server);
    QCOMPARE(peer.send(kGet).readAnswer().status, 200);
    QCOMPARE(peer.send(kGet).readAnswer().body, QByteArray());
}

void TestAnswers::endsAnAnswerToHttp10WithTheConnection() {
    TestServer server(answering([](mg_connection *connection) { mg_send_data(connection, "text", 4); }));
    ScriptedPeer peer(server);
    const Answer got = peer.send(kGet10).readAnswer();
    QCOMPARE(got.body, QByteArray("text"));
    QCOMPARE(got.field("Connection"), QByteArray("close"));
    QVERIFY(got.field("Transfer-Encoding").isNull());
    TestServer withLength(answering([](mg_connection *connection) {
        mg_send_header(connection, "Content-Length", "4");
        mg_send_data(connection, "text", 4);
    }));
    ScriptedPeer other(withLength);
    QCOMPARE(other.send(kGet10).readAnswer().field("Connection"), QByteArray("keep-alive"));
    QCOMPARE(other.send(kGet10).readAnswer().body, QByteArray("text"));
}

void TestAnswers::sendsNoBodyWhereNoneBelongs_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    QTest::newRow("HEAD") << kHead << 200;
    QTest::newRow("204") << kGet << 204;
    QTest::newRow("304") << kGet << 304;
    QTest::newRow("HEAD of an error") << kHead << 500;
}

void TestAnswers::sendsNoBodyWhereNoneBelongs() {
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    TestServer server(answering([status](mg_connection *connection) {
        mg_send_status(connection, status);
        mg_send_data(connection, "never seen", 10);
    }));
    ScriptedPeer peer(server);
    for (int i = 0; i < 2; ++i) {
        const QByteArray all = peer.send(request).readUntilQuiet();
        QVERIFY2(all.startsWith("HTTP/1.1 " + QByteArray::number(status)), all.constData());
        QCOMPARE(all.indexOf("\r\n\r\n"), all.size() - 4);
    }
}

void TestAnswers::dropsWhatExceedsTheGivenLength() {
    int taken = -1;
    TestServer server(answering([&](mg_connection *connection) {
        mg_send_header(connection, "Content-Length", "4");
        taken = mg_send_data(connection, "abcdef", 6);
        taken += mg_send_data(connection, "g", 1);
    }));
    ScriptedPeer peer(server);
    QCOMPARE(peer.send(kGet).readAnswer().body, QByteArray("abcd"));
    QCOMPARE(taken, 4);
    QCOMPARE(peer.send(kGet).readAnswer().body, QByteArray("abcd"));
}

void TestAnswers::closesBehindLessThanTheGivenLength() {
    TestServer server(answering([](mg_connection *connection) {
        mg_send_header(connection, "Content-Length", "4");
        mg_send_data(connection, "abc", 3);
    }));
    ScriptedPeer peer(server);
    QVERIFY(peer.send(kGet + kGet).readToEnd().endsWith("\r\n\r\nabc"));
    QVERIFY(peer.isClosed());
}

void TestAnswers::takesAStatusOnce() {
    QList<bool> taken;
    TestServer server(answering([&](mg_connection *connection) {
        for (const int status : {99, 1000, -1, 404, 200}) taken.append(mg_send_status(connection, status) > 0);
    }));
    QCOMPARE(ask(server, kGet).status, 404);
    QCOMPARE(taken, (QList<bool>{false, false, false, true, false}));
}

void TestAnswers::refusesWhatComesTooLate() {
    QList<int> taken;
    TestServer server(answering([&](mg_connection *connection) {
        mg_send_data(connection, "body", 4);
        taken = {mg_send_status(connection, 500), mg_send_header(connection, "X-Late", "1")};
    }));
    const Answer got = ask(server, kGet);
    QCOMPARE(got.status, 200);
    QVERIFY(got.field("X-Late").isNull());
    QCOMPARE(taken, (QList<int>{0, 0}));
}

void TestAnswers::refusesAHeaderThatWouldBreakTheHead_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("a line break") << QByteArray("X") << QByteArray("a\r\nSet-Cookie: b");
    QTest::newRow("a bare LF") << QByteArray("X") << QByteArray("a\nb");
    QTest::newRow("a bare CR") << QByteArray("X") << QByteArray("a\rb");
    QTest::newRow("an escape character") << QByteArray("X") << QByteArray("a\x1b[0m");
    QTest::newRow("an empty name") << QByteArray("") << QByteArray("a");
    QTest::newRow("a colon in the name") << QByteArray("X:") << QByteArray("a");
    QTest::newRow("a space in the name") << QByteArray("X Y") << QByteArray("a");
    QTest::newRow("a line break in the name") << QByteArray("X\r\nY") << QByteArray("a");
    QTest::newRow("a length that is none") << QByteArray("Content-Length") << QByteArray("-1");
}

void TestAnswers::refusesAHeaderThatWouldBreakTheHead() {
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    int taken = -1;
    TestServer server(answering([&](mg_connection *connection) {
        taken = mg_send_header(connection, name.constData(), value.constData());
        mg_send_data(connection, "x", 1);
    }));
    const Answer got = ask(server, kGet);
    QCOMPARE(taken, 0);
    QCOMPARE(got.head.count("\r\n"), 4);  // status, date, coding, end
    QCOMPARE(got.body, QByteArray("x"));
}

void TestAnswers::keepsOneDateWhenTheHandlerSendsIts() {
    TestServer server(answering([](mg_connection *connection) { mg_send_header(connection, "date", "today"); }));
    const Answer got = ask(server, kGet);
    QCOMPARE(got.head.toLower().count("date:"), 1);
    QCOMPARE(got.field("Date"), QByteArray("today"));
}

void TestAnswers::closesWhenTheHandlerSaysSo() {
    TestServer server(answering([](mg_connection *connection) { mg_send_header(connection, "Connection", "close"); }));
    ScriptedPeer peer(server);
    const Answer got = peer.send(kGet).readAnswer();
    QCOMPARE(got.head.count("Connection:"), 1);
    QVERIFY(peer.waitUntilClosed());
}

void TestAnswers::keepsARawAnswerWhoseEndIsClear_data() {
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<QByteArray>("request");
    QTest::newRow("a length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") << kGet;
    QTest::newRow("a length in small letters") << QByteArray("HTTP/1.1 200 OK\r\ncontent-length:2\r\n\r\nok") << kGet;
    QTest::newRow("chunks") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n") << kGet;
    QTest::newRow("204") << QByteArray("HTTP/1.1 204 No Content\r\n\r\n") << kGet;
    QTest::newRow("HEAD") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n") << kHead;
}

void TestAnswers::keepsARawAnswerWhoseEndIsClear() {
    QFETCH(QByteArray, raw);
    QFETCH(QByteArray, request);
    TestServer server(answering([&](mg_connection *connection) {
        // In two parts, the first of which ends inside of the head.
        write(connection, raw.left(20));
        write(connection, raw.mid(20));
    }));
    ScriptedPeer peer(server);
    QCOMPARE(peer.send(request + request).readUntilQuiet(), raw + raw);
    QVERIFY(!peer.isClosed());
}

void TestAnswers::closesBehindARawAnswerWhoseEndIsNotClear_data() {
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<QByteArray>("request");
    QTest::newRow("no length") << QByteArray("HTTP/1.1 200 OK\r\n\r\nok") << kGet;
    QTest::newRow("too few bytes") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok") << kGet;
    QTest::newRow("too many bytes") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nok") << kGet;
    QTest::newRow("no head") << QByteArray("just text") << kGet;
    QTest::newRow("Connection: close") << QByteArray("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
                                       << kGet;
    QTest::newRow("a body to HEAD") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") << kHead;
    QTest::newRow("a body behind 204") << QByteArray("HTTP/1.1 204 No Content\r\n\r\nok") << kGet;
    QTest::newRow("two heads") << QByteArray("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") << kGet;
}

void TestAnswers::closesBehindARawAnswerWhoseEndIsNotClear() {
    QFETCH(QByteArray, raw);
    QFETCH(QByteArray, request);
    TestServer server(answering([&](mg_connection *connection) { write(connection, raw); }));
    ScriptedPeer peer(server);
    QCOMPARE(peer.send(request + request).readToEnd(), raw);
    QVERIFY(peer.isClosed());
}

void TestAnswers::sendsFormattedTextOfAnyLength() {
    const QByteArray filler(5000, 'x');
    QList<int> taken;
    TestServer server(answering([&](mg_connection *connection) {
        taken = {mg_printf_data(connection, "%s|", filler.left(510).constData()),
                 mg_printf_data(connection, "%s|", filler.left(511).constData()),
                 mg_printf_data(connection, "%s|%%", filler.constData()), mg_printf_data(connection, "%s", "")};
    }));
    QCOMPARE(ask(server, kGet).body, filler.left(510) + "|" + filler.left(511) + "|" + filler + "|%");
    QCOMPARE(taken, (QList<int>{511, 512, 5002, 0}));
}

void TestAnswers::returnsHowMuchWasTaken() {
    QList<int> taken;
    TestServer server(answering([&](mg_connection *connection) {
        taken = {mg_send_data(connection, "abc", 3), mg_send_data(connection, "abc", 0), mg_send_data(connection, "abc", -1),
                 mg_write(connection, "ab", 2), mg_printf(connection, "%d", 1234)};
    }));
    QCOMPARE(ask(server, kGet).body, QByteArray("abcab1234"));
    QCOMPARE(taken, (QList<int>{3, 0, 0, 2, 4}));
}

void TestAnswers::toleratesNullEverywhere() {
    TestServer server(answering([](mg_connection *connection) {
        QCOMPARE(mg_send_header(connection, nullptr, "a"), 0);
        QCOMPARE(mg_send_header(connection, "a", nullptr), 0);
        QCOMPARE(mg_send_data(connection, nullptr, 3), 0);
        QCOMPARE(mg_write(connection, nullptr, 3), 0);
        const char *noFormat = nullptr;
        QCOMPARE(mg_printf(connection, noFormat, 1), 0);
        QCOMPARE(mg_printf_data(connection, noFormat, 1), 0);
        QVERIFY(!mg_get_header(connection, nullptr));
    }));
    QCOMPARE(ask(server, kGet).status, 200);
    QCOMPARE(mg_send_status(nullptr, 200), 0);
    QCOMPARE(mg_send_header(nullptr, "a", "b"), 0);
    QCOMPARE(mg_send_data(nullptr, "a", 1), 0);
    QCOMPARE(mg_printf_data(nullptr, "%d", 1), 0);
    QCOMPARE(mg_write(nullptr, "a", 1), 0);
    QCOMPARE(mg_printf(nullptr, "%d", 1), 0);
    QVERIFY(!mg_get_header(nullptr, "a"));
    QCOMPARE(mg_pending_bytes(nullptr), std::size_t{0});
}

void TestAnswers::answersWithAFileOfTheProgramsChoice() {
    TemporarySite site;
    site.write("page.html", "0123456789");
    for (const int returned : {MG_FALSE, MG_TRUE, MG_MORE}) {
        TestServer server([&](mg_connection *connection, mg_event event) -> int {
            if (event == MG_REQUEST && mg_send_file(connection, site.path("page.html").toUtf8().constData())) return returned;
            return event == MG_AUTH;
        });
        const Answer whole = ask(server, kGet);
        QCOMPARE(whole.body, QByteArray("0123456789"));
        QVERIFY(whole.field("Content-Type").startsWith("text/html"));
        const Answer part = ask(server, "GET / HTTP/1.1\r\nHost: h\r\nRange: bytes=2-4\r\n\r\n");
        QCOMPARE(part.status, 206);
        QCOMPARE(part.body, QByteArray("234"));
        QCOMPARE(ask(server, "GET / HTTP/1.1\r\nHost: h\r\nIf-None-Match: " + whole.field("ETag") + "\r\n\r\n").status, 304);
        ScriptedPeer peer(server);
        QCOMPARE(peer.send(kGet).readAnswer().body, QByteArray("0123456789"));
        QCOMPARE(peer.send(kHead).readAnswer(true).field("Content-Length"), QByteArray("10"));
    }
}

void TestAnswers::refusesAFileThatIsNone_data() {
    QTest::addColumn<QByteArray>("path");
    QTest::newRow("missing") << QByteArray("/no/such/file");
    QTest::newRow("a folder") << QDir::tempPath().toUtf8();
    QTest::newRow("empty") << QByteArray();
}

void TestAnswers::refusesAFileThatIsNone() {
    QFETCH(QByteArray, path);
    int sent = -1;
    TestServer server(answering([&](mg_connection *connection) {
        sent = mg_send_file(connection, path.constData());
        mg_send_data(connection, "instead", 7);
    }));
    QCOMPARE(ask(server, kGet).body, QByteArray("instead"));
    QCOMPARE(sent, 0);
}

void TestAnswers::sendsNoFileOutsideOfTheRequestOrBehindData() {
    TemporarySite site;
    site.write("a.txt", "file");
    const QByteArray path = site.path("a.txt").toUtf8();
    int inAuth = -1, behindData = -1, inPoll = -1;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_AUTH) inAuth = mg_send_file(connection, path.constData());
        if (event == MG_POLL && inPoll < 0) inPoll = mg_send_file(connection, path.constData());
        if (event != MG_REQUEST) return event == MG_AUTH;
        mg_send_data(connection, "data", 4);
        behindData = mg_send_file(connection, path.constData());
        return MG_TRUE;
    });
    QCOMPARE(ask(server, kGet).body, QByteArray("data"));
    QVERIFY(server.pollUntil([&] { return inPoll >= 0; }));
    QCOMPARE(inAuth, 0);
    QCOMPARE(behindData, 0);
    QCOMPARE(inPoll, 0);
}

void TestAnswers::knowsSendDataByItsOtherName() {
    TestServer server(answering([](mg_connection *connection) { QCOMPARE(mg_write_data(connection, "ok", 2), 2); }));
    QCOMPARE(ask(server, kGet).body, QByteArray("ok"));
}

void TestAnswers::streamsAsMuchAsTheClientTakes() {
    const QByteArray piece(100'000, 'p');
    int left = 100;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_AUTH) return MG_TRUE;
        if (event == MG_REQUEST) return MG_MORE;
        if (event != MG_POLL || !connection->uri) return MG_FALSE;
        if (mg_pending_bytes(connection) > 200'000) return MG_FALSE;
        mg_send_data(connection, piece.constData(), int(piece.size()));
        return --left > 0 ? MG_FALSE : MG_TRUE;
    });
    ScriptedPeer peer(server);
    QCOMPARE(peer.send(kGet).readAnswer().body.size(), 100 * piece.size());
}

void TestAnswers::tellsWhatWaitsForASlowClient() {
    std::size_t most = 0;
    bool isFull = false;
    const QByteArray piece(50'000, 'p');
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_AUTH) return MG_TRUE;
        if (event == MG_REQUEST) return MG_MORE;
        if (event != MG_POLL || !connection->uri) return MG_FALSE;
        isFull = mg_pending_bytes(connection) > 300'000;
        most = qMax(most, mg_pending_bytes(connection));
        if (!isFull) mg_send_data(connection, piece.constData(), int(piece.size()));
        return MG_FALSE;
    });
    ScriptedPeer peer(server, 4096);
    peer.send(kGet);
    QVERIFY(server.pollUntil([&] { return isFull; }));
    for (int i = 0; i < 50; ++i) server.poll(1);
    QVERIFY(most > 300'000 && most < 400'000);
    // Another client is served meanwhile.
    ScriptedPeer other(server);
    QVERIFY(other.send(kGet).read(1000).startsWith("HTTP/1.1 200 OK"));
}

QTEST_GUILESS_MAIN(TestAnswers)
#include "tst_answers.moc"
