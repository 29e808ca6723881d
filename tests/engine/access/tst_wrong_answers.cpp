// Station: tests of who has to wait after how many wrong answers.
#include "access/wrong_answers.h"

#include "support/fake_clock.h"

#include <QTest>

using namespace meerkat;
using access::WrongAnswers;

namespace {

os::Endpoint at(const char *ip) { return *os::parseIp(ip); }

os::Endpoint network(unsigned number) {
    os::Endpoint peer = at("2001:db8::1");
    for (std::size_t i = 0; i < 4; ++i) peer.ip[4 + i] = static_cast<std::uint8_t>(number >> (8 * i));
    return peer;
}

}  // namespace

class TestWrongAnswers : public QObject {
    Q_OBJECT

  private slots:
    void letsTenBeTriedAtOnce();
    void thenLetsOneBeTriedEverySixSeconds();
    void forgetsAfterAMinute();
    void tellsAddressesApart_data();
    void tellsAddressesApart();
    void keepsNoMoreAddressesThanItMay();

  private:
    static void fill(WrongAnswers &answers, const os::Endpoint &peer) {
        for (int i = 0; i < WrongAnswers::kMost; ++i) answers.add(peer);
    }
    test::FakeClock m_clock;
};

void TestWrongAnswers::letsTenBeTriedAtOnce() {
    WrongAnswers answers(m_clock);
    for (int i = 0; i < 10; ++i) {
        QCOMPARE(answers.waitSeconds(at("10.0.0.1")), 0);
        answers.add(at("10.0.0.1"));
    }
    QCOMPARE(answers.waitSeconds(at("10.0.0.1")), 6);
}

void TestWrongAnswers::thenLetsOneBeTriedEverySixSeconds() {
    WrongAnswers answers(m_clock);
    fill(answers, at("10.0.0.1"));
    for (int i = 0; i < 5; ++i) {
        m_clock.advanceMs(5999);
        QCOMPARE(answers.waitSeconds(at("10.0.0.1")), 1);
        m_clock.advanceMs(1);
        QCOMPARE(answers.waitSeconds(at("10.0.0.1")), 0);
        answers.add(at("10.0.0.1"));
        QCOMPARE(answers.waitSeconds(at("10.0.0.1")), 6);
    }
}

void TestWrongAnswers::forgetsAfterAMinute() {
    WrongAnswers answers(m_clock);
    fill(answers, at("10.0.0.1"));
    m_clock.advanceMs(60'000);
    for (int i = 0; i < 9; ++i) answers.add(at("10.0.0.1"));
    QCOMPARE(answers.waitSeconds(at("10.0.0.1")), 0);
}

void TestWrongAnswers::tellsAddressesApart_data() {
    QTest::addColumn<QByteArray>("one");
    QTest::addColumn<QByteArray>("other");
    QTest::addColumn<bool>("areOne");
    QTest::newRow("IPv4") << QByteArray("10.0.0.1") << QByteArray("10.0.0.2") << false;
    QTest::newRow("IPv6 of one network") << QByteArray("2001:db8::1") << QByteArray("2001:db8::ffff:ffff:0:2") << true;
    QTest::newRow("IPv6 of two networks") << QByteArray("2001:db8:0:1::1") << QByteArray("2001:db8:0:2::1") << false;
    QTest::newRow("IPv4 and the mapped one") << QByteArray("10.0.0.1") << QByteArray("::ffff:10.0.0.1") << true;
    QTest::newRow("IPv6's loopback and IPv4") << QByteArray("::1") << QByteArray("127.0.0.1") << false;
}

void TestWrongAnswers::tellsAddressesApart() {
    QFETCH(QByteArray, one);
    QFETCH(QByteArray, other);
    WrongAnswers answers(m_clock);
    fill(answers, at(one));
    QTEST(answers.waitSeconds(at(other)) > 0, "areOne");
}

void TestWrongAnswers::keepsNoMoreAddressesThanItMay() {
    WrongAnswers answers(m_clock);
    fill(answers, at("10.0.0.1"));
    for (unsigned i = 0; i < WrongAnswers::kMostAddresses + 100; ++i) answers.add(network(i));
    QCOMPARE(answers.kept(), WrongAnswers::kMostAddresses);
    // Who guessed most is not the one that is forgotten.
    QVERIFY(answers.waitSeconds(at("10.0.0.1")) > 0);
    m_clock.advanceMs(60'001);
    answers.add(network(1'000'000));
    QCOMPARE(answers.kept(), std::size_t{1});
}

QTEST_GUILESS_MAIN(TestWrongAnswers)
#include "tst_wrong_answers.moc"
