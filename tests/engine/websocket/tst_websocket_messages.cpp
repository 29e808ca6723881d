// Station: tests of websocket_protocol over real sockets, as a server: messages in and out.
#include "engine/websocket/frame_peer.h"

#include <QTest>

#include <vector>

using namespace meerkat;
using namespace meerkat::test;
using websocket::EventMode;
using websocket::Opcode;
using websocket::WebsocketProtocol;
using websocket::WebsocketTerms;

namespace {

const QByteArray kText = QByteArray("{\"name\":\"m\xc3\xa4usebussard\",\"awake\":true},").repeated(20);

WebsocketTerms compressing(int windowBits = 15) {
    WebsocketTerms terms;
    terms.deflate = {true, static_cast<std::uint8_t>(windowBits)};
    return terms;
}

QByteArray compressed(const QByteArray &text) {
    websocket::Compressor compressor(15);
    std::string out;
    if (!compressor.compress(toView(text), out)) qFatal("the text of the test does not shrink");
    return toBytes(std::string_view(out));
}

QByteArray inflated(const QByteArray &payload) {
    websocket::Inflater inflater;
    std::string out;
    if (inflater.inflate(toView(payload), UINT64_MAX, false, out) != websocket::InflateState::Whole) return {};
    return toBytes(std::string_view(out));
}

}  // namespace

class TestWebsocketMessages : public QObject {
    Q_OBJECT

  private slots:
    void init();
    void handsOverMessages_data();
    void handsOverMessages();
    void handsOverMessagesSplitAtEachByte_data() { handsOverMessages_data(); }
    void handsOverMessagesSplitAtEachByte();
    void handsOverWhatArrivesWholeWhereItLies();
    void endsEachPayloadWithANul();
    void letsTheHandlerChangeThePayload();
    void joinsFragmentsAroundControlFrames();
    void inflatesMessages_data();
    void inflatesMessages();
    void handsOverEachFrameInFrameMode();
    void checksTextAcrossFramesInFrameMode();
    void answersPings();
    void leavesAPingToAHandlerThatAnswersIt();
    void sendsEveryOpcode();
    void sendsLengthsInTheirShortestForm_data();
    void sendsLengthsInTheirShortestForm();
    void sendsFragments();
    void compressesWhatItSendsWhereThatIsWorthIt();
    void sendsNothingThatIsOutOfTurn();
    void sendsAPreparedFrameToMany();
    void answersManyFramesInOneReadInOrder();
    void sendsToAnotherFromWithinAHandler();
    void countsMessagesAndFrames();
    void takesBytesThatCameWithTheHandshake();
    void isSmallWhileItWaits();

  private:
    bool onMessage(WebsocketProtocol &websocket, std::uint8_t bits, std::span<char> payload) {
        m_heard.push_back({bits, copyOf(payload)});
        return then ? then(websocket, bits, payload) : true;
    }
    void pollUntilHeard(std::size_t count) {
        QDeadlineTimer deadline(10000);
        while (m_heard.size() < count && !deadline.hasExpired()) m_host->poll(1);
        QCOMPARE(m_heard.size(), count);
    }

    std::vector<Frame> m_heard;
    WebsocketHost::OnMessage then;
    std::unique_ptr<WebsocketHost> m_host;  // calls what is above until it is gone
};

void TestWebsocketMessages::init() {
    m_heard.clear();
    then = {};
    m_host = std::make_unique<WebsocketHost>(
        [this](auto &websocket, auto bits, auto payload) { return onMessage(websocket, bits, payload); });
}

void TestWebsocketMessages::handsOverMessages_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QList<int>>("bits");
    QTest::addColumn<QByteArrayList>("payloads");
    const auto row = [](const char *name, const QByteArray &bytes, const QList<int> &bits, const QByteArrayList &payloads) {
        QTest::newRow(name) << bytes << bits << payloads;
    };
    row("text", frameBytes(0x81, "Hello"), {0x81}, {"Hello"});
    row("text beyond ASCII", frameBytes(0x81, "gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80"), {0x81},
        {"gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80"});
    row("binary of every byte", frameBytes(0x82, QByteArray::fromHex("00ff80c1")), {0x82}, {QByteArray::fromHex("00ff80c1")});
    row("empty", frameBytes(0x81, ""), {0x81}, {""});
    row("two at once", frameBytes(0x81, "a") + frameBytes(0x82, "b"), {0x81, 0x82}, {"a", "b"});
    row("in two fragments", frameBytes(0x01, "Hel") + frameBytes(0x80, "lo"), {0x81}, {"Hello"});
    row("in three, one empty", frameBytes(0x02, "Hel") + frameBytes(0x00, "") + frameBytes(0x80, "lo"), {0x82}, {"Hello"});
    row("in fragments without a byte", frameBytes(0x01, "") + frameBytes(0x80, ""), {0x81}, {""});
    row("a character across fragments", frameBytes(0x01, "gr\xc3") + frameBytes(0x80, "\xbc"), {0x81}, {"gr\xc3\xbc"});
    row("126 bytes", frameBytes(0x82, QByteArray(126, 'x')), {0x82}, {QByteArray(126, 'x')});
    row("300 bytes in fragments", frameBytes(0x02, QByteArray(150, 'x')) + frameBytes(0x80, QByteArray(150, 'y')), {0x82},
        {QByteArray(150, 'x') + QByteArray(150, 'y')});
    row("a pong", frameBytes(0x8a, "beat"), {0x8a}, {"beat"});
    row("a pong between fragments", frameBytes(0x01, "a") + frameBytes(0x8a, "beat") + frameBytes(0x80, "b"), {0x8a, 0x81},
        {"beat", "ab"});
}

void TestWebsocketMessages::handsOverMessages() {
    QFETCH(QByteArray, bytes);
    QFETCH(QList<int>, bits);
    QFETCH(QByteArrayList, payloads);
    FramePeer peer(*m_host);
    peer.sendRaw(bytes);
    pollUntilHeard(static_cast<std::size_t>(bits.size()));
    for (qsizetype i = 0; i < bits.size(); ++i) QCOMPARE(m_heard[static_cast<std::size_t>(i)], (Frame{bits[i], payloads[i]}));
    QVERIFY(peer.websocket->isOpen());
    QVERIFY(!peer.websocket->connection().hasLeftovers());
}

void TestWebsocketMessages::handsOverMessagesSplitAtEachByte() {
    QFETCH(QByteArray, bytes);
    QFETCH(QList<int>, bits);
    QFETCH(QByteArrayList, payloads);
    for (qsizetype split = 1; split < bytes.size(); ++split) {
        m_heard.clear();
        FramePeer peer(*m_host);
        peer.sendRaw(bytes.left(split)).sendRaw(bytes.mid(split));
        pollUntilHeard(static_cast<std::size_t>(bits.size()));
        for (qsizetype i = 0; i < bits.size(); ++i) QCOMPARE(m_heard[static_cast<std::size_t>(i)], (Frame{bits[i], payloads[i]}));
        QVERIFY(peer.websocket->isOpen());
    }
}

void TestWebsocketMessages::handsOverWhatArrivesWholeWhereItLies() {
    const auto isInScratch = [this](std::span<char> payload) {
        const auto scratch = m_host->loop().scratch();
        return payload.data() >= scratch.data() && payload.data() + payload.size() <= scratch.data() + scratch.size();
    };
    int inPlace = 0;
    then = [&](auto &, auto, auto payload) { return inPlace += isInScratch(payload), true; };
    FramePeer peer(*m_host);
    peer.send(0x82, QByteArray(16000, 'x'));
    pollUntilHeard(1);
    peer.sendRaw(frameBytes(0x81, "a") + frameBytes(0x82, "b"));
    pollUntilHeard(3);
    QCOMPARE(inPlace, 3);
}

void TestWebsocketMessages::endsEachPayloadWithANul() {
    then = [](auto &, auto, auto payload) { return *(payload.data() + payload.size()) == '\0'; };
    FramePeer peer(*m_host, compressing());
    peer.sendRaw(frameBytes(0x81, "one") + frameBytes(0x89, "ping") + frameBytes(0x01, "tw") + frameBytes(0x80, "o") +
                 frameBytes(0xc1, compressed(kText)) + frameBytes(0x81, "") + frameBytes(0x82, "three"));
    pollUntilHeard(6);
    QVERIFY(peer.websocket->isOpen());
    // As much as one read takes: the byte behind is the buffer's last.
    peer.sendRaw(frameBytes(0x82, QByteArray(static_cast<qsizetype>(m_host->loop().scratch().size()) - 14, 'x')));
    pollUntilHeard(7);
    QVERIFY(peer.websocket->isOpen());
}

void TestWebsocketMessages::letsTheHandlerChangeThePayload() {
    then = [](auto &websocket, auto, std::span<char> payload) {
        websocket.send(Opcode::Text, {payload.data(), payload.size()});
        std::fill(payload.begin(), payload.end(), '!');
        return websocket.send(Opcode::Text, {payload.data(), payload.size()});
    };
    FramePeer peer(*m_host);
    for (const qsizetype size : {5, 4096, 5000, 100'000}) {
        peer.send(0x81, QByteArray(size, 'x')).send(0x81, "next");
        QCOMPARE(peer.read(), (Frame{0x81, QByteArray(size, 'x')}));
        QCOMPARE(peer.read(), (Frame{0x81, QByteArray(size, '!')}));
        QCOMPARE(peer.read(), (Frame{0x81, "next"}));
        QCOMPARE(peer.read(), (Frame{0x81, "!!!!"}));
    }
}

void TestWebsocketMessages::joinsFragmentsAroundControlFrames() {
    FramePeer peer(*m_host);
    peer.send(0x01, "a").send(0x89, "1").send(0x00, "b").send(0x89, "2").send(0x80, "c");
    QCOMPARE(peer.read(), (Frame{0x8a, "1"}));
    QCOMPARE(peer.read(), (Frame{0x8a, "2"}));
    pollUntilHeard(3);
    QCOMPARE(m_heard[2], (Frame{0x81, "abc"}));
}

void TestWebsocketMessages::inflatesMessages_data() {
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray payload = compressed(kText);
    QTest::newRow("whole") << frameBytes(0xc1, payload);
    QTest::newRow("in fragments") << frameBytes(0x41, payload.left(20)) + frameBytes(0x00, payload.mid(20, 1)) +
                                         frameBytes(0x80, payload.mid(21));
    QTest::newRow("in fragments around a pong")
        << frameBytes(0x41, payload.left(20)) + frameBytes(0x8a, "beat") + frameBytes(0x80, payload.mid(20));
}

void TestWebsocketMessages::inflatesMessages() {
    QFETCH(QByteArray, bytes);
    for (qsizetype split = 1; split < bytes.size(); ++split) {
        FramePeer peer(*m_host, compressing());
        m_heard.clear();
        peer.sendRaw(bytes.left(split)).sendRaw(bytes.mid(split)).send(0x81, "plain");
        QDeadlineTimer deadline(10000);
        while ((m_heard.empty() || m_heard.back().payload != "plain") && !deadline.hasExpired()) m_host->poll(1);
        QVERIFY(m_heard.size() >= 2);
        QCOMPARE(m_heard[m_heard.size() - 2], (Frame{0x81, kText}));
    }
}

void TestWebsocketMessages::handsOverEachFrameInFrameMode() {
    const QByteArray bytes = frameBytes(0x01, "Hel") + frameBytes(0x89, "p") + frameBytes(0x00, "") + frameBytes(0x80, "lo") +
                             frameBytes(0x82, "whole");
    const std::vector<Frame> expected{{0x01, "Hel"}, {0x89, "p"}, {0x00, ""}, {0x80, "lo"}, {0x82, "whole"}};
    for (qsizetype split = 1; split < bytes.size(); ++split) {
        m_heard.clear();
        FramePeer peer(*m_host, {websocket::Role::Server, EventMode::Frame, {}});
        peer.sendRaw(bytes.left(split)).sendRaw(bytes.mid(split));
        pollUntilHeard(expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i) QCOMPARE(m_heard[i], expected[i]);
        QCOMPARE(peer.websocket->messagesIn(), std::uint64_t{2});
    }
}

void TestWebsocketMessages::checksTextAcrossFramesInFrameMode() {
    FramePeer peer(*m_host, {websocket::Role::Server, EventMode::Frame, {}});
    peer.send(0x01, "gr\xc3").send(0x80, "\xbc");
    pollUntilHeard(2);
    peer.send(0x01, "gr\xc3").send(0x80, "x");
    QCOMPARE(peer.read(), (Frame{0x88, closePayload(1007, "text is not UTF-8")}));
    QCOMPARE(m_heard.size(), std::size_t{3});
}

void TestWebsocketMessages::answersPings() {
    FramePeer peer(*m_host);
    for (const QByteArray &payload : {QByteArray(""), QByteArray("beat"), QByteArray(125, '\xff')}) {
        peer.send(0x89, payload);
        QCOMPARE(peer.read(), (Frame{0x8a, payload}));
    }
    QCOMPARE(m_heard.size(), std::size_t{3});
    QCOMPARE(m_heard[1], (Frame{0x89, "beat"}));
}

void TestWebsocketMessages::leavesAPingToAHandlerThatAnswersIt() {
    then = [](auto &websocket, auto bits, auto) { return bits != 0x89 || websocket.send(Opcode::Pong, "mine"); };
    FramePeer peer(*m_host);
    peer.send(0x89, "1").send(0x89, "2").send(0x81, "x");
    QCOMPARE(peer.read(), (Frame{0x8a, "mine"}));
    QCOMPARE(peer.read(), (Frame{0x8a, "mine"}));
    peer.send(0x88);
    QCOMPARE(peer.read(), (Frame{0x88, ""}));
}

void TestWebsocketMessages::sendsEveryOpcode() {
    FramePeer peer(*m_host);
    auto &websocket = *peer.websocket;
    QVERIFY(websocket.send(Opcode::Text, "t"));
    QVERIFY(websocket.send(Opcode::Binary, "b"));
    QVERIFY(websocket.send(Opcode::Ping, "i"));
    QVERIFY(websocket.send(Opcode::Pong, "o"));
    QVERIFY(websocket.send(Opcode::Close, toView(closePayload(1001, "bye"))));
    websocket.connection().flush();
    for (const Frame &expected :
         {Frame{0x81, "t"}, Frame{0x82, "b"}, Frame{0x89, "i"}, Frame{0x8a, "o"}, Frame{0x88, closePayload(1001, "bye")}})
        QCOMPARE(peer.read(), expected);
}

void TestWebsocketMessages::sendsLengthsInTheirShortestForm_data() {
    QTest::addColumn<int>("size");
    for (const int size : {0, 1, 125, 126, 127, 4096, 4097, 65535, 65536, 1'000'000}) QTest::addRow("%d bytes", size) << size;
}

void TestWebsocketMessages::sendsLengthsInTheirShortestForm() {
    QFETCH(int, size);
    FramePeer peer(*m_host);
    const std::string payload(static_cast<std::size_t>(size), 'x');
    // The peer refuses any other form.
    QVERIFY(peer.websocket->send(Opcode::Binary, payload));
    websocket::PreparedFrame frame(Opcode::Binary, payload);
    QVERIFY(peer.websocket->sendPrepared(frame));
    peer.websocket->connection().flush();
    QCOMPARE(peer.read(), (Frame{0x82, toBytes(std::string_view(payload))}));
    QCOMPARE(peer.read(), (Frame{0x82, toBytes(std::string_view(payload))}));
}

void TestWebsocketMessages::sendsFragments() {
    FramePeer peer(*m_host, compressing());
    auto &websocket = *peer.websocket;
    QVERIFY(websocket.send(Opcode::Text, toView(kText), false));
    QVERIFY(!websocket.send(Opcode::Text, "out of turn"));
    websocket::PreparedFrame frame(Opcode::Text, "out of turn");
    QVERIFY(!websocket.sendPrepared(frame));
    QVERIFY(websocket.send(Opcode::Ping, "between"));
    QVERIFY(websocket.send(Opcode::Continuation, "b", false));
    QVERIFY(websocket.send(Opcode::Continuation, "c"));
    QVERIFY(!websocket.send(Opcode::Continuation, "out of turn"));
    websocket.connection().flush();
    for (const Frame &expected : {Frame{0x01, kText}, Frame{0x89, "between"}, Frame{0x00, "b"}, Frame{0x80, "c"}})
        QCOMPARE(peer.read(), expected);
    QCOMPARE(websocket.messagesOut(), std::uint64_t{1});
}

void TestWebsocketMessages::compressesWhatItSendsWhereThatIsWorthIt() {
    for (const int bits : {15, 10, 8}) {
        FramePeer peer(*m_host, compressing(bits));
        peer.websocket->send(Opcode::Text, toView(kText));
        peer.websocket->send(Opcode::Text, "short");
        websocket::PreparedFrame frame(Opcode::Text, toView(kText));
        peer.websocket->sendPrepared(frame);
        peer.websocket->connection().flush();
        const Frame first = peer.read();
        QCOMPARE(first.bits, 0xc1);
        QVERIFY(first.payload.size() < kText.size());
        QCOMPARE(inflated(first.payload), kText);
        QCOMPARE(peer.read(), (Frame{0x81, "short"}));
        const Frame third = peer.read();
        QCOMPARE(third, first);
    }
    FramePeer peer(*m_host);
    peer.websocket->send(Opcode::Text, toView(kText));
    peer.websocket->connection().flush();
    QCOMPARE(peer.read(), (Frame{0x81, kText}));
}

void TestWebsocketMessages::sendsNothingThatIsOutOfTurn() {
    FramePeer peer(*m_host);
    auto &websocket = *peer.websocket;
    for (const int opcode : {3, 7, 11, 15}) QVERIFY(!websocket.send(static_cast<Opcode>(opcode), "x"));
    QVERIFY(!websocket.send(Opcode::Continuation, "x"));
    QVERIFY(!websocket.send(Opcode::Ping, std::string(126, 'x')));
    QVERIFY(!websocket.send(Opcode::Ping, "x", false));
    QVERIFY(!websocket.send(Opcode::Close, "x"));
    QVERIFY(!websocket.send(Opcode::Close, toView(closePayload(1005))));
    QVERIFY(!websocket.send(Opcode::Close, toView(closePayload(0))));
    QVERIFY(!websocket.send(Opcode::Close, toView(closePayload(1000, "\xff"))));
    QVERIFY(websocket.send(Opcode::Text, "good"));
    websocket.connection().flush();
    QCOMPARE(peer.read(), (Frame{0x81, "good"}));
}

void TestWebsocketMessages::sendsAPreparedFrameToMany() {
    std::vector<std::unique_ptr<FramePeer>> peers;
    for (int i = 0; i < 40; ++i) peers.push_back(std::make_unique<FramePeer>(*m_host, i % 2 ? compressing() : WebsocketTerms{}));
    {
        websocket::PreparedFrame frame(Opcode::Text, toView(kText));
        for (const auto &peer : peers) QVERIFY(peer->websocket->sendPrepared(frame));
    }
    for (const auto &peer : peers) peer->websocket->connection().flush();
    QCOMPARE(m_host->service.counters.compressions, std::uint64_t{1});
    for (std::size_t i = 0; i < peers.size(); ++i) {
        const Frame frame = peers[i]->read();
        QCOMPARE(frame.bits, i % 2 ? 0xc1 : 0x81);
        QCOMPARE(i % 2 ? inflated(frame.payload) : frame.payload, kText);
    }
}

void TestWebsocketMessages::answersManyFramesInOneReadInOrder() {
    then = [](auto &websocket, auto, auto payload) { return websocket.send(Opcode::Binary, {payload.data(), payload.size()}); };
    FramePeer peer(*m_host);
    QByteArray bytes;
    for (int i = 0; i < 3000; ++i) bytes += frameBytes(0x82, QByteArray(i % 60, 'x') + QByteArray::number(i));
    peer.sendRaw(bytes);
    for (int i = 0; i < 3000; ++i) {
        const Frame expected{0x82, QByteArray(i % 60, 'x') + QByteArray::number(i)};
        const Frame read = peer.read();
        if (read != expected) QCOMPARE(read, expected);
    }
}

void TestWebsocketMessages::sendsToAnotherFromWithinAHandler() {
    FramePeer one(*m_host), two(*m_host);
    then = [&](auto &, auto, auto payload) {
        for (FramePeer *peer : {&one, &two, &one}) {
            peer->websocket->send(Opcode::Text, {payload.data(), payload.size()});
            peer->websocket->connection().flush();
        }
        return true;
    };
    for (const qsizetype size : {3, 10'000}) {
        one.sendRaw(frameBytes(0x81, QByteArray(size, 'a')) + frameBytes(0x81, QByteArray(size, 'b')));
        for (const char c : {'a', 'a', 'b', 'b'}) QCOMPARE(one.read(), (Frame{0x81, QByteArray(size, c)}));
        for (const char c : {'a', 'b'}) QCOMPARE(two.read(), (Frame{0x81, QByteArray(size, c)}));
    }
}

void TestWebsocketMessages::countsMessagesAndFrames() {
    FramePeer peer(*m_host);
    peer.send(0x81, "a").send(0x01, "b").send(0x89, "p").send(0x80, "c");
    QCOMPARE(peer.read().bits, 0x8a);
    pollUntilHeard(3);
    peer.websocket->send(Opcode::Text, "x");
    peer.websocket->connection().flush();
    QCOMPARE(peer.websocket->messagesIn(), std::uint64_t{2});
    QCOMPARE(peer.websocket->messagesOut(), std::uint64_t{1});
    QCOMPARE(peer.websocket->status().requests, std::uint64_t{2});
    QCOMPARE(peer.websocket->status().latestStatus, 101);
    QCOMPARE(m_host->service.counters.framesIn, std::uint64_t{4});
    QCOMPARE(m_host->service.counters.framesOut, std::uint64_t{2});
    QCOMPARE(m_host->service.counters.messagesIn, std::uint64_t{2});
    QCOMPARE(m_host->service.counters.messagesOut, std::uint64_t{1});
}

void TestWebsocketMessages::takesBytesThatCameWithTheHandshake() {
    const auto socket = os::connectTo(os::loopback(m_host->port()));
    const QByteArray request =
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    os::sendBytes(socket, toView(request + frameBytes(0x81, "early") + frameBytes(0x89, "p").left(3)), false);
    pollUntilHeard(1);
    QCOMPARE(m_heard[0], (Frame{0x81, "early"}));
    os::sendBytes(socket, toView(frameBytes(0x89, "p").mid(3)), false);
    pollUntilHeard(2);
    QVERIFY(os::waitFor(socket, POLLIN));
}

void TestWebsocketMessages::isSmallWhileItWaits() {
    // Where the compiler packs bit fields of different types, as GCC and clang do outside of Windows.
    if (sizeof(void *) == 8) QVERIFY(sizeof(WebsocketProtocol) <= 64);
    FramePeer peer(*m_host, compressing());
    peer.sendRaw(frameBytes(0x41, compressed(kText).left(20)) + frameBytes(0x80, compressed(kText).mid(20))).send(0x81, "x");
    pollUntilHeard(2);
    QVERIFY(!peer.websocket->connection().hasLeftovers());
    QVERIFY(!peer.websocket->connection().hasQueue());
    QCOMPARE(peer.websocket->status().activity, net::Activity::Idle);
}

QTEST_GUILESS_MAIN(TestWebsocketMessages)
#include "tst_websocket_messages.moc"
