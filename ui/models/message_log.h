// Station: the WebSocket messages that are kept to be looked at, in bounded memory: the oldest go first. From engine_client or a file, to message_model.
// A message takes its payload and 48 bytes; a million short ones fit into what a person lets it have.
#pragma once

#include "app/websocket_messages.h"

#include <QObject>

#include <deque>
#include <optional>
#include <string_view>
#include <vector>

namespace meerkat::ui {

// One message of the log. Its payload is valid until the log changes.
struct Message {
    quint64 number = 0;  // counts all that the log ever had, from 0
    qint64 atMs = 0;
    quint64 connectionId = 0;
    app::MessageKind kind = app::MessageKind::Text;
    bool isOutgoing = false;
    quint16 closeCode = 0;
    quint64 payloadBytes = 0;  // of the whole; `payload` has what was kept of it
    quint64 wireBytes = 0;
    std::string_view payload;

    bool isCut() const { return payload.size() < payloadBytes; }
    app::MessageRecord record() const;
};

class MessageLog : public QObject {
    Q_OBJECT
  public:
    explicit MessageLog(QObject *parent = nullptr) : QObject(parent) {}

    // Bytes that it may take; what is over goes at once.
    void setLimit(std::size_t bytes);
    std::size_t limit() const { return m_limit; }
    std::size_t bytes() const { return m_bytes; }

    void append(const std::vector<app::MessageRecord> &records);
    void clear();

    int size() const { return static_cast<int>(m_entries.size()); }
    quint64 firstNumber() const { return m_firstNumber; }
    quint64 endNumber() const { return m_firstNumber + m_entries.size(); }
    // `place` below size().
    Message at(int place) const;
    // Nothing if it is forgotten, or not there yet.
    std::optional<Message> find(quint64 number) const;

  signals:
    void aboutToForget(int count);  // of the oldest
    void forgot();
    void aboutToAppend(int count);
    void appended();

  private:
    struct Entry {
        qint64 atMs;
        quint64 connectionId;
        quint64 payloadBytes;
        quint64 wireBytes;
        quint32 block;
        quint32 offset;
        quint32 keptBytes;
        quint16 closeCode;
        app::MessageKind kind;
        bool isOutgoing;
    };
    static_assert(sizeof(Entry) == 48);

    static std::size_t costOf(const app::MessageRecord &record) { return sizeof(Entry) + record.payload.size(); }
    void makeRoom(std::size_t bytes);
    void forget(int count);
    void add(const app::MessageRecord &record);

    std::deque<Entry> m_entries;
    // Payloads one behind the other, in blocks that go when their last message goes.
    std::deque<std::vector<char>> m_blocks;
    quint32 m_firstBlock = 0;
    quint64 m_firstNumber = 0;
    std::size_t m_bytes = 0;
    std::size_t m_limit = std::size_t{64} << 20;
};

}  // namespace meerkat::ui
