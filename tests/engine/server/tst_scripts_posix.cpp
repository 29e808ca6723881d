// Station: tests of scripts (CGI) over real sockets with shells and Perl: what they are told, and what becomes of what they say.
#include "support/certificates.h"
#include "support/digest_client.h"
#include "support/script_house.h"
#include "support/tls_peer.h"

#include <QCryptographicHash>

using namespace meerkat::test;

namespace {

const QByteArray kHello = "printf 'Content-Type: text/plain\\n\\nhello'";
const QByteArray kText = "printf 'Content-Type: text/plain\\n\\n'\n";

}  // namespace

class TestScripts : public QObject, private ScriptHouse {
    Q_OBJECT

  private slots:
    void initTestCase_data() { addPollers(); }
    void init();
    void cleanup() { close(); }

    void answersWithWhatAScriptSays();
    void tellsAScriptOfItsRequest();
    void tellsAScriptWhoAsks();
    void findsAScriptOnTheWay_data();
    void findsAScriptOnTheWay();
    void answersForAFolder();
    void honoursStatusAndLocation();
    void keepsTheConnection();
    void answersHeadAndOldClients();
    void believesAScriptsLength();
    void givesABody_data();
    void givesABody();
    void streamsBothWaysAtOnce();
    void streamsWhatIsSaidAsItIsSaid();
    void answersBeforeTheBodyIsWhole();
    void asksTheHandlerFirst();
    void takesOtherMethodsWhereNobodyChangesFiles();
    void runsPerl();
    void runsAnInterpreter();
    void holdsBackForASlowClient();
    void keepsTheLastWordsOfAScript();
    void invitesABody();
    void streamsOverTls();

  private:
    Answer asked(const QByteArray &request) { return ask(*m_server, request); }
};

void TestScripts::init() {
    QFETCH_GLOBAL(QByteArray, poller);
    open(poller);
}

// ---- answers ----

void TestScripts::answersWithWhatAScriptSays() {
    shell("a.cgi",
          "printf 'Content-Type: text/x-own\\r\\nX-Mine: yes\\r\\nSet-Cookie: a=1\\r\\nSet-Cookie: b=2\\r\\n\\r\\nhello'");
    const Answer got = asked(get("/a.cgi"));
    QCOMPARE(got.status, 200);
    QCOMPARE(got.field("Content-Type"), QByteArray("text/x-own"));
    QCOMPARE(got.field("X-Mine"), QByteArray("yes"));
    QCOMPARE(got.head.count("Set-Cookie: "), 2);
    QCOMPARE(got.field("Transfer-Encoding"), QByteArray("chunked"));
    QVERIFY(!got.field("Date").isEmpty());
    QCOMPARE(got.body, QByteArray("hello"));
}

void TestScripts::tellsAScriptOfItsRequest() {
    shell("dir/env.cgi", kText + "env; pwd -P");
    const QString root = QFileInfo(m_site->path()).canonicalFilePath();
    qputenv("MONGOOSE_CGI", "passed on");
    qputenv("MEERKAT_SECRET", "not passed on");
    const QByteArray page =
        asked(get("/dir/env.cgi/mo%20re?a=%3Cb", "X-Nick: <Ana>\r\nProxy: evil\r\nAuthorization: secret\r\n")).body;
    qunsetenv("MONGOOSE_CGI");
    qunsetenv("MEERKAT_SECRET");
    const QByteArray folder = root.toUtf8();
    const QByteArray port = QByteArray::number(m_server->port());
    for (const QByteArray &line : {QByteArray("SERVER_NAME=meerkat.test"),
                                   "SERVER_PORT=" + port,
                                   QByteArray("SERVER_SOFTWARE=Meerkat"),
                                   "SERVER_ROOT=" + folder,
                                   "DOCUMENT_ROOT=" + folder,
                                   QByteArray("GATEWAY_INTERFACE=CGI/1.1"),
                                   QByteArray("SERVER_PROTOCOL=HTTP/1.1"),
                                   QByteArray("REDIRECT_STATUS=200"),
                                   QByteArray("REQUEST_METHOD=GET"),
                                   QByteArray("REMOTE_ADDR=127.0.0.1"),
                                   QByteArray("REQUEST_URI=/dir/env.cgi/mo%20re?a=%3Cb"),
                                   QByteArray("SCRIPT_NAME=/dir/env.cgi"),
                                   QByteArray("PATH_INFO=/mo re"),
                                   "SCRIPT_FILENAME=" + folder + "/dir/env.cgi",
                                   "PATH_TRANSLATED=" + folder + "/mo re",
                                   QByteArray("HTTPS=off"),
                                   QByteArray("QUERY_STRING=a=%3Cb"),
                                   QByteArray("HTTP_X_NICK=<Ana>"),
                                   QByteArray("MONGOOSE_CGI=passed on"),
                                   "PATH=" + qgetenv("PATH"),
                                   folder + "/dir"})
        QVERIFY2(page.contains("\n" + line + "\n") || page.startsWith(line + "\n"), line.constData());
    for (const char *word : {"evil", "secret", "MEERKAT_", "REMOTE_USER", "CONTENT_LENGTH"}) QVERIFY2(!page.contains(word), word);
    QVERIFY(page.contains("\nREMOTE_PORT="));
}

void TestScripts::tellsAScriptWhoAsks() {
    m_site->write("in/.htpasswd", passwordLine("ana", "mydomain.com", "secret"));
    shell("in/who.cgi", kText + "echo $REMOTE_USER $AUTH_TYPE $(cat)");
    m_site->write("in/who.shtml", "<!--#echo var=\"REMOTE_USER\" --> <!--#echo var=\"AUTH_TYPE\" -->");
    QCOMPARE(asked(get("/in/who.cgi")).status, 401);
    DigestClient client;
    client.read(asked(get("/in/who.cgi")).field("WWW-Authenticate"));
    QCOMPARE(asked(get("/in/who.cgi", "Authorization: " + client.answer("/in/who.cgi") + "\r\n")).body,
             QByteArray("ana Digest\n"));
    QCOMPARE(asked(post("/in/who.cgi", "body", "Authorization: " + client.answer("/in/who.cgi", 2, "POST") + "\r\n")).body,
             QByteArray("ana Digest body\n"));
    QCOMPARE(asked(get("/in/who.shtml", "Authorization: " + client.answer("/in/who.shtml", 3) + "\r\n")).body,
             QByteArray("ana Digest"));
}

void TestScripts::findsAScriptOnTheWay_data() {
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("info");
    QTest::newRow("its name") << QByteArray("/dir/a.cgi") << QByteArray("/dir/a.cgi") << QByteArray();
    QTest::newRow("a slash") << QByteArray("/dir/a.cgi/") << QByteArray("/dir/a.cgi") << QByteArray("/");
    QTest::newRow("a path") << QByteArray("/dir/a.cgi/b/c.html?d") << QByteArray("/dir/a.cgi") << QByteArray("/b/c.html");
    QTest::newRow("another script's name") << QByteArray("/dir/a.cgi/dir/a.cgi") << QByteArray("/dir/a.cgi")
                                           << QByteArray("/dir/a.cgi");
    QTest::newRow("encoded") << QByteArray("/dir/a%2Ecgi/%3Fb%2Fc") << QByteArray("/dir/a.cgi") << QByteArray("/?b/c");
    QTest::newRow("dots") << QByteArray("/x/../dir/./a.cgi/b/../c") << QByteArray("/dir/a.cgi") << QByteArray("/c");
    QTest::newRow("in a folder that is named as one")
        << QByteArray("/f.cgi/a.cgi/b") << QByteArray("/f.cgi/a.cgi") << QByteArray("/b");
}

void TestScripts::findsAScriptOnTheWay() {
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, info);
    shell("dir/a.cgi", kText + "echo $SCRIPT_NAME:$PATH_INFO:$(cat)");
    shell("f.cgi/a.cgi", kText + "echo $SCRIPT_NAME:$PATH_INFO:$(cat)");
    QCOMPARE(asked(get(target)).body, name + ":" + info + ":\n");
    QCOMPARE(asked(post(target, "body")).body, name + ":" + info + ":body\n");
}

void TestScripts::answersForAFolder() {
    shell("dir/index.cgi", kText + "echo $SCRIPT_NAME $REQUEST_URI $(cat)");
    QCOMPARE(asked(get("/dir/?a")).body, QByteArray("/dir/index.cgi /dir/?a\n"));
    QCOMPARE(asked(post("/dir/", "body")).body, QByteArray("/dir/index.cgi /dir/ body\n"));
    QCOMPARE(asked(get("/dir")).status, 301);
    m_site->write("dir/index.html", "first");
    QCOMPARE(asked(get("/dir/")).body, QByteArray("first"));
    QCOMPARE(asked(post("/dir/", "body")).status, 405);
}

void TestScripts::honoursStatusAndLocation() {
    shell("status.cgi", "printf 'Status: 404 Gone Fishing\\nContent-Type: text/plain\\n\\nfish'");
    const Answer missing = asked(get("/status.cgi"));
    QCOMPARE(missing.status, 404);
    QCOMPARE(missing.body, QByteArray("fish"));
    shell("place.cgi", "printf 'Location: /else/where?a=b\\n\\n'");
    QCOMPARE(asked(get("/place.cgi")).status, 302);
    QCOMPARE(asked(get("/place.cgi")).field("Location"), QByteArray("/else/where?a=b"));
    shell("moved.cgi", "printf 'Status: 301\\nLocation: http://other.test/\\n\\n'");
    QCOMPARE(asked(get("/moved.cgi")).status, 301);
    shell("nothing.cgi", "printf 'Status: 204\\n\\n'");
    ScriptedPeer peer(*m_server);
    for (int i = 0; i < 2; ++i) QCOMPARE(peer.send(get("/nothing.cgi")).readAnswer().status, 204);
}

void TestScripts::keepsTheConnection() {
    shell("a.cgi", kHello);
    m_site->write("plain.txt", "plain");
    ScriptedPeer peer(*m_server);
    peer.send(get("/a.cgi") + get("/plain.txt") + post("/a.cgi", "body") + get("/a.cgi"));
    for (const char *body : {"hello", "plain", "hello", "hello"}) QCOMPARE(peer.readAnswer().body, QByteArray(body));
    QCOMPARE(peer.send(get("/plain.txt")).readAnswer().body, QByteArray("plain"));
}

void TestScripts::answersHeadAndOldClients() {
    shell("a.cgi", kHello);
    ScriptedPeer peer(*m_server);
    const Answer head = peer.send("HEAD /a.cgi HTTP/1.1\r\nHost: h\r\n\r\n").readAnswer(true);
    QCOMPARE(head.status, 200);
    QCOMPARE(head.field("Content-Type"), QByteArray("text/plain"));
    QCOMPARE(peer.send(get("/a.cgi")).readAnswer().body, QByteArray("hello"));
    ScriptedPeer old(*m_server);
    const QByteArray answer = old.send("GET /a.cgi HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").readToEnd();
    QVERIFY(old.isClosed());
    QVERIFY(!answer.contains("chunked"));
    QVERIFY(answer.endsWith("\r\n\r\nhello"));
}

void TestScripts::believesAScriptsLength() {
    shell("right.cgi", "printf 'Content-Type: a/b\\nContent-Length: 5\\n\\nhello'; exec sleep 1000");
    shell("much.cgi", "printf 'Content-Type: a/b\\nContent-Length: 5\\n\\nhello and more'");
    shell("little.cgi", "printf 'Content-Type: a/b\\nContent-Length: 50\\n\\nhello'");
    ScriptedPeer peer(*m_server);
    for (const char *name : {"/right.cgi", "/much.cgi", "/right.cgi"}) {
        const Answer got = peer.send(get(name)).readAnswer();
        QCOMPARE(got.field("Content-Length"), QByteArray("5"));
        QVERIFY(got.field("Transfer-Encoding").isNull());
        QCOMPARE(got.body, QByteArray("hello"));
    }
    QVERIFY(peer.send(get("/little.cgi")).readToEnd().endsWith("\r\n\r\nhello"));
    QVERIFY(peer.isClosed());
}

// ---- bodies ----

void TestScripts::givesABody_data() {
    QTest::addColumn<int>("size");
    QTest::addColumn<bool>("isChunked");
    QTest::addColumn<bool>("hasHandler");
    for (const int size : {0, 1, 1000, 70'000, 3'000'000})
        for (const bool isChunked : {false, true})
            for (const bool hasHandler : {false, true})
                QTest::addRow("%d bytes%s%s", size, isChunked ? " in chunks" : "", hasHandler ? ", with a handler" : "")
                    << size << isChunked << hasHandler;
}

void TestScripts::givesABody() {
    QFETCH(int, size);
    QFETCH(bool, isChunked);
    QFETCH(bool, hasHandler);
    shell("count.cgi", kText + "echo $CONTENT_LENGTH $CONTENT_TYPE $REQUEST_METHOD $HTTP_TRANSFER_ENCODING $(md5sum)");
    const auto decline = [](mg_connection *, mg_event event) -> int { return event == MG_AUTH; };
    TestServer server(hasHandler ? decline : TestServer::Handler());
    serve(server);
    // What is too large for a handler is the script's all the same.
    if (hasHandler && !isChunked) server.set("max_request_body_bytes", "2000");
    const QByteArray body = QByteArray("0123456789").repeated(size / 10 + 1).left(size);
    const QByteArray hash = QCryptographicHash::hash(body, QCryptographicHash::Md5).toHex();
    const QByteArray request =
        isChunked ? "POST /count.cgi HTTP/1.1\r\nHost: h\r\nContent-Type: a/b\r\nTransfer-Encoding: chunked\r\n\r\n" +
                        inChunks(body, 10'000)
                  : post("/count.cgi", body, "Content-Type: a/b\r\n");
    ScriptedPeer peer(server);
    for (int i = 0; i < 2; ++i)
        QCOMPARE(peer.send(request).readAnswer().body, QByteArray::number(size) + " a/b POST " + hash + " -\n");
}

// A script that answers while it reads: neither waits for the other, and little is kept in between.
void TestScripts::streamsBothWaysAtOnce() {
    shell("echo.cgi", kText + "exec cat");
    const QByteArray body = QByteArray("0123456789abcdef").repeated(500'000);
    ScriptedPeer peer(*m_server);
    const Answer got = peer.send(post("/echo.cgi", body)).readAnswer();
    QCOMPARE(got.status, 200);
    QCOMPARE(got.body.size(), body.size());
    QVERIFY(got.body == body);
    QCOMPARE(peer.send(post("/echo.cgi", "short")).readAnswer().body, QByteArray("short"));
}

void TestScripts::streamsWhatIsSaidAsItIsSaid() {
    QVERIFY(QFile::exists("/bin/sh"));
    shell("steps.cgi", kText + "echo one; while [ ! -e go ]; do sleep 0.01; done; echo two");
    ScriptedPeer peer(*m_server);
    peer.send(get("/steps.cgi"));
    QByteArray got;
    while (!got.contains("one\n") && !peer.isClosed()) got += peer.readSome();
    QVERIFY(!got.contains("two"));
    m_site->write("go", "");
    while (!got.contains("0\r\n\r\n") && !peer.isClosed()) got += peer.readSome();
    QVERIFY(got.contains("two\n"));
}

void TestScripts::answersBeforeTheBodyIsWhole() {
    shell("early.cgi", "exec <&-; printf 'Status: 413\\nContent-Type: text/plain\\n\\ntoo much'");
    ScriptedPeer peer(*m_server);
    peer.send("POST /early.cgi HTTP/1.1\r\nHost: h\r\nContent-Length: 100000000\r\n\r\n" + QByteArray(200'000, 'x'));
    const Answer got = peer.readAnswer();
    QCOMPARE(got.status, 413);
    QCOMPARE(got.body, QByteArray("too much"));
    QVERIFY(peer.waitUntilClosed());
    // One that never reads does not keep who sends it all from its answer.
    shell("deaf.cgi", kText + "sleep 0.05; echo done");
    QCOMPARE(asked(post("/deaf.cgi", QByteArray(1'000'000, 'x'))).body, QByteArray("done\n"));
}

void TestScripts::asksTheHandlerFirst() {
    shell("a.cgi", kText + "echo script $(cat)");
    QByteArrayList events;
    bool isScripts = false;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_REQUEST)
            events += QByteArray(connection->uri) + " " + QByteArray(connection->content, qsizetype(connection->content_len));
        if (event == MG_REQUEST) isScripts = QByteArray(connection->query_string) != "mine";
        if (event == MG_CLOSE) isScripts = false;
        // Closes the connection, but not before the script has answered.
        if (event == MG_POLL) return isScripts ? MG_TRUE : MG_FALSE;
        if (event != MG_REQUEST || isScripts) return event == MG_AUTH;
        mg_send_data(connection, "handler", 7);
        return MG_TRUE;
    });
    serve(server);
    QCOMPARE(ask(server, get("/a.cgi?mine")).body, QByteArray("handler"));
    QCOMPARE(ask(server, get("/a.cgi?yours")).body, QByteArray("script\n"));
    QCOMPARE(ask(server, post("/a.cgi", "body")).body, QByteArray("script body\n"));
    QCOMPARE(events, (QByteArrayList{"/a.cgi ", "/a.cgi ", "/a.cgi body"}));
}

void TestScripts::takesOtherMethodsWhereNobodyChangesFiles() {
    shell("a.cgi", kText + "echo $REQUEST_METHOD $(cat)");
    for (const char *method : {"PUT", "DELETE", "PATCH"}) {
        QCOMPARE(asked(post("/a.cgi", "body", {}, method)).body, QByteArray(method) + " body\n");
        QCOMPARE(asked(post("/b.txt", "body", {}, method)).status, 405);
    }
    QCOMPARE(asked(post("/b.txt", "body")).status, 405);
    QCOMPARE(asked("OPTIONS /a.cgi HTTP/1.1\r\nHost: h\r\n\r\n").body, QByteArray("OPTIONS\n"));
    QCOMPARE(asked(post("/a.cgi", "body", {}, "REPORT")).status, 501);
    m_site->write("dav", passwordLine("ana", "mydomain.com", "secret"));
    m_server->set("dav_auth_file", m_site->path("dav").toUtf8());
    QCOMPARE(asked(post("/a.cgi", "body", {}, "PUT")).status, 401);
    QCOMPARE(asked(post("/a.cgi", "body")).body, QByteArray("POST body\n"));
}

void TestScripts::runsPerl() {
    script("form.pl",
           "#!/usr/bin/perl\nuse strict; $| = 1;\nread(STDIN, my $body, $ENV{CONTENT_LENGTH} || 0);\n"
           "print \"Content-Type: text/plain\\r\\n\\r\\n\";\n"
           "for (sort split /&/, \"$body&$ENV{QUERY_STRING}\") { s/\\+/ /g; s/%(..)/chr hex $1/ge; print \"$_\\n\" }\n");
    QCOMPARE(asked(post("/form.pl?c=%41", "a=b+c&b=%3C")).body, QByteArray("a=b c\nb=<\nc=A\n"));
}

void TestScripts::runsAnInterpreter() {
    m_site->write("a b.php", kText + "echo $0");
    QCOMPARE(asked(get("/a%20b.php")).status, 403);
    m_server->set("cgi_interpreter", "sh");
    QCOMPARE(asked(get("/a%20b.php")).body, (QFileInfo(m_site->path()).canonicalFilePath() + "/a b.php\n").toUtf8());
    m_server->set("cgi_interpreter", "");
    QCOMPARE(asked(get("/a%20b.php")).status, 403);
}

// What the system's buffers hold apart, nothing is taken from a script that the client does not take.
void TestScripts::holdsBackForASlowClient() {
    shell("much.cgi", kText + "exec 2>/dev/null; yes 0123456789abcde | head -c 50000000; echo finished >finished");
    ScriptedPeer peer(*m_server, 64 * 1024);
    peer.send(get("/much.cgi"));
    const auto received = [&] { return m_server->counters().bytes_sent; };
    QVERIFY(m_server->pollUntil([&] { return received() > 0; }));
    for (unsigned long long last = 0; last != received();) {
        last = received();
        for (int polls = 0; polls < 20; ++polls) m_server->poll(1);
    }
    QVERIFY(received() < 20'000'000);
    QVERIFY(!QFile::exists(m_site->path("finished")));
    const Answer got = peer.readAnswer();
    QCOMPARE(got.body.size(), 50'000'000);
    QVERIFY(got.body.endsWith("0123456789abcde\n"));
    QCOMPARE(written("finished"), QByteArray("finished"));
}

// A script that has ended is not forgotten while its last words wait.
void TestScripts::keepsTheLastWordsOfAScript() {
    shell("ends.cgi", kText + "yes 0123456789abcde | head -c 4000000 | cat; echo end");
    ScriptedPeer peer(*m_server, 4 * 1024);
    peer.send(get("/ends.cgi"));
    for (int polls = 0; polls < 300; ++polls) m_server->poll(1);
    const Answer got = peer.readAnswer();
    QCOMPARE(got.body.size(), 4'000'004);
    QVERIFY(got.body.endsWith("end\n"));
}

void TestScripts::invitesABody() {
    shell("a.cgi", kText + "cat");
    ScriptedPeer peer(*m_server);
    peer.send("POST /a.cgi HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    QCOMPARE(peer.readAnswer().status, 100);
    QCOMPARE(peer.send("body").readAnswer().body, QByteArray("body"));
}

void TestScripts::streamsOverTls() {
    const TemporarySite keys;
    keys.write("both.pem", newIdentity());
    m_server->set("ssl_certificate", keys.path("both.pem").toUtf8());
    shell("echo.cgi", "printf 'Content-Type: a/b\\nContent-Length: 3200003\\n\\non '; test $HTTPS = on && exec cat");
    const QByteArray body = QByteArray("0123456789abcdef").repeated(200'000);
    TlsPeer peer(*m_server);
    QVERIFY(peer.shakeHands());
    for (int i = 0; i < 2; ++i) {
        const Answer got = peer.send(post("/echo.cgi", body)).readAnswer();
        QCOMPARE(got.body.size(), body.size() + 3);
        QVERIFY(got.body == "on " + body);
    }
}

QTEST_GUILESS_MAIN(TestScripts)
#include "tst_scripts_posix.moc"
