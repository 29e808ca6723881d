// What only POSIX systems have: descriptors that run out, flags that children see, SIGPIPE.
#include "loopback_pair.h"

#include <QFile>

#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace meerkat;
using namespace meerkat::os;

namespace {

// Lets the process open no descriptor beyond those it has, until the end of the scope.
class NoMoreDescriptors {
  public:
    NoMoreDescriptors() {
        getrlimit(RLIMIT_NOFILE, &m_before);
        const int next = fcntl(0, F_DUPFD, 0);
        close(next);
        rlimit none = m_before;
        none.rlim_cur = static_cast<rlim_t>(next);
        setrlimit(RLIMIT_NOFILE, &none);
    }
    ~NoMoreDescriptors() { setrlimit(RLIMIT_NOFILE, &m_before); }

  private:
    rlimit m_before{};
};

int flagsOf(SocketHandle socket, int command) { return fcntl(static_cast<int>(socket), command); }

}  // namespace

class TestSocketPosix : public QObject {
    Q_OBJECT
  private slots:
    void ignoresSigpipeOncePrepared() {
        std::signal(SIGPIPE, SIG_DFL);
        prepareSockets();
        QVERIFY(std::signal(SIGPIPE, SIG_IGN) == SIG_IGN);
    }

    void neverRaisesSigpipeByItsOwnSends() {
        static volatile std::sig_atomic_t raised = 0;
        std::signal(SIGPIPE, [](int) { raised = 1; });
        LoopbackPair pair = newPair();
        resetSocket(pair.client.release());
        QVERIFY(waitFor(pair.server, POLLIN));
        const IoSlice slices[] = {{"a", 1}, {"b", 1}};
        for (int i = 0; i < 3; ++i) {
            sendBytes(pair.server, "x", false);
            sendSlices(pair.server, slices, true);
        }
        QCOMPARE(int(raised), 0);
        prepareSockets();
    }

    void keepsItsSocketsFromChildren() {
        const OwnedSocket listener = newListener();
        const OwnedSocket client = connectTo(localEndpoint(listener));
        const OwnedSocket server = acceptWhenReady(listener);
        for (const SocketHandle socket : {SocketHandle(listener), SocketHandle(server)}) {
            QVERIFY(flagsOf(socket, F_GETFD) & FD_CLOEXEC);
            QVERIFY(flagsOf(socket, F_GETFL) & O_NONBLOCK);
        }
    }

    void saysThatDescriptorsRanOutAndGoesOnLater() {
        const OwnedSocket listener = newListener();
        const OwnedSocket client = connectTo(localEndpoint(listener));
        QVERIFY(waitFor(listener, POLLIN));
        {
            const NoMoreDescriptors none;
            QVERIFY(acceptOne(listener).state == AcceptState::DescriptorLimit);
            QVERIFY(!listenOn(loopback(), false));
        }
        const AcceptOutcome outcome = acceptOne(listener);
        const OwnedSocket server(outcome.socket);
        QVERIFY(outcome.state == AcceptState::Accepted);
    }

    void endsTheAcceptingOnABrokenListener() {
        QVERIFY(acceptOne(kNoSocket).state == AcceptState::NothingWaiting);
        const LoopbackPair pair = newPair();
        QVERIFY(acceptOne(pair.server).state == AcceptState::NothingWaiting);
    }

    void raisesTheDescriptorLimit() {
        rlimit before{};
        getrlimit(RLIMIT_NOFILE, &before);
        rlimit lowered = before;
        lowered.rlim_cur = before.rlim_max / 2;
        QCOMPARE(setrlimit(RLIMIT_NOFILE, &lowered), 0);
        const std::size_t inForce = raiseDescriptorLimit();
        rlimit now{};
        getrlimit(RLIMIT_NOFILE, &now);
        setrlimit(RLIMIT_NOFILE, &before);
        QCOMPARE(now.rlim_cur, before.rlim_max);
        QCOMPARE(inForce, static_cast<std::size_t>(now.rlim_cur));
    }

    void tellsAPortThatWeMayNotHave() {
        QFile firstFree("/proc/sys/net/ipv4/ip_unprivileged_port_start");
        const int first = firstFree.open(QIODevice::ReadOnly) ? firstFree.readAll().trimmed().toInt() : 1024;
        const uid_t before = geteuid();
        if (before == 0) QCOMPARE(seteuid(65534), 0);
        const auto listener = listenOn(loopback(1), false);
        if (before == 0) QCOMPARE(seteuid(before), 0);
        if (listener) closeSocket(*listener);
        QCOMPARE(static_cast<bool>(listener), first <= 1);
        if (!listener) QVERIFY(isAddressForbidden(listener.failure().code) && !isAddressInUse(listener.failure().code));
    }

#ifdef MSG_MORE
    void holdsBytesBackWhileMoreFollow() {
        const LoopbackPair pair = newPair();
        const IoSlice head[] = {{"he", 2}, {"ad ", 3}};
        QCOMPARE(sendSlices(pair.server, head, true).bytes, std::size_t(5));
        QCOMPARE(sendBytes(pair.server, "and ", true).bytes, std::size_t(4));
        QCOMPARE(sendBytes(pair.server, "body", false).bytes, std::size_t(4));
        QVERIFY(waitFor(pair.client, POLLIN));
        char bytes[64];
        QCOMPARE(receive(pair.client, bytes).bytes, std::size_t(13));
    }
#endif
};

QTEST_GUILESS_MAIN(TestSocketPosix)
#include "tst_socket_posix.moc"
