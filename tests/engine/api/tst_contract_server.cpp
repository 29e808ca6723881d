// Station: tests of mongoose.h: what the API's page says of servers, options, polling and waking. Each slot quotes its sentence; which sentence another
// test proves is listed in tests/contract/sentences.txt.
#include "support/scripted_peer.h"
#include "support/temporary_site.h"

#include <QElapsedTimer>
#include <QTest>

#include <atomic>
#include <cstdlib>
#include <new>
#include <thread>

using namespace meerkat::test;

namespace {

// Memory is short from this allocation of this thread on; below 0: never.
thread_local int allocationsLeft = -1;

const QByteArray kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

int answer(mg_connection *connection, mg_event event) {
    if (event == MG_REQUEST) mg_send_data(connection, "ok", 2);
    return event == MG_AUTH || event == MG_REQUEST ? MG_TRUE : MG_FALSE;
}

}  // namespace

void *operator new(std::size_t size) {
    if (allocationsLeft == 0) throw std::bad_alloc();
    if (allocationsLeft > 0) --allocationsLeft;
    if (void *memory = std::malloc(size > 0 ? size : 1)) return memory;
    throw std::bad_alloc();
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }

class TestContractServer : public QObject {
    Q_OBJECT

  private slots:
    void returnsNullIfThereIsNotEnoughMemory();
    void thePointerIsPassedAsServerParam();
    void doesNotMakeTheServerServe();
    void isCapableOfListeningOnOnlyOnePort();
    void destroyingClosesAllPendingConnections();
    void toServeStaticFilesDocumentRootMustBeSpecified();
    void changesConfigurationWhileItIsServing();
    void performsOneIterationWithATimeoutOfMilliseconds();
    void doesIoForEachSocketThatHasDataToBeSentOrReceived();
    void wakingLetsTheThreadDoAFreshIteration();
    void everyOptionHasTwoEntriesAndANullNameEndsThem();
    void valuesOfValidNamesAreNeverNull();
    void theCallbackMaySendDataAndFrames();
    void callsFuncForEachActiveConnection();
};

// "Returns opaque instance pointer, or NULL if there is not enough memory."
void TestContractServer::returnsNullIfThereIsNotEnoughMemory() {
    mg_server *server = nullptr;
    int refused = -1;
    while (!server && refused < 1000) {
        allocationsLeft = ++refused;
        server = mg_create_server(nullptr, answer);
        allocationsLeft = -1;
    }
    QVERIFY(server);
    QVERIFY(refused > 3);
    mg_destroy_server(&server);
}

// "This pointer will be passed to the callback functions as `struct mg_connection::server_param` field."
void TestContractServer::thePointerIsPassedAsServerParam() {
    struct Seen {
        QSet<int> events;
        bool isRight = true;
    } seen;
    mg_server *server = mg_create_server(&seen, [](mg_connection *connection, mg_event event) -> int {
        static_cast<Seen *>(connection->server_param)->events.insert(event);
        return event == MG_AUTH;
    });
    QVERIFY(!mg_set_option(server, "listening_port", "127.0.0.1:0"));
    mg_connection *ours = mg_connect(server, "127.0.0.1", QByteArray(mg_get_option(server, "listening_port")).mid(10).toInt(), 0);
    QVERIFY(ours);
    QCOMPARE(ours->server_param, static_cast<void *>(&seen));
    QDeadlineTimer deadline(10000);
    while (!seen.events.contains(MG_CLOSE) && !deadline.hasExpired()) mg_poll_server(server, 5);
    QVERIFY(seen.events.contains(MG_CONNECT) && seen.events.contains(MG_CLOSE) && seen.events.contains(MG_POLL));
    mg_destroy_server(&server);
    // "Could be any pointer, or NULL."
    static void *found = &seen;
    server = mg_create_server(nullptr, [](mg_connection *connection, mg_event) -> int {
        found = connection->server_param;
        return MG_FALSE;
    });
    QVERIFY(mg_connect(server, "", 1, 0));
    mg_destroy_server(&server);
    QVERIFY(!found);
}

// "Note that this function doesn't make the server instance to serve." "Serving is done by `mg_poll_server()` function."
void TestContractServer::doesNotMakeTheServerServe() {
    int events = 0;
    TestServer server([&](mg_connection *connection, mg_event event) -> int { return ++events, answer(connection, event); });
    QCOMPARE(mg_get_listening_socket(server.get()) >= 0, true);
    ScriptedPeer peer(server);
    peer.sendUnseen(kGet);
    QCOMPARE(events, 0);
    QVERIFY(!peer.hasBytesWaiting());
    QCOMPARE(peer.readAnswer().body, QByteArray("ok"));
    mg_server *portless = mg_create_server(nullptr);
    QCOMPARE(mg_get_listening_socket(portless), -1);
    QCOMPARE(QByteArray(mg_get_option(portless, "listening_port")), QByteArray());
    QCOMPARE(mg_poll_server(portless, 0), 0);
    mg_destroy_server(&portless);
}

// "Server instance is capable on listening on only one port."
void TestContractServer::isCapableOfListeningOnOnlyOnePort() {
    TestServer server(answer);
    const quint16 first = server.port();
    server.set("listening_port", "127.0.0.1:0");
    QVERIFY(server.port() != first);
    // Whoever knows the old one finds nobody there: it is free again.
    TestServer other(answer);
    other.set("listening_port", "127.0.0.1:" + QByteArray::number(first));
    QCOMPARE(other.port(), first);
    QVERIFY(mg_set_option(server.get(), "listening_port", "127.0.0.1:0,127.0.0.1:0"));
    QCOMPARE(ask(server, kGet).body, QByteArray("ok"));
}

// "Deallocates web server instance, closes all pending connections, and makes server pointer a NULL pointer."
void TestContractServer::destroyingClosesAllPendingConnections() {
    int closes = 0;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        closes += event == MG_CLOSE;
        if (event == MG_REQUEST && QByteArray(connection->uri) == "/more") return MG_MORE;
        return answer(connection, event);
    });
    ScriptedPeer silent(server), inTheHead(server), inTheBody(server), between(server), goingOn(server);
    inTheHead.send("GET / HT");
    inTheBody.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf");
    between.send(kGet).readAnswer();
    goingOn.send("GET /more HTTP/1.1\r\nHost: h\r\n\r\n").readUntilQuiet();
    QCOMPARE(server.poll(), 5);
    QVERIFY(mg_connect(server.get(), "127.0.0.1", server.port(), 0));
    mg_destroy_server(server.place());
    QVERIFY(!server.get());
    QCOMPARE(closes, 6);
    for (ScriptedPeer *peer : {&silent, &inTheHead, &inTheBody, &between, &goingOn}) QVERIFY(peer->waitUntilClosed());
}

// "To serve static files, `document_root` must be specified too."
void TestContractServer::toServeStaticFilesDocumentRootMustBeSpecified() {
    TemporarySite site;
    site.write("a.txt", "file");
    TestServer server;
    const QByteArray request = "GET /a.txt HTTP/1.1\r\nHost: h\r\n\r\n";
    QCOMPARE(ask(server, request).status, 404);
    server.set("document_root", site.path().toUtf8());
    QCOMPARE(ask(server, request).body, QByteArray("file"));
}

// "It is allowed to call `mg_set_option()` by the same thread that does `mg_poll_server()` (Mongoose thread) and change server configuration
// while it is serving, in between `mg_poll_server()` calls."
void TestContractServer::changesConfigurationWhileItIsServing() {
    TemporarySite one, two;
    const QByteArray large = QByteArray("0123456789abcdef").repeated(300'000);
    one.write("f", large);
    two.write("f", "two");
    TestServer server;
    server.set("document_root", one.path().toUtf8());
    const QByteArray request = "GET /f HTTP/1.1\r\nHost: h\r\n\r\n";
    ScriptedPeer slow(server, 8192);
    slow.send(request);
    server.poll();
    server.set("document_root", two.path().toUtf8());
    QCOMPARE(ask(server, request).body, QByteArray("two"));
    // What was begun under the old configuration is finished under it.
    QVERIFY(slow.readAnswer().body == large);
    QCOMPARE(slow.send(request).readAnswer().body, QByteArray("two"));
    server.set("document_root", "");
    QCOMPARE(ask(server, request).status, 404);
}

// "Performs one iteration of IO loop by iterating over all active connections, performing `select()` syscall on all sockets with a timeout of
// `milliseconds`."
void TestContractServer::performsOneIterationWithATimeoutOfMilliseconds() {
    TestServer server(answer);
    QElapsedTimer time;
    time.start();
    server.poll(60);
    QVERIFY2(time.elapsed() >= 59, qPrintable(QString::number(time.elapsed())));
    time.restart();
    for (int i = 0; i < 10; ++i) server.poll(0);
    // Ten waits of the least there is would be 10 ms; a busy machine is given much more.
    QVERIFY(time.elapsed() < 5000);
    time.restart();
    ScriptedPeer peer(server);
    peer.sendUnseen(kGet);
    while (!peer.hasBytesWaiting() && time.elapsed() < 20'000) server.poll(30'000);
    QVERIFY(time.elapsed() < 20'000);
}

// "When `select()` returns, Mongoose does an IO for each socket that has data to be sent or received."
void TestContractServer::doesIoForEachSocketThatHasDataToBeSentOrReceived() {
    TestServer server(answer);
    std::vector<std::unique_ptr<ScriptedPeer>> peers;
    for (int i = 0; i < 20; ++i) peers.push_back(std::make_unique<ScriptedPeer>(server));
    QVERIFY(server.pollUntil([&] { return server.poll() == 20; }));
    for (auto &peer : peers) peer->sendUnseen(kGet);
    server.poll(1000);
    for (auto &peer : peers) QVERIFY(peer->hasBytesWaiting());
}

// "It is designed to let other threads wake up Mongoose thread from the sleep and let it do a fresh new IO iteration over all connection."
void TestContractServer::wakingLetsTheThreadDoAFreshIteration() {
    std::atomic<bool> hasNews = false;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_REQUEST) return MG_MORE;
        if (event != MG_POLL || !connection->uri || !hasNews) return event == MG_AUTH;
        return mg_send_data(connection, "news", 4), MG_TRUE;
    });
    ScriptedPeer peer(server);
    peer.send(kGet).readUntilQuiet();
    std::thread other([&] {
        hasNews = true;
        mg_wakeup_server(server.get());
    });
    server.poll(-1);
    other.join();
    QCOMPARE(peer.readAnswer().body, QByteArray("news"));
}

// "There are two entries per option in an array: an option name followed by a default value." "A default value could be NULL." "A NULL name
// indicates an end of the array."
void TestContractServer::everyOptionHasTwoEntriesAndANullNameEndsThem() {
    QSet<QByteArray> names;
    int withoutDefault = 0, count = 0;
    for (const char **entry = mg_get_valid_option_names(); *entry; entry += 2, ++count) {
        names.insert(*entry);
        withoutDefault += entry[1] == nullptr;
    }
    QCOMPARE(names.size(), count);
    QVERIFY(withoutDefault > 0 && withoutDefault < count);
    // In the order that programs of the time print.
    QCOMPARE(QByteArray(*mg_get_valid_option_names()), QByteArray("access_control_list"));
}

// "Returns the value of particular configuration parameter." "If given parameter name is not valid, NULL is returned." "For valid names,
// return value is guaranteed to be non-NULL." "If parameter is not set, zero-length string is returned."
void TestContractServer::valuesOfValidNamesAreNeverNull() {
    mg_server *server = mg_create_server(nullptr);
    for (const char **entry = mg_get_valid_option_names(); *entry; entry += 2) {
        const char *value = mg_get_option(server, *entry);
        QVERIFY2(value, *entry);
        QCOMPARE(QByteArray(value), QByteArray(entry[1] ? entry[1] : ""));
    }
    for (const char *name : {"", "Listening_port", "listening_port ", "ports"}) QVERIFY(!mg_get_option(server, name));
    mg_destroy_server(&server);
}

// "It is allowed to call `mg_send_data()` or `mg_websocket_write()` within a callback, cause `func` is executed in the context of the Mongoose
// thread."
void TestContractServer::theCallbackMaySendDataAndFrames() {
    TestServer server([](mg_connection *connection, mg_event event) -> int {
        return event == MG_REQUEST && !connection->is_websocket ? int{MG_MORE} : event == MG_AUTH;
    });
    ScriptedPeer plain(server), websocket(server);
    plain.send(kGet).readUntilQuiet();
    websocket
        .send("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "
              "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
        .readAnswer(true);
    std::thread::id thread;
    mg_iterate_over_connections(
        server.get(),
        [](mg_connection *connection, mg_event) -> int {
            *static_cast<std::thread::id *>(connection->callback_param) = std::this_thread::get_id();
            if (connection->is_websocket) return mg_websocket_write(connection, WEBSOCKET_OPCODE_TEXT, "frame", 5);
            return mg_send_data(connection, "data", 4);
        },
        &thread);
    QCOMPARE(thread, std::this_thread::get_id());
    QVERIFY(plain.readUntilQuiet().endsWith("\r\n\r\n4\r\ndata\r\n"));
    QCOMPARE(websocket.readUntilQuiet(), QByteArray("\x81\x05"
                                                    "frame"));
}

// "When it returns, Mongoose thread calls `func()` for each active connection."
void TestContractServer::callsFuncForEachActiveConnection() {
    TestServer server(answer);
    std::vector<std::unique_ptr<ScriptedPeer>> peers;
    QSet<quint16> expected, seen;
    for (int i = 0; i < 50; ++i) {
        peers.push_back(std::make_unique<ScriptedPeer>(server));
        expected.insert(peers.back()->port());
    }
    QVERIFY(server.pollUntil([&] { return server.poll() == 50; }));
    mg_iterate_over_connections(
        server.get(),
        [](mg_connection *connection, mg_event) -> int {
            static_cast<QSet<quint16> *>(connection->callback_param)->insert(connection->remote_port);
            return MG_TRUE;
        },
        &seen);
    QCOMPARE(seen, expected);
    QCOMPARE(server.poll(), 50);
}

QTEST_GUILESS_MAIN(TestContractServer)
#include "tst_contract_server.moc"
