// Station: tests of net/dialer, with real sockets of the loopback, a clock that stands still and a look-up that says what a test wants.
#include "net/dialer.h"

#include "engine/os/loopback_pair.h"
#include "support/black_hole.h"
#include "support/fake_clock.h"

#include <QTest>

#include <cerrno>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

using namespace meerkat;

namespace {

class Caller final : public net::DialOwner {
  public:
    void onDialled(std::uint64_t id, const net::DialOutcome &outcome) override {
        ++calls;
        outcomes[id] = outcome;
        sockets.emplace_back(outcome.socket);
        if (then) then(id);
    }
    std::map<std::uint64_t, net::DialOutcome> outcomes;
    std::vector<os::OwnedSocket> sockets;
    int calls = 0;
    std::function<void(std::uint64_t)> then;
};

// A port of the loopback at which nobody listens.
std::uint16_t deafPort() {
    const os::OwnedSocket listener = os::newListener();
    return os::localEndpoint(listener).port;
}

std::vector<os::Endpoint> addressesOf(const std::vector<const char *> &texts) {
    std::vector<os::Endpoint> addresses;
    for (const char *text : texts) addresses.push_back(os::loopback(0, text));
    return addresses;
}

bool hasIpv6() { return os::newListener("::1") != os::kNoSocket; }

}  // namespace

class TestDialer : public QObject {
    Q_OBJECT

  private slots:
    void init() {
        m_loop = std::move(*net::EventLoop::create(m_clock));
        m_caller = {};
        m_names.clear();
        m_lookUps = 0;
        m_dialer = std::make_unique<net::Dialer>(*m_loop, m_clock, [this](const std::string &name) { return lookUp(name); });
    }
    void cleanup() {
        m_dialer.reset();
        m_loop.reset();
    }

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
    void saysWhyItFailed_data();
    void saysWhyItFailed();
    void saysThatTheHostRefuses();
    void prefersARefusalToNoWay();
    void givesUpAtTheTimeLimit();
    void givesUpOnANameAtTheTimeLimit();
    void countsTheTimeFromDialNotFromTheLoopsLatestPass();
    void triesNoMoreThanTwentyAddresses();
    void neverTellsFromWithinDial();
    void staysSilentWhenCancelled_data();
    void staysSilentWhenCancelled();
    void takesAnUnknownCancel();
    void letsItsOwnerDialAgainWhenToldOfAFailure();
    void letsItsOwnerCancelAnotherOfTheSamePass();
    void endsWithDialsUnderWay();

  private:
    Result<std::vector<os::Endpoint>> lookUp(const std::string &name) {
        ++m_lookUps;
        const auto found = m_names.find(name);
        if (found == m_names.end()) return Failure{"no such name", ENOENT};
        return addressesOf(found->second);
    }
    // A pass without a wait of ours, and what time brings.
    void pass(int ms = 0) {
        m_loop->runOnce(ms);
        m_dialer->advance();
        m_loop->finishPass();
    }
    bool passUntil(const std::function<bool()> &condition) {
        for (int turns = 0; turns < 1000 && !condition(); ++turns) pass(10);
        return condition();
    }
    bool passUntilTold(std::uint64_t id) {
        return passUntil([&] { return m_caller.outcomes.contains(id); });
    }

    test::FakeClock m_clock;
    std::unique_ptr<net::EventLoop> m_loop;
    Caller m_caller;
    std::map<std::string, std::vector<const char *>> m_names;
    std::atomic<int> m_lookUps{0};
    std::unique_ptr<net::Dialer> m_dialer;
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
    const test::BlackHole hole("127.0.0.2");
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
    test::BlackHole first("127.0.0.2");
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
    const test::BlackHole hole("127.0.0.2");
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
    const test::BlackHole hole;
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

void TestDialer::saysWhyItFailed_data() {
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<int>("port");
    QTest::addColumn<int>("error");
    QTest::newRow("no such name") << QByteArray("nowhere") << 80 << ENOENT;
    QTest::newRow("an empty name") << QByteArray() << 80 << ENOENT;
    QTest::newRow("a name with a line break") << QByteArray("a\r\nb") << 80 << ENOENT;
    QTest::newRow("a name without an address") << QByteArray("empty") << 80 << ENOENT;
    QTest::newRow("port 0") << QByteArray("127.0.0.1") << 0 << EINVAL;
}

void TestDialer::saysWhyItFailed() {
    QFETCH(QByteArray, host);
    QFETCH(int, port);
    QFETCH(int, error);
    m_names["empty"] = {};
    const std::uint64_t id = m_dialer->dial(host.toStdString(), static_cast<std::uint16_t>(port), m_caller);
    QVERIFY(passUntilTold(id));
    QCOMPARE(m_caller.outcomes[id].error, error);
    QCOMPARE(m_caller.outcomes[id].socket, os::kNoSocket);
}

void TestDialer::saysThatTheHostRefuses() {
    m_names["both"] = {"::1", "127.0.0.1"};
    for (const char *host : {"127.0.0.1", "both"}) {
        const std::uint64_t id = m_dialer->dial(host, deafPort(), m_caller);
        QVERIFY(passUntilTold(id));
        QCOMPARE(m_caller.outcomes[id].error, ECONNREFUSED);
    }
}

// TCP has no way to a broadcast address.
void TestDialer::prefersARefusalToNoWay() {
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

void TestDialer::givesUpAtTheTimeLimit() {
    const test::BlackHole hole;
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

void TestDialer::givesUpOnANameAtTheTimeLimit() {
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

void TestDialer::countsTheTimeFromDialNotFromTheLoopsLatestPass() {
    const test::BlackHole hole;
    if (!hole.isMade()) QSKIP("no black hole on this system");
    pass();
    m_clock.advanceMs(10 * net::Dialer::kTimeLimitMs);
    m_dialer->dial("127.0.0.1", hole.port(), m_caller);
    QCOMPARE(m_dialer->untilDueMs(), net::Dialer::kTimeLimitMs);
    pass();
    QCOMPARE(m_caller.calls, 0);
}

void TestDialer::triesNoMoreThanTwentyAddresses() {
    const test::BlackHole hole;
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

void TestDialer::neverTellsFromWithinDial() {
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

void TestDialer::staysSilentWhenCancelled_data() {
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<int>("passes");
    QTest::newRow("right away") << QByteArray("127.0.0.1") << 0;
    QTest::newRow("with the name being looked up") << QByteArray("here") << 0;
    QTest::newRow("after a pass") << QByteArray("hole") << 3;
    QTest::newRow("having failed in dial") << QByteArray() << 0;
}

void TestDialer::staysSilentWhenCancelled() {
    QFETCH(QByteArray, host);
    QFETCH(int, passes);
    const test::BlackHole hole;
    m_names["here"] = m_names["hole"] = {"127.0.0.1"};
    const std::uint64_t id = m_dialer->dial(host.toStdString(), hole.port(), m_caller);
    for (int i = 0; i < passes; ++i) pass(5);
    m_dialer->cancel(id);
    QCOMPARE(m_dialer->underway(), 0U);
    m_clock.advanceMs(net::Dialer::kTimeLimitMs);
    for (int i = 0; i < 5; ++i) pass(5);
    QCOMPARE(m_caller.calls, 0);
}

void TestDialer::takesAnUnknownCancel() {
    m_dialer->cancel(0);
    m_dialer->cancel(77);
    const std::uint64_t id = m_dialer->dial("127.0.0.1", 0, m_caller);
    QVERIFY(passUntilTold(id));
    m_dialer->cancel(id);
    QCOMPARE(m_caller.calls, 1);
}

// For ever in vain, but never in one call.
void TestDialer::letsItsOwnerDialAgainWhenToldOfAFailure() {
    m_caller.then = [this](std::uint64_t) { m_dialer->dial("127.0.0.1", 0, m_caller); };
    m_dialer->dial("127.0.0.1", 0, m_caller);
    for (int turn = 1; turn <= 3; ++turn) {
        pass();
        QCOMPARE(m_caller.calls, turn);
        QCOMPARE(m_dialer->untilDueMs(), 0);
    }
}

void TestDialer::letsItsOwnerCancelAnotherOfTheSamePass() {
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

void TestDialer::endsWithDialsUnderWay() {
    const test::BlackHole hole;
    m_names["here"] = {"127.0.0.1"};
    for (int i = 0; i < 5; ++i) m_dialer->dial(i % 2 ? "here" : "127.0.0.1", hole.port(), m_caller);
    pass();
    m_dialer.reset();
    m_loop->runOnce(5);
    m_loop->finishPass();
    QCOMPARE(m_caller.calls, 0);
}

QTEST_GUILESS_MAIN(TestDialer)
#include "tst_dialer.moc"
