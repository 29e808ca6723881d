// Station: tests of net/ticket_keys.
#include "net/ticket_keys.h"

#include "support/fake_clock.h"

#include <QTest>

using namespace meerkat;
using net::TicketKeys;

class TestTicketKeys : public QObject {
    Q_OBJECT

  private slots:
    void givesTheSameKeyForHalfADay();
    void givesAnotherKeyAfterIt();
    void findsThePreviousKeyForHalfADayMore();
    void forgetsAKeyThatNobodyReplaced();
    void forgetsBothAfterALongSleep();
    void findsNoKeyOfAnotherName();

  private:
    static std::array<unsigned char, 16> nameOf(TicketKeys &keys) { return keys.current()->name; }

    static constexpr std::int64_t kLifeMs = TicketKeys::kLifeSeconds * 1000;
};

void TestTicketKeys::givesTheSameKeyForHalfADay() {
    test::FakeClock clock;
    TicketKeys keys(clock);
    const net::TicketKey first = *keys.current();
    QVERIFY(first.cipherKey != decltype(first.cipherKey){} && first.macKey != decltype(first.macKey){});
    clock.advanceMs(kLifeMs - 1);
    QVERIFY(keys.current()->name == first.name && keys.current()->cipherKey == first.cipherKey);
    QVERIFY(keys.isCurrent(*keys.find(first.name)));
}

void TestTicketKeys::givesAnotherKeyAfterIt() {
    test::FakeClock clock;
    TicketKeys keys(clock);
    const net::TicketKey first = *keys.current();
    clock.advanceMs(kLifeMs);
    QVERIFY(keys.current()->name != first.name);
    QVERIFY(keys.current()->cipherKey != first.cipherKey);
    QVERIFY(keys.current()->macKey != first.macKey);
}

void TestTicketKeys::findsThePreviousKeyForHalfADayMore() {
    test::FakeClock clock;
    TicketKeys keys(clock);
    const auto first = nameOf(keys);
    clock.advanceMs(kLifeMs + kLifeMs / 2);
    const auto second = nameOf(keys);
    QVERIFY(keys.find(first) != nullptr && !keys.isCurrent(*keys.find(first)));
    clock.advanceMs(kLifeMs / 2);
    // The second key has had half a life only, and yet follows the first out in time.
    QVERIFY(keys.find(first) == nullptr);
    QVERIFY(keys.find(second) != nullptr);
    QVERIFY(nameOf(keys) != second);
}

void TestTicketKeys::forgetsAKeyThatNobodyReplaced() {
    test::FakeClock clock;
    TicketKeys keys(clock);
    const auto first = nameOf(keys);
    clock.advanceMs(kLifeMs + 1);
    QVERIFY(keys.find(first) != nullptr);
    clock.advanceMs(kLifeMs);
    QVERIFY(keys.find(first) == nullptr);
}

void TestTicketKeys::forgetsBothAfterALongSleep() {
    test::FakeClock clock;
    TicketKeys keys(clock);
    const auto first = nameOf(keys);
    clock.advanceMs(kLifeMs);
    const auto second = nameOf(keys);
    clock.advanceMs(20 * kLifeMs);
    QVERIFY(keys.find(first) == nullptr && keys.find(second) == nullptr);
    QVERIFY(nameOf(keys) != second);
}

void TestTicketKeys::findsNoKeyOfAnotherName() {
    test::FakeClock clock;
    TicketKeys keys(clock);
    auto name = nameOf(keys);
    name[15] = static_cast<unsigned char>(name[15] ^ 1);
    QVERIFY(keys.find(name) == nullptr);
}

QTEST_GUILESS_MAIN(TestTicketKeys)
#include "tst_ticket_keys.moc"
