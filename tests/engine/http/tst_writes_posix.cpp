// Station: tests of how many system calls an answer costs. Stands before the system's own send calls and counts them.
#include "support/scripted_peer.h"
#include "support/temporary_site.h"

#include <QTest>

#include <dlfcn.h>
#include <sys/socket.h>

using namespace meerkat::test;

namespace {

int sends = 0;
// The client's own calls do not count.
bool isCounting = false;

template <class Function>
Function systemsOwn(const char *name) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {
__attribute__((visibility("default"))) ssize_t send(int socket, const void *bytes, size_t size, int flags) {
    static const auto original = systemsOwn<ssize_t (*)(int, const void *, size_t, int)>("send");
    sends += isCounting;
    return original(socket, bytes, size, flags);
}
__attribute__((visibility("default"))) ssize_t sendmsg(int socket, const msghdr *message, int flags) {
    static const auto original = systemsOwn<ssize_t (*)(int, const msghdr *, int)>("sendmsg");
    sends += isCounting;
    return original(socket, message, flags);
}
}

class TestWrites : public QObject {
    Q_OBJECT

  private slots:
    void initTestCase();
    void init() {
        m_server = std::make_unique<TestServer>();
        m_server->set("document_root", m_site.path().toUtf8());
    }
    void answersASmallFileWithOneWrite();
    void answersSixteenPipelinedRequestsWithOneWrite();
    void answersSixteenPipelinedHandlersWithOneWrite();

  private:
    // Sends, lets one poll serve it, returns the answers.
    QByteArray exchange(TestServer &server, ScriptedPeer &peer, const QByteArray &requests) {
        sends = 0;
        peer.sendUnseen(requests);
        isCounting = true;
        server.poll(1000);
        isCounting = false;
        return peer.readUntilQuiet();
    }

    TemporarySite m_site;
    std::unique_ptr<TestServer> m_server;
};

void TestWrites::initTestCase() {
    m_site.write("small", QByteArray(100, 'x'));
    m_site.setModified("small", QDateTime::currentDateTime().addDays(-1));
    // Until the file is old enough to be kept in memory.
    TestServer clock;
    const qint64 start = QDateTime::currentSecsSinceEpoch();
    QVERIFY(clock.pollUntil([&] { return QDateTime::currentSecsSinceEpoch() >= start + 3; }));
}

void TestWrites::answersASmallFileWithOneWrite() {
    ScriptedPeer peer(*m_server);
    const QByteArray request = "GET /small HTTP/1.1\r\nHost: a\r\n\r\n";
    exchange(*m_server, peer, request);
    QVERIFY(exchange(*m_server, peer, request).startsWith("HTTP/1.1 200 OK"));
    QCOMPARE(sends, 1);
}

void TestWrites::answersSixteenPipelinedRequestsWithOneWrite() {
    ScriptedPeer peer(*m_server);
    const QByteArray request = "GET /small HTTP/1.1\r\nHost: a\r\n\r\n";
    exchange(*m_server, peer, request);
    QCOMPARE(exchange(*m_server, peer, request.repeated(16)).count("HTTP/1.1 200 OK"), 16);
    QCOMPARE(sends, 1);
}

void TestWrites::answersSixteenPipelinedHandlersWithOneWrite() {
    TestServer server([](mg_connection *connection, mg_event event) -> int {
        if (event == MG_REQUEST) mg_send_data(connection, "ok", 2);
        return event == MG_AUTH || event == MG_REQUEST;
    });
    ScriptedPeer peer(server);
    peer.readUntilQuiet();
    QCOMPARE(exchange(server, peer, QByteArray("GET / HTTP/1.1\r\nHost: a\r\n\r\n").repeated(16)).count("HTTP/1.1 200 OK"), 16);
    QCOMPARE(sends, 1);
}

QTEST_GUILESS_MAIN(TestWrites)
#include "tst_writes_posix.moc"
