// Station: the program's face in the panel: its state as an icon, its news as a tooltip, its actions as a menu. From server_list_model, to the window.
#pragma once

#include "ui/models/overview.h"

#include <QAction>
#include <QMenu>
#include <QObject>
#include <QPointer>
#include <QSystemTrayIcon>
#include <QTimer>

namespace meerkat::app {
class EngineClient;
}

namespace meerkat::ui {

class ServerListModel;

class TrayIcon : public QObject {
    Q_OBJECT
  public:
    TrayIcon(ServerListModel &servers, bool symbolic, QObject *parent = nullptr);

    static bool isAvailable() { return QSystemTrayIcon::isSystemTrayAvailable(); }
    // Whether the panel can show a message of ours.
    static bool canTell() { return QSystemTrayIcon::supportsMessages(); }
    void show();
    void tell(const QString &title, const QString &sentence);

    // The folder the menu speaks of; null: the first there is.
    void setClient(app::EngineClient *client);
    // While the window is hidden nobody asks the engines for numbers; the tray then looks now and then.
    void setWindowHidden(bool hidden);

    const QMenu &menu() const { return m_menu; }
    QString toolTip() const { return m_icon.toolTip(); }

  signals:
    void windowWanted();
    void quitWanted();

  private:
    void buildMenu();
    void refresh();
    void refreshMenu();
    void glance();
    void endGlance();
    QString firstAddress() const;
    app::EngineClient *client() const;

    ServerListModel &m_servers;
    const bool m_isSymbolic;
    QSystemTrayIcon m_icon;
    QMenu m_menu;
    QAction *m_address = nullptr;
    QAction *m_open = nullptr;
    QAction *m_toggle = nullptr;
    QPointer<app::EngineClient> m_client;
    OverallState m_shownState = OverallState::Stopped;
    QTimer m_glance;
    QTimer m_glanceEnd;
};

// The picture of a state, in the panel's style.
QIcon trayPicture(OverallState state, bool symbolic);

}  // namespace meerkat::ui
