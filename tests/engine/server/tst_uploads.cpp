// Station: tests of PUT over real sockets: who may, that a body goes to the disk while it comes, and that nobody sees half a file.
#include "support/digest_client.h"
#include "support/scripted_peer.h"
#include "support/temporary_site.h"

#include <QTest>

#include <memory>

using namespace meerkat::test;

class TestUploads : public QObject {
    Q_OBJECT

  private slots:
    void init();
    void makesAndReplacesAFile();
    void takesABodyThatIsLargerThanMemoryShouldBe_data();
    void takesABodyThatIsLargerThanMemoryShouldBe();
    void showsTheOldFileUntilTheNewOneIsWhole();
    void leavesNothingOfACutUpload();
    void hidesWhatIsNotFinished();
    void honoursConditions();
    void asksTheHandlerFirst();
    void letsTheHandlerAnswerForAnyBody_data();
    void letsTheHandlerAnswerForAnyBody();
    void refusesUploadsWithoutAPasswordFile();
    void refusesUploadsWithoutAPassword();
    void refusesPlacesThatAreNone_data();
    void refusesPlacesThatAreNone();

  private:
    void allow(TestServer &server) {
        server.set("auth_domain", "home");
        server.set("dav_auth_file", m_keys.path("dav").toUtf8());
        server.set("document_root", m_site->path().toUtf8());
    }
    // The head of a PUT that is authorised; `fields` are complete lines.
    QByteArray head(TestServer &server, const QByteArray &target, const QByteArray &fields) {
        const Answer asked =
            ask(server, "PUT " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        DigestClient client;
        if (asked.status == 401) client.read(asked.field("WWW-Authenticate"));
        return "PUT " + target +
               " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: " + client.answer(target, 1, "PUT") + "\r\n" +
               fields + "\r\n";
    }
    Answer put(TestServer &server, const QByteArray &target, const QByteArray &body, const QByteArray &fields = {}) {
        return ask(server, head(server, target, "Content-Length: " + QByteArray::number(body.size()) + "\r\n" + fields) + body);
    }
    QByteArray read(const QString &name) const {
        QFile file(m_site->path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(none)");
    }
    QStringList names() const {
        return QDir(m_site->path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
    }

    TemporarySite m_keys;
    std::unique_ptr<TemporarySite> m_site;
};

void TestUploads::init() {
    m_keys.write("dav", passwordLine("ana", "home", "secret"));
    m_site = std::make_unique<TemporarySite>();
    m_site->write("old.txt", "old");
    m_site->makeFolder("folder");
}

void TestUploads::makesAndReplacesAFile() {
    TestServer server;
    allow(server);
    QCOMPARE(put(server, "/folder/new.txt", "new").status, 201);
    QCOMPARE(read("folder/new.txt"), QByteArray("new"));
    QCOMPARE(put(server, "/old.txt", "newer").status, 204);
    QCOMPARE(read("old.txt"), QByteArray("newer"));
    QCOMPARE(put(server, "/empty%20one", "").status, 201);
    QCOMPARE(read("empty one"), QByteArray());
    QCOMPARE(names(), (QStringList{"empty one", "folder", "old.txt"}));
}

void TestUploads::takesABodyThatIsLargerThanMemoryShouldBe_data() {
    QTest::addColumn<bool>("hasHandler");
    QTest::addColumn<bool>("isChunked");
    QTest::newRow("sized") << false << false;
    QTest::newRow("in chunks") << false << true;
    QTest::newRow("sized, with a handler") << true << false;
    QTest::newRow("in chunks, with a handler") << true << true;
}

void TestUploads::takesABodyThatIsLargerThanMemoryShouldBe() {
    QFETCH(bool, hasHandler);
    QFETCH(bool, isChunked);
    int requests = 0;
    const TestServer::Handler handler = [&](mg_connection *connection, mg_event event) -> int {
        // The one whose body is empty.
        requests += event == MG_REQUEST && connection->content_len > 0;
        return event == MG_AUTH;
    };
    TestServer server(hasHandler ? handler : TestServer::Handler());
    allow(server);
    server.set("max_request_body_bytes", "1000");
    const QByteArray body = QByteArray("0123456789").repeated(100'000);
    const QByteArray framed = isChunked ? QByteArray::number(body.size(), 16) + "\r\n" + body + "\r\n0\r\n\r\n" : body;
    const QByteArray field = isChunked ? "Transfer-Encoding: chunked\r\n" : "Content-Length: 1000000\r\n";
    QCOMPARE(ask(server, head(server, "/large", field) + framed).status, 201);
    QVERIFY(read("large") == body);
    QCOMPARE(requests, 0);
}

void TestUploads::showsTheOldFileUntilTheNewOneIsWhole() {
    TestServer server;
    allow(server);
    ScriptedPeer peer(server);
    peer.send(head(server, "/old.txt", "Content-Length: 6\r\n") + "new").readUntilQuiet();
    QCOMPARE(ask(server, "GET /old.txt HTTP/1.1\r\nHost: a\r\n\r\n").body, QByteArray("old"));
    QCOMPARE(peer.send("est").readAnswer().status, 204);
    QCOMPARE(ask(server, "GET /old.txt HTTP/1.1\r\nHost: a\r\n\r\n").body, QByteArray("newest"));
}

void TestUploads::leavesNothingOfACutUpload() {
    TestServer server;
    allow(server);
    {
        ScriptedPeer peer(server);
        peer.send(head(server, "/cut", "Content-Length: 100\r\n") + "part").readUntilQuiet();
        QCOMPARE(names().size(), 3);
    }
    QVERIFY(server.pollUntil([&] { return names().size() == 2; }));
    QCOMPARE(names(), (QStringList{"folder", "old.txt"}));
}

void TestUploads::hidesWhatIsNotFinished() {
    TestServer server;
    allow(server);
    ScriptedPeer peer(server);
    peer.send(head(server, "/slow", "Content-Length: 100\r\n") + "part").readUntilQuiet();
    const QString unfinished = names().first();
    QVERIFY2(unfinished.startsWith(".meerkat-upload-"), qPrintable(unfinished));
    QCOMPARE(ask(server, "GET /" + unfinished.toUtf8() + " HTTP/1.1\r\nHost: a\r\n\r\n").status, 404);
    QVERIFY(!ask(server, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").body.contains("upload-"));
}

void TestUploads::honoursConditions() {
    TestServer server;
    allow(server);
    QCOMPARE(put(server, "/old.txt", "x", "If-None-Match: *\r\n").status, 412);
    QCOMPARE(put(server, "/old.txt", "x", "If-Match: \"other\"\r\n").status, 412);
    QCOMPARE(read("old.txt"), QByteArray("old"));
    const QByteArray etag = ask(server, "GET /old.txt HTTP/1.1\r\nHost: a\r\n\r\n").field("ETag");
    QCOMPARE(put(server, "/old.txt", "x", "If-Match: " + etag + "\r\n").status, 204);
    QCOMPARE(put(server, "/fresh", "x", "If-None-Match: *\r\n").status, 201);
}

void TestUploads::asksTheHandlerFirst() {
    TestServer server([](mg_connection *, mg_event) -> int { return MG_FALSE; });
    allow(server);
    server.set("max_request_body_bytes", "1");
    QCOMPARE(put(server, "/new", "new").status, 401);
    QCOMPARE(names(), (QStringList{"folder", "old.txt"}));
}

void TestUploads::letsTheHandlerAnswerForAnyBody_data() {
    QTest::addColumn<int>("size");
    QTest::addColumn<bool>("isChunked");
    QTest::addColumn<int>("seen");
    QTest::newRow("that fits") << 1000 << false << 1000;
    QTest::newRow("that fits, in chunks") << 1000 << true << 1000;
    QTest::newRow("too large") << 1001 << false << 0;
    QTest::newRow("too large, in chunks") << 1001 << true << 0;
    QTest::newRow("much too large, in chunks") << 1'000'000 << true << 0;
}

// The sender chooses the framing: it must not choose whether the program is asked. What is declined is stored.
void TestUploads::letsTheHandlerAnswerForAnyBody() {
    QFETCH(int, size);
    QFETCH(bool, isChunked);
    QList<int> lengths;
    int asked = 0;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_AUTH) return ++asked;
        if (event != MG_REQUEST || !connection->http_headers) return MG_FALSE;
        if (mg_get_header(connection, "Authorization")) lengths.append(static_cast<int>(connection->content_len));
        if (QByteArray(connection->uri) != "/locked") return MG_FALSE;
        mg_send_status(connection, 403);
        return MG_TRUE;
    });
    allow(server);
    server.set("max_request_body_bytes", "1000");
    const QByteArray body(size, 'x');
    const QByteArray first = "1\r\nx\r\n", rest = QByteArray::number(size - 1, 16) + "\r\n" + body.mid(1) + "\r\n0\r\n\r\n";
    const QByteArray framed = isChunked ? first + rest : body;
    const QByteArray field =
        isChunked ? QByteArray("Transfer-Encoding: chunked\r\n") : "Content-Length: " + QByteArray::number(size) + "\r\n";
    const QByteArray locked = head(server, "/locked", field), open = head(server, "/open", field);
    asked = 0;
    QCOMPARE(ask(server, locked + framed).status, 403);
    QVERIFY(!names().contains("locked") && names().size() == 2);
    QCOMPARE(ask(server, open + framed).status, 201);
    QCOMPARE(read("open"), body);
    QCOMPARE(asked, 2);
    QFETCH(int, seen);
    QCOMPARE(lengths, (QList<int>{seen, seen}));
}

void TestUploads::refusesUploadsWithoutAPasswordFile() {
    TestServer server;
    server.set("document_root", m_site->path().toUtf8());
    QCOMPARE(put(server, "/new", "new").status, 405);
}

void TestUploads::refusesUploadsWithoutAPassword() {
    TestServer server;
    allow(server);
    QCOMPARE(ask(server, "PUT /new HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n").status, 401);
    QCOMPARE(names(), (QStringList{"folder", "old.txt"}));
}

void TestUploads::refusesPlacesThatAreNone_data() {
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<int>("status");
    QTest::newRow("a folder") << QByteArray("/folder") << QByteArray() << 405;
    QTest::newRow("a folder's slash") << QByteArray("/folder/") << QByteArray() << 405;
    QTest::newRow("the root") << QByteArray("/") << QByteArray() << 405;
    QTest::newRow("below no folder") << QByteArray("/no/new") << QByteArray() << 409;
    QTest::newRow("below a file") << QByteArray("/old.txt/new") << QByteArray() << 409;
    QTest::newRow("a password file") << QByteArray("/.htpasswd") << QByteArray() << 404;
    QTest::newRow("an unfinished upload") << QByteArray("/.meerkat-upload-1") << QByteArray() << 404;
    QTest::newRow("a part") << QByteArray("/old.txt") << QByteArray("Content-Range: bytes 0-2/9\r\n") << 400;
    QTest::newRow("above the root") << QByteArray("/../new") << QByteArray() << 400;
}

void TestUploads::refusesPlacesThatAreNone() {
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, fields);
    TestServer server;
    allow(server);
    QTEST(put(server, target, "new", fields).status, "status");
    QCOMPARE(names(), (QStringList{"folder", "old.txt"}));
    QCOMPARE(read("old.txt"), QByteArray("old"));
}

QTEST_GUILESS_MAIN(TestUploads)
#include "tst_uploads.moc"
