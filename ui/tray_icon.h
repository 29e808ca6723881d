// Station: the program's face in the panel: its state as an icon, its news as a tooltip, its actions as a menu. From server_list_model, to the window.
#pragma once

#include "ui/models/overview.h"

#include <QMenu>
#include <QObject>
#include <QSystemTrayIcon>
#include <QTimer>

#include <vector>

namespace meerkat::ui {

class ServerListModel;
class TrayFolder;

class TrayIcon : public QObject {
    Q_OBJECT
  public:
    TrayIcon(ServerListModel &servers, bool symbolic, QObject *parent = nullptr);

    static bool isAvailable() { return QSystemTrayIcon::isSystemTrayAvailable(); }
    // Whether the panel can show a message of ours.
    static bool canTell() { return QSystemTrayIcon::supportsMessages(); }
    void show();
    void tell(const QString &title, const QString &sentence);

    // While the window is hidden nobody asks the engines for numbers; the tray then looks now and then.
    void setWindowHidden(bool hidden);

    const QMenu &menu() const { return m_menu; }
    QString toolTip() const { return m_icon.toolTip(); }

  signals:
    void windowWanted();
    void quitWanted();

  private:
    void buildMenu();
    void rebuildMenu();
    void addFolders();
    void refresh();
    void refreshMenu();
    void tellTrouble(const Overview &overview);
    void glance();
    void endGlance();

    ServerListModel &m_servers;
    const bool m_isSymbolic;
    QSystemTrayIcon m_icon;
    QMenu m_menu;
    std::vector<TrayFolder *> m_folders;  // one: its entries stand in the menu itself; more: each has a sub-menu
    std::vector<QObject *> m_parts;       // what goes when the menu is made anew
    bool m_isWindowHidden = true;
    QString m_knownTrouble;
    OverallState m_shownState = OverallState::Stopped;
    QTimer m_glance;
    QTimer m_glanceEnd;
};

// The picture of a state, in the panel's style.
QIcon trayPicture(OverallState state, bool symbolic);

}  // namespace meerkat::ui
