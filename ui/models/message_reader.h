// Station: a file of lines of JSON -> WebSocket messages, read by a thread of its own and given in batches. To a message_log.
// Thread: the one that made it.
#pragma once

#include "app/websocket_messages.h"

#include <QObject>
#include <QSemaphore>

#include <atomic>
#include <memory>
#include <vector>

class QThread;

namespace meerkat::ui {

class MessageReader : public QObject {
    Q_OBJECT
  public:
    explicit MessageReader(const QString &path, QObject *parent = nullptr);
    ~MessageReader() override;  // reads no further

  signals:
    void came(const std::vector<meerkat::app::MessageRecord> &messages, int percent);
    // `trouble`: a sentence; empty: the file was read. `skippedLines` were no messages.
    void ended(const QString &trouble, int skippedLines);

  private:
    using Batch = std::shared_ptr<std::vector<app::MessageRecord>>;

    void read(const QString &path);
    void hand(Batch batch, int percent);

    QSemaphore m_room{4};  // batches that may wait for the other thread
    std::atomic<bool> m_mustEnd = false;
    QThread *m_thread;
};

}  // namespace meerkat::ui
