// Station: tests of net/event_loop.
#include "net/event_loop.h"

#include "engine/os/loopback_pair.h"
#include "support/fake_clock.h"

#include <QTest>

#include <functional>
#include <thread>

using namespace meerkat;

namespace {

class Recorder final : public net::Pollable {
  public:
    void onReady(std::uint8_t events) override {
        ++calls;
        latest = events;
        if (then) then();
    }
    int calls = 0;
    std::uint8_t latest = 0;
    std::function<void()> then;
};

class Mourner final : public net::Disposable {
  public:
    explicit Mourner(std::function<void()> atEnd) : m_atEnd(std::move(atEnd)) {}
    ~Mourner() override { m_atEnd(); }

  private:
    std::function<void()> m_atEnd;
};

}  // namespace

class TestEventLoop : public QObject {
    Q_OBJECT

  private slots:
    void init() { m_loop = std::move(*net::EventLoop::create(m_clock)); }
    void callsTheOwnerOfAReadableSocket();
    void callsNobodyWhoAskedForNothing();
    void toleratesASocketForgottenByAnotherOfItsPass();
    void readsTheTimeOnceAPass();
    void countsItsPasses();
    void destroysWhatWasDisposedOnlyWhenThePassIsFinished();
    void destroysWhatADestructorDisposes();
    void endsItsWaitWhenWoken();

  private:
    test::FakeClock m_clock;
    std::unique_ptr<net::EventLoop> m_loop;
};

void TestEventLoop::callsTheOwnerOfAReadableSocket() {
    const auto pair = os::newPair();
    Recorder recorder;
    QVERIFY(m_loop->watch(pair.server, os::kReadable, recorder));
    m_loop->runOnce(0);
    QCOMPARE(recorder.calls, 0);
    os::sendBytes(pair.client, "x", false);
    m_loop->runOnce(5000);
    QCOMPARE(recorder.calls, 1);
    QCOMPARE(recorder.latest, std::uint8_t{os::kReadable});
    QVERIFY(m_loop->change(pair.server, os::kReadable | os::kWritable, recorder));
    m_loop->runOnce(5000);
    QCOMPARE(recorder.latest, std::uint8_t{os::kReadable | os::kWritable});
    m_loop->forget(pair.server);
    m_loop->runOnce(0);
    QCOMPARE(recorder.calls, 2);
}

void TestEventLoop::callsNobodyWhoAskedForNothing() {
    const auto pair = os::newPair();
    Recorder recorder;
    QVERIFY(m_loop->watch(pair.server, os::kNothing, recorder));
    os::sendBytes(pair.client, "x", false);
    QVERIFY(os::waitFor(pair.server, POLLIN));
    m_loop->runOnce(0);
    QCOMPARE(recorder.calls, 0);
    m_loop->forget(pair.server);
}

void TestEventLoop::toleratesASocketForgottenByAnotherOfItsPass() {
    const auto one = os::newPair(), two = os::newPair();
    Recorder first, second;
    const auto forgetBoth = [&] {
        m_loop->forget(one.server);
        m_loop->forget(two.server);
    };
    first.then = second.then = forgetBoth;
    QVERIFY(m_loop->watch(one.server, os::kWritable, first));
    QVERIFY(m_loop->watch(two.server, os::kWritable, second));
    m_loop->runOnce(5000);
    m_loop->runOnce(0);
    // Once more in the same pass is allowed, later is not.
    QVERIFY(first.calls + second.calls >= 1 && first.calls <= 1 && second.calls <= 1);
}

void TestEventLoop::readsTheTimeOnceAPass() {
    m_clock.advanceMs(1500);
    QCOMPARE(m_loop->nowMs(), 0);
    m_loop->runOnce(0);
    QCOMPARE(m_loop->nowMs(), 1500);
    QCOMPARE(m_loop->nowUs(), 1'500'000);
    QCOMPARE(m_loop->wallSeconds(), m_clock.wallSeconds());
}

void TestEventLoop::countsItsPasses() {
    const auto before = m_loop->pass();
    m_loop->runOnce(0);
    m_loop->runOnce(0);
    QCOMPARE(m_loop->pass(), before + 2);
}

void TestEventLoop::destroysWhatWasDisposedOnlyWhenThePassIsFinished() {
    int gone = 0;
    m_loop->dispose(std::make_unique<Mourner>([&] { ++gone; }));
    m_loop->runOnce(0);
    QCOMPARE(gone, 0);
    m_loop->finishPass();
    QCOMPARE(gone, 1);
    m_loop->finishPass();
    QCOMPARE(gone, 1);
}

void TestEventLoop::destroysWhatADestructorDisposes() {
    int gone = 0;
    m_loop->dispose(std::make_unique<Mourner>([&] { m_loop->dispose(std::make_unique<Mourner>([&] { ++gone; })); }));
    m_loop->finishPass();
    QCOMPARE(gone, 1);
}

void TestEventLoop::endsItsWaitWhenWoken() {
    std::thread waker([this] { m_loop->wakeUp(); });
    m_loop->runOnce(-1);
    waker.join();
    QCOMPARE(m_loop->pass(), std::uint64_t{2});
}

QTEST_GUILESS_MAIN(TestEventLoop)
#include "tst_event_loop.moc"
