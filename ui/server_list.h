// Station: the served folders at the left: a dot, a name, an address or a reason; below, the way to one more. Selection is the window's.
#pragma once

#include <QWidget>

class QAction;
class QListView;
class QMenu;

namespace meerkat::ui {

class ActionButton;
class ServerListModel;

class ServerList : public QWidget {
    Q_OBJECT
  public:
    explicit ServerList(ServerListModel &servers, QWidget *parent = nullptr);

    int currentRow() const;  // -1: none
    void setCurrentRow(int row);
    // The menu behind the button beside "Add folder".
    void addMenuActions(const QList<QAction *> &actions);

  signals:
    void currentRowChanged(int row);
    void addWanted();
    void removeWanted(int row);

  protected:
    void paintEvent(QPaintEvent *event) override;

  private:
    void holdTogether();
    void showMenu(const QPoint &position);

    ServerListModel &m_servers;
    QListView *m_view;
    ActionButton *m_add;
    ActionButton *m_menuButton;
    QMenu *m_menu;
    QAction *m_remove;
};

}  // namespace meerkat::ui
