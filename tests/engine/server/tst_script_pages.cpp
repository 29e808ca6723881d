// Station: tests of server/script_pages over real sockets: which files are pages, and what their answers say of themselves.
#include "support/digest_client.h"
#include "support/scripted_peer.h"
#include "support/temporary_site.h"

#include <QTest>

using namespace meerkat::test;

class TestScriptPages : public QObject {
    Q_OBJECT

  private slots:
    void init();
    void answersAPage();
    void answersAnIndexPage();
    void answersHeadWithTheSameHead();
    void givesNothingToCompareWith();
    void knowsTheRequest();
    void takesFilesByTheirFullPath();
    void followsHiddenNamesAndLinks();
    void showsNothingThatAsksForAnotherPassword();
    void refusesWhatGrowsWithoutEnd();
    void runsNoProgramUnlessTold();

  private:
    Answer get(const QByteArray &target, const QByteArray &fields = {}, const QByteArray &method = "GET") {
        return ask(*m_server, method + ' ' + target + " HTTP/1.1\r\nHost: meerkat.test:81\r\n" + fields + "\r\n");
    }

    std::unique_ptr<TemporarySite> m_site;
    std::unique_ptr<TestServer> m_server;
};

void TestScriptPages::init() {
    m_site = std::make_unique<TemporarySite>();
    m_server = std::make_unique<TestServer>();
    m_server->set("document_root", m_site->path().toUtf8());
    m_site->write("page.shtml", "a<!--#include virtual=\"/dir/\" --><!--#include virtual=\"/dir/part.html\" -->");
    m_site->write("dir/part.html", "part");
    m_site->write("dir/index.shtml", "<!--#echo var=\"DOCUMENT_URI\" -->");
}

void TestScriptPages::answersAPage() {
    const Answer got = get("/page.shtml?a=b");
    QCOMPARE(got.status, 200);
    QCOMPARE(got.body, QByteArray("a[an error occurred while processing this directive]part"));
    QCOMPARE(got.field("Content-Type"), QByteArray("text/html; charset=utf-8"));
    QCOMPARE(got.field("Content-Length"), QByteArray::number(got.body.size()));
}

void TestScriptPages::answersAnIndexPage() { QCOMPARE(get("/dir/").body, QByteArray("/dir/index.shtml")); }

void TestScriptPages::answersHeadWithTheSameHead() {
    ScriptedPeer peer(*m_server);
    const QByteArray rest = " /page.shtml HTTP/1.1\r\nHost: a\r\n\r\n";
    const Answer whole = peer.send("GET" + rest).readAnswer();
    const Answer head = peer.send("HEAD" + rest).readAnswer(true);
    QCOMPARE(head.status, 200);
    QCOMPARE(head.field("Content-Length"), whole.field("Content-Length"));
    QCOMPARE(head.field("Content-Type"), whole.field("Content-Type"));
    QCOMPARE(peer.send("GET" + rest).readAnswer().body, whole.body);
}

void TestScriptPages::givesNothingToCompareWith() {
    const QByteArray fields = "If-Modified-Since: Tue, 01 Jan 2999 00:00:00 GMT\r\nRange: bytes=0-0\r\n";
    const Answer got = get("/page.shtml", fields);
    QCOMPARE(got.status, 200);
    QVERIFY(got.body.size() > 1);
    for (const char *name : {"ETag", "Last-Modified", "Accept-Ranges", "Content-Range"}) QVERIFY(got.field(name).isNull());
    QCOMPARE(got.field("Cache-Control"), QByteArray("no-cache"));
}

void TestScriptPages::knowsTheRequest() {
    m_site->write("env.shtml", "<!--#printenv -->");
    const QByteArray page = get("/env.shtml?a=%3Cb", "X-Nick-Name: <Ana>\r\nAuthorization: secret\r\nProxy: evil\r\n").body;
    for (const char *line : {"QUERY_STRING=a=%3Cb\n", "QUERY_STRING_UNESCAPED=a=&lt;b\n", "REMOTE_ADDR=127.0.0.1\n",
                             "REQUEST_METHOD=GET\n", "REQUEST_URI=/env.shtml?a=%3Cb\n", "SERVER_NAME=meerkat.test\n",
                             "DOCUMENT_NAME=env.shtml\n", "HTTP_X_NICK_NAME=&lt;Ana&gt;\n"})
        QVERIFY2(page.contains(line), line);
    QVERIFY(page.contains("SERVER_PORT=" + QByteArray::number(m_server->port()) + "\n"));
    QVERIFY(!page.contains("secret"));
    QVERIFY(!page.contains("evil"));
    QVERIFY(!page.contains(m_site->path().toUtf8()));
}

void TestScriptPages::takesFilesByTheirFullPath() {
    const QByteArray command = "<!--#echo var=\"DOCUMENT_NAME\" -->";
    m_site->write("a.html", command);
    QCOMPARE(get("/a.html").body, command);
    m_server->set("ssi_pattern", m_site->path().toUtf8() + "/a.html$");
    QCOMPARE(get("/a.html").body, QByteArray("a.html"));
    QVERIFY(get("/page.shtml").body.contains("<!--#include"));
    m_server->set("ssi_pattern", "");
    QCOMPARE(get("/a.html").body, command);
    QVERIFY(!get("/page.shtml").body.contains("<!--#include"));
    m_site->write("B.SHTM", command);
    QCOMPARE(get("/B.SHTM").body, QByteArray("B.SHTM"));
}

void TestScriptPages::followsHiddenNamesAndLinks() {
    // Not the page's own folder: that would ask for a password.
    m_site->write("sub/.htpasswd", "ana:realm:hash");
    m_site->write("secret.bak", "secret");
    m_server->set("hide_files_patterns", "**.bak$");
    m_site->write("page.shtml",
                  "<!--#config errmsg=\"!\" --><!--#include file=\"sub/.htpasswd\" --><!--#include virtual=\"/secret.bak\" -->"
                  "<!--#fsize file=\"sub/.HTPASSWD\" -->");
    QCOMPARE(get("/page.shtml").body, QByteArray("!!!"));
    const QTemporaryDir outside;
    QFile file(outside.filePath("outside.html"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("outside") == 7);
    file.close();
    QVERIFY(QFile::link(file.fileName(), m_site->path("link.html")));
    m_site->write("page.shtml", "<!--#config errmsg=\"!\" --><!--#include file=\"link.html\" -->");
    QCOMPARE(get("/page.shtml").body, QByteArray("!"));
}

void TestScriptPages::showsNothingThatAsksForAnotherPassword() {
    m_site->write("guarded/.htpasswd", passwordLine("ana", "mydomain.com", "secret"));
    m_site->write("guarded/part.html", "secret");
    m_site->write("guarded/below/page.shtml",
                  "<!--#include virtual=\"/guarded/part.html\" --><!--#include virtual=\"/dir/part.html\" -->");
    m_site->write("page.shtml", "<!--#config errmsg=\"!\" --><!--#include virtual=\"/guarded/part.html\" -->"
                                "<!--#fsize virtual=\"/guarded/part.html\" --><!--#include virtual=\"/dir/part.html\" -->");
    QCOMPARE(get("/page.shtml").body, QByteArray("!!part"));
    DigestClient client;
    client.read(get("/guarded/below/page.shtml").field("WWW-Authenticate"));
    const QByteArray answer = "Authorization: " + client.answer("/guarded/below/page.shtml") + "\r\n";
    QCOMPARE(get("/guarded/below/page.shtml", answer).body, QByteArray("secretpart"));
}

void TestScriptPages::refusesWhatGrowsWithoutEnd() {
    m_site->write("page.shtml", QByteArray("<!--#include file=\"page.shtml\" -->").repeated(100));
    const Answer got = get("/page.shtml");
    QCOMPARE(got.status, 500);
    QVERIFY(!got.body.contains(m_site->path().toUtf8()));
    QCOMPARE(get("/dir/part.html").body, QByteArray("part"));
}

void TestScriptPages::runsNoProgramUnlessTold() {
    m_site->write("page.shtml", "<!--#config errmsg=\"!\" --><!--#exec cmd=\"echo ran\" -->");
    QCOMPARE(get("/page.shtml").body, QByteArray("!"));
    QVERIFY(mg_set_option(m_server->get(), "ssi_exec", "perhaps"));
    QCOMPARE(QByteArray(mg_get_option(m_server->get(), "ssi_exec")), QByteArray("no"));
    m_server->set("ssi_exec", "yes");
    QVERIFY(get("/page.shtml").body.startsWith("ran"));
}

QTEST_GUILESS_MAIN(TestScriptPages)
#include "tst_script_pages.moc"
