// Station: tests of websocket/handshake, with heads as http's parser reads them.
#include "websocket/handshake.h"

#include "engine/websocket/frame_peer.h"

#include <QTest>

#include <vector>

using namespace meerkat;
using namespace meerkat::websocket;
using meerkat::test::toBytes;
using meerkat::test::toView;

namespace {

const QByteArray kFields =
    "Host: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Version: 13\r\n";

QByteArray requestOf(QByteArray fields = {}) { return "GET /chat HTTP/1.1\r\n" + kFields + fields + "\r\n"; }

QByteArray replaced(const char *from, const char *to) { return requestOf().replace(from, to); }

struct Parsed {
    explicit Parsed(const QByteArray &request) : bytes(request) {
        if (http::parseRequestHead(toView(bytes), {}, head).state != http::ParseState::Complete)
            qFatal("the head of the test is wrong");
    }
    QByteArray bytes;
    http::RequestHead head;
};

int statusOf(const QByteArray &request, const HandshakeSettings &settings = {}) {
    return answerHandshake(Parsed(request).head, settings).refusalStatus;
}

ClientHandshake clientHandshake() {
    ClientHandshake handshake;
    handshake.host = "example.org:8080";
    handshake.target = "/chat?room=1";
    return handshake;
}

using Fields = std::vector<http::HeaderField>;

}  // namespace

class TestHandshake : public QObject {
    Q_OBJECT

  private slots:
    void answersTheExampleOfTheRfc();
    void acceptsRequests_data();
    void acceptsRequests();
    void choosesTheFirstSubprotocolOfTheClientThatItKnows_data();
    void choosesTheFirstSubprotocolOfTheClientThatItKnows();
    void agreesOnCompression();
    void refusesRequests_data();
    void refusesRequests();
    void tellsItsVersionToAClientOfAnother();
    void requestsWhatItsServerSideAccepts();
    void makesANewKeyEachTime();
    void requestsNothingThatBreaksOutOfItsPlace_data();
    void requestsNothingThatBreaksOutOfItsPlace();
    void takesAnswers();
    void refusesAnswers_data();
    void refusesAnswers();
};

void TestHandshake::answersTheExampleOfTheRfc() {
    QCOMPARE(acceptKey("dGhlIHNhbXBsZSBub25jZQ=="), std::string("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    const Parsed parsed(requestOf("Origin: http://example.com\r\nSec-WebSocket-Protocol: chat, superchat\r\n"));
    const auto outcome = answerHandshake(parsed.head, {"chat", true, {}});
    QCOMPARE(outcome.refusalStatus, 0);
    QCOMPARE(toBytes(outcome.answer),
             QByteArray("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: chat\r\n\r\n"));
    const auto more = answerHandshake(parsed.head, {"chat", true, "X-More: 1\r\n"});
    QVERIFY(toBytes(more.answer).endsWith("chat\r\nX-More: 1\r\n\r\n"));
}

void TestHandshake::acceptsRequests_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::newRow("as short as can be") << requestOf();
    QTest::newRow("Upgrade in capitals") << replaced("Upgrade: websocket", "Upgrade: WebSocket");
    QTest::newRow("Upgrade in a list") << replaced("Upgrade: websocket", "Upgrade: h2c, websocket");
    QTest::newRow("Connection as Firefox sends it") << replaced("Connection: Upgrade", "Connection: keep-alive, Upgrade");
    QTest::newRow("names in small letters") << replaced("Sec-WebSocket-Key", "sec-websocket-key");
    QTest::newRow("a later minor version") << replaced("HTTP/1.1", "HTTP/1.2");
    QTest::newRow("a length of nothing") << requestOf("Content-Length: 0\r\n");
    QTest::newRow("an unknown extension") << requestOf("Sec-WebSocket-Extensions: x-something\r\n");
    QTest::newRow("unknown subprotocols") << requestOf("Sec-WebSocket-Protocol: soap\r\n");
}

void TestHandshake::acceptsRequests() {
    QFETCH(QByteArray, request);
    QVERIFY(asksForWebsocket(Parsed(request).head));
    QCOMPARE(statusOf(request), 0);
}

void TestHandshake::choosesTheFirstSubprotocolOfTheClientThatItKnows_data() {
    QTest::addColumn<QByteArray>("offers");
    QTest::addColumn<QByteArray>("known");
    QTest::addColumn<QByteArray>("chosen");
    const auto row = [](const char *name, const char *offers, const char *known, const char *chosen) {
        QTest::newRow(name) << QByteArray(offers) << QByteArray(known) << QByteArray(chosen);
    };
    const char *field = "Sec-WebSocket-Protocol: chat, superchat\r\n";
    row("the client's order counts", field, "superchat, chat", "chat");
    row("the second alone is known", field, "superchat", "superchat");
    row("none is known", field, "soap", "");
    row("the server knows none", field, "", "");
    row("case counts", field, "Chat", "");
    row("two fields", "Sec-WebSocket-Protocol: a\r\nSec-WebSocket-Protocol: b\r\n", "b,c", "b");
    row("no field", "", "chat", "");
}

void TestHandshake::choosesTheFirstSubprotocolOfTheClientThatItKnows() {
    QFETCH(QByteArray, offers);
    QFETCH(QByteArray, known);
    QFETCH(QByteArray, chosen);
    const Parsed parsed(requestOf(offers));
    const auto outcome = answerHandshake(parsed.head, {toView(known), true, {}});
    QCOMPARE(toBytes(outcome.subprotocol), chosen);
    QCOMPARE(toBytes(outcome.answer).contains("Sec-WebSocket-Protocol"), !chosen.isEmpty());
    if (!chosen.isEmpty()) QVERIFY(toBytes(outcome.answer).contains("Sec-WebSocket-Protocol: " + chosen + "\r\n"));
}

void TestHandshake::agreesOnCompression() {
    const Parsed parsed(requestOf("Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=17\r\n"
                                  "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=10\r\n"));
    const auto agreed = answerHandshake(parsed.head, {});
    QVERIFY(agreed.deflate.isAgreed);
    QCOMPARE(int{agreed.deflate.windowBits}, 10);
    QVERIFY(toBytes(agreed.answer)
                .contains("Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
                          "server_max_window_bits=10\r\n"));
    const auto declined = answerHandshake(parsed.head, {{}, false, {}});
    QCOMPARE(declined.refusalStatus, 0);
    QVERIFY(!declined.deflate.isAgreed);
    QVERIFY(!toBytes(declined.answer).contains("Extensions"));
}

void TestHandshake::refusesRequests_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    QTest::newRow("POST") << replaced("GET", "POST") << 405;
    QTest::newRow("HEAD") << replaced("GET", "HEAD") << 405;
    QTest::newRow("HTTP/1.0") << replaced("HTTP/1.1", "HTTP/1.0") << 400;
    QTest::newRow("another Upgrade") << replaced("Upgrade: websocket", "Upgrade: h2c") << 400;
    QTest::newRow("no Connection: upgrade") << replaced("Connection: Upgrade", "Connection: keep-alive") << 400;
    QTest::newRow("a body") << requestOf("Content-Length: 5\r\n") << 400;
    QTest::newRow("a chunked body") << requestOf("Transfer-Encoding: chunked\r\n") << 400;
    QTest::newRow("version 8") << replaced("Version: 13", "Version: 8") << 426;
    QTest::newRow("version 14") << replaced("Version: 13", "Version: 14") << 426;
    QTest::newRow("version 013") << replaced("Version: 13", "Version: 013") << 426;
    QTest::newRow("several versions") << replaced("Version: 13", "Version: 13, 8") << 426;
    QTest::newRow("no version") << replaced("Sec-WebSocket-Version", "X-Version") << 426;
    QTest::newRow("the version twice") << requestOf("Sec-WebSocket-Version: 13\r\n") << 426;
    QTest::newRow("no key") << replaced("Sec-WebSocket-Key", "X-Key") << 400;
    QTest::newRow("an empty key") << replaced("dGhlIHNhbXBsZSBub25jZQ==", "") << 400;
    QTest::newRow("a key of 15 bytes") << replaced("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25j") << 400;
    QTest::newRow("a key of 17 bytes") << replaced("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZWU=") << 400;
    QTest::newRow("a key with a stray character") << replaced("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25*ZQ==") << 400;
    QTest::newRow("a key without padding") << replaced("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ") << 400;
    QTest::newRow("two keys") << requestOf("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n") << 400;
    QTest::newRow("a subprotocol with a space") << requestOf("Sec-WebSocket-Protocol: super chat\r\n") << 400;
    QTest::newRow("malformed extensions") << requestOf("Sec-WebSocket-Extensions: permessage-deflate;\r\n") << 400;
    QTest::newRow("empty extensions") << requestOf("Sec-WebSocket-Extensions:\r\n") << 400;
}

void TestHandshake::refusesRequests() {
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    QCOMPARE(statusOf(request), status);
    QVERIFY(answerHandshake(Parsed(request).head, {}).answer.empty());
}

void TestHandshake::tellsItsVersionToAClientOfAnother() {
    const Parsed parsed(replaced("Version: 13", "Version: 8"));
    QCOMPARE(toBytes(answerHandshake(parsed.head, {}).refusalFields), QByteArray("Sec-WebSocket-Version: 13\r\n"));
}

void TestHandshake::requestsWhatItsServerSideAccepts() {
    ClientHandshake client = clientHandshake();
    client.subprotocols = "chat, superchat";
    client.extraFields = "Origin: http://example.org\r\nX-Empty:\r\n";
    const auto head = requestHead(client);
    QVERIFY(bool(head));
    const Parsed parsed(toBytes(*head));
    QCOMPARE(toBytes(parsed.head.target), QByteArray("/chat?room=1"));
    QCOMPARE(toBytes(parsed.head.host), QByteArray("example.org:8080"));
    QCOMPARE(toBytes(*parsed.head.find("Origin")), QByteArray("http://example.org"));
    const auto outcome = answerHandshake(parsed.head, {"superchat", true, {}});
    QCOMPARE(outcome.refusalStatus, 0);
    QVERIFY(outcome.deflate.isAgreed);
    QCOMPARE(toBytes(outcome.subprotocol), QByteArray("superchat"));
    client.offersDeflate = false;
    const Parsed without(toBytes(*requestHead(client)));
    QVERIFY(!answerHandshake(without.head, {}).deflate.isAgreed);
}

void TestHandshake::makesANewKeyEachTime() {
    ClientHandshake client = clientHandshake();
    QVERIFY(bool(requestHead(client)));
    const std::string first = client.key;
    QVERIFY(bool(requestHead(client)));
    QVERIFY(first != client.key);
    QCOMPARE(first.size(), std::size_t{24});
}

void TestHandshake::requestsNothingThatBreaksOutOfItsPlace_data() {
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("subprotocols");
    QTest::addColumn<QByteArray>("extraFields");
    const auto row = [](const char *name, QByteArray host, QByteArray target, QByteArray subprotocols, QByteArray fields) {
        QTest::newRow(name) << host << target << subprotocols << fields;
    };
    row("no host", "", "/", "", "");
    row("a line break in the host", "a\r\nX: y", "/", "", "");
    row("a space in the host", "a b", "/", "", "");
    row("no target", "a", "", "", "");
    row("a target without a slash", "a", "chat", "", "");
    row("a space in the target", "a", "/a b", "", "");
    row("a line break in the target", "a", "/a\nb", "", "");
    row("a line break in a subprotocol", "a", "/", "chat\r\nX: y", "");
    row("a line break behind a subprotocol", "a", "/", "chat,\r\n", "");
    row("a space in a subprotocol", "a", "/", "super chat", "");
    row("a field without an end", "a", "/", "", "X: y");
    row("the end of the head among the fields", "a", "/", "", "X: y\r\n\r\nZ: z\r\n");
    row("a field without a name", "a", "/", "", ": y\r\n");
    row("a bare line feed in a field", "a", "/", "", "X: y\nZ: z\r\n");
    row("a NUL in a field", "a", "/", "", QByteArray("X: y\0\r\n", 7));
}

void TestHandshake::requestsNothingThatBreaksOutOfItsPlace() {
    QFETCH(QByteArray, host);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, subprotocols);
    QFETCH(QByteArray, extraFields);
    ClientHandshake client;
    client.host = host.toStdString();
    client.target = target.toStdString();
    client.subprotocols = subprotocols.toStdString();
    client.extraFields = extraFields.toStdString();
    const auto head = requestHead(client);
    QVERIFY(!head);
    QVERIFY(!head.failure().text.empty());
}

void TestHandshake::takesAnswers() {
    ClientHandshake client = clientHandshake();
    client.subprotocols = "chat, superchat";
    client.key = "dGhlIHNhbXBsZSBub25jZQ==";
    Fields fields{{"upgrade", "WebSocket"},
                  {"Connection", "keep-alive, Upgrade"},
                  {"Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}};
    const auto plain = checkAnswer(client, 101, fields);
    QVERIFY(bool(plain));
    QVERIFY(plain->subprotocol.empty() && !plain->deflate.isAgreed);
    fields.push_back({"Sec-WebSocket-Protocol", "superchat"});
    fields.push_back({"Sec-WebSocket-Extensions", "permessage-deflate; server_no_context_takeover"});
    const auto full = checkAnswer(client, 101, fields);
    QVERIFY(bool(full));
    QCOMPARE(full->subprotocol, std::string("superchat"));
    QVERIFY(full->deflate.isAgreed);
}

void TestHandshake::refusesAnswers_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");  // null: the field is left out
    QTest::newRow("200") << 200 << QByteArray() << QByteArray();
    QTest::newRow("401") << 401 << QByteArray() << QByteArray();
    QTest::newRow("no Upgrade") << 101 << QByteArray("Upgrade") << QByteArray();
    QTest::newRow("another Upgrade") << 101 << QByteArray("Upgrade") << QByteArray("h2c");
    QTest::newRow("no Connection") << 101 << QByteArray("Connection") << QByteArray();
    QTest::newRow("no accept") << 101 << QByteArray("Sec-WebSocket-Accept") << QByteArray();
    QTest::newRow("accept of another key") << 101 << QByteArray("Sec-WebSocket-Accept")
                                           << QByteArray("s3pPLMBiTxaQ9kYGzzhZRbK+xOp=");
    QTest::newRow("accept in small letters")
        << 101 << QByteArray("Sec-WebSocket-Accept") << QByteArray("s3pplmbitxaq9kygzzhzrbk+xoo=");
    QTest::newRow("a subprotocol nobody offered") << 101 << QByteArray("Sec-WebSocket-Protocol") << QByteArray("soap");
    QTest::newRow("both subprotocols") << 101 << QByteArray("Sec-WebSocket-Protocol") << QByteArray("chat, superchat");
    QTest::newRow("an empty subprotocol") << 101 << QByteArray("Sec-WebSocket-Protocol") << QByteArray("");
    QTest::newRow("an extension nobody offered") << 101 << QByteArray("Sec-WebSocket-Extensions") << QByteArray("x");
    QTest::newRow("empty extensions") << 101 << QByteArray("Sec-WebSocket-Extensions") << QByteArray("");
}

void TestHandshake::refusesAnswers() {
    QFETCH(int, status);
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    ClientHandshake client = clientHandshake();
    client.subprotocols = "chat, superchat";
    client.key = "dGhlIHNhbXBsZSBub25jZQ==";
    Fields fields{{"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}};
    QVERIFY(bool(checkAnswer(client, 101, fields)));
    std::erase_if(fields, [&](const auto &field) { return field.name == toView(name); });
    if (!value.isNull()) fields.push_back({toView(name), toView(value)});
    QVERIFY(!checkAnswer(client, status, fields));
}

QTEST_GUILESS_MAIN(TestHandshake)
#include "tst_handshake.moc"
