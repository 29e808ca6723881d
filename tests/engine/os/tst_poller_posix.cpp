// A removed descriptor that lives on in a child of the program, as it does between fork and exec.
#include "loopback_pair.h"
#include "poller_rows.h"

#include <unistd.h>

using namespace meerkat::os;

class TestPollerPosix : public QObject {
    Q_OBJECT
  private slots:
    void neverTellsARemovedSocketThatAChildStillHolds_data() { addBackendRows(); }
    void neverTellsARemovedSocketThatAChildStillHolds() {
        const auto poller = newPoller();
        LoopbackPair old = newPair();
        int oldOwner = 0;
        QVERIFY(poller->add(old.server, kReadable, &oldOwner));
        const int heldByChild = dup(static_cast<int>(SocketHandle(old.server)));
        const SocketHandle number = old.server;
        poller->remove(old.server);
        old.server.close();
        sendBytes(old.client, "x", false);
        QVERIFY(waitFor(heldByChild, POLLIN));

        std::array<Readiness, 8> ready;
        QCOMPARE(poller->wait(0, ready), 0);

        const LoopbackPair next = newPair();
        sendBytes(next.client, "y", false);
        QVERIFY(waitFor(next.server, POLLIN));
        const int moved = dup2(static_cast<int>(SocketHandle(next.server)), static_cast<int>(number));
        QCOMPARE(SocketHandle(moved), number);
        int newOwner = 0;
        QVERIFY(poller->add(number, kReadable, &newOwner));
        QCOMPARE(poller->wait(10000, ready), 1);
        QVERIFY(ready[0].owner == &newOwner);
        poller->remove(number);
        close(moved);
        close(heldByChild);
    }
};

QTEST_GUILESS_MAIN(TestPollerPosix)
#include "tst_poller_posix.moc"
