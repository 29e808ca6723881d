// Station: tests of http_client: answers in each framing, whole, split anywhere and byte by byte; several in a row; the change to another protocol.
#include "engine/http/client_house.h"

#include <QTest>

#include <cerrno>

using namespace meerkat;
using namespace meerkat::test;

namespace {

const QByteArray kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const QByteArray kHead = "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n";
const QByteArray kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

struct Talk {
    const char *name;
    QByteArray request;
    QByteArrayList next;
    QByteArray answer;
    bool isFinished;  // the server finishes sending behind it
    QByteArrayList events;
};

QByteArrayList connectedAnd(QByteArrayList events) {
    events.prepend("connected 0");
    return events;
}

std::vector<Talk> talks() {
    const QByteArrayList one{"reply 200 hello", "gone finished"};
    const QByteArray head = "HTTP/1.1 200 OK\r\n";
    return {
        {"a length", kGet, {}, head + "Content-Length: 5\r\n\r\nhello", false, one},
        {"a length and close", kGet, {}, head + "Content-Length: 5\r\nConnection: close\r\n\r\nhello", true, one},
        {"a length of nothing", kGet, {}, head + "Content-Length: 0\r\n\r\n", false, {"reply 200 ", "gone finished"}},
        {"chunks", kGet, {}, head + "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;a=b\r\nllo\r\n0\r\nA: b\r\n\r\n", false, one},
        {"chunks of nothing",
         kGet,
         {},
         head + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         false,
         {"reply 200 ", "gone finished"}},
        {"to the end", kGet, {}, head + "\r\nhello", true, one},
        {"to the end at once", kGet, {}, head + "\r\n", true, {"reply 200 ", "gone finished"}},
        {"to the end though it goes on", kGet, {kGet}, head + "\r\nhello", true, {"reply 200 hello", "gone cut"}},
        {"1.0", kGet, {}, "HTTP/1.0 200 OK\r\n\r\nhello", true, one},
        {"HEAD", kHead, {}, head + "Content-Length: 5\r\n\r\n", false, {"reply 200 ", "gone finished"}},
        {"HEAD, chunked", kHead, {}, head + "Transfer-Encoding: chunked\r\n\r\n", false, {"reply 200 ", "gone finished"}},
        {"HEAD, then GET",
         kHead,
         {kGet},
         head + "Content-Length: 2\r\n\r\n" + kOk,
         false,
         {"reply 200 ", "reply 200 ok", "gone finished"}},
        {"204", kGet, {}, "HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n", false, {"reply 204 ", "gone finished"}},
        {"304", kGet, {}, "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", false, {"reply 304 ", "gone finished"}},
        {"an error", kGet, {}, "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno", false, {"reply 404 no", "gone finished"}},
        {"interim answers before",
         kGet,
         {},
         "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + kOk,
         false,
         {"reply 200 ok", "gone finished"}},
        {"three in a row",
         kGet,
         {kGet, kGet},
         kOk + kOk + kOk,
         false,
         {"reply 200 ok", "reply 200 ok", "reply 200 ok", "gone finished"}},
        {"three pipelined",
         kGet + kHead + kGet,
         {"", ""},
         kOk + head + "Content-Length: 7\r\n\r\n" + kOk,
         false,
         {"reply 200 ok", "reply 200 ", "reply 200 ok", "gone finished"}},
        {"the server closes between two", kGet, {""}, kOk, true, {"reply 200 ok", "gone finished"}},
        {"the server says that it closes",
         kGet,
         {""},
         "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
         false,
         {"reply 200 ok", "gone finished"}},
        {"a body with line ends and NULs",
         kGet,
         {},
         head + QByteArray("Content-Length: 6\r\n\r\n\r\n\0\r\n\n", 27),
         false,
         {QByteArray("reply 200 \r\n\0\r\n\n", 16), "gone finished"}},
    };
}

void addTalks() {
    QTest::addColumn<int>("place");
    const auto all = talks();
    for (std::size_t i = 0; i < all.size(); ++i) QTest::newRow(all[i].name) << static_cast<int>(i);
}

Talk currentTalk() {
    QFETCH(int, place);
    return talks()[static_cast<std::size_t>(place)];
}

void open(ClientHouse &house, const Talk &talk) {
    house.request = talk.request;
    house.nextRequests = talk.next;
    house.open();
}

}  // namespace

class HttpClientTest : public QObject {
    Q_OBJECT

  private slots:
    void initTestCase() { os::prepareSockets(); }

    void handsOverWholeAnswers_data() { addTalks(); }
    void handsOverWholeAnswers() {
        const Talk talk = currentTalk();
        ClientHouse house;
        open(house, talk);
        QCOMPARE(house.heard(talk.request.size()), talk.request);
        house.say(talk.answer);
        if (talk.isFinished) house.finish();
        QCOMPARE(house.events, connectedAnd(talk.events));
        QVERIFY(house.isGone());
        QVERIFY(house.seesTheEnd() || !talk.next.isEmpty());
    }

    void handsOverAnswersSplitAnywhere_data() { addTalks(); }
    void handsOverAnswersSplitAnywhere() {
        const Talk talk = currentTalk();
        for (qsizetype split = 1; split < talk.answer.size(); ++split) {
            ClientHouse house;
            open(house, talk);
            house.say(talk.answer.first(split));
            house.say(talk.answer.sliced(split));
            if (talk.isFinished) house.finish();
            QCOMPARE(house.events, connectedAnd(talk.events));
        }
    }

    void handsOverAnswersByteByByte_data() { addTalks(); }
    void handsOverAnswersByteByByte() {
        const Talk talk = currentTalk();
        ClientHouse house;
        open(house, talk);
        for (const char byte : talk.answer) house.say(QByteArray(1, byte));
        if (talk.isFinished) house.finish();
        QCOMPARE(house.events, connectedAnd(talk.events));
    }

    void showsHeadAndFields();
    void writesWhatItIsGivenAsItIs();
    void sendsTheNextRequestFromWithinAReply();
    void sendsARequestLaterOn();
    void takesALargeBody_data();
    void takesALargeBody();
    void readsAnAnswerWhileItsRequestIsStillWritten();
    void saysOnceThatItIsConnected();
    void saysThatItCouldNotConnect();
    void readsNothingBeforeItIsConnected();
    void tellsWhatItIsAt();
    void sendsNothingBeforeAndAfter();
};

void HttpClientTest::showsHeadAndFields() {
    ClientHouse house;
    house.request = kGet;
    QByteArray seen;
    house.atReply = [&](http::HttpClient &, const http::ResponseHead &head) {
        for (const auto &field : head.headers())
            seen += QByteArray::fromStdString(std::string(field.name) + '=' + std::string(field.value) + ';');
        seen += QByteArray::fromStdString(std::string(head.reason)) + ' ' + QByteArray::number(head.minorVersion);
        return false;
    };
    house.open();
    house.say("HTTP/1.0 201 Made it\r\nA: b\r\n");
    house.say("Set-Cookie: c\r\n\r\nbody");
    house.finish();
    QCOMPARE(seen, QByteArray("A=b;Set-Cookie=c;Made it 0"));
}

void HttpClientTest::writesWhatItIsGivenAsItIs() {
    ClientHouse house;
    house.request = QByteArray("get  /\0 \n\xff odd\r\n\r\n", 18);
    house.open();
    QCOMPARE(house.heard(18), house.request);
}

void HttpClientTest::sendsTheNextRequestFromWithinAReply() {
    ClientHouse house;
    house.request = kGet;
    house.nextRequests = {kHead};
    house.open();
    house.heard(kGet.size());
    house.say(kOk);
    QCOMPARE(house.heard(kHead.size()), kHead);
    QVERIFY(house.client().expectsAnswer());
}

void HttpClientTest::sendsARequestLaterOn() {
    ClientHouse house;
    house.open();
    QVERIFY(!house.client().expectsAnswer());
    house.advanceMs(20000);
    QVERIFY(house.client().send({kGet.constData(), 10}));
    QVERIFY(house.client().send({kGet.constData() + 10, static_cast<std::size_t>(kGet.size() - 10)}));
    house.connection().flush();
    QCOMPARE(house.heard(kGet.size()), kGet);
    // The limit runs from the request on.
    house.advanceMs(20000);
    house.say(kOk);
    QCOMPARE(house.events, QByteArrayList({"connected 0", "reply 200 ok", "gone finished"}));
}

void HttpClientTest::takesALargeBody_data() {
    QTest::addColumn<QByteArray>("fields");
    QTest::newRow("a length") << QByteArray("Content-Length: 3000000\r\n");
    QTest::newRow("chunks") << QByteArray("Transfer-Encoding: chunked\r\n");
    QTest::newRow("to the end") << QByteArray();
}

void HttpClientTest::takesALargeBody() {
    QFETCH(QByteArray, fields);
    QByteArray body;
    for (int i = 0; body.size() < 3'000'000; ++i) body += QByteArray::number(i) + ' ';
    body.truncate(3'000'000);
    ClientHouse house;
    house.request = kGet;
    house.open();
    const bool isChunked = fields.contains("chunked");
    const QByteArray sent = isChunked ? QByteArray::number(body.size(), 16) + "\r\n" + body + "\r\n0\r\n\r\n" : body;
    house.say("HTTP/1.1 200 OK\r\n" + fields + "\r\n" + sent);
    if (fields.isEmpty()) house.finish();
    QCOMPARE(house.events.size(), 3);
    QVERIFY(house.events[1] == "reply 200 " + body);
}

// Both sides' buffers are full of the request, and the answer is large too: who only wrote would wait for ever.
void HttpClientTest::readsAnAnswerWhileItsRequestIsStillWritten() {
    ClientHouse house;
    house.request = "POST / HTTP/1.1\r\nContent-Length: 30000000\r\n\r\n" + QByteArray(30'000'000, 'x');
    house.open();
    QVERIFY(house.connection().hasQueue());
    house.say("HTTP/1.1 413 Too Large\r\nContent-Length: 1000000\r\n\r\n" + QByteArray(1'000'000, 'y'));
    QCOMPARE(house.events.size(), 3);
    QCOMPARE(house.events[1].size(), 10 + 1'000'000);
    // Refused and answered: the rest of the upload is not waited for.
    QCOMPARE(house.events[2], QByteArray("gone finished"));
}

void HttpClientTest::saysOnceThatItIsConnected() {
    ClientHouse house;
    house.begin();
    house.pass();
    QCOMPARE(house.events, QByteArrayList());
    house.client().connected(0);
    house.client().connected(0);
    house.client().connected(ECONNREFUSED);
    QCOMPARE(house.events, QByteArrayList({"connected 0"}));
}

void HttpClientTest::saysThatItCouldNotConnect() {
    {
        ClientHouse house;
        house.begin();
        house.client().connected(ECONNABORTED);
        house.pass();
        QCOMPARE(house.events, QByteArrayList({"connected " + QByteArray::number(ECONNABORTED), "gone no connect"}));
        QVERIFY(house.seesTheEnd());
    }
    {
        ClientHouse house;
        house.begin();
        house.reset();
        QCOMPARE(house.events, QByteArrayList({"connected " + QByteArray::number(ECONNRESET), "gone no connect"}));
    }
    ClientHouse house;
    house.begin();
    house.advanceMs(30000);
    QCOMPARE(house.events, QByteArrayList({"connected " + QByteArray::number(ETIMEDOUT), "gone no connect"}));
}

void HttpClientTest::readsNothingBeforeItIsConnected() {
    ClientHouse house;
    house.request = kGet;
    house.begin();
    house.say(kOk);
    QCOMPARE(house.events, QByteArrayList());
    house.client().connected(0);
    house.pass();
    QCOMPARE(house.events, QByteArrayList({"connected 0", "reply 200 ok", "gone finished"}));
}

void HttpClientTest::tellsWhatItIsAt() {
    using net::Activity;
    ClientHouse house;
    house.nextRequests = {""};
    house.open();
    QVERIFY(house.client().status().activity == Activity::Idle);
    QCOMPARE(house.client().status().requests, 0U);
    house.client().send({kGet.constData(), static_cast<std::size_t>(kGet.size())});
    house.connection().flush();
    QVERIFY(house.client().status().activity == Activity::Handling);
    QCOMPARE(house.client().status().requests, 1U);
    house.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhell");
    const auto status = house.client().status();
    QVERIFY(status.activity == Activity::Reading);
    QCOMPARE(status.latestStatus, 200);
    QCOMPARE(status.answerLength, 10U);
    QCOMPARE(status.answerSent, 4U);
    house.say("o wor!");
    QVERIFY(house.client().status().activity == Activity::Idle);
    QCOMPARE(house.client().status().latestStatus, 200);
}

void HttpClientTest::sendsNothingBeforeAndAfter() {
    ClientHouse house;
    house.begin();
    QVERIFY(!house.client().send("GET"));
    bool wasSent = true;
    house.request = kGet;
    house.atReply = [&](http::HttpClient &client, const http::ResponseHead &) {
        client.connection().close();
        wasSent = client.send("GET");
        return true;
    };
    house.client().connected(0);
    house.pass();
    house.say(kOk);
    QVERIFY(!wasSent);
    QCOMPARE(house.events, QByteArrayList({"connected 0", "reply 200 ok", "gone finished"}));
}

QTEST_GUILESS_MAIN(HttpClientTest)
#include "tst_http_client.moc"
