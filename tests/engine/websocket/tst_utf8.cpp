// Station: tests of websocket/utf8.
#include "websocket/utf8.h"

#include "engine/websocket/frame_peer.h"
#include "support/guard_page.h"

#include <QTest>

using meerkat::test::toView;
using meerkat::websocket::isUtf8;
using meerkat::websocket::Utf8Validator;

namespace {

// RFC 3629 as numbers, told from the decoded value and not from the bytes' ranges: the other way to the same answer.
bool isCodePoint(quint32 value) { return value <= 0x10FFFF && !(value >= 0xD800 && value <= 0xDFFF); }

QByteArray encoded(quint32 value) {
    const char32_t character = value;
    return QString::fromUcs4(&character, 1).toUtf8();
}

// How many bytes are taken before one is refused; -1 if none is.
qsizetype refusedAt(const QByteArray &bytes) {
    Utf8Validator validator;
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        if (!validator.accept(toView(bytes.mid(i, 1)))) return i;
    }
    return -1;
}

}  // namespace

class TestUtf8 : public QObject {
    Q_OBJECT

  private slots:
    void acceptsEveryCodePoint();
    void acceptsTextSplitAtEachByte();
    void acceptsAsciiOfEveryLength();
    void isIncompleteWithinACharacter();
    void refusesWithTheFirstByteThatTells_data();
    void refusesWithTheFirstByteThatTells();
    void refusesABadByteAtEveryPosition();
    void agreesWithAllPairsOfBytes();
};

void TestUtf8::acceptsEveryCodePoint() {
    for (quint32 value = 0; value <= 0x10FFFF; ++value) {
        if (isCodePoint(value) && !isUtf8(toView(encoded(value)))) QFAIL(qPrintable(QString::number(value, 16)));
    }
}

void TestUtf8::acceptsTextSplitAtEachByte() {
    const QByteArray text =
        "plain \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \xed\x9f\xbf \xee\x80\x80 \xf4\x8f\xbf\xbf and plain again, for some words";
    for (qsizetype split = 0; split <= text.size(); ++split) {
        Utf8Validator validator;
        QVERIFY(validator.accept(toView(text.left(split))));
        QVERIFY(validator.accept(toView(text.mid(split))));
        QVERIFY(validator.isComplete());
    }
    QCOMPARE(refusedAt(text), -1);
}

void TestUtf8::acceptsAsciiOfEveryLength() {
    meerkat::test::GuardPage guard(4096);
    for (qsizetype size = 0; size < 100; ++size) QVERIFY(isUtf8(guard.beforeGuard(toView(QByteArray(size, 'x')))));
}

void TestUtf8::isIncompleteWithinACharacter() {
    const QByteArray character = "\xf0\x9f\x98\x80";
    for (qsizetype size = 0; size <= character.size(); ++size) {
        Utf8Validator validator;
        QVERIFY(validator.accept(toView("x" + character.left(size))));
        QCOMPARE(validator.isComplete(), size % 4 == 0);
    }
}

void TestUtf8::refusesWithTheFirstByteThatTells_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("position");
    QTest::newRow("a continuation alone") << QByteArray("\x80") << 0;
    QTest::newRow("overlong slash of two") << QByteArray("\xc0\xaf") << 0;
    QTest::newRow("overlong of two, the longest") << QByteArray("\xc1\xbf") << 0;
    QTest::newRow("overlong of three") << QByteArray("\xe0\x9f\xbf") << 1;
    QTest::newRow("overlong of four") << QByteArray("\xf0\x8f\xbf\xbf") << 1;
    QTest::newRow("first surrogate") << QByteArray("\xed\xa0\x80") << 1;
    QTest::newRow("last surrogate") << QByteArray("\xed\xbf\xbf") << 1;
    QTest::newRow("above U+10FFFF") << QByteArray("\xf4\x90\x80\x80") << 1;
    QTest::newRow("lead of five") << QByteArray("\xf8\x88\x80\x80\x80") << 0;
    QTest::newRow("0xf5") << QByteArray("\xf5\x80\x80\x80") << 0;
    QTest::newRow("0xff") << QByteArray("\xff") << 0;
    QTest::newRow("a lead where a continuation is due") << QByteArray("\xe2\x82\xe2") << 2;
    QTest::newRow("ASCII where a continuation is due") << QByteArray("\xc3(") << 1;
    QTest::newRow("behind good text") << QByteArray("caf\xc3\xa9\xff") << 5;
}

void TestUtf8::refusesWithTheFirstByteThatTells() {
    QFETCH(QByteArray, bytes);
    QFETCH(int, position);
    QCOMPARE(refusedAt(bytes), position);
    QVERIFY(!isUtf8(toView(bytes)));
    QVERIFY(!isUtf8(toView(bytes + "and much plain text behind it, so that the quick path runs")));
}

void TestUtf8::refusesABadByteAtEveryPosition() {
    for (qsizetype position = 0; position < 80; ++position) {
        QByteArray text(80, 'a');
        text[position] = '\xff';
        QVERIFY(!isUtf8(toView(text)));
        text[position] = '\xa0';
        QVERIFY(!isUtf8(toView(text)));
    }
}

void TestUtf8::agreesWithAllPairsOfBytes() {
    for (int first = 0; first < 256; ++first) {
        for (int second = 0; second < 256; ++second) {
            const QByteArray pair = QByteArray(1, static_cast<char>(first)) + QByteArray(1, static_cast<char>(second));
            const bool isTwoAscii = first < 0x80 && second < 0x80;
            const quint32 value = static_cast<quint32>((first & 0x1f) << 6 | (second & 0x3f));
            const bool isOneOfTwo = (first & 0xe0) == 0xc0 && (second & 0xc0) == 0x80 && value >= 0x80;
            QCOMPARE(isUtf8(toView(pair)), isTwoAscii || isOneOfTwo);
        }
    }
}

QTEST_GUILESS_MAIN(TestUtf8)
#include "tst_utf8.moc"
