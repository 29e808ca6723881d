// Station: tests of url_rewrites, clean_urls, spa_fallback, extra_headers, cache_control, cors_origins and cross_origin_isolation on the wire.
#include "support/digest_client.h"
#include "support/scripted_peer.h"
#include "support/settled_sites.h"
#include "support/temporary_site.h"

#include <QTest>

#include <memory>

using namespace meerkat::test;

class TestAddresses : public QObject {
    Q_OBJECT

  private slots:
    void initTestCase();
    void init();
    void servesAFolderFromElsewhere();
    void servesAFileFromElsewhere();
    void keepsAPathInsideOfItsFolder_data();
    void keepsAPathInsideOfItsFolder();
    void sendsAFolderOnToItsSlash();
    void guardsWhatLiesElsewhere();
    void guardsWhatLiesBelowDocumentRoot();
    void changesNothingThatLiesElsewhere();
    void noticesThatAFolderWasReplaced();
    void servesEachHostItsFolder();
    void keepsHostsApart();
    void redirectsWithAStatus();
    void sendsErrorsOn();
    void tellsAProgramAndTheLogWhatWasAsked();
    void findsCleanPages();
    void seesAFileBeforeACleanPage();
    void sendsAPageOnToItsCleanName();
    void fallsBackForPagesAlone_data();
    void fallsBackForPagesAlone();
    void asksForThePasswordOfTheFallback();
    void addsHeadersToEveryAnswer();
    void saysHowLongAFileMayBeKept();
    void letsOtherOriginsRead();
    void letsNamedOriginsRead();
    void answersPreflights();
    void keepsPagesApart();

  private:
    Answer get(const QByteArray &target, const QByteArray &fields = {}, const QByteArray &host = "a") {
        return ask(*m_server, "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + fields + "\r\n");
    }
    QByteArray place(const QString &name) const { return m_site->path(name).toUtf8(); }

    // More than there are tests and rows.
    std::unique_ptr<SettledSites> m_sites;
    std::unique_ptr<TemporarySite> m_site;
    std::unique_ptr<TestServer> m_server;
};

void TestAddresses::initTestCase() {
    m_sites = std::make_unique<SettledSites>(70, [](const TemporarySite &site) {
        site.write("www/index.html", "home");
        site.write("www/about.html", "about");
        site.write("www/a.txt", "a");
        site.write("www/in/file", "inner");
        site.write("photos/one.jpg", "photo");
        site.write("photos/a.txt", "other");
        site.write("photos/.htsecret", "hidden");
        site.write("photos/sub/two.jpg", "second");
        site.write("photosecret/x", "never");
        site.write("secret", "never");
    });
}

void TestAddresses::init() {
    m_server = std::make_unique<TestServer>();
    m_site = m_sites->take();
    QVERIFY(m_site);
    m_server->set("document_root", place("www"));
}

void TestAddresses::servesAFolderFromElsewhere() {
    m_server->set("url_rewrites", "/pics=" + place("photos"));
    QCOMPARE(get("/pics/one.jpg").body, QByteArray("photo"));
    QCOMPARE(get("/pics/sub/two.jpg?x=y").body, QByteArray("second"));
    QCOMPARE(get("/p%69cs/one%2Ejpg").body, QByteArray("photo"));
    QCOMPARE(get("/pics/none").status, 404);
    QCOMPARE(get("/one.jpg").status, 404);
    QCOMPARE(get("/a.txt").body, QByteArray("a"));
    const Answer page = get("/pics/");
    QVERIFY(page.status == 200 && page.body.contains("one.jpg"));
    QVERIFY2(page.body.contains("<bdi>pics</bdi>") || page.body.contains(">pics<"), page.body.constData());
    // From what is ready.
    for (int i = 0; i < 3; ++i) QCOMPARE(get("/pics/one.jpg").body, QByteArray("photo"));
    m_server->set("url_rewrites", "");
    QCOMPARE(get("/pics/one.jpg").status, 404);
}

void TestAddresses::servesAFileFromElsewhere() {
    m_server->set("url_rewrites", "/first=" + place("photos/one.jpg") + ",/a.txt=" + place("photos/sub/two.jpg"));
    QCOMPARE(get("/first").body, QByteArray("photo"));
    QCOMPARE(get("/first").field("Content-Type"), QByteArray("image/jpeg"));
    QCOMPARE(get("/first/").status, 404);
    QCOMPARE(get("/first/sub/two.jpg").status, 404);
    QCOMPARE(get("/first/../sub/two.jpg").status, 404);
    QCOMPARE(get("/a.txt").body, QByteArray("second"));
}

void TestAddresses::keepsAPathInsideOfItsFolder_data() {
    QTest::addColumn<QByteArray>("target");
    for (const char *target : {"/pics/../secret", "/pics/%2e%2e/secret", "/pics/..%2fsecret", "/pics/sub/../../secret",
                               "/picsecret/x", "/pics%2F..%2F..%2Fsecret", "/pics/link", "/pics/.htpasswd", "/pics/%2ehtpasswd"})
        QTest::newRow(target) << QByteArray(target);
}

void TestAddresses::keepsAPathInsideOfItsFolder() {
    QFETCH(QByteArray, target);
    QFile::link(m_site->path("secret"), m_site->path("photos/link"));
    m_server->set("url_rewrites", "/pics=" + place("photos"));
    const Answer answer = get(target);
    QVERIFY2(answer.status == 404 || answer.status == 400, answer.head.constData());
    QVERIFY(!answer.body.contains("never"));
}

void TestAddresses::sendsAFolderOnToItsSlash() {
    m_server->set("url_rewrites", "/pics=" + place("photos"));
    QCOMPARE(get("/pics?a=b").field("Location"), QByteArray("/pics/?a=b"));
    QCOMPARE(get("/pics/sub").field("Location"), QByteArray("/pics/sub/"));
    QCOMPARE(get("/pics/sub").status, 301);
}

void TestAddresses::guardsWhatLiesElsewhere() {
    m_site->write("photos/sub/.htpasswd", passwordLine("ana", "mydomain.com", "secret"));
    m_server->set("hide_files_patterns", ".htsecret");
    m_server->set("url_rewrites", "/pics=" + place("photos"));
    QCOMPARE(get("/pics/one.jpg").status, 200);
    QCOMPARE(get("/pics/.htsecret").status, 404);
    QCOMPARE(get("/pics/sub/.htpasswd").status, 404);
    const Answer asked = get("/pics/sub/two.jpg");
    QCOMPARE(asked.status, 401);
    DigestClient client;
    client.read(asked.field("WWW-Authenticate"));
    // The client knows the address that it asks for, and nothing of the other.
    QCOMPARE(get("/pics/sub/two.jpg", "Authorization: " + client.answer("/pics/sub/two.jpg") + "\r\n").body,
             QByteArray("second"));
}

// A second address of a folder is no way around its password.
void TestAddresses::guardsWhatLiesBelowDocumentRoot() {
    m_site->write("www/.htpasswd", passwordLine("ana", "mydomain.com", "secret"));
    m_server->set("url_rewrites", "/other=" + place("www/in") + ",@b.example=" + place("www/in") + ",/pics=" + place("photos"));
    QCOMPARE(get("/in/file").status, 401);
    QCOMPARE(get("/other/file").status, 401);
    QCOMPARE(get("/file", {}, "b.example").status, 401);
    QCOMPARE(get("/pics/one.jpg").status, 200);
    m_server->set("global_auth_file", place("www/.htpasswd"));
    QCOMPARE(get("/pics/one.jpg").status, 401);
}

void TestAddresses::changesNothingThatLiesElsewhere() {
    m_site->write("keys", passwordLine("ana", "mydomain.com", "secret"));
    m_server->set("dav_auth_file", place("keys"));
    m_server->set("url_rewrites", "/pics=" + place("photos"));
    QCOMPARE(ask(*m_server, "PUT /pics/new HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nnew").status, 405);
    QCOMPARE(ask(*m_server, "PUT /new HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nnew").status, 401);
}

void TestAddresses::noticesThatAFolderWasReplaced() {
    m_server->set("url_rewrites", "/pics=" + place("photos") + ",@b.example=" + place("photos"));
    QCOMPARE(get("/pics/one.jpg").body, QByteArray("photo"));
    QVERIFY(QDir().rename(m_site->path("photos"), m_site->path("moved")));
    QVERIFY(m_server->pollUntil([&] { return get("/pics/one.jpg").status == 503; }));
    QCOMPARE(get("/a.txt").status, 200);
    m_site->write("photos/one.jpg", "another");
    QVERIFY(m_server->pollUntil([&] { return get("/pics/one.jpg").body == "another"; }));
    QVERIFY(m_server->pollUntil([&] { return get("/one.jpg", {}, "b.example").body == "another"; }));
}

void TestAddresses::servesEachHostItsFolder() {
    m_server->set("url_rewrites", "@B.example=" + place("photos") + ",@[::1]=" + place("www/in"));
    QCOMPARE(get("/one.jpg", {}, "b.EXAMPLE:8080").body, QByteArray("photo"));
    QCOMPARE(get("/file", {}, "[::1]").body, QByteArray("inner"));
    QCOMPARE(get("/one.jpg", {}, "c.example").status, 404);
    QCOMPARE(get("/about.html", {}, "b.example").status, 404);
    QCOMPARE(ask(*m_server, "GET http://b.example/one.jpg HTTP/1.1\r\nHost: a\r\n\r\n").body, QByteArray("photo"));
    QVERIFY(get("/", {}, "b.example").body.contains("one.jpg"));
    QCOMPARE(get("/sub", {}, "b.example").field("Location"), QByteArray("/sub/"));
}

// The same path of two hosts is two files, also where the answers are ready.
void TestAddresses::keepsHostsApart() {
    m_server->set("url_rewrites", "@b.example=" + place("photos") + ",/again=" + place("photos"));
    for (int i = 0; i < 3; ++i) {
        QCOMPARE(get("/a.txt").body, QByteArray("a"));
        QCOMPARE(get("/a.txt", {}, "b.example").body, QByteArray("other"));
        QCOMPARE(get("/again/a.txt").body, QByteArray("other"));
    }
}

void TestAddresses::redirectsWithAStatus() {
    m_server->set("url_rewrites", "/old=301:/new,/tmp$=307:https://b.example/x?y,**.php=308:/");
    const Answer moved = get("/old/a%20b/?c=d");
    QCOMPARE(moved.status, 301);
    QCOMPARE(moved.field("Location"), QByteArray("/new/a%20b/?c=d"));
    QCOMPARE(get("/tmp?q").field("Location"), QByteArray("https://b.example/x?y&q"));
    QCOMPARE(get("/tmp").status, 307);
    QCOMPARE(get("/a/b.php").field("Location"), QByteArray("/"));
    QCOMPARE(get("/older").status, 404);
    // Nobody is led to another host by what a path holds.
    QCOMPARE(get("/x.php//evil.example/").field("Location"), QByteArray("/evil.example/"));
    QCOMPARE(ask(*m_server, "POST /old HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx").status, 301);
}

void TestAddresses::sendsErrorsOn() {
    m_server->set("url_rewrites", "404=/lost.html,405=/lost.html,416=/lost.html");
    const Answer sent = get("/none?a=b%20c");
    QCOMPARE(sent.status, 302);
    QCOMPARE(sent.field("Location"), QByteArray("/lost.html?code=404&orig_uri=%2Fnone&query_string=a%3Db%2520c"));
    // The page is not there itself.
    QCOMPARE(get(sent.field("Location")).status, 404);
    QCOMPARE(get("/lost.html").status, 404);
    QCOMPARE(get("/a.txt", "Range: bytes=5-\r\n").status, 302);
    QCOMPARE(ask(*m_server, "POST /a.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").status, 302);
    // What is no request has no address.
    QCOMPARE(ask(*m_server, "GET / HTTP/9.9\r\n\r\n").status, 505);
    QVERIFY(mg_set_option(m_server->get(), "url_rewrites", "401=/x"));
}

void TestAddresses::tellsAProgramAndTheLogWhatWasAsked() {
    QByteArray told;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_HTTP_ERROR) told = connection->uri;
        return event == MG_AUTH;
    });
    server.set("document_root", place("www"));
    server.set("url_rewrites", "/pics=" + place("photos"));
    server.set("access_log_file", place("log"));
    QCOMPARE(ask(server, "GET /pics/none HTTP/1.1\r\nHost: a\r\n\r\n").status, 404);
    QCOMPARE(told, QByteArray("/pics/none"));
    QCOMPARE(ask(server, "GET /pics/one.jpg HTTP/1.1\r\nHost: a\r\n\r\n").body, QByteArray("photo"));
    server.poll();
    QFile log(m_site->path("log"));
    QVERIFY(log.open(QIODevice::ReadOnly));
    const QByteArray lines = log.readAll();
    QVERIFY2(lines.contains("GET /pics/none") && lines.contains("GET /pics/one.jpg"), lines.constData());
}

// ---- clean URLs and the fallback ----

void TestAddresses::findsCleanPages() {
    QCOMPARE(get("/about").status, 404);
    m_server->set("clean_urls", "yes");
    for (int i = 0; i < 2; ++i) {
        QCOMPARE(get("/about").body, QByteArray("about"));
        QCOMPARE(get("/about").field("Content-Type"), QByteArray("text/html; charset=utf-8"));
        QCOMPARE(get("/about.html").body, QByteArray("about"));
    }
    QCOMPARE(get("/about/").status, 404);
    QCOMPARE(get("/abou").status, 404);
    m_server->set("hide_files_patterns", "about.html");
    QCOMPARE(get("/about").status, 404);
}

void TestAddresses::seesAFileBeforeACleanPage() {
    m_server->set("clean_urls", "yes");
    QCOMPARE(get("/about").body, QByteArray("about"));
    m_site->write("www/about", "exact");
    QCOMPARE(get("/about").body, QByteArray("exact"));
    m_site->remove("www/about");
    m_site->makeFolder("www/about");
    QCOMPARE(get("/about").field("Location"), QByteArray("/about/"));
}

void TestAddresses::sendsAPageOnToItsCleanName() {
    m_server->set("clean_urls", "redirect");
    const Answer sent = get("/about.html?a=b");
    QCOMPARE(sent.status, 301);
    QCOMPARE(sent.field("Location"), QByteArray("/about?a=b"));
    QCOMPARE(get("/about").body, QByteArray("about"));
    QCOMPARE(get("/index.html").body, QByteArray("home"));
    QCOMPARE(get("/none.html").status, 404);
    m_site->write("www/about", "exact");
    QCOMPARE(get("/about.html").body, QByteArray("about"));
}

void TestAddresses::fallsBackForPagesAlone_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    const auto row = [](const char *words, const char *request, int status) {
        QTest::newRow(words) << QByteArray(request) << status;
    };
    row("a page", "GET /any/where HTTP/1.1\r\nHost: a\r\nAccept: text/html,application/xml;q=0.9\r\n\r\n", 200);
    row("anything", "GET /any/where HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n", 200);
    row("who says nothing", "GET /any/where/ HTTP/1.1\r\nHost: a\r\n\r\n", 200);
    row("a picture", "GET /any/where HTTP/1.1\r\nHost: a\r\nAccept: image/png\r\n\r\n", 404);
    row("no page", "GET /any HTTP/1.1\r\nHost: a\r\nAccept: application/json, text/html;q=0.0, */*;q=0\r\n\r\n", 404);
    row("a file's name", "GET /any/where.js HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n", 404);
    row("a hidden name", "GET /.git/config HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n", 404);
    row("another method", "POST /any HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 405);
    row("a way out", "GET /../any HTTP/1.1\r\nHost: a\r\n\r\n", 400);
}

void TestAddresses::fallsBackForPagesAlone() {
    QFETCH(QByteArray, request);
    m_server->set("spa_fallback", "/index.html");
    m_server->set("hide_files_patterns", ".git");
    for (const bool isSettled : {true, false}) {
        if (!isSettled) m_site->write("www/index.html", "home");
        for (int i = 0; i < 2; ++i) {
            const Answer answer = ask(*m_server, request);
            QTEST(answer.status, "status");
            if (answer.status == 200) QCOMPARE(answer.body, QByteArray("home"));
        }
    }
    // What comes later is found.
    m_site->write("www/any/where", "found");
    QCOMPARE(get("/any/where").body, QByteArray("found"));
}

void TestAddresses::asksForThePasswordOfTheFallback() {
    m_site->write("www/app/index.html", "app");
    m_site->write("www/app/.htpasswd", passwordLine("ana", "mydomain.com", "secret"));
    m_server->set("spa_fallback", "app/index.html");
    QCOMPARE(get("/any").status, 401);
    m_server->set("hide_files_patterns", "app");
    QCOMPARE(get("/any").status, 404);
    QVERIFY(QByteArray(mg_set_option(m_server->get(), "spa_fallback", "../x")).contains("\"../x\""));
    QVERIFY(QByteArray(mg_set_option(m_server->get(), "spa_fallback", "/a/")).contains("\"/a/\""));
}

// ---- lines of answers ----

void TestAddresses::addsHeadersToEveryAnswer() {
    m_server->set("extra_headers", "/=X-Frame-Options: DENY,**.txt$=X-Text: a\\, b");
    for (int i = 0; i < 2; ++i) {
        const Answer file = get("/a.txt");
        QCOMPARE(file.field("X-Frame-Options"), QByteArray("DENY"));
        QCOMPARE(file.field("X-Text"), QByteArray("a, b"));
        QCOMPARE(file.head.count("X-Text"), 1);
        const Answer same = get("/a.txt", "If-None-Match: " + file.field("ETag") + "\r\n");
        QCOMPARE(same.status, 304);
        QCOMPARE(same.head.count("X-Text"), 1);
        const Answer part = get("/a.txt", "Range: bytes=0-0\r\n");
        QCOMPARE(part.status, 206);
        QCOMPARE(part.head.count("X-Text"), 1);
    }
    QCOMPARE(get("/in/").head.count("X-Frame-Options"), 1);
    QCOMPARE(get("/in").head.count("X-Frame-Options"), 1);
    QCOMPARE(get("/none").head.count("X-Frame-Options"), 1);
    m_site->write("www/.htpasswd", "");
    QCOMPARE(get("/a.txt").head.count("X-Text"), 1);
    m_server->set("extra_headers", "");
    QCOMPARE(get("/none").head.count("X-Frame-Options"), 0);
}

void TestAddresses::saysHowLongAFileMayBeKept() {
    m_server->set("cache_control", "**.txt$=public max-age=60,/in/=no-store");
    for (int i = 0; i < 2; ++i) {
        const Answer file = get("/a.txt?v=1");
        QCOMPARE(file.field("Cache-Control"), QByteArray("public, max-age=60"));
        QCOMPARE(get("/a.txt", "If-None-Match: *\r\n").field("Cache-Control"), QByteArray("public, max-age=60"));
    }
    QCOMPARE(get("/index.html").field("Cache-Control"), QByteArray());
    QCOMPARE(get("/in/").field("Cache-Control"), QByteArray("no-store"));
    QCOMPARE(get("/in/").head.count("Cache-Control"), 1);
    // What is not there today may be there tomorrow.
    QCOMPARE(get("/none.txt").field("Cache-Control"), QByteArray());
}

void TestAddresses::letsOtherOriginsRead() {
    m_server->set("cors_origins", "*");
    for (const char *target : {"/a.txt", "/a.txt", "/in/", "/none"}) {
        const Answer answer = get(target, "Origin: https://b.example\r\n");
        QCOMPARE(answer.field("Access-Control-Allow-Origin"), QByteArray("*"));
        QCOMPARE(answer.head.count("Access-Control-Allow-Credentials"), 0);
        QVERIFY(!answer.field("Access-Control-Expose-Headers").isEmpty());
    }
}

void TestAddresses::letsNamedOriginsRead() {
    m_server->set("cors_origins", "https://b.example,http://c.example:8080");
    for (const char *target : {"/a.txt", "/a.txt", "/in/", "/none"}) {
        const Answer named = get(target, "Origin: http://c.example:8080\r\n");
        QCOMPARE(named.field("Access-Control-Allow-Origin"), QByteArray("http://c.example:8080"));
        QCOMPARE(named.field("Access-Control-Allow-Credentials"), QByteArray("true"));
        QVERIFY(named.head.contains("Vary: Origin\r\n"));
        const Answer other = get(target, "Origin: https://evil.example\r\n");
        QCOMPARE(other.head.count("Access-Control-Allow-Origin"), 0);
        QVERIFY(other.head.contains("Vary: Origin\r\n"));
        QCOMPARE(get(target).head.count("Access-Control-Allow-Origin"), 0);
    }
}

void TestAddresses::answersPreflights() {
    const auto asks = [&](const QByteArray &origin) {
        return ask(*m_server,
                   "OPTIONS /in/file HTTP/1.1\r\nHost: a\r\nOrigin: " + origin +
                       "\r\nAccess-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: x-one, content-type\r\n\r\n");
    };
    m_site->write("www/in/.htpasswd", passwordLine("ana", "mydomain.com", "secret"));
    m_server->set("cors_origins", "https://b.example");
    const Answer answer = asks("https://b.example");
    QCOMPARE(answer.status, 204);
    QCOMPARE(answer.field("Access-Control-Allow-Origin"), QByteArray("https://b.example"));
    QCOMPARE(answer.field("Access-Control-Allow-Methods"), QByteArray("GET, HEAD, OPTIONS, PROPFIND"));
    QCOMPARE(answer.field("Access-Control-Allow-Headers"), QByteArray("x-one, content-type"));
    QVERIFY(asks("https://evil.example").head.count("Access-Control-Allow-") == 0);
    m_server->set("dav_auth_file", place("www/in/.htpasswd"));
    QVERIFY(asks("https://b.example").field("Access-Control-Allow-Methods").contains("PUT"));
    m_server->set("cors_origins", "*");
    QCOMPARE(asks("https://any.example").field("Access-Control-Allow-Origin"), QByteArray("*"));
}

void TestAddresses::keepsPagesApart() {
    m_server->set("cross_origin_isolation", "yes");
    for (const char *target : {"/a.txt", "/a.txt", "/in/", "/none"}) {
        const Answer answer = get(target);
        QCOMPARE(answer.field("Cross-Origin-Opener-Policy"), QByteArray("same-origin"));
        QCOMPARE(answer.field("Cross-Origin-Embedder-Policy"), QByteArray("require-corp"));
        QCOMPARE(answer.field("Cross-Origin-Resource-Policy"), QByteArray("same-origin"));
    }
}

QTEST_GUILESS_MAIN(TestAddresses)
#include "tst_addresses.moc"
