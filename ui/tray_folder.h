// Station: what the tray's menu says and does about one served folder. From engine_client, into the menu that tray_icon gives.
#pragma once

#include <QObject>
#include <QPointer>

class QAction;
class QMenu;

namespace meerkat::app {
class EngineClient;
}

namespace meerkat::ui {

class TrayFolder : public QObject {
    Q_OBJECT
  public:
    // Appends its entries to the menu, which owns them and this. A sub-menu tells its state in its own icon and title.
    enum class Place { MainMenu, SubMenu };
    TrayFolder(app::EngineClient *client, Place place, QMenu *menu);

    // Makes the entries say what is true now; what did not change is left alone, so that an open menu does not flicker.
    void refresh();

  signals:
    void noBrowserFound(const QString &url);

  private:
    void refreshTitle();
    QString firstAddress() const;

    QPointer<app::EngineClient> m_client;
    Place m_place;
    QMenu *m_menu;
    QAction *m_address;
    QAction *m_open;
    QAction *m_toggle;
};

}  // namespace meerkat::ui
