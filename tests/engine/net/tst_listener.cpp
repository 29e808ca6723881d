// Station: tests of net/listener.
#include "net/listener.h"

#include "engine/os/loopback_pair.h"
#include "support/fake_clock.h"

#include <QTest>

using namespace meerkat;

namespace {

class Doorman final : public net::ListenerOwner {
  public:
    void onAccepted(os::SocketHandle socket, const os::Endpoint &peer) override {
        sockets.emplace_back(socket);
        peers.push_back(peer);
        if (onEach) onEach();
    }
    bool freeDescriptor() override { return false; }

    std::vector<os::OwnedSocket> sockets;
    std::vector<os::Endpoint> peers;
    std::function<void()> onEach;
};

}  // namespace

class TestListener : public QObject {
    Q_OBJECT

  private slots:
    void init() {
        m_loop = std::move(*net::EventLoop::create(m_clock));
        m_listener = std::move(*net::Listener::open(*m_loop, m_doorman, *net::parseListenAddress("127.0.0.1:0")));
        m_doorman.onEach = {};
    }
    void cleanup() {
        m_listener.reset();
        m_doorman.sockets.clear();
        m_doorman.peers.clear();
    }
    void takesAllThatWaitInOnePass();
    void tellsWhoCame();
    void takesNobodyBeforeItBegins();
    void takesNoMoreOnceStoppedFromInside();
    void refusesAPortThatIsTaken();
    void doesNothingWhenResumedWithoutAPause();

  private:
    os::Endpoint address() const { return os::loopback(m_listener->port()); }

    test::FakeClock m_clock;
    Doorman m_doorman;
    std::unique_ptr<net::EventLoop> m_loop;
    std::unique_ptr<net::Listener> m_listener;
};

void TestListener::takesAllThatWaitInOnePass() {
    QVERIFY(m_listener->begin());
    std::vector<os::OwnedSocket> clients;
    for (int i = 0; i < 50; ++i) clients.push_back(os::connectTo(address()));
    m_loop->runOnce(5000);
    QCOMPARE(m_doorman.sockets.size(), std::size_t{50});
}

void TestListener::tellsWhoCame() {
    QVERIFY(m_listener->begin());
    const auto client = os::connectTo(address());
    m_loop->runOnce(5000);
    QCOMPARE(m_doorman.peers.size(), std::size_t{1});
    QCOMPARE(m_doorman.peers[0], os::localEndpoint(client));
}

void TestListener::takesNobodyBeforeItBegins() {
    const auto client = os::connectTo(address());
    m_loop->runOnce(0);
    QVERIFY(m_doorman.sockets.empty());
    QVERIFY(m_listener->begin());
    m_loop->runOnce(5000);
    QCOMPARE(m_doorman.sockets.size(), std::size_t{1});
}

void TestListener::takesNoMoreOnceStoppedFromInside() {
    QVERIFY(m_listener->begin());
    m_doorman.onEach = [this] { m_listener->stop(); };
    const auto server = address();
    const auto one = os::connectTo(server), two = os::connectTo(server);
    m_loop->runOnce(5000);
    m_loop->runOnce(0);
    QCOMPARE(m_doorman.sockets.size(), std::size_t{1});
    QCOMPARE(os::SocketHandle(os::connectTo(server)), os::kNoSocket);
}

void TestListener::refusesAPortThatIsTaken() {
    const auto taken = net::parseListenAddress("127.0.0.1:" + std::to_string(m_listener->port()));
    const auto second = net::Listener::open(*m_loop, m_doorman, *taken);
    QVERIFY(!second);
    QVERIFY(os::isAddressInUse(second.failure().code));
    QVERIFY(!second.failure().text.empty());
}

void TestListener::doesNothingWhenResumedWithoutAPause() {
    m_listener->resume();
    QVERIFY(!m_listener->isPaused());
    QVERIFY(m_listener->begin());
    const auto client = os::connectTo(address());
    m_loop->runOnce(5000);
    QCOMPARE(m_doorman.sockets.size(), std::size_t{1});
}

QTEST_GUILESS_MAIN(TestListener)
#include "tst_listener.moc"
