#include "os/local_time.h"

#include <QtTest>

#include <ctime>

using namespace meerkat::os;

class TestLocalTime : public QObject {
    Q_OBJECT

  private slots:
    void knowsTheZone_data();
    void knowsTheZone();
};

void TestLocalTime::knowsTheZone_data() {
    QTest::addColumn<QByteArray>("zone");
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<int>("offset");
    QTest::addColumn<QByteArray>("name");
    const QByteArray berlin = "CET-1CEST,M3.5.0,M10.5.0/3";
    QTest::newRow("winter") << berlin << qint64{1'704'067'200} << 3600 << QByteArray("CET");
    QTest::newRow("summer") << berlin << qint64{1'719'792'000} << 7200 << QByteArray("CEST");
    QTest::newRow("west") << QByteArray("NST3:30") << qint64{0} << -12600 << QByteArray("NST");
    QTest::newRow("UTC") << QByteArray("UTC0") << qint64{0} << 0 << QByteArray("UTC");
}

void TestLocalTime::knowsTheZone() {
    QFETCH(QByteArray, zone);
    QFETCH(qint64, seconds);
    QFETCH(int, offset);
    QFETCH(QByteArray, name);
    qputenv("TZ", zone);
    tzset();
    const TimeZone found = timeZoneAt(seconds);
    QCOMPARE(found.offsetSeconds, offset);
    QCOMPARE(QByteArray::fromStdString(found.name), name);
}

QTEST_GUILESS_MAIN(TestLocalTime)
#include "tst_local_time_posix.moc"
