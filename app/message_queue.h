// Station: the way between a front end and an engine. From engine_client to engine_thread (commands) and back (events).
// Threads: one on each side, named at each function. No mutex, nobody waits: two bounded rings, and one slot for the newest
// snapshot. What must not get lost waits on its own side until the ring has room; what is mere detail is dropped and counted.
#pragma once

#include "app/messages.h"

#include <readerwriterqueue/readerwriterqueue.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>

namespace meerkat::app {

// A ring between one producer thread and one consumer thread. The two counters make its bound exact (the queue below rounds
// up), order a push before whatever the producer reads next, and show the hand-over to the thread sanitizer, which can't see
// into the queue.
template <class T>
class BoundedRing {
  public:
    explicit BoundedRing(std::size_t capacity) : m_queue(capacity), m_capacity(capacity) {}

    // Producer: how many more can be pushed at least.
    std::size_t room() const { return m_capacity - (m_pushed.load(std::memory_order_relaxed) - m_popped.load()); }

    // Producer: moves `value` in; leaves it alone and returns false if there is no room.
    bool push(T &value) {
        if (room() == 0 || !m_queue.try_enqueue(std::move(value))) return false;
        m_pushed.fetch_add(1);
        return true;
    }

    // Consumer: moves the oldest out; false if there is none.
    bool pop(T &value) {
        if (m_popped.load(std::memory_order_relaxed) == m_pushed.load() || !m_queue.try_dequeue(value)) return false;
        m_popped.fetch_add(1);
        return true;
    }

  private:
    moodycamel::ReaderWriterQueue<T> m_queue;
    const std::size_t m_capacity;
    std::atomic<std::size_t> m_pushed = 0;
    std::atomic<std::size_t> m_popped = 0;
};

class MessageQueue {
  public:
    static constexpr std::size_t kCommandRoom = 64;
    static constexpr std::size_t kRecordRoom = 1024;
    static constexpr std::size_t kStateRoom = 32;  // kept free of records, so that state does not queue behind details
    static constexpr std::size_t kMessageRoom = 4096;
    static constexpr std::uint64_t kMessageBytes = 32 * 1024 * 1024;  // of the messages on their way

    // ---- front end ----

    // Never lost: waits here if the ring is full, until sendWaitingCommands() finds room.
    void post(Command command) {
        m_waitingCommands.push_back(std::move(command));
        flush(m_waitingCommands, m_commands);
    }

    // True if some went that had to wait: the engine may be asleep by now.
    bool sendWaitingCommands() {
        const std::size_t before = m_waitingCommands.size();
        flush(m_waitingCommands, m_commands);
        return m_waitingCommands.size() < before;
    }

    // The next event in order of happening; behind them WebSocket messages, which have an order of their own; the newest snapshot comes when there
    // is no other.
    bool takeEvent(Event &event) { return m_events.pop(event) || takeMessage(event) || takeSnapshot(event); }

    // ---- engine ----

    bool takeCommand(Command &command) { return m_commands.pop(command); }

    // Started, Failed, Stopped, OptionsChecked, FolderReachable: never lost.
    void tellState(Event event) {
        // Of two words about the folder that nobody has heard yet, only the later one is true.
        const bool isFolderNews = std::holds_alternative<FolderReachable>(event);
        if (isFolderNews && !m_waitingEvents.empty() && std::holds_alternative<FolderReachable>(m_waitingEvents.back())) {
            m_waitingEvents.pop_back();
        }
        m_waitingEvents.push_back(std::move(event));
        flush(m_waitingEvents, m_events);
    }

    // Whether a detail would find room. Says no, and counts, so that the caller need not make one in vain.
    bool admitsRecord() {
        if (m_waitingEvents.empty() && m_events.room() > kStateRoom) return true;
        ++m_droppedRecords;
        return false;
    }
    // RequestRecord, VisitorCame, WrongPassword, MessageSent.
    void tellRecord(Event event) {
        if (admitsRecord()) m_events.push(event);
    }

    // The same for a WebSocket message with a payload of so many bytes.
    bool admitsMessage(std::size_t bytes) {
        if (m_messages.room() > 0 && m_messageBytesTold - m_messageBytesTaken.load() + bytes <= kMessageBytes) return true;
        ++m_droppedMessages;
        return false;
    }
    // Once it was admitted.
    void tellMessage(MessageRecord record) {
        m_messageBytesTold += record.payload.size();
        m_messages.push(record);
    }

    // Replaces one that nobody has taken yet.
    void tellSnapshot(Snapshot snapshot) {
        snapshot.droppedRecords = m_droppedRecords;
        snapshot.droppedMessages = m_droppedMessages;
        auto fresh = std::make_unique<Snapshot>(std::move(snapshot));
        std::unique_ptr<Snapshot> stale(m_newestSnapshot.exchange(fresh.release()));
    }

    // Tries again with what waits; true if some of it still does.
    bool hasWaitingEvents() {
        flush(m_waitingEvents, m_events);
        return !m_waitingEvents.empty();
    }
    std::uint64_t droppedRecords() const { return m_droppedRecords; }
    std::uint64_t droppedMessages() const { return m_droppedMessages; }

    // ---- the owner, with both sides at rest ----

    MessageQueue() = default;
    ~MessageQueue() { std::unique_ptr<Snapshot> unread(m_newestSnapshot.load()); }
    MessageQueue(const MessageQueue &) = delete;
    MessageQueue &operator=(const MessageQueue &) = delete;

  private:
    template <class T>
    static void flush(std::deque<T> &waiting, BoundedRing<T> &ring) {
        while (!waiting.empty() && ring.push(waiting.front())) waiting.pop_front();
    }

    bool takeMessage(Event &event) {
        MessageRecord record;
        if (!m_messages.pop(record)) return false;
        m_messageBytesTaken.fetch_add(record.payload.size());
        event = std::move(record);
        return true;
    }

    bool takeSnapshot(Event &event) {
        const std::unique_ptr<Snapshot> newest(m_newestSnapshot.exchange(nullptr));
        if (newest) event = std::move(*newest);
        return newest != nullptr;
    }

    BoundedRing<Command> m_commands{kCommandRoom};
    BoundedRing<Event> m_events{kRecordRoom + kStateRoom};
    BoundedRing<MessageRecord> m_messages{kMessageRoom};
    std::atomic<Snapshot *> m_newestSnapshot = nullptr;
    std::deque<Command> m_waitingCommands;  // front end's
    std::deque<Event> m_waitingEvents;      // engine's
    std::uint64_t m_droppedRecords = 0;     // engine's
    std::uint64_t m_droppedMessages = 0;    // engine's
    std::uint64_t m_messageBytesTold = 0;   // engine's
    std::atomic<std::uint64_t> m_messageBytesTaken = 0;
};

}  // namespace meerkat::app
