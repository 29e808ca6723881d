// Station: tests of what the system tells of the bytes that it still holds.
#include "engine/os/loopback_pair.h"
#include "os/send_queue.h"

using namespace meerkat::os;

class TestSendQueue : public QObject {
    Q_OBJECT

  private slots:
    void countsWhatThePeerHasNotConfirmed();
    void countsNothingOfNoSocket();
};

void TestSendQueue::countsWhatThePeerHasNotConfirmed() {
    LoopbackPair pair = newPair();
    QCOMPARE(unconfirmedBytes(pair.server), 0u);
    const std::string part(1 << 20, 'x');
    std::size_t taken = 0;
    for (IoOutcome sent = sendBytes(pair.server, part, false); sent.state == IoState::Done;
         sent = sendBytes(pair.server, part, false))
        taken += sent.bytes;
    QVERIFY(taken > 0);
    const auto held = unconfirmedBytes(pair.server);
    QVERIFY(held > 0 && held < taken);  // the peer's system took some, and nobody reads
    QCOMPARE(receiveAll(pair.client, taken).size(), taken);
    QTRY_COMPARE(unconfirmedBytes(pair.server), 0u);
}

void TestSendQueue::countsNothingOfNoSocket() { QCOMPARE(unconfirmedBytes(kNoSocket), 0u); }

QTEST_GUILESS_MAIN(TestSendQueue)
#include "tst_send_queue_posix.moc"
