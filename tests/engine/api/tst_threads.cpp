// Station: tests of mg_wakeup_server, the one function that other threads may call. Meant for the thread sanitizer too.
#include "support/scripted_peer.h"

#include <QElapsedTimer>
#include <QTest>

#include <atomic>
#include <thread>
#include <vector>

using namespace meerkat::test;

class TestThreads : public QObject {
    Q_OBJECT

  private slots:
    void endsAWaitFromAnotherThread();
    void takesWakeUpsOfFourThreadsWhileItServes();
    void endsTheNextWaitWhenWokenBefore();
};

void TestThreads::endsAWaitFromAnotherThread() {
    TestServer server;
    std::thread waker([&server] { mg_wakeup_server(server.get()); });
    mg_poll_server(server.get(), -1);
    waker.join();
}

void TestThreads::takesWakeUpsOfFourThreadsWhileItServes() {
    TestServer server([](mg_connection *connection, mg_event event) -> int {
        if (event == MG_REQUEST) mg_send_data(connection, "ok", 2);
        return event == MG_AUTH || event == MG_REQUEST;
    });
    std::atomic<int> wakeUps = 0;
    std::atomic<bool> isOver = false;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            while (!isOver) {
                mg_wakeup_server(server.get());
                ++wakeUps;
            }
        });
    {
        ScriptedPeer peer(server);
        for (int i = 0; i < 200; ++i)
            QCOMPARE(peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer().body, QByteArray("ok"));
        while (wakeUps < 1000) server.poll(1000);
    }
    isOver = true;
    for (auto &thread : threads) thread.join();
    QVERIFY(server.pollUntil([&] { return server.counters().connections_open == 0; }));
}

void TestThreads::endsTheNextWaitWhenWokenBefore() {
    TestServer server;
    server.poll();
    for (int i = 0; i < 10000; ++i) mg_wakeup_server(server.get());
    QElapsedTimer time;
    time.start();
    server.poll(20000);
    QVERIFY(time.elapsed() < 10000);
}

QTEST_GUILESS_MAIN(TestThreads)
#include "tst_threads.moc"
