// Station: tests of files/rewrites, answer_fields and sites as text: what is taken, what is refused and with which words, and what becomes of a path.
#include "files/answer_fields.h"
#include "files/rewrites.h"
#include "files/sites.h"
#include "support/temporary_site.h"

#include <QTest>

using namespace meerkat;
using namespace meerkat::files;
using namespace meerkat::test;

namespace {

QByteArray bytes(std::string_view text) { return QByteArray(text.data(), qsizetype(text.size())); }

Rewrites rewrites(std::string_view value) {
    auto parsed = Rewrites::parse(value);
    if (!parsed) qFatal("%s", parsed.failure().text.c_str());
    return std::move(*parsed);
}

}  // namespace

class TestRewrites : public QObject {
    Q_OBJECT

  private slots:
    void matchesWholeNames_data();
    void matchesWholeNames();
    void takesTheFirstHit();
    void findsAHostWhateverItsCaseAndPort_data();
    void findsAHostWhateverItsCaseAndPort();
    void sendsAnErrorOn();
    void sendsNoErrorRound_data();
    void sendsNoErrorRound();
    void leadsARedirectWithItsRestAndQuery_data();
    void leadsARedirectWithItsRestAndQuery();
    void refusesWhatIsNoRewrite_data();
    void refusesWhatIsNoRewrite();
    void survivesEveryPartAndEveryChangedByte();
    void opensWhatARewriteNames();
    void takesHeadersWithCommas();
    void countsTheFirstOfAName();
    void refusesHeaders_data();
    void refusesHeaders();
    void joinsDirectives();
    void knowsOrigins();
};

void TestRewrites::matchesWholeNames_data() {
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("matched");
    QTest::addColumn<QByteArray>("rest");
    const auto row = [](const char *words, const char *pattern, const char *path, const char *matched, const char *rest) {
        QTest::newRow(words) << QByteArray(pattern) << QByteArray(path) << QByteArray(matched) << QByteArray(rest);
    };
    row("a name", "/a", "/a", "/a", "");
    row("below it", "/a", "/a/b", "/a", "/b");
    row("a folder", "/a", "/a/", "/a", "/");
    row("with a slash", "/a/", "/a/b", "/a", "/b");
    row("everything", "/", "/a/b", "", "/a/b");
    row("a star", "/~*", "/~ana/pics/x", "/~ana", "/pics/x");
    row("an ending", "**.jpg$", "/p/x.jpg", "/p/x.jpg", "");
    row("another case", "/PICS", "/pics/x", "/pics", "/x");
    row("one of two", "/a|/b", "/b/x", "/b", "/x");
    row("a longer name is another", "/a", "/about", "-", "");
    row("a folder without its slash is none", "/a/", "/a", "-", "");
    row("only the end", "/a$", "/a/b", "-", "");
}

void TestRewrites::matchesWholeNames() {
    QFETCH(QByteArray, pattern);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, matched);
    QFETCH(QByteArray, rest);
    const Rewrites rules = rewrites((pattern + "=/srv").toStdString());
    const std::string_view text(path.constData(), std::size_t(path.size()));
    const auto match = rules.match(text);
    QCOMPARE(match.has_value(), matched != "-");
    if (!match) return;
    QCOMPARE(bytes(match->matched), matched);
    QCOMPARE(bytes(match->rest), rest);
}

void TestRewrites::takesTheFirstHit() {
    const Rewrites rules = rewrites("/a/b=/one, /a=/two ,/=/three");
    QCOMPARE(rules.match("/a/b/c")->rule, 0u);
    QCOMPARE(rules.match("/a/c")->rule, 1u);
    QCOMPARE(rules.match("/c")->rule, 2u);
}

void TestRewrites::findsAHostWhateverItsCaseAndPort_data() {
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<int>("place");
    QTest::newRow("as it is") << QByteArray("one.example") << 0;
    QTest::newRow("with a port") << QByteArray("one.example:8080") << 0;
    QTest::newRow("in another case") << QByteArray("ONE.Example") << 0;
    QTest::newRow("with a dot at its end") << QByteArray("one.example.:80") << 0;
    QTest::newRow("an address") << QByteArray("[::1]:8080") << 1;
    QTest::newRow("another") << QByteArray("one.example.org") << -1;
    QTest::newRow("a part") << QByteArray("example") << -1;
    QTest::newRow("none") << QByteArray("") << -1;
    QTest::newRow("no host") << QByteArray("one.example/..") << -1;
}

void TestRewrites::findsAHostWhateverItsCaseAndPort() {
    QFETCH(QByteArray, host);
    QFETCH(int, place);
    const auto found = rewrites("@One.example:80=/one,@[::1]=/two").hostOf(host.toStdString());
    QCOMPARE(found ? int(*found) : -1, place);
}

void TestRewrites::sendsAnErrorOn() {
    const Rewrites rules = rewrites("404=/lost.cgi,403=/lost.cgi?a=b");
    QCOMPARE(bytes(rules.errorLocation(404, "/a%20b?x=1&y=%2f")),
             QByteArray("/lost.cgi?code=404&orig_uri=%2Fa%20b&query_string=x%3D1%26y%3D%252f"));
    QCOMPARE(bytes(rules.errorLocation(403, "/")), QByteArray("/lost.cgi?a=b&code=403&orig_uri=%2F&query_string="));
    QCOMPARE(bytes(rules.errorLocation(500, "/")), QByteArray());
    const std::string long1(3000, 'a');
    QCOMPARE(bytes(rules.errorLocation(404, "/" + long1 + "?" + long1)),
             QByteArray("/lost.cgi?code=404&orig_uri=&query_string="));
}

void TestRewrites::sendsNoErrorRound_data() {
    QTest::addColumn<QByteArray>("target");
    QTest::newRow("its own page") << QByteArray("/lost");
    QTest::newRow("its own page, written otherwise") << QByteArray("/./x/..//l%6Fst?a");
    QTest::newRow("the other error's page") << QByteArray("/secret");
    QTest::newRow("where an error led already") << QByteArray("/elsewhere?code=404&orig_uri=%2Fa&query_string=");
}

void TestRewrites::sendsNoErrorRound() {
    QFETCH(QByteArray, target);
    QCOMPARE(bytes(rewrites("404=/lost,403=/secret").errorLocation(404, target.toStdString())), QByteArray());
}

void TestRewrites::leadsARedirectWithItsRestAndQuery_data() {
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("rest");
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QByteArray>("location");
    const auto row = [](const char *words, const char *target, const char *rest, const char *query, const char *location) {
        QTest::newRow(words) << QByteArray(target) << QByteArray(rest) << QByteArray(query) << QByteArray(location);
    };
    row("plain", "/new", "", "", "/new");
    row("with a rest", "/new", "/a b", "", "/new/a%20b");
    row("one slash between", "/new/", "/a", "", "/new/a");
    row("to the top", "/", "/a", "", "/a");
    row("a query", "/new", "", "a=b%20c", "/new?a=b%20c");
    row("two queries", "/new?x=y", "/a", "a=b", "/new/a?x=y&a=b");
    row("a fragment", "/new#part", "/a", "a=b", "/new/a?a=b#part");
    row("another host", "https://b.example", "/a", "", "https://b.example/a");
    row("a backslash", "/", "/\\b.example", "", "/%5Cb.example");
}

void TestRewrites::leadsARedirectWithItsRestAndQuery() {
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, rest);
    QFETCH(QByteArray, query);
    QTEST(bytes(redirectLocation({"/old", target.toStdString(), 301}, rest.toStdString(), query.toStdString())), "location");
}

void TestRewrites::refusesWhatIsNoRewrite_data() {
    QTest::addColumn<QByteArray>("item");
    for (const char *item : {"/a",
                             "=/a",
                             "/a=",
                             "@=/a",
                             "@a b=/x",
                             "@a/b=/x",
                             "399=/a",
                             "600=/a",
                             "401=/a",
                             "404=a",
                             "404=//other/a",
                             "404=/a b",
                             "404=/..",
                             "a=/b",
                             "/a|b=/c",
                             "/a=200:/b",
                             "/a=304:/b",
                             "/a=301:b",
                             "/a=301://b",
                             "/a=301:ftp://b/",
                             "/a=301:https://",
                             "/a=301:/\xc3\xbc",
                             "/a=301:/a",
                             "/=302:/new",
                             "/a=301:/a/b"})
        QTest::newRow(item) << QByteArray(item);
}

void TestRewrites::refusesWhatIsNoRewrite() {
    QFETCH(QByteArray, item);
    const auto parsed = Rewrites::parse(("/good=/a," + item).toStdString());
    QVERIFY(!parsed);
    QVERIFY2(bytes(parsed.failure().text).contains('"' + item + '"'), parsed.failure().text.c_str());
}

// Whatever comes out of it can be asked anything.
void TestRewrites::survivesEveryPartAndEveryChangedByte() {
    const QByteArray good = "/a=/srv/a,/old$=301:/new?x#y,404=/lost?a,@one.example:80=/srv/b,**.php$=308:https://b.example/";
    const auto use = [](const QByteArray &value) {
        const auto rules = Rewrites::parse(value.toStdString());
        if (!rules) return;
        for (const std::string_view path : {"/", "/a", "/a/b", "/old", "/x.php"}) {
            const auto match = rules->match(path);
            if (!match) continue;
            QVERIFY(match->rest.empty() || match->rest.starts_with('/'));
            QCOMPARE(bytes(match->matched) + bytes(match->rest), bytes(path));
            const RewriteRule &rule = rules->rules()[match->rule];
            if (rule.status == 0) continue;
            const std::string location = redirectLocation(rule, match->rest, "q");
            QVERIFY(location.find_first_of("\r\n \\") == std::string::npos && !location.starts_with("//"));
        }
        rules->hostOf("one.example");
        const std::string location = rules->errorLocation(404, "/a\r\nb?c");
        QVERIFY(location.find_first_of("\r\n ") == std::string::npos && !location.starts_with("//"));
    };
    for (qsizetype i = 0; i <= good.size(); ++i) {
        use(good.left(i));
        use(good.mid(i));
        for (const char c : {'\0', '=', ',', '/', ':', '@', '\n', '\xff'}) use(good.left(i) + c + good.mid(i + 1));
    }
}

void TestRewrites::opensWhatARewriteNames() {
    TemporarySite site;
    site.write("www/in/file", "");
    site.write("beside/file", "");
    const std::string folder = site.path().toStdString();
    Sites sites;
    QCOMPARE(bytes(sites.setMain(folder + "/www")), QByteArray());
    const std::string value = "/in=" + folder + "/www/in,/x=301:/y,/one=" + folder + "/beside/file,@a=" + folder + "/beside";
    QCOMPARE(bytes(sites.setRewrites(value)), QByteArray());
    QCOMPARE(bytes(sites.ofRule(0).placeInMain), QByteArray("/in/"));
    QCOMPARE(bytes(sites.ofRule(2).placeInMain), QByteArray());
    QCOMPARE(bytes(sites.ofRule(2).onlyFile), QByteArray("file"));
    QCOMPARE(sites.ofRule(2).root->openBelow("file").state, os::OpenState::Opened);
    QVERIFY(sites.ofHost(0).number != sites.ofRule(2).number && sites.ofHost(0).number != 0);
    // What is refused changes nothing.
    const std::string refusal = sites.setRewrites("/a=" + folder + "/nowhere");
    QVERIFY2(bytes(refusal).contains("/nowhere"), refusal.c_str());
    QVERIFY(!sites.setRewrites("@a=" + folder + "/beside/file").empty());
    QCOMPARE(sites.rewrites().rules().size(), 3u);
    QCOMPARE(bytes(sites.setMain(folder)), QByteArray());
    QCOMPARE(bytes(sites.ofHost(0).placeInMain), QByteArray("/beside/"));
}

// ---- lines of answers ----

void TestRewrites::takesHeadersWithCommas() {
    AnswerFields fields;
    fields.extra = *parseExtraHeaders("/=X-One: a\\, b\\\\c , **.js$=X-Two:  d=e; f ,/=X-Three:");
    std::string lines;
    fields.appendForPath(lines, "/a.js");
    QCOMPARE(bytes(lines), QByteArray("X-One: a, b\\c\r\nX-Two: d=e; f\r\nX-Three: \r\n"));
    lines.clear();
    fields.appendForPath(lines, "/a.css");
    QCOMPARE(bytes(lines), QByteArray("X-One: a, b\\c\r\nX-Three: \r\n"));
}

void TestRewrites::countsTheFirstOfAName() {
    AnswerFields fields;
    fields.isolates = true;
    fields.extra = *parseExtraHeaders("/a=X-One: a,/=x-one: b,/=cross-origin-embedder-policy: credentialless");
    std::string lines;
    fields.appendForPath(lines, "/a");
    QCOMPARE(bytes(lines),
             QByteArray("X-One: a\r\ncross-origin-embedder-policy: credentialless\r\n"
                        "Cross-Origin-Opener-Policy: same-origin\r\nCross-Origin-Resource-Policy: same-origin\r\n"));
}

void TestRewrites::refusesHeaders_data() {
    QTest::addColumn<QByteArray>("item");
    for (const char *item : {"X-One: a", "/=X-One", "/=: a", "/=X One: a", "/=X-One: a\r\nX-Two: b", "/=X-One: \xc3\xbc",
                             "/=X-One: a\x7f", "/=Content-Length: 5", "/=transfer-encoding: chunked", "/=Connection: close",
                             "/=ETag: \"a\"", "/=Cache-Control: no-cache", "/=Access-Control-Allow-Origin: *"})
        QTest::newRow(item) << QByteArray(item);
}

void TestRewrites::refusesHeaders() {
    QFETCH(QByteArray, item);
    const auto parsed = parseExtraHeaders(("/=X-Good: a," + item).toStdString());
    QVERIFY(!parsed);
    QVERIFY2(bytes(parsed.failure().text).contains('"' + item + '"'), parsed.failure().text.c_str());
}

void TestRewrites::joinsDirectives() {
    AnswerFields fields;
    fields.cacheControl = *parseCacheControl("**.js$=public  max-age=60\\, immutable,/=no-cache");
    QCOMPARE(bytes(fields.cacheControlFor("/a.js")), QByteArray("public, max-age=60, immutable"));
    QCOMPARE(bytes(fields.cacheControlFor("/a")), QByteArray("no-cache"));
    for (const char *value : {"/", "/=", "=no-cache", "/=max age=1:", "/=a=\"b", "/=a=b=c"}) {
        const auto parsed = parseCacheControl(value);
        QVERIFY2(!parsed && bytes(parsed.failure().text).contains(value), value);
    }
}

void TestRewrites::knowsOrigins() {
    const auto some = CrossOrigin::parse("https://A.example, http://b.example:8080");
    QVERIFY(some->admits("https://a.example") && some->admits("http://b.example:8080"));
    for (const char *other : {"http://a.example", "https://a.example.org", "http://b.example", "null", ""})
        QVERIFY(!some->admits(other));
    QVERIFY(CrossOrigin::parse("*")->admits("null"));
    for (const char *value : {"a.example", "https://", "https://a/", "null", "*,https://a", "https://a b", "https://*.a/"})
        QVERIFY2(!CrossOrigin::parse(value), value);
    QCOMPARE(bytes(some->preflightFields("GET", "x-a, b c\r, X-D,")),
             QByteArray(
                 "Access-Control-Allow-Methods: GET\r\nAccess-Control-Allow-Headers: x-a, X-D\r\nAccess-Control-Max-Age: 600\r\n"
                 "Vary: Access-Control-Request-Method, Access-Control-Request-Headers\r\n"));
}

QTEST_GUILESS_MAIN(TestRewrites)
#include "tst_rewrites.moc"
