// Station: tests of net/dialer: why a dial fails, time limits, cancels.
#include "dialer_house.h"

#include <QTest>

#include <mutex>

using namespace meerkat;
using namespace meerkat::test;

class TestDialerEndings : public QObject, private DialerHouse {
    Q_OBJECT

  private slots:
    void initTestCase() { os::prepareSockets(); }
    void init() { open(); }
    void cleanup() { close(); }

    void saysWhyItFailed_data();
    void saysWhyItFailed();
    void saysThatTheHostRefuses();
    void prefersARefusalToNoWay();
    void givesUpAtTheTimeLimit();
    void givesUpOnANameAtTheTimeLimit();
    void countsTheTimeFromDialNotFromTheLoopsLatestPass();
    void neverTellsFromWithinDial();
    void staysSilentWhenCancelled_data();
    void staysSilentWhenCancelled();
    void takesAnUnknownCancel();
    void letsItsOwnerDialAgainWhenToldOfAFailure();
    void letsItsOwnerCancelAnotherOfTheSamePass();
    void endsWithDialsUnderWay();
};

void TestDialerEndings::saysWhyItFailed_data() {
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<int>("port");
    QTest::addColumn<int>("error");
    QTest::newRow("no such name") << QByteArray("nowhere") << 80 << ENOENT;
    QTest::newRow("an empty name") << QByteArray() << 80 << ENOENT;
    QTest::newRow("a name with a line break") << QByteArray("a\r\nb") << 80 << ENOENT;
    QTest::newRow("a name without an address") << QByteArray("empty") << 80 << ENOENT;
    QTest::newRow("port 0") << QByteArray("127.0.0.1") << 0 << EINVAL;
}

void TestDialerEndings::saysWhyItFailed() {
    QFETCH(QByteArray, host);
    QFETCH(int, port);
    QFETCH(int, error);
    m_names["empty"] = {};
    const std::uint64_t id = m_dialer->dial(host.toStdString(), static_cast<std::uint16_t>(port), m_caller);
    QVERIFY(passUntilTold(id));
    QCOMPARE(m_caller.outcomes[id].error, error);
    QCOMPARE(m_caller.outcomes[id].socket, os::kNoSocket);
}

void TestDialerEndings::saysThatTheHostRefuses() {
    m_names["both"] = {"::1", "127.0.0.1"};
    for (const char *host : {"127.0.0.1", "both"}) {
        const std::uint64_t id = m_dialer->dial(host, deafPort(), m_caller);
        QVERIFY(passUntilTold(id));
        QCOMPARE(m_caller.outcomes[id].error, ECONNREFUSED);
    }
}

// TCP has no way to a broadcast address.
void TestDialerEndings::prefersARefusalToNoWay() {
    m_names["refusedFirst"] = {"127.0.0.1", "255.255.255.255"};
    m_names["refusedLast"] = {"255.255.255.255", "127.0.0.1"};
    for (const char *host : {"refusedFirst", "refusedLast"}) {
        const std::uint64_t id = m_dialer->dial(host, deafPort(), m_caller);
        QVERIFY(passUntilTold(id));
        QCOMPARE(m_caller.outcomes[id].error, ECONNREFUSED);
    }
    const std::uint64_t id = m_dialer->dial("255.255.255.255", deafPort(), m_caller);
    QVERIFY(passUntilTold(id));
    QVERIFY(m_caller.outcomes[id].error != 0 && m_caller.outcomes[id].error != ECONNREFUSED);
}

void TestDialerEndings::givesUpAtTheTimeLimit() {
    const BlackHole hole;
    if (!hole.isMade()) QSKIP("no black hole on this system");
    const std::uint64_t id = m_dialer->dial("127.0.0.1", hole.port(), m_caller);
    pass();
    m_clock.advanceMs(net::Dialer::kTimeLimitMs - 1);
    pass();
    QCOMPARE(m_caller.calls, 0);
    m_clock.advanceMs(1);
    pass();
    QCOMPARE(m_caller.outcomes.at(id).error, ETIMEDOUT);
    QCOMPARE(m_dialer->underway(), 0U);
}

void TestDialerEndings::givesUpOnANameAtTheTimeLimit() {
    // Held until the dialer is gone.
    auto gate = std::make_shared<std::timed_mutex>();
    gate->lock();
    net::Dialer dialer(*m_loop, m_clock, [gate](const std::string &) -> Result<std::vector<os::Endpoint>> {
        const std::lock_guard held(*gate);
        return Failure{"too late", ENOENT};
    });
    const std::uint64_t id = dialer.dial("hangs", 80, m_caller);
    m_clock.advanceMs(net::Dialer::kTimeLimitMs);
    m_loop->runOnce(0);
    dialer.advance();
    QCOMPARE(m_caller.outcomes.at(id).error, ETIMEDOUT);
    gate->unlock();
    for (int i = 0; i < 5; ++i) {
        m_loop->runOnce(10);
        dialer.advance();
    }
    QCOMPARE(m_caller.calls, 1);
}

void TestDialerEndings::countsTheTimeFromDialNotFromTheLoopsLatestPass() {
    const BlackHole hole;
    if (!hole.isMade()) QSKIP("no black hole on this system");
    pass();
    m_clock.advanceMs(10 * net::Dialer::kTimeLimitMs);
    m_dialer->dial("127.0.0.1", hole.port(), m_caller);
    QCOMPARE(m_dialer->untilDueMs(), net::Dialer::kTimeLimitMs);
    pass();
    QCOMPARE(m_caller.calls, 0);
}

void TestDialerEndings::neverTellsFromWithinDial() {
    const std::vector<std::pair<const char *, std::uint16_t>> targets = {
        {"", 80}, {"127.0.0.1", 0}, {"255.255.255.255", 80}, {"127.0.0.1", deafPort()}};
    for (const auto &[host, port] : targets) {
        m_caller.calls = 0;
        const std::uint64_t id = m_dialer->dial(host, port, m_caller);
        QCOMPARE(m_caller.calls, 0);
        QVERIFY(passUntilTold(id));
        QCOMPARE(m_caller.calls, 1);
    }
}

void TestDialerEndings::staysSilentWhenCancelled_data() {
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<int>("passes");
    QTest::newRow("right away") << QByteArray("127.0.0.1") << 0;
    QTest::newRow("with the name being looked up") << QByteArray("here") << 0;
    QTest::newRow("after a pass") << QByteArray("hole") << 3;
    QTest::newRow("having failed in dial") << QByteArray() << 0;
}

void TestDialerEndings::staysSilentWhenCancelled() {
    QFETCH(QByteArray, host);
    QFETCH(int, passes);
    const BlackHole hole;
    m_names["here"] = m_names["hole"] = {"127.0.0.1"};
    const std::uint64_t id = m_dialer->dial(host.toStdString(), hole.port(), m_caller);
    for (int i = 0; i < passes; ++i) pass(5);
    m_dialer->cancel(id);
    QCOMPARE(m_dialer->underway(), 0U);
    m_clock.advanceMs(net::Dialer::kTimeLimitMs);
    for (int i = 0; i < 5; ++i) pass(5);
    QCOMPARE(m_caller.calls, 0);
}

void TestDialerEndings::takesAnUnknownCancel() {
    m_dialer->cancel(0);
    m_dialer->cancel(77);
    const std::uint64_t id = m_dialer->dial("127.0.0.1", 0, m_caller);
    QVERIFY(passUntilTold(id));
    m_dialer->cancel(id);
    QCOMPARE(m_caller.calls, 1);
}

// For ever in vain, but never in one call.
void TestDialerEndings::letsItsOwnerDialAgainWhenToldOfAFailure() {
    m_caller.then = [this](std::uint64_t) { m_dialer->dial("127.0.0.1", 0, m_caller); };
    m_dialer->dial("127.0.0.1", 0, m_caller);
    for (int turn = 1; turn <= 3; ++turn) {
        pass();
        QCOMPARE(m_caller.calls, turn);
        QCOMPARE(m_dialer->untilDueMs(), 0);
    }
}

void TestDialerEndings::letsItsOwnerCancelAnotherOfTheSamePass() {
    const os::OwnedSocket listener = os::newListener();
    std::vector<std::uint64_t> ids;
    m_caller.then = [&](std::uint64_t) {
        for (const std::uint64_t id : ids) m_dialer->cancel(id);
    };
    for (int i = 0; i < 10; ++i) ids.push_back(m_dialer->dial("127.0.0.1", os::localEndpoint(listener).port, m_caller));
    QVERIFY(passUntil([&] { return m_caller.calls > 0; }));
    for (int i = 0; i < 3; ++i) pass(5);
    QCOMPARE(m_caller.calls, 1);
}

void TestDialerEndings::endsWithDialsUnderWay() {
    const BlackHole hole;
    m_names["here"] = {"127.0.0.1"};
    for (int i = 0; i < 5; ++i) m_dialer->dial(i % 2 ? "here" : "127.0.0.1", hole.port(), m_caller);
    pass();
    m_dialer.reset();
    m_loop->runOnce(5);
    m_loop->finishPass();
    QCOMPARE(m_caller.calls, 0);
}

QTEST_GUILESS_MAIN(TestDialerEndings)
#include "tst_dialer_endings.moc"
