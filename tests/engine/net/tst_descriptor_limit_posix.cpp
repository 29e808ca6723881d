// Station: tests of what happens when the process has no descriptor left: net/listener and the server above it.
#include "support/digest_client.h"
#include "support/scripted_peer.h"
#include "support/temporary_site.h"

#include <QElapsedTimer>
#include <QTest>

#include <fcntl.h>
#include <memory>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

using namespace meerkat::test;

namespace {

const QByteArray kRequest = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

// Takes every descriptor that is left but `spare` ones; gives them back at its end.
class Hoard {
  public:
    explicit Hoard(int spare) {
        for (int taken = dup(STDIN_FILENO); taken >= 0; taken = dup(STDIN_FILENO)) m_taken.push_back(taken);
        give(spare);
    }
    ~Hoard() { give(static_cast<int>(m_taken.size())); }
    void give(int count) {
        for (; count > 0 && !m_taken.empty(); --count) {
            ::close(m_taken.back());
            m_taken.pop_back();
        }
    }

  private:
    std::vector<int> m_taken;
};

int answerAtOnce(mg_connection *connection, mg_event event) {
    if (event == MG_REQUEST) mg_printf_data(connection, "here");
    return event == MG_AUTH || event == MG_REQUEST ? MG_TRUE : MG_FALSE;
}

int neverAnswer(mg_connection *, mg_event event) { return event == MG_AUTH ? MG_TRUE : event == MG_REQUEST ? MG_MORE : MG_FALSE; }

}  // namespace

class TestDescriptorLimit : public QObject {
    Q_OBJECT

  private slots:
    void initTestCase() {
        const int standardInput = open("/dev/null", O_RDONLY);
        dup2(standardInput, STDIN_FILENO);
        ::close(standardInput);
        // The sanitizer's look at a class for the first time needs descriptors of its own.
        {
            TestServer server(answerAtOnce);
            ask(server, kRequest);
            server.pollUntil([&] { return server.counters().connections_open == 0; });
            ScriptedPeer idle(server);
            idle.send(kRequest).readAnswer();
            mg_close_connections(server.get(), 0);
            server.set("listening_port", "");
            server.poll();
            TemporarySite site;
            site.write("guarded/.htpasswd", "");
            site.write("file", "text");
            TestServer files;
            files.set("document_root", site.path().toUtf8());
            for (const QByteArray &target : {QByteArray("/file"), QByteArray("/"), QByteArray("/guarded/file")})
                ask(files, "GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        }
        getrlimit(RLIMIT_NOFILE, &m_limit);
        rlimit small = m_limit;
        small.rlim_cur = 128;
        QCOMPARE(setrlimit(RLIMIT_NOFILE, &small), 0);
    }
    void cleanupTestCase() { setrlimit(RLIMIT_NOFILE, &m_limit); }
    void closesTheLongestIdleConnectionForANewOne();
    void leavesABusyConnectionAlone();
    void takesWhoWaitedOnceADescriptorIsFree();
    void restsWhileThereIsNoDescriptor();
    void closesIdleConnectionsForAFile_data();
    void closesIdleConnectionsForAFile();
    void closesIdleConnectionsForAnUpload();
    void asksToComeAgainWhenAFileCannotBeOpened();

  private:
    rlimit m_limit{};
};

void TestDescriptorLimit::closesTheLongestIdleConnectionForANewOne() {
    TestServer server(answerAtOnce);
    ScriptedPeer first(server), second(server);
    QCOMPARE(first.send(kRequest).readAnswer().status, 200);
    QCOMPARE(second.send(kRequest).readAnswer().status, 200);
    // One for the third client's own end.
    Hoard hoard(1);
    ScriptedPeer third(server);
    QCOMPARE(third.send(kRequest).readAnswer().body, QByteArray("here"));
    QVERIFY(first.waitUntilClosed());
    QCOMPARE(second.send(kRequest).readAnswer().status, 200);
}

void TestDescriptorLimit::leavesABusyConnectionAlone() {
    TestServer server(neverAnswer);
    ScriptedPeer busy(server);
    busy.send(kRequest).readUntilQuiet();
    Hoard hoard(1);
    ScriptedPeer waiting(server);
    QCOMPARE(waiting.send(kRequest).readUntilQuiet(), QByteArray());
    QVERIFY(!busy.isClosed());
    QCOMPARE(server.counters().connections_open, 1ull);
}

void TestDescriptorLimit::takesWhoWaitedOnceADescriptorIsFree() {
    TestServer server(neverAnswer);
    ScriptedPeer busy(server);
    busy.send(kRequest).readUntilQuiet();
    Hoard hoard(1);
    ScriptedPeer waiting(server);
    waiting.send(kRequest).readUntilQuiet();
    hoard.give(1);
    QVERIFY(server.pollUntil([&] { return server.counters().connections_open == 2; }));
}

void TestDescriptorLimit::restsWhileThereIsNoDescriptor() {
    TestServer server([](mg_connection *connection, mg_event event) { return neverAnswer(connection, event); });
    mg_set_event_mask(server.get(), MG_ALL_EVENTS & ~MG_EVENT_BIT(MG_POLL));
    ScriptedPeer busy(server);
    busy.send(kRequest).readUntilQuiet();
    Hoard hoard(1);
    ScriptedPeer waiting(server);
    waiting.readUntilQuiet();
    QElapsedTimer time;
    time.start();
    int polls = 0;
    while (time.elapsed() < 300) {
        server.poll(1000);
        ++polls;
    }
    QVERIFY2(polls < 12, QByteArray::number(polls).constData());
}

void TestDescriptorLimit::closesIdleConnectionsForAFile_data() {
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<int>("status");
    QTest::newRow("a file") << QByteArray("/file") << 200;
    QTest::newRow("a file in a folder") << QByteArray("/folder/file") << 200;
    QTest::newRow("a folder's page") << QByteArray("/folder/") << 200;
    QTest::newRow("an index file") << QByteArray("/site/") << 200;
    QTest::newRow("a file with a password") << QByteArray("/guarded/file") << 401;
}

void TestDescriptorLimit::closesIdleConnectionsForAFile() {
    QFETCH(QByteArray, target);
    QFETCH(int, status);
    TemporarySite site;
    for (const char *name : {"file", "folder/file", "site/index.html", "guarded/file"}) site.write(name, "text");
    site.write("guarded/.htpasswd", "ana:home:0123456789abcdef0123456789abcdef\n");
    TestServer server;
    server.set("document_root", site.path().toUtf8());
    std::vector<std::unique_ptr<ScriptedPeer>> idle;
    for (int i = 0; i < 6; ++i) {
        idle.push_back(std::make_unique<ScriptedPeer>(server));
        QCOMPARE(idle.back()->send("GET /none HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer().status, 404);
    }
    Hoard hoard(0);
    const Answer answer = idle.back()->send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer();
    QCOMPARE(answer.status, status);
    // The longest idle one made room, and no more than were needed.
    QVERIFY(idle[0]->waitUntilClosed());
    QVERIFY(!idle[4]->isClosed());
}

void TestDescriptorLimit::closesIdleConnectionsForAnUpload() {
    TemporarySite site, keys;
    keys.write("dav", passwordLine("ana", "home", "secret"));
    TestServer server;
    server.set("auth_domain", "home");
    server.set("dav_auth_file", keys.path("dav").toUtf8());
    server.set("document_root", site.path().toUtf8());
    const auto put = [&](ScriptedPeer &peer, const QByteArray &target, const QByteArray &authorization) {
        return peer.send("PUT " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n" + authorization + "\r\nnew")
            .readAnswer();
    };
    std::vector<std::unique_ptr<ScriptedPeer>> idle;
    for (int i = 0; i < 6; ++i) {
        idle.push_back(std::make_unique<ScriptedPeer>(server));
        QCOMPARE(idle.back()->send("GET /none HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer().status, 404);
    }
    DigestClient client;
    const auto authorization = [&](const QByteArray &target, unsigned count) {
        return "Authorization: " + client.answer(target, count, "PUT") + "\r\n";
    };
    {
        ScriptedPeer asking(server);
        client.read(put(asking, "/before.txt", "").field("WWW-Authenticate"));
        ScriptedPeer first(server);
        QCOMPARE(put(first, "/before.txt", authorization("/before.txt", 1)).status, 201);
    }
    QVERIFY(server.pollUntil([&] { return server.counters().connections_open == 6; }));
    {
        Hoard hoard(0);
        QCOMPARE(put(*idle.back(), "/after.txt", authorization("/after.txt", 2)).status, 201);
        QVERIFY(idle[0]->waitUntilClosed());
    }
    QFile stored(site.path("after.txt"));
    QVERIFY(stored.open(QIODevice::ReadOnly));
    QCOMPARE(stored.readAll(), QByteArray("new"));
}

void TestDescriptorLimit::asksToComeAgainWhenAFileCannotBeOpened() {
    TemporarySite site;
    site.write("file", "text");
    TestServer server;
    server.set("document_root", site.path().toUtf8());
    const QByteArray request = "GET /file HTTP/1.1\r\nHost: a\r\n\r\n";
    ScriptedPeer peer(server);
    QCOMPARE(peer.send("GET /none HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer().status, 404);
    {
        Hoard hoard(0);
        const Answer got = peer.send(request).readAnswer();
        QCOMPARE(got.status, 503);
        QVERIFY(!got.field("Retry-After").isEmpty());
    }
    QCOMPARE(peer.send(request).readAnswer().body, QByteArray("text"));
}

QTEST_GUILESS_MAIN(TestDescriptorLimit)
#include "tst_descriptor_limit_posix.moc"
