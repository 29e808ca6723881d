// Station: tests of websocket_protocol over real sockets, as a client.
#include "engine/websocket/frame_peer.h"

#include <QTest>

#include <vector>

using namespace meerkat;
using namespace meerkat::test;
using websocket::Opcode;
using websocket::Role;
using websocket::WebsocketTerms;

namespace {

const QByteArray kText = QByteArray("{\"name\":\"meerkat\",\"awake\":true},").repeated(20);

WebsocketTerms client(bool isCompressing = false) {
    WebsocketTerms terms;
    terms.role = Role::Client;
    terms.deflate.isAgreed = isCompressing;
    return terms;
}

}  // namespace

class TestWebsocketClient : public QObject {
    Q_OBJECT

  private slots:
    void init();
    void handsOverMessagesSplitAtEachByte();
    void masksWhatItSends();
    void masksEachFrameAnew();
    void compressesBothWays();
    void sendsAPreparedFrameWithAMaskOfItsOwn();
    void answersPingsAndPings();
    void waitsForTheServerToEndTheConnection();
    void endsAConnectionThatTheServerLeavesOpen();
    void closesFirst();
    void refusesAMaskedFrame();

  private:
    std::vector<Frame> m_heard;
    std::unique_ptr<WebsocketHost> m_host;  // calls what is above until it is gone
};

void TestWebsocketClient::init() {
    m_host.reset();
    m_heard.clear();
    m_host = std::make_unique<WebsocketHost>([this](auto &, auto bits, auto payload) {
        m_heard.push_back({bits, copyOf(payload)});
        return true;
    });
}

void TestWebsocketClient::handsOverMessagesSplitAtEachByte() {
    const QByteArray bytes = frameBytes(0x01, "Hel", false) + frameBytes(0x8a, "beat", false) + frameBytes(0x80, "lo", false) +
                             frameBytes(0x82, QByteArray(200, 'x'), false);
    for (qsizetype split = 1; split < bytes.size(); ++split) {
        m_heard.clear();
        FramePeer peer(*m_host, client());
        peer.sendRaw(bytes.left(split)).sendRaw(bytes.mid(split)).send(0x81, "last");
        QDeadlineTimer deadline(10000);
        while (m_heard.size() < 4 && !deadline.hasExpired()) m_host->poll(1);
        const std::vector<Frame> expected{{0x8a, "beat"}, {0x81, "Hello"}, {0x82, QByteArray(200, 'x')}, {0x81, "last"}};
        QVERIFY(m_heard == expected);
    }
}

void TestWebsocketClient::masksWhatItSends() {
    FramePeer peer(*m_host, client());
    for (const qsizetype size : {0, 1, 5, 125, 126, 4096, 4097, 65536, 500'000}) {
        QVERIFY(peer.websocket->send(Opcode::Text, toView(QByteArray(size, 'x'))));
        peer.websocket->connection().flush();
        // The peer takes nothing without a mask.
        QCOMPARE(peer.read(), (Frame{0x81, QByteArray(size, 'x')}));
    }
}

void TestWebsocketClient::masksEachFrameAnew() {
    FramePeer peer(*m_host, client());
    peer.websocket->send(Opcode::Text, "same");
    peer.websocket->send(Opcode::Text, "same");
    peer.websocket->connection().flush();
    const std::string bytes = os::receiveAll(peer.socket(), 20);
    QCOMPARE(bytes.size(), std::size_t{20});
    QVERIFY(bytes.substr(2, 4) != bytes.substr(12, 4));
    QVERIFY(bytes.substr(2, 4) != std::string(4, '\0'));
}

void TestWebsocketClient::compressesBothWays() {
    FramePeer peer(*m_host, client(true));
    peer.websocket->send(Opcode::Text, toView(kText));
    peer.websocket->connection().flush();
    const Frame frame = peer.read();
    QCOMPARE(frame.bits, 0xc1);
    QVERIFY(frame.payload.size() < kText.size());
    peer.send(frame.bits, frame.payload);
    while (m_heard.empty()) m_host->poll(1);
    QCOMPARE(m_heard[0], (Frame{0x81, kText}));
}

void TestWebsocketClient::sendsAPreparedFrameWithAMaskOfItsOwn() {
    FramePeer one(*m_host, client()), two(*m_host, client(true));
    websocket::PreparedFrame frame(Opcode::Text, toView(kText));
    for (FramePeer *peer : {&one, &two}) {
        QVERIFY(peer->websocket->sendPrepared(frame));
        peer->websocket->connection().flush();
    }
    QCOMPARE(one.read(), (Frame{0x81, kText}));
    QCOMPARE(two.read().bits, 0xc1);
}

void TestWebsocketClient::answersPingsAndPings() {
    FramePeer peer(*m_host, client());
    peer.send(0x89, "beat");
    QCOMPARE(peer.read(), (Frame{0x8a, "beat"}));
    m_host->clock.advanceMs(30'000);
    m_host->poll();
    QCOMPARE(peer.read(), (Frame{0x89, ""}));
}

void TestWebsocketClient::waitsForTheServerToEndTheConnection() {
    FramePeer peer(*m_host, client());
    peer.send(0x88, closePayload(1001, "bye"));
    QCOMPARE(peer.read(), (Frame{0x88, closePayload(1001)}));
    for (int i = 0; i < 20; ++i) m_host->poll(1);
    QVERIFY(!os::waitFor(peer.socket(), POLLIN, 0));
    QCOMPARE(m_host->gone, 0);
    peer.halfClose();
    QVERIFY(peer.readsEnd());
    m_host->poll();
    QCOMPARE(m_host->gone, 1);
}

void TestWebsocketClient::endsAConnectionThatTheServerLeavesOpen() {
    FramePeer peer(*m_host, client());
    peer.send(0x88);
    QCOMPARE(peer.read(), (Frame{0x88, ""}));
    m_host->clock.advanceMs(2'000);
    m_host->poll();
    m_host->poll();
    QCOMPARE(m_host->gone, 1);
}

void TestWebsocketClient::closesFirst() {
    FramePeer peer(*m_host, client());
    int code = 0;
    QByteArray reason;
    m_host->atEnd = [&](auto &websocket) { code = websocket.peerCloseCode(), reason = toBytes(websocket.peerCloseReason()); };
    QVERIFY(peer.websocket->close(4001, "done"));
    peer.websocket->connection().flush();
    QCOMPARE(peer.read(), (Frame{0x88, closePayload(4001, "done")}));
    peer.send(0x81, "late").send(0x88, closePayload(4001, "fine"));
    peer.halfClose();
    QVERIFY(peer.readsEnd());
    m_host->poll();
    QCOMPARE(code, 4001);
    QCOMPARE(reason, QByteArray("fine"));
    QCOMPARE(m_heard.size(), std::size_t{1});
}

void TestWebsocketClient::refusesAMaskedFrame() {
    FramePeer peer(*m_host, client());
    peer.sendRaw(frameBytes(0x81, "Hello", true));
    QCOMPARE(peer.read(), (Frame{0x88, closePayload(1002, "malformed frame")}));
    QVERIFY(peer.readsEnd());
    QVERIFY(m_heard.empty());
}

QTEST_GUILESS_MAIN(TestWebsocketClient)
#include "tst_websocket_client.moc"
