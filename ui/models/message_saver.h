// Station: what a message_model shows -> a file, in slices of a few milliseconds. From the WebSocket page.
#pragma once

#include "ui/models/message_writer.h"

#include <QPointer>
#include <QTimer>

namespace meerkat::ui {

class MessageLog;
class MessageModel;

class MessageSaver : public QObject {
    Q_OBJECT
  public:
    // The rows there are now; what their log forgets meanwhile is left out.
    MessageSaver(const MessageModel &model, const QString &path, QObject *parent = nullptr);

    void cancel();

  signals:
    void progressed(int percent);
    void ended(const QString &trouble, int saved);  // empty trouble: the file is there; saved -1: it was cancelled

  private:
    void goOn();

    QPointer<MessageLog> m_log;
    MessageWriter m_writer;
    QTimer m_timer;
    std::vector<quint64> m_numbers;
    std::size_t m_next = 0;
    int m_saved = 0;
};

}  // namespace meerkat::ui
