#include "engine/http/request_samples.h"
#include "support/guard_page.h"

#include <QtTest>

using namespace meerkat::http;
using namespace meerkat::test;

namespace {

const ParseLimits kLimits;

struct BadHead {
    const char *name;
    QByteArray bytes;
    int status = 400;
};

QByteArray withFields(const char *fields) { return QByteArray("POST / HTTP/1.1\r\nHost: a\r\n") + fields + "\r\n"; }
QByteArray withHost(const char *host) { return QByteArray("GET / HTTP/1.1\r\nHost: ") + host + "\r\n\r\n"; }
QByteArray withLine(const char *line) { return QByteArray(line) + "\r\nHost: a\r\n\r\n"; }

// The same with a NUL in the place of each '0'.
QByteArray withNul(QByteArray bytes) { return bytes.replace('0', '\0'); }

void addRows(const std::vector<BadHead> &heads) {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    for (const BadHead &head : heads) QTest::newRow(head.name) << head.bytes << head.status;
}

// Refused as a whole, with anything behind, and byte by byte with the same status as soon as it is refused at all.
void verifyRefused(const QByteArray &bytes, int status) {
    RequestHead head;
    const ParseOutcome whole = parseRequestHead(toView(bytes), kLimits, head);
    QCOMPARE(whole.state, ParseState::Refused);
    QCOMPARE(whole.refusalStatus, status);
    QCOMPARE(whole.consumed, 0U);
    QCOMPARE(parseRequestHead(toView(bytes + "\r\n\r\nGET / HTTP/1.1\r\n"), kLimits, head).refusalStatus, status);

    GuardPage guard(4096);
    bool isRefused = false;
    for (qsizetype size = 0; size <= bytes.size(); ++size) {
        const ParseOutcome part = parseRequestHead(guard.beforeGuard(toView(bytes.first(size))), kLimits, head);
        QVERIFY(part.state != ParseState::Complete);
        QVERIFY2(!isRefused || part.state == ParseState::Refused, "what was refused is not refused with more bytes");
        isRefused = part.state == ParseState::Refused;
        if (isRefused) QCOMPARE(part.refusalStatus, status);
    }
    QVERIFY(isRefused);
}

}  // namespace

class RequestParserRefusalsTest : public QObject {
    Q_OBJECT

  private slots:
    void refusesAWrongRequestLine_data() {
        addRows({
            {"no version, as in HTTP/0.9", withLine("GET /")},
            {"no version but a space", withLine("GET / ")},
            {"no target", withLine("GET HTTP/1.1")},
            {"no method", withLine(" / HTTP/1.1")},
            {"nothing but a space", withLine(" ")},
            {"two spaces before the target", withLine("GET  / HTTP/1.1")},
            {"two spaces before the version", withLine("GET /  HTTP/1.1")},
            {"a space behind the version", withLine("GET / HTTP/1.1 ")},
            {"a tab as separator", withLine("GET\t/ HTTP/1.1")},
            {"a tab before the version", withLine("GET /\tHTTP/1.1")},
            {"the version in lower case", withLine("GET / http/1.1")},
            {"the version in mixed case", withLine("GET / Http/1.1")},
            {"another protocol", withLine("GET / ICY/1.1")},
            {"a version of one number", withLine("GET / HTTP/1")},
            {"a version with a long minor number", withLine("GET / HTTP/1.10")},
            {"a version with a long major number", withLine("GET / HTTP/11.1")},
            {"a version without a dot", withLine("GET / HTTP/1,1")},
            {"a version with a letter", withLine("GET / HTTP/1.x")},
            {"a version with a sign", withLine("GET / HTTP/-1.1")},
            {"a bare carriage return behind the version", withLine("GET / HTTP/1.1\rX")},
            {"two carriage returns", withLine("GET / HTTP/1.1\r")},
            {"a bare carriage return in the target", withLine("GET /\r HTTP/1.1")},
            {"a NUL in the method", withNul(withLine("G0ET / HTTP/1.1"))},
            {"a NUL in the target", withNul(withLine("GET /0 HTTP/1.1"))},
            {"a delete character in the target", withLine("GET /\x7f HTTP/1.1")},
            {"a separator in the method", withLine("GE(T / HTTP/1.1")},
            {"a byte over 127 in the method", withLine("GE\xc3\xa9T / HTTP/1.1")},
            {"a method of 65 bytes", withLine(QByteArray(65, 'M') + " / HTTP/1.1"), 501},
            {"a TLS hello", QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11)},
            {"five empty lines before", "\r\n\r\n\r\n\r\n\r\n" + withLine("GET / HTTP/1.1")},
            {"a bare carriage return before", "\r" + withLine("GET / HTTP/1.1")},
            {"a space before", " " + withLine("GET / HTTP/1.1")},
            {"HTTP/2.0", withLine("GET / HTTP/2.0"), 505},
            {"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
            {"HTTP/3.0", withLine("GET / HTTP/3.0"), 505},
            {"HTTP/0.9 written out", withLine("GET / HTTP/0.9"), 505},
        });
    }
    void refusesAWrongRequestLine() {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        verifyRefused(bytes, status);
    }

    void refusesAWrongTarget_data() {
        addRows({
            {"no slash", withLine("GET a HTTP/1.1")},
            {"a query without a path", withLine("GET ?a HTTP/1.1")},
            {"a fragment", withLine("GET /a#b HTTP/1.1")},
            {"an asterisk with GET", withLine("GET * HTTP/1.1")},
            {"an asterisk and more", withLine("OPTIONS *a HTTP/1.1")},
            {"an authority with GET", withLine("GET b:443 HTTP/1.1")},
            {"a path with CONNECT", withLine("CONNECT /b HTTP/1.1")},
            {"an asterisk with CONNECT", withLine("CONNECT * HTTP/1.1")},
            {"a URL with CONNECT", withLine("CONNECT http://b:443/ HTTP/1.1")},
            {"no port with CONNECT", withLine("CONNECT b HTTP/1.1")},
            {"an empty port with CONNECT", withLine("CONNECT b: HTTP/1.1")},
            {"another scheme", withLine("GET ftp://b/ HTTP/1.1")},
            {"a scheme with one slash", withLine("GET http:/b HTTP/1.1")},
            {"a URL without a host", withLine("GET http:///b HTTP/1.1")},
            {"a URL with a port alone", withLine("GET http://:80/ HTTP/1.1")},
            {"a URL with a user", withLine("GET http://u@b/ HTTP/1.1")},
            {"a URL with a wrong port", withLine("GET http://b:8x/ HTTP/1.1")},
        });
    }
    void refusesAWrongTarget() {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        verifyRefused(bytes, status);
    }

    void refusesAWrongField_data() {
        addRows({
            {"a space before the colon", withFields("B : c\r\n")},
            {"a tab before the colon", withFields("B\t: c\r\n")},
            {"a space before the name", withFields(" B: c\r\n")},
            {"a folded value", withFields("B: c\r\n d\r\n")},
            {"a value folded with a tab", withFields("B: c\r\n\td\r\n")},
            {"a fold right behind the request line", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"},
            {"a line of white space", withFields(" \r\n")},
            {"no colon", withFields("B\r\n")},
            {"no name", withFields(": c\r\n")},
            {"a separator in the name", withFields("B(: c\r\n")},
            {"a quote in the name", withFields("\"B\": c\r\n")},
            {"a byte over 127 in the name", withFields("B\xc3\xa9: c\r\n")},
            {"a NUL in the name", withNul(withFields("B0: c\r\n"))},
            {"a NUL in the value", withNul(withFields("B: c0d\r\n"))},
            {"a NUL at the end of the value", withNul(withFields("B: c0\r\n"))},
            {"a delete character in the value", withFields("B: c\x7f\r\n")},
            {"an escape character in the value", withFields("B: \x1b[0m\r\n")},
            {"a bare carriage return in the value", withFields("B: c\rd\r\n")},
            {"two carriage returns", withFields("B: c\r\r\n")},
            {"a carriage return in the name", withFields("B\r: c\r\n")},
            {"a carriage return for a dash", withFields("Content\rLength: 3\r\n")},
            {"a carriage return at the end of the head", "GET / HTTP/1.1\r\nHost: a\r\n\rX"},
        });
    }
    void refusesAWrongField() {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        verifyRefused(bytes, status);
    }

    void refusesAWrongHost_data() {
        addRows({
            {"none in 1.1", "GET / HTTP/1.1\r\nAccept: a\r\n\r\n"},
            {"none in 1.1 with a URL", "GET http://a/ HTTP/1.1\r\n\r\n"},
            {"two", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
            {"the same twice", "GET / HTTP/1.1\r\nHost: a\r\nB: c\r\nhost: a\r\n\r\n"},
            {"two in 1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"},
            {"an empty one and another", "GET / HTTP/1.1\r\nHost:\r\nHost: b\r\n\r\n"},
            {"a user", withHost("u@a")},
            {"a space", withHost("a b")},
            {"a comma", withHost("a,b")},
            {"a slash", withHost("a/b")},
            {"a backslash", withHost("a\\b")},
            {"a question mark", withHost("a?b")},
            {"a fragment", withHost("a#b")},
            {"a URL", withHost("http://a")},
            {"a quote", withHost("\"a\"")},
            {"an angle bracket", withHost("<a>")},
            {"a byte over 127", withHost("\xc3\xa9")},
            {"a port alone", withHost(":80")},
            {"a port that is no number", withHost("a:8x")},
            {"a port with a sign", withHost("a:-8")},
            {"two ports", withHost("a:80:81")},
            {"an address without brackets", withHost("2001:db8::1")},
            {"a bracket that does not close", withHost("[::1")},
            {"a bracket that does not open", withHost("::1]")},
            {"empty brackets", withHost("[]")},
            {"a name in brackets", withHost("[example]")},
            {"something behind the bracket", withHost("[::1]a")},
            {"a broken escape", withHost("a%2")},
            {"an escape of no number", withHost("a%zz")},
        });
    }
    void refusesAWrongHost() {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        verifyRefused(bytes, status);
    }

    void refusesToBeSmuggledThrough_data() {
        addRows({
            {"length and chunked", withFields("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")},
            {"chunked and length", withFields("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n")},
            {"length 0 and chunked", withFields("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n")},
            {"two lengths", withFields("Content-Length: 5\r\nContent-Length: 6\r\n")},
            {"the same length twice", withFields("Content-Length: 5\r\nContent-Length: 5\r\n")},
            {"the same length in a list", withFields("Content-Length: 5, 5\r\n")},
            {"two lengths in a list", withFields("Content-Length: 5,6\r\n")},
            {"a length with a plus", withFields("Content-Length: +5\r\n")},
            {"a length with a minus", withFields("Content-Length: -5\r\n")},
            {"a length of two numbers", withFields("Content-Length:  5 5\r\n")},
            {"a length with a fraction", withFields("Content-Length: 5.0\r\n")},
            {"a length in hex", withFields("Content-Length: 0x5\r\n")},
            {"a length with a letter", withFields("Content-Length: 5a\r\n")},
            {"an empty length", withFields("Content-Length:\r\n")},
            {"a length in quotes", withFields("Content-Length: \"5\"\r\n")},
            {"a length one over 64 bits", withFields("Content-Length: 18446744073709551616\r\n")},
            {"a length of 21 digits", withFields("Content-Length: 100000000000000000005\r\n")},
            {"a length folded", withFields("Content-Length:\r\n 5\r\n")},
            {"a length with a space before the colon", withFields("Content-Length : 5\r\n")},
            {"chunked twice", withFields("Transfer-Encoding: chunked, chunked\r\n")},
            {"chunked on two lines", withFields("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")},
            {"nearly chunked", withFields("Transfer-Encoding: xchunked\r\n")},
            {"more than chunked", withFields("Transfer-Encoding: chunkedx\r\n")},
            {"chunked with a parameter", withFields("Transfer-Encoding: chunked;q=1\r\n")},
            {"chunked in quotes", withFields("Transfer-Encoding: \"chunked\"\r\n")},
            {"chunked behind a vertical tab", withFields("Transfer-Encoding: \vchunked\r\n")},
            {"chunked, then identity", withFields("Transfer-Encoding: chunked, identity\r\n")},
            {"chunked, then identity on a line", withFields("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n")},
            {"identity", withFields("Transfer-Encoding: identity\r\n")},
            {"gzip alone", withFields("Transfer-Encoding: gzip\r\n")},
            {"chunked between commas", withFields("Transfer-Encoding: ,chunked\r\n")},
            {"chunked and a comma", withFields("Transfer-Encoding: chunked,\r\n")},
            {"an empty coding", withFields("Transfer-Encoding:\r\n")},
            {"chunked and an empty coding", withFields("Transfer-Encoding: chunked\r\nTransfer-Encoding:\r\n")},
            {"chunked in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"},
            {"chunked with a space before the colon", withFields("Transfer-Encoding : chunked\r\n")},
            {"chunked in a fold", withFields("Transfer-Encoding:\r\n chunked\r\n")},
            {"gzip, then chunked", withFields("Transfer-Encoding: gzip, chunked\r\n"), 501},
            {"gzip, then chunked on a line", withFields("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"), 501},
            {"identity, then chunked", withFields("Transfer-Encoding: identity, chunked\r\n"), 501},
            {"an unknown expectation", withFields("Expect: miracles\r\n"), 417},
            {"an unknown expectation in a list", withFields("Expect: 100-continue, 200-ok\r\n"), 417},
        });
    }
    void refusesToBeSmuggledThrough() {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        verifyRefused(bytes, status);
    }
};

QTEST_GUILESS_MAIN(RequestParserRefusalsTest)
#include "tst_request_parser_refusals.moc"
