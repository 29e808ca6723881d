// Station: tests of files/static_files over real sockets: which paths lead to what, and that none leads out of the root.
#include "support/scripted_peer.h"
#include "support/temporary_site.h"

#include <QTest>

using namespace meerkat::test;

class TestStaticPaths : public QObject {
    Q_OBJECT

  private slots:
    void initTestCase();
    void init() {
        m_server = std::make_unique<TestServer>();
        m_server->set("document_root", m_site.path("root").toUtf8());
    }
    void findsAFile_data();
    void findsAFile();
    void staysInsideOfTheRoot_data();
    void staysInsideOfTheRoot();
    void redirectsToTheSlashOfAFolder_data();
    void redirectsToTheSlashOfAFolder();
    void neverShowsAPasswordFile_data();
    void neverShowsAPasswordFile();
    void hidesWhatThePatternsName();
    void takesTheIndexFilesInTheirOrder();
    void refusesAFolderPageWhereItIsSwitchedOff();
    void listsAFolder();
    void opensNothingWithoutARoot_data();
    void opensNothingWithoutARoot();
    void servesItsOwnAssets();

  private:
    Answer get(const QByteArray &target) { return ask(*m_server, "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n"); }

    TemporarySite m_site;
    std::unique_ptr<TestServer> m_server;
};

void TestStaticPaths::initTestCase() {
    m_site.write("secret", "secret");
    m_site.write("root/file", "plain");
    m_site.write("root/folder/inner", "inner");
    m_site.write("root/guarded/.htpasswd", "secret");
    m_site.write("root/a b", "space");
    m_site.write("root/100%", "percent");
    m_site.write("root/what?", "question");
    m_site.write("root/#", "fragment");
    m_site.write("root/gr\u00fc\u00df \u2603", "unicode");
    m_site.write("root/two\nlines", "newline");
    m_site.write("root/back\\slash", "backslash");
    m_site.write("root/.dot", "dot");
    m_site.write("root/...", "dots");
    m_site.write("root/" + QString(255, 'n'), "long");
    m_site.makeFolder("root/odd \"name\"");
    QFile::link(m_site.path("secret"), m_site.path("root/link-outside"));
    QFile::link("folder/inner", m_site.path("root/link-inside"));
    QFile::link("../../secret", m_site.path("root/folder/link-up"));
}

void TestStaticPaths::findsAFile_data() {
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char *words, const QByteArray &target, const char *body) {
        QTest::newRow(words) << target << QByteArray(body);
    };
    row("plain", "/file", "plain");
    row("encoded letters", "/%66%69le", "plain");
    row("two slashes", "//file", "plain");
    row("a dot segment", "/./file", "plain");
    row("up and down", "/folder/../file", "plain");
    row("an encoded slash", "/folder%2Finner", "inner");
    row("a space", "/a%20b", "space");
    row("a percent sign", "/100%25", "percent");
    row("a question mark", "/what%3F", "question");
    row("a number sign", "/%23", "fragment");
    row("UTF-8", "/gr%C3%BC%C3%9F%20%E2%98%83", "unicode");
    row("UTF-8 as it is", "/gr\xc3\xbc\xc3\x9f%20\xe2\x98\x83", "unicode");
    row("a line break", "/two%0Alines", "newline");
    row("a backslash", "/back%5Cslash", "backslash");
    row("a name with a dot first", "/.dot", "dot");
    row("a name of three dots", "/...", "dots");
    row("the longest name", "/" + QByteArray(255, 'n'), "long");
    row("a link that ends inside", "/link-inside", "inner");
}

void TestStaticPaths::findsAFile() {
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, body);
    const Answer got = get(target);
    QCOMPARE(got.status, 200);
    QCOMPARE(got.body, body);
}

void TestStaticPaths::staysInsideOfTheRoot_data() {
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<int>("status");
    const auto row = [](const char *words, const QByteArray &target, int status) { QTest::newRow(words) << target << status; };
    row("up", "/../secret", 400);
    row("up from inside", "/folder/../../secret", 400);
    row("up encoded", "/%2e%2e/secret", 400);
    row("up encoded in capitals", "/%2E%2E%2Fsecret", 400);
    row("up half encoded", "/.%2e/secret", 400);
    row("up behind two slashes", "/folder//../../secret", 400);
    row("up encoded twice", "/%252e%252e/secret", 404);
    row("up with a backslash", "/..\\secret", 404);
    row("up with an encoded backslash", "/..%5csecret", 404);
    row("up in overlong UTF-8", "/%c0%ae%c0%ae/secret", 404);
    row("a NUL", "/file%00.txt", 400);
    row("a broken escape", "/%f", 400);
    row("an escape of no number", "/%gg", 400);
    row("a link that leads outside", "/link-outside", 404);
    row("a relative link that leads outside", "/folder/link-up", 404);
    row("a file with a slash", "/file/", 404);
    row("below a file", "/file/inner", 404);
    row("a name longer than any", "/" + QByteArray(256, 'n'), 404);
    row("a path longer than any", "/" + QByteArray("n/").repeated(5000), 404);
    row("a device", "/dev/null", 404);
    row("nothing there", "/none", 404);
}

void TestStaticPaths::staysInsideOfTheRoot() {
    QFETCH(QByteArray, target);
    QFETCH(int, status);
    const Answer got = get(target);
    QCOMPARE(got.status, status);
    QVERIFY(!got.body.contains("secret"));
}

void TestStaticPaths::redirectsToTheSlashOfAFolder_data() {
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("location");
    QTest::newRow("a folder") << QByteArray("/folder") << QByteArray("/folder/");
    QTest::newRow("with its query") << QByteArray("/folder?a=b&c=%20") << QByteArray("/folder/?a=b&c=%20");
    QTest::newRow("with an empty query") << QByteArray("/folder?") << QByteArray("/folder/?");
    QTest::newRow("never to another host") << QByteArray("//folder") << QByteArray("/folder/");
    QTest::newRow("behind many slashes") << QByteArray("///./folder") << QByteArray("/folder/");
    QTest::newRow("with what would break a head") << QByteArray("/odd%20%22name%22") << QByteArray("/odd%20%22name%22/");
}

void TestStaticPaths::redirectsToTheSlashOfAFolder() {
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, location);
    const Answer got = get(target);
    QCOMPARE(got.status, 301);
    QCOMPARE(got.field("Location"), location);
}

void TestStaticPaths::neverShowsAPasswordFile_data() {
    QTest::addColumn<QByteArray>("target");
    for (const char *target : {"/guarded/.htpasswd", "/guarded/.HtPassWD", "/guarded/%2ehtpasswd", "/guarded/.htpasswd/",
                               "/.htpasswd", "/.htpasswd/file", "/guarded/./.htpasswd?x"})
        QTest::newRow(target) << QByteArray(target);
}

void TestStaticPaths::neverShowsAPasswordFile() {
    QFETCH(QByteArray, target);
    QCOMPARE(get(target).status, 404);
}

void TestStaticPaths::hidesWhatThePatternsName() {
    QVERIFY(get("/").body.contains(">file<"));
    m_server->set("hide_files_patterns", "FILE$|inner$");
    QCOMPARE(get("/file").status, 404);
    QCOMPARE(get("/folder/inner").status, 404);
    QVERIFY(!get("/").body.contains(">file<"));
    QVERIFY(!get("/folder/").body.contains("inner"));
    m_server->set("hide_files_patterns", "folder");
    QCOMPARE(get("/folder/inner").status, 404);
    QCOMPARE(get("/folder").status, 404);
    m_server->set("hide_files_patterns", "");
    QCOMPARE(get("/file").status, 200);
}

void TestStaticPaths::takesTheIndexFilesInTheirOrder() {
    m_site.write("root/site/second.html", "second");
    m_site.write("root/site/first.html", "first");
    m_site.makeFolder("root/site/zero.html");
    m_server->set("index_files", "zero.html, first.html,second.html");
    QCOMPARE(get("/site/").body, QByteArray("first"));
    QCOMPARE(get("/site/").field("Content-Type"), QByteArray("text/html; charset=utf-8"));
    m_server->set("index_files", "second.html,first.html");
    QCOMPARE(get("/site/").body, QByteArray("second"));
    m_server->set("hide_files_patterns", "second");
    QCOMPARE(get("/site/").body, QByteArray("first"));
}

void TestStaticPaths::refusesAFolderPageWhereItIsSwitchedOff() {
    QCOMPARE(get("/folder/").status, 200);
    m_server->set("enable_directory_listing", "no");
    QCOMPARE(get("/folder/").status, 403);
    QCOMPARE(get("/folder/inner").status, 200);
}

void TestStaticPaths::listsAFolder() {
    const Answer got = get("/");
    QCOMPARE(got.status, 200);
    QVERIFY(got.body.contains("100%25"));
    QVERIFY(got.body.contains("folder/"));
    QVERIFY(!got.body.contains("link-outside"));
    QCOMPARE(got.field("Cache-Control"), QByteArray("no-cache"));
}

void TestStaticPaths::opensNothingWithoutARoot_data() {
    QTest::addColumn<QByteArray>("target");
    for (const char *target : {"/", "/file", "/.meerkat/page.css", "/folder"}) QTest::newRow(target) << QByteArray(target);
}

void TestStaticPaths::opensNothingWithoutARoot() {
    QFETCH(QByteArray, target);
    m_server->set("document_root", "");
    QCOMPARE(get(target).status, 404);
}

void TestStaticPaths::servesItsOwnAssets() {
    const QByteArray page = get("/").body;
    const qsizetype at = page.indexOf("/.meerkat/");
    QVERIFY(at >= 0);
    const QByteArray target = page.mid(at, page.indexOf('"', at) - at);
    const Answer got = get(target);
    QCOMPARE(got.status, 200);
    const QByteArray again = "GET " + target + " HTTP/1.1\r\nHost: a\r\nIf-None-Match: " + got.field("ETag") + "\r\n\r\n";
    QCOMPARE(ask(*m_server, again).status, 304);
    QCOMPARE(get("/.meerkat/none").status, 404);
}

QTEST_GUILESS_MAIN(TestStaticPaths)
#include "tst_static_paths.moc"
