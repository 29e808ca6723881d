#include "base/text.h"

#include <QTest>

using namespace meerkat;

class TestText : public QObject {
    Q_OBJECT
  private slots:
    void lowersAsciiLettersOnly() {
        QCOMPARE(lowerAscii('A'), 'a');
        QCOMPARE(lowerAscii('Z'), 'z');
        QCOMPARE(lowerAscii('@'), '@');
        QCOMPARE(lowerAscii('['), '[');
        QCOMPARE(lowerAscii('\xC4'), '\xC4');
    }

    void comparesWithoutCase() {
        QVERIFY(equalsIgnoringCase("Content-TYPE", "content-type"));
        QVERIFY(equalsIgnoringCase("", ""));
        QVERIFY(!equalsIgnoringCase("abc", "abcd"));
        QVERIFY(!equalsIgnoringCase("a[", "a{"));
        QVERIFY(!equalsIgnoringCase("\xC4", "\xE4"));
    }

    void findsPrefixAndSuffixWithoutCase() {
        QVERIFY(startsWithIgnoringCase("Bytes=0-1", "bytes="));
        QVERIFY(startsWithIgnoringCase("x", ""));
        QVERIFY(!startsWithIgnoringCase("byte", "bytes"));
        QVERIFY(endsWithIgnoringCase("photo.JPG", ".jpg"));
        QVERIFY(!endsWithIgnoringCase("g", ".jpg"));
    }

    void trimsSpacesAndTabsOnly() {
        QVERIFY(trimmed(" \t a b\t ") == "a b");
        QVERIFY(trimmed(" \t ").empty());
        QVERIFY(trimmed("").empty());
        QVERIFY(trimmed("\na\r") == "\na\r");
    }

    void acceptsDecimals_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<quint64>("value");
        QTest::newRow("zero") << QByteArray("0") << quint64(0);
        QTest::newRow("leading zeros") << QByteArray("007") << quint64(7);
        QTest::newRow("largest") << QByteArray("18446744073709551615") << quint64(UINT64_MAX);
    }
    void acceptsDecimals() {
        QFETCH(QByteArray, text);
        QFETCH(quint64, value);
        const auto parsed = parseDecimal(text.toStdString());
        QVERIFY(parsed.has_value());
        QCOMPARE(quint64(*parsed), value);
    }

    void refusesWhatIsNoDecimal_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("plus sign") << QByteArray("+1");
        QTest::newRow("minus sign") << QByteArray("-1");
        QTest::newRow("space before") << QByteArray(" 1");
        QTest::newRow("space behind") << QByteArray("1 ");
        QTest::newRow("hexadecimal") << QByteArray("0x10");
        QTest::newRow("NUL behind") << QByteArray("1\0", 2);
        QTest::newRow("one over the largest") << QByteArray("18446744073709551616");
        QTest::newRow("ten times the largest") << QByteArray("184467440737095516150");
    }
    void refusesWhatIsNoDecimal() {
        QFETCH(QByteArray, text);
        QVERIFY(!parseDecimal(text.toStdString()).has_value());
    }

    void keepsToTheLimit_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<quint64>("limit");
        QTest::addColumn<bool>("isAccepted");
        QTest::newRow("the limit itself") << QByteArray("65535") << quint64(65535) << true;
        QTest::newRow("one more") << QByteArray("65536") << quint64(65535) << false;
        QTest::newRow("one digit over a small limit") << QByteArray("8") << quint64(7) << false;
        QTest::newRow("zero of zero") << QByteArray("0") << quint64(0) << true;
        QTest::newRow("more digits than the limit") << QByteArray("100000") << quint64(65535) << false;
    }
    void keepsToTheLimit() {
        QFETCH(QByteArray, text);
        QFETCH(quint64, limit);
        QFETCH(bool, isAccepted);
        QCOMPARE(parseDecimal(text.toStdString(), limit).has_value(), isAccepted);
    }

    void splitsListsAndLeavesEmptyItemsOut() {
        const std::vector<std::string_view> expected{"a", "b c", "d"};
        QVERIFY(splitList(" a,, b c ,\t,d,") == expected);
        QVERIFY(splitList("a;b c;d", ';') == expected);
        QVERIFY(splitList("").empty());
        QVERIFY(splitList(" , ,").empty());
    }

    void findsItemsOfLists() {
        QVERIFY(listContains("keep-alive, Upgrade", "upgrade"));
        QVERIFY(listContains("close", "CLOSE"));
        QVERIFY(!listContains("closed, not-close", "close"));
        QVERIFY(!listContains("", "close"));
        QVERIFY(!listContains(", ,", ""));
    }
};

QTEST_GUILESS_MAIN(TestText)
#include "tst_text.moc"
