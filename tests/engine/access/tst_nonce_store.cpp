// Station: tests of nonces: whose they are, how long they last, which counts were used, and how much of them is kept.
#include "access/nonce_store.h"

#include "support/fake_clock.h"

#include <QTest>

using namespace meerkat;
using access::NonceStore;

class TestNonceStore : public QObject {
    Q_OBJECT

  private slots:
    void knowsItsOwn();
    void givesEachOnce();
    void refusesWhatItDidNotMake_data();
    void refusesWhatItDidNotMake();
    void letsThemExpire();
    void countsEachUseOnce();
    void acceptsCountsOutOfOrderWithinAWindow();
    void keepsNothingForWhoHasNoPassword();
    void keepsNoMoreThanItMay();
    void forgetsTheOldestFirstAndForGood();
    void knowsWhoseNonceItIs();

  private:
    test::FakeClock m_clock;
};

void TestNonceStore::knowsItsOwn() {
    NonceStore store(m_clock);
    const std::string nonce = store.issue();
    QVERIFY(store.isCurrent(nonce));
    QVERIFY(store.use(nonce, 1, "ana"));
    QVERIFY(store.isCurrent(nonce));
}

void TestNonceStore::givesEachOnce() {
    NonceStore store(m_clock);
    QVERIFY(store.issue() != store.issue());
}

void TestNonceStore::refusesWhatItDidNotMake_data() {
    QTest::addColumn<int>("changedAt");
    // Time, serial number, signature.
    for (const int place : {0, 15, 16, 31, 32, 63}) QTest::addRow("digit %d changed", place) << place;
}

void TestNonceStore::refusesWhatItDidNotMake() {
    QFETCH(int, changedAt);
    NonceStore store(m_clock), other(m_clock);
    const std::string nonce = store.issue();
    QCOMPARE(nonce.size(), std::size_t{64});
    std::string changed = nonce;
    char &digit = changed[static_cast<std::size_t>(changedAt)];
    digit = digit == '0' ? '1' : '0';
    QVERIFY(!store.isCurrent(changed));
    QVERIFY(!store.use(changed, 1, "ana"));
    QVERIFY(!store.isCurrent(nonce.substr(1)) && !store.isCurrent(nonce + "0") && !store.isCurrent(""));
    QVERIFY(!other.isCurrent(nonce));
}

void TestNonceStore::letsThemExpire() {
    NonceStore store(m_clock);
    const std::string used = store.issue(), unused = store.issue();
    QVERIFY(store.use(used, 1, "ana"));
    m_clock.advanceMs(NonceStore::kLifetimeUs / 1000);
    QVERIFY(store.isCurrent(used) && store.isCurrent(unused));
    m_clock.advanceMs(1);
    QVERIFY(!store.isCurrent(used) && !store.isCurrent(unused));
    QVERIFY(!store.use(used, 2, "ana") && !store.use(unused, 1, "ana"));
    QVERIFY(!store.wasUsedBy(used, "ana"));
}

void TestNonceStore::countsEachUseOnce() {
    NonceStore store(m_clock);
    const std::string nonce = store.issue();
    QVERIFY(!store.use(nonce, 0, "ana"));
    for (std::uint32_t count = 1; count < 200; ++count) QVERIFY(store.use(nonce, count, "ana"));
    for (std::uint32_t count = 1; count < 200; ++count) QVERIFY(!store.use(nonce, count, "ana"));
    QVERIFY(store.use(nonce, UINT32_MAX, "ana"));
    QVERIFY(!store.use(nonce, UINT32_MAX, "ana"));
    QVERIFY(!store.use(nonce, 200, "ana"));
}

void TestNonceStore::acceptsCountsOutOfOrderWithinAWindow() {
    NonceStore store(m_clock);
    const std::string nonce = store.issue();
    for (const std::uint32_t count : {3u, 1u, 6u, 2u, 5u, 4u}) QVERIFY(store.use(nonce, count, "ana"));
    for (const std::uint32_t count : {3u, 1u, 6u, 2u, 5u, 4u}) QVERIFY(!store.use(nonce, count, "ana"));
    QVERIFY(store.use(nonce, 100, "ana"));
    QVERIFY(store.use(nonce, 100 - NonceStore::kWindow + 1, "ana"));
    QVERIFY(!store.use(nonce, 100 - NonceStore::kWindow, "ana"));
    QVERIFY(store.use(nonce, 100 + NonceStore::kWindow, "ana"));
    QVERIFY(!store.use(nonce, 100, "ana"));
}

void TestNonceStore::keepsNothingForWhoHasNoPassword() {
    NonceStore store(m_clock);
    for (int i = 0; i < 1000; ++i) QVERIFY(store.isCurrent(store.issue()));
    QCOMPARE(store.kept(), std::size_t{0});
}

void TestNonceStore::keepsNoMoreThanItMay() {
    NonceStore store(m_clock);
    for (std::size_t i = 0; i < NonceStore::kMostKept + 100; ++i) QVERIFY(store.use(store.issue(), 1, "ana"));
    QCOMPARE(store.kept(), NonceStore::kMostKept);
    m_clock.advanceMs(NonceStore::kLifetimeUs / 1000 + 1);
    QVERIFY(store.use(store.issue(), 1, "ana"));
    QCOMPARE(store.kept(), std::size_t{1});
}

void TestNonceStore::forgetsTheOldestFirstAndForGood() {
    NonceStore store(m_clock);
    const std::string unused = store.issue(), oldest = store.issue(), second = store.issue();
    QVERIFY(store.use(second, 1, "ana"));
    QVERIFY(store.use(oldest, 1, "ana"));
    for (std::size_t i = 0; i < NonceStore::kMostKept - 1; ++i) QVERIFY(store.use(store.issue(), 1, "bob"));
    // What was forgotten may have been used: no count of it is new any more.
    QVERIFY(!store.isCurrent(oldest) && !store.use(oldest, 2, "ana"));
    QVERIFY(!store.isCurrent(unused) && !store.use(unused, 1, "ana"));
    QVERIFY(!store.use(second, 1, "ana"));
    QVERIFY(store.use(second, 2, "ana"));
}

void TestNonceStore::knowsWhoseNonceItIs() {
    NonceStore store(m_clock);
    const std::string nonce = store.issue();
    QVERIFY(!store.wasUsedBy(nonce, "ana"));
    QVERIFY(store.use(nonce, 1, "ana"));
    QVERIFY(store.wasUsedBy(nonce, "ana"));
    QVERIFY(!store.wasUsedBy(nonce, "bob"));
}

QTEST_GUILESS_MAIN(TestNonceStore)
#include "tst_nonce_store.moc"
