// Station: tests of links below the root over real sockets: a file is as hidden and as guarded as the place where it lies.
#include "support/digest_client.h"
#include "support/scripted_peer.h"
#include "support/temporary_site.h"

#include <QTest>

#include <memory>

using namespace meerkat::test;

namespace {

QByteArray get(const QByteArray &target) { return "GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"; }

}  // namespace

class TestLinks : public QObject {
    Q_OBJECT

  private slots:
    void init();
    void hidesWhatLiesHidden_data();
    void hidesWhatLiesHidden();
    void listsNoLinkToWhatIsHidden();
    void asksForThePasswordOfThePlace_data();
    void asksForThePasswordOfThePlace();
    void asksAgainForACachedFile();
    void asksForThePasswordOfTheLinkToo();
    void followsALinkThatIsTurned();
    void givesNoPageOutAsItsText();
    void putsNothingIntoAHiddenFolder();

  private:
    void link(const QString &target, const QString &name) { QVERIFY(QFile::link(target, m_site->path(name))); }
    Answer fetch(const QByteArray &target) { return ask(*m_server, get(target)); }
    // With ana's password of that place's file.
    Answer login(const QByteArray &target, const QByteArray &password) {
        const Answer asked = fetch(target);
        DigestClient client;
        client.password = password;
        client.read(asked.field("WWW-Authenticate"));
        return ask(*m_server, client.request(target).replace("Host: a", "Host: a\r\nConnection: close"));
    }
    // Old enough to be kept in memory.
    void writeSettled(const QString &name, const QByteArray &bytes) {
        m_site->write(name, bytes);
        QTest::qWait(3100);
    }

    std::unique_ptr<TemporarySite> m_site;
    std::unique_ptr<TestServer> m_server;
};

void TestLinks::init() {
    m_site = std::make_unique<TemporarySite>();
    m_site->write("open.txt", "open");
    m_site->write("sub/.htpasswd", passwordLine("ana", "home", "sub"));
    m_site->write("sub/in.txt", "in");
    m_site->write("guarded/.htpasswd", passwordLine("ana", "home", "secret"));
    m_site->write("guarded/text.txt", "text");
    m_site->write("guarded/deep/index.html", "index");
    m_site->write("private/own.txt", "own");
    m_site->write("plans/.git/config", "config");
    m_server = std::make_unique<TestServer>();
    m_server->set("document_root", m_site->path().toUtf8());
    m_server->set("auth_domain", "home");
    m_server->set("hide_files_patterns", "**.secret$|private|.git");
}

void TestLinks::hidesWhatLiesHidden_data() {
    QTest::addColumn<QString>("to");
    QTest::addColumn<QByteArray>("target");
    QTest::newRow("a password file") << "guarded/.htpasswd" << QByteArray("/link");
    QTest::newRow("a hidden folder") << "private" << QByteArray("/link/");
    QTest::newRow("a file in it, through its folder") << "private" << QByteArray("/link/own.txt");
    QTest::newRow("a file in it") << "private/own.txt" << QByteArray("/link");
    QTest::newRow("below a hidden folder") << "plans/.git" << QByteArray("/link/config");
}

void TestLinks::hidesWhatLiesHidden() {
    QFETCH(QString, to);
    QFETCH(QByteArray, target);
    link(to, "link");
    QCOMPARE(fetch(target).status, 404);
    // By another link, and by an absolute one.
    QVERIFY(m_site->remove("link"));
    link("second", "link");
    link(m_site->path(to), "second");
    QCOMPARE(fetch(target).status, 404);
    QCOMPARE(fetch("/open.txt").body, QByteArray("open"));
}

void TestLinks::listsNoLinkToWhatIsHidden() {
    link("guarded/.htpasswd", "users.txt");
    link("private", "mine");
    link("open.txt", "shown.txt");
    const Answer page = fetch("/");
    QCOMPARE(page.status, 200);
    QVERIFY(page.body.contains("shown.txt"));
    QVERIFY(!page.body.contains("users.txt"));
    QVERIFY(!page.body.contains("mine"));
}

void TestLinks::asksForThePasswordOfThePlace_data() {
    QTest::addColumn<QString>("to");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("a file") << "guarded/text.txt" << QByteArray("/link") << QByteArray("text");
    QTest::newRow("a file in a folder") << "guarded" << QByteArray("/link/text.txt") << QByteArray("text");
    QTest::newRow("an index file") << "guarded/deep" << QByteArray("/link/") << QByteArray("index");
    QTest::newRow("a folder's name") << "guarded/deep" << QByteArray("/link") << QByteArray();
    QTest::newRow("an index file that is a link") << "." << QByteArray("/") << QByteArray("text");
}

void TestLinks::asksForThePasswordOfThePlace() {
    QFETCH(QString, to);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, body);
    link(to, "link");
    if (target == "/") link("guarded/text.txt", "index.html");
    QCOMPARE(fetch(target).status, 401);
    QCOMPARE(login(target, "wrong").status, 401);
    const Answer answer = login(target, "secret");
    QCOMPARE(answer.status, body.isEmpty() ? 301 : 200);
    QCOMPARE(answer.body, body);
    QCOMPARE(fetch("/open.txt").body, QByteArray("open"));
}

void TestLinks::asksAgainForACachedFile() {
    link("guarded/text.txt", "link");
    writeSettled("guarded/text.txt", "text");
    QCOMPARE(login("/link", "secret").body, QByteArray("text"));
    QCOMPARE(fetch("/link").status, 401);
    QCOMPARE(login("/link", "secret").body, QByteArray("text"));
    // The place is no longer guarded.
    QVERIFY(m_site->remove("guarded/.htpasswd"));
    QCOMPARE(fetch("/link").body, QByteArray("text"));
}

void TestLinks::asksForThePasswordOfTheLinkToo() {
    link("../open.txt", "guarded/out.txt");
    QCOMPARE(fetch("/guarded/out.txt").status, 401);
    QCOMPARE(login("/guarded/out.txt", "secret").body, QByteArray("open"));
    // Who knows one of two passwords is not let in to what takes both.
    link("../sub/in.txt", "guarded/in.txt");
    QCOMPARE(login("/guarded/in.txt", "secret").status, 401);
    QCOMPARE(login("/guarded/in.txt", "sub").status, 401);
    m_site->write("sub/.htpasswd", passwordLine("ana", "home", "secret"));
    QCOMPARE(login("/guarded/in.txt", "secret").body, QByteArray("in"));
}

// From one place to another with the same file behind it: what was known of the first does not count.
void TestLinks::followsALinkThatIsTurned() {
    writeSettled("open.txt", "open");
    link("open.txt", "link");
    QCOMPARE(fetch("/link").body, QByteArray("open"));
    QVERIFY(QFile::rename(m_site->path("open.txt"), m_site->path("guarded/moved.txt")));
    QVERIFY(m_site->remove("link"));
    link("guarded/moved.txt", "link");
    QCOMPARE(fetch("/link").status, 401);
}

void TestLinks::givesNoPageOutAsItsText() {
    m_server->set("ssi_pattern", "**.shtml$");
    m_site->write("page.shtml", "<!--#set var=\"a\" value=\"b\" -->made");
    link("page.shtml", "link.txt");
    QCOMPARE(fetch("/link.txt").body, QByteArray("made"));
}

void TestLinks::putsNothingIntoAHiddenFolder() {
    m_site->write("keys/dav", passwordLine("ana", "home", "secret"));
    m_server->set("dav_auth_file", m_site->path("keys/dav").toUtf8());
    link("private", "mine");
    for (const QByteArray &target : {QByteArray("/mine/new.txt"), QByteArray("/guarded/deep/new.txt")}) {
        const Answer asked =
            ask(*m_server, "PUT " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        DigestClient client;
        client.read(asked.field("WWW-Authenticate"));
        const Answer put = ask(*m_server, "PUT " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: " +
                                              client.answer(target, 1, "PUT") + "\r\nContent-Length: 3\r\n\r\nnew");
        QCOMPARE(put.status, target.startsWith("/mine") ? 404 : 201);
    }
    QVERIFY(!QFile::exists(m_site->path("private/new.txt")));
}

QTEST_GUILESS_MAIN(TestLinks)
#include "tst_links_posix.moc"
