// Station: tests of net/dialer: the order of addresses, the race, what time brings.
#include "dialer_house.h"

#include <QTest>

using namespace meerkat;
using namespace meerkat::test;

class TestDialer : public QObject, private DialerHouse {
    Q_OBJECT

  private slots:
    void initTestCase() { os::prepareSockets(); }
    void init() { open(); }
    void cleanup() { close(); }

    void letsFamiliesTakeTurns_data();
    void letsFamiliesTakeTurns();
    void connectsToAnAddressWithoutALookUp_data();
    void connectsToAnAddressWithoutALookUp();
    void connectsToAName();
    void givesTheSocketAway();
    void tellsEachOfManyOnce();
    void goesOnAtOnceWhenTheFirstFamilyRefuses();
    void triesTheNextAfterAQuarterOfASecond();
    void keepsTheFirstWhileTheSecondIsTried();
    void closesTheOthersWhenOneWins();
    void saysWhenItIsDueNext();
    void triesNoMoreThanTwentyAddresses();
};

void TestDialer::letsFamiliesTakeTurns_data() {
    QTest::addColumn<QByteArrayList>("given");
    QTest::addColumn<QByteArrayList>("tried");
    const auto row = [](const char *name, const QByteArrayList &given, const QByteArrayList &tried) {
        QTest::newRow(name) << given << tried;
    };
    row("IPv6 put first", {"::1", "::2", "127.0.0.1", "127.0.0.2"}, {"::1", "127.0.0.1", "::2", "127.0.0.2"});
    row("IPv4 put first", {"127.0.0.1", "127.0.0.2", "::1"}, {"127.0.0.1", "::1", "127.0.0.2"});
    row("one family only", {"127.0.0.2", "127.0.0.1"}, {"127.0.0.2", "127.0.0.1"});
    row("more of the second", {"::1", "127.0.0.1", "127.0.0.2"}, {"::1", "127.0.0.1", "127.0.0.2"});
    row("one", {"::1"}, {"::1"});
    row("none", {}, {});
    row("more than the limit", {"::1", "::2", "::3", "127.0.0.1", "127.0.0.2", "127.0.0.3"},
        {"::1", "127.0.0.1", "::2", "127.0.0.2"});
}

void TestDialer::letsFamiliesTakeTurns() {
    QFETCH(QByteArrayList, given);
    QFETCH(QByteArrayList, tried);
    std::vector<os::Endpoint> addresses;
    for (const QByteArray &text : given) addresses.push_back(os::loopback(0, text.toStdString()));
    QByteArrayList result;
    for (const os::Endpoint &endpoint : net::interleaved(addresses, 4))
        result.append(QByteArray::fromStdString(ipText(endpoint)));
    QCOMPARE(result, tried);
}

void TestDialer::connectsToAnAddressWithoutALookUp_data() {
    QTest::addColumn<QByteArray>("listens");
    QTest::addColumn<QByteArray>("host");
    QTest::newRow("IPv4") << QByteArray("127.0.0.1") << QByteArray("127.0.0.1");
    QTest::newRow("IPv6") << QByteArray("::1") << QByteArray("::1");
    QTest::newRow("IPv6 in brackets") << QByteArray("::1") << QByteArray("[::1]");
}

void TestDialer::connectsToAnAddressWithoutALookUp() {
    QFETCH(QByteArray, listens);
    QFETCH(QByteArray, host);
    const os::OwnedSocket listener = os::newListener(listens.toStdString());
    if (listener == os::kNoSocket) QSKIP("this machine has no such address");
    const auto endpoint = os::localEndpoint(listener);
    const std::uint64_t id = m_dialer->dial(host.toStdString(), endpoint.port, m_caller);
    QVERIFY(id != 0);
    QVERIFY(passUntilTold(id));
    QCOMPARE(m_caller.outcomes[id].error, 0);
    QVERIFY(m_caller.outcomes[id].peer == endpoint);
    QCOMPARE(m_lookUps.load(), 0);
    QCOMPARE(m_dialer->underway(), 0U);
}

void TestDialer::connectsToAName() {
    const os::OwnedSocket listener = os::newListener();
    m_names["here"] = {"127.0.0.1"};
    const std::uint64_t id = m_dialer->dial("here", os::localEndpoint(listener).port, m_caller);
    QVERIFY(passUntilTold(id));
    QCOMPARE(m_caller.outcomes[id].error, 0);
    QVERIFY(m_caller.outcomes[id].peer == os::localEndpoint(listener));
    QCOMPARE(m_lookUps.load(), 1);
}

// Another Pollable takes the socket up in the same pass, and hears what comes.
void TestDialer::givesTheSocketAway() {
    class Reader final : public net::Pollable {
      public:
        void onReady(std::uint8_t) override { ++calls; }
        int calls = 0;
    } reader;
    const os::OwnedSocket listener = os::newListener();
    m_caller.then = [&](std::uint64_t id) { QVERIFY(m_loop->watch(m_caller.outcomes[id].socket, os::kReadable, reader)); };
    const std::uint64_t id = m_dialer->dial("127.0.0.1", os::localEndpoint(listener).port, m_caller);
    QVERIFY(passUntilTold(id));
    const os::OwnedSocket server = os::acceptWhenReady(listener);
    pass();
    QCOMPARE(reader.calls, 0);
    os::sendBytes(server, "x", false);
    QVERIFY(passUntil([&] { return reader.calls > 0; }));
    m_loop->forget(m_caller.sockets[0]);
}

void TestDialer::tellsEachOfManyOnce() {
    const os::OwnedSocket listener = os::newListener();
    const std::uint16_t port = os::localEndpoint(listener).port;
    m_names["here"] = {"127.0.0.1"};
    std::vector<std::uint64_t> ids;
    for (int i = 0; i < 100; ++i) ids.push_back(m_dialer->dial(i % 2 ? "here" : "nowhere", port, m_caller));
    QCOMPARE(m_dialer->underway(), 100U);
    QVERIFY(passUntil([&] { return m_dialer->underway() == 0; }));
    pass();
    QCOMPARE(m_caller.calls, 100);
    for (std::size_t i = 0; i < ids.size(); ++i) QCOMPARE(m_caller.outcomes.at(ids[i]).error, i % 2 ? 0 : ENOENT);
}

void TestDialer::goesOnAtOnceWhenTheFirstFamilyRefuses() {
    if (!hasIpv6()) QSKIP("this machine has no IPv6");
    const os::OwnedSocket listener = os::newListener();
    m_names["both"] = {"::1", "127.0.0.1"};
    const std::uint64_t id = m_dialer->dial("both", os::localEndpoint(listener).port, m_caller);
    // The clock stands still: nothing waited for 250 ms.
    QVERIFY(passUntilTold(id));
    QCOMPARE(m_caller.outcomes[id].error, 0);
    QVERIFY(m_caller.outcomes[id].peer.isIpv4());
}

void TestDialer::triesTheNextAfterAQuarterOfASecond() {
    const BlackHole hole("127.0.0.2");
    if (!hole.isMade()) QSKIP("no black hole on this system");
    const os::OwnedSocket listener(*os::listenOn(os::loopback(hole.port()), false));
    m_names["slow"] = {"127.0.0.2", "127.0.0.1"};
    const std::uint64_t id = m_dialer->dial("slow", hole.port(), m_caller);
    QVERIFY(passUntil([&] { return m_lookUps == 1 && m_dialer->untilDueMs() == net::Dialer::kAttemptDelayMs; }));
    m_clock.advanceMs(net::Dialer::kAttemptDelayMs - 1);
    for (int i = 0; i < 5; ++i) pass(10);
    QVERIFY(!os::waitFor(listener, POLLIN, 0));
    QCOMPARE(m_dialer->untilDueMs(), 1);
    m_clock.advanceMs(1);
    QVERIFY(passUntilTold(id));
    QCOMPARE(m_caller.outcomes[id].error, 0);
    QVERIFY(m_caller.outcomes[id].peer == os::loopback(hole.port(), "127.0.0.1"));
}

void TestDialer::keepsTheFirstWhileTheSecondIsTried() {
    BlackHole first("127.0.0.2");
    if (!first.isMade()) QSKIP("no black hole on this system");
    m_names["slow"] = {"127.0.0.2", "127.0.0.1"};
    const std::uint64_t id = m_dialer->dial("slow", first.port(), m_caller);
    QVERIFY(passUntil([&] { return m_dialer->untilDueMs() == net::Dialer::kAttemptDelayMs; }));
    m_clock.advanceMs(net::Dialer::kAttemptDelayMs);
    // The second is refused, and the first still counts.
    for (int i = 0; i < 5; ++i) pass(10);
    QCOMPARE(m_caller.calls, 0);
    QCOMPARE(m_dialer->underway(), 1U);
    QVERIFY(passUntil([&] {
        first.letIn();
        return m_caller.outcomes.contains(id);
    }));
    QCOMPARE(m_caller.outcomes[id].error, 0);
    QVERIFY(m_caller.outcomes[id].peer == first.endpoint());
}

void TestDialer::closesTheOthersWhenOneWins() {
    const BlackHole hole("127.0.0.2");
    if (!hole.isMade()) QSKIP("no black hole on this system");
    const os::OwnedSocket listener(*os::listenOn(os::loopback(hole.port()), false));
    m_names["slow"] = {"127.0.0.2", "127.0.0.1"};
    // What a descriptor's number tells: the lowest that is free is taken.
    const os::OwnedSocket before(*os::beginConnect(hole.endpoint()));
    const os::SocketHandle lowest = before;
    const std::uint64_t id = m_dialer->dial("slow", hole.port(), m_caller);
    QVERIFY(passUntil([&] { return m_dialer->untilDueMs() == net::Dialer::kAttemptDelayMs; }));
    m_clock.advanceMs(net::Dialer::kAttemptDelayMs);
    QVERIFY(passUntilTold(id));
    const os::SocketHandle won = m_caller.sockets[0];
    const os::OwnedSocket next(*os::beginConnect(hole.endpoint()));
    QVERIFY(next > lowest && next < won);
}

void TestDialer::saysWhenItIsDueNext() {
    QCOMPARE(m_dialer->untilDueMs(), -1);
    const BlackHole hole;
    if (!hole.isMade()) QSKIP("no black hole on this system");
    m_dialer->setTimeLimitMs(7000);
    const std::uint64_t id = m_dialer->dial("127.0.0.1", hole.port(), m_caller);
    QCOMPARE(m_dialer->untilDueMs(), 7000);
    m_clock.advanceMs(6999);
    QCOMPARE(m_dialer->untilDueMs(), 1);
    pass();
    QCOMPARE(m_caller.calls, 0);
    m_clock.advanceMs(5);
    QCOMPARE(m_dialer->untilDueMs(), 0);
    pass();
    QVERIFY(m_caller.outcomes.contains(id));
    QCOMPARE(m_dialer->untilDueMs(), -1);
}

void TestDialer::triesNoMoreThanTwentyAddresses() {
    const BlackHole hole;
    if (!hole.isMade()) QSKIP("no black hole on this system");
    const std::uint16_t port = hole.port();
    const os::OwnedSocket first(*os::listenOn(os::loopback(port, "127.0.1.20"), false));
    const os::OwnedSocket second(*os::listenOn(os::loopback(port, "127.0.1.21"), false));
    std::vector<std::string> texts;
    for (int i = 1; i <= 21; ++i) texts.push_back("127.0.1." + std::to_string(i));
    for (const auto &text : texts) m_names["many"].push_back(text.c_str());
    m_names["more"] = m_names["many"];
    m_names["more"].erase(m_names["more"].begin() + 19);
    m_names["more"].insert(m_names["more"].begin(), "127.0.1.1");
    // The twentieth is reached, the one behind it is not.
    const std::uint64_t reached = m_dialer->dial("many", port, m_caller);
    const std::uint64_t unreached = m_dialer->dial("more", port, m_caller);
    QVERIFY(passUntilTold(reached) && passUntilTold(unreached));
    QCOMPARE(m_caller.outcomes[reached].error, 0);
    QCOMPARE(m_caller.outcomes[unreached].error, ECONNREFUSED);
}

QTEST_GUILESS_MAIN(TestDialer)
#include "tst_dialer.moc"
