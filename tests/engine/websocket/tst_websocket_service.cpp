// Station: tests of websocket/websocket_service: what connections share.
#include "websocket/websocket_service.h"

#include "engine/websocket/frame_peer.h"

#include <QTest>

#include <set>

using namespace meerkat::websocket;
using meerkat::test::toBytes;
using meerkat::test::toView;

namespace {

class Nobody final : public MessageHandler {
    bool onMessage(WebsocketProtocol &, std::uint8_t, std::span<char>) override { return true; }
    void onGone(WebsocketProtocol &) override {}
};

const QByteArray kText = QByteArray("{\"name\":\"meerkat\",\"awake\":true},").repeated(20);

}  // namespace

class TestWebsocketService : public QObject {
    Q_OBJECT

  private slots:
    void init() { m_service = std::make_unique<WebsocketService>(m_nobody); }
    void compressesAMessageOnceForAll();
    void compressesAnewWhatHasChangedInPlace();
    void compressesForOneWindowAtATime();
    void leavesShortMessagesAlone();
    void keepsNoLargeBuffer();
    void handsOutBuffersThatAreOutAtOnce();
    void makesMasksThatCannotBeForeseen();
    void preparesAFrameInBothForms();
    void preparesOneFormForWhatDoesNotShrink();

  private:
    Nobody m_nobody;
    std::unique_ptr<WebsocketService> m_service;
};

void TestWebsocketService::compressesAMessageOnceForAll() {
    const auto first = m_service->compressed(toView(kText), 15);
    QVERIFY(!first.empty() && first.size() < static_cast<std::size_t>(kText.size()));
    const QByteArray copy(kText.constData(), kText.size());
    const auto second = m_service->compressed(toView(copy), 15);
    QCOMPARE(m_service->counters.compressions, std::uint64_t{1});
    Inflater inflater;
    std::string out;
    QCOMPARE(inflater.inflate(second, UINT64_MAX, true, out), InflateState::Whole);
    QCOMPARE(toBytes(std::string_view(out)), kText);
}

void TestWebsocketService::compressesAnewWhatHasChangedInPlace() {
    QByteArray text = kText;
    const QByteArray before = toBytes(m_service->compressed(toView(text), 15));
    text[5] = 'N';
    const QByteArray after = toBytes(m_service->compressed(toView(text), 15));
    QVERIFY(before != after);
    Inflater inflater;
    std::string out;
    QCOMPARE(inflater.inflate(toView(after), UINT64_MAX, true, out), InflateState::Whole);
    QCOMPARE(toBytes(std::string_view(out)), text);
}

void TestWebsocketService::compressesForOneWindowAtATime() {
    const QByteArray wide = toBytes(m_service->compressed(toView(kText), 15));
    const QByteArray narrow = toBytes(m_service->compressed(toView(kText), 8));
    QVERIFY(wide != narrow);
    QCOMPARE(toBytes(m_service->compressed(toView(kText), 15)), wide);
}

void TestWebsocketService::leavesShortMessagesAlone() {
    QVERIFY(m_service->compressed(toView(QByteArray(63, 'x')), 15).empty());
    QVERIFY(!m_service->compressed(toView(QByteArray(64, 'x')), 15).empty());
    QVERIFY(m_service->compressed({}, 15).empty());
}

void TestWebsocketService::keepsNoLargeBuffer() {
    std::string buffer = m_service->takeBuffer();
    buffer.resize(1'000'000);
    m_service->giveBuffer(std::move(buffer));
    QVERIFY(m_service->takeBuffer().capacity() < 1000);
    buffer = std::string(5000, 'x');
    m_service->giveBuffer(std::move(buffer));
    const std::string again = m_service->takeBuffer();
    QVERIFY(again.empty() && again.capacity() >= 5000);
}

void TestWebsocketService::handsOutBuffersThatAreOutAtOnce() {
    m_service->giveBuffer(std::string(5000, 'x'));
    std::string first = m_service->takeBuffer();
    std::string second = m_service->takeBuffer();
    first.assign(300, 'a');
    second.assign(300, 'b');
    QVERIFY(first.data() != second.data());
    QCOMPARE(first[0], 'a');
}

void TestWebsocketService::makesMasksThatCannotBeForeseen() {
    std::set<Mask> masks;
    for (int i = 0; i < 2000; ++i) masks.insert(m_service->nextMask());
    // Two thousand of four thousand million: more than one pair alike is next to impossible.
    QVERIFY(masks.size() >= 1998);
}

void TestWebsocketService::preparesAFrameInBothForms() {
    PreparedFrame frame(Opcode::Text, toView(kText));
    QCOMPARE(toBytes(frame.payload()), kText);
    QCOMPARE(toBytes(frame.plain()), meerkat::test::frameBytes(0x81, kText, false));
    const auto compressed = frame.compressed(*m_service);
    FrameHead head;
    QCOMPARE(parseFrameHead(compressed, Role::Client, true, head), FrameState::Complete);
    QCOMPARE(int{head.bits}, 0xc1);
    QCOMPARE(compressed.size(), static_cast<std::size_t>(head.headBytes + head.payloadBytes));
    Inflater inflater;
    std::string out;
    QCOMPARE(inflater.inflate(compressed.substr(head.headBytes), UINT64_MAX, true, out), InflateState::Whole);
    QCOMPARE(toBytes(std::string_view(out)), kText);
    m_service->compressed(std::string(100, 'x'), 15);
    QCOMPARE(toBytes(frame.compressed(*m_service)), toBytes(compressed));
    QCOMPARE(m_service->counters.compressions, std::uint64_t{2});
}

void TestWebsocketService::preparesOneFormForWhatDoesNotShrink() {
    PreparedFrame frame(Opcode::Binary, "short");
    QCOMPARE(toBytes(frame.compressed(*m_service)), toBytes(frame.plain()));
    PreparedFrame ping(Opcode::Ping, std::string(125, 'x'));
    QCOMPARE(toBytes(ping.compressed(*m_service)), toBytes(ping.plain()));
}

QTEST_GUILESS_MAIN(TestWebsocketService)
#include "tst_websocket_service.moc"
