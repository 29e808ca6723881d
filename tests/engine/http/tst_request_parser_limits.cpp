#include "engine/http/request_samples.h"

#include <QtTest>

using namespace meerkat::http;

namespace {

ParseOutcome parse(std::string_view bytes, const ParseLimits &limits = {}) {
    RequestHead head;
    return parseRequestHead(bytes, limits, head);
}

std::string withFieldCount(std::size_t count) {
    std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (std::size_t index = 1; index < count; ++index) bytes += "B: c\r\n";
    return bytes + "\r\n";
}

std::string withTargetBytes(std::size_t count) { return "GET /" + std::string(count - 1, 't') + " HTTP/1.1\r\nHost: a\r\n\r\n"; }

}  // namespace

class RequestParserLimitsTest : public QObject {
    Q_OBJECT

  private slots:
    void acceptsATargetAtItsLimit() {
        const std::string bytes = withTargetBytes(100);
        QCOMPARE(parse(bytes, {.maxTargetBytes = 100}).state, ParseState::Complete);
    }

    void acceptsAHeadAtItsLimit() {
        const std::string bytes = withTargetBytes(100);
        QCOMPARE(parse(bytes, {.maxHeadBytes = bytes.size()}).consumed, bytes.size());
        QCOMPARE(parse(bytes + "more", {.maxHeadBytes = bytes.size()}).consumed, bytes.size());
    }

    void acceptsAsManyFieldsAsThereIsRoomFor() { QCOMPARE(parse(withFieldCount(kMaxHeaderFields)).state, ParseState::Complete); }

    void acceptsWhatTheUsualLimitsAllow() {
        QCOMPARE(parse(withTargetBytes(16 * 1024)).state, ParseState::Complete);
        QCOMPARE(parse("GET / HTTP/1.1\r\nHost: a\r\nCookie: " + std::string(60 * 1024, 'c') + "\r\n\r\n").state,
                 ParseState::Complete);
    }

    void refusesATargetOverItsLimit() {
        const std::string bytes = withTargetBytes(101);
        QCOMPARE(parse(bytes, {.maxTargetBytes = 100}).refusalStatus, 414);
    }

    void refusesAHeadOverItsLimit() {
        const std::string bytes = withTargetBytes(100);
        QCOMPARE(parse(bytes, {.maxHeadBytes = bytes.size() - 1}).refusalStatus, 431);
    }

    void refusesOneFieldTooMany() { QCOMPARE(parse(withFieldCount(kMaxHeaderFields + 1)).refusalStatus, 431); }

    // A peer that never ends its head is told as soon as the limit is reached, not when the head ends.
    void refusesALimitWhileMoreWouldBeNeeded_data() {
        QTest::addColumn<QByteArray>("start");
        QTest::addColumn<QByteArray>("filling");
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("limit");  // this many bytes are refused, one less is not
        QTest::newRow("a target") << QByteArray("GET /") << QByteArray("t") << 414 << 4 + 51;
        QTest::newRow("a field name") << QByteArray("GET / HTTP/1.1\r\n") << QByteArray("n") << 431 << 200;
        QTest::newRow("a field value") << QByteArray("GET / HTTP/1.1\r\nA: ") << QByteArray("v") << 431 << 200;
        QTest::newRow("blanks before a value") << QByteArray("GET / HTTP/1.1\r\nA:") << QByteArray(" ") << 431 << 200;
        QTest::newRow("fields") << QByteArray("GET / HTTP/1.1\r\n") << QByteArray("A:b\r\n") << 431 << 200;
        QTest::newRow("a method") << QByteArray() << QByteArray("M") << 501 << 65;
    }
    void refusesALimitWhileMoreWouldBeNeeded() {
        QFETCH(QByteArray, start);
        QFETCH(QByteArray, filling);
        QFETCH(int, status);
        QFETCH(int, limit);
        QByteArray bytes = start;
        while (bytes.size() < limit + 50) bytes += filling;
        const ParseLimits limits{.maxTargetBytes = 50, .maxHeadBytes = 200};
        QCOMPARE(parse(meerkat::test::toView(bytes.first(limit - 1)), limits).state, ParseState::NeedMore);
        QCOMPARE(parse(meerkat::test::toView(bytes.first(limit)), limits).refusalStatus, status);
        QCOMPARE(parse(meerkat::test::toView(bytes), limits).refusalStatus, status);
    }

    void refusesAWrongHeadEarly_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("no token as first byte") << QByteArray("(");
        QTest::newRow("the first byte of TLS") << QByteArray("\x16");
        QTest::newRow("an HTTP/0.9 line") << QByteArray("GET /\r");
        QTest::newRow("a control character in the target") << QByteArray("GET /a\x01");
        QTest::newRow("another protocol") << QByteArray("GET / HTT_");
        QTest::newRow("a fold") << QByteArray("GET / HTTP/1.1\r\nA: b\r\n ");
        QTest::newRow("a space before a colon") << QByteArray("GET / HTTP/1.1\r\nA ");
        QTest::newRow("a control character in a value") << QByteArray("GET / HTTP/1.1\r\nA: b\x01");
        QTest::newRow("a second length") << QByteArray("GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n");
        QTest::newRow("a second host") << QByteArray("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n");
    }
    void refusesAWrongHeadEarly() {
        QFETCH(QByteArray, bytes);
        QCOMPARE(parse(meerkat::test::toView(bytes)).refusalStatus, 400);
        QCOMPARE(parse(meerkat::test::toView(bytes.chopped(1))).state, ParseState::NeedMore);
    }
};

QTEST_GUILESS_MAIN(RequestParserLimitsTest)
#include "tst_request_parser_limits.moc"
