// Station: tests of mongoose.h: bad arguments get the answer that the header names. A row for each pointer of each function, and the header itself
// is read so that no function is left out.
#include "support/scripted_peer.h"
#include "support/temporary_site.h"

#include <QRegularExpression>
#include <QTest>

#include <climits>
#include <cstdint>

using namespace meerkat::test;

namespace {

const QByteArray kGet = "GET /a?b=c HTTP/1.1\r\nHost: h\r\n\r\n";

int answer(mg_connection *connection, mg_event event) {
    if (event == MG_REQUEST) mg_send_data(connection, "ok", 2);
    return event == MG_AUTH || event == MG_REQUEST ? MG_TRUE : MG_FALSE;
}

// What a row has at hand: within MG_REQUEST of a live connection.
struct Hand {
    mg_server *server;
    mg_connection *connection;
    char buffer[40] = "before";
    const char *data = nullptr;
    int length = 0;
    const char *noFormat = nullptr;
    bool isEmpty() const { return buffer[0] == '\0'; }
};
using Call = bool (*)(Hand &);

const std::size_t kNegative = static_cast<std::size_t>(-2);

// Each true if the answer was the one that is promised.
const std::vector<std::pair<const char *, Call>> &nullCalls() {
    static const std::vector<std::pair<const char *, Call>> calls{
        {"mg_create_server: param and handler",
         [](Hand &) {
             mg_server *made = mg_create_server(nullptr, nullptr);
             const bool isThere = made;
             mg_destroy_server(&made);
             return isThere && !made;
         }},
        {"mg_destroy_server: place", [](Hand &) { return mg_destroy_server(nullptr), true; }},
        {"mg_destroy_server: server",
         [](Hand &) {
             mg_server *none = nullptr;
             return mg_destroy_server(&none), !none;
         }},
        {"mg_set_event_handler: server", [](Hand &) { return mg_set_event_handler(nullptr, answer), true; }},
        {"mg_set_event_mask: server", [](Hand &) { return mg_set_event_mask(nullptr, 0), true; }},
        {"mg_poll_server: server", [](Hand &) { return mg_poll_server(nullptr, -1) == 0; }},
        {"mg_wakeup_server: server", [](Hand &) { return mg_wakeup_server(nullptr), true; }},
        {"mg_set_option: server", [](Hand &) { return mg_set_option(nullptr, "listening_port", "0") != nullptr; }},
        {"mg_set_option: name", [](Hand &hand) { return mg_set_option(hand.server, nullptr, "0") != nullptr; }},
        {"mg_set_option: value", [](Hand &hand) { return !mg_set_option(hand.server, "auth_domain", nullptr); }},
        {"mg_set_option: unknown name", [](Hand &hand) { return mg_set_option(hand.server, "no such", "0") != nullptr; }},
        {"mg_set_option: empty name", [](Hand &hand) { return mg_set_option(hand.server, "", "0") != nullptr; }},
        {"mg_get_option: server", [](Hand &) { return !mg_get_option(nullptr, "listening_port"); }},
        {"mg_get_option: name", [](Hand &hand) { return !mg_get_option(hand.server, nullptr); }},
        {"mg_get_option: unknown name", [](Hand &hand) { return !mg_get_option(hand.server, "no such"); }},
        {"mg_check_option: server", [](Hand &) { return mg_check_option(nullptr, "listening_port", "0") != nullptr; }},
        {"mg_check_option: name", [](Hand &hand) { return mg_check_option(hand.server, nullptr, "0") != nullptr; }},
        {"mg_check_option: value", [](Hand &hand) { return !mg_check_option(hand.server, "auth_domain", nullptr); }},
        {"mg_get_option_info: name", [](Hand &) { return !mg_get_option_info(nullptr); }},
        {"mg_get_valid_option_names: none to be NULL", [](Hand &) { return mg_get_valid_option_names() != nullptr; }},
        {"mg_iterate_over_connections: server",
         [](Hand &) { return mg_iterate_over_connections(nullptr, answer, nullptr), true; }},
        {"mg_iterate_over_connections: func",
         [](Hand &hand) { return mg_iterate_over_connections(hand.server, nullptr, nullptr), true; }},
        {"mg_find_connection: server", [](Hand &) { return !mg_find_connection(nullptr, 1); }},
        {"mg_find_connection: no such", [](Hand &hand) { return !mg_find_connection(hand.server, 1u << 30); }},
        {"mg_take_trouble: server", [](Hand &) { return !mg_take_trouble(nullptr); }},
        {"mg_observed_headers: observation",
         [](Hand &) {
             char buffer[8] = "x";
             return mg_observed_headers(nullptr, buffer, sizeof buffer) == 0 && buffer[0] == '\0';
         }},
        {"mg_observed_headers: buffer",
         [](Hand &) {
             const mg_observation seen{};
             return mg_observed_headers(&seen, nullptr, 8) == 0;
         }},
        {"mg_next: server", [](Hand &hand) { return !mg_next(nullptr, hand.connection); }},
        {"mg_next: connection", [](Hand &hand) { return mg_next(hand.server, nullptr) == hand.connection; }},
        {"mg_set_listening_socket: server",
         [](Hand &hand) { return !mg_set_listening_socket(nullptr, mg_get_listening_socket(hand.server)); }},
        {"mg_set_listening_socket: no socket", [](Hand &hand) { return !mg_set_listening_socket(hand.server, -1); }},
        {"mg_set_listening_socket: no descriptor", [](Hand &hand) { return !mg_set_listening_socket(hand.server, INT_MAX); }},
        {"mg_set_listening_socket: a file", [](Hand &hand) { return !mg_set_listening_socket(hand.server, 0); }},
        {"mg_get_listening_socket: server", [](Hand &) { return mg_get_listening_socket(nullptr) == -1; }},
        {"mg_modify_passwords_file: file", [](Hand &) { return mg_modify_passwords_file(nullptr, "r", "u", "p") == 0; }},
        {"mg_modify_passwords_file: domain",
         [](Hand &) { return mg_modify_passwords_file("no/such/file", nullptr, "u", "p") == 0; }},
        {"mg_modify_passwords_file: user",
         [](Hand &) { return mg_modify_passwords_file("no/such/file", "r", nullptr, "p") == 0; }},
        {"mg_authorize_digest: connection", [](Hand &) { return mg_authorize_digest(nullptr, stdin) == 0; }},
        {"mg_authorize_digest: file", [](Hand &hand) { return mg_authorize_digest(hand.connection, nullptr) == 0; }},
        {"mg_send_status: connection", [](Hand &) { return mg_send_status(nullptr, 200) == 0; }},
        {"mg_send_status: negative", [](Hand &hand) { return mg_send_status(hand.connection, INT_MIN) == 0; }},
        {"mg_send_header: connection", [](Hand &) { return mg_send_header(nullptr, "a", "b") == 0; }},
        {"mg_send_header: name", [](Hand &hand) { return mg_send_header(hand.connection, nullptr, "b") == 0; }},
        {"mg_send_header: value", [](Hand &hand) { return mg_send_header(hand.connection, "a", nullptr) == 0; }},
        {"mg_send_data: connection", [](Hand &) { return mg_send_data(nullptr, "a", 1) == 0; }},
        {"mg_send_data: data", [](Hand &hand) { return mg_send_data(hand.connection, nullptr, 1) == 0; }},
        {"mg_send_data: negative", [](Hand &hand) { return mg_send_data(hand.connection, "a", INT_MIN) == 0; }},
        {"mg_write_data: connection", [](Hand &) { return mg_write_data(nullptr, "a", 1) == 0; }},
        {"mg_write_data: data", [](Hand &hand) { return mg_write_data(hand.connection, nullptr, 1) == 0; }},
        {"mg_write_data: negative", [](Hand &hand) { return mg_write_data(hand.connection, "a", -1) == 0; }},
        {"mg_printf_data: connection", [](Hand &) { return mg_printf_data(nullptr, "%d", 1) == 0; }},
        {"mg_printf_data: format", [](Hand &hand) { return mg_printf_data(hand.connection, hand.noFormat, 1) == 0; }},
        {"mg_send_file: connection", [](Hand &) { return mg_send_file(nullptr, "/dev/null") == 0; }},
        {"mg_send_file: path", [](Hand &hand) { return mg_send_file(hand.connection, nullptr) == 0; }},
        {"mg_write: connection", [](Hand &) { return mg_write(nullptr, "a", 1) == 0; }},
        {"mg_write: data", [](Hand &hand) { return mg_write(hand.connection, nullptr, 1) == 0; }},
        {"mg_write: negative", [](Hand &hand) { return mg_write(hand.connection, "a", -1) == 0; }},
        {"mg_printf: connection", [](Hand &) { return mg_printf(nullptr, "%d", 1) == 0; }},
        {"mg_printf: format", [](Hand &hand) { return mg_printf(hand.connection, hand.noFormat, 1) == 0; }},
        {"mg_get_header: connection", [](Hand &) { return !mg_get_header(nullptr, "Host"); }},
        {"mg_get_header: name", [](Hand &hand) { return !mg_get_header(hand.connection, nullptr); }},
        {"mg_get_header: empty name", [](Hand &hand) { return !mg_get_header(hand.connection, ""); }},
        {"mg_pending_bytes: connection", [](Hand &) { return mg_pending_bytes(nullptr) == 0; }},
        {"mg_websocket_write: connection", [](Hand &) { return mg_websocket_write(nullptr, 1, "a", 1) == 0; }},
        {"mg_websocket_write: no WebSocket", [](Hand &hand) { return mg_websocket_write(hand.connection, 1, "a", 1) == 0; }},
        {"mg_websocket_printf: connection", [](Hand &) { return mg_websocket_printf(nullptr, 1, "%d", 1) == 0; }},
        {"mg_websocket_printf: format",
         [](Hand &hand) { return mg_websocket_printf(hand.connection, 1, hand.noFormat, 1) == 0; }},
        {"mg_connect: server", [](Hand &) { return !mg_connect(nullptr, "127.0.0.1", 80, 0); }},
        {"mg_connect: host", [](Hand &hand) { return !mg_connect(hand.server, nullptr, 80, 0); }},
        {"mg_connect: port", [](Hand &hand) { return !mg_connect(hand.server, "127.0.0.1", INT_MIN, 0); }},
        {"mg_connect_websocket: server", [](Hand &) { return !mg_connect_websocket(nullptr, "h", 80, 0, "/", ""); }},
        {"mg_connect_websocket: host", [](Hand &hand) { return !mg_connect_websocket(hand.server, nullptr, 80, 0, "/", ""); }},
        {"mg_connect_websocket: uri", [](Hand &hand) { return !mg_connect_websocket(hand.server, "h", 80, 0, nullptr, ""); }},
        {"mg_get_var: connection", [](Hand &hand) { return mg_get_var(nullptr, "b", hand.buffer, 9) == -1 && hand.isEmpty(); }},
        {"mg_get_var: name",
         [](Hand &hand) { return mg_get_var(hand.connection, nullptr, hand.buffer, 9) == -1 && hand.isEmpty(); }},
        {"mg_get_var: buffer", [](Hand &hand) { return mg_get_var(hand.connection, "b", nullptr, 9) == -2; }},
        {"mg_get_var: no room",
         [](Hand &hand) { return mg_get_var(hand.connection, "b", hand.buffer, 0) == -2 && !hand.isEmpty(); }},
        {"mg_get_var: room without end", [](Hand &hand) { return mg_get_var(hand.connection, "b", hand.buffer, SIZE_MAX) == 1; }},
        {"mg_parse_header: header",
         [](Hand &hand) { return mg_parse_header(nullptr, "a", hand.buffer, 9) == 0 && hand.isEmpty(); }},
        {"mg_parse_header: name",
         [](Hand &hand) { return mg_parse_header("a=1", nullptr, hand.buffer, 9) == 0 && hand.isEmpty(); }},
        {"mg_parse_header: buffer", [](Hand &) { return mg_parse_header("a=1", "a", nullptr, 9) == 0; }},
        {"mg_parse_header: room without end", [](Hand &hand) { return mg_parse_header("a=1", "a", hand.buffer, SIZE_MAX) == 1; }},
        {"mg_parse_multipart: buffer",
         [](Hand &hand) {
             return mg_parse_multipart(nullptr, 9, hand.buffer, 9, hand.buffer + 9, 9, &hand.data, &hand.length) == 0 &&
                    hand.isEmpty();
         }},
        {"mg_parse_multipart: negative",
         [](Hand &hand) {
             return mg_parse_multipart("--x", -1, hand.buffer, 9, hand.buffer + 9, 9, &hand.data, &hand.length) == 0 &&
                    hand.isEmpty();
         }},
        {"mg_parse_multipart: places",
         [](Hand &) { return mg_parse_multipart("--x", 3, nullptr, 9, nullptr, 9, nullptr, nullptr) == 0; }},
        {"mg_url_encode: source", [](Hand &hand) { return mg_url_encode(nullptr, 1, hand.buffer, 9) == -1 && hand.isEmpty(); }},
        {"mg_url_encode: place", [](Hand &) { return mg_url_encode("a", 1, nullptr, 9) == -1; }},
        {"mg_url_encode: negative",
         [](Hand &hand) { return mg_url_encode("a", kNegative, hand.buffer, 9) == -1 && hand.isEmpty(); }},
        {"mg_url_decode: source",
         [](Hand &hand) { return mg_url_decode(nullptr, 1, hand.buffer, 9, 1) == -1 && hand.isEmpty(); }},
        {"mg_url_decode: place", [](Hand &) { return mg_url_decode("a", 1, nullptr, 9, 1) == -1; }},
        {"mg_url_decode: negative", [](Hand &hand) { return mg_url_decode("a", INT_MIN, hand.buffer, 9, 1) == -1; }},
        {"mg_md5: buffer", [](Hand &) { return !mg_md5(nullptr, "a", NULL); }},
        {"mg_md5: no text",
         [](Hand &hand) { return QByteArray(mg_md5(hand.buffer, NULL)) == "d41d8cd98f00b204e9800998ecf8427e"; }},
        {"mg_get_mime_type: name", [](Hand &) { return QByteArray(mg_get_mime_type(nullptr, "a/b")) == "a/b"; }},
        {"mg_get_mime_type: default", [](Hand &) { return !mg_get_mime_type("a.unknown", nullptr); }},
        {"mg_start_thread: func", [](Hand &) { return !mg_start_thread(nullptr, nullptr); }},
        {"mg_set_observer: server", [](Hand &) { return mg_set_observer(nullptr, nullptr), true; }},
        {"mg_set_observer: observer", [](Hand &hand) { return mg_set_observer(hand.server, nullptr), true; }},
        {"mg_set_observer: callback",
         [](Hand &hand) {
             const mg_observer empty{nullptr, nullptr};
             return mg_set_observer(hand.server, &empty), true;
         }},
        {"mg_visit_connections: server", [](Hand &) { return mg_visit_connections(nullptr, nullptr, nullptr), true; }},
        {"mg_visit_connections: visit", [](Hand &hand) { return mg_visit_connections(hand.server, nullptr, nullptr), true; }},
        {"mg_get_counters: server",
         [](Hand &) {
             mg_counters counters{1, 1, 1, 1, 1, 1};
             return mg_get_counters(nullptr, &counters), counters.requests == 0;
         }},
        {"mg_get_counters: counters", [](Hand &hand) { return mg_get_counters(hand.server, nullptr), true; }},
        {"mg_close_connections: server", [](Hand &) { return mg_close_connections(nullptr, 0) == 0; }},
        {"mg_close_connections: no such number", [](Hand &hand) { return mg_close_connections(hand.server, ULLONG_MAX) == 0; }},
    };
    return calls;
}

}  // namespace
Q_DECLARE_METATYPE(Call)

class TestBadUse : public QObject {
    Q_OBJECT

  private slots:
    void badArgumentsGetTheNamedAnswer_data();
    void badArgumentsGetTheNamedAnswer();
    void leavesNoFunctionOut();
    void takesNoFrameOfANegativeLength();
    void staysUpWithAnyOptionValue_data();
    void staysUpWithAnyOptionValue();
    void takesAnyMaskAndAnyReturnValue();
    void takesABrokenFormatForNothing();
    void takesNothingInCloseAndBehindTheLastAnswer();
    void rawBytesOfAPollLeaveADownloadWhole();
    void takesMegabytesForAPeerThatIsGone();
    void destroysAndPollsAnotherServerFromAHandler();
};

void TestBadUse::badArgumentsGetTheNamedAnswer_data() {
    QTest::addColumn<Call>("call");
    for (const auto &[words, call] : nullCalls()) QTest::newRow(words) << call;
}

void TestBadUse::badArgumentsGetTheNamedAnswer() {
    QFETCH(Call, call);
    bool isRight = false;
    mg_server *handle = nullptr;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        Hand hand{handle, connection};
        if (event == MG_REQUEST) isRight = call(hand);
        return answer(connection, event);
    });
    handle = server.get();
    // And the request is answered as if nothing had been.
    QCOMPARE(ask(server, kGet).body, QByteArray("ok"));
    QVERIFY(isRight);
}

void TestBadUse::leavesNoFunctionOut() {
    QFile header(qEnvironmentVariable("MEERKAT_SOURCE") + "/engine/include/mongoose.h");
    QVERIFY(header.open(QIODevice::ReadOnly));
    static const QRegularExpression declaration(R"(^MG_API [^;(]*\b(mg_\w+)\()", QRegularExpression::MultilineOption);
    QSet<QString> tried;
    for (const auto &[words, call] : nullCalls()) tried.insert(QString(words).section(':', 0, 0));
    int count = 0;
    for (auto found = declaration.globalMatch(header.readAll()); found.hasNext(); ++count) {
        const QString name = found.next().captured(1);
        QVERIFY2(tried.contains(name), qPrintable(name));
    }
    QVERIFY(count > 35);
}

void TestBadUse::takesNoFrameOfANegativeLength() {
    QList<int> taken;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event != MG_REQUEST) return event == MG_AUTH;
        taken = {mg_websocket_write(connection, WEBSOCKET_OPCODE_TEXT, "a", kNegative),
                 mg_websocket_write(connection, WEBSOCKET_OPCODE_TEXT, "a", SIZE_MAX),
                 mg_websocket_write(connection, WEBSOCKET_OPCODE_TEXT, nullptr, 1),
                 mg_websocket_write(connection, WEBSOCKET_OPCODE_TEXT, nullptr, 0)};
        return MG_TRUE;
    });
    ScriptedPeer peer(server);
    peer.send("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "
              "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
        .readAnswer(true);
    QCOMPARE(peer.send(QByteArray("\x81\x80\0\0\0\0", 6)).read(2), QByteArray("\x81\0", 2));
    QCOMPARE(taken, (QList<int>{0, 0, 0, 1}));
}

void TestBadUse::staysUpWithAnyOptionValue_data() {
    QTest::addColumn<QByteArray>("name");
    for (const char **name = mg_get_valid_option_names(); *name; name += 2) QTest::newRow(*name) << QByteArray(*name);
}

void TestBadUse::staysUpWithAnyOptionValue() {
    QFETCH(QByteArray, name);
    // Values that are taken for file names make them here.
    const TemporarySite site;
    const QString before = QDir::currentPath();
    QDir::setCurrent(site.path());
    QByteArray all;
    for (int i = 1; i < 256; ++i) all.append(char(i));
    for (const QByteArray &value :
         {QByteArray(1'000'000, 'a'), QByteArray(1'000'000, ','), all, QByteArray("\r\n"), QByteArray("%s%n"), QByteArray("-1"),
          QByteArray("99999999999999999999"), QByteArray("\xff\xfe"), QByteArray()}) {
        TestServer server(answer);
        const char *refusal = mg_set_option(server.get(), name.constData(), value.constData());
        QVERIFY(!refusal || *refusal);
        if (!server.port()) continue;  // was unset
        const int status = ask(server, kGet).status;
        QVERIFY2(status == 200 || name == "access_control_list" || name == "ssl_certificate", value.left(20).constData());
    }
    QDir::setCurrent(before);
}

void TestBadUse::takesAnyMaskAndAnyReturnValue() {
    for (const int returned : {INT_MIN, -1, 3, 42, INT_MAX}) {
        for (const mg_event at : {MG_AUTH, MG_REQUEST, MG_HTTP_ERROR, MG_POLL, MG_CLOSE}) {
            TestServer server([&](mg_connection *, mg_event event) -> int { return event == at ? returned : event == MG_AUTH; });
            QCOMPARE(ask(server, kGet).status, 404);
        }
    }
    for (const unsigned mask : {0u, 0x80000000u, 0xffffff80u}) {
        TestServer server([](mg_connection *, mg_event) -> int { return MG_TRUE; });
        mg_set_event_mask(server.get(), mask & ~MG_EVENT_BIT(MG_REQUEST));
        QCOMPARE(ask(server, kGet).status, 404);
    }
}

void TestBadUse::takesABrokenFormatForNothing() {
    QList<int> taken;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event != MG_REQUEST) return event == MG_AUTH;
        // The system cannot turn this character into bytes of the C locale.
        const wchar_t wide[] = {0x4e2d, 0};
        taken = {mg_printf_data(connection, "%ls", wide), mg_printf(connection, "%ls", wide)};
        return MG_TRUE;
    });
    setlocale(LC_ALL, "C");
    QCOMPARE(ask(server, kGet).body, QByteArray());
    QCOMPARE(taken, (QList<int>{0, 0}));
}

void TestBadUse::takesNothingInCloseAndBehindTheLastAnswer() {
    QList<int> taken;
    const auto sendAll = [&](mg_connection *connection) {
        taken.append({mg_send_status(connection, 200), mg_send_header(connection, "X", "y"), mg_send_data(connection, "late", 4),
                      mg_printf_data(connection, "%d", 1), mg_write(connection, "late", 4), mg_printf(connection, "%d", 1),
                      mg_websocket_write(connection, WEBSOCKET_OPCODE_TEXT, "late", 4), mg_send_file(connection, "/dev/null")});
    };
    const QByteArray large(4'000'000, 'x');
    bool isAnswered = false, isClosed = false;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if ((event == MG_POLL && isAnswered) || event == MG_CLOSE) sendAll(connection);
        isClosed = isClosed || event == MG_CLOSE;
        if (event != MG_REQUEST) return event == MG_AUTH;
        isAnswered = true;
        mg_send_header(connection, "Connection", "close");
        return mg_send_data(connection, large.constData(), int(large.size())), MG_TRUE;
    });
    ScriptedPeer peer(server, 4096);
    QVERIFY(peer.send(kGet).readAnswer().body == large);
    QCOMPARE(peer.readToEnd(), QByteArray());
    QVERIFY(server.pollUntil([&] { return isClosed; }));
    QVERIFY(taken.size() >= 16);
    QCOMPARE(taken.count(0), taken.size());
}

void TestBadUse::rawBytesOfAPollLeaveADownloadWhole() {
    TemporarySite site;
    const QByteArray large = QByteArray("0123456789abcdef").repeated(300'000);
    site.write("large.bin", large);
    int taken = 0;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_POLL && mg_pending_bytes(connection) > 0) taken += mg_write(connection, "raw", 3);
        return event == MG_AUTH;
    });
    server.set("document_root", site.path().toUtf8());
    ScriptedPeer peer(server, 8192);
    QVERIFY(peer.send("GET /large.bin HTTP/1.1\r\nHost: h\r\n\r\n").readAnswer().body == large);
    QCOMPARE(taken, 0);
}

void TestBadUse::takesMegabytesForAPeerThatIsGone() {
    const QByteArray piece(1'000'000, 'p');
    int sent = 0, closes = 0;
    bool isGone = false;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        closes += event == MG_CLOSE;
        if (event == MG_REQUEST) return MG_MORE;
        if (event != MG_POLL || !connection->uri || !isGone) return event == MG_AUTH;
        for (int i = 0; i < 16; ++i, ++sent) mg_send_data(connection, piece.constData(), int(piece.size()));
        return MG_FALSE;
    });
    for (const bool isReset : {false, true}) {
        isGone = false;
        ScriptedPeer peer(server, 4096);
        peer.send(kGet).readUntilQuiet();
        isReset ? peer.reset() : peer.close();
        isGone = true;
        QVERIFY(server.pollUntil([&] { return closes == (isReset ? 2 : 1); }));
    }
    QVERIFY2(sent < 1000, qPrintable(QString::number(sent)));
}

void TestBadUse::destroysAndPollsAnotherServerFromAHandler() {
    int closes = 0, inner = 0;
    TestServer other([&](mg_connection *connection, mg_event event) -> int {
        closes += event == MG_CLOSE;
        inner += event == MG_REQUEST;
        return answer(connection, event);
    });
    ScriptedPeer waiting(other);
    waiting.sendUnseen(kGet);
    mg_connection *foreign = nullptr;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_REQUEST) {
            while (inner == 0) mg_poll_server(other.get(), 100);
            foreign = mg_next(other.get(), connection);
            mg_destroy_server(other.place());
        }
        return answer(connection, event);
    });
    QCOMPARE(ask(server, kGet).body, QByteArray("ok"));
    QCOMPARE(closes, 1);
    QVERIFY(!foreign);
    QVERIFY(waiting.readToEnd().startsWith("HTTP/1.1 200 OK"));
}

QTEST_GUILESS_MAIN(TestBadUse)
#include "tst_bad_use.moc"
