// Station: tests of the outgoing half of os/socket, and of what each poller says of it.
#include "loopback_pair.h"
#include "poller_rows.h"
#include "support/black_hole.h"

#include <array>
#include <cerrno>

using namespace meerkat;
using namespace meerkat::os;

namespace {

// A port of the loopback at which nobody listens.
Endpoint deafEndpoint() {
    const OwnedSocket listener = newListener();
    return localEndpoint(listener);
}

// Until it is decided: Windows may not tell, and is asked.
int decidedError(SocketHandle socket) {
    int error = EINPROGRESS;
    for (int turns = 0; turns < 100 && error == EINPROGRESS; ++turns) {
        waitFor(socket, POLLOUT, 100);
        error = connectError(socket);
    }
    return error;
}

}  // namespace

class TestConnect : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { prepareSockets(); }

    void connectsWithoutBlocking_data() {
        QTest::addColumn<QByteArray>("ip");
        QTest::newRow("IPv4") << QByteArray("127.0.0.1");
        QTest::newRow("IPv6") << QByteArray("::1");
    }
    void connectsWithoutBlocking() {
        QFETCH(QByteArray, ip);
        const OwnedSocket listener = newListener(ip.toStdString());
        if (listener == kNoSocket) QSKIP("this machine has no such address");
        const auto begun = beginConnect(localEndpoint(listener));
        QVERIFY(static_cast<bool>(begun));
        const OwnedSocket client(*begun);
        QCOMPARE(decidedError(client), 0);
        const OwnedSocket server = acceptWhenReady(listener);
        QVERIFY(sendBytes(client, "hello", false).bytes == 5);
        QCOMPARE(receiveAll(server, 5), std::string("hello"));
        char byte = 0;
        QVERIFY(receive(client, {&byte, 1}).state == IoState::WouldBlock);
    }

    void connectsWithoutNaglesAlgorithm() {
        const OwnedSocket listener = newListener();
        const OwnedSocket client(*beginConnect(localEndpoint(listener)));
        int noDelay = 0;
        socklen_t bytes = sizeof noDelay;
        getsockopt(static_cast<NativeSocket>(SocketHandle(client)), IPPROTO_TCP, TCP_NODELAY, reinterpret_cast<char *>(&noDelay),
                   &bytes);
        QVERIFY(noDelay != 0);
    }

    void saysWhoRefuses() {
        const auto begun = beginConnect(deafEndpoint());
        // Some systems tell the loopback's refusal at once.
        if (!begun) {
            QCOMPARE(begun.failure().code, ECONNREFUSED);
            return;
        }
        const OwnedSocket client(*begun);
        QCOMPARE(decidedError(client), ECONNREFUSED);
    }

    void saysThatOneIsNotDecided() {
        const test::BlackHole hole;
        if (!hole.isMade()) QSKIP("a full backlog refuses here");
        const OwnedSocket client(*beginConnect(hole.endpoint()));
        QCOMPARE(connectError(client), EINPROGRESS);
        QVERIFY(!waitFor(client, POLLOUT, 50));
        QCOMPARE(connectError(client), EINPROGRESS);
    }

    void saysThatThereIsNoWay() {
        // The broadcast address: TCP has no business there.
        const auto begun = beginConnect(loopback(9, "255.255.255.255"));
        if (begun) {
            const OwnedSocket client(*begun);
            QVERIFY(decidedError(client) != 0);
        } else {
            QVERIFY(begun.failure().code != 0);
            QVERIFY(!begun.failure().text.empty());
        }
    }

    void isToldByThePollerWhenConnected_data() { addBackendRows(); }
    void isToldByThePollerWhenConnected() {
        const auto poller = newPoller();
        const OwnedSocket listener = newListener();
        const OwnedSocket client(*beginConnect(localEndpoint(listener)));
        int owner = 0;
        QVERIFY(poller->add(client, kWritable, &owner));
        std::array<Readiness, 4> ready;
        QCOMPARE(poller->wait(5000, ready), 1);
        QVERIFY(ready[0].owner == &owner && (ready[0].events & kWritable));
        QCOMPARE(connectError(client), 0);
        poller->remove(client);
    }

    void isToldByThePollerWhenRefused_data() { addBackendRows(); }
    void isToldByThePollerWhenRefused() {
        if (!pollerTellsFailedConnects()) QSKIP("this system's may keep silent");
        const auto poller = newPoller();
        const auto begun = beginConnect(deafEndpoint());
        if (!begun) QSKIP("told at once here");
        const OwnedSocket client(*begun);
        int owner = 0;
        QVERIFY(poller->add(client, kWritable, &owner));
        std::array<Readiness, 4> ready;
        QCOMPARE(poller->wait(5000, ready), 1);
        QVERIFY(ready[0].owner == &owner && (ready[0].events & kWritable));
        QCOMPARE(connectError(client), ECONNREFUSED);
        poller->remove(client);
    }

    void isNotToldByThePollerMeanwhile_data() { addBackendRows(); }
    void isNotToldByThePollerMeanwhile() {
        const test::BlackHole hole;
        if (!hole.isMade()) QSKIP("a full backlog refuses here");
        const auto poller = newPoller();
        const OwnedSocket client(*beginConnect(hole.endpoint()));
        int owner = 0;
        QVERIFY(poller->add(client, kWritable, &owner));
        std::array<Readiness, 4> ready;
        QCOMPARE(poller->wait(50, ready), 0);
        poller->remove(client);
    }
};

QTEST_GUILESS_MAIN(TestConnect)
#include "tst_connect.moc"
