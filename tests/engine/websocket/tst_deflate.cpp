// Station: tests of websocket/deflate.
#include "websocket/deflate.h"

#include "engine/websocket/frame_peer.h"

#include <QTest>

#include <zlib.h>

using namespace meerkat::websocket;
using meerkat::test::toBytes;
using meerkat::test::toView;

namespace {

QByteArray hex(const char *digits) { return QByteArray::fromHex(digits); }

constexpr std::uint64_t kNoLimit = UINT64_MAX;

// Text that shrinks to about a third, of matches at every distance.
QByteArray prose(qsizetype bytes) {
    QByteArray text;
    quint32 state = 1;
    while (text.size() < bytes) {
        state = state * 1664525 + 1013904223;
        text += "word" + QByteArray::number(state >> 20) + ' ';
    }
    return text.left(bytes);
}

QByteArray noise(qsizetype bytes) {
    QByteArray text;
    quint32 state = 7;
    while (text.size() < bytes) {
        state = state * 1664525 + 1013904223;
        text += static_cast<char>(state >> 24);
    }
    return text;
}

// A raw deflate stream by zlib itself, ended as `flush` says.
QByteArray deflated(const QByteArray &text, int flush, int level = 9) {
    z_stream stream{};
    deflateInit2(&stream, level, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
    QByteArray out(text.size() + text.size() / 100 + 1000, '\0');
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef *>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, flush);
    out.truncate(out.size() - stream.avail_out);
    deflateEnd(&stream);
    return out;
}

// What another end with a window of so many bits makes of it; null if it cannot.
QByteArray inflatedWithin(const QByteArray &compressed, int windowBits, qsizetype size) {
    z_stream stream{};
    inflateInit2(&stream, -windowBits);
    QByteArray in = compressed + hex("0000ffff");
    QByteArray out(size + 1, '\0');
    stream.next_in = reinterpret_cast<Bytef *>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    // In small pieces: an output buffer that holds everything would hide that a distance is too far.
    int state = Z_OK;
    qsizetype made = 0;
    while (state == Z_OK && made < out.size()) {
        stream.next_out = reinterpret_cast<Bytef *>(out.data() + made);
        stream.avail_out = static_cast<uInt>(qMin<qsizetype>(64, out.size() - made));
        const auto before = stream.avail_out;
        state = inflate(&stream, Z_SYNC_FLUSH);
        made += before - stream.avail_out;
        if (stream.avail_in == 0 && stream.avail_out > 0) break;
    }
    inflateEnd(&stream);
    return state == Z_OK || state == Z_BUF_ERROR ? out.left(made) : QByteArray();
}

struct Inflated {
    InflateState state;
    QByteArray text;
};
Inflated inflateAll(const QByteArray &compressed, std::uint64_t limit = kNoLimit, bool isText = false) {
    static Inflater inflater;
    std::string out;
    const auto state = inflater.inflate(toView(compressed), limit, isText, out);
    return {state, toBytes(std::string_view(out))};
}

}  // namespace

class TestDeflate : public QObject {
    Q_OBJECT

  private slots:
    void inflatesTheExamplesOfTheRfc_data();
    void inflatesTheExamplesOfTheRfc();
    void inflatesBehindAFinalBlockThatIsPointedTo();
    void inflatesWhatItCompressed_data();
    void inflatesWhatItCompressed();
    void compressesForEachWindow_data();
    void compressesForEachWindow();
    void compressesForTheSmallestWindowByRunsAlone();
    void compressesAMessageTheSameWayEachTime();
    void leavesAloneWhatDoesNotShrink();
    void stopsAtTheLimit();
    void stopsABombBeforeItIsLarge();
    void refusesTextThatIsNoUtf8();
    void refusesWhatIsCutAtEachByte();
    void refusesGarbage_data();
    void refusesGarbage();
};

void TestDeflate::inflatesTheExamplesOfTheRfc_data() {
    QTest::addColumn<QByteArray>("compressed");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("one block") << hex("f248cdc9c90700") << QByteArray("Hello");
    QTest::newRow("a block without compression") << hex("000500faff48656c6c6f00") << QByteArray("Hello");
    QTest::newRow("a block with BFINAL") << hex("f348cdc9c9070000") << QByteArray("Hello");
    QTest::newRow("two blocks") << hex("f248050000 00ffffcac9c90700") << QByteArray("Hello");
    QTest::newRow("an empty message") << hex("00") << QByteArray("");
    QTest::newRow("an empty message as an empty block") << hex("0200") << QByteArray("");
}

void TestDeflate::inflatesTheExamplesOfTheRfc() {
    QFETCH(QByteArray, compressed);
    QFETCH(QByteArray, text);
    const Inflated outcome = inflateAll(compressed, kNoLimit, true);
    QCOMPARE(outcome.state, InflateState::Whole);
    QCOMPARE(outcome.text, text);
}

void TestDeflate::inflatesBehindAFinalBlockThatIsPointedTo() {
    // A stream whose second part points back into the first, the first block of which is made a final one by hand: fixed codes, so the
    // bit is the lowest of the first byte, and its end falls onto a byte's end here.
    Inflater inflater;
    const QByteArray first = deflated("Hello, hello, hello", Z_FINISH);
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
    QByteArray dictionary = "Hello, hello, hello";
    deflateSetDictionary(&stream, reinterpret_cast<const Bytef *>(dictionary.constData()), static_cast<uInt>(dictionary.size()));
    QByteArray out(200, '\0');
    stream.next_in = reinterpret_cast<Bytef *>(dictionary.data());
    stream.avail_in = static_cast<uInt>(dictionary.size());
    stream.next_out = reinterpret_cast<Bytef *>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_SYNC_FLUSH);
    out.truncate(out.size() - stream.avail_out - 4);
    deflateEnd(&stream);
    QVERIFY(out.size() < dictionary.size() / 2);
    const Inflated outcome = inflateAll(first + out);
    QCOMPARE(outcome.state, InflateState::Whole);
    QCOMPARE(outcome.text, dictionary + dictionary);
}

void TestDeflate::inflatesWhatItCompressed_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("100 bytes") << prose(100);
    QTest::newRow("1 KB") << prose(1000);
    QTest::newRow("as long as the chunk") << prose(32768);
    QTest::newRow("one byte more") << prose(32769);
    QTest::newRow("1 MB") << prose(1'000'000);
    QTest::newRow("zeros") << QByteArray(200'000, '\0');
}

void TestDeflate::inflatesWhatItCompressed() {
    QFETCH(QByteArray, text);
    Compressor compressor(15);
    std::string compressed = "kept";
    QVERIFY(compressor.compress(toView(text), compressed));
    QCOMPARE(compressed.substr(0, 4), std::string("kept"));
    QVERIFY(compressed.size() - 4 < static_cast<std::size_t>(text.size()));
    const Inflated outcome = inflateAll(toBytes(compressed).mid(4), static_cast<std::uint64_t>(text.size()), true);
    QCOMPARE(outcome.state, InflateState::Whole);
    QVERIFY(outcome.text == text);
}

void TestDeflate::compressesForEachWindow_data() {
    QTest::addColumn<int>("bits");
    for (int bits = kMinWindowBits; bits <= kMaxWindowBits; ++bits) QTest::addRow("%d bits", bits) << bits;
}

void TestDeflate::compressesForEachWindow() {
    QFETCH(int, bits);
    // Repeats at a distance that only the larger windows reach, and runs for all.
    const QByteArray text = (prose(300) + QByteArray(300, '=') + prose(20'000)).repeated(3);
    Compressor compressor(bits);
    std::string compressed;
    QVERIFY(compressor.compress(toView(text), compressed));
    // zlib reads windows from 9 bits on.
    QVERIFY(inflatedWithin(toBytes(compressed), qMax(bits, 9), text.size()) == text);
    const Inflated outcome = inflateAll(toBytes(compressed));
    QVERIFY(outcome.text == text);
}

void TestDeflate::compressesForTheSmallestWindowByRunsAlone() {
    // 240 different bytes: nothing but their repetition is to be saved.
    QByteArray different;
    for (int i = 0; i < 240; ++i) different += static_cast<char>(i * 97 % 240);
    const QByteArray repeats = different.repeated(4);
    std::string out;
    QVERIFY(Compressor(9).compress(toView(repeats), out));
    out.clear();
    QVERIFY(!Compressor(8).compress(toView(repeats), out));
    QVERIFY(Compressor(8).compress(toView(QByteArray(200, 'x')), out));
}

void TestDeflate::compressesAMessageTheSameWayEachTime() {
    Compressor compressor(15);
    std::string first, second, third;
    QVERIFY(compressor.compress(toView(prose(5000)), first));
    QVERIFY(compressor.compress(toView(QByteArray(5000, 'x')), second));
    QVERIFY(compressor.compress(toView(prose(5000)), third));
    QVERIFY(first == third);
}

void TestDeflate::leavesAloneWhatDoesNotShrink() {
    Compressor compressor(15);
    for (const qsizetype size : {0, 1, 10, 1000, 70'000, 1'000'000}) {
        std::string out = "kept";
        QVERIFY(!compressor.compress(toView(noise(size)), out));
        QCOMPARE(out, std::string("kept"));
    }
    std::string out;
    QVERIFY(compressor.compress(toView(prose(1000)), out));
    QVERIFY(inflateAll(toBytes(out)).text == prose(1000));
}

void TestDeflate::stopsAtTheLimit() {
    const QByteArray text = prose(100'000);
    QByteArray compressed = deflated(text, Z_SYNC_FLUSH);
    compressed.chop(4);
    QCOMPARE(inflateAll(compressed, 100'000).state, InflateState::Whole);
    const Inflated outcome = inflateAll(compressed, 99'999);
    QCOMPARE(outcome.state, InflateState::TooLong);
    QVERIFY(outcome.text.size() <= 99'999);
    QCOMPARE(inflateAll(compressed, 0).state, InflateState::TooLong);
    QCOMPARE(inflateAll(hex("00"), 0).state, InflateState::Whole);
}

void TestDeflate::stopsABombBeforeItIsLarge() {
    QByteArray bomb = deflated(QByteArray(50'000'000, '\0'), Z_SYNC_FLUSH);
    bomb.chop(4);
    QVERIFY(bomb.size() < 60'000);
    const Inflated outcome = inflateAll(bomb, 1'000'000);
    QCOMPARE(outcome.state, InflateState::TooLong);
    QVERIFY(outcome.text.size() <= 1'000'000);
}

void TestDeflate::refusesTextThatIsNoUtf8() {
    const auto stateOf = [](const QByteArray &text, bool isText) {
        QByteArray compressed = deflated(text, Z_SYNC_FLUSH);
        compressed.chop(4);
        return inflateAll(compressed, kNoLimit, isText).state;
    };
    QCOMPARE(stateOf("gr\xc3\xbc\xc3\x9f", true), InflateState::Whole);
    QCOMPARE(stateOf("gr\xff\xc3\x9f", true), InflateState::NoText);
    QCOMPARE(stateOf("gr\xff\xc3\x9f", false), InflateState::Whole);
    QCOMPARE(stateOf("cut \xc3", true), InflateState::NoText);
    // A character across the chunk's border.
    QCOMPARE(stateOf(QByteArray(32767, 'x') + "\xc3\xbc", true), InflateState::Whole);
    QCOMPARE(stateOf(QByteArray(32767, 'x') + "\xc3x", true), InflateState::NoText);
}

void TestDeflate::refusesWhatIsCutAtEachByte() {
    QByteArray compressed = deflated(prose(400), Z_SYNC_FLUSH);
    compressed.chop(4);
    QCOMPARE(inflateAll(compressed).state, InflateState::Whole);
    // The last byte may be the empty block's head alone, without which what is left is whole too.
    for (qsizetype size = 1; size < compressed.size() - 1; ++size) {
        const Inflated outcome = inflateAll(compressed.left(size));
        QVERIFY2(outcome.state == InflateState::Broken, qPrintable(QString::number(size)));
    }
}

void TestDeflate::refusesGarbage_data() {
    QTest::addColumn<QByteArray>("compressed");
    QTest::newRow("reserved block type") << hex("07");
    QTest::newRow("a distance before the beginning") << hex("020001");
    QTest::newRow("a stored block with a wrong complement") << hex("000500faf048656c6c6f00");
    QTest::newRow("a message that leans on the one before") << hex("f200110000");
    QTest::newRow("noise") << noise(500);
    QTest::newRow("a gzip head") << hex("1f8b0800000000000003");
}

void TestDeflate::refusesGarbage() {
    QFETCH(QByteArray, compressed);
    QCOMPARE(inflateAll(compressed).state, InflateState::Broken);
    // And the inflater goes on as if it had not been.
    QCOMPARE(inflateAll(hex("f248cdc9c90700")).text, QByteArray("Hello"));
}

QTEST_GUILESS_MAIN(TestDeflate)
#include "tst_deflate.moc"
