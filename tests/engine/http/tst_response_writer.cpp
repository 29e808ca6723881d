// What a program's calls become on the wire, without a connection.
#include "http/response_writer.h"

#include <QtTest>

using namespace meerkat::http;

class ResponseWriterTest : public QObject {
    Q_OBJECT

  private slots:
    void sendsChunksUnlessTheLengthIsGiven();
    void sendsOneChunkForManyCallsBetweenTwoTakes();
    void endsAnHttp10AnswerWithTheConnection();
    void leavesTheBodyOutOfAnAnswerToHead();
    void refusesWhatComesTooLate();
    void refusesHeadersThatCouldForgeOthers_data();
    void refusesHeadersThatCouldForgeOthers();
    void refusesALengthBesideATransferCoding();
    void framesWhatWasAnnouncedInChunks();
    void dropsBytesBeyondTheGivenLength();
    void keepsTheConnectionAfterRawBytesWhoseEndIsClear_data();
    void keepsTheConnectionAfterRawBytesWhoseEndIsClear();
};

namespace {

constexpr std::string_view kDate = "Date: then\r\n";

std::string whole(ResponseWriter &writer) {
    writer.finish();
    std::string out;
    writer.take(kDate, out);
    return out;
}

}  // namespace

void ResponseWriterTest::sendsChunksUnlessTheLengthIsGiven() {
    ResponseWriter chunked(1, false, true);
    chunked.addBody("hello");
    QCOMPARE(whole(chunked),
             std::string("HTTP/1.1 200 OK\r\nDate: then\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"));
    QVERIFY(chunked.endsClearly());

    ResponseWriter sized(1, false, true);
    QVERIFY(sized.addHeader("content-length", "5"));
    sized.addBody("hello");
    QCOMPARE(whole(sized), std::string("HTTP/1.1 200 OK\r\nDate: then\r\ncontent-length: 5\r\n\r\nhello"));
    QVERIFY(sized.endsClearly());
}

void ResponseWriterTest::sendsOneChunkForManyCallsBetweenTwoTakes() {
    ResponseWriter writer(1, false, true);
    writer.addBody("a");
    writer.addBody("b");
    std::string out;
    writer.take(kDate, out);
    QVERIFY(out.ends_with("\r\n\r\n2\r\nab\r\n"));
    const std::size_t taken = out.size();
    writer.take(kDate, out);
    QCOMPARE(out.size(), taken);
    writer.addBody("c");
    QCOMPARE(whole(writer), std::string("1\r\nc\r\n0\r\n\r\n"));
}

void ResponseWriterTest::endsAnHttp10AnswerWithTheConnection() {
    ResponseWriter writer(0, false, true);
    writer.addBody("hello");
    QCOMPARE(whole(writer), std::string("HTTP/1.1 200 OK\r\nDate: then\r\nConnection: close\r\n\r\nhello"));
    QVERIFY(!writer.endsClearly());
}

void ResponseWriterTest::leavesTheBodyOutOfAnAnswerToHead() {
    ResponseWriter writer(1, true, true);
    writer.addBody("hello");
    QVERIFY(whole(writer).ends_with("chunked\r\n\r\n"));
    QVERIFY(writer.endsClearly());
}

void ResponseWriterTest::refusesWhatComesTooLate() {
    ResponseWriter writer(1, false, true);
    QVERIFY(writer.setStatus(404));
    QVERIFY(!writer.setStatus(200));
    writer.addBody("x");
    QVERIFY(!writer.addHeader("A", "b"));
    QVERIFY(whole(writer).starts_with("HTTP/1.1 404 Not Found\r\n"));
}

void ResponseWriterTest::refusesHeadersThatCouldForgeOthers_data() {
    QTest::addColumn<std::string>("name");
    QTest::addColumn<std::string>("value");
    QTest::newRow("line break in the value") << std::string("A") << std::string("b\r\nC: d");
    QTest::newRow("line break in the name") << std::string("A\nB") << std::string("c");
    QTest::newRow("colon in the name") << std::string("A:") << std::string("c");
    QTest::newRow("empty name") << std::string() << std::string("c");
    QTest::newRow("NUL in the value") << std::string("A") << std::string("b\0c", 3);
    QTest::newRow("no number") << std::string("Content-Length") << std::string("5x");
}

void ResponseWriterTest::refusesHeadersThatCouldForgeOthers() {
    QFETCH(std::string, name);
    QFETCH(std::string, value);
    ResponseWriter writer(1, false, true);
    QVERIFY(!writer.addHeader(name, value));
    QVERIFY(!writer.hasBegun());
}

void ResponseWriterTest::refusesALengthBesideATransferCoding() {
    ResponseWriter sized(1, false, true);
    QVERIFY(sized.addHeader("Content-Length", "5"));
    QVERIFY(!sized.addHeader("Transfer-Encoding", "chunked"));
    QVERIFY(!sized.addHeader("Content-Length", "6"));
    ResponseWriter coded(1, false, true);
    QVERIFY(coded.addHeader("Transfer-Encoding", "chunked"));
    QVERIFY(!coded.addHeader("Content-Length", "5"));
}

// Whoever announces chunks gets them: the engine's around data, none around raw bytes, which are the program's chunks.
void ResponseWriterTest::framesWhatWasAnnouncedInChunks() {
    const std::string head = "HTTP/1.1 200 OK\r\nDate: then\r\nTransfer-Encoding: chunked\r\n\r\n";
    const auto coded = [](int minorVersion = 1) {
        ResponseWriter writer(minorVersion, false, true);
        if (!writer.addHeader("transfer-encoding", " Chunked") || !writer.hasBegun()) qFatal("refused");
        return writer;
    };
    ResponseWriter data = coded();
    data.addBody("hello");
    QCOMPARE(whole(data), head + "5\r\nhello\r\n0\r\n\r\n");
    QVERIFY(data.endsClearly());
    ResponseWriter nothing = coded();
    QCOMPARE(whole(nothing), head + "0\r\n\r\n");
    QVERIFY(nothing.endsClearly());
    ResponseWriter own = coded();
    own.addRaw("5\r\nhello\r\n0\r\n");
    QCOMPARE(whole(own), head + "5\r\nhello\r\n0\r\n");
    QVERIFY(!own.endsClearly());
    ResponseWriter ended = coded();
    ended.addRaw("5\r\nhello\r\n0\r");
    ended.addRaw("\n\r");
    ended.addRaw("\n");
    QCOMPARE(whole(ended), head + "5\r\nhello\r\n0\r\n\r\n");
    QVERIFY(ended.endsClearly());
    ResponseWriter old = coded(0);
    old.addBody("hello");
    QVERIFY(whole(old).ends_with("close\r\n\r\nhello") && !old.endsClearly());
    ResponseWriter other(1, false, true);
    QVERIFY(!other.addHeader("Transfer-Encoding", "gzip") && !other.hasBegun());
}

void ResponseWriterTest::dropsBytesBeyondTheGivenLength() {
    ResponseWriter writer(1, false, true);
    QVERIFY(writer.addHeader("Content-Length", "3"));
    QCOMPARE(writer.addBody("hello"), std::size_t{3});
    QVERIFY(whole(writer).ends_with("\r\n\r\nhel"));
    ResponseWriter shorter(1, false, true);
    QVERIFY(shorter.addHeader("Content-Length", "9"));
    shorter.addBody("hello");
    whole(shorter);
    QVERIFY(!shorter.endsClearly());
}

void ResponseWriterTest::keepsTheConnectionAfterRawBytesWhoseEndIsClear_data() {
    QTest::addColumn<std::string>("raw");
    QTest::addColumn<bool>("isKept");
    QTest::newRow("length") << std::string("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") << true;
    QTest::newRow("chunks") << std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") << true;
    QTest::newRow("chunks without the last")
        << std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n") << false;
    QTest::newRow("no body") << std::string("HTTP/1.1 204 No Content\r\n\r\n") << true;
    QTest::newRow("length that is not kept") << std::string("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok") << false;
    QTest::newRow("neither") << std::string("HTTP/1.1 200 OK\r\n\r\nok") << false;
    QTest::newRow("close asked for") << std::string("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
                                     << false;
    QTest::newRow("no head") << std::string("hello") << false;
}

void ResponseWriterTest::keepsTheConnectionAfterRawBytesWhoseEndIsClear() {
    QFETCH(std::string, raw);
    QFETCH(bool, isKept);
    // In one piece and byte by byte.
    for (const std::size_t step : {raw.size(), std::size_t{1}}) {
        ResponseWriter writer(1, false, true);
        for (std::size_t at = 0; at < raw.size(); at += step) writer.addRaw(std::string_view(raw).substr(at, step));
        QCOMPARE(whole(writer), raw);
        QCOMPARE(writer.endsClearly(), isKept);
    }
}

QTEST_GUILESS_MAIN(ResponseWriterTest)
#include "tst_response_writer.moc"
