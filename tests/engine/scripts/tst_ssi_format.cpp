#include "scripts/ssi_format.h"

#include "os/local_time.h"

#include <QDateTime>
#include <QtTest>

using namespace meerkat::scripts;

class TestSsiFormat : public QObject {
    Q_OBJECT

  private slots:
    void writesSizes_data();
    void writesSizes();
    void writesMoments_data();
    void writesMoments();
    void writesTheMachinesTimeOfDay();
    void survivesEveryMomentAndLetter();
};

void TestSsiFormat::writesSizes_data() {
    QTest::addColumn<quint64>("bytes");
    QTest::addColumn<QByteArray>("exact");
    QTest::addColumn<QByteArray>("abbreviated");
    const auto row = [](quint64 bytes, const QByteArray &exact, const QByteArray &abbreviated) {
        QTest::newRow(exact) << bytes << exact << abbreviated;
    };
    row(0, "0", "0");
    row(999, "999", "999");
    row(1000, "1,000", "1000");
    row(1023, "1,023", "1023");
    row(1024, "1,024", "1K");
    row(1536, "1,536", "1.5K");
    row(10'240, "10,240", "10K");
    row(1'023'999, "1,023,999", "1M");
    row(1'234'567, "1,234,567", "1.2M");
    row(5'368'709'120, "5,368,709,120", "5G");
    row(UINT64_MAX, "18,446,744,073,709,551,615", "16777216T");
}

void TestSsiFormat::writesSizes() {
    QFETCH(quint64, bytes);
    QFETCH(QByteArray, exact);
    QFETCH(QByteArray, abbreviated);
    QCOMPARE(QByteArray::fromStdString(sizeText(bytes, SizeFormat::Bytes)), exact);
    QCOMPARE(QByteArray::fromStdString(sizeText(bytes, SizeFormat::Abbreviated)), abbreviated);
}

void TestSsiFormat::writesMoments_data() {
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<QByteArray>("format");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](qint64 seconds, const char *format, const char *text) {
        QTest::newRow(format) << seconds << QByteArray(format) << QByteArray(text);
    };
    const qint64 moment = 784'111'777;  // Sun, 06 Nov 1994 08:49:37
    row(moment, "%A, %d-%b-%Y %H:%M:%S %Z", "Sunday, 06-Nov-1994 08:49:37 UTC");
    row(moment, "%a %B %h %e %j %u %w %y", "Sun November Nov  6 310 7 0 94");
    row(moment, "%I %l %p %m %s %z %%", "08  8 AM 11 784111777 +0000 %");
    row(moment, "%c|%D|%F|%r|%R|%T|%x|%X|%n|%t",
        "Sun Nov  6 08:49:37 1994|11/06/94|1994-11-06|08:49:37 AM|08:49|08:49:37|11/06/94|08:49:37|\n|\t");
    row(moment, "", "");
    row(moment, "%Q % %", "%Q % %");
    row(0, "%F %T", "1970-01-01 00:00:00");
    row(-1, "%F %T %p %I", "1969-12-31 23:59:59 PM 11");
    row(951'782'400, "%F %j", "2000-02-29 060");
}

void TestSsiFormat::writesMoments() {
    QFETCH(qint64, seconds);
    QFETCH(QByteArray, format);
    QFETCH(QByteArray, text);
    QCOMPARE(QByteArray::fromStdString(timeText(seconds, format.toStdString(), true)), text);
}

void TestSsiFormat::writesTheMachinesTimeOfDay() {
    for (const qint64 seconds : {0LL, 784'111'777LL, 1'720'000'000LL}) {
        const QDateTime local = QDateTime::fromSecsSinceEpoch(seconds);
        QCOMPARE(meerkat::os::timeZoneAt(seconds).offsetSeconds, local.offsetFromUtc());
        QCOMPARE(QString::fromStdString(timeText(seconds, "%Y-%m-%d %H:%M:%S", false)), local.toString("yyyy-MM-dd HH:mm:ss"));
    }
}

void TestSsiFormat::survivesEveryMomentAndLetter() {
    for (const std::int64_t seconds : {INT64_MIN, INT64_MIN / 2, std::int64_t{-1}, INT64_MAX / 2, INT64_MAX})
        for (int letter = 0; letter < 256; ++letter)
            for (const bool inUtc : {false, true})
                QVERIFY(!timeText(seconds, std::string{'%', static_cast<char>(letter)}, inUtc).empty());
}

QTEST_GUILESS_MAIN(TestSsiFormat)
#include "tst_ssi_format.moc"
