// Station: whose messages are shown: everybody's, or those of one WebSocket. A list, or where the page is narrow a chooser. In the WebSocket page.
#pragma once

#include "ui/models/websocket_list_model.h"

#include <QWidget>

class QComboBox;
class QListView;

namespace meerkat::ui {

class WebSocketList : public QWidget {
    Q_OBJECT
  public:
    explicit WebSocketList(QWidget *parent = nullptr);

    void update(const std::vector<app::ConnectionRow> &connections);
    void clear();
    quint64 chosen() const { return m_chosen; }
    QString chosenName() const;
    // The one that is chosen is open, or where everybody is, somebody.
    bool isThere() const;
    int openCount() const { return m_model.openCount(); }
    // Takes the place of the list; its owner puts it into a layout of its own.
    QComboBox &chooser() { return *m_chooser; }

  signals:
    void chosenChanged();
    void closeWanted(quint64 id);  // 0: all

  private:
    void choose(quint64 id);
    void showMenu(const QPoint &position);

    WebSocketListModel m_model;
    QListView *m_view;
    QComboBox *m_chooser;
    quint64 m_chosen = 0;
};

}  // namespace meerkat::ui
