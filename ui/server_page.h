// Station: one served folder: its name, its switch, its trouble, who can open it, who is connected. Shows the engine_client it is given.
#pragma once

#include <QPointer>
#include <QWidget>

class QLabel;

namespace meerkat::app {
class EngineClient;
}

namespace meerkat::ui {

class ConnectionsTable;
class ElidedLabel;
class SharePanel;
class ToggleSwitch;
class TroubleBar;

class ServerPage : public QWidget {
    Q_OBJECT
  public:
    explicit ServerPage(QWidget *parent = nullptr);

    void setClient(app::EngineClient *client);  // null: the page is not shown
    ConnectionsTable &connections() { return *m_connections; }

  signals:
    void otherFolderWanted();
    void refusalTold(const QString &sentence);  // of a change, where what was served before still is; or of a wish

  private:
    void build();
    void refresh();
    void tellRefusal();

    QPointer<app::EngineClient> m_client;
    ElidedLabel *m_name;
    ElidedLabel *m_path;
    ToggleSwitch *m_switch;
    TroubleBar *m_trouble;
    SharePanel *m_share;
    ConnectionsTable *m_connections;
};

}  // namespace meerkat::ui
