// The way between the threads: order, bounds, what is dropped and what never is. Worth running under the thread sanitizer.
#include "app/message_queue.h"

#include <QtTest>

#include <thread>

using namespace meerkat::app;

namespace {

RequestRecord recordNumber(std::uint64_t number) {
    RequestRecord record;
    record.connectionId = number;
    record.target = "/a/target/long/enough/to/live/on/the/heap/" + std::to_string(number);
    return record;
}

Snapshot snapshotAt(std::int64_t time, std::size_t rows) {
    Snapshot snapshot;
    snapshot.takenMs = time;
    snapshot.connections.resize(rows);
    return snapshot;
}

template <class T>
T takenAs(MessageQueue &queue) {
    Event event;
    if (!queue.takeEvent(event) || !std::holds_alternative<T>(event)) return T{};
    return *std::get_if<T>(&event);
}

}  // namespace

class TestMessageQueue : public QObject {
    Q_OBJECT

  private slots:
    void handsOverInOrder();
    void holdsExactlyItsBound();
    void leavesAValueAloneWhenThereIsNoRoom();
    void keepsCommandsThatFindNoRoom();
    void tellsWhenWaitingCommandsWereSent();
    void dropsAndCountsRecordsThatFindNoRoom();
    void keepsRoomForStateBesideRecords();
    void keepsStateThatFindsNoRoom();
    void keepsStateBeforeLaterRecords();
    void joinsFolderNewsThatNobodyHeard();
    void replacesASnapshotThatNobodyTook();
    void tellsDroppedRecordsInTheSnapshot();
    void givesStateBeforeTheSnapshot();
    void survivesAHammeringProducer();
    void losesNoCommandUnderHammering();
};

void TestMessageQueue::handsOverInOrder() {
    MessageQueue queue;
    queue.tellState(Started{8080, "127.0.0.1"});
    queue.tellRecord(recordNumber(1));
    queue.tellState(Stopped{});
    QCOMPARE(takenAs<Started>(queue).port, 8080);
    QCOMPARE(takenAs<RequestRecord>(queue).connectionId, 1u);
    Event event;
    QVERIFY(queue.takeEvent(event));
    QVERIFY(std::holds_alternative<Stopped>(event));
    QVERIFY(!queue.takeEvent(event));
}

void TestMessageQueue::holdsExactlyItsBound() {
    for (const std::size_t bound : {1u, 2u, 3u, 64u, 1000u, 1056u}) {
        BoundedRing<int> ring(bound);
        int pushed = 0;
        for (int value = 0; ring.push(value); ++value) ++pushed;
        QCOMPARE(static_cast<std::size_t>(pushed), bound);
        int value = 0;
        QVERIFY(ring.pop(value));
        QCOMPARE(ring.room(), 1u);
        QVERIFY(ring.push(value));
        QVERIFY(!ring.push(value));
    }
}

void TestMessageQueue::leavesAValueAloneWhenThereIsNoRoom() {
    BoundedRing<std::string> ring(1);
    std::string first = "first", second = "second";
    QVERIFY(ring.push(first));
    QVERIFY(!ring.push(second));
    QCOMPARE(second, std::string("second"));
}

void TestMessageQueue::keepsCommandsThatFindNoRoom() {
    MessageQueue queue;
    const int many = 3 * static_cast<int>(MessageQueue::kCommandRoom);
    for (int i = 0; i < many; ++i) queue.post(CloseConnection{static_cast<std::uint64_t>(i)});
    Command command;
    int taken = 0;
    while (taken < many) {
        queue.sendWaitingCommands();
        QVERIFY(queue.takeCommand(command));
        QCOMPARE(std::get_if<CloseConnection>(&command)->id, static_cast<std::uint64_t>(taken));
        ++taken;
    }
    QVERIFY(!queue.takeCommand(command));
}

void TestMessageQueue::tellsWhenWaitingCommandsWereSent() {
    MessageQueue queue;
    for (std::size_t i = 0; i <= MessageQueue::kCommandRoom; ++i) queue.post(CloseConnection{i});
    QVERIFY(!queue.sendWaitingCommands());
    Command command;
    while (queue.takeCommand(command)) {
    }
    QCOMPARE(std::get_if<CloseConnection>(&command)->id, MessageQueue::kCommandRoom - 1);
    QVERIFY(queue.sendWaitingCommands());
    QVERIFY(!queue.sendWaitingCommands());
    QVERIFY(queue.takeCommand(command));
    QCOMPARE(std::get_if<CloseConnection>(&command)->id, MessageQueue::kCommandRoom);
}

void TestMessageQueue::dropsAndCountsRecordsThatFindNoRoom() {
    MessageQueue queue;
    for (std::size_t i = 0; i < MessageQueue::kRecordRoom + 5; ++i) queue.tellRecord(recordNumber(i));
    QCOMPARE(queue.droppedRecords(), 5u);
    for (std::size_t i = 0; i < MessageQueue::kRecordRoom; ++i) QCOMPARE(takenAs<RequestRecord>(queue).connectionId, i);
    Event event;
    QVERIFY(!queue.takeEvent(event));
}

void TestMessageQueue::keepsRoomForStateBesideRecords() {
    MessageQueue queue;
    while (queue.admitsRecord()) queue.tellRecord(recordNumber(1));
    for (std::size_t i = 0; i < MessageQueue::kStateRoom; ++i) queue.tellState(Started{static_cast<std::uint16_t>(i), ""});
    QVERIFY(!queue.hasWaitingEvents());
    queue.tellState(Stopped{});
    QVERIFY(queue.hasWaitingEvents());
}

void TestMessageQueue::keepsStateThatFindsNoRoom() {
    MessageQueue queue;
    const int many = 3 * static_cast<int>(MessageQueue::kRecordRoom);
    for (int i = 0; i < many; ++i) queue.tellState(Started{static_cast<std::uint16_t>(i), ""});
    for (int i = 0; i < many; ++i) {
        QCOMPARE(takenAs<Started>(queue).port, static_cast<std::uint16_t>(i));
        queue.hasWaitingEvents();
    }
    QVERIFY(!queue.hasWaitingEvents());
}

void TestMessageQueue::keepsStateBeforeLaterRecords() {
    MessageQueue queue;
    while (!queue.hasWaitingEvents()) queue.tellState(Started{1, ""});
    QVERIFY(!queue.admitsRecord());
    Event event;
    QVERIFY(queue.takeEvent(event));
    QVERIFY(!queue.hasWaitingEvents());
    while (queue.takeEvent(event)) QVERIFY(std::holds_alternative<Started>(event));
    QVERIFY(queue.admitsRecord());
}

void TestMessageQueue::joinsFolderNewsThatNobodyHeard() {
    MessageQueue queue;
    while (!queue.hasWaitingEvents()) queue.tellState(Started{1, ""});
    for (const bool isGone : {true, false, true})
        queue.tellState(FolderReachable{isGone ? std::optional(TroubleKind::FolderMissing) : std::nullopt});
    Event event;
    int folderNews = 0;
    while (queue.takeEvent(event)) {
        if (const auto *folder = std::get_if<FolderReachable>(&event)) {
            ++folderNews;
            QVERIFY(folder->trouble.has_value());
        }
        queue.hasWaitingEvents();
    }
    QCOMPARE(folderNews, 1);
}

void TestMessageQueue::replacesASnapshotThatNobodyTook() {
    MessageQueue queue;
    for (std::int64_t time = 1; time <= 5; ++time) queue.tellSnapshot(snapshotAt(time, 100));
    QCOMPARE(takenAs<Snapshot>(queue).takenMs, 5);
    Event event;
    QVERIFY(!queue.takeEvent(event));
}

void TestMessageQueue::tellsDroppedRecordsInTheSnapshot() {
    MessageQueue queue;
    while (queue.admitsRecord()) queue.tellRecord(recordNumber(1));
    const auto dropped = queue.droppedRecords();
    queue.tellRecord(recordNumber(2));
    queue.tellSnapshot(snapshotAt(1, 0));
    Event event;
    while (queue.takeEvent(event) && !std::holds_alternative<Snapshot>(event)) {
    }
    QCOMPARE(std::get_if<Snapshot>(&event)->droppedRecords, dropped + 1);
}

void TestMessageQueue::givesStateBeforeTheSnapshot() {
    MessageQueue queue;
    queue.tellSnapshot(snapshotAt(1, 0));
    queue.tellState(Stopped{});
    Event event;
    QVERIFY(queue.takeEvent(event) && std::holds_alternative<Stopped>(event));
    QVERIFY(queue.takeEvent(event) && std::holds_alternative<Snapshot>(event));
}

// The engine's thread talks as fast as it can, the front end reads as fast as it can: every state arrives, in order; every
// record arrives or is counted; a snapshot is never older than the one before.
void TestMessageQueue::survivesAHammeringProducer() {
    constexpr std::uint64_t kRounds = 20000;
    constexpr std::uint64_t kRecordsARound = 5;
    MessageQueue queue;
    std::uint64_t dropped = 0;
    std::thread engine([&] {
        for (std::uint64_t round = 1; round <= kRounds; ++round) {
            for (std::uint64_t i = 0; i < kRecordsARound; ++i) queue.tellRecord(recordNumber(round));
            queue.tellState(Failed{TroubleKind::Other, "", "a text that is long enough to live on the heap", 0, round % 2 == 0});
            if (round % 10 == 0) queue.tellSnapshot(snapshotAt(static_cast<std::int64_t>(round), 20));
        }
        while (queue.hasWaitingEvents()) std::this_thread::yield();
        dropped = queue.droppedRecords();
        queue.tellState(Stopped{});
    });
    std::uint64_t states = 0, records = 0, lastRecord = 0;
    std::int64_t lastSnapshot = 0;
    bool isInOrder = true, hasEnded = false;
    Event event;
    while (!hasEnded) {
        if (!queue.takeEvent(event)) {
            std::this_thread::yield();
        } else if (const auto *record = std::get_if<RequestRecord>(&event)) {
            ++records;
            isInOrder = isInOrder && record->connectionId >= lastRecord && record->connectionId == states + 1;
            lastRecord = record->connectionId;
        } else if (const auto *failed = std::get_if<Failed>(&event)) {
            ++states;
            isInOrder = isInOrder && failed->keptServing == (states % 2 == 0);
        } else if (const auto *snapshot = std::get_if<Snapshot>(&event)) {
            isInOrder = isInOrder && snapshot->takenMs > lastSnapshot;
            lastSnapshot = snapshot->takenMs;
        } else {
            hasEnded = true;
        }
    }
    engine.join();
    QVERIFY(isInOrder);
    QCOMPARE(states, kRounds);
    QCOMPARE(records + dropped, kRounds * kRecordsARound);
    QVERIFY(records > 0);
}

void TestMessageQueue::losesNoCommandUnderHammering() {
    constexpr std::uint64_t kCommands = 50000;
    MessageQueue queue;
    bool isInOrder = true;
    std::thread engine([&] {
        Command command;
        for (std::uint64_t expected = 0; expected < kCommands;) {
            if (!queue.takeCommand(command)) {
                std::this_thread::yield();
                continue;
            }
            isInOrder = isInOrder && std::get_if<CloseConnection>(&command)->id == expected++;
        }
        queue.tellState(Stopped{});
    });
    for (std::uint64_t i = 0; i < kCommands; ++i) queue.post(CloseConnection{i});
    Event event;
    while (!queue.takeEvent(event)) {
        queue.sendWaitingCommands();
        std::this_thread::yield();
    }
    engine.join();
    QVERIFY(isInOrder);
}

QTEST_GUILESS_MAIN(TestMessageQueue)
#include "tst_message_queue.moc"
