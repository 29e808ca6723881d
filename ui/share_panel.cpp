#include "ui/share_panel.h"

#include "ui/address_row.h"
#include "ui/models/serving.h"
#include "ui/models/trouble_notice.h"
#include "ui/qr_dialog.h"
#include "ui/theme.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/port_field.h"
#include "ui/widgets/qr_code.h"
#include "ui/widgets/segmented_choice.h"

#include <QAbstractButton>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QScopedValueRollback>

#include <algorithm>

namespace meerkat::ui {
namespace {

constexpr int kThisComputer = 0;
constexpr int kMyNetwork = 1;
constexpr int kMostOthers = 2;  // further addresses shown; the rest is in a menu
constexpr int kNetworkWatchMs = 5000;

QLabel *caption(const QString &text, QWidget *buddy, QWidget *parent) {
    auto *label = new QLabel(text, parent);
    label->setBuddy(buddy);
    makeMuted(*label);
    return label;
}

}  // namespace

SharePanel::SharePanel(QWidget *parent)
    : Card(parent), m_reach(new SegmentedChoice(this)),
      m_first(new AddressRow(AddressRow::Rank::First, QStringLiteral("address"), this)),
      m_more(new ActionButton(ActionButton::Look::Quiet, {}, {}, this)), m_otherRows(new QVBoxLayout),
      m_noAddress(new QLabel(this)), m_port(new PortField(this)), m_qrCode(new QrCode(this)),
      m_showQrCode(new ActionButton(ActionButton::Look::Plain, QStringLiteral("qr"), {}, this)) {
    m_reach->setObjectName(QStringLiteral("reach"));
    m_reach->setAccessibleName(tr("Who can open it"));
    m_reach->addChoice(QStringLiteral("reachThisComputer"), tr("Only &this computer"), QStringLiteral("computer"));
    m_reach->addChoice(QStringLiteral("reachMyNetwork"), tr("My &network"), QStringLiteral("network"));
    m_qrCode->setObjectName(QStringLiteral("qrCode"));
    m_showQrCode->setObjectName(QStringLiteral("showQrCode"));
    m_showQrCode->setAccessibleName(tr("Show the QR code"));
    m_showQrCode->setToolTip(tr("Show the QR code"));
    m_more->setObjectName(QStringLiteral("moreAddresses"));
    m_more->setMenu(new QMenu(m_more));
    m_noAddress->setObjectName(QStringLiteral("noAddress"));
    m_noAddress->setWordWrap(true);
    makeMuted(*m_noAddress);
    alignToReading(*m_noAddress);
    build();
    orderByReading();

    connect(m_reach, &SegmentedChoice::chosen, this, [this](int index) {
        m_wantedReach = index == kMyNetwork ? app::Reach::MyNetwork : app::Reach::ThisComputer;
        if (m_client) setReach(*m_client, *m_wantedReach);
    });
    connect(m_port, &PortField::chosen, this, [this](quint16 port) {
        // A port that is chosen because the reach was refused on the other one comes with that reach.
        if (m_client) choosePort(*m_client, port, m_wantedReach.value_or(m_client->profile().reach));
    });
    connect(m_port, &PortField::choiceForgotten, this, [this] {
        if (m_client) forgetChosenPort(*m_client);
    });
    connect(m_first, &AddressRow::noBrowserFound, this, &SharePanel::noBrowserFound);
    connect(m_qrCode, &QrCode::clicked, this, &SharePanel::enlargeQrCode);
    connect(m_showQrCode, &ActionButton::clicked, this, &SharePanel::enlargeQrCode);
    m_networkWatch.setInterval(kNetworkWatchMs);
    connect(&m_networkWatch, &QTimer::timeout, this, [this] {
        if (isVisible()) refresh();
    });
}

// The keyboard goes the way the eye goes, whatever was made first.
void SharePanel::orderByReading() {
    QWidgetList order;
    for (QAbstractButton *choice : m_reach->findChildren<QAbstractButton *>()) order << choice;
    order << m_port->edit() << m_port->reason();
    for (const char *name : {"addressLink", "addressCopy", "addressOpen"})
        order << m_first->findChild<QWidget *>(QString::fromLatin1(name));
    order << m_showQrCode;
    for (const AddressRow *row : m_others)
        for (QWidget *part : row->findChildren<QWidget *>())
            if ((part->focusPolicy() & Qt::TabFocus) != 0) order << part;
    order << m_more << m_qrCode;
    for (qsizetype i = 1; i < order.size(); ++i) setTabOrder(order[i - 1], order[i]);
}

void SharePanel::build() {
    m_otherRows->setSpacing(0);
    auto *address = new QVBoxLayout;
    address->setSpacing(0);
    auto *first = new QHBoxLayout;
    first->setSpacing(kGrid);
    first->addWidget(m_first);
    first->addWidget(m_showQrCode);
    first->addStretch();
    address->addLayout(first);
    address->addWidget(m_noAddress);
    address->addLayout(m_otherRows);
    address->addWidget(m_more, 0, Qt::AlignLeft);

    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(2 * kGrid, 2 * kGrid, 2 * kGrid, 2 * kGrid);
    grid->setHorizontalSpacing(2 * kGrid);
    grid->setVerticalSpacing(kGrid / 2);
    grid->addWidget(caption(tr("Who can open it"), m_reach, this), 0, 0, Qt::AlignLeft);
    grid->addWidget(m_reach, 1, 0, Qt::AlignLeft);
    grid->addWidget(caption(tr("&Port"), m_port->edit(), this), 0, 1, Qt::AlignLeft);
    grid->addWidget(m_port, 1, 1);
    grid->addWidget(m_port->reason(), 2, 0, 1, 2);
    grid->setRowMinimumHeight(3, kGrid / 2);
    grid->addLayout(address, 4, 0, 1, 2);
    grid->setRowStretch(5, 1);
    grid->addWidget(m_qrCode, 0, 2, 6, 1, Qt::AlignTop);
    grid->setColumnStretch(1, 1);
}

void SharePanel::setClient(app::EngineClient *client) {
    if (m_client) m_client->disconnect(this);
    m_client = client;
    m_port->forget();
    m_wantedReach.reset();
    if (!client) return;
    connect(client, &app::EngineClient::stateChanged, this, &SharePanel::followState);
    connect(client, &app::EngineClient::profileChanged, this, &SharePanel::refresh);
    connect(client, &app::EngineClient::refused, this, &SharePanel::showRefusal);
    refresh();
}

void SharePanel::followState() {
    if (m_client && m_client->state() == app::ServingState::Serving) {
        m_port->settle();
        m_wantedReach.reset();
    }
    refresh();
}

void SharePanel::refresh() {
    if (!m_client) return;
    const app::ServerProfile &profile = m_client->profile();
    const bool isNetwork = profile.reach == app::Reach::MyNetwork;
    m_reach->setCurrent(isNetwork ? kMyNetwork : kThisComputer);
    m_port->setPort(m_client->port() != 0   ? m_client->port()
                    : profile.portWasChosen ? profile.port
                                            : quint16(0),
                    profile.portWasChosen);
    if (isNetwork && m_client->port() != 0)
        m_networkWatch.start();
    else
        m_networkWatch.stop();
    showAddresses(shareAddresses(*m_client));
}

void SharePanel::showAddresses(const QVector<ShareAddress> &addresses) {
    m_hasAddress = !addresses.isEmpty();
    m_first->setVisible(m_hasAddress);
    const bool isAlone = m_hasAddress && m_client->profile().reach == app::Reach::MyNetwork && !addresses.first().reachesOthers;
    m_hasCode = m_hasAddress && addresses.first().reachesOthers;
    m_noAddress->setVisible(!m_hasAddress || isAlone);
    m_noAddress->setContentsMargins(0, isAlone ? kGrid : 0, 0, 0);
    m_noAddress->setText(isAlone ? tr("This computer is in no network now: only it can open the folder.")
                                 : tr("The address appears here once the folder is served."));
    if (m_hasAddress) {
        m_first->setAddress(addresses.first(), addresses.size() > 1);
        m_qrCode->setContent(addresses.first().url);
    }
    showOthers(addresses.mid(1));
    measureLeast();
    fit();
}

void SharePanel::measureLeast() {
    const QScopedValueRollback<bool> arranging(m_isArranging, true);
    arrangeFor(Room::Least);
    m_leastWidth = neededWidth();
}

int SharePanel::neededWidth() const {
    layout()->invalidate();
    return layout()->totalMinimumSize().width();
}

// What the tightest arrangement needs, whichever is in force: who makes room for this one goes by it.
QSize SharePanel::minimumSizeHint() const { return {m_leastWidth, Card::minimumSizeHint().height()}; }

void SharePanel::showOthers(const QVector<ShareAddress> &addresses) {
    const auto shown = std::min<qsizetype>(addresses.size(), kMostOthers);
    while (m_others.size() < shown) {
        m_others.append(new AddressRow(AddressRow::Rank::Other, QStringLiteral("otherAddress%1").arg(m_others.size() + 1), this));
        m_otherRows->addWidget(m_others.back());
        connect(m_others.back(), &AddressRow::noBrowserFound, this, &SharePanel::noBrowserFound);
        orderByReading();
    }
    for (qsizetype i = 0; i < m_others.size(); ++i) {
        m_others[i]->setVisible(i < shown);
        if (i < shown) m_others[i]->setAddress(addresses[i]);
    }
    const auto rest = addresses.mid(shown);
    m_more->setVisible(!rest.isEmpty());
    if (m_more->menu()->isVisible()) return;
    m_more->setText(tr("%1 more", nullptr, static_cast<int>(rest.size())).arg(rest.size()) + QStringLiteral(" \u25be"));
    m_more->menu()->clear();
    for (const ShareAddress &address : rest) {
        const QString url = address.url;
        m_more->menu()->addAction(tr("%1 (%2)").arg(url, address.network), this, [this, url] {
            if (!openInBrowser(url)) emit noBrowserFound(url);
        });
    }
}

// A refused port is said beside the port; every other refusal is told by the page.
void SharePanel::showRefusal() {
    const app::Trouble &refusal = m_client->refusal();
    if (!isAboutPort(refusal)) return;
    const app::Reach reach = m_client->profile().reach;
    QString outcome;
    if (m_wantedReach && *m_wantedReach != reach)
        outcome = reach == app::Reach::MyNetwork ? tr("Still for your network.") : tr("Still only for this computer.");
    m_port->refuse(refusal.sentence, refusal.offeredPort, outcome);
}

void SharePanel::resizeEvent(QResizeEvent *event) {
    fit();
    Card::resizeEvent(event);
}

void SharePanel::showEvent(QShowEvent *event) {
    refresh();
    Card::showEvent(event);
}

// The first arrangement that fits; words are of different length in every language, so it is tried, not known.
void SharePanel::fit() {
    // What is shown or hidden on the way is laid out at once, which may resize this.
    if (m_isArranging) return;
    const QScopedValueRollback<bool> arranging(m_isArranging, true);
    for (const Room room : {Room::Ample, Room::Scarce, Room::Least}) {
        arrangeFor(room);
        if (neededWidth() <= width()) return;
    }
}

void SharePanel::arrangeFor(Room room) {
    const bool isScarce = room != Room::Ample;
    const bool hasCode = m_client && m_hasCode;
    m_first->setCompact(isScarce);
    m_reach->setCompact(isScarce);
    m_port->setCompact(isScarce);
    m_qrCode->setModuleSize(isScarce ? 3 : 4);
    m_qrCode->setVisible(hasCode && room != Room::Least);
    m_showQrCode->setVisible(hasCode && room == Room::Least);
}

void SharePanel::enlargeQrCode() {
    auto *dialog = new QrDialog(m_qrCode->content(), window());
    dialog->open();
}

}  // namespace meerkat::ui
