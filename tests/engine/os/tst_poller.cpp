#include "loopback_pair.h"
#include "poller_rows.h"

#include <QElapsedTimer>

#include <algorithm>
#include <set>

using namespace meerkat::os;

namespace {

constexpr std::uint8_t kBoth = kReadable | kWritable;
constexpr int kLongMs = 10000;  // never waited for: something is ready

// The owners that are told in one wait.
std::vector<void *> told(Poller &poller, std::size_t most, int timeoutMs = 0) {
    std::vector<Readiness> ready(most);
    const int count = poller.wait(timeoutMs, ready);
    std::vector<void *> owners;
    for (int i = 0; i < count; ++i) owners.push_back(ready[static_cast<std::size_t>(i)].owner);
    return owners;
}

// The events of `owner` in one wait of any number of others.
std::uint8_t eventsOf(Poller &poller, void *owner, int timeoutMs = 0) {
    std::vector<Readiness> ready(64);
    const int count = poller.wait(timeoutMs, ready);
    std::uint8_t events = 0;
    for (int i = 0; i < count; ++i)
        if (ready[static_cast<std::size_t>(i)].owner == owner) events |= ready[static_cast<std::size_t>(i)].events;
    return events;
}

// Connections whose server ends are readable.
std::vector<LoopbackPair> readablePairs(std::size_t count) {
    std::vector<LoopbackPair> pairs;
    for (std::size_t i = 0; i < count; ++i) {
        pairs.push_back(newPair());
        sendBytes(pairs.back().client, "x", false);
        waitFor(pairs.back().server, POLLIN);
    }
    return pairs;
}

QElapsedTimer started() {
    QElapsedTimer timer;
    timer.start();
    return timer;
}

}  // namespace

class TestPoller : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { prepareSockets(); }

    void picksTheBestBackendByItself() {
        qunsetenv("MEERKAT_POLLER");
        const auto poller = Poller::create();
        QVERIFY(static_cast<bool>(poller));
#ifdef Q_OS_LINUX
        QVERIFY((*poller)->name() == "epoll");
#else
        QVERIFY(!(*poller)->name().empty());
#endif
    }

    void tellsWhatIsReadable_data() { addBackendRows(); }
    void tellsWhatIsReadable() {
        const auto poller = newPoller();
        const LoopbackPair pair = newPair();
        int owner = 0;
        QVERIFY(poller->add(pair.server, kReadable, &owner));
        QCOMPARE(int(eventsOf(*poller, &owner)), 0);
        sendBytes(pair.client, "x", false);
        QCOMPARE(int(eventsOf(*poller, &owner, kLongMs)), int(kReadable));
    }

    void tellsAgainWhatIsStillReadable_data() { addBackendRows(); }
    void tellsAgainWhatIsStillReadable() {
        const auto poller = newPoller();
        const auto pairs = readablePairs(1);
        int owner = 0;
        QVERIFY(poller->add(pairs[0].server, kReadable, &owner));
        for (int i = 0; i < 5; ++i) QCOMPARE(int(eventsOf(*poller, &owner, kLongMs)), int(kReadable));
        receiveAll(pairs[0].server, 1);
        QCOMPARE(int(eventsOf(*poller, &owner)), 0);
    }

    void tellsAWaitingConnection_data() { addBackendRows(); }
    void tellsAWaitingConnection() {
        const auto poller = newPoller();
        const OwnedSocket listener = newListener();
        int owner = 0;
        QVERIFY(poller->add(listener, kReadable, &owner));
        QCOMPARE(int(eventsOf(*poller, &owner)), 0);
        const OwnedSocket client = connectTo(localEndpoint(listener));
        QCOMPARE(int(eventsOf(*poller, &owner, kLongMs)), int(kReadable));
    }

    void tellsOnlyWhatIsAskedFor_data() { addBackendRows(); }
    void tellsOnlyWhatIsAskedFor() {
        const auto poller = newPoller();
        const auto pairs = readablePairs(1);
        int owner = 0;
        QVERIFY(poller->add(pairs[0].server, kWritable, &owner));
        QCOMPARE(int(eventsOf(*poller, &owner, kLongMs)), int(kWritable));
        QVERIFY(poller->change(pairs[0].server, kReadable, &owner));
        QCOMPARE(int(eventsOf(*poller, &owner, kLongMs)), int(kReadable));
        QVERIFY(poller->change(pairs[0].server, kBoth, &owner));
        QCOMPARE(int(eventsOf(*poller, &owner, kLongMs)), int(kBoth));
        QVERIFY(poller->change(pairs[0].server, kNothing, &owner));
        QCOMPARE(int(eventsOf(*poller, &owner)), 0);
    }

    void tellsTheNewOwner_data() { addBackendRows(); }
    void tellsTheNewOwner() {
        const auto poller = newPoller();
        const auto pairs = readablePairs(1);
        int first = 0;
        int second = 0;
        QVERIFY(poller->add(pairs[0].server, kReadable, &first));
        QVERIFY(poller->change(pairs[0].server, kReadable, &second));
        QVERIFY(told(*poller, 8, kLongMs) == std::vector<void *>{&second});
    }

    void tellsAFullSocketOnceItHasRoom_data() { addBackendRows(); }
    void tellsAFullSocketOnceItHasRoom() {
        const auto poller = newPoller();
        const LoopbackPair pair = newPair();
        const std::string block(1 << 20, 'x');
        std::size_t sent = 0;
        for (IoOutcome outcome; (outcome = sendBytes(pair.server, block, false)).state == IoState::Done;) sent += outcome.bytes;
        int owner = 0;
        QVERIFY(poller->add(pair.server, kWritable, &owner));
        QCOMPARE(int(eventsOf(*poller, &owner)), 0);
        QCOMPARE(receiveAll(pair.client, sent).size(), sent);
        QCOMPARE(int(eventsOf(*poller, &owner, kLongMs)), int(kWritable));
    }

    void tellsAResetAsBoth_data() { addBackendRows(); }
    void tellsAResetAsBoth() {
        const auto poller = newPoller();
        LoopbackPair pair = newPair();
        int owner = 0;
        QVERIFY(poller->add(pair.server, kReadable, &owner));
        resetSocket(pair.client.release());
        QVERIFY(eventsOf(*poller, &owner, kLongMs) & kReadable);
        QVERIFY(poller->change(pair.server, kBoth, &owner));
        QCOMPARE(int(eventsOf(*poller, &owner, kLongMs)), int(kBoth));
    }

    void tellsAFinishedPeerAsReadable_data() { addBackendRows(); }
    void tellsAFinishedPeerAsReadable() {
        const auto poller = newPoller();
        const LoopbackPair pair = newPair();
        int owner = 0;
        QVERIFY(poller->add(pair.server, kReadable, &owner));
        shutdownWrite(pair.client);
        QVERIFY(eventsOf(*poller, &owner, kLongMs) & kReadable);
    }

    void keepsQuietAboutAFinishedPeerWhileNobodyReads_data() { addBackendRows(); }
    void keepsQuietAboutAFinishedPeerWhileNobodyReads() {
        const auto poller = newPoller();
        const LoopbackPair pair = newPair();
        const std::string block(1 << 20, 'x');
        while (sendBytes(pair.server, block, false).state == IoState::Done) {
        }
        int owner = 0;
        QVERIFY(poller->add(pair.server, kWritable, &owner));
        shutdownWrite(pair.client);
        // Neither told nor asked about without a pause.
        int waits = 0;
        for (QElapsedTimer timer = started(); timer.elapsed() < 100; ++waits) QVERIFY(told(*poller, 8, 100).empty());
        QVERIFY2(waits < 50, QByteArray::number(waits).constData());
        QVERIFY(poller->change(pair.server, kReadable, &owner));
        QVERIFY(eventsOf(*poller, &owner, kLongMs) & kReadable);
    }

    void refusesWhatIsNoSocket_data() { addBackendRows(); }
    void refusesWhatIsNoSocket() {
        const auto poller = newPoller();
        OwnedSocket closed = newListener();
        const SocketHandle handle = closed;
        closed.close();
        int owner = 0;
        QVERIFY(!poller->change(handle, kReadable, &owner));
        poller->remove(handle);
        QVERIFY(told(*poller, 8).empty());
    }

    void forgetsWhatIsRemoved_data() { addBackendRows(); }
    void forgetsWhatIsRemoved() {
        const auto poller = newPoller();
        auto pairs = readablePairs(3);
        int owners[3] = {};
        for (std::size_t i = 0; i < 3; ++i) QVERIFY(poller->add(pairs[i].server, kReadable, &owners[i]));
        poller->remove(pairs[1].server);
        pairs[1].server.close();
        auto remaining = told(*poller, 8, kLongMs);
        std::sort(remaining.begin(), remaining.end());
        QVERIFY((remaining == std::vector<void *>{&owners[0], &owners[2]}));
    }

    void knowsASocketThatTookTheNumberOfARemovedOne_data() { addBackendRows(); }
    void knowsASocketThatTookTheNumberOfARemovedOne() {
        const auto poller = newPoller();
        int first = 0;
        int second = 0;
        for (int round = 0; round < 100; ++round) {
            auto old = readablePairs(1);
            QVERIFY(poller->add(old[0].server, kReadable, &first));
            poller->remove(old[0].server);
            old.clear();
            auto next = readablePairs(1);
            QVERIFY(poller->add(next[0].server, kReadable, &second));
            QVERIFY(told(*poller, 8, kLongMs) == std::vector<void *>{&second});
            poller->remove(next[0].server);
        }
    }

    void tellsAllInTurnWhenMoreAreReadyThanFit_data() { addBackendRows(); }
    void tellsAllInTurnWhenMoreAreReadyThanFit() {
        const auto poller = newPoller();
        const auto pairs = readablePairs(10);
        std::vector<int> owners(pairs.size());
        for (std::size_t i = 0; i < pairs.size(); ++i) QVERIFY(poller->add(pairs[i].server, kReadable, &owners[i]));
        for (int turn = 0; turn < 4; ++turn) {
            std::set<void *> seen;
            for (int part = 0; part < 5; ++part)
                for (void *owner : told(*poller, 2, kLongMs))
                    QVERIFY2(seen.insert(owner).second, "told twice before another was told once");
            QCOMPARE(seen.size(), pairs.size());
        }
    }

    void keepsTheTurnOfWhatStillWaitsWhileOthersAreRemoved_data() { addBackendRows(); }
    void keepsTheTurnOfWhatStillWaitsWhileOthersAreRemoved() {
        const auto poller = newPoller();
        auto pairs = readablePairs(12);
        std::vector<std::size_t> owners(pairs.size());
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            owners[i] = i;
            QVERIFY(poller->add(pairs[i].server, kReadable, &owners[i]));
        }
        // Each batch of three is told, and its first removed: each still comes once before any comes again.
        std::set<void *> seen;
        for (int batch = 0; batch < 4; ++batch) {
            const auto three = told(*poller, 3, kLongMs);
            QCOMPARE(three.size(), std::size_t(3));
            for (void *owner : three) QVERIFY(seen.insert(owner).second);
            const std::size_t gone = *static_cast<std::size_t *>(three[0]);
            poller->remove(pairs[gone].server);
            pairs[gone].server.close();
        }
        QCOMPARE(seen.size(), pairs.size());
        QCOMPARE(told(*poller, 64, kLongMs).size(), std::size_t(8));
    }

    void tellsMoreThanAThousandAtOnceOrInTurn_data() { addBackendRows(); }
    void tellsMoreThanAThousandAtOnceOrInTurn() {
        const auto poller = newPoller();
        const OwnedSocket listener = newListener();
        std::vector<OwnedSocket> sockets;
        std::vector<int> owners(1500);
        for (int &owner : owners) {
            sockets.push_back(connectTo(localEndpoint(listener)));
            acceptWhenReady(listener);  // closed at once: the client's end is readable
            QVERIFY(poller->add(sockets.back(), kReadable, &owner));
        }
        std::set<void *> seen;
        while (seen.size() < owners.size()) {
            const auto owned = told(*poller, 4096, kLongMs);
            QVERIFY(!owned.empty());
            const auto before = seen.size();
            seen.insert(owned.begin(), owned.end());
            QVERIFY(seen.size() > before);
        }
        for (const OwnedSocket &socket : sockets) poller->remove(socket);
    }

    void returnsAtOnceOrAfterItsTime_data() { addBackendRows(); }
    void returnsAtOnceOrAfterItsTime() {
        const auto poller = newPoller();
        QElapsedTimer timer;
        timer.start();
        QVERIFY(told(*poller, 8, 0).empty());
        QVERIFY(timer.elapsed() < 1000);
        timer.restart();
        QVERIFY(told(*poller, 8, 40).empty());
        QVERIFY(timer.elapsed() >= 39);
    }
};

QTEST_GUILESS_MAIN(TestPoller)
#include "tst_poller.moc"
