// Station: tests of websocket/frame_codec.
#include "websocket/frame_codec.h"

#include "engine/websocket/frame_peer.h"
#include "support/guard_page.h"

#include <QTest>

using namespace meerkat::websocket;
using meerkat::test::toBytes;
using meerkat::test::toView;

namespace {

QByteArray hex(const char *digits) { return QByteArray::fromHex(digits); }

// The parser's word on bytes that nothing lies behind.
FrameState parse(const QByteArray &bytes, Role receiver, bool mayBeCompressed, FrameHead &head) {
    static meerkat::test::GuardPage guard(4096);
    return parseFrameHead(guard.beforeGuard(toView(bytes)), receiver, mayBeCompressed, head);
}

}  // namespace

class TestFrameCodec : public QObject {
    Q_OBJECT

  private slots:
    void acceptsHeadsAndTheirEveryBeginning_data();
    void acceptsHeadsAndTheirEveryBeginning();
    void readsTheExamplesOfTheRfc_data();
    void readsTheExamplesOfTheRfc();
    void writesWhatItReads_data() { acceptsHeadsAndTheirEveryBeginning_data(); }
    void writesWhatItReads();
    void unmasksAtEveryOffsetAndLength();
    void refusesWithTheFirstByteThatTells_data();
    void refusesWithTheFirstByteThatTells();
    void refusesCompressionWhereNoneWasAgreedOn();
};

void TestFrameCodec::acceptsHeadsAndTheirEveryBeginning_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("toServer");
    QTest::addColumn<quint64>("length");
    QTest::newRow("unmasked text") << hex("8105") << false << quint64{5};
    QTest::newRow("masked text") << hex("818537fa213d") << true << quint64{5};
    QTest::newRow("empty") << hex("8280aabbccdd") << true << quint64{0};
    QTest::newRow("not final") << hex("0103") << false << quint64{3};
    QTest::newRow("continuation") << hex("8002") << false << quint64{2};
    QTest::newRow("ping") << hex("89fd01020304") << true << quint64{125};
    QTest::newRow("pong") << hex("8a00") << false << quint64{0};
    QTest::newRow("close") << hex("888201020304") << true << quint64{2};
    QTest::newRow("longest in one byte") << hex("827d") << false << quint64{125};
    QTest::newRow("shortest in two bytes") << hex("827e007e") << false << quint64{126};
    QTest::newRow("256 bytes") << hex("827e0100") << false << quint64{256};
    QTest::newRow("longest in two bytes") << hex("82feffff01020304") << true << quint64{65535};
    QTest::newRow("shortest in eight bytes") << hex("827f0000000000010000") << false << quint64{65536};
    QTest::newRow("longest of all") << hex("82ff7fffffffffffffff01020304") << true << quint64{0x7fffffffffffffff};
    QTest::newRow("compressed text") << hex("c107") << false << quint64{7};
    QTest::newRow("compressed beginning") << hex("42fe100001020304") << true << quint64{4096};
}

void TestFrameCodec::acceptsHeadsAndTheirEveryBeginning() {
    QFETCH(QByteArray, bytes);
    QFETCH(bool, toServer);
    QFETCH(quint64, length);
    const Role receiver = toServer ? Role::Server : Role::Client;
    FrameHead head;
    for (qsizetype size = 0; size < bytes.size(); ++size)
        QCOMPARE(parse(bytes.left(size), receiver, true, head), FrameState::NeedMore);
    QCOMPARE(parse(bytes, receiver, true, head), FrameState::Complete);
    QCOMPARE(head.payloadBytes, length);
    QCOMPARE(qsizetype{head.headBytes}, bytes.size());
    QCOMPARE(head.bits, static_cast<std::uint8_t>(bytes[0]));
    QCOMPARE(head.isMasked, toServer);
    if (toServer) QCOMPARE(QByteArray(head.mask.data(), 4), bytes.right(4));
    QCOMPARE(parse(bytes + "more", receiver, true, head), FrameState::Complete);
    QCOMPARE(qsizetype{head.headBytes}, bytes.size());
    // The other end would not take it.
    QCOMPARE(parse(bytes, toServer ? Role::Client : Role::Server, true, head), FrameState::Refused);
}

void TestFrameCodec::readsTheExamplesOfTheRfc_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("toServer");
    QTest::addColumn<int>("bits");
    QTest::addColumn<QByteArray>("payload");
    QTest::newRow("unmasked text") << hex("810548656c6c6f") << false << 0x81 << QByteArray("Hello");
    QTest::newRow("masked text") << hex("818537fa213d7f9f4d5158") << true << 0x81 << QByteArray("Hello");
    QTest::newRow("first fragment") << hex("010348656c") << false << 0x01 << QByteArray("Hel");
    QTest::newRow("last fragment") << hex("80026c6f") << false << 0x80 << QByteArray("lo");
    QTest::newRow("unmasked ping") << hex("890548656c6c6f") << false << 0x89 << QByteArray("Hello");
    QTest::newRow("masked pong") << hex("8a8537fa213d7f9f4d5158") << true << 0x8a << QByteArray("Hello");
    QTest::newRow("256 bytes") << hex("827e0100") + QByteArray(256, 'x') << false << 0x82 << QByteArray(256, 'x');
    QTest::newRow("64 KiB") << hex("827f0000000000010000") + QByteArray(65536, 'x') << false << 0x82 << QByteArray(65536, 'x');
}

void TestFrameCodec::readsTheExamplesOfTheRfc() {
    QFETCH(QByteArray, bytes);
    QFETCH(bool, toServer);
    QFETCH(int, bits);
    QFETCH(QByteArray, payload);
    FrameHead head;
    QCOMPARE(parseFrameHead(toView(bytes), toServer ? Role::Server : Role::Client, false, head), FrameState::Complete);
    QCOMPARE(int{head.bits}, bits);
    QByteArray read = bytes.mid(head.headBytes);
    QCOMPARE(static_cast<std::uint64_t>(read.size()), head.payloadBytes);
    applyMask({read.data(), static_cast<std::size_t>(read.size())}, head.mask);
    QCOMPARE(read, payload);
}

void TestFrameCodec::writesWhatItReads() {
    QFETCH(QByteArray, bytes);
    QFETCH(bool, toServer);
    QFETCH(quint64, length);
    Mask mask{};
    if (toServer) std::copy_n(bytes.end() - 4, 4, mask.begin());
    std::array<char, kMaxFrameHeadBytes> head;
    const auto size = writeFrameHead(head, static_cast<std::uint8_t>(bytes[0]), length, toServer ? &mask : nullptr);
    QCOMPARE(toBytes(std::string_view(head.data(), size)), bytes);
}

void TestFrameCodec::unmasksAtEveryOffsetAndLength() {
    const Mask mask{'\x01', '\x82', '\x43', '\xf4'};
    QByteArray plain;
    for (int i = 0; i < 150; ++i) plain += static_cast<char>(i * 7);
    QByteArray masked = plain;
    for (qsizetype i = 0; i < masked.size(); ++i)
        masked[i] = static_cast<char>(masked[i] ^ mask[static_cast<std::size_t>(i % 4)]);
    for (qsizetype from = 0; from < 20; ++from) {
        for (qsizetype size = 0; size <= masked.size() - from; ++size) {
            // The place in memory moves with `from`, so every alignment is met.
            QByteArray all = masked;
            applyMask({all.data() + from, static_cast<std::size_t>(size)}, mask, static_cast<std::uint64_t>(from));
            const QByteArray expected = masked.left(from) + plain.mid(from, size) + masked.mid(from + size);
            if (all != expected) QCOMPARE(all, expected);
        }
    }
}

void TestFrameCodec::refusesWithTheFirstByteThatTells_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("toServer");
    for (const int opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
        QTest::addRow("reserved opcode %d", opcode) << QByteArray(1, static_cast<char>(0x80 | opcode)) << true;
    QTest::newRow("RSV2") << hex("a1") << true;
    QTest::newRow("RSV3") << hex("91") << true;
    QTest::newRow("RSV1 on a continuation") << hex("c0") << true;
    QTest::newRow("RSV1 on a ping") << hex("c9") << true;
    QTest::newRow("RSV1 on a close") << hex("c8") << true;
    QTest::newRow("a ping in fragments") << hex("09") << true;
    QTest::newRow("a close in fragments") << hex("08") << true;
    QTest::newRow("a pong in fragments") << hex("0a") << true;
    QTest::newRow("no mask") << hex("8105") << true;
    QTest::newRow("a mask from a server") << hex("8185") << false;
    QTest::newRow("a ping of 126 bytes") << hex("89fe") << true;
    QTest::newRow("a close with a long length") << hex("88ff") << true;
    QTest::newRow("0 in two bytes") << hex("827e0000") << false;
    QTest::newRow("125 in two bytes") << hex("82fe007d") << true;
    QTest::newRow("0 in eight bytes") << hex("827f000000000000") << false;
    QTest::newRow("65535 in eight bytes") << hex("82ff000000000000") << true;
    QTest::newRow("64 bits") << hex("827f80") << false;
    QTest::newRow("64 bits, all") << hex("82ffff") << true;
}

void TestFrameCodec::refusesWithTheFirstByteThatTells() {
    QFETCH(QByteArray, bytes);
    QFETCH(bool, toServer);
    const Role receiver = toServer ? Role::Server : Role::Client;
    FrameHead head;
    for (qsizetype size = 0; size < bytes.size(); ++size)
        QCOMPARE(parse(bytes.left(size), receiver, true, head), FrameState::NeedMore);
    QCOMPARE(parse(bytes, receiver, true, head), FrameState::Refused);
    QCOMPARE(parse(bytes + QByteArray(20, '\xff'), receiver, true, head), FrameState::Refused);
}

void TestFrameCodec::refusesCompressionWhereNoneWasAgreedOn() {
    FrameHead head;
    QCOMPARE(parse(hex("c1"), Role::Client, true, head), FrameState::NeedMore);
    QCOMPARE(parse(hex("c1"), Role::Client, false, head), FrameState::Refused);
    QCOMPARE(parse(hex("c2"), Role::Server, false, head), FrameState::Refused);
}

QTEST_GUILESS_MAIN(TestFrameCodec)
#include "tst_frame_codec.moc"
