// Station: WebSocket messages -> a file of lines of JSON, written by a thread of its own: a slow disk holds nobody up. From message_recorder and message_saver.
// Thread: the one that made it; the file is touched by its own.
#pragma once

#include "app/websocket_messages.h"

#include <QObject>
#include <QThread>

#include <atomic>
#include <vector>

namespace meerkat::ui {

class MessageWriter : public QObject {
    Q_OBJECT
  public:
    // AsItComes: the file has what was written so far. Whole: it is there once everything is, and an older one stays until then.
    enum class Mode { AsItComes, Whole };

    MessageWriter(const QString &path, Mode mode, QObject *parent = nullptr);
    ~MessageWriter() override;  // what was not finished is dropped where Whole, and kept where AsItComes

    void write(std::vector<app::MessageRecord> batch);
    // Of what was given and is not on its way to the disk yet.
    std::size_t waitingBytes() const { return m_waiting.load(); }
    // No more comes: ended() tells how it went. `keep` false: nothing is to be left of a Whole one.
    void finish(bool keep = true);

  signals:
    void
    ended(const QString &trouble);  // a sentence; empty: everything is in the file. Also in the middle, where the disk refuses

  private:
    class File;

    const Mode m_mode;
    QThread m_thread;
    File *m_file;  // lives in m_thread
    std::atomic<std::size_t> m_waiting = 0;
    bool m_isFinished = false;
};

}  // namespace meerkat::ui
