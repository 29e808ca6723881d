// Station: tests of WebDAV where links lie and where something may not be written: nothing outside of the folder is touched, and what could not be done is
// told, each with its own status.
#include "support/dav_client.h"
#include "support/without_privileges_posix.h"

#include <QTest>

#include <sys/stat.h>

using namespace meerkat::test;

class TestDavLinks : public QObject {
    Q_OBJECT

  private slots:
    void init();
    void leavesTheOutsideAlone_data();
    void leavesTheOutsideAlone();
    void removesAndMovesLinksThemselves();
    void tellsOfLinksThatItDoesNotCopy();
    void keepsHiddenWhatALinkLeadsTo();
    void asksForThePasswordOfWhereALinkLeads();
    void findsPropertiesThroughLinks();
    void tellsWhatCouldNotBeRemoved();
    void tellsWhatCouldNotBeCopied();
    void saysWhereItMayNotWrite();

  private:
    void link(const QString &target, const QString &name) const { QVERIFY(QFile::link(target, m_site->files().path(name))); }
    static bool isLink(const QString &path) {
        struct stat status {};
        return lstat(path.toUtf8().constData(), &status) == 0 && S_ISLNK(status.st_mode);
    }

    TemporarySite m_outside;
    std::unique_ptr<DavSite> m_site;
    std::unique_ptr<DavClient> m_client;
};

void TestDavLinks::init() {
    m_client.reset();
    m_site = std::make_unique<DavSite>();
    m_outside.write("secret/s.txt", "secret");
    m_site->files().write("d/a.txt", "a");
    m_site->files().write("f.txt", "f");
    link(m_outside.path("secret"), "out");
    link(m_outside.path("secret"), "d/out");
    link(m_outside.path("secret/s.txt"), "d/out.txt");
    m_client = std::make_unique<DavClient>(m_site->server());
}

void TestDavLinks::leavesTheOutsideAlone_data() {
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<int>("status");
    const auto row = [](const char *method, const char *target, const char *fields, int status) {
        QTest::addRow("%s %s %s", method, target, QByteArray(fields).trimmed().constData())
            << QByteArray(method) << QByteArray(target) << QByteArray(fields) << status;
    };
    row("PROPFIND", "/out", "Depth: 0\r\n", 404);
    row("PROPFIND", "/out/", "Depth: 1\r\n", 404);
    row("DELETE", "/out", "", 404);
    row("DELETE", "/out/s.txt", "", 404);
    row("PROPPATCH", "/out/s.txt", "", 400);
    row("PUT", "/out/new.txt", "", 404);
    row("MKCOL", "/out/new", "", 409);
    row("MKCOL", "/out", "", 405);
    row("LOCK", "/out/s.txt", "", 400);
    row("COPY", "/out/s.txt", "Destination: /stolen\r\n", 404);
    row("COPY", "/d/out.txt", "Destination: /stolen\r\n", 404);
    row("COPY", "/f.txt", "Destination: /out/f.txt\r\n", 409);
    row("MOVE", "/f.txt", "Destination: /out/f.txt\r\n", 409);
    row("MOVE", "/f.txt", "Destination: /out\r\nOverwrite: F\r\n", 412);
    row("DELETE", "/d", "", 204);
}

void TestDavLinks::leavesTheOutsideAlone() {
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, fields);
    QTEST(m_client->status(method, target, fields), "status");
    QCOMPARE(QDir(m_outside.path("secret")).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
             QStringList{"s.txt"});
    QVERIFY(!m_site->names().contains("stolen"));
    QVERIFY(isLink(m_site->files().path("out")));
}

void TestDavLinks::removesAndMovesLinksThemselves() {
    link("d", "inner");
    link("f.txt", "file");
    QCOMPARE(m_client->status("MOVE", "/inner", "Destination: /renamed\r\n"), 201);
    QVERIFY(isLink(m_site->files().path("renamed")));
    QCOMPARE(m_client->status("DELETE", "/renamed/"), 204);
    QCOMPARE(m_client->status("DELETE", "/file"), 204);
    QCOMPARE(m_site->read("d/a.txt") + m_site->read("f.txt"), QByteArray("af"));
    QCOMPARE(m_site->names(), (QStringList{"d", "f.txt", "out"}));
    // What a file is copied over is the link, not what it leads to.
    QCOMPARE(m_client->status("COPY", "/f.txt", "Destination: /out\r\n"), 204);
    QVERIFY(!isLink(m_site->files().path("out")));
}

void TestDavLinks::tellsOfLinksThatItDoesNotCopy() {
    link("../f.txt", "d/inner.txt");
    const Answer answer = m_client->say("COPY", "/d", "Destination: /copy\r\n");
    QCOMPARE(answer.status, 207);
    // Those that lead outside are there for nobody, and are not told.
    QCOMPARE(answer.body.count("<D:response>"), 1);
    QVERIFY2(answer.body.contains("<D:href>/d/inner.txt</D:href><D:status>HTTP/1.1 403 Forbidden"), answer.body);
    QCOMPARE(m_site->names("copy"), QStringList{"a.txt"});
    // A link that is itself asked for is followed.
    QCOMPARE(m_client->status("COPY", "/d/inner.txt", "Destination: /copy/inner.txt\r\n"), 201);
    QCOMPARE(m_site->read("copy/inner.txt"), QByteArray("f"));
}

void TestDavLinks::keepsHiddenWhatALinkLeadsTo() {
    m_site->server().set("hide_files_patterns", "hidden$");
    m_site->files().write("hidden/h.txt", "h");
    link("hidden", "way");
    link("hidden/h.txt", "way.txt");
    QCOMPARE(m_client->hrefs("/", "infinity"), (QStringList{"/", "/d/", "/d/a.txt", "/f.txt"}));
    for (const QByteArray target : {"/way", "/way.txt", "/way/h.txt", "/hidden"}) {
        QCOMPARE(m_client->status("PROPFIND", target, "Depth: 0\r\n"), 404);
        QCOMPARE(m_client->status("DELETE", target), 404);
        QCOMPARE(m_client->status("COPY", target, "Destination: /x\r\n"), 404);
    }
    QCOMPARE(m_client->status("PUT", "/way/new.txt", {}, "x"), 404);
    QCOMPARE(m_client->status("COPY", "/f.txt", "Destination: /way/x\r\n"), 409);
    QCOMPARE(m_site->names("hidden"), QStringList{"h.txt"});
}

void TestDavLinks::asksForThePasswordOfWhereALinkLeads() {
    m_site->files().write("kept/.htpasswd", passwordLine("zoe", "home", "x"));
    m_site->files().write("kept/k.txt", "k");
    link("kept/k.txt", "way.txt");
    link("kept", "way");
    QCOMPARE(m_client->status("COPY", "/way.txt", "Destination: /x\r\n"), 401);
    QCOMPARE(m_client->status("PROPFIND", "/way.txt", "Depth: 0\r\n"), 401);
    QCOMPARE(m_client->status("PROPFIND", "/way/", "Depth: 1\r\n"), 401);
    QCOMPARE(m_client->status("COPY", "/way/k.txt", "Destination: /x\r\n"), 401);
}

void TestDavLinks::findsPropertiesThroughLinks() {
    link("d", "way");
    QCOMPARE(m_client->setProperty("/way/a.txt", "p", "1").status, 207);
    QCOMPARE(m_client->property("/d/a.txt", "p"), QByteArray("1"));
    QCOMPARE(m_client->setProperty("/way", "p", "2").status, 207);
    QCOMPARE(m_client->property("/d/", "p"), QByteArray("2"));
    QVERIFY(m_client->hrefs("/way", "1").contains("/way/a.txt"));
}

// ---- what may not be written ----

void TestDavLinks::tellsWhatCouldNotBeRemoved() {
    m_site->files().write("d/closed/b.txt", "b");
    m_site->files().write("d/open/c.txt", "c");
    m_site->openToAll();
    chmod(m_site->files().path("d/closed").toUtf8().constData(), 0555);
    Answer answer;
    {
        const WithoutPrivileges nobody;
        if (!nobody.isOrdinary()) QSKIP("privileges can't be dropped here");
        answer = m_client->say("DELETE", "/d");
    }
    QCOMPARE(answer.status, 207);
    QVERIFY2(answer.body.contains("<D:href>/d/closed/b.txt</D:href><D:status>HTTP/1.1 403 Forbidden"), answer.body);
    QCOMPARE(answer.body.count("<D:response>"), 1);
    QCOMPARE(m_site->names("d"), QStringList{"closed"});
}

void TestDavLinks::tellsWhatCouldNotBeCopied() {
    m_site->files().write("d/b.txt", "b");
    m_site->openToAll();
    chmod(m_site->files().path("d/a.txt").toUtf8().constData(), 0);
    Answer answer;
    {
        const WithoutPrivileges nobody;
        if (!nobody.isOrdinary()) QSKIP("privileges can't be dropped here");
        answer = m_client->say("COPY", "/d", "Destination: /copy\r\n");
    }
    QCOMPARE(answer.status, 207);
    QVERIFY2(answer.body.contains("<D:href>/d/a.txt</D:href><D:status>HTTP/1.1 403 Forbidden"), answer.body);
    QCOMPARE(m_site->names("copy"), QStringList{"b.txt"});
}

void TestDavLinks::saysWhereItMayNotWrite() {
    m_site->openToAll();
    chmod(m_site->files().path("d").toUtf8().constData(), 0555);
    const WithoutPrivileges nobody;
    if (!nobody.isOrdinary()) QSKIP("privileges can't be dropped here");
    QCOMPARE(m_client->status("MKCOL", "/d/new"), 403);
    QCOMPARE(m_client->status("PUT", "/d/new", {}, "x"), 403);
    QCOMPARE(m_client->status("DELETE", "/d/a.txt"), 403);
    QCOMPARE(m_client->status("COPY", "/f.txt", "Destination: /d/f.txt\r\n"), 403);
    QCOMPARE(m_client->status("MOVE", "/d/a.txt", "Destination: /a.txt\r\n"), 403);
    QCOMPARE(m_client->status("LOCK", "/d/new", {}, DavClient::lockInfo()), 403);
    QVERIFY(m_client->setProperty("/d/a.txt", "p", "1").body.contains("403 Forbidden"));
    QCOMPARE(m_site->names("d"), (QStringList{"a.txt", "out", "out.txt"}));
}

QTEST_GUILESS_MAIN(TestDavLinks)
#include "tst_dav_links_posix.moc"
