#include "app/transfer_rate.h"

#include <QtTest>

using meerkat::app::TransferRate;

class TestTransferRate : public QObject {
    Q_OBJECT

  private slots:
    void isZeroWithoutTwoPoints();
    void tellsASteadyRate();
    void smoothsABurstOverASecond();
    void isZeroASecondAfterTheLastByte();
    void forgetsWhenCleared();
    void toleratesTwoPointsAtOneTime();
};

void TestTransferRate::isZeroWithoutTwoPoints() {
    TransferRate rate;
    QCOMPARE(rate.bytesPerSecond(), 0.0);
    rate.add(1000, 5000);
    QCOMPARE(rate.bytesPerSecond(), 0.0);
}

void TestTransferRate::tellsASteadyRate() {
    TransferRate rate;
    for (int i = 0; i <= 40; ++i) rate.add(250 * i, 1000u * static_cast<unsigned>(i));
    QCOMPARE(rate.bytesPerSecond(), 4000.0);
}

void TestTransferRate::smoothsABurstOverASecond() {
    TransferRate rate;
    for (int i = 0; i <= 4; ++i) rate.add(250 * i, 0);
    rate.add(1250, 8000);
    QCOMPARE(rate.bytesPerSecond(), 8000.0);
    rate.add(1500, 8000);
    QCOMPARE(rate.bytesPerSecond(), 8000.0);
}

void TestTransferRate::isZeroASecondAfterTheLastByte() {
    TransferRate rate;
    rate.add(0, 0);
    rate.add(250, 8000);
    for (int time = 500; time <= 1250; time += 250) rate.add(time, 8000);
    QCOMPARE(rate.bytesPerSecond(), 0.0);
}

void TestTransferRate::forgetsWhenCleared() {
    TransferRate rate;
    rate.add(0, 0);
    rate.add(250, 8000);
    rate.clear();
    rate.add(500, 9000);
    QCOMPARE(rate.bytesPerSecond(), 0.0);
}

void TestTransferRate::toleratesTwoPointsAtOneTime() {
    TransferRate rate;
    rate.add(100, 0);
    rate.add(100, 8000);
    QCOMPARE(rate.bytesPerSecond(), 0.0);
}

QTEST_GUILESS_MAIN(TestTransferRate)
#include "tst_transfer_rate.moc"
