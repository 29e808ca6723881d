// Station: tests of net/timer_list.
#include "net/timer_list.h"

#include <QTest>

#include <memory>

using meerkat::net::TimerList;
using meerkat::net::TimerNode;

class TestTimerList : public QObject {
    Q_OBJECT

  private slots:
    void hasNothingDueWhileEmpty();
    void givesTheLongestUntouchedFirst();
    void movesATouchedNodeToTheEnd();
    void takesOnlyWhatIsDue();
    void tellsHowLongUntilTheFirstIsDue();
    void countsANewLimitFromTheLastTouch();
    void takesANodeOutOfItsOldListWhenAnotherTouchesIt();
    void losesADestroyedNode();
    void leavesItsNodesUnlinkedWhenItIsDestroyed();
    void unlinksANodeTwiceWithoutHarm();
};

void TestTimerList::hasNothingDueWhileEmpty() {
    TimerList list(100);
    QVERIFY(!list.first());
    QVERIFY(!list.takeDue(1'000'000));
    QCOMPARE(list.untilDueMs(5), -1);
}

void TestTimerList::givesTheLongestUntouchedFirst() {
    TimerList list(100);
    TimerNode a, b, c;
    list.touch(a, 1);
    list.touch(b, 1);
    list.touch(c, 2);
    QCOMPARE(list.first(), &a);
    QCOMPARE(list.after(a), &b);
    QCOMPARE(list.after(b), &c);
    QVERIFY(!list.after(c));
}

void TestTimerList::movesATouchedNodeToTheEnd() {
    TimerList list(100);
    TimerNode a, b, c;
    for (auto *node : {&a, &b, &c}) list.touch(*node, 1);
    list.touch(b, 2);
    list.touch(b, 3);
    QCOMPARE(list.first(), &a);
    QCOMPARE(list.after(a), &c);
    QCOMPARE(list.after(c), &b);
    QCOMPARE(b.touchedMs(), 3);
}

void TestTimerList::takesOnlyWhatIsDue() {
    TimerList list(100);
    TimerNode a, b;
    list.touch(a, 10);
    list.touch(b, 11);
    QVERIFY(!list.takeDue(109));
    QCOMPARE(list.takeDue(110), &a);
    QVERIFY(!a.isLinked());
    QVERIFY(!list.takeDue(110));
    QCOMPARE(list.takeDue(1000), &b);
    QVERIFY(!list.takeDue(1000));
}

void TestTimerList::tellsHowLongUntilTheFirstIsDue() {
    TimerList list(100);
    TimerNode a;
    list.touch(a, 10);
    QCOMPARE(list.untilDueMs(10), 100);
    QCOMPARE(list.untilDueMs(109), 1);
    QCOMPARE(list.untilDueMs(110), 0);
    QCOMPARE(list.untilDueMs(500), 0);
}

void TestTimerList::countsANewLimitFromTheLastTouch() {
    TimerList list(100);
    TimerNode a;
    list.touch(a, 10);
    list.setLimitMs(20);
    QVERIFY(!list.takeDue(29));
    QCOMPARE(list.takeDue(30), &a);
}

void TestTimerList::takesANodeOutOfItsOldListWhenAnotherTouchesIt() {
    TimerList idle(100), linger(10);
    TimerNode a, b;
    idle.touch(a, 1);
    idle.touch(b, 1);
    linger.touch(a, 2);
    QCOMPARE(idle.first(), &b);
    QCOMPARE(linger.first(), &a);
    QVERIFY(!linger.after(a));
}

void TestTimerList::losesADestroyedNode() {
    TimerList list(100);
    TimerNode a, c;
    auto b = std::make_unique<TimerNode>();
    for (auto *node : {&a, b.get(), &c}) list.touch(*node, 1);
    b.reset();
    QCOMPARE(list.first(), &a);
    QCOMPARE(list.after(a), &c);
}

void TestTimerList::leavesItsNodesUnlinkedWhenItIsDestroyed() {
    TimerNode a, b;
    {
        TimerList list(100);
        list.touch(a, 1);
        list.touch(b, 1);
    }
    QVERIFY(!a.isLinked());
    QVERIFY(!b.isLinked());
}

void TestTimerList::unlinksANodeTwiceWithoutHarm() {
    TimerList list(100);
    TimerNode a, b;
    list.touch(a, 1);
    list.touch(b, 1);
    a.unlink();
    a.unlink();
    QCOMPARE(list.first(), &b);
    QVERIFY(!list.after(b));
}

QTEST_GUILESS_MAIN(TestTimerList)
#include "tst_timer_list.moc"
