#include "engine/http/response_samples.h"
#include "support/guard_page.h"

#include <QtTest>

using namespace meerkat::http;
using namespace meerkat::test;

namespace {

const ResponseLimits kLimits;

std::string_view toView(const QByteArray &bytes) { return {bytes.constData(), static_cast<std::size_t>(bytes.size())}; }

void addGoodAnswers() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("meaning");
    for (const GoodAnswer &answer : goodAnswers())
        QTest::newRow(answer.name) << QByteArray::fromStdString(answer.bytes) << QByteArray(answer.meaning);
}

QByteArray withLine(const QByteArray &line) { return line + "\r\nA: b\r\n\r\n"; }
QByteArray withFields(const QByteArray &fields) { return "HTTP/1.1 200 OK\r\n" + fields + "\r\n\r\n"; }

// Refused as a whole, with anything behind, and byte by byte with the same status as soon as it is refused at all.
void verifyRefused(const QByteArray &bytes, int status) {
    ResponseHead head;
    const ParseOutcome whole = parseResponseHead(toView(bytes), kLimits, head);
    QCOMPARE(whole.state, ParseState::Refused);
    QCOMPARE(whole.refusalStatus, status);
    QCOMPARE(whole.consumed, 0U);
    QCOMPARE(parseResponseHead(toView(bytes + "\r\n\r\nHTTP/1.1 200 OK\r\n"), kLimits, head).refusalStatus, status);
    GuardPage guard(4096);
    bool isRefused = false;
    for (qsizetype size = 0; size <= bytes.size(); ++size) {
        const ParseOutcome part = parseResponseHead(guard.beforeGuard(toView(bytes.first(size))), kLimits, head);
        QVERIFY(part.state != ParseState::Complete);
        QVERIFY2(!isRefused || part.state == ParseState::Refused, "what was refused is not refused with more bytes");
        isRefused = part.state == ParseState::Refused;
        if (isRefused) QCOMPARE(part.refusalStatus, status);
    }
    QVERIFY(isRefused);
}

}  // namespace

class ResponseParserTest : public QObject {
    Q_OBJECT

  private slots:
    void acceptsAHead_data() { addGoodAnswers(); }
    void acceptsAHead() {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, meaning);
        ResponseHead head;
        for (const QByteArray &behind : {QByteArray(), QByteArray("\r\n"), QByteArray("HTTP/1.1 500"), QByteArray(1, '\0')}) {
            const QByteArray all = bytes + behind;
            const ParseOutcome outcome = parseResponseHead(toView(all), kLimits, head);
            QCOMPARE(outcome.state, ParseState::Complete);
            QCOMPARE(outcome.consumed, static_cast<std::size_t>(bytes.size()));
            QCOMPARE(outcome.refusalStatus, 0);
            QCOMPARE(describe(head), meaning);
        }
    }

    void asksForMoreAtEverySplit_data() { addGoodAnswers(); }
    void asksForMoreAtEverySplit() {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, meaning);
        GuardPage guard(4096);
        ResponseHead head;
        for (qsizetype size = 0; size < bytes.size(); ++size) {
            for (const std::string_view part :
                 {guard.beforeGuard(toView(bytes.first(size))), guard.afterGuard(toView(bytes.first(size)))}) {
                const ParseOutcome outcome = parseResponseHead(part, kLimits, head);
                QVERIFY2(outcome.state == ParseState::NeedMore, qPrintable(QString::number(size)));
                QCOMPARE(outcome.consumed, 0U);
            }
        }
        QCOMPARE(parseResponseHead(guard.beforeGuard(toView(bytes)), kLimits, head).state, ParseState::Complete);
        QCOMPARE(describe(head), meaning);
    }

    void findsAFieldInAnyCase() {
        ResponseHead head;
        parseResponseHead("HTTP/1.1 200 OK\r\nA: first\r\na: second\r\nEmpty:\r\n\r\n", kLimits, head);
        QVERIFY(head.find("a") == "first" && head.find("EMPTY") == "" && !head.find("b"));
    }

    void keepsNothingOfAnEarlierHead() {
        ResponseHead head;
        parseResponseHead("HTTP/1.0 404 Not Found\r\nContent-Length: 5\r\nConnection: close, upgrade\r\n\r\n", kLimits, head);
        parseResponseHead("HTTP/1.1 200 \r\n\r\n", kLimits, head);
        QCOMPARE(describe(head), QByteArray("200 '' 1.1"));
    }

    void saysHowABodyEnds_data();
    void saysHowABodyEnds();
    void tellsInterimAnswers_data();
    void tellsInterimAnswers();

    void refusesAWrongStatusLine_data();
    void refusesAWrongStatusLine() {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        verifyRefused(bytes, status);
    }
    void refusesWrongFields_data();
    void refusesWrongFields() {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        verifyRefused(bytes, status);
    }
    void refusesAHeadOverTheLimit();
    void refusesMoreThanAHundredFields();
};

void ResponseParserTest::saysHowABodyEnds_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<Method>("method");
    QTest::addColumn<BodyFraming>("framing");
    const auto row = [](const char *name, const char *bytes, Method method, BodyFraming framing) {
        QTest::newRow(name) << QByteArray("HTTP/1.1 ") + bytes + "\r\n\r\n" << method << framing;
    };
    const auto get = Method::Get;
    row("a length", "200 OK\r\nContent-Length: 5", get, BodyFraming::Sized);
    row("a length of nothing", "200 OK\r\nContent-Length: 0", get, BodyFraming::Sized);
    row("chunked", "200 OK\r\nTransfer-Encoding: chunked", get, BodyFraming::Chunked);
    row("neither", "200 OK", get, BodyFraming::UntilClose);
    row("neither, kept alive", "200 OK\r\nConnection: keep-alive", get, BodyFraming::UntilClose);
    row("an error without either", "500 x", Method::Post, BodyFraming::UntilClose);
    row("to HEAD with a length", "200 OK\r\nContent-Length: 5", Method::Head, BodyFraming::None);
    row("to HEAD, chunked", "200 OK\r\nTransfer-Encoding: chunked", Method::Head, BodyFraming::None);
    row("to HEAD with neither", "200 OK", Method::Head, BodyFraming::None);
    row("204 with a length", "204 x\r\nContent-Length: 5", get, BodyFraming::None);
    row("304 with a length", "304 x\r\nContent-Length: 5", get, BodyFraming::None);
    row("304, chunked", "304 x\r\nTransfer-Encoding: chunked", get, BodyFraming::None);
    row("100 with a length", "100 x\r\nContent-Length: 5", get, BodyFraming::None);
    row("199", "199 x", get, BodyFraming::None);
    row("101", "101 x\r\nConnection: upgrade", get, BodyFraming::Tunnel);
    row("200 to CONNECT", "200 x\r\nContent-Length: 5", Method::Connect, BodyFraming::Tunnel);
    row("299 to CONNECT", "299 x", Method::Connect, BodyFraming::Tunnel);
    row("407 to CONNECT", "407 x\r\nContent-Length: 5", Method::Connect, BodyFraming::Sized);
    row("205 without either", "205 x", get, BodyFraming::UntilClose);
    row("to an unknown method", "200 OK\r\nContent-Length: 5", Method::Other, BodyFraming::Sized);
}

void ResponseParserTest::saysHowABodyEnds() {
    QFETCH(QByteArray, bytes);
    QFETCH(Method, method);
    QFETCH(BodyFraming, framing);
    ResponseHead head;
    QCOMPARE(parseResponseHead(toView(bytes), kLimits, head).state, ParseState::Complete);
    QVERIFY(bodyFraming(head, method) == framing);
}

void ResponseParserTest::tellsInterimAnswers_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("isInterim");
    for (const int status : {100, 102, 103, 199}) QTest::addRow("%d", status) << status << true;
    for (const int status : {101, 200, 404, 999}) QTest::addRow("%d", status) << status << false;
}

void ResponseParserTest::tellsInterimAnswers() {
    QFETCH(int, status);
    QFETCH(bool, isInterim);
    ResponseHead head;
    head.status = status;
    QCOMPARE(head.isInterim(), isInterim);
}

void ResponseParserTest::refusesAWrongStatusLine_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    QTest::newRow("nothing known") << withLine("hello") << 400;
    QTest::newRow("a request") << withLine("GET / HTTP/1.1") << 400;
    QTest::newRow("another protocol") << withLine("ICY 200 OK") << 400;
    QTest::newRow("small letters") << withLine("http/1.1 200 OK") << 400;
    QTest::newRow("no version") << withLine("HTTP 200 OK") << 400;
    QTest::newRow("HTTP/2") << withLine("HTTP/2 200 OK") << 400;
    QTest::newRow("HTTP/2.0") << withLine("HTTP/2.0 200 OK") << 505;
    QTest::newRow("HTTP/0.9") << withLine("HTTP/0.9 200 OK") << 505;
    QTest::newRow("two digits behind the point") << withLine("HTTP/1.10 200 OK") << 400;
    QTest::newRow("two spaces") << withLine("HTTP/1.1  200 OK") << 400;
    QTest::newRow("a tab") << withLine("HTTP/1.1\t200 OK") << 400;
    QTest::newRow("no status") << withLine("HTTP/1.1") << 400;
    QTest::newRow("no status behind the space") << withLine("HTTP/1.1 ") << 400;
    QTest::newRow("two digits") << withLine("HTTP/1.1 20 OK") << 400;
    QTest::newRow("four digits") << withLine("HTTP/1.1 2000 OK") << 400;
    QTest::newRow("a status below 100") << withLine("HTTP/1.1 099 OK") << 400;
    QTest::newRow("a sign") << withLine("HTTP/1.1 +20 OK") << 400;
    QTest::newRow("letters") << withLine("HTTP/1.1 2x0 OK") << 400;
    QTest::newRow("a tab behind the status") << withLine("HTTP/1.1 200\tOK") << 400;
    QTest::newRow("a NUL in the reason") << withLine(QByteArray("HTTP/1.1 200 O\0K", 16)) << 400;
    QTest::newRow("a bare CR in the reason") << withLine("HTTP/1.1 200 O\rK") << 400;
    QTest::newRow("a DEL in the reason") << withLine("HTTP/1.1 200 O\x7fK") << 400;
    QTest::newRow("five empty lines before") << QByteArray("\r\n\r\n\r\n\r\n\r\nHTTP/1.1 200 OK\r\n\r\n") << 400;
    QTest::newRow("a space before") << withLine(" HTTP/1.1 200 OK") << 400;
}

void ResponseParserTest::refusesWrongFields_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const QByteArray &fields, int status = 400) {
        QTest::newRow(name) << withFields(fields) << status;
    };
    row("no colon", "abc");
    row("a space before the colon", "A : b");
    row("a space in a name", "A b: c");
    row("an empty name", ": b");
    row("a folded line", "A: b\r\n c");
    row("a first line that is folded", " A: b");
    row("a NUL in a value", QByteArray("A: b\0c", 6));
    row("a bare CR in a value", "A: b\rc");
    row("a name that is no ASCII", "\xc3\xbc: b");
    row("two lengths", "Content-Length: 5\r\nContent-Length: 6");
    row("two equal lengths", "Content-Length: 5\r\nContent-Length: 5");
    row("a list of lengths", "Content-Length: 5, 5");
    row("a length with a sign", "Content-Length: +5");
    row("a negative length", "Content-Length: -5");
    row("a length in hex", "Content-Length: 0x5");
    row("an empty length", "Content-Length:");
    row("a length over 64 bits", "Content-Length: 18446744073709551616");
    row("a length and chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked");
    row("chunks and a length", "Transfer-Encoding: chunked\r\nContent-Length: 5");
    row("chunked twice", "Transfer-Encoding: chunked, chunked");
    row("chunked not last", "Transfer-Encoding: chunked, gzip");
    row("a coding without chunks", "Transfer-Encoding: gzip");
    row("an empty coding", "Transfer-Encoding:");
    row("a coding that nobody asked for", "Transfer-Encoding: gzip, chunked", 501);
    QTest::newRow("chunked in 1.0") << QByteArray("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n") << 400;
}

void ResponseParserTest::refusesAHeadOverTheLimit() {
    ResponseHead head;
    const ResponseLimits limits{.maxHeadBytes = 100};
    const QByteArray start = "HTTP/1.1 200 OK\r\nA: ";
    const QByteArray fits = start + QByteArray(100 - 4 - start.size(), 'b') + "\r\n\r\n";
    QCOMPARE(parseResponseHead(toView(fits), limits, head).state, ParseState::Complete);
    const QByteArray exceeds = start + QByteArray(100 - 3 - start.size(), 'b') + "\r\n\r\n";
    QCOMPARE(parseResponseHead(toView(exceeds), limits, head).refusalStatus, 431);
    QCOMPARE(parseResponseHead(toView(exceeds.first(99)), limits, head).state, ParseState::NeedMore);
    QCOMPARE(parseResponseHead(toView(exceeds.first(100)), limits, head).refusalStatus, 431);
    QCOMPARE(kLimits.maxHeadBytes, 65536U);
}

void ResponseParserTest::refusesMoreThanAHundredFields() {
    ResponseHead head;
    QByteArray bytes = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 100; ++i) bytes += "A: b\r\n";
    QCOMPARE(parseResponseHead(toView(bytes + "\r\n"), kLimits, head).state, ParseState::Complete);
    QCOMPARE(head.fieldCount, 100U);
    QCOMPARE(parseResponseHead(toView(bytes + "A"), kLimits, head).refusalStatus, 431);
}

QTEST_GUILESS_MAIN(ResponseParserTest)
#include "tst_response_parser.moc"
