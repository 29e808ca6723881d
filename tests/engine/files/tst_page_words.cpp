#include "engine/files/page_samples.h"
#include "files/page_words.h"

#include <QtTest>

using namespace meerkat::files;
using namespace meerkat::test;

class PageWordsTest : public QObject {
    Q_OBJECT

  private slots:
    void writesBytesForPeople_data() {
        QTest::addColumn<qulonglong>("bytes");
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char *title, qulonglong bytes, const char *text) {
            QTest::newRow(title) << bytes << QByteArray(text);
        };
        row("nothing", 0, "0\u00A0B");
        row("last of bytes", 999, "999\u00A0B");
        row("first of kB", 1000, "1.0\u00A0kB");
        row("rounded down", 1049, "1.0\u00A0kB");
        row("rounded up", 1050, "1.1\u00A0kB");
        row("last with a decimal", 9949, "9.9\u00A0kB");
        row("first without", 9950, "10\u00A0kB");
        row("half up", 10500, "11\u00A0kB");
        row("last of kB", 999'499, "999\u00A0kB");
        row("first of MB", 999'500, "1.0\u00A0MB");
        row("a song", 7'900'000, "7.9\u00A0MB");
        row("a film", 1'834'567'890, "1.8\u00A0GB");
        row("over 4 GiB", 5'000'000'000, "5.0\u00A0GB");
        row("a disk", 2'000'398'934'016, "2.0\u00A0TB");
        row("the most there is", 18'446'744'073'709'551'615U, "18\u00A0EB");
    }
    void writesBytesForPeople() {
        QFETCH(qulonglong, bytes);
        QFETCH(QByteArray, text);
        QCOMPARE(QByteArray::fromStdString(readableBytes(bytes)), text);
    }

    void groupsDigits_data() {
        QTest::addColumn<qulonglong>("number");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("none") << 0ULL << QByteArray("0");
        QTest::newRow("three") << 999ULL << QByteArray("999");
        QTest::newRow("four") << 1000ULL << QByteArray("1,000");
        QTest::newRow("seven") << 1234567ULL << QByteArray("1,234,567");
        QTest::newRow("twenty") << 18'446'744'073'709'551'615ULL << QByteArray("18,446,744,073,709,551,615");
    }
    void groupsDigits() {
        QFETCH(qulonglong, number);
        QFETCH(QByteArray, text);
        QCOMPARE(QByteArray::fromStdString(groupedDigits(number)), text);
    }

    void countsThings() {
        QCOMPARE(counted(0, "file"), std::string("0 files"));
        QCOMPARE(counted(1, "file"), std::string("1 file"));
        QCOMPARE(counted(10000, "folder"), std::string("10,000 folders"));
    }

    void writesTimes_data() {
        QTest::addColumn<qlonglong>("seconds");
        QTest::addColumn<QByteArray>("machine");
        const auto row = [](const char *title, qlonglong seconds, const char *machine) {
            QTest::newRow(title) << seconds << QByteArray(machine);
        };
        row("the beginning", 0, "1970-01-01T00:00:00Z");
        row("a second before it", -1, "1969-12-31T23:59:59Z");
        row("a leap day", 1709208000, "2024-02-29T12:00:00Z");
        row("the last second of a year", 1704067199, "2023-12-31T23:59:59Z");
        row("beyond 32 bits", 4294967296, "2106-02-07T06:28:16Z");
        row("too early", -9'000'000'000'000, "0001-01-01T00:00:00Z");
        row("too late", 9'000'000'000'000, "9999-12-31T23:59:59Z");
    }
    void writesTimes() {
        QFETCH(qlonglong, seconds);
        QFETCH(QByteArray, machine);
        QCOMPARE(QByteArray::fromStdString(machineTime(seconds)), machine);
    }

    void writesTimesForPeople() { QCOMPARE(readableTime("2024-05-03T12:07:31Z"), std::string("2024-05-03 12:07")); }
};

QTEST_GUILESS_MAIN(PageWordsTest)
#include "tst_page_words.moc"
