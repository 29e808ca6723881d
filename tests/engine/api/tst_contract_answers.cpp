// Station: tests of mongoose.h: what the API's page says of answering. Each slot quotes its sentence; which sentence another test proves is listed
// in tests/contract/sentences.txt.
#include "support/scripted_peer.h"

#include <QTest>

using namespace meerkat::test;

namespace {

const QByteArray kGet = "GET / HTTP/1.1\r\nHost: h\r\nX-One: 1\r\nX-Empty:\r\nX-One: 2\r\n\r\n";
const QByteArray kUpgrade = "GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

using Maker = std::function<void(mg_connection *)>;

TestServer::Handler answering(Maker make) {
    return [make](mg_connection *connection, mg_event event) -> int {
        if (event == MG_REQUEST) make(connection);
        return event == MG_AUTH || event == MG_REQUEST ? MG_TRUE : MG_FALSE;
    };
}

}  // namespace

class TestContractAnswers : public QObject {
    Q_OBJECT

  private slots:
    void constructsAResponseOfThreeParts();
    void sendsStatus200ImplicitlyIfSendStatusIsNotCalled();
    void sendHeaderCanBeCalledZeroOrMoreTimes_data();
    void sendHeaderCanBeCalledZeroOrMoreTimes();
    void contentLengthIsNotNecessary();
    void doesNotSendDataImmediatelyButAfterTheHandlerReturns();
    void dataSentInPiecesByReturningZero();
    void callsTheHandlerRepeatedlyAfterEachSocketWrite();
    void wrapsTheDataIntoAFrameWithTheGivenOpcode_data();
    void wrapsTheDataIntoAFrameWithTheGivenOpcode();
    void getHeaderReturnsTheValueOfAHeaderThatIsPresent();
    void writeDataRepliesToThePlainClient();
};

// "HTTP response consists of three parts: a status line, zero or more HTTP headers, a response body." "Mongoose provides functions for all three
// parts:"
void TestContractAnswers::constructsAResponseOfThreeParts() {
    TestServer server(answering([](mg_connection *connection) {
        mg_send_status(connection, 418);
        mg_send_header(connection, "X-Tea", "pot");
        mg_send_data(connection, "short ", 6);
        mg_printf_data(connection, "and %s", "stout");
    }));
    const Answer got = ask(server, kGet);
    QVERIFY2(got.head.startsWith("HTTP/1.1 418 "), got.head.constData());
    QCOMPARE(got.field("X-Tea"), QByteArray("pot"));
    QCOMPARE(got.body, QByteArray("short and stout"));
}

// "If `mg_send_status()` is not called, then Mongoose will send status 200 (success) implicitly."
void TestContractAnswers::sendsStatus200ImplicitlyIfSendStatusIsNotCalled() {
    const std::vector<Maker> makers{[](mg_connection *) {},
                                    [](mg_connection *connection) { mg_send_header(connection, "X", "y"); },
                                    [](mg_connection *connection) { mg_send_data(connection, "x", 1); }};
    for (const Maker &make : makers) {
        TestServer server(answering(make));
        QVERIFY(ask(server, kGet).head.startsWith("HTTP/1.1 200 OK\r\n"));
    }
}

// "`mg_send_header()` adds HTTP header to the response." "This function could be called zero or more times."
void TestContractAnswers::sendHeaderCanBeCalledZeroOrMoreTimes_data() {
    QTest::addColumn<int>("times");
    for (const int times : {0, 1, 2, 500}) QTest::addRow("%d", times) << times;
}

void TestContractAnswers::sendHeaderCanBeCalledZeroOrMoreTimes() {
    QFETCH(int, times);
    TestServer server(answering([times](mg_connection *connection) {
        for (int i = 0; i < times; ++i) mg_send_header(connection, "Set-Cookie", QByteArray::number(i).constData());
        mg_send_data(connection, "body", 4);
    }));
    const Answer got = ask(server, kGet);
    QByteArrayList cookies;
    for (const QByteArray &line : got.head.split('\n'))
        if (line.startsWith("Set-Cookie: ")) cookies.append(line.mid(12).trimmed());
    QCOMPARE(cookies.size(), times);
    for (int i = 0; i < times; ++i) QCOMPARE(cookies[i].toInt(), i);
    QCOMPARE(got.body, QByteArray("body"));
}

// "Note that Mongoose adds `Transfer-Encoding: chunked` header implicitly, and sends data in chunks." "Therefore, it is not necessary to set
// `Content-Length` header."
void TestContractAnswers::contentLengthIsNotNecessary() {
    TestServer server(answering([](mg_connection *connection) {
        for (int i = 0; i < 1000; ++i) mg_printf_data(connection, "%d\r\n", i);
    }));
    ScriptedPeer peer(server);
    for (int i = 0; i < 3; ++i) {
        const Answer got = peer.send(kGet).readAnswer();
        QCOMPARE(got.field("Transfer-Encoding"), QByteArray("chunked"));
        QVERIFY(got.field("Content-Length").isNull());
        QVERIFY(got.body.startsWith("0\r\n1\r\n") && got.body.endsWith("\r\n999\r\n"));
    }
}

// "Note that `mg_send_data()` and `mg_printf_data()` do not send data immediately." "Instead, they spool data in memory, and Mongoose sends that
// data later after URI handler returns."
void TestContractAnswers::doesNotSendDataImmediatelyButAfterTheHandlerReturns() {
    const QByteArray piece(1'000'000, 'p');
    ScriptedPeer *watching = nullptr;
    bool cameEarly = false;
    std::size_t spooled = 0;
    TestServer server(answering([&](mg_connection *connection) {
        for (int i = 0; i < 10; ++i) {
            mg_send_data(connection, piece.constData(), int(piece.size()));
            mg_printf_data(connection, "%d", i);
            cameEarly = cameEarly || watching->hasBytesWaiting();
        }
        spooled = mg_pending_bytes(connection);
    }));
    ScriptedPeer peer(server);
    watching = &peer;
    peer.sendUnseen(kGet);
    QVERIFY(server.pollUntil([&] { return peer.hasBytesWaiting(); }));
    QVERIFY(!cameEarly);
    QVERIFY(spooled >= 10'000'010);
    QCOMPARE(peer.readAnswer().body.size(), 10'000'010);
}

// "If data to be sent is huge, an URI handler might send data in pieces by saving state in `struct mg_connection::connection_param` variable and
// returning `0`." As a program of old does it: one function for both events, 0 until all is sent.
void TestContractAnswers::dataSentInPiecesByReturningZero() {
    constexpr int kPieces = 200;
    const QByteArray piece(20'000, 'p');
    int alive = 0;
    const auto handler = [&](mg_connection *connection, mg_event event) -> int {
        auto *sent = static_cast<int *>(connection->connection_param);
        if (event == MG_CLOSE) {
            alive -= sent != nullptr;
            delete sent;
            return 0;
        }
        if (event == MG_REQUEST) {
            connection->connection_param = sent = new int(0);
            ++alive;
        }
        if (event == MG_AUTH || !sent) return event == MG_AUTH;
        mg_send_data(connection, piece.constData(), int(piece.size()));
        return ++*sent == kPieces ? MG_TRUE : 0;
    };
    TestServer server(handler);
    ScriptedPeer one(server), two(server, 4096);
    one.send(kGet);
    two.send(kGet);
    QCOMPARE(one.readAnswer().body.size(), kPieces * piece.size());
    QCOMPARE(two.readAnswer().body.size(), kPieces * piece.size());
    QVERIFY(server.pollUntil([&] { return alive == 0; }));
}

// "Then Mongoose will call a handler repeatedly after each socket write."
void TestContractAnswers::callsTheHandlerRepeatedlyAfterEachSocketWrite() {
    int calls = 0;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_REQUEST) return mg_send_data(connection, "first", 5), 0;
        if (event != MG_POLL || !connection->uri) return event == MG_AUTH;
        // All that was sent before is written: the socket of the client has room.
        if (mg_pending_bytes(connection) > 0) qFatal("called with unsent bytes");
        mg_send_data(connection, "next", 4);
        return ++calls == 1000 ? MG_TRUE : 0;
    });
    // The wait is not slept through while there is somebody to call: a thousand such polls would be hours.
    ScriptedPeer peer(server);
    peer.send(kGet);
    QDeadlineTimer deadline(60'000);
    while (calls < 1000 && !deadline.hasExpired()) server.poll(20'000);
    QCOMPARE(calls, 1000);
    QCOMPARE(peer.readAnswer().body.size(), 5 + 4000);
}

// "Similar to `mg_write()`, but wraps the data into a websocket frame with a given websocket `opcode`."
void TestContractAnswers::wrapsTheDataIntoAFrameWithTheGivenOpcode_data() {
    QTest::addColumn<int>("opcode");
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<QByteArray>("head");
    const auto row = [](const char *words, int opcode, const QByteArray &data, const QByteArray &head) {
        QTest::newRow(words) << opcode << data << head;
    };
    row("a text", WEBSOCKET_OPCODE_TEXT, "text", QByteArray("\x81\x04", 2));
    row("bytes", WEBSOCKET_OPCODE_BINARY, QByteArray("\0\xff", 2), QByteArray("\x82\x02", 2));
    row("nothing", WEBSOCKET_OPCODE_BINARY, "", QByteArray("\x82\0", 2));
    row("a ping", WEBSOCKET_OPCODE_PING, "p", QByteArray("\x89\x01", 2));
    row("a pong", WEBSOCKET_OPCODE_PONG, "p", QByteArray("\x8a\x01", 2));
    row("a close", WEBSOCKET_OPCODE_CONNECTION_CLOSE, QByteArray("\x03\xe8", 2) + "bye", QByteArray("\x88\x05", 2));
    row("the longest short frame", WEBSOCKET_OPCODE_TEXT, QByteArray(125, 'x'), QByteArray("\x81\x7d", 2));
    row("the shortest of two length bytes", WEBSOCKET_OPCODE_TEXT, QByteArray(126, 'x'), QByteArray("\x81\x7e\0\x7e", 4));
    row("the longest of two length bytes", WEBSOCKET_OPCODE_TEXT, QByteArray(65535, 'x'), QByteArray("\x81\x7e\xff\xff", 4));
    row("the shortest of eight length bytes", WEBSOCKET_OPCODE_TEXT, QByteArray(65536, 'x'),
        QByteArray("\x81\x7f\0\0\0\0\0\x01\0\0", 10));
}

void TestContractAnswers::wrapsTheDataIntoAFrameWithTheGivenOpcode() {
    QFETCH(int, opcode);
    QFETCH(QByteArray, data);
    QFETCH(QByteArray, head);
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_REQUEST && (connection->wsbits & 15) == WEBSOCKET_OPCODE_TEXT)
            mg_websocket_write(connection, opcode, data.constData(), static_cast<std::size_t>(data.size()));
        return event != MG_POLL;
    });
    ScriptedPeer peer(server);
    peer.send(kUpgrade).readAnswer(true);
    peer.send(QByteArray("\x81\x80\0\0\0\0", 6));
    QCOMPARE(peer.read(head.size() + data.size()), head + data);
}

// "Get the value of particular HTTP header." "It traverses http_headers array, and if the header is present in the array, returns its value." "If it
// is not present, NULL is returned."
void TestContractAnswers::getHeaderReturnsTheValueOfAHeaderThatIsPresent() {
    QByteArrayList found;
    bool isFromArray = false;
    TestServer server(answering([&](mg_connection *connection) {
        for (const char *name : {"Host", "hOST", "X-One", "X-Empty", "X-None", "X-On", "X-One:"}) {
            const char *value = mg_get_header(connection, name);
            found.append(value ? value : "NULL");
        }
        isFromArray = mg_get_header(connection, "X-One") == connection->http_headers[1].value;
    }));
    ask(server, kGet);
    QCOMPARE(found, (QByteArrayList{"h", "h", "1", "", "NULL", "NULL", "NULL"}));
    QVERIFY(isFromArray);
}

// "To reply to the plain HTTP client, `mg_write_data()` should be used."
void TestContractAnswers::writeDataRepliesToThePlainClient() {
    TestServer server(answering([](mg_connection *connection) {
        mg_write_data(connection, "plain ", 6);
        mg_write_data(connection, "words", 5);
    }));
    QCOMPARE(ask(server, kGet).body, QByteArray("plain words"));
}

QTEST_GUILESS_MAIN(TestContractAnswers)
#include "tst_contract_answers.moc"
