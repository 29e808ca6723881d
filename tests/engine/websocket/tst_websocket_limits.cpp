// Station: tests of websocket_protocol over real sockets: time limits, readers that do not read, and what a peer can make us hold.
#include "engine/websocket/frame_peer.h"

#include <QTest>

using namespace meerkat;
using namespace meerkat::test;
using websocket::Opcode;
using websocket::Role;

class TestWebsocketLimits : public QObject {
    Q_OBJECT

  private slots:
    void init();
    void pingsAPeerThatIsSilent();
    void pingsAgainOnlyAfterSomethingCame();
    void closesAPeerThatDoesNotAnswerThePing();
    void pingsInTheMidstOfAMessage();
    void closesAPeerThatDoesNotClose();
    void closesAPeerThatKeepsSendingInsteadOfClosing();
    void readsNothingMoreFromAPeerThatDoesNotRead();
    void goesOnWithAPeerThatReadsAgain();
    void closesAPeerThatDoesNotReadAtTheTimeLimit();
    void answersNoFloodOfPingsThatNobodyReads();
    void makesNoRoomForAnAnnouncement();

  private:
    void pass(std::int64_t ms) {
        m_host->clock.advanceMs(ms);
        // The pass that reads the time also tells who is late.
        m_host->poll();
        m_host->poll();
    }

    int m_heard = 0;
    WebsocketHost::OnMessage then;
    std::unique_ptr<WebsocketHost> m_host;  // calls what is above until it is gone
};

void TestWebsocketLimits::init() {
    m_host.reset();
    m_heard = 0;
    then = {};
    m_host = std::make_unique<WebsocketHost>([this](auto &websocket, auto bits, auto payload) {
        ++m_heard;
        return then ? then(websocket, bits, payload) : true;
    });
}

void TestWebsocketLimits::pingsAPeerThatIsSilent() {
    FramePeer peer(*m_host);
    pass(29'999);
    QVERIFY(!os::waitFor(peer.socket(), POLLIN, 0));
    pass(1);
    QCOMPARE(peer.read(), (Frame{0x89, ""}));
}

void TestWebsocketLimits::pingsAgainOnlyAfterSomethingCame() {
    FramePeer peer(*m_host);
    for (int i = 0; i < 5; ++i) {
        pass(29'999);
        QVERIFY(!os::waitFor(peer.socket(), POLLIN, 0));
        pass(1);
        QCOMPARE(peer.read(), (Frame{0x89, ""}));
        pass(29'000);
        peer.send(i % 2 ? 0x8a : 0x81, "x");
        while (m_heard <= i) m_host->poll(1);
    }
    QVERIFY(peer.websocket->isOpen());
}

void TestWebsocketLimits::closesAPeerThatDoesNotAnswerThePing() {
    FramePeer peer(*m_host);
    pass(30'000);
    QCOMPARE(peer.read(), (Frame{0x89, ""}));
    pass(29'999);
    QCOMPARE(m_host->gone, 0);
    pass(1);
    QCOMPARE(m_host->gone, 1);
    QVERIFY(peer.readsEnd());
}

void TestWebsocketLimits::pingsInTheMidstOfAMessage() {
    FramePeer peer(*m_host);
    peer.send(0x01, "half").sendRaw(frameBytes(0x80, " and half").left(9));
    pass(30'000);
    QCOMPARE(peer.read(), (Frame{0x89, ""}));
    peer.sendRaw(frameBytes(0x80, " and half").mid(9));
    while (m_heard < 1) m_host->poll(1);
    QVERIFY(peer.websocket->isOpen());
}

void TestWebsocketLimits::closesAPeerThatDoesNotClose() {
    FramePeer peer(*m_host);
    peer.websocket->close();
    peer.websocket->connection().flush();
    QCOMPARE(peer.read().bits, 0x88);
    pass(1'999);
    QCOMPARE(m_host->gone, 0);
    pass(1);
    QCOMPARE(m_host->gone, 1);
    QVERIFY(peer.readsEnd());
}

void TestWebsocketLimits::closesAPeerThatKeepsSendingInsteadOfClosing() {
    FramePeer peer(*m_host);
    peer.websocket->close();
    peer.websocket->connection().flush();
    for (int i = 0; i < 3; ++i) {
        peer.send(0x81, "x");
        pass(700);
    }
    QCOMPARE(m_host->gone, 1);
    QCOMPARE(m_heard, 0);
}

void TestWebsocketLimits::readsNothingMoreFromAPeerThatDoesNotRead() {
    then = [](auto &websocket, auto, auto payload) { return websocket.send(Opcode::Binary, {payload.data(), payload.size()}); };
    FramePeer peer(*m_host);
    const QByteArray frame = frameBytes(0x82, QByteArray(60'000, 'x'));
    // More than any system keeps for a reader and a writer.
    qint64 sent = 0;
    QDeadlineTimer quiet(300);
    while (!quiet.hasExpired() && sent < 200'000'000) {
        m_host->poll();
        if (!os::waitFor(peer.socket(), POLLOUT, 0)) continue;
        const auto piece = frame.mid(sent % frame.size(), 16'000);
        const auto outcome = os::sendBytes(peer.socket(), toView(piece), false);
        QCOMPARE(outcome.state, os::IoState::Done);
        sent += static_cast<qint64>(outcome.bytes);
        quiet.setRemainingTime(300);
    }
    QVERIFY(sent < 200'000'000);
    QVERIFY(peer.websocket->connection().hasQueue());
    QVERIFY(!peer.websocket->wantsInput());
    QVERIFY(peer.websocket->bytesWaiting() <= 2 * m_host->loop().scratch().size());
    QCOMPARE(peer.websocket->status().activity, net::Activity::Sending);
}

void TestWebsocketLimits::goesOnWithAPeerThatReadsAgain() {
    then = [](auto &websocket, auto, auto payload) { return websocket.send(Opcode::Binary, {payload.data(), payload.size()}); };
    FramePeer peer(*m_host);
    // What the socket does not take of the first waits, and with it the others.
    QVERIFY(peer.websocket->send(Opcode::Binary, std::string(30'000'000, 'y')));
    QVERIFY(peer.websocket->connection().hasQueue());
    peer.sendRaw(frameBytes(0x82, "one") + frameBytes(0x82, "two") + frameBytes(0x82, "three").left(8));
    QCOMPARE(m_heard, 0);
    QCOMPARE(peer.read().payload.size(), 30'000'000);
    QCOMPARE(peer.read(), (Frame{0x82, "one"}));
    QCOMPARE(peer.read(), (Frame{0x82, "two"}));
    peer.sendRaw(frameBytes(0x82, "three").mid(8));
    QCOMPARE(peer.read(), (Frame{0x82, "three"}));
}

void TestWebsocketLimits::closesAPeerThatDoesNotReadAtTheTimeLimit() {
    FramePeer peer(*m_host);
    peer.websocket->send(Opcode::Binary, std::string(30'000'000, 'y'));
    peer.websocket->connection().flush();
    QVERIFY(peer.websocket->connection().hasQueue());
    pass(30'000);
    QCOMPARE(m_host->gone, 1);
}

void TestWebsocketLimits::answersNoFloodOfPingsThatNobodyReads() {
    FramePeer peer(*m_host);
    peer.websocket->send(Opcode::Binary, std::string(30'000'000, 'y'));
    peer.websocket->connection().flush();
    const auto waiting = peer.websocket->bytesWaiting();
    peer.sendRaw(frameBytes(0x89, QByteArray(125, 'x')).repeated(500));
    for (int i = 0; i < 10; ++i) m_host->poll();
    QVERIFY(peer.websocket->bytesWaiting() <= waiting);
    QCOMPARE(m_heard, 0);
}

void TestWebsocketLimits::makesNoRoomForAnAnnouncement() {
    // The limit is 16 MiB; a thousand times that would not be there.
    std::vector<std::unique_ptr<FramePeer>> peers;
    const QByteArray frame = frameBytes(0x82, QByteArray(16 * 1024 * 1024, 'x')).left(100);
    for (int i = 0; i < 200; ++i) {
        peers.push_back(std::make_unique<FramePeer>(*m_host));
        peers.back()->sendRaw(frame);
    }
    for (const auto &peer : peers) {
        QVERIFY(peer->websocket->isOpen());
        QCOMPARE(peer->websocket->status().activity, net::Activity::Reading);
    }
}

QTEST_GUILESS_MAIN(TestWebsocketLimits)
#include "tst_websocket_limits.moc"
