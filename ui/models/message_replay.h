// Station: messages of the log -> sent again in the order and the time they had. From the WebSocket page, to engine_client.
#pragma once

#include "app/websocket_messages.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <vector>

namespace meerkat::ui {

class MessageReplay : public QObject {
    Q_OBJECT
  public:
    explicit MessageReplay(QObject *parent = nullptr);

    // Text, binary and ping frames; what else is among them, and what was cut, is left out. `speed` 1: as it was; 0: without waiting.
    void start(std::vector<app::MessageRecord> messages, double speed);
    void stop();
    bool isRunning() const { return m_next < m_messages.size(); }
    int total() const { return static_cast<int>(m_messages.size()); }
    int done() const { return static_cast<int>(m_next); }

  signals:
    void due(const meerkat::app::MessageRecord &message);
    void changed();  // isRunning or done

  private:
    void sendDue();

    std::vector<app::MessageRecord> m_messages;
    std::size_t m_next = 0;
    double m_speed = 1;
    QElapsedTimer m_clock;
    QTimer m_timer;
};

}  // namespace meerkat::ui
