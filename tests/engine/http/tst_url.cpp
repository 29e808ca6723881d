#include "support/guard_page.h"

#include "http/url.h"

#include <QtTest>

using namespace meerkat::http;

namespace {

QByteArray toBytes(std::string_view text) { return {text.data(), static_cast<qsizetype>(text.size())}; }
std::string_view toView(const QByteArray &bytes) { return {bytes.constData(), static_cast<std::size_t>(bytes.size())}; }

// "origin path=/a query=b", or "none".
QByteArray describe(const std::optional<Target> &target) {
    if (!target) return "none";
    const char *forms[] = {"origin", "absolute", "asterisk", "authority"};
    QByteArray text = forms[static_cast<int>(target->form)];
    if (!target->authority.empty()) text += " authority=" + toBytes(target->authority);
    if (!target->path.empty()) text += " path=" + toBytes(target->path);
    if (target->hasQuery) text += " query=" + toBytes(target->query);
    return text;
}

QByteArray pathOf(int number, int length) {
    const QByteArrayList pieces = {"/", ".", "..", "a", "%2e", "%2f"};
    QByteArray path = "/";
    for (int place = 0; place < length; ++place, number /= 6) path += pieces[number % 6];
    return path;
}

// Nothing if it climbs above the root.
std::optional<QByteArray> plainlyCleaned(const QByteArray &encoded) {
    const QByteArrayList segments = QByteArray(encoded).replace("%2e", ".").replace("%2f", "/").split('/');
    QByteArrayList kept;
    for (const QByteArray &segment : segments) {
        if (segment == ".." && kept.isEmpty()) return std::nullopt;
        if (segment == "..")
            kept.removeLast();
        else if (!segment.isEmpty() && segment != ".")
            kept.append(segment);
    }
    const QByteArray last = segments.last();
    const bool isFolder = last.isEmpty() || last == "." || last == "..";
    return kept.isEmpty() ? "/" : '/' + kept.join('/') + (isFolder ? "/" : "");
}

void verifyCleaned(const QByteArray &encoded) {
    const std::optional<QByteArray> expected = plainlyCleaned(encoded);
    const std::optional<std::string> path = cleanPath(toView(encoded));
    QVERIFY2(path.has_value() == expected.has_value(), encoded.constData());
    if (path) QVERIFY2(toBytes(*path) == *expected, encoded.constData());
}

}  // namespace

class UrlTest : public QObject {
    Q_OBJECT

  private slots:
    void acceptsATarget_data() {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("parts");
        const auto row = [](const char *name, const char *target, const char *parts) {
            QTest::newRow(name) << QByteArray(target) << QByteArray(parts);
        };
        row("the root", "/", "origin path=/");
        row("a path", "/a/b%20c", "origin path=/a/b%20c");
        row("a query", "/a?b=c", "origin path=/a query=b=c");
        row("an empty query", "/a?", "origin path=/a query=");
        row("a question mark in the query", "/a?b?c", "origin path=/a query=b?c");
        row("a URL in the path", "/http://a/", "origin path=/http://a/");
        row("two slashes at the start are a path", "//a/b", "origin path=//a/b");
        row("bytes over 127", "/\xc3\xbc", "origin path=/\xc3\xbc");
        row("an asterisk", "*", "asterisk");
        row("a URL", "http://a/b?c", "absolute authority=a path=/b query=c");
        row("a URL with TLS", "https://a:443/", "absolute authority=a:443 path=/");
        row("a URL in capitals", "HTTP://A/B", "absolute authority=A path=/B");
        row("a URL without a path", "http://a", "absolute authority=a path=/");
        row("a URL without a path but a query", "http://a?b/c", "absolute authority=a path=/ query=b/c");
        row("a URL with an IPv6 address", "http://[::1]:80/", "absolute authority=[::1]:80 path=/");
    }
    void acceptsATarget() {
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, parts);
        meerkat::test::GuardPage guard(4096);
        QCOMPARE(describe(parseTarget(guard.beforeGuard(toView(target)), false)), parts);
        QCOMPARE(describe(parseTarget(guard.afterGuard(toView(target)), false)), parts);
    }

    void acceptsAnAuthorityForConnect() {
        QCOMPARE(describe(parseTarget("a.b:443", true)), QByteArray("authority authority=a.b:443"));
        QCOMPARE(describe(parseTarget("[::1]:443", true)), QByteArray("authority authority=[::1]:443"));
    }

    void refusesATarget_data() {
        QTest::addColumn<QByteArray>("target");
        for (const char *target : {"",
                                   "a",
                                   "?a",
                                   "**",
                                   "/a b",
                                   "/a\t",
                                   "/a#b",
                                   "/#",
                                   "/a\x7f",
                                   "/a\r",
                                   "a:80",
                                   "ftp://a/",
                                   "http:",
                                   "http:/a",
                                   "http://",
                                   "http:///a",
                                   "http://?a",
                                   "http://a b/",
                                   "http://u@a/",
                                   "http://a:b/",
                                   "http://a,b/",
                                   "http://[::1/",
                                   "http://a#b",
                                   "mailto:a@b",
                                   "/0123456789abcdef0123456789abcdef\n"}) {
            QTest::newRow(*target ? target : "nothing") << QByteArray(target);
        }
        QTest::newRow("a NUL") << QByteArray("/a\0b", 4);
    }
    void refusesATarget() {
        QFETCH(QByteArray, target);
        meerkat::test::GuardPage guard(4096);
        QVERIFY(!parseTarget(guard.beforeGuard(toView(target)), false));
    }

    void refusesATargetForConnect_data() {
        QTest::addColumn<QByteArray>("target");
        for (const char *target :
             {"", "/", "*", "a", "a:", ":443", "a:b", "http://a:443", "a:443/", "u@a:443", "[::1]", "a:443 "}) {
            QTest::newRow(*target ? target : "nothing") << QByteArray(target);
        }
    }
    void refusesATargetForConnect() {
        QFETCH(QByteArray, target);
        QVERIFY(!parseTarget(toView(target), true));
    }

    void acceptsAHost_data() {
        QTest::addColumn<QByteArray>("host");
        for (const char *host : {"a", "example.com", "a:80", "a:", "127.0.0.1", "127.0.0.1:8080", "[::1]", "[::1]:80",
                                 "[::ffff:1.2.3.4]", "A-b_c~d", "xn--bcher-kva", "a%20b", "!$&'()*+;=", "a.", "[::]:"}) {
            QTest::newRow(host) << QByteArray(host);
        }
    }
    void acceptsAHost() {
        QFETCH(QByteArray, host);
        meerkat::test::GuardPage guard(4096);
        QVERIFY(isHostAndPort(guard.beforeGuard(toView(host))));
    }

    void refusesAHost_data() {
        QTest::addColumn<QByteArray>("host");
        for (const char *host :
             {"",      ":80",     "a:b",    "a:80:80", "a b", "a,b", "u@a", "a/",       "a?",  "a#",  "a\\",    "\"a\"",
              "<a>",   "a|b",     "a^",     "a`",      "{a}", "::1", "[",   "[]",       "[:",  "[a",  "[::1]a", "[::1]80",
              "[xyz]", "[::1]:a", "a[::1]", "%",       "%2",  "%zz", "a%",  "\xc3\xbc", "a\t", "\x7f"}) {
            QTest::newRow(*host ? host : "nothing") << QByteArray(host);
        }
    }
    void refusesAHost() {
        QFETCH(QByteArray, host);
        meerkat::test::GuardPage guard(4096);
        QVERIFY(!isHostAndPort(guard.beforeGuard(toView(host))));
    }

    void cleansAPath_data() {
        QTest::addColumn<QByteArray>("encoded");
        QTest::addColumn<QByteArray>("clean");
        const auto row = [](const char *name, const char *encoded, const char *clean) {
            QTest::newRow(name) << QByteArray(encoded) << QByteArray(clean);
        };
        row("the root", "/", "/");
        row("a plain path", "/a/b.html", "/a/b.html");
        row("a slash at the end is kept", "/a/b/", "/a/b/");
        row("escapes", "/a%20b/%C3%BC%2b%25", "/a b/\xc3\xbc+%");
        row("escapes in lower case", "/%c3%bc", "/\xc3\xbc");
        row("what decodes to an escape is not decoded again", "/%252e%252e/", "/%2e%2e/");
        row("a plus is a plus", "/a+b", "/a+b");
        row("slashes in a row", "//a///b//", "/a/b/");
        row("one dot", "/./a/./b/.", "/a/b/");
        row("two dots", "/a/b/../c", "/a/c");
        row("two dots at the end", "/a/b/..", "/a/");
        row("two dots and a slash at the end", "/a/b/../", "/a/");
        row("up to the root", "/a/..", "/");
        row("up to the root and down", "/a/../b", "/b");
        row("up twice", "/a/b/../../c", "/c");
        row("encoded dots", "/a/%2e%2E/b/%2e/c", "/b/c");
        row("half encoded dots", "/a/.%2e/b/%2e./c", "/c");
        row("an encoded slash separates", "/a%2fb%2F..%2fc", "/a/c");
        row("encoded slashes in a row", "/a%2f%2fb", "/a/b");
        row("names that begin with dots", "/.a/..b/...", "/.a/..b/...");
        row("names that end with dots", "/a./b../c...", "/a./b../c...");
        row("two dots behind slashes in a row", "/a//../b", "/b");
        row("a backslash is a character", "/a\\..\\b%5c..", "/a\\..\\b\\..");
        row("control characters but NUL", "/%01%0a%7f", "/\x01\n\x7f");
    }
    void cleansAPath() {
        QFETCH(QByteArray, encoded);
        QFETCH(QByteArray, clean);
        const std::optional<std::string> path = cleanPath(toView(encoded));
        QVERIFY(path);
        QCOMPARE(toBytes(*path), clean);
        // Nothing is left to clean.
        for (const char *rest : {"//", "/./", "/../"}) QVERIFY(!clean.contains(rest));
        QVERIFY(!clean.endsWith("/.") && !clean.endsWith("/.."));
    }

    void refusesAPath_data() {
        QTest::addColumn<QByteArray>("encoded");
        for (const char *encoded : {"",
                                    "*",
                                    "a",
                                    "%2fa",
                                    "/..",
                                    "/../",
                                    "/../a",
                                    "/%2e%2e",
                                    "/.%2E/a",
                                    "/%2e%2e%2fa",
                                    "/a/../..",
                                    "/a/../../a/b",
                                    "/./..",
                                    "//..",
                                    "/a/%2e%2e/%2e%2e/",
                                    "/%00",
                                    "/a%00.html",
                                    "/%",
                                    "/%2",
                                    "/%zz",
                                    "/a%2",
                                    "/%%41",
                                    "/% 41",
                                    "/%+1"}) {
            QTest::newRow(*encoded ? encoded : "nothing") << QByteArray(encoded);
        }
        QTest::newRow("a NUL as it is") << QByteArray("/a\0", 3);
    }
    void refusesAPath() {
        QFETCH(QByteArray, encoded);
        meerkat::test::GuardPage guard(4096);
        QVERIFY(!cleanPath(guard.beforeGuard(toView(encoded))));
    }

    // Every path of up to six of these pieces, against the rules said the plain way.
    void agreesWithAPlainReadingOfTheRules() {
        int count = 1;
        for (int length = 0; length <= 6; ++length, count *= 6) {
            for (int number = 0; number < count; ++number) verifyCleaned(pathOf(number, length));
        }
    }
};

QTEST_GUILESS_MAIN(UrlTest)
#include "tst_url.moc"
