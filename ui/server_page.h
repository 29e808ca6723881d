// Station: one served folder: its name, its switch, its trouble, and its pages, one of which is seen. Shows the engine_client it is given.
#pragma once

#include <QPointer>
#include <QVector>
#include <QWidget>

class QLabel;

namespace meerkat::app {
class EngineClient;
}

namespace meerkat::ui {

class ConnectionsPage;
class ConnectionsTable;
class ElidedLabel;
class ServerTab;
class TabRow;
class ToggleSwitch;
class TroubleBar;

class ServerPage : public QWidget {
    Q_OBJECT
  public:
    explicit ServerPage(QWidget *parent = nullptr);

    void setClient(app::EngineClient *client);  // null: the page is not shown
    ConnectionsTable &connections();
    // The page that is seen. The names are those of the pages' objects: "sharePage", "connectionsPage", …; another name changes nothing.
    ServerTab &currentTab() const;
    void showTab(const QString &name);

  signals:
    void tabChanged(const QString &name);
    void otherFolderWanted();
    void refusalTold(const QString &sentence);  // of a change, where what was served before still is; or of a wish

  private:
    void build();
    void showOnlyCurrent();
    void refresh();
    void tellRefusal();

    QPointer<app::EngineClient> m_client;
    ElidedLabel *m_name;
    ElidedLabel *m_path;
    ToggleSwitch *m_switch;
    TroubleBar *m_trouble;
    TabRow *m_row;
    ConnectionsPage *m_connections;
    QVector<ServerTab *> m_tabs;
};

}  // namespace meerkat::ui
