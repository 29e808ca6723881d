#include "app/traffic_history.h"

#include <QTest>

using namespace meerkat::app;

class TrafficHistoryTest : public QObject {
    Q_OBJECT
  private slots:
    void keepsWhatMovedInEachSecond();
    void asksForNoLookWhereNothingMoves();
    void forgetsWhatIsLongAgo();
};

void TrafficHistoryTest::keepsWhatMovedInEachSecond() {
    TrafficHistory history;
    history.look(5'000, 0);
    history.look(6'000, 1'000);
    history.look(7'000, 1'000);
    history.look(8'000, 1'500);
    const auto seconds = history.seconds();
    QCOMPARE(seconds.size(), 2u);
    QCOMPARE(seconds[0].second, 6);
    QCOMPARE(seconds[0].bytes, 1'000u);
    QCOMPARE(seconds[1].second, 8);
    QCOMPARE(seconds[1].bytes, 500u);
}

void TrafficHistoryTest::asksForNoLookWhereNothingMoves() {
    TrafficHistory history;
    QVERIFY(history.isDue(0));
    QCOMPARE(history.nextLookMs(), INT64_MAX);
    history.look(5'000, 10);
    QVERIFY(!history.isDue(5'500));
    QVERIFY(history.isDue(6'000));
    QCOMPARE(history.nextLookMs(), 6'000);
    history.look(6'000, 10);
    QCOMPARE(history.nextLookMs(), INT64_MAX);
}

void TrafficHistoryTest::forgetsWhatIsLongAgo() {
    TrafficHistory history;
    for (std::uint64_t second = 1; second <= 1000; ++second) history.look(std::int64_t(second) * 1000, second);
    QCOMPARE(history.seconds().size(), std::size_t(TrafficHistory::kSeconds));
    QCOMPARE(history.seconds().front().second, 701);
}

QTEST_APPLESS_MAIN(TrafficHistoryTest)
#include "tst_traffic_history.moc"
