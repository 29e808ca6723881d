// Station: tests of WebDAV's locks over real sockets: what each kind keeps others from, and how it ends. RFC 4918 sections 6, 7, 9.10 and 9.11.
#include "support/dav_client.h"

#include <QTest>

using namespace meerkat::test;

class TestDavLocks : public QObject {
    Q_OBJECT

  private slots:
    void init();
    void tellsOfALock();
    void keepsOthersOut_data();
    void keepsOthersOut();
    void countsForWhoTookIt();
    void keepsTheNamesOfALockedFolder();
    void reachesAllBelow();
    void isShared();
    void standsInTheWayOfOthers_data();
    void standsInTheWayOfOthers();
    void makesAnEmptyFile();
    void isRefreshed();
    void lastsForATimeThatIsBounded_data();
    void lastsForATimeThatIsBounded();
    void runsOut();
    void endsWithWhatItWasOn();
    void staysWhereAnotherThingIsPut();
    void endsWhereAnotherFolderIsServed();
    void isFoundThroughALink();
    void isLookedAtOnceMoreWhenAnUploadEnds();
    void areBoundedInNumber();
    void refuses_data();
    void refuses();

  private:
    int as(const QByteArray &token, const QByteArray &method, const QByteArray &target, const QByteArray &fields = {},
           const QByteArray &body = {}) {
        return m_client->status(method, target, "If: (" + token + ")\r\n" + fields, body);
    }

    std::unique_ptr<DavSite> m_site;
    std::unique_ptr<DavClient> m_client;
};

void TestDavLocks::init() {
    m_client.reset();
    m_site = std::make_unique<DavSite>();
    m_site->files().write("f.txt", "f");
    m_site->files().write("d/a.txt", "a");
    m_site->files().write("d/e/b.txt", "b");
    m_client = std::make_unique<DavClient>(m_site->server());
}

void TestDavLocks::tellsOfALock() {
    const Answer answer =
        m_client->say("LOCK", "/f.txt", "Timeout: Infinite, Second-4100000000\r\nDepth: 0\r\n", DavClient::lockInfo());
    QCOMPARE(answer.status, 200);
    const QByteArray token = answer.field("Lock-Token");
    static const QRegularExpression form("^<urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}>$");
    QVERIFY2(form.match(token).hasMatch(), token);
    const QByteArray active =
        "<D:activelock><D:locktype><D:write/></D:locktype><D:lockscope><D:exclusive/></D:lockscope>"
        "<D:depth>0</D:depth><D:owner>Ana &amp; Co</D:owner><D:timeout>Second-3600</D:timeout><D:locktoken><D:href>" +
        token.mid(1, token.size() - 2) + "</D:href></D:locktoken><D:lockroot><D:href>/f.txt</D:href></D:lockroot></D:activelock>";
    QCOMPARE(answer.body, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:prop xmlns:D=\"DAV:\"><D:lockdiscovery>" + active +
                              "</D:lockdiscovery></D:prop>\n");
    QVERIFY(m_client->say("PROPFIND", "/f.txt", "Depth: 0\r\n").body.contains("<D:lockdiscovery><D:activelock>"));
    QCOMPARE(m_client->status("UNLOCK", "/f.txt", "Lock-Token: " + token + "\r\n"), 204);
    QVERIFY(m_client->say("PROPFIND", "/f.txt", "Depth: 0\r\n").body.contains("<D:lockdiscovery/>"));
}

void TestDavLocks::keepsOthersOut_data() {
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    const auto row = [](const char *method, const char *target, const char *fields, const QByteArray &body, int status) {
        QTest::addRow("%s %s", method, target)
            << QByteArray(method) << QByteArray(target) << QByteArray(fields) << body << status;
    };
    const QByteArray change = "<D:propertyupdate xmlns:D='DAV:'><D:set><D:prop><x/></D:prop></D:set></D:propertyupdate>";
    row("PUT", "/d/a.txt", "", "new", 204);
    row("DELETE", "/d/a.txt", "", "", 204);
    row("PROPPATCH", "/d/a.txt", "", change, 207);
    row("MOVE", "/d/a.txt", "Destination: /d/c.txt\r\n", "", 201);
    row("MOVE", "/f.txt", "Destination: /d/a.txt\r\n", "", 204);
    row("COPY", "/f.txt", "Destination: /d/a.txt\r\n", "", 204);
    row("DELETE", "/d", "", "", 204);
    row("MOVE", "/d", "Destination: /x\r\n", "", 201);
}

// Each is tried without the token, with another's, and with its own.
void TestDavLocks::keepsOthersOut() {
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, fields);
    QFETCH(QByteArray, body);
    const QByteArray token = m_client->lock("/d/a.txt"), other = m_client->lock("/d/e/b.txt");
    m_client->status("UNLOCK", "/d/e/b.txt", "Lock-Token: " + other + "\r\n");
    const Answer refused = m_client->say(method, target, fields, body);
    QCOMPARE(refused.status, 423);
    QVERIFY2(refused.body.contains("<D:lock-token-submitted><D:href>/d/a.txt</D:href>"), refused.body);
    QCOMPARE(m_client->status(method, target, "If: (Not " + other + ")\r\n" + fields, body), 423);
    QCOMPARE(m_site->read("d/a.txt"), QByteArray("a"));
    QTEST(m_client->status(method, target, "If: </d/a.txt> (" + token + ")\r\n" + fields, body), "status");
}

void TestDavLocks::countsForWhoTookIt() {
    const QByteArray token = m_client->lock("/f.txt");
    DavClient ben(m_site->server(), "ben");
    QCOMPARE(ben.status("PUT", "/f.txt", "If: (" + token + ")\r\n", "ben's"), 423);
    QCOMPARE(ben.status("UNLOCK", "/f.txt", "Lock-Token: " + token + "\r\n"), 403);
    QCOMPARE(as(token, "PUT", "/f.txt", {}, "ana's"), 204);
    QCOMPARE(m_site->read("f.txt"), QByteArray("ana's"));
}

void TestDavLocks::keepsTheNamesOfALockedFolder() {
    const QByteArray token = m_client->lock("/d", "exclusive", "Depth: 0\r\n");
    // What is in it may change, but neither come nor go.
    QCOMPARE(m_client->status("PUT", "/d/a.txt", {}, "new"), 204);
    QCOMPARE(m_client->status("PUT", "/d/new.txt", {}, "new"), 423);
    QCOMPARE(m_client->status("MKCOL", "/d/new"), 423);
    QCOMPARE(m_client->status("DELETE", "/d/a.txt"), 423);
    QCOMPARE(m_client->status("LOCK", "/d/new.txt", {}, DavClient::lockInfo()), 423);
    QCOMPARE(m_client->status("COPY", "/f.txt", "Destination: /d/f.txt\r\n"), 423);
    QCOMPARE(m_client->status("PUT", "/d/e/new.txt", {}, "new"), 201);
    QCOMPARE(m_client->status("PUT", "/d/new.txt", "If: </d> (" + token + ")\r\n", "new"), 201);
}

void TestDavLocks::reachesAllBelow() {
    const QByteArray token = m_client->lock("/d/");
    QCOMPARE(m_client->status("PUT", "/d/e/b.txt", {}, "new"), 423);
    QCOMPARE(m_client->status("PUT", "/d/e/c.txt", {}, "new"), 423);
    QCOMPARE(as(token, "PUT", "/d/e/c.txt", {}, "new"), 201);
    QVERIFY(m_client->say("PROPFIND", "/d/e/", "Depth: 0\r\n").body.contains("<D:lockroot><D:href>/d/</D:href>"));
    // From anywhere below it is known by its token.
    QCOMPARE(m_client->status("UNLOCK", "/d/e/b.txt", "Lock-Token: " + token + "\r\n"), 204);
    QCOMPARE(m_client->status("PUT", "/d/e/b.txt", {}, "new"), 204);
}

void TestDavLocks::isShared() {
    const QByteArray first = m_client->lock("/f.txt", "shared"), second = m_client->lock("/f.txt", "shared");
    QVERIFY(!first.isEmpty() && !second.isEmpty() && first != second);
    QCOMPARE(m_client->status("PUT", "/f.txt", {}, "x"), 423);
    QCOMPARE(as(second, "PUT", "/f.txt", {}, "x"), 204);
    m_client->status("UNLOCK", "/f.txt", "Lock-Token: " + second + "\r\n");
    QCOMPARE(m_client->status("PUT", "/f.txt", {}, "x"), 423);
    QCOMPARE(as(first, "PUT", "/f.txt", {}, "x"), 204);
}

void TestDavLocks::standsInTheWayOfOthers_data() {
    QTest::addColumn<QByteArray>("held");
    QTest::addColumn<QByteArray>("scope");
    QTest::addColumn<QByteArray>("wanted");
    QTest::addColumn<QByteArray>("wantedScope");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const char *held, const char *scope, const char *wanted, const char *wantedScope,
                        int status) {
        QTest::newRow(name) << QByteArray(held) << QByteArray(scope) << QByteArray(wanted) << QByteArray(wantedScope) << status;
    };
    row("exclusive, exclusive", "/d/a.txt", "exclusive", "/d/a.txt", "exclusive", 423);
    row("exclusive, shared", "/d/a.txt", "exclusive", "/d/a.txt", "shared", 423);
    row("shared, exclusive", "/d/a.txt", "shared", "/d/a.txt", "exclusive", 423);
    row("above", "/d", "exclusive", "/d/a.txt", "shared", 423);
    row("below", "/d/a.txt", "exclusive", "/d", "shared", 207);
    row("below, both shared", "/d/a.txt", "shared", "/d", "shared", 200);
    row("beside", "/d/a.txt", "exclusive", "/f.txt", "exclusive", 200);
}

void TestDavLocks::standsInTheWayOfOthers() {
    QFETCH(QByteArray, held);
    QFETCH(QByteArray, scope);
    QFETCH(QByteArray, wanted);
    QFETCH(QByteArray, wantedScope);
    QVERIFY(!m_client->lock(held, scope).isEmpty());
    const Answer answer = m_client->say("LOCK", wanted, {}, DavClient::lockInfo(wantedScope));
    QTEST(answer.status, "status");
    if (answer.status == 423) QVERIFY2(answer.body.contains("<D:no-conflicting-lock><D:href>" + held), answer.body);
    if (answer.status == 207)
        QVERIFY2(answer.body.contains("<D:href>/d/a.txt</D:href><D:status>HTTP/1.1 423 Locked") &&
                     answer.body.contains("<D:href>/d/</D:href><D:status>HTTP/1.1 424 Failed Dependency"),
                 answer.body);
    QCOMPARE(answer.field("Lock-Token").isEmpty(), answer.status != 200);
}

void TestDavLocks::makesAnEmptyFile() {
    const Answer answer = m_client->say("LOCK", "/new.txt", {}, DavClient::lockInfo());
    QCOMPARE(answer.status, 201);
    QCOMPARE(m_site->read("new.txt"), QByteArray());
    QCOMPARE(as(answer.field("Lock-Token"), "PUT", "/new.txt", {}, "now it has"), 204);
    QCOMPARE(m_client->status("LOCK", "/no/new.txt", {}, DavClient::lockInfo()), 409);
    QCOMPARE(m_client->status("LOCK", "/.htpasswd", {}, DavClient::lockInfo()), 404);
    QCOMPARE(m_client->status("MKCOL", "/new.txt"), 405);
}

void TestDavLocks::isRefreshed() {
    const QByteArray token = m_client->lock("/d");
    const Answer answer = m_client->say("LOCK", "/d/a.txt", "If: (" + token + ")\r\nTimeout: Second-77\r\n");
    QCOMPARE(answer.status, 200);
    QVERIFY2(answer.body.contains("Second-77<"), answer.body);
    QVERIFY(answer.field("Lock-Token").isEmpty());
    QCOMPARE(m_client->status("LOCK", "/f.txt", "If: (" + token + ")\r\n"), 412);
    QCOMPARE(m_client->status("LOCK", "/d"), 400);
    QCOMPARE(DavClient(m_site->server(), "ben").status("LOCK", "/d", "If: (" + token + ")\r\n"), 403);
}

void TestDavLocks::lastsForATimeThatIsBounded_data() {
    QTest::addColumn<QByteArray>("wish");
    QTest::addColumn<QByteArray>("given");
    QTest::newRow("none") << QByteArray() << QByteArray("Second-3600<");
    QTest::newRow("for ever") << QByteArray("Infinite") << QByteArray("Second-3600<");
    QTest::newRow("too long") << QByteArray("Second-99999999999999999999999") << QByteArray("Second-3600<");
    QTest::newRow("too short") << QByteArray("Second-0") << QByteArray("Second-1<");
    QTest::newRow("one of two") << QByteArray("Extend, Second-5") << QByteArray("Second-5<");
    QTest::newRow("nonsense") << QByteArray("Second--5") << QByteArray("Second-3600<");
}

void TestDavLocks::lastsForATimeThatIsBounded() {
    QFETCH(QByteArray, wish);
    QFETCH(QByteArray, given);
    const Answer answer =
        m_client->say("LOCK", "/f.txt", wish.isNull() ? wish : "Timeout: " + wish + "\r\n", DavClient::lockInfo());
    QVERIFY2(answer.body.contains(given), answer.body);
}

void TestDavLocks::runsOut() {
    QVERIFY(!m_client->lock("/f.txt", "exclusive", "Timeout: Second-1\r\n").isEmpty());
    QCOMPARE(m_client->status("PUT", "/f.txt", {}, "x"), 423);
    QVERIFY(m_site->server().pollUntil([&] { return m_client->status("PUT", "/f.txt", {}, "x") == 204; }));
}

void TestDavLocks::endsWithWhatItWasOn() {
    const QByteArray token = m_client->lock("/d/a.txt");
    QCOMPARE(as(token, "MOVE", "/d/a.txt", "Destination: /moved.txt\r\n"), 201);
    QCOMPARE(m_client->status("PUT", "/moved.txt", {}, "x"), 204);
    QCOMPARE(m_client->status("PUT", "/d/a.txt", {}, "x"), 201);
    const QByteArray other = m_client->lock("/f.txt");
    QCOMPARE(as(other, "DELETE", "/f.txt"), 204);
    QCOMPARE(m_client->status("PUT", "/f.txt", {}, "x"), 201);
    const QByteArray source = m_client->lock("/moved.txt");
    QCOMPARE(m_client->status("COPY", "/moved.txt", "Destination: /free.txt\r\n"), 201);
    QCOMPARE(m_client->status("PUT", "/free.txt", {}, "x"), 204);
}

// What programs do that save beside the old file and then move the new one over it.
void TestDavLocks::staysWhereAnotherThingIsPut() {
    const QByteArray token = m_client->lock("/f.txt");
    QCOMPARE(m_client->status("PUT", "/f.tmp", {}, "saved"), 201);
    QCOMPARE(m_client->status("MOVE", "/f.tmp", "Destination: /f.txt\r\nIf: </f.txt> (" + token + ")\r\n"), 204);
    QCOMPARE(m_client->status("PUT", "/f.txt", {}, "x"), 423);
    QCOMPARE(m_client->status("UNLOCK", "/f.txt", "Lock-Token: " + token + "\r\n"), 204);
    QCOMPARE(m_site->read("f.txt"), QByteArray("saved"));
}

void TestDavLocks::endsWhereAnotherFolderIsServed() {
    QVERIFY(!m_client->lock("/f.txt").isEmpty());
    const TemporarySite other;
    m_site->server().set("document_root", other.path().toUtf8());
    QCOMPARE(m_client->status("PUT", "/f.txt", {}, "x"), 201);
}

void TestDavLocks::isFoundThroughALink() {
#ifdef Q_OS_WIN
    QSKIP("links take a right that not everybody has");
#endif
    QVERIFY(QFile::link("d", m_site->files().path("link")));
    const QByteArray token = m_client->lock("/d/a.txt");
    QCOMPARE(m_client->status("PUT", "/link/a.txt", {}, "x"), 423);
    QCOMPARE(m_client->status("DELETE", "/link/../d/./a.txt"), 423);
    m_client->status("UNLOCK", "/d/a.txt", "Lock-Token: " + token + "\r\n");
    QVERIFY(!m_client->lock("/link").isEmpty());
    QCOMPARE(m_client->status("PUT", "/d/a.txt", {}, "x"), 423);
}

void TestDavLocks::isLookedAtOnceMoreWhenAnUploadEnds() {
    const QByteArray head = m_client->request("PUT", "/f.txt", {}, "123456");
    ScriptedPeer peer(m_site->server());
    peer.send(head.left(head.size() - 3)).readUntilQuiet();
    QVERIFY(!m_client->lock("/f.txt").isEmpty());
    QCOMPARE(peer.send("456").readAnswer().status, 423);
    QCOMPARE(m_site->read("f.txt"), QByteArray("f"));
    QCOMPARE(m_site->names(), (QStringList{"d", "f.txt"}));
}

void TestDavLocks::areBoundedInNumber() {
    const QByteArray body = DavClient::lockInfo("shared");
    ScriptedPeer peer(m_site->server());
    int taken = 0, refused = 0;
    for (int i = 0; i < 4100; ++i) {
        const QByteArray request = m_client->request("LOCK", "/f.txt", {}, body).replace("Connection: close\r\n", "");
        const int status = peer.send(request).readAnswer().status;
        taken += status == 200;
        refused += status == 503;
    }
    QCOMPARE(taken, 4096);
    QCOMPARE(refused, 4);
}

void TestDavLocks::refuses_data() {
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::newRow("one deep") << QByteArray("LOCK") << QByteArray("Depth: 1\r\n") << DavClient::lockInfo() << 400;
    QTest::newRow("an owner too long") << QByteArray("LOCK") << QByteArray()
                                       << DavClient::lockInfo().replace("Ana", QByteArray(5000, 'a')) << 413;
    QTest::newRow("no token") << QByteArray("UNLOCK") << QByteArray() << QByteArray() << 400;
    QTest::newRow("a token without brackets")
        << QByteArray("UNLOCK") << QByteArray("Lock-Token: urn:x\r\n") << QByteArray() << 400;
    QTest::newRow("no such lock") << QByteArray("UNLOCK") << QByteArray("Lock-Token: <urn:x>\r\n") << QByteArray() << 409;
}

void TestDavLocks::refuses() {
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, fields);
    QFETCH(QByteArray, body);
    QTEST(m_client->status(method, "/f.txt", fields, body), "status");
}

QTEST_GUILESS_MAIN(TestDavLocks)
#include "tst_dav_locks.moc"
