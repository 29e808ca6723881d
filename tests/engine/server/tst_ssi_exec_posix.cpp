// Station: tests of pages that run programs (SSI exec) over real sockets.
#include "support/digest_client.h"
#include "support/script_house.h"

using namespace meerkat::test;

class TestSsiExec : public QObject, private ScriptHouse {
    Q_OBJECT

  private slots:
    void initTestCase_data() { addPollers(); }
    void init();
    void cleanup() { close(); }

    void runsCommands();
    void tellsACommandOfItsRequest();
    void putsNothingOfAVisitorIntoACommand();
    void runsScripts();
    void runsAnIncludedScript();
    void runsManyInOrder();
    void servesOthersMeanwhile();
    void answersHeadAndKeepsTheConnection();
    void runsNothingUnlessAllowed();
    void endsACommandWhoseClientLeaves();
    void endsACommandThatTakesTooLong();
    void endsACommandThatWritesTooMuch();
    void leavesAMessageForWhatFails_data();
    void leavesAMessageForWhatFails();
    void limitsTheNumberOfPrograms();
    void asksForNoOtherPassword();

  private:
    // The page that `text` makes, its error message short.
    QByteArray made(const QByteArray &text, const QByteArray &query = {}) {
        m_site->write("dir/page.shtml", "<!--#config errmsg=\"!\" -->" + text);
        const Answer got = ask(*m_server, get("/dir/page.shtml" + query));
        return got.status == 200 ? got.body : QByteArray::number(got.status);
    }
};

void TestSsiExec::init() {
    QFETCH_GLOBAL(QByteArray, poller);
    open(poller);
    m_server->set("ssi_exec", "yes");
    shell("dir/a.cgi", "printf 'Content-Type: text/plain\\n\\n'; echo $REQUEST_METHOD $SCRIPT_NAME $QUERY_STRING");
}

void TestSsiExec::runsCommands() {
    QCOMPARE(made("a<!--#exec cmd=\"echo b | tr b c\" -->d"), QByteArray("ac\nd"));
    QCOMPARE(made("<!--#exec cmd='printf \"<b>%s</b>\" \"$(basename \"$PWD\")\"' -->"), QByteArray("<b>dir</b>"));
    QCOMPARE(made("<!--#exec cmd=\"true\" -->|<!--#exec cmd=\"echo a; exit 1\" -->"), QByteArray("|a\n"));
    QCOMPARE(made("<!--#exec cmd=\"echo a\" cmd=\"echo b\" -->"), QByteArray("a\nb\n"));
    QCOMPARE(made("<!--#if expr=\"''\" --><!--#exec cmd=\"touch ran\" --><!--#endif -->."), QByteArray("."));
    QVERIFY(!QFile::exists(m_site->path("dir/ran")));
}

void TestSsiExec::tellsACommandOfItsRequest() {
    QCOMPARE(made("<!--#set var='mine' value='my own' --><!--#exec cmd='echo $QUERY_STRING $DOCUMENT_URI $REMOTE_ADDR $mine' -->",
                  "?a=b"),
             QByteArray("a=b /dir/page.shtml 127.0.0.1 my own\n"));
    const QByteArray environment = made("<!--#set var='PATH' value='/evil' --><!--#exec cmd='env' -->");
    QVERIFY(environment.contains("PATH=" + qgetenv("PATH") + "\n"));
    QVERIFY(!environment.contains("/evil"));
}

void TestSsiExec::putsNothingOfAVisitorIntoACommand() {
    QCOMPARE(made("<!--#exec cmd=\"echo '$QUERY_STRING' \\\"$QUERY_STRING\\\"\" -->", "?$(id);'`id`"),
             QByteArray("$QUERY_STRING $(id);'`id`\n"));
}

void TestSsiExec::runsScripts() {
    QCOMPARE(made("<!--#exec cgi=\"/dir/a.cgi?b=c\" -->"), QByteArray("GET /dir/a.cgi b=c\n"));
    QCOMPARE(made("<!--#exec cgi=\"a.cgi\" -->", "?d"), QByteArray("GET /dir/a.cgi d\n"));
}

void TestSsiExec::runsAnIncludedScript() {
    QCOMPARE(made("<!--#include virtual=\"a.cgi?b\" -->"), QByteArray("GET /dir/a.cgi b\n"));
    QVERIFY(QFile::link(m_site->path("dir/a.cgi"), m_site->path("dir/link.txt")));
    QCOMPARE(made("<!--#include file=\"link.txt\" -->", "?d"), QByteArray("GET /dir/link.txt d\n"));
}

void TestSsiExec::runsManyInOrder() {
    m_site->write("dir/inner.shtml", "(<!--#exec cmd=\"sleep 0.02; echo -n inner\" -->)");
    QCOMPARE(made("<!--#exec cmd=\"echo -n 1\" --><!--#include file=\"inner.shtml\" --><!--#exec cmd=\"echo -n 2\" -->"
                  "<!--#include virtual=\"a.cgi\" file=\"inner.shtml\" -->."),
             QByteArray("1(inner)2GET /dir/a.cgi\n(inner)."));
}

void TestSsiExec::servesOthersMeanwhile() {
    m_site->write("plain.txt", "plain");
    m_site->write("slow.shtml", "<!--#exec cmd=\"while [ ! -e go ]; do sleep 0.01; done; echo gone\" -->");
    ScriptedPeer peer(*m_server);
    peer.send(get("/slow.shtml"));
    QCOMPARE(ask(*m_server, get("/plain.txt")).body, QByteArray("plain"));
    m_site->write("go", "");
    QCOMPARE(peer.readAnswer().body, QByteArray("gone\n"));
}

void TestSsiExec::answersHeadAndKeepsTheConnection() {
    m_site->write("page.shtml", "<!--#exec cmd=\"echo a\" -->");
    ScriptedPeer peer(*m_server);
    const Answer head = peer.send("HEAD /page.shtml HTTP/1.1\r\nHost: h\r\n\r\n").readAnswer(true);
    QCOMPARE(head.field("Content-Length"), QByteArray("2"));
    peer.send(get("/page.shtml") + get("/page.shtml"));
    for (int i = 0; i < 2; ++i) {
        const Answer got = peer.readAnswer();
        QCOMPARE(got.body, QByteArray("a\n"));
        QCOMPARE(got.field("Cache-Control"), QByteArray("no-cache"));
    }
}

void TestSsiExec::runsNothingUnlessAllowed() {
    m_server->set("ssi_exec", "no");
    const QByteArray page = "<!--#exec cmd=\"touch ran\" --><!--#exec cgi=\"a.cgi\" --><!--#include virtual=\"a.cgi\" -->";
    QCOMPARE(made(page), QByteArray("!!!"));
    m_server->set("ssi_exec", "");
    QCOMPARE(made(page), QByteArray("!!!"));
    QVERIFY(!QFile::exists(m_site->path("dir/ran")));
}

void TestSsiExec::endsACommandWhoseClientLeaves() {
    m_site->write("page.shtml", "<!--#exec cmd=\"echo $$ >pid; exec sleep 1000\" -->");
    ScriptedPeer peer(*m_server);
    peer.send(get("/page.shtml"));
    const qint64 process = written("pid").toLongLong();
    QVERIFY(isThere(process));
    peer.close();
    QVERIFY(m_server->pollUntil([&] { return !isThere(process); }));
}

// Though it says something all the time.
void TestSsiExec::endsACommandThatTakesTooLong() {
    m_server->set("cgi_timeout_ms", "200");
    QCOMPARE(made("a<!--#exec cmd=\"while :; do echo; sleep 0.01; done\" -->b<!--#exec cmd=\"echo -n c\" -->"),
             QByteArray("a!bc"));
}

void TestSsiExec::endsACommandThatWritesTooMuch() {
    QCOMPARE(made("a<!--#exec cmd=\"yes\" -->b"), QByteArray("a!b"));
    QCOMPARE(made("<!--#exec cmd=\"head -c 5000000 /dev/zero\" --><!--#exec cmd=\"head -c 5000000 /dev/zero\" -->").size(),
             5'000'001);
}

void TestSsiExec::leavesAMessageForWhatFails_data() {
    QTest::addColumn<QByteArray>("command");
    for (const char *command :
         {"exec", "exec cmd=\"\"", "exec other=\"a\"", "exec cgi=\"\"", "exec cgi=\"/none.cgi\"", "exec cgi=\"/dir\"",
          "exec cgi=\"page.shtml\"", "exec cgi=\"/../../bin/sh\"", "exec cgi=\"odd.cgi\"", "exec cgi=\"silent.cgi\"",
          "exec cgi=\"lost.cgi\"", "exec cgi=\"plain.cgi\"", "include virtual=\"odd.cgi\""})
        QTest::newRow(command) << QByteArray(command);
}

void TestSsiExec::leavesAMessageForWhatFails() {
    QFETCH(QByteArray, command);
    script("dir/odd.cgi", "#!/no/such/interpreter\n");
    shell("dir/silent.cgi", "exit 0");
    shell("dir/lost.cgi", "printf 'Status: 404\\n\\nnothing'");
    m_site->write("dir/plain.cgi", "#!/bin/sh\nsecret");
    QCOMPARE(made("a<!--#" + command + " -->b"), QByteArray("a!b"));
}

void TestSsiExec::limitsTheNumberOfPrograms() {
    QCOMPARE(made(QByteArray("<!--#exec cmd=\"echo -n a\" -->").repeated(70)), QByteArray(64, 'a') + QByteArray(6, '!'));
}

void TestSsiExec::asksForNoOtherPassword() {
    m_site->write("in/.htpasswd", passwordLine("ana", "mydomain.com", "secret"));
    shell("in/a.cgi", "printf 'Content-Type: text/plain\\n\\nsecret'");
    QVERIFY(QFile::link(m_site->path("in/a.cgi"), m_site->path("dir/link.cgi")));
    QCOMPARE(made("<!--#exec cgi=\"/in/a.cgi\" --><!--#include virtual=\"/in/a.cgi\" --><!--#exec cgi=\"link.cgi\" -->"),
             QByteArray("!!!"));
}

QTEST_GUILESS_MAIN(TestSsiExec)
#include "tst_ssi_exec_posix.moc"
