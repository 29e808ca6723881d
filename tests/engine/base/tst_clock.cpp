#include "base/clock.h"

#include <QDateTime>
#include <QTest>

class TestClock : public QObject {
    Q_OBJECT
  private slots:
    void tellsTheTimeOfTheWorld() {
        const auto before = QDateTime::currentSecsSinceEpoch();
        const auto told = meerkat::SystemClock().wallSeconds();
        const auto after = QDateTime::currentSecsSinceEpoch();
        QVERIFY(before <= told && told <= after);
    }

    void goesOnAndNeverBack() {
        const meerkat::SystemClock clock;
        const auto first = clock.monotonicUs();
        auto last = first;
        while (last - first < 2000) {
            const auto now = clock.monotonicUs();
            QVERIFY(now >= last);
            last = now;
        }
    }
};

QTEST_GUILESS_MAIN(TestClock)
#include "tst_clock.moc"
