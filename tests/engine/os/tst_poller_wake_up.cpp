#include "os/socket.h"
#include "poller_rows.h"

#include <QElapsedTimer>
#include <QFile>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <thread>
#include <vector>

using namespace meerkat::os;

namespace {

constexpr int kLongMs = 10000;  // never waited for: somebody wakes us

#ifdef Q_OS_WIN
constexpr bool kIsWindows = true;
#else
constexpr bool kIsWindows = false;
#endif

std::array<Readiness, 8> scratch;

// Bytes that this process has written so far by system calls, counted in calls.
[[maybe_unused]] long long writeCalls() {
    QFile file("/proc/self/io");
    if (!file.open(QIODevice::ReadOnly)) return -1;
    for (const QByteArray &line : file.readAll().split('\n'))
        if (line.startsWith("syscw:")) return line.mid(6).trimmed().toLongLong();
    return -1;
}

}  // namespace

class TestPollerWakeUp : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { prepareSockets(); }

    void endsTheNextWait_data() { addBackendRows(); }
    void endsTheNextWait() {
        const auto poller = newPoller();
        QElapsedTimer timer;
        timer.start();
        poller->wakeUp();
        QCOMPARE(poller->wait(kLongMs, scratch), 0);
        QVERIFY(timer.elapsed() < kLongMs / 2);
    }

    void endsOneWaitOnly_data() { addBackendRows(); }
    void endsOneWaitOnly() {
        const auto poller = newPoller();
        for (int i = 0; i < 3; ++i) poller->wakeUp();
        poller->wait(kLongMs, scratch);
        QElapsedTimer timer;
        timer.start();
        poller->wait(40, scratch);
        QVERIFY(timer.elapsed() >= 39);
    }

    void endsAWaitEachOfThousandsOfTimes_data() { addBackendRows(); }
    void endsAWaitEachOfThousandsOfTimes() {
        const auto poller = newPoller();
        constexpr int kTimes = kIsWindows ? 1000 : 20000;  // a round takes milliseconds under wine
        std::atomic<int> asked{0};
        std::atomic<int> answered{0};
        std::thread other([&] {
            for (int i = 1; i <= kTimes; ++i) {
                asked.store(i, std::memory_order_relaxed);
                poller->wakeUp();
                while (answered.load() < i) std::this_thread::yield();
            }
        });
        QElapsedTimer timer;
        int slowest = 0;
        for (int seen = 0; seen < kTimes;) {
            timer.restart();
            poller->wait(kLongMs, scratch);
            slowest = std::max(slowest, static_cast<int>(timer.elapsed()));
            seen = asked.load(std::memory_order_relaxed);
            answered.store(seen);
        }
        other.join();
        QVERIFY2(slowest < kLongMs / 2, "a wake-up was lost");
    }

    void endsEachWaitWhileSeveralThreadsWakeWithoutEnd_data() { addBackendRows(); }
    void endsEachWaitWhileSeveralThreadsWakeWithoutEnd() {
        const auto poller = newPoller();
        constexpr int kWaits = kIsWindows ? 500 : 5000;
        std::atomic<bool> isEnough{false};
        std::vector<std::thread> others;
        for (int i = 0; i < 3; ++i) {
            others.emplace_back([&] {
                while (!isEnough) poller->wakeUp();
            });
        }
        // However a wake-up and the end of a wait meet, no wait may last.
        QElapsedTimer timer;
        std::int64_t slowest = 0;
        for (int i = 0; i < kWaits && slowest < kLongMs / 2; ++i) {
            timer.restart();
            poller->wait(kLongMs, scratch);
            slowest = std::max<std::int64_t>(slowest, timer.elapsed());
        }
        isEnough = true;
        for (std::thread &other : others) other.join();
        QVERIFY2(slowest < kLongMs / 2, "a wake-up was lost");
    }

    void neverBlocksWhileNobodyWaits_data() { addBackendRows(); }
    void neverBlocksWhileNobodyWaits() {
        const auto poller = newPoller();
        for (int i = 0; i < 1000000; ++i) poller->wakeUp();
        QCOMPARE(poller->wait(kLongMs, scratch), 0);
        QCOMPARE(poller->wait(0, scratch), 0);
        poller->wakeUp();
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(poller->wait(kLongMs, scratch), 0);
        QVERIFY(timer.elapsed() < kLongMs / 2);
    }

#ifdef Q_OS_LINUX
    void costsOneWriteForAStorm_data() { addBackendRows(); }
    void costsOneWriteForAStorm() {
        const auto poller = newPoller();
        const long long before = writeCalls();
        QVERIFY(before >= 0);
        for (int i = 0; i < 1000; ++i) poller->wakeUp();
        QCOMPARE(writeCalls() - before, 1LL);
    }
#endif

#ifdef Q_OS_UNIX
    void isCalledFromASignalHandler_data() { addBackendRows(); }
    void isCalledFromASignalHandler() {
        static Poller *woken = nullptr;
        const auto poller = newPoller();
        woken = poller.get();
        std::signal(SIGUSR1, [](int) { woken->wakeUp(); });
        errno = 77;
        std::raise(SIGUSR1);
        QCOMPARE(errno, 77);
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(poller->wait(kLongMs, scratch), 0);
        QVERIFY(timer.elapsed() < kLongMs / 2);
        std::signal(SIGUSR1, SIG_DFL);
    }

    void endsAWaitWhenASignalComes_data() { addBackendRows(); }
    void endsAWaitWhenASignalComes() {
        static volatile std::sig_atomic_t came = 0;
        came = 0;
        const auto poller = newPoller();
        std::signal(SIGUSR1, [](int) { came = 1; });
        const pthread_t waiting = pthread_self();
        std::atomic<bool> isDone{false};
        // Sent until one falls into the wait.
        std::thread other([&] {
            while (!isDone) {
                pthread_kill(waiting, SIGUSR1);
                std::this_thread::yield();
            }
        });
        QElapsedTimer timer;
        timer.start();
        const int count = poller->wait(kLongMs, scratch);
        isDone = true;
        other.join();
        std::signal(SIGUSR1, SIG_DFL);
        QCOMPARE(count, 0);
        QCOMPARE(int(came), 1);
        QVERIFY(timer.elapsed() < kLongMs / 2);
    }
#endif
};

QTEST_GUILESS_MAIN(TestPollerWakeUp)
#include "tst_poller_wake_up.moc"
