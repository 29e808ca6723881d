#include "ui/tray_folder.h"

#include "app/engine_client.h"
#include "app/shown_name.h"
#include "ui/address_row.h"
#include "ui/models/serving.h"
#include "ui/models/share_addresses.h"
#include "ui/theme.h"

#include <QAction>
#include <QClipboard>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QMenu>

namespace meerkat::ui {
namespace {

constexpr int kWidestName = 30;  // in average characters; a menu has no other bound

// A name as it may stand in a menu: an "&" of its own is no mnemonic, a long one leaves out its middle.
QString menuName(const QMenu &menu, const app::EngineClient &client) {
    const QFontMetrics metrics(menu.font());
    const QString name = metrics.elidedText(client.profile().name, Qt::ElideMiddle, kWidestName * metrics.averageCharWidth());
    return app::shownName(name).replace(u'&', QStringLiteral("&&"));
}

// What stands in the place of an address: where there is none, why.
QString stateText(const app::EngineClient &client) {
    switch (client.state()) {
    case app::ServingState::Trouble:
        return TrayFolder::tr("in trouble");
    case app::ServingState::Starting:
        return TrayFolder::tr("starting");
    case app::ServingState::Stopping:
        return TrayFolder::tr("stopping");
    case app::ServingState::Stopped:
        return TrayFolder::tr("stopped");
    case app::ServingState::Serving:
        break;
    }
    return TrayFolder::tr(":%1", "a port, as in :8080").arg(client.port());
}

void say(QAction &action, const QString &text) {
    if (action.text() != text) action.setText(text);
}

}  // namespace

TrayFolder::TrayFolder(app::EngineClient *client, Place place, QMenu *menu)
    : QObject(menu), m_client(client), m_place(place), m_menu(menu),
      m_address(menu->addAction(actionIcon(QStringLiteral("copy")), QString())),
      m_open(menu->addAction(actionIcon(QStringLiteral("open")), tr("&Open in browser"))), m_toggle(menu->addAction(QString())) {
    m_address->setObjectName(QStringLiteral("trayCopyAddress"));
    m_open->setObjectName(QStringLiteral("trayOpen"));
    m_toggle->setObjectName(QStringLiteral("trayToggle"));
    connect(m_address, &QAction::triggered, this, [this] { QGuiApplication::clipboard()->setText(firstAddress()); });
    connect(m_open, &QAction::triggered, this, [this] {
        if (!openInBrowser(firstAddress())) emit noBrowserFound(firstAddress());
    });
    connect(m_toggle, &QAction::triggered, this, [this] {
        if (m_client) setServing(*m_client, !isSwitchedOn(*m_client));
    });
    refresh();
}

void TrayFolder::refresh() {
    if (!m_client) return;
    const bool isServing = m_client->state() == app::ServingState::Serving;
    const QString name = menuName(*m_menu, *m_client);
    say(*m_address, isServing ? firstAddress() : tr("%1 is %2", "a folder and its state").arg(name, stateText(*m_client)));
    m_address->setEnabled(isServing);
    m_open->setEnabled(isServing);
    if (m_place == Place::SubMenu) refreshTitle();
    const bool isOn = isSwitchedOn(*m_client);
    const QString toggle = (isOn ? tr("&Stop %1") : tr("&Start %1")).arg(name);
    if (m_toggle->text() == toggle) return;
    m_toggle->setText(toggle);
    m_toggle->setIcon(actionIcon(isOn ? QStringLiteral("stop") : QStringLiteral("play")));
}

// The word goes with the sign, for who does not see it.
void TrayFolder::refreshTitle() {
    const bool isTrouble = m_client->state() == app::ServingState::Trouble;
    const QString name = menuName(*m_menu, *m_client);
    const QString title = tr("%1 (%2)", "a folder and its state").arg(name, stateText(*m_client));
    if (m_menu->title() == title) return;
    m_menu->setTitle(title);
    m_menu->setIcon(isTrouble ? troubleIcon(QStringLiteral("warning")) : actionIcon(QStringLiteral("folder")));
}

QString TrayFolder::firstAddress() const {
    const auto addresses = m_client ? shareAddresses(*m_client) : QVector<ShareAddress>();
    return addresses.isEmpty() ? QString() : addresses.first().url;
}

}  // namespace meerkat::ui
