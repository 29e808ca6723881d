// Station: tests of the texts of Digest: the RFCs' examples, what is parsed, what is refused, which uri is the request's.
#include "access/digest.h"

#include "support/guard_page.h"

#include <QTest>

using namespace meerkat;
using access::HashKind;

namespace {

QByteArray bytes(std::string_view text) { return QByteArray(text.data(), static_cast<qsizetype>(text.size())); }

const QByteArray kMd5 = "0123456789abcdef0123456789abcdef";

// An answer with everything, to which a row changes something.
QByteArray answerWith(const QByteArray &replaced = {}, const QByteArray &by = {}) {
    QByteArray text =
        "Digest username=\"ana\", realm=\"home\", nonce=\"n\", uri=\"/a\", algorithm=MD5, qop=auth, nc=0000000a, cnonce=\"c\", "
        "response=\"" +
        kMd5 + "\"";
    if (!replaced.isEmpty() && !text.contains(replaced)) qFatal("no %s", replaced.constData());
    return replaced.isEmpty() ? text : text.replace(replaced, by);
}

http::RequestHead parsedHead(const std::string &bytes) {
    http::RequestHead head;
    http::parseRequestHead(bytes, {}, head);
    return head;
}

}  // namespace

class TestDigest : public QObject {
    Q_OBJECT

  private slots:
    void computesTheExamplesOfTheRfcs_data();
    void computesTheExamplesOfTheRfcs();
    void acceptsWhatClientsSend_data();
    void acceptsWhatClientsSend();
    void readsEachPart();
    void refusesWhatIsNoAnswer_data();
    void refusesWhatIsNoAnswer();
    void refusesEveryCutOfAnAnswer();
    void challengesForEachKindTheStrongestFirst();
    void escapesTheRealm();
    void knowsTheUriOfARequest_data();
    void knowsTheUriOfARequest();
    void comparesTextsWhole();
};

void TestDigest::computesTheExamplesOfTheRfcs_data() {
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("password");
    const QByteArray common = "username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", "
                              "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001, "
                              "cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth, "
                              "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
    QTest::newRow("RFC 7616 section 3.9.1, MD5")
        << "Digest " + common + ", algorithm=MD5, response=\"8ca523f5e9506fed4657c9700eebdbec\"" << QByteArray("Circle of Life");
    QTest::newRow("RFC 7616 section 3.9.1, SHA-256")
        << "Digest " + common +
               ", algorithm=SHA-256, response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\""
        << QByteArray("Circle of Life");
    QTest::newRow("RFC 2617 section 3.5")
        << QByteArray("Digest username=\"Mufasa\", realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", "
                      "uri=\"/dir/index.html\", qop=auth, nc=00000001, cnonce=\"0a4f113b\", "
                      "response=\"6629fae49393a05397450978507c4ef1\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"")
        << QByteArray("Circle Of Life");
}

void TestDigest::computesTheExamplesOfTheRfcs() {
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, password);
    const auto answer = access::parseDigestAnswer(field.toStdString());
    QVERIFY(answer.has_value());
    const std::string hash = access::hashHex(answer->kind, {answer->user, ":", answer->realm, ":", password.toStdString()});
    QCOMPARE(bytes(access::expectedResponse(*answer, hash, "GET")), bytes(answer->response));
    QVERIFY(access::expectedResponse(*answer, hash, "HEAD") != answer->response);
}

void TestDigest::acceptsWhatClientsSend_data() {
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("user");
    const QByteArray ana = "ana";
    QTest::newRow("everything") << answerWith() << ana;
    QTest::newRow("the scheme in any case") << answerWith("Digest", "DIGEST") << ana;
    QTest::newRow("no algorithm is MD5") << answerWith("algorithm=MD5, ", "") << ana;
    QTest::newRow("the algorithm in quotes") << answerWith("=MD5", "=\"md5\"") << ana;
    QTest::newRow("qop in quotes") << answerWith("qop=auth", "qop=\"auth\"") << ana;
    QTest::newRow("no blanks") << answerWith(", ", ",") << ana;
    QTest::newRow("an unknown parameter") << answerWith("qop", "x=\"y, z\", qop") << ana;
    QTest::newRow("userhash=false") << answerWith("qop", "userhash=false, qop") << ana;
    QTest::newRow("escapes in the name") << answerWith("\"ana\"", "\"a\\\"n\\\\a\"") << QByteArray("a\"n\\a");
    QTest::newRow("a comma in the name") << answerWith("\"ana\"", "\"a, b=c\"") << QByteArray("a, b=c");
    QTest::newRow("UTF-8 in the name") << answerWith("ana", "\xC3\xA4") << QByteArray("\xC3\xA4");
    QTest::newRow("username*") << answerWith("username=\"ana\"", "username*=UTF-8''%c3%a4%20b") << QByteArray("\xC3\xA4 b");
    QTest::newRow("username* with a language") << answerWith("username=\"ana\"", "username*=utf-8'en'ana") << ana;
    QTest::newRow("a response in capitals") << answerWith("abcdef", "ABCDEF") << ana;
}

void TestDigest::acceptsWhatClientsSend() {
    QFETCH(QByteArray, field);
    const auto answer = access::parseDigestAnswer(field.toStdString());
    QVERIFY(answer.has_value());
    QTEST(bytes(answer->user), "user");
    QCOMPARE(bytes(answer->response), kMd5);
}

void TestDigest::readsEachPart() {
    const auto answer = access::parseDigestAnswer(answerWith().toStdString());
    QVERIFY(answer.has_value());
    QVERIFY(answer->kind == HashKind::Md5);
    QCOMPARE(bytes(answer->realm + "|" + answer->nonce + "|" + answer->uri + "|" + answer->cnonce + "|" + answer->qop + "|" +
                   answer->countText),
             QByteArray("home|n|/a|c|auth|0000000a"));
    QCOMPARE(answer->count, 10u);
}

void TestDigest::refusesWhatIsNoAnswer_data() {
    QTest::addColumn<QByteArray>("field");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("the scheme alone") << QByteArray("Digest ");
    QTest::newRow("another scheme") << QByteArray("Basic YTpi");
    QTest::newRow("a longer scheme") << answerWith("Digest", "Digestx");
    for (const char *part : {"username=\"ana\", ", "realm=\"home\", ", "nonce=\"n\", ", "uri=\"/a\", ", "qop=auth, ",
                             "nc=0000000a, ", "cnonce=\"c\", "})
        QTest::addRow("without %s", part) << answerWith(part);
    QTest::newRow("without response") << answerWith(", response=\"" + kMd5 + "\"");
    QTest::newRow("a name twice") << answerWith("username=\"ana\"", "username=\"ana\", username=\"bob\"");
    QTest::newRow("both names") << answerWith("username=\"ana\"", "username=\"ana\", username*=UTF-8''ana");
    QTest::newRow("username* in quotes") << answerWith("username=\"ana\"", "username*=\"UTF-8''ana\"");
    QTest::newRow("username* in another charset") << answerWith("username=\"ana\"", "username*=ISO-8859-1''ana");
    QTest::newRow("username* without a language") << answerWith("username=\"ana\"", "username*=UTF-8'ana");
    QTest::newRow("username* with a broken escape") << answerWith("username=\"ana\"", "username*=UTF-8''a%4");
    QTest::newRow("username* with NUL") << answerWith("username=\"ana\"", "username*=UTF-8''a%00");
    QTest::newRow("userhash") << answerWith("qop", "userhash=true, qop");
    QTest::newRow("another algorithm") << answerWith("=MD5", "=SHA-512-256");
    QTest::newRow("a session algorithm") << answerWith("=MD5", "=MD5-sess");
    QTest::newRow("a response of the other kind") << answerWith("=MD5", "=SHA-256");
    QTest::newRow("another qop") << answerWith("qop=auth", "qop=auth-int");
    QTest::newRow("a short count") << answerWith("0000000a", "a");
    QTest::newRow("a long count") << answerWith("0000000a", "00000000a");
    QTest::newRow("a count that is no number") << answerWith("0000000a", "0000000g");
    QTest::newRow("a count with a sign") << answerWith("0000000a", "+000000a");
    QTest::newRow("count zero") << answerWith("0000000a", "00000000");
    QTest::newRow("a short response") << answerWith(kMd5, kMd5.left(31));
    QTest::newRow("a response that is no hex") << answerWith(kMd5, kMd5.left(31) + "g");
    QTest::newRow("semicolons") << answerWith(", ", "; ");
    QTest::newRow("something behind it") << answerWith() + " x";
    QTest::newRow("a control character") << answerWith("ana", "a\x01");
}

void TestDigest::refusesWhatIsNoAnswer() {
    QFETCH(QByteArray, field);
    QVERIFY(!access::parseDigestAnswer(field.toStdString()));
}

void TestDigest::refusesEveryCutOfAnAnswer() {
    test::GuardPage page(1024);
    const std::string whole = answerWith().toStdString();
    for (std::size_t length = 0; length < whole.size(); ++length)
        QVERIFY(!access::parseDigestAnswer(page.beforeGuard(std::string_view(whole).substr(0, length))));
    QVERIFY(access::parseDigestAnswer(page.beforeGuard(whole)));
}

void TestDigest::challengesForEachKindTheStrongestFirst() {
    const QByteArray begin = "WWW-Authenticate: Digest realm=\"home\", qop=\"auth\", algorithm=";
    const QByteArray sha = begin + "SHA-256, nonce=\"n\", charset=UTF-8\r\n", md5 = begin + "MD5, nonce=\"n\", charset=UTF-8\r\n";
    QCOMPARE(bytes(access::challengeFields("home", "n", {true, false}, false)), md5);
    QCOMPARE(bytes(access::challengeFields("home", "n", {false, true}, false)), sha);
    QCOMPARE(bytes(access::challengeFields("home", "n", {true, true}, false)), sha + md5);
    QCOMPARE(bytes(access::challengeFields("home", "n", {false, false}, false)), md5);
    QVERIFY(bytes(access::challengeFields("home", "n", {true, false}, true)).contains(", stale=true,"));
}

void TestDigest::escapesTheRealm() {
    QVERIFY(bytes(access::challengeFields("a\"b\\c", "n", {}, false)).contains("realm=\"a\\\"b\\\\c\""));
}

void TestDigest::knowsTheUriOfARequest_data() {
    QTest::addColumn<QByteArray>("uri");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<bool>("isIts");
    const auto row = [](const char *title, const char *uri, const char *target, bool isIts) {
        QTest::newRow(title) << QByteArray(uri) << QByteArray(target) << isIts;
    };
    row("the same", "/a?b", "/a?b", true);
    row("escapes as sent", "/%41", "/%41", true);
    row("an absolute uri for a path", "http://Host:80/a?b", "/a?b", true);
    row("a path for an absolute target", "/a", "http://host:80/a", true);
    row("both absolute", "http://host:80/a", "http://host:80/a", true);
    row("a host alone", "http://host:80", "/", true);
    row("another path", "/b", "/a", false);
    row("the path decoded", "/A", "/%41", false);
    row("without the query", "/a", "/a?b", false);
    row("with an empty query", "/a?", "/a", false);
    row("with another query", "/a?c", "/a?b", false);
    row("another host", "http://other:80/a", "/a", false);
    row("a longer path", "/a/", "/a", false);
    row("no target at all", "a", "/a", false);
    row("empty", "", "/", false);
}

void TestDigest::knowsTheUriOfARequest() {
    QFETCH(QByteArray, uri);
    QFETCH(QByteArray, target);
    const std::string request = "GET " + target.toStdString() + " HTTP/1.1\r\nHost: host:80\r\n\r\n";
    QTEST(access::isUriOf(uri.toStdString(), parsedHead(request)), "isIts");
}

void TestDigest::comparesTextsWhole() {
    QVERIFY(access::equalsInConstantTime("abc", "abc"));
    QVERIFY(access::equalsInConstantTime("", ""));
    for (const char *other : {"abd", "bbc", "ab", "abcd", ""}) QVERIFY(!access::equalsInConstantTime("abc", other));
}

QTEST_GUILESS_MAIN(TestDigest)
#include "tst_digest.moc"
