// Station: the WebSocket page of a folder that has no place for WebSockets yet: says what that is and makes one in a click.
#pragma once

#include <QWidget>

namespace meerkat::ui {

class WebSocketWelcome : public QWidget {
    Q_OBJECT
  public:
    explicit WebSocketWelcome(QWidget *parent = nullptr);

  signals:
    void placeWanted();  // any path, answered by hand
    void setupWanted();
};

}  // namespace meerkat::ui
