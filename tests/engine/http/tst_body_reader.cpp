#include "support/guard_page.h"

#include "http/body_reader.h"

#include <QtTest>

using namespace meerkat::http;
using meerkat::test::GuardPage;

namespace {

constexpr std::uint64_t kLimit = 1000000;

std::string_view toView(const QByteArray &bytes) { return {bytes.constData(), static_cast<std::size_t>(bytes.size())}; }

// What a whole conversation with the reader came to.
struct Reading {
    BodyState state = BodyState::NeedMore;
    int status = 0;
    QByteArray data;
    std::size_t consumed = 0;

    bool operator==(const Reading &) const = default;
};

char *toString(const Reading &reading) {
    const char *states[] = {"needs more", "complete", "refused"};
    const QByteArray text =
        QByteArray(states[static_cast<int>(reading.state)]) + " status=" + QByteArray::number(reading.status) +
        " consumed=" + QByteArray::number(static_cast<qulonglong>(reading.consumed)) + " data=" + reading.data;
    return QTest::toString(text);
}

// Hands over `step` bytes at a time, behind what was not consumed of the last.
Reading readInSteps(BodyReader reader, std::string_view bytes, std::size_t step, GuardPage &guard) {
    Reading reading;
    std::size_t given = 0;
    bool mayGoOn = true;
    while (mayGoOn) {
        given = std::min(given + step, bytes.size());
        std::size_t consumed = 0;
        do {
            const std::string_view part = guard.beforeGuard(bytes.substr(reading.consumed, given - reading.consumed));
            const BodyOutcome outcome = reader.read(part);
            consumed = outcome.consumed;
            reading.state = outcome.state;
            reading.status = outcome.refusalStatus;
            reading.data += QByteArray(outcome.data.data(), static_cast<qsizetype>(outcome.data.size()));
            reading.consumed += consumed;
        } while (consumed > 0 && reading.state == BodyState::NeedMore);
        mayGoOn = given < bytes.size() && reading.state == BodyState::NeedMore;
    }
    return reading;
}

Reading readWhole(const BodyReader &reader, const QByteArray &bytes) {
    GuardPage guard(static_cast<std::size_t>(bytes.size()) + 1);
    return readInSteps(reader, toView(bytes), static_cast<std::size_t>(bytes.size()), guard);
}

QByteArray extensionsOf(int bytes) { return "3;" + QByteArray(bytes - 1, 'e') + "\r\nabc\r\n0\r\n\r\n"; }
QByteArray trailersOf(int bytes) { return "0\r\nT:" + QByteArray(bytes - 4, 'v') + "\r\n\r\n"; }

}  // namespace

class BodyReaderTest : public QObject {
    Q_OBJECT

  private slots:
    void isCompleteAtOnceWithoutABody() {
        BodyReader reader = BodyReader::none();
        QVERIFY(reader.isComplete());
        QCOMPARE(reader.read("GET /").state, BodyState::Complete);
        QCOMPARE(reader.read("GET /").consumed, 0U);
        QVERIFY(BodyReader::sized(0, 0).isComplete());
    }

    void acceptsASizedBody() {
        BodyReader reader = BodyReader::sized(5, 5);
        BodyOutcome outcome = reader.read("hel");
        QCOMPARE(outcome.state, BodyState::NeedMore);
        QCOMPARE(outcome.data, std::string_view("hel"));
        QCOMPARE(reader.read("").consumed, 0U);
        outcome = reader.read("loGET / HTTP/1.1");
        QCOMPARE(outcome.state, BodyState::Complete);
        QCOMPARE(outcome.data, std::string_view("lo"));
        QCOMPARE(outcome.consumed, 2U);
        QCOMPARE(reader.bodyBytes(), 5U);
        QVERIFY(reader.isComplete());
    }

    void acceptsASizedBodyOver4Gigabytes() {
        constexpr std::uint64_t kSize = 5'000'000'000;
        const std::string block(1 << 20, 'x');
        BodyReader reader = BodyReader::sized(kSize, UINT64_MAX);
        std::uint64_t consumed = 0;
        while (!reader.isComplete()) consumed += reader.read(block).consumed;
        QCOMPARE(consumed, kSize);
    }

    void acceptsAChunkedBody_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("data");
        const auto row = [](const char *name, const QByteArray &bytes, const QByteArray &data) {
            QTest::newRow(name) << bytes << data;
        };
        row("no chunk", "0\r\n\r\n", "");
        row("one chunk", "5\r\nhello\r\n0\r\n\r\n", "hello");
        row("three chunks", "1\r\na\r\n2\r\nbc\r\n3\r\ndef\r\n0\r\n\r\n", "abcdef");
        row("line ends as data", "4\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n");
        row("a last chunk as data", "5\r\n0\r\n\r\n\r\n0\r\n\r\n", "0\r\n\r\n");
        row("hex digits in both cases", "a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", "01234567890123456789");
        row("sixteen digits", "0000000000000003\r\nabc\r\n0000000000000000\r\n\r\n", "abc");
        row("an extension", "3;name=value\r\nabc\r\n0\r\n\r\n", "abc");
        row("an extension in quotes", "3;n=\"v;w\"\r\nabc\r\n0;last\r\n\r\n", "abc");
        row("an empty extension", "3;\r\nabc\r\n0\r\n\r\n", "abc");
        row("bad white space before an extension", "3 \t;a\r\nabc\r\n0 ;b\r\n\r\n", "abc");
        row("an extension with blanks and high bytes", "3; \ta=\xff\r\nabc\r\n0\r\n\r\n", "abc");
        row("as many extension bytes as may be", extensionsOf(4096), "abc");
        row("a short extension at each of many chunks", QByteArray("1;sixteen-bytes-ok\r\na\r\n").repeated(1000) + "0\r\n\r\n",
            QByteArray(1000, 'a'));
        row("a long extension at each of many long chunks",
            QByteArray("200;signature=" + QByteArray(500, 'e') + "\r\n" + QByteArray(512, 'a') + "\r\n").repeated(100) +
                "0\r\n\r\n",
            QByteArray(51200, 'a'));
        row("one trailer", "3\r\nabc\r\n0\r\nDigest: x y\t\xff\r\n\r\n", "abc");
        row("two trailers, one empty", "0\r\nA:\r\nB: c\r\n\r\n", "");
        row("as many trailer bytes as may be", trailersOf(16 * 1024), "");
        row("as many of both as may be", extensionsOf(4096).chopped(5) + trailersOf(16 * 1024), "abc");
        row("trailers that try to frame", "3\r\nabc\r\n0\r\nContent-Length: 50\r\nTransfer-Encoding: chunked\r\nHost: b\r\n\r\n",
            "abc");
    }
    void acceptsAChunkedBody() {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, data);
        const Reading expected{BodyState::Complete, 0, data, static_cast<std::size_t>(bytes.size())};
        QCOMPARE(readWhole(BodyReader::chunked(kLimit), bytes), expected);
        // What follows belongs to the next request.
        QCOMPARE(readWhole(BodyReader::chunked(kLimit), bytes + "\r\nGET / HTTP/1.1\r\n\r\n"), expected);
    }

    void readsTheSameInPiecesOfAnySize_data() { acceptsAChunkedBody_data(); }
    void readsTheSameInPiecesOfAnySize() {
        QFETCH(QByteArray, bytes);
        const Reading whole = readWhole(BodyReader::chunked(kLimit), bytes);
        GuardPage guard(static_cast<std::size_t>(bytes.size()));
        for (std::size_t step = 1; step <= 17; ++step) {
            QCOMPARE(readInSteps(BodyReader::chunked(kLimit), toView(bytes), step, guard), whole);
        }
    }

    void asksForMoreAtEverySplit_data() { acceptsAChunkedBody_data(); }
    void asksForMoreAtEverySplit() {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, data);
        for (qsizetype size = 0; size < std::min<qsizetype>(bytes.size(), 300); ++size) {
            BodyReader reader = BodyReader::chunked(kLimit);
            GuardPage guard(static_cast<std::size_t>(bytes.size()));
            const Reading first = readInSteps(reader, toView(bytes.first(size)), 4096, guard);
            QVERIFY(first.state == BodyState::NeedMore);
            QCOMPARE(first.consumed, static_cast<std::size_t>(size));
            QVERIFY(data.startsWith(first.data));
        }
    }

    void handsOutOneRunOfDataACall() {
        BodyReader reader = BodyReader::chunked(kLimit);
        const std::string_view bytes = "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
        BodyOutcome outcome = reader.read(bytes);
        QCOMPARE(outcome.data, std::string_view("abc"));
        QCOMPARE(outcome.data.data(), bytes.data() + 3);
        QCOMPARE(outcome.state, BodyState::NeedMore);
        outcome = reader.read(bytes.substr(outcome.consumed));
        QCOMPARE(outcome.data, std::string_view("de"));
        QCOMPARE(outcome.state, BodyState::Complete);
        QCOMPARE(reader.bodyBytes(), 5U);
    }

    void acceptsABodyAtItsLimit() {
        QCOMPARE(readWhole(BodyReader::chunked(3), "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n").state, BodyState::Complete);
        QCOMPARE(readWhole(BodyReader::sized(3, 3), "abc").state, BodyState::Complete);
    }

    void refusesABodyOverItsLimit() {
        BodyReader sized = BodyReader::sized(4, 3);
        QCOMPARE(sized.read("").refusalStatus, 413);
        QVERIFY(!sized.isComplete());
        QCOMPARE(readWhole(BodyReader::chunked(3), "4\r\nabcd\r\n").status, 413);
        // The second chunk alone would fit. It is refused before a byte of it has come.
        const Reading second = readWhole(BodyReader::chunked(3), "2\r\nab\r\n2\r\n");
        QCOMPARE(second.status, 413);
        QCOMPARE(second.data, QByteArray("ab"));
        QCOMPARE(readWhole(BodyReader::chunked(kLimit), "ffffffffffffffff\r\n").status, 413);
        // The sum of both would wrap to 1.
        QCOMPARE(readWhole(BodyReader::chunked(kLimit), "2\r\nab\r\nffffffffffffffff\r\n").status, 413);
    }

    void refusesWrongChunks_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status");
        const auto row = [](const char *name, const QByteArray &bytes, int status = 400) {
            QTest::newRow(name) << bytes << status;
        };
        row("a plus", "+5\r\nhello\r\n");
        row("a minus", "-5\r\nhello\r\n");
        row("0x", "0x5\r\nhello\r\n");
        row("a space before the size", " 5\r\nhello\r\n");
        row("a space behind the size", "5 \r\nhello\r\n");
        row("a tab behind the size", "5\t\r\nhello\r\n");
        row("a blank behind which no extension is", "5 a\r\nhello\r\n");
        row("a letter that is no hex digit", "g\r\n");
        row("an underscore in the size", "1_0\r\n");
        row("a NUL in the size", QByteArray("5\0\r\n", 4));
        row("a byte over 127 as size", "\xb5\r\nhello\r\n");
        row("no size", "\r\nhello\r\n");
        row("an extension without a size", ";a\r\n");
        row("seventeen digits", "00000000000000005\r\nhello\r\n");
        row("seventeen digits that overflow", "10000000000000005\r\nhello\r\n");
        row("a line feed alone behind the size", "5\nhello\r\n");
        row("a line feed alone behind an extension", "5;a\nhello\r\n");
        row("a carriage return alone behind the size", "5\rXhello\r\n0\r\n\r\n");
        row("a carriage return alone in an extension", "5;a\rXhello\r\n0\r\n\r\n");
        row("two carriage returns behind the size", "5\r\r\nhello\r\n");
        row("a NUL in an extension", QByteArray("5;\0\r\n", 5));
        row("a delete character in an extension", "5;\x7f\r\nhello\r\n");
        row("a delete character in a trailer", "0\r\nA: \x7f\r\n\r\n");
        row("too many extension bytes", extensionsOf(4097));
        row("too many extension bytes in all", QByteArray("1;" + QByteArray(1023, 'e') + "\r\na\r\n").repeated(5));
        row("no line end behind the data", "5\r\nhelloX\n0\r\n\r\n");
        row("a line feed alone behind the data", "5\r\nhello\n0\r\n\r\n");
        row("a carriage return alone behind the data", "5\r\nhello\rX0\r\n\r\n");
        row("more data than said", "4\r\nhello\r\n0\r\n\r\n");
        row("a line feed alone behind the last chunk", "0\n\r\n");
        row("a line feed alone as end", "0\r\n\n");
        row("a carriage return alone as end", "0\r\n\rG");
        row("a trailer without a colon", "0\r\nGET / HTTP/1.1\r\n\r\n");
        row("a trailer without a name", "0\r\n: a\r\n\r\n");
        row("a space before the colon of a trailer", "0\r\nA : b\r\n\r\n");
        row("a folded trailer", "0\r\nA: b\r\n c\r\n\r\n");
        row("a NUL in a trailer", QByteArray("0\r\nA: \0\r\n\r\n", 11));
        row("a line feed alone behind a trailer", "0\r\nA: b\n\r\n");
        row("a carriage return alone in a trailer", "0\r\nA: b\rX\r\n");
        row("too many trailer bytes", trailersOf(16 * 1024 + 1), 431);
        row("too many trailers", "0\r\n" + QByteArray("A: b\r\n").repeated(3000), 431);
    }
    void refusesWrongChunks() {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        const Reading whole = readWhole(BodyReader::chunked(kLimit), bytes);
        QCOMPARE(whole.state, BodyState::Refused);
        QCOMPARE(whole.status, status);
        GuardPage guard(static_cast<std::size_t>(bytes.size()));
        QCOMPARE(readInSteps(BodyReader::chunked(kLimit), toView(bytes), 1, guard), whole);
    }

    void staysRefused() {
        BodyReader reader = BodyReader::chunked(kLimit);
        QCOMPARE(reader.read("x").refusalStatus, 400);
        const BodyOutcome again = reader.read("0\r\n\r\n");
        QCOMPARE(again.state, BodyState::Refused);
        QCOMPARE(again.refusalStatus, 400);
        QCOMPARE(again.consumed, 0U);
        QVERIFY(!reader.isComplete());
    }
};

QTEST_GUILESS_MAIN(BodyReaderTest)
#include "tst_body_reader.moc"
