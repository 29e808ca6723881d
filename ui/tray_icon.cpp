#include "ui/tray_icon.h"

#include "app/engine_client.h"
#include "ui/address_row.h"
#include "ui/models/server_list_model.h"
#include "ui/models/serving.h"
#include "ui/models/share_addresses.h"
#include "ui/theme.h"

#include <QClipboard>
#include <QGuiApplication>

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
    connect(&m_icon, &QSystemTrayIcon::messageClicked, this, &TrayIcon::windowWanted);
    connect(&m_menu, &QMenu::aboutToShow, this, &TrayIcon::refreshMenu);
    connect(&m_servers, &ServerListModel::newsCame, this, &TrayIcon::refresh);
    connect(&m_glance, &QTimer::timeout, this, &TrayIcon::glance);
    connect(&m_glanceEnd, &QTimer::timeout, this, &TrayIcon::endGlance);
    setWindowHidden(true);  // until a window says otherwise
    refresh();
}

void TrayIcon::buildMenu() {
    m_menu.setObjectName(QStringLiteral("trayMenu"));
    m_address = m_menu.addAction(actionIcon(QStringLiteral("copy")), QString(), this,
                                 [this] { QGuiApplication::clipboard()->setText(firstAddress()); });
    m_open = m_menu.addAction(actionIcon(QStringLiteral("open")), tr("&Open in browser"), this,
                              [this] { openInBrowser(firstAddress()); });
    m_toggle = m_menu.addAction(QString());
    connect(m_toggle, &QAction::triggered, this, [this] {
        if (app::EngineClient *one = client()) setServing(*one, !hasListener(*one));
    });
    m_menu.addSeparator();
    QAction *window = m_menu.addAction(tr("Show &window"), this, &TrayIcon::windowWanted);
    m_menu.addSeparator();
    QAction *quit = m_menu.addAction(tr("&Quit"), this, &TrayIcon::quitWanted);
    m_address->setObjectName(QStringLiteral("trayCopyAddress"));
    m_open->setObjectName(QStringLiteral("trayOpen"));
    m_toggle->setObjectName(QStringLiteral("trayToggle"));
    window->setObjectName(QStringLiteral("trayShowWindow"));
    quit->setObjectName(QStringLiteral("trayQuit"));
    // Panels that take the menu over D-Bus never say that it is about to show: it is kept true at all times.
    refreshMenu();
}

void TrayIcon::show() { m_icon.show(); }

void TrayIcon::tell(const QString &title, const QString &sentence) {
    m_icon.showMessage(title, sentence, trayPicture(m_shownState, m_isSymbolic));
}

void TrayIcon::setClient(app::EngineClient *client) {
    m_client = client;
    refreshMenu();
}

void TrayIcon::setWindowHidden(bool hidden) {
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
}

void TrayIcon::refreshMenu() {
    const app::EngineClient *one = client();
    const bool isServing = one && one->port() != 0;
    const QString address = isServing ? firstAddress() : one ? tr("Not serving") : tr("No folder yet");
    if (m_address->text() != address) m_address->setText(address);
    m_address->setEnabled(isServing);
    m_open->setEnabled(isServing);
    m_toggle->setEnabled(one != nullptr);
    const bool isOn = one && hasListener(*one);
    const QString toggle = isOn ? tr("&Stop") : tr("&Start");
    if (m_toggle->text() == toggle) return;
    m_toggle->setText(toggle);
    m_toggle->setIcon(actionIcon(isOn ? QStringLiteral("stop") : QStringLiteral("play")));
}

void TrayIcon::glance() {
    // The panel has gone, and with it the way back to a hidden window.
    if (!isAvailable()) return emit windowWanted();
    if (overviewOf(m_servers).serving == 0) return;
    m_servers.setWatched(true);
    m_glanceEnd.start();
}

void TrayIcon::endGlance() { m_servers.setWatched(false); }

QString TrayIcon::firstAddress() const {
    const app::EngineClient *one = client();
    const auto addresses = one ? shareAddresses(*one) : QVector<ShareAddress>();
    return addresses.isEmpty() ? QString() : addresses.first().url;
}

app::EngineClient *TrayIcon::client() const { return m_client ? m_client.data() : m_servers.client(0); }

}  // namespace meerkat::ui
