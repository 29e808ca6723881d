// Station: tests of who may send how much when, with a clock that is moved by hand.
#include "net/pacer.h"

#include <QTest>

#include <memory>
#include <vector>

using namespace meerkat::net;

namespace {

constexpr std::int64_t kStartUs = 1'000'000;

// Sends whatever it may, up to what its socket takes between two readings.
class Sender final : public Pace {
  public:
    Sender(Pacer &pacer, const std::int64_t &nowUs) : Pace(pacer), m_pacer(pacer), m_nowUs(nowUs) {}
    void send() {
        while (wanted > 0 && room > 0 && !isWaiting()) {
            const std::uint64_t allowed = m_pacer.allowance(*this, wanted, m_nowUs);
            const std::uint64_t bytes = std::min({allowed, room, piece});
            m_pacer.charge(*this, bytes);
            wanted -= bytes;
            room -= bytes;
            sent += bytes;
            largest = std::max(largest, bytes);
        }
    }
    std::uint64_t wanted = UINT64_MAX;
    std::uint64_t room = UINT64_MAX;
    std::uint64_t piece = UINT64_MAX;
    std::uint64_t sent = 0;
    std::uint64_t largest = 0;
    std::unique_ptr<Sender> *other = nullptr;

  private:
    void onTurn() override {
        if (other) other->reset();
        send();
    }
    Pacer &m_pacer;
    const std::int64_t &m_nowUs;
};

}  // namespace

class TestPacer : public QObject {
    Q_OBJECT

  private slots:
    void init();
    void letsEverythingPassWithoutALimit();
    void keepsARate_data();
    void keepsARate();
    void keepsARateWhereTheLoopComesLate();
    void neverAsksToBeCalledInVain();
    void sharesAlike();
    void givesAwayWhatASlowOneLeaves();
    void givesEverybodyHisOwnAndNoMoreThanAll();
    void letsASmallOnePassBetweenLargeOnes();
    void followsANewRateAtOnce();
    void endsAllWaitingWithTheLimit();
    void forgetsWhoIsGone();

  private:
    Sender &add() { return *m_senders.emplace_back(std::make_unique<Sender>(*m_pacer, m_nowUs)); }
    // As a loop does that sleeps until it is due, to the millisecond, and `lateUs` longer.
    void run(std::int64_t us, std::int64_t lateUs = 0) {
        const std::int64_t endUs = m_nowUs + us;
        for (auto &sender : m_senders) sender->send();
        while (true) {
            const std::int64_t dueMs = m_pacer->untilDueMs(m_nowUs);
            const std::int64_t nextUs = m_nowUs + dueMs * 1000 + lateUs;
            if (dueMs < 0 || nextUs > endUs) break;
            m_nowUs = nextUs;
            ++m_wakes;
            m_pacer->advance(m_nowUs);
        }
        m_nowUs = endUs;
    }
    std::uint64_t sum() const {
        std::uint64_t all = 0;
        for (const auto &sender : m_senders) all += sender->sent;
        return all;
    }

    std::int64_t m_nowUs = kStartUs;
    int m_wakes = 0;
    std::unique_ptr<Pacer> m_pacer;
    std::vector<std::unique_ptr<Sender>> m_senders;
};

void TestPacer::init() {
    m_senders.clear();
    m_pacer = std::make_unique<Pacer>();
    m_nowUs = kStartUs;
    m_wakes = 0;
}

void TestPacer::letsEverythingPassWithoutALimit() {
    QVERIFY(!m_pacer->isLimiting());
    QCOMPARE(m_pacer->allowance(add(), 123456789, m_nowUs), std::uint64_t{123456789});
    QCOMPARE(m_pacer->untilDueMs(m_nowUs), std::int64_t{-1});
}

void TestPacer::keepsARate_data() {
    QTest::addColumn<quint64>("rate");
    QTest::addColumn<bool>("isOfAll");
    for (const quint64 rate : {100ull, 10'000ull, 333'333ull, 1'000'000ull, 100'000'000ull, 10'000'000'000ull}) {
        QTest::addRow("%llu bytes a second each", static_cast<unsigned long long>(rate)) << rate << false;
        QTest::addRow("%llu bytes a second in all", static_cast<unsigned long long>(rate)) << rate << true;
    }
}

void TestPacer::keepsARate() {
    QFETCH(quint64, rate);
    QFETCH(bool, isOfAll);
    m_pacer->setRates(isOfAll ? 0 : rate, isOfAll ? rate : 0);
    Sender &one = add();
    run(2'000'000);
    const double expected = 2.0 * static_cast<double>(rate), got = static_cast<double>(one.sent);
    QVERIFY2(got > expected * 0.95 && got < expected * 1.06, qPrintable(QString::number(got)));
    // Smooth: nothing comes in lumps.
    QVERIFY(one.largest <= std::max<std::uint64_t>(rate / 10, 1));
}

void TestPacer::keepsARateWhereTheLoopComesLate() {
    m_pacer->setRates(1'000'000, 0);
    Sender &one = add();
    run(2'000'000, 40'000);
    QVERIFY2(one.sent > 1'900'000 && one.sent < 2'110'000, qPrintable(QString::number(one.sent)));
    // But it does not pay back a long sleep.
    const std::uint64_t before = one.sent;
    m_nowUs += 60'000'000;
    m_pacer->advance(m_nowUs);
    QVERIFY(one.sent - before <= 100'000);
}

void TestPacer::neverAsksToBeCalledInVain() {
    m_pacer->setRates(0, 1'000'000);
    for (int i = 0; i < 50; ++i) add();
    run(1'000'000);
    QVERIFY2(m_wakes <= 210, qPrintable(QString::number(m_wakes)));
    init();
    m_pacer->setRates(10'000, 0);
    add();
    run(1'000'000);
    QVERIFY2(m_wakes <= 21, qPrintable(QString::number(m_wakes)));
}

void TestPacer::sharesAlike() {
    m_pacer->setRates(0, 1'000'000);
    for (int i = 0; i < 7; ++i) add();
    // One that goes to its socket with small pieces gets no less.
    m_senders[3]->piece = 100;
    run(3'000'000);
    for (const auto &sender : m_senders)
        QVERIFY2(sender->sent > 400'000 && sender->sent < 460'000, qPrintable(QString::number(sender->sent)));
    QVERIFY2(sum() > 2'950'000 && sum() < 3'110'000, qPrintable(QString::number(sum())));
}

void TestPacer::givesAwayWhatASlowOneLeaves() {
    m_pacer->setRates(0, 1'000'000);
    Sender &slow = add(), &idle = add(), &hog = add(), &other = add();
    idle.wanted = 0;
    for (int i = 0; i < 100; ++i) {
        slow.room = 100;
        run(20'000);
    }
    QCOMPARE(slow.sent, std::uint64_t{10'000});
    QVERIFY2(hog.sent > 950'000 && hog.sent < 1'060'000, qPrintable(QString::number(hog.sent)));
    QVERIFY2(other.sent > 950'000 && other.sent < 1'060'000, qPrintable(QString::number(other.sent)));
}

void TestPacer::givesEverybodyHisOwnAndNoMoreThanAll() {
    m_pacer->setRates(100'000, 250'000);
    Sender &one = add();
    run(1'000'000);
    QVERIFY2(one.sent > 95'000 && one.sent < 112'000, qPrintable(QString::number(one.sent)));
    add();
    add();
    add();
    const std::uint64_t before = sum();
    run(4'000'000);
    const std::uint64_t got = sum() - before;
    QVERIFY2(got > 950'000 && got < 1'030'000, qPrintable(QString::number(got)));
    for (std::size_t i = 1; i < m_senders.size(); ++i)
        QVERIFY2(m_senders[i]->sent > 230'000 && m_senders[i]->sent < 270'000, qPrintable(QString::number(m_senders[i]->sent)));
}

void TestPacer::letsASmallOnePassBetweenLargeOnes() {
    m_pacer->setRates(0, 1'000'000);
    for (int i = 0; i < 10; ++i) add();
    run(1'000'000);
    Sender &late = add();
    late.wanted = 700;
    run(40'000);
    QCOMPARE(late.wanted, std::uint64_t{0});
    QVERIFY(!late.isWaiting());
}

void TestPacer::followsANewRateAtOnce() {
    m_pacer->setRates(1000, 0);
    Sender &one = add();
    run(1'000'000);
    QVERIFY(one.sent < 1100);
    m_pacer->setRates(1'000'000, 0);
    run(1'000'000);
    QVERIFY2(one.sent > 950'000 && one.sent < 1'050'000, qPrintable(QString::number(one.sent)));
    m_pacer->setRates(0, 10'000);
    const std::uint64_t before = one.sent;
    run(1'000'000);
    QVERIFY2(one.sent - before > 9000 && one.sent - before < 11'100, qPrintable(QString::number(one.sent - before)));
}

void TestPacer::endsAllWaitingWithTheLimit() {
    m_pacer->setRates(1000, 2000);
    Sender &own = add(), &second = add(), &third = add();
    for (auto &sender : m_senders) sender->wanted = 1'000'000;
    run(100'000);
    QVERIFY(own.isWaiting() && second.isWaiting() && third.isWaiting());
    m_pacer->setRates(0, 0);
    QCOMPARE(m_pacer->untilDueMs(m_nowUs), std::int64_t{0});
    m_pacer->advance(m_nowUs);
    for (auto &sender : m_senders) QCOMPARE(sender->sent, std::uint64_t{1'000'000});
    QVERIFY(!m_pacer->isAnybodyWaiting());
}

void TestPacer::forgetsWhoIsGone() {
    for (const bool isOfAll : {false, true}) {
        init();
        m_pacer->setRates(isOfAll ? 0 : 1000, isOfAll ? 1000 : 0);
        add();
        add();
        add();
        run(100'000);
        // One whose turn it is closes the next, as a program may.
        m_senders[0]->other = &m_senders[1];
        m_nowUs += 1'000'000;
        m_pacer->advance(m_nowUs);
        QVERIFY(!m_senders[1]);
        m_senders.clear();
        QVERIFY(!m_pacer->isAnybodyWaiting());
        m_pacer->advance(m_nowUs + 1'000'000);
    }
}

QTEST_GUILESS_MAIN(TestPacer)
#include "tst_pacer.moc"
