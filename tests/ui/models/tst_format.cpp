#include "ui/models/format.h"

#include <QTest>

using namespace meerkat::ui;

class FormatTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void writesBytes_data();
    void writesBytes();
    void writesRates();
    void writesDurations_data();
    void writesDurations();
    void countsVisitorsInWords();
    void usesTheDecimalSignOfTheLocale();
    void showsAMappedAddressAsIpv4();
};

void FormatTest::writesBytes_data() {
    QTest::addColumn<quint64>("bytes");
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << quint64(0) << "0 B";
    QTest::newRow("below a thousand") << quint64(999) << "999 B";
    QTest::newRow("a thousand") << quint64(1000) << "1.0 kB";
    QTest::newRow("two digits without decimal") << quint64(12345) << "12 kB";
    QTest::newRow("rounds up to the next unit") << quint64(999600) << "1.0 MB";
    QTest::newRow("a film") << quint64(4'700'000'000) << "4.7 GB";
    QTest::newRow("the largest") << std::numeric_limits<quint64>::max() << "18447 PB";
}

void FormatTest::writesBytes() {
    QFETCH(quint64, bytes);
    QFETCH(QString, text);
    QCOMPARE(bytesText(bytes).replace(QChar::Nbsp, u' '), text);
}

void FormatTest::writesRates() {
    QCOMPARE(rateText(2'100'000).replace(QChar::Nbsp, u' '), "2.1 MB/s");
    QCOMPARE(rateText(0.2).replace(QChar::Nbsp, u' '), "0 B/s");
    QCOMPARE(rateText(-5).replace(QChar::Nbsp, u' '), "0 B/s");
}

void FormatTest::writesDurations_data() {
    QTest::addColumn<qint64>("ms");
    QTest::addColumn<QString>("text");
    QTest::newRow("just now") << qint64(999) << "now";
    QTest::newRow("seconds") << qint64(12'999) << "12 s";
    QTest::newRow("minutes") << qint64(185'000) << "3 min 05 s";
    QTest::newRow("hours") << qint64(4'320'000) << "1 h 12 min";
    QTest::newRow("days") << qint64(183'600'000) << "2 d 3 h";
}

void FormatTest::writesDurations() {
    QFETCH(qint64, ms);
    QFETCH(QString, text);
    QCOMPARE(durationText(ms).replace(QChar::Nbsp, u' '), text);
}

void FormatTest::countsVisitorsInWords() {
    QCOMPARE(visitorsText(0), "no visitors");
    QCOMPARE(visitorsText(1), "1 visitor");
    QCOMPARE(visitorsText(3), "3 visitors");
}

void FormatTest::usesTheDecimalSignOfTheLocale() {
    QLocale::setDefault(QLocale(QLocale::German));
    QCOMPARE(bytesText(2'100'000).replace(QChar::Nbsp, u' '), "2,1 MB");
    QLocale::setDefault(QLocale::c());
}

void FormatTest::showsAMappedAddressAsIpv4() {
    QCOMPARE(clientText("::ffff:10.0.0.4"), "10.0.0.4");
    QCOMPARE(clientText("fe80::1%eth0"), "fe80::1");
    QCOMPARE(clientText("fd00::7"), "fd00::7");
}

QTEST_GUILESS_MAIN(FormatTest)
#include "tst_format.moc"
