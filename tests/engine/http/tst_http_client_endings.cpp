// Station: tests of http_client: what ends a connection, and whether an answer was cut by it.
#include "engine/http/client_house.h"

#include <QTest>

using namespace meerkat;
using namespace meerkat::test;

namespace {

const QByteArray kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const QByteArray kHead = "HTTP/1.1 200 OK\r\n";
const QByteArray kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

constexpr std::int64_t kLimitMs = 30000;  // the house's

enum class Ending { Finish, Reset, Wait, Nothing };

void addColumns() {
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("ending");
    QTest::addColumn<QByteArrayList>("events");
}

// The program goes on at each reply with nothing: it waits for what else was asked.
void row(const char *name, const QByteArray &request, const QByteArray &answer, Ending ending, QByteArrayList events) {
    events.prepend("connected 0");
    QTest::newRow(name) << request << answer << static_cast<int>(ending) << events;
}

void talk(const http::ClientLimits &limits = {}) {
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, answer);
    QFETCH(int, ending);
    QFETCH(QByteArrayList, events);
    ClientHouse house(limits);
    house.request = request;
    house.nextRequests = QByteArrayList(5, "");
    house.open();
    house.heard(request.size());
    if (!answer.isEmpty()) house.say(answer);
    switch (static_cast<Ending>(ending)) {
    case Ending::Finish:
        house.finish();
        break;
    case Ending::Reset:
        house.reset();
        break;
    case Ending::Wait:
        house.advanceMs(kLimitMs - 1);
        QVERIFY(!house.isGone());
        house.advanceMs(1);
        break;
    case Ending::Nothing:
        break;
    }
    QCOMPARE(house.events, events);
}

}  // namespace

class HttpClientEndingsTest : public QObject {
    Q_OBJECT

  private slots:
    void initTestCase() { os::prepareSockets(); }

    void endsWell_data() {
        addColumns();
        const QByteArray ok = "reply 200 ok";
        row("closed between two answers", kGet, kOk, Ending::Finish, {ok, "gone finished"});
        row("reset between two answers", kGet, kOk, Ending::Reset, {ok, "gone finished"});
        row("closed though nothing was asked", "", "", Ending::Finish, {"gone finished"});
        row("reset though nothing was asked", "", "", Ending::Reset, {"gone finished"});
        row("nothing asked for the time limit", "", "", Ending::Wait, {"gone finished"});
        row("nothing more asked for the time limit", kGet, kOk, Ending::Wait, {ok, "gone finished"});
        row("closed behind an answer to its end", kGet, kHead + "\r\nok", Ending::Finish, {ok, "gone finished"});
    }
    void endsWell() { talk(); }

    // A server that refuses an upload and does not read it: the rest can't be written, and what the server said is there all the same.
    void hearsTheAnswerToWhatCouldNotBeWritten() {
        ClientHouse house;
        house.nextRequests = {""};
        house.request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n";
        house.open();
        house.sayAndReset("HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\n\r\nmuch");
        const std::string part(100000, 'x');
        house.client().send(part);
        house.connection().flush();
        QVERIFY(!house.isGone());
        house.client().send(part);
        house.connection().flush();
        house.pass();
        QCOMPARE(house.events, (QByteArrayList{"connected 0", "reply 413 much", "gone finished"}));
    }

    void tellsThatAnAnswerWasCut_data() {
        addColumns();
        const QByteArray sized = kHead + "Content-Length: 5\r\n\r\n";
        const QByteArray chunked = kHead + "Transfer-Encoding: chunked\r\n\r\n";
        const auto both = [](const char *what, const QByteArray &request, const QByteArray &answer,
                             const QByteArrayList &events) {
            row(QByteArray("closed ").append(what).constData(), request, answer, Ending::Finish, events);
            row(QByteArray("reset ").append(what).constData(), request, answer, Ending::Reset, events);
        };
        both("before an answer", kGet, "", {"gone cut"});
        both("before an answer to a part of a request", kGet.first(10), "", {"gone cut"});
        both("in a status line", kGet, "HTTP/1.1 2", {"gone cut"});
        both("in a field", kGet, kHead + "A: ", {"gone cut"});
        both("before the blank line", kGet, kHead + "A: b\r\n", {"gone cut"});
        both("behind an interim answer", kGet, "HTTP/1.1 100 Continue\r\n\r\n", {"gone cut"});
        both("before a body", kGet, sized, {"gone cut"});
        both("one byte before its end", kGet, sized + "hell", {"gone cut"});
        both("in a chunk's size", kGet, chunked + "1", {"gone cut"});
        both("in a chunk", kGet, chunked + "5\r\nhel", {"gone cut"});
        both("between two chunks", kGet, chunked + "5\r\nhello\r\n", {"gone cut"});
        both("behind the last chunk", kGet, chunked + "5\r\nhello\r\n0\r\n", {"gone cut"});
        both("in a trailer", kGet, chunked + "0\r\nA: b\r\n", {"gone cut"});
        both("before the second of two answers", kGet + kGet, kOk, {"reply 200 ok", "gone cut"});
        row("reset in an answer to its end", kGet, kHead + "\r\nhel", Ending::Reset, {"gone cut"});
        row("the first of two answers says close", kGet + kGet, "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok" + kOk,
            Ending::Nothing, {"reply 200 ok", "gone cut"});
    }
    void tellsThatAnAnswerWasCut() { talk(); }

    void tellsThatTheTimeWasOver_data() {
        addColumns();
        row("no answer", kGet, "", Ending::Wait, {"gone timed out"});
        row("half a head", kGet, kHead, Ending::Wait, {"gone timed out"});
        row("half a body", kGet, kHead + "Content-Length: 5\r\n\r\nhel", Ending::Wait, {"gone timed out"});
        row("an interim answer only", kGet, "HTTP/1.1 102 Processing\r\n\r\n", Ending::Wait, {"gone timed out"});
        row("one answer of two", kGet + kGet, kOk, Ending::Wait, {"reply 200 ok", "gone timed out"});
        row("an answer to the end that does not end", kGet, kHead + "\r\nhel", Ending::Wait, {"gone timed out"});
    }
    void tellsThatTheTimeWasOver() { talk(); }

    void refusesWhatIsNoAnswer_data() {
        addColumns();
        const auto bad = [](const char *name, const QByteArray &answer) {
            row(name, kGet, answer, Ending::Nothing, {"gone refused"});
        };
        bad("another protocol", "SSH-2.0-OpenSSH_9.2\r\n");
        bad("HTTP/2", "HTTP/2 200\r\n\r\n");
        bad("a body without a head", "<html>");
        bad("binary", QByteArray("\0\x01\x02", 3));
        bad("two lengths", kHead + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n");
        bad("a length and chunks", kHead + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n");
        bad("a coding that nobody asked for", kHead + "Transfer-Encoding: gzip, chunked\r\n\r\n");
        bad("a chunk without a size", kHead + "Transfer-Encoding: chunked\r\n\r\nhello\r\n");
        bad("a chunk longer than it says", kHead + "Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n");
        bad("a head of 64 KiB", kHead + "A: " + QByteArray(65536, 'b'));
        bad("a head of many lines", kHead + QByteArray("A: b\r\n").repeated(101));
        bad("a line without end", QByteArray("HTTP/1.1 200 ") + QByteArray(70000, 'x'));
        bad("endless interim answers", QByteArray("HTTP/1.1 100 Continue\r\n\r\n").repeated(101));
        row("a second answer that is none", kGet + kGet, kOk + "rubbish", Ending::Nothing, {"reply 200 ok", "gone refused"});
    }
    void refusesWhatIsNoAnswer() { talk(); }

    void refusesAnAnswerThatIsTooLong_data() {
        addColumns();
        const QByteArray ten(10, 'x');
        const auto fits = [&](const char *name, const QByteArray &answer, Ending ending) {
            row(name, kGet, answer, ending, {"reply 200 " + ten, "gone finished"});
        };
        fits("a length of the limit", kHead + "Content-Length: 10\r\n\r\n" + ten, Ending::Finish);
        fits("chunks of the limit", kHead + "Transfer-Encoding: chunked\r\n\r\n5\r\nxxxxx\r\n5\r\nxxxxx\r\n0\r\n\r\n",
             Ending::Finish);
        fits("to the end, the limit", kHead + "\r\n" + ten, Ending::Finish);
        row("HEAD says a length over it", "HEAD / HTTP/1.1\r\n\r\n", kHead + "Content-Length: 11\r\n\r\n", Ending::Finish,
            {"reply 200 ", "gone finished"});
        const auto tooLong = [&](const char *name, const QByteArray &answer) {
            row(name, kGet, answer, Ending::Nothing, {"gone too long"});
        };
        tooLong("a length over it", kHead + "Content-Length: 11\r\n\r\n");
        tooLong("a length of 2 to the 64th less one", kHead + "Content-Length: 18446744073709551615\r\n\r\n");
        tooLong("a chunk over it", kHead + "Transfer-Encoding: chunked\r\n\r\nb\r\n");
        tooLong("chunks over it", kHead + "Transfer-Encoding: chunked\r\n\r\n5\r\nxxxxx\r\n6\r\n");
        tooLong("to the end, over it", kHead + "\r\n" + ten + "x");
    }
    void refusesAnAnswerThatIsTooLong() { talk({.maxReplyBytes = 10}); }

    void refusesBytesThatNobodyAskedFor_data() {
        addColumns();
        row("before a request", "", "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n", Ending::Nothing,
            {"gone unasked"});
        row("a second answer", kGet, kOk + kOk, Ending::Nothing, {"reply 200 ok", "gone unasked"});
        row("more than the length", kGet, kOk + "x", Ending::Nothing, {"reply 200 ok", "gone unasked"});
        row("a body to HEAD", "HEAD / HTTP/1.1\r\n\r\n", kHead + "Content-Length: 5\r\n\r\nhello", Ending::Nothing,
            {"reply 200 ", "gone unasked"});
    }
    void refusesBytesThatNobodyAskedFor() { talk(); }

    void letsASlowBodyGoOn();
    void letsNoHeadTrickle_data();
    void letsNoHeadTrickle();
    void countsInterimAnswersAnewForEachAnswer();
    void looksAtATricklingHeadOnceALine();
    void endsWhenTheOwnerCloses();
};

void HttpClientEndingsTest::letsASlowBodyGoOn() {
    ClientHouse house;
    house.request = kGet;
    house.open();
    house.say(kHead + "Content-Length: 10\r\n\r\n");
    for (int i = 0; i < 10; ++i) {
        house.advanceMs(kLimitMs - 1);
        house.say("x");
    }
    QCOMPARE(house.events, QByteArrayList({"connected 0", "reply 200 xxxxxxxxxx", "gone finished"}));
}

void HttpClientEndingsTest::letsNoHeadTrickle_data() {
    QTest::addColumn<QByteArray>("piece");
    QTest::newRow("bytes") << QByteArray("A");
    QTest::newRow("lines") << QByteArray("A: b\r\n");
}

// Something now and then does not hold the connection for ever: the limit is the head's.
void HttpClientEndingsTest::letsNoHeadTrickle() {
    QFETCH(QByteArray, piece);
    ClientHouse house;
    house.request = kGet;
    house.open();
    house.say(kHead);
    for (int i = 0; i < 10 && !house.isGone(); ++i) {
        house.say(piece);
        house.advanceMs(kLimitMs / 4);
    }
    QCOMPARE(house.events, QByteArrayList({"connected 0", "gone timed out"}));
}

void HttpClientEndingsTest::countsInterimAnswersAnewForEachAnswer() {
    ClientHouse house({.maxInterim = 2});
    house.request = kGet + kGet;
    house.nextRequests = {""};
    house.open();
    const QByteArray two = QByteArray("HTTP/1.1 100 Continue\r\n\r\n").repeated(2);
    house.say(two + kOk + two + kOk);
    QCOMPARE(house.events, QByteArrayList({"connected 0", "reply 200 ok", "reply 200 ok", "gone finished"}));
}

// 60,000 bytes one by one, each looked at once: parsed from the start each time it would be 1.8 billion.
void HttpClientEndingsTest::looksAtATricklingHeadOnceALine() {
    ClientHouse house;
    house.request = kGet;
    house.begin();
    house.client().connected(0);
    house.connection().flush();
    // Without sockets in between, which would take longer than what is measured.
    const QByteArray head = kHead + "A: " + QByteArray(60000, 'b');
    QElapsedTimer timer;
    timer.start();
    for (qsizetype size = 1; size <= head.size(); ++size)
        QCOMPARE(house.client().onBytes({head.constData(), static_cast<std::size_t>(size)}), 0U);
    QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
}

void HttpClientEndingsTest::endsWhenTheOwnerCloses() {
    for (const QByteArray &request : {QByteArray(), kGet}) {
        ClientHouse house;
        house.request = request;
        house.open();
        house.close();
        QCOMPARE(house.events, QByteArrayList({"connected 0", request.isEmpty() ? "gone finished" : "gone cut"}));
    }
}

QTEST_GUILESS_MAIN(HttpClientEndingsTest)
#include "tst_http_client_endings.moc"
