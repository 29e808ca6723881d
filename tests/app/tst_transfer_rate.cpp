#include "app/transfer_rate.h"

#include <QtTest>

using meerkat::app::TransferRate;

namespace {

constexpr bool kFlows = true;
constexpr bool kRests = false;

}  // namespace

class TestTransferRate : public QObject {
    Q_OBJECT

  private slots:
    void isZeroWithoutTwoPoints();
    void tellsASteadyRate();
    void tellsTheWholeRateFromTheBeginning();
    void smoothsABurstOverASecond();
    void staysCalmWhereBytesGoInLumps();
    void tellsMoreThanTheTrickleBetweenLumps();
    void isZeroASecondAfterTheLastByte();
    void sinksWhereATransferStandsStill();
    void forgetsWhenCleared();
    void toleratesTwoPointsAtOneTime();
};

void TestTransferRate::isZeroWithoutTwoPoints() {
    TransferRate rate;
    QCOMPARE(rate.bytesPerSecond(), 0.0);
    rate.add(1000, 5000, kFlows);
    QCOMPARE(rate.bytesPerSecond(), 0.0);
}

void TestTransferRate::tellsASteadyRate() {
    TransferRate rate;
    for (int i = 0; i <= 40; ++i) rate.add(250 * i, 1000u * static_cast<unsigned>(i), kFlows);
    QCOMPARE(rate.bytesPerSecond(), 4000.0);
}

// The seconds of quiet before it do not count.
void TestTransferRate::tellsTheWholeRateFromTheBeginning() {
    TransferRate rate;
    for (int time = 0; time <= 10000; time += 250) rate.add(time, 0, kRests);
    for (int i = 1; i <= 8; ++i) rate.add(10000 + 250 * i, 1000u * static_cast<unsigned>(i), kFlows);
    QCOMPARE(rate.bytesPerSecond(), 4000.0);
}

void TestTransferRate::smoothsABurstOverASecond() {
    TransferRate rate;
    for (int i = 0; i <= 4; ++i) rate.add(250 * i, 0, kRests);
    rate.add(1250, 8000, kRests);
    QCOMPARE(rate.bytesPerSecond(), 8000.0);
    rate.add(1500, 8000, kRests);
    QCOMPARE(rate.bytesPerSecond(), 8000.0);
}

// A client that reads 100 kB/s and makes room in its buffer every thirty seconds, with a little between.
void TestTransferRate::tellsMoreThanTheTrickleBetweenLumps() {
    TransferRate rate;
    rate.add(0, 0, kRests);
    std::uint64_t bytes = 0;
    for (int time = 250; time <= 120000; time += 250) {
        bytes += time % 30000 == 0 ? 3'000'000 : 500;
        rate.add(time, bytes, kFlows);
        if (time > 30000)
            QVERIFY2(rate.bytesPerSecond() > 90'000 && rate.bytesPerSecond() < 700'000, qPrintable(QString::number(time)));
    }
}

// A client that reads 100 kB/s and makes room in its buffer every three seconds.
void TestTransferRate::staysCalmWhereBytesGoInLumps() {
    TransferRate rate;
    rate.add(0, 0, kRests);
    std::uint64_t bytes = 0;
    for (int time = 250; time <= 60000; time += 250) {
        if (time % 3000 == 0) bytes += 300'000;
        rate.add(time, bytes, kFlows);
        if (time > 6000)
            QVERIFY2(rate.bytesPerSecond() > 50'000 && rate.bytesPerSecond() < 130'000, qPrintable(QString::number(time)));
    }
}

void TestTransferRate::isZeroASecondAfterTheLastByte() {
    TransferRate rate;
    rate.add(0, 0, kFlows);
    rate.add(250, 8000, kFlows);
    for (int time = 500; time <= 1250; time += 250) rate.add(time, 8000, kRests);
    QCOMPARE(rate.bytesPerSecond(), 0.0);
}

// It looks back to the last lump, and forgets it after a minute.
void TestTransferRate::sinksWhereATransferStandsStill() {
    TransferRate rate;
    rate.add(0, 0, kRests);
    rate.add(250, 100'000, kFlows);
    double before = 1e9;
    for (int time = 1250; time <= 59250; time += 1000) {
        rate.add(time, 100'000, kFlows);
        QVERIFY(rate.bytesPerSecond() > 0 && rate.bytesPerSecond() < before);
        before = rate.bytesPerSecond();
    }
    for (int time = 60250; time <= 62250; time += 1000) rate.add(time, 100'000, kFlows);
    QCOMPARE(rate.bytesPerSecond(), 0.0);
}

void TestTransferRate::forgetsWhenCleared() {
    TransferRate rate;
    rate.add(0, 0, kFlows);
    rate.add(250, 8000, kFlows);
    rate.clear();
    rate.add(500, 9000, kFlows);
    QCOMPARE(rate.bytesPerSecond(), 0.0);
}

void TestTransferRate::toleratesTwoPointsAtOneTime() {
    TransferRate rate;
    rate.add(100, 0, kFlows);
    rate.add(100, 8000, kFlows);
    QCOMPARE(rate.bytesPerSecond(), 0.0);
}

QTEST_GUILESS_MAIN(TestTransferRate)
#include "tst_transfer_rate.moc"
