// Station: tests of websocket_protocol over real sockets, as a server: how connections end, and what is refused.
#include "engine/websocket/frame_peer.h"

#include <QTest>

#include <vector>

using namespace meerkat;
using namespace meerkat::test;
using websocket::Opcode;
using websocket::WebsocketTerms;

namespace {

QByteArray hex(const char *digits) { return QByteArray::fromHex(digits); }

WebsocketTerms compressing() {
    WebsocketTerms terms;
    terms.deflate.isAgreed = true;
    return terms;
}

// The text up to and with the first byte that cannot be part of UTF-8 is at the most all of it.
const std::vector<QByteArray> kBadTexts = {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80"};

}  // namespace

class TestWebsocketClosing : public QObject {
    Q_OBJECT

  private slots:
    void init();
    void echoesACloseFrame_data();
    void echoesACloseFrame();
    void closesFirstAndWaitsForThePeer();
    void skipsWhatComesBehindItsOwnCloseFrame();
    void closesWhenTheHandlerSaysSo();
    void echoesNothingWhereTheHandlerClosed();
    void sendsNothingAfterClosing();
    void sendsOnlyCodesThatMayBeSent_data();
    void sendsOnlyCodesThatMayBeSent();
    void cutsALongReasonAtACharacter();
    void endsWithAPeerThatLeavesWithoutAWord();
    void refusesProtocolErrors_data();
    void refusesProtocolErrors();
    void refusesProtocolErrorsSplitAtEachByte_data() { refusesProtocolErrors_data(); }
    void refusesProtocolErrorsSplitAtEachByte();
    void refusesBadTextAtEachPosition();
    void refusesBadTextBeforeItsFrameIsWhole();
    void refusesBadTextThatIsCompressed();
    void refusesBrokenCompression();
    void refusesMessagesOverTheLimit_data();
    void refusesMessagesOverTheLimit();
    void acceptsAMessageOfJustTheLimit();
    void refusesABomb();
    void looksAtNothingBehindARefusal();
    void leavesOthersAlone();

  private:
    std::vector<Frame> m_heard;
    WebsocketHost::OnMessage then;
    std::vector<std::pair<int, QByteArray>> m_ends;  // what each peer's close frame said
    std::unique_ptr<WebsocketHost> m_host;           // calls what is above until it is gone
};

void TestWebsocketClosing::init() {
    m_host.reset();
    m_heard.clear();
    m_ends.clear();
    then = {};
    m_host = std::make_unique<WebsocketHost>([this](auto &websocket, auto bits, auto payload) {
        m_heard.push_back({bits, copyOf(payload)});
        return then ? then(websocket, bits, payload) : true;
    });
    m_host->atEnd = [this](auto &websocket) {
        m_ends.push_back({websocket.peerCloseCode(), toBytes(websocket.peerCloseReason())});
    };
}

void TestWebsocketClosing::echoesACloseFrame_data() {
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<QByteArray>("echo");
    QTest::addColumn<int>("code");
    QTest::newRow("without a code") << QByteArray("") << QByteArray("") << 1005;
    for (const int code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999})
        QTest::addRow("%d", code) << closePayload(code) << closePayload(code) << code;
    QTest::newRow("with a reason") << closePayload(1000, "b\xc3\xbcrgerlich") << closePayload(1000) << 1000;
    QTest::newRow("with the longest reason") << closePayload(1000, QByteArray(123, 'x')) << closePayload(1000) << 1000;
}

void TestWebsocketClosing::echoesACloseFrame() {
    QFETCH(QByteArray, payload);
    QFETCH(QByteArray, echo);
    QFETCH(int, code);
    FramePeer peer(*m_host);
    peer.send(0x88, payload);
    QCOMPARE(peer.read(), (Frame{0x88, echo}));
    // The server is the one to end the TCP connection.
    QVERIFY(peer.readsEnd());
    QCOMPARE(m_heard.back(), (Frame{0x88, payload}));
    peer.close();
    while (m_host->connections() > 0) m_host->poll(1);
    QCOMPARE(m_ends.back(), std::make_pair(code, payload.mid(2)));
    QCOMPARE(m_host->gone, 1);
}

void TestWebsocketClosing::closesFirstAndWaitsForThePeer() {
    FramePeer peer(*m_host);
    QVERIFY(peer.websocket->close(1001, "going away"));
    peer.websocket->connection().flush();
    QCOMPARE(peer.read(), (Frame{0x88, closePayload(1001, "going away")}));
    QVERIFY(!peer.websocket->isOpen());
    for (int i = 0; i < 20; ++i) m_host->poll(1);
    QVERIFY(!os::waitFor(peer.socket(), POLLIN, 0));
    peer.send(0x88, closePayload(1001));
    QVERIFY(peer.readsEnd());
    peer.close();
    while (m_host->connections() > 0) m_host->poll(1);
    QCOMPARE(m_ends.back().first, 1001);
}

void TestWebsocketClosing::skipsWhatComesBehindItsOwnCloseFrame() {
    FramePeer peer(*m_host);
    // In the midst of a frame of a message in fragments.
    const QByteArray frame = frameBytes(0x00, QByteArray(1000, 'x'));
    peer.send(0x01, "begun").sendRaw(frame.left(500));
    QVERIFY(peer.websocket->close());
    peer.websocket->connection().flush();
    peer.sendRaw(frame.mid(500)).send(0x89, "ping").send(0x80, "end").send(0x82, QByteArray(5000, 'y'));
    QCOMPARE(peer.read(), (Frame{0x88, closePayload(1000)}));
    QVERIFY(m_heard.empty());
    peer.send(0x88, closePayload(1000));
    QVERIFY(peer.readsEnd());
    QCOMPARE(m_heard.size(), std::size_t{1});
    peer.close();
    while (m_host->connections() > 0) m_host->poll(1);
    QCOMPARE(m_ends.back().first, 1000);
}

void TestWebsocketClosing::closesWhenTheHandlerSaysSo() {
    for (const int bits : {0x81, 0x82, 0x89, 0x8a}) {
        then = [bits](auto &, auto heard, auto) { return heard != bits; };
        FramePeer peer(*m_host);
        peer.send(bits, "x").send(0x81, "unheard");
        if (bits == 0x89) QCOMPARE(peer.read(), (Frame{0x8a, "x"}));
        QCOMPARE(peer.read(), (Frame{0x88, closePayload(1000)}));
        QCOMPARE(m_heard.back().payload, QByteArray("x"));
        peer.send(0x88, closePayload(1000));
        QVERIFY(peer.readsEnd());
    }
}

void TestWebsocketClosing::echoesNothingWhereTheHandlerClosed() {
    then = [](auto &websocket, auto bits, auto) {
        return bits != 0x88 || websocket.send(Opcode::Close, toView(closePayload(4000, "mine")));
    };
    FramePeer peer(*m_host);
    peer.send(0x88, closePayload(1000));
    QCOMPARE(peer.read(), (Frame{0x88, closePayload(4000, "mine")}));
    QVERIFY(peer.readsEnd());
}

void TestWebsocketClosing::sendsNothingAfterClosing() {
    FramePeer peer(*m_host);
    auto &websocket = *peer.websocket;
    QVERIFY(websocket.close());
    QVERIFY(!websocket.close());
    QVERIFY(!websocket.send(Opcode::Text, "x"));
    QVERIFY(!websocket.send(Opcode::Close, ""));
    websocket::PreparedFrame frame(Opcode::Text, "x");
    QVERIFY(!websocket.sendPrepared(frame));
    websocket.connection().flush();
    QCOMPARE(peer.read(), (Frame{0x88, closePayload(1000)}));
    peer.send(0x88);
    QVERIFY(peer.readsEnd());
}

void TestWebsocketClosing::sendsOnlyCodesThatMayBeSent_data() {
    QTest::addColumn<int>("code");
    QTest::addColumn<bool>("isGood");
    for (const int code : {1000, 1003, 1007, 1011, 1014, 3000, 4999}) QTest::addRow("%d", code) << code << true;
    for (const int code : {1, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535, 70000})
        QTest::addRow("%d", code) << code << false;
}

void TestWebsocketClosing::sendsOnlyCodesThatMayBeSent() {
    QFETCH(int, code);
    QFETCH(bool, isGood);
    FramePeer peer(*m_host);
    QCOMPARE(peer.websocket->close(static_cast<unsigned>(code)), isGood);
    QCOMPARE(peer.websocket->isOpen(), !isGood);
    if (!isGood) QVERIFY(peer.websocket->close(0));
    peer.websocket->connection().flush();
    QCOMPARE(peer.read(), (Frame{0x88, isGood ? closePayload(code) : QByteArray("")}));
}

void TestWebsocketClosing::cutsALongReasonAtACharacter() {
    FramePeer peer(*m_host);
    QVERIFY(peer.websocket->close(1000, toView(QByteArray(122, 'x') + "\xc3\xbc and more")));
    peer.websocket->connection().flush();
    QCOMPARE(peer.read(), (Frame{0x88, closePayload(1000, QByteArray(122, 'x'))}));
}

void TestWebsocketClosing::endsWithAPeerThatLeavesWithoutAWord() {
    const QByteArray frame = frameBytes(0x81, "Hello");
    for (qsizetype size = 0; size < frame.size(); ++size) {
        FramePeer peer(*m_host);
        peer.sendRaw(frame.left(size));
        peer.close();
        while (m_host->connections() > 0) m_host->poll(1);
        QCOMPARE(m_ends.back().first, 1006);
    }
    QVERIFY(m_heard.empty());
}

void TestWebsocketClosing::refusesProtocolErrors_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("code");
    const QByteArray mask = hex("01020304");
    QTest::newRow("no mask") << frameBytes(0x81, "Hello", false) << 1002;
    QTest::newRow("a reserved bit") << frameBytes(0xc1, "Hello") << 1002;
    QTest::newRow("a reserved opcode") << frameBytes(0x83, "Hello") << 1002;
    QTest::newRow("a reserved control opcode") << frameBytes(0x8b, "Hello") << 1002;
    QTest::newRow("a ping in fragments") << frameBytes(0x09, "Hello") << 1002;
    QTest::newRow("a ping of 126 bytes") << frameBytes(0x89, QByteArray(126, 'x')) << 1002;
    QTest::newRow("a length not in its shortest form") << hex("81fe0005") + mask + "Hello" << 1002;
    QTest::newRow("a length of 64 bits") << hex("81ffffffffffffffffff") + mask << 1002;
    QTest::newRow("a continuation of nothing") << frameBytes(0x80, "Hello") << 1002;
    QTest::newRow("a new message within another") << frameBytes(0x01, "Hel") + frameBytes(0x81, "lo") << 1002;
    QTest::newRow("a close of one byte") << frameBytes(0x88, "x") << 1002;
    for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1100, 2000, 2999, 5000, 65535})
        QTest::addRow("close code %d", code) << frameBytes(0x88, closePayload(code)) << 1002;
    QTest::newRow("a reason that is no UTF-8") << frameBytes(0x88, closePayload(1000, "\xc3")) << 1007;
    QTest::newRow("a huge announcement") << hex("82ff7fffffffffffffff") + mask << 1009;
}

void TestWebsocketClosing::refusesProtocolErrors() {
    QFETCH(QByteArray, bytes);
    QFETCH(int, code);
    FramePeer peer(*m_host);
    peer.sendRaw(bytes);
    const Frame frame = peer.read();
    QCOMPARE(frame.bits, 0x88);
    QCOMPARE(frame.payload.left(2), closePayload(code));
    QVERIFY(peer.readsEnd());
    QVERIFY(m_heard.empty());
    peer.close();
    while (m_host->connections() > 0) m_host->poll(1);
    QCOMPARE(m_ends.back().first, 1006);
}

void TestWebsocketClosing::refusesProtocolErrorsSplitAtEachByte() {
    QFETCH(QByteArray, bytes);
    QFETCH(int, code);
    for (qsizetype split = 1; split < bytes.size(); ++split) {
        FramePeer peer(*m_host);
        peer.sendRaw(bytes.left(split)).sendRaw(bytes.mid(split));
        const Frame frame = peer.read();
        QCOMPARE(frame.bits, 0x88);
        QCOMPARE(frame.payload.left(2), closePayload(code));
    }
    QVERIFY(m_heard.empty());
}

void TestWebsocketClosing::refusesBadTextAtEachPosition() {
    for (const QByteArray &bad : kBadTexts) {
        const QByteArray text = "plain text " + bad;
        for (qsizetype split = 0; split <= text.size(); ++split) {
            FramePeer peer(*m_host);
            if (split == 0)
                peer.send(0x81, text);
            else
                peer.send(0x01, text.left(split)).send(0x80, text.mid(split));
            const Frame frame = peer.read();
            QCOMPARE(frame.payload.left(2), closePayload(1007));
        }
    }
    QVERIFY(m_heard.empty());
    FramePeer peer(*m_host);
    peer.send(0x82, kBadTexts[0]).send(0x81, "good");
    while (m_heard.size() < 2) m_host->poll(1);
    QVERIFY(peer.websocket->isOpen());
}

void TestWebsocketClosing::refusesBadTextBeforeItsFrameIsWhole() {
    FramePeer peer(*m_host);
    peer.sendRaw(frameBytes(0x81, "good so far \xff" + QByteArray(1000, 'x')).left(40));
    QCOMPARE(peer.read().payload.left(2), closePayload(1007));
    FramePeer fragments(*m_host);
    fragments.send(0x01, "good so far \xc3").send(0x00, "(");
    QCOMPARE(fragments.read().payload.left(2), closePayload(1007));
}

void TestWebsocketClosing::refusesBadTextThatIsCompressed() {
    for (const QByteArray &bad : kBadTexts) {
        FramePeer peer(*m_host, compressing());
        websocket::Compressor compressor(15);
        std::string out;
        QVERIFY(compressor.compress(toView(QByteArray(200, 'x') + bad), out));
        peer.send(0xc1, toBytes(std::string_view(out)));
        QCOMPARE(peer.read().payload.left(2), closePayload(1007));
        FramePeer binary(*m_host, compressing());
        binary.send(0xc2, toBytes(std::string_view(out))).send(0x89);
        QCOMPARE(binary.read().bits, 0x8a);
    }
}

void TestWebsocketClosing::refusesBrokenCompression() {
    for (const QByteArray &broken : {hex("07"), hex("f248cd"), QByteArray("not compressed at all")}) {
        FramePeer whole(*m_host, compressing());
        whole.send(0xc2, broken);
        QCOMPARE(whole.read().payload.left(2), closePayload(1007));
        FramePeer fragments(*m_host, compressing());
        fragments.send(0x42, broken.left(1)).send(0x80, broken.mid(1));
        QCOMPARE(fragments.read().payload.left(2), closePayload(1007));
    }
    QVERIFY(m_heard.empty());
    // RSV1 belongs to a message's first frame alone.
    FramePeer peer(*m_host, compressing());
    peer.send(0x42, hex("f2")).send(0xc0, hex("48cdc9c90700"));
    QCOMPARE(peer.read().payload.left(2), closePayload(1002));
}

void TestWebsocketClosing::refusesMessagesOverTheLimit_data() {
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray part(500, 'x');
    QTest::newRow("announced") << frameBytes(0x82, QByteArray(1001, 'x')).left(8);
    QTest::newRow("whole") << frameBytes(0x82, QByteArray(1001, 'x'));
    QTest::newRow("in fragments, announced") << frameBytes(0x02, part) + frameBytes(0x00, part) + frameBytes(0x80, "x").left(6);
    QTest::newRow("a fragment") << frameBytes(0x02, part) + frameBytes(0x80, part + "x");
}

void TestWebsocketClosing::refusesMessagesOverTheLimit() {
    QFETCH(QByteArray, bytes);
    m_host->service.maxMessageBytes = 1000;
    FramePeer peer(*m_host);
    peer.sendRaw(bytes);
    QCOMPARE(peer.read(), (Frame{0x88, closePayload(1009, "message too big")}));
    QVERIFY(peer.readsEnd());
    QVERIFY(m_heard.empty());
}

void TestWebsocketClosing::acceptsAMessageOfJustTheLimit() {
    m_host->service.maxMessageBytes = 1000;
    FramePeer peer(*m_host, compressing());
    const QByteArray part(500, 'x');
    peer.send(0x82, part + part).send(0x02, part).send(0x00, part).send(0x80, "");
    websocket::Compressor compressor(15);
    std::string out;
    QVERIFY(compressor.compress(toView(part + part), out));
    peer.send(0xc2, toBytes(std::string_view(out)));
    // A thousand bytes that do not shrink, stored in two blocks: longer than the message they stand for.
    QByteArray stored;
    for (const bool isLast : {false, true}) stored += hex("00f4010bfe") + part + (isLast ? hex("00") : QByteArray());
    peer.send(0xc2, stored);
    peer.send(0x89);
    QCOMPARE(peer.read().bits, 0x8a);
    QCOMPARE(m_heard.size(), std::size_t{5});
    for (std::size_t i = 0; i < 4; ++i) QCOMPARE(m_heard[i], (Frame{0x82, part + part}));
}

void TestWebsocketClosing::refusesABomb() {
    m_host->service.maxMessageBytes = 1'000'000;
    websocket::Compressor compressor(15);
    std::string bomb;
    QVERIFY(compressor.compress(std::string(30'000'000, '\0'), bomb));
    QVERIFY(bomb.size() < 500'000);
    FramePeer peer(*m_host, compressing());
    peer.send(0xc2, toBytes(std::string_view(bomb)));
    QCOMPARE(peer.read().payload.left(2), closePayload(1009));
    QVERIFY(peer.readsEnd());
    QVERIFY(m_heard.empty());
}

void TestWebsocketClosing::looksAtNothingBehindARefusal() {
    FramePeer peer(*m_host);
    peer.sendRaw(frameBytes(0x83, "x") + frameBytes(0x81, "unheard") + frameBytes(0x88, closePayload(1000)));
    QCOMPARE(peer.read(), (Frame{0x88, closePayload(1002, "malformed frame")}));
    peer.send(0x81, "unheard").send(0x89, "unheard");
    QVERIFY(peer.readsEnd());
    QVERIFY(m_heard.empty());
}

void TestWebsocketClosing::leavesOthersAlone() {
    FramePeer bad(*m_host), good(*m_host);
    good.send(0x01, "half");
    bad.send(0x83, "x");
    QCOMPARE(bad.read().bits, 0x88);
    good.send(0x80, " and half").send(0x89);
    QCOMPARE(good.read().bits, 0x8a);
    QCOMPARE(m_heard[0], (Frame{0x81, "half and half"}));
}

QTEST_GUILESS_MAIN(TestWebsocketClosing)
#include "tst_websocket_closing.moc"
