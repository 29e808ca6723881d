#include "ui/tray_icon.h"

#include "ui/address_row.h"
#include "ui/models/server_list_model.h"
#include "ui/theme.h"
#include "ui/tray_folder.h"

#include <utility>

namespace meerkat::ui {
namespace {

constexpr int kGlanceEveryMs = 10000;
constexpr int kGlanceLastsMs = 600;  // longer than two snapshots, so that a rate can be told

}  // namespace

QIcon trayPicture(OverallState state, bool symbolic) {
    const QString name = state == OverallState::Serving   ? QStringLiteral("meerkat-serving")
                         : state == OverallState::Trouble ? QStringLiteral("meerkat-trouble")
                                                          : QStringLiteral("meerkat-stopped");
    QIcon icon = pictureIcon(symbolic ? name + QStringLiteral("-symbolic") : name);
    icon.setIsMask(symbolic);
    return icon;
}

TrayIcon::TrayIcon(ServerListModel &servers, bool symbolic, QObject *parent)
    : QObject(parent), m_servers(servers), m_isSymbolic(symbolic) {
    m_icon.setIcon(trayPicture(m_shownState, m_isSymbolic));
    buildMenu();
    m_icon.setContextMenu(&m_menu);
    m_glance.setInterval(kGlanceEveryMs);
    m_glance.setTimerType(Qt::VeryCoarseTimer);
    m_glanceEnd.setInterval(kGlanceLastsMs);
    m_glanceEnd.setSingleShot(true);

    connect(&m_icon, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick) emit windowWanted();
    });
    // On X11 every press on the icon counts as one on its message while that is shown, also the one that has just opened the menu.
    connect(&m_icon, &QSystemTrayIcon::messageClicked, this, [this] {
        if (!m_menu.isVisible()) emit windowWanted();
    });
    connect(&m_menu, &QMenu::aboutToShow, this, &TrayIcon::refreshMenu);
    connect(&m_servers, &ServerListModel::newsCame, this, &TrayIcon::refresh);
    connect(&m_glance, &QTimer::timeout, this, &TrayIcon::glance);
    connect(&m_glanceEnd, &QTimer::timeout, this, &TrayIcon::endGlance);
    setWindowHidden(true);  // until a window says otherwise
    refresh();
}

void TrayIcon::buildMenu() {
    m_menu.setObjectName(QStringLiteral("trayMenu"));
    rebuildMenu();
    connect(&m_servers, &QAbstractItemModel::rowsInserted, this, &TrayIcon::rebuildMenu);
    connect(&m_servers, &QAbstractItemModel::rowsRemoved, this, &TrayIcon::rebuildMenu);
}

// One folder needs no further level; of several each has its own, so that nothing is done to another one than is named.
void TrayIcon::rebuildMenu() {
    m_menu.clear();
    for (QObject *part : std::exchange(m_parts, {})) part->deleteLater();
    m_folders.clear();
    addFolders();
    m_menu.addSeparator();
    QAction *window = m_menu.addAction(tr("Show &window"), this, &TrayIcon::windowWanted);
    m_menu.addSeparator();
    QAction *quit = m_menu.addAction(tr("&Quit"), this, &TrayIcon::quitWanted);
    window->setObjectName(QStringLiteral("trayShowWindow"));
    quit->setObjectName(QStringLiteral("trayQuit"));
}

void TrayIcon::addFolders() {
    const int count = m_servers.rowCount();
    if (count == 0) m_menu.addAction(tr("No folder yet"))->setEnabled(false);
    for (int row = 0; row < count; ++row) {
        const bool isOnly = count == 1;
        QMenu *menu = isOnly ? &m_menu : m_menu.addMenu(QString());
        menu->setObjectName(isOnly ? QStringLiteral("trayMenu") : QStringLiteral("trayFolder%1").arg(row + 1));
        m_folders.push_back(
            new TrayFolder(m_servers.client(row), isOnly ? TrayFolder::Place::MainMenu : TrayFolder::Place::SubMenu, menu));
        connect(m_folders.back(), &TrayFolder::noBrowserFound, this,
                [this](const QString &url) { tell(tr("No browser"), noBrowserText(url)); });
        m_parts.push_back(isOnly ? static_cast<QObject *>(m_folders.back()) : menu);
    }
}

void TrayIcon::show() { m_icon.show(); }

void TrayIcon::tell(const QString &title, const QString &sentence) {
    m_icon.showMessage(title, sentence, trayPicture(m_shownState, m_isSymbolic));
}

void TrayIcon::setWindowHidden(bool hidden) {
    m_isWindowHidden = hidden;
    if (!hidden) {
        m_glance.stop();
        m_glanceEnd.stop();
    } else if (!m_glance.isActive()) {
        m_glance.start();
    }
}

void TrayIcon::refresh() {
    const Overview overview = overviewOf(m_servers);
    const QString line = trayLine(overview);
    if (line != m_icon.toolTip()) m_icon.setToolTip(line);
    if (overview.state != m_shownState) {
        m_shownState = overview.state;
        m_icon.setIcon(trayPicture(m_shownState, m_isSymbolic));
    }
    refreshMenu();
    tellTrouble(overview);
}

// Panels that take the menu over D-Bus never say that it is about to show: it is kept true at all times.
void TrayIcon::refreshMenu() {
    for (TrayFolder *folder : m_folders) folder->refresh();
}

// Whoever has no window before them hears of trouble once.
void TrayIcon::tellTrouble(const Overview &overview) {
    if (overview.firstTrouble == m_knownTrouble) return;
    m_knownTrouble = overview.firstTrouble;
    if (overview.inTrouble > 0 && m_isWindowHidden && m_icon.isVisible() && canTell())
        tell(tr("%1 is in trouble").arg(overview.firstInTrouble), overview.firstTrouble);
}

void TrayIcon::glance() {
    // The panel has gone, and with it the way back to a hidden window.
    if (!isAvailable()) return emit windowWanted();
    if (overviewOf(m_servers).serving == 0) return;
    m_servers.setWatched(true);
    m_glanceEnd.start();
}

void TrayIcon::endGlance() { m_servers.setWatched(false); }

}  // namespace meerkat::ui
