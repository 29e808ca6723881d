// Station: tests of how often an address may ask, and of what is kept of addresses.
#include "access/household_counts.h"
#include "access/request_rates.h"

#include <QTest>

using namespace meerkat;
using access::RequestRates;

namespace {

os::Endpoint at(const char *ip) { return *os::parseIp(ip); }

// The first address of the /64 of that number.
os::Endpoint network(unsigned number) {
    os::Endpoint peer = at("2001:db8::1");
    for (std::size_t i = 0; i < 4; ++i) peer.ip[4 + i] = static_cast<std::uint8_t>(number >> (8 * i));
    return peer;
}

}  // namespace

class TestRequestRates : public QObject {
    Q_OBJECT

  private slots:
    void takesAsManyAsMayCome_data();
    void takesAsManyAsMayCome();
    void costsNothingToBeRefused();
    void tellsAddressesApart();
    void forgetsWithTheLimit();
    void keepsNoMoreAddressesThanItMay();
    void keepsThoseWhoAskMost();
    void countsConnections();

  private:
    static int taken(RequestRates &rates, const os::Endpoint &peer, int tries, std::int64_t nowUs) {
        int count = 0;
        for (int i = 0; i < tries; ++i) count += rates.secondsToWait(peer, nowUs) == 0;
        return count;
    }
};

void TestRequestRates::takesAsManyAsMayCome_data() {
    QTest::addColumn<int>("rate");
    for (const int rate : {1, 3, 7, 1000}) QTest::addRow("%d", rate) << rate;
}

void TestRequestRates::takesAsManyAsMayCome() {
    QFETCH(int, rate);
    RequestRates rates;
    rates.setRate(static_cast<std::uint64_t>(rate));
    QCOMPARE(taken(rates, at("10.0.0.1"), rate * 2, 1'000'000), rate);
    QCOMPARE(rates.secondsToWait(at("10.0.0.1"), 1'000'000), 1);
    int later = 0;
    for (int i = 1; i <= 4000; ++i) later += taken(rates, at("10.0.0.1"), 3, 1'000'000 + i * 1000);
    QVERIFY2(later >= 4 * rate - 1 && later <= 4 * rate + 1, qPrintable(QString::number(later)));
}

void TestRequestRates::costsNothingToBeRefused() {
    RequestRates rates;
    rates.setRate(1);
    QCOMPARE(taken(rates, at("10.0.0.1"), 100, 0), 1);
    QCOMPARE(rates.secondsToWait(at("10.0.0.1"), 999'000), 1);
    QCOMPARE(rates.secondsToWait(at("10.0.0.1"), 1'000'000), 0);
}

void TestRequestRates::tellsAddressesApart() {
    RequestRates rates;
    rates.setRate(1);
    QCOMPARE(rates.secondsToWait(at("10.0.0.1"), 0), 0);
    QCOMPARE(rates.secondsToWait(at("10.0.0.2"), 0), 0);
    QCOMPARE(rates.secondsToWait(at("2001:db8:0:1::1"), 0), 0);
    QCOMPARE(rates.secondsToWait(at("2001:db8:0:1:ffff::2"), 0), 1);
    QCOMPARE(rates.secondsToWait(at("2001:db8:0:2::1"), 0), 0);
    QCOMPARE(rates.secondsToWait(at("::ffff:10.0.0.2"), 0), 1);
}

void TestRequestRates::forgetsWithTheLimit() {
    RequestRates rates;
    QCOMPARE(rates.secondsToWait(at("10.0.0.1"), 0), 0);
    QCOMPARE(rates.kept(), std::size_t{0});
    rates.setRate(1);
    QCOMPARE(taken(rates, at("10.0.0.1"), 5, 0), 1);
    rates.setRate(0);
    QVERIFY(!rates.isLimiting());
    QCOMPARE(rates.kept(), std::size_t{0});
    QCOMPARE(taken(rates, at("10.0.0.1"), 5, 0), 5);
}

void TestRequestRates::keepsNoMoreAddressesThanItMay() {
    RequestRates rates;
    rates.setRate(2);
    for (unsigned i = 0; i < 200'000; ++i) {
        QCOMPARE(rates.secondsToWait(network(i), i), 0);
        if (i % 1000 == 0) QVERIFY(rates.kept() <= RequestRates::kMostAddresses);
    }
    QVERIFY(rates.kept() <= RequestRates::kMostAddresses);
    QVERIFY(rates.kept() > RequestRates::kMostAddresses / 2);
}

void TestRequestRates::keepsThoseWhoAskMost() {
    RequestRates rates;
    rates.setRate(10);
    const os::Endpoint hog = at("10.0.0.1");
    QCOMPARE(taken(rates, hog, 20, 0), 10);
    // All in the same moment: nobody has worked anything off.
    for (unsigned i = 0; i < 100'000; ++i) QCOMPARE(rates.secondsToWait(network(i), 0), 0);
    QCOMPARE(taken(rates, hog, 20, 0), 0);
}

void TestRequestRates::countsConnections() {
    access::HouseholdCounts counts;
    counts.add(at("10.0.0.1"));
    counts.add(at("10.0.0.1"));
    counts.add(at("2001:db8::1"));
    counts.add(at("2001:db8::2"));
    QCOMPARE(counts.of(at("10.0.0.1")), std::size_t{2});
    QCOMPARE(counts.of(at("2001:db8::3")), std::size_t{2});
    QCOMPARE(counts.of(at("10.0.0.2")), std::size_t{0});
    counts.remove(at("10.0.0.1"));
    counts.remove(at("10.0.0.1"));
    counts.remove(at("10.0.0.1"));
    QCOMPARE(counts.of(at("10.0.0.1")), std::size_t{0});
    QCOMPARE(counts.kept(), std::size_t{1});
}

QTEST_GUILESS_MAIN(TestRequestRates)
#include "tst_request_rates.moc"
