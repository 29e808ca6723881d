// Station: tests of scripts and pages in folders that url_rewrites leads to, and with the lines of extra_headers, over real sockets.
#include "support/digest_client.h"
#include "support/script_house.h"

using namespace meerkat::test;

namespace {

const QByteArray kText = "printf 'Content-Type: text/plain\\n\\n'\n";

}  // namespace

class TestScriptSites : public QObject, private ScriptHouse {
    Q_OBJECT

  private slots:
    void initTestCase_data() { addPollers(); }
    void init();
    void cleanup() { close(); }

    void tellsAScriptBothOfItsPaths();
    void runsTheOneScriptOfARule();
    void runsWhatAHostsFolderHolds();
    void givesABodyToAScriptElsewhere();
    void changesOnlyByScripts();
    void leavesAFoldersOptionsToWebdav();
    void guardsAScriptElsewhere();
    void leavesScriptsOutOfAnArchiveThatGoesOn();
    void makesAPageInTheFolderWhereItBegan();
    void addsTheServersHeaders();
    void leavesNothingShownOfALateError();

  private:
    Answer asked(const QByteArray &request) { return ask(*m_server, request); }
    QByteArray place(const QString &name) const { return m_site->path(name).toUtf8(); }
};

void TestScriptSites::init() {
    QFETCH_GLOBAL(QByteArray, poller);
    open(poller);
    m_site->write("www/index.html", "home");
    shell("apps/tell.cgi", kText + "echo $REQUEST_METHOD $SCRIPT_NAME $PATH_INFO $QUERY_STRING $(cat)");
    m_server->set("document_root", place("www"));
    m_server->set("url_rewrites", "/run=" + place("apps") + ",/one=" + place("apps/tell.cgi") + ",@b.example=" + place("apps"));
}

void TestScriptSites::tellsAScriptBothOfItsPaths() {
    shell("apps/env.cgi", kText + "env; pwd -P");
    const QByteArray page = asked(get("/run/env.cgi/mo%20re?a=%3Cb")).body;
    const QByteArray root = QFileInfo(m_site->path("apps")).canonicalFilePath().toUtf8();
    for (const QByteArray &line : {QByteArray("REQUEST_URI=/run/env.cgi/mo%20re?a=%3Cb"), QByteArray("QUERY_STRING=a=%3Cb"),
                                   QByteArray("SCRIPT_NAME=/run/env.cgi"), QByteArray("PATH_INFO=/mo re"),
                                   "DOCUMENT_ROOT=" + root, "SCRIPT_FILENAME=" + root + "/env.cgi", root})
        QVERIFY2(page.contains(line + '\n'), (line + " is not in " + page).constData());
}

void TestScriptSites::runsTheOneScriptOfARule() {
    QCOMPARE(asked(get("/one")).body, QByteArray("GET /one\n"));
    QCOMPARE(asked(get("/one/more?x")).body, QByteArray("GET /one /more x\n"));
    QCOMPARE(asked(post("/one", "body")).body, QByteArray("POST /one body\n"));
}

void TestScriptSites::runsWhatAHostsFolderHolds() {
    const auto toHost = [](QByteArray request) { return request.replace("meerkat.test", "b.example"); };
    QCOMPARE(asked(toHost(get("/tell.cgi?x"))).body, QByteArray("GET /tell.cgi x\n"));
    QCOMPARE(asked(toHost(post("/tell.cgi", "body"))).body, QByteArray("POST /tell.cgi body\n"));
    QCOMPARE(asked(get("/tell.cgi")).status, 404);
}

// The length is told, or not; kept in memory for a handler, or not.
void TestScriptSites::givesABodyToAScriptElsewhere() {
    shell("apps/count.cgi", kText + "wc -c");
    const QByteArray body(300'000, 'b');
    QCOMPARE(asked(post("/run/count.cgi", body)).body.trimmed(), QByteArray("300000"));
    const QByteArray head = "POST /run/count.cgi HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    QCOMPARE(asked(head + inChunks(body, 10'000)).body.trimmed(), QByteArray("300000"));
    TestServer server([](mg_connection *, mg_event event) -> int { return event == MG_AUTH; });
    server.set("document_root", place("www"));
    server.set("url_rewrites", "/run=" + place("apps"));
    QCOMPARE(ask(server, post("/run/count.cgi", body)).body.trimmed(), QByteArray("300000"));
    server.set("max_request_body_bytes", "1000");
    QCOMPARE(ask(server, post("/run/count.cgi", body)).body.trimmed(), QByteArray("300000"));
}

void TestScriptSites::changesOnlyByScripts() {
    m_site->write("apps/a.txt", "text");
    for (const char *method : {"PUT", "DELETE", "PATCH"}) {
        QCOMPARE(asked(post("/run/tell.cgi", "body", {}, method)).body, QByteArray(method) + " /run/tell.cgi body\n");
        QCOMPARE(asked(post("/run/a.txt", "body", {}, method)).status, 405);
    }
    QVERIFY(QFile::exists(m_site->path("apps/a.txt")));
    m_site->write("keys", passwordLine("ana", "mydomain.com", "secret"));
    m_server->set("dav_auth_file", place("keys"));
    QCOMPARE(asked(post("/run/tell.cgi", "body", {}, "PUT")).status, 405);
}

void TestScriptSites::leavesAFoldersOptionsToWebdav() {
    shell("www/index.cgi", kText + "echo index $REQUEST_METHOD");
    m_server->set("index_files", "index.cgi");
    const QByteArray allowed = "GET, HEAD, OPTIONS, PROPFIND", rest = " HTTP/1.1\r\nHost: a\r\n\r\n";
    QCOMPARE(asked("OPTIONS /" + rest).field("Allow"), allowed);
    QCOMPARE(asked("OPTIONS /index.html" + rest).field("Allow"), allowed);
    QCOMPARE(asked("OPTIONS *" + rest).field("Allow"), allowed);
    QCOMPARE(asked("OPTIONS /index.cgi" + rest).body, QByteArray("index OPTIONS\n"));
    QCOMPARE(asked("OPTIONS /run/tell.cgi" + rest).body, QByteArray("OPTIONS /run/tell.cgi\n"));
    QCOMPARE(asked(post("/", "body")).body, QByteArray("index POST\n"));
}

void TestScriptSites::guardsAScriptElsewhere() {
    m_site->write("apps/.htpasswd", passwordLine("ana", "mydomain.com", "secret"));
    for (const QByteArray &request : {get("/run/tell.cgi"), post("/run/tell.cgi", "body"), get("/one"),
                                      post("/run/tell.cgi", "body", {}, "DELETE"), post("/one", QByteArray(100'000, 'b'))})
        QCOMPARE(asked(request).status, 401);
}

// While the archive is written the settings' root is that of other requests.
void TestScriptSites::leavesScriptsOutOfAnArchiveThatGoesOn() {
    QByteArray noise(8 << 20, '\0');
    for (qsizetype i = 0; i < noise.size(); ++i) noise[i] = static_cast<char>((i * 2654435761u) >> 13);
    m_site->write("apps/a.bin", noise);
    m_site->write("apps/deep/b.dat", "marker-of-a-secret");
    m_site->write("apps/deep/c.txt", "plain");
    m_server->set("cgi_pattern", "**/apps/**.dat$");
    const Answer got = asked("GET /run/?zip HTTP/1.0\r\n\r\n");
    QCOMPARE(got.status, 200);
    QVERIFY(got.body.contains("deep/c.txt"));
    QVERIFY(!got.body.contains("b.dat"));
    QFile::link(m_site->path("apps/deep/b.dat"), m_site->path("apps/deep/README.txt"));
    QVERIFY(!asked(get("/run/deep/")).body.contains("marker-of-a-secret"));
}

void TestScriptSites::makesAPageInTheFolderWhereItBegan() {
    m_server->set("ssi_exec", "yes");
    m_site->write("apps/part.txt", "part");
    m_site->write("apps/page.shtml", "<!--#exec cmd=\"cat part.txt\" --> <!--#include virtual=\"/part.txt\" --> "
                                     "<!--#include virtual=\"/tell.cgi?x\" --><!--#echo var=\"REQUEST_URI\" -->");
    QCOMPARE(asked(get("/run/page.shtml?x")).body, QByteArray("part part GET /run/tell.cgi x\n/run/page.shtml?x"));
}

void TestScriptSites::addsTheServersHeaders() {
    shell("apps/own.cgi", "printf 'Content-Type: text/plain\\nX-Frame-Options: SAMEORIGIN\\nVary: Accept\\n\\n'");
    m_site->write("apps/page.shtml", "<!--#exec cmd=\"echo a\" -->");
    m_server->set("ssi_exec", "yes");
    m_server->set("extra_headers", "/=X-Frame-Options: DENY");
    m_server->set("cors_origins", "https://app.example.com");
    const QByteArray origin = "Origin: https://app.example.com\r\n";
    for (const char *target : {"/run/tell.cgi", "/run/page.shtml", "/one"}) {
        const Answer got = asked(get(target, origin));
        QCOMPARE(got.status, 200);
        QCOMPARE(got.head.count("X-Frame-Options"), 1);
        QCOMPARE(got.field("X-Frame-Options"), QByteArray("DENY"));
        QCOMPARE(got.field("Access-Control-Allow-Origin"), QByteArray("https://app.example.com"));
    }
    QCOMPARE(asked(post("/run/tell.cgi", QByteArray(100'000, 'b'), origin)).field("X-Frame-Options"), QByteArray("DENY"));
    const Answer own = asked(get("/run/own.cgi"));
    QCOMPARE(own.head.count("X-Frame-Options"), 1);
    QCOMPARE(own.field("X-Frame-Options"), QByteArray("SAMEORIGIN"));
    QCOMPARE(own.head.count("Vary: "), 2);
    shell("apps/wrong.cgi", "echo");
    const Answer wrong = asked(get("/run/wrong.cgi"));
    QCOMPARE(wrong.status, 502);
    QCOMPARE(wrong.field("X-Frame-Options"), QByteArray("DENY"));
}

// The error comes when the request's own callbacks are over.
void TestScriptSites::leavesNothingShownOfALateError() {
    shell("www/wrong.cgi", "echo");
    QByteArrayList told;
    bool wasShown = false;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_HTTP_ERROR) told.append(connection->uri);
        if (event == MG_POLL && !told.isEmpty() && connection->uri) wasShown = true;
        return event == MG_AUTH;
    });
    server.set("document_root", place("www"));
    ScriptedPeer peer(server);
    QCOMPARE(peer.send(get("/wrong.cgi")).readAnswer().status, 502);
    QCOMPARE(peer.send(get("/index.html")).readAnswer().body, QByteArray("home"));
    QCOMPARE(peer.send(get("/wrong.cgi?2")).readAnswer().status, 502);
    server.poll();
    QCOMPARE(told, (QByteArrayList{"/wrong.cgi", "/wrong.cgi"}));
    QVERIFY(!wasShown);
}

QTEST_GUILESS_MAIN(TestScriptSites)
#include "tst_script_sites_posix.moc"
