#include "ui/server_page.h"

#include "app/engine_client.h"
#include "app/shown_name.h"
#include "ui/connections_page.h"
#include "ui/models/serving.h"
#include "ui/models/trouble_notice.h"
#include "ui/options_page.h"
#include "ui/requests_page.h"
#include "ui/share_page.h"
#include "ui/theme.h"
#include "ui/trouble_bar.h"
#include "ui/websocket_page.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/tab_row.h"
#include "ui/widgets/toggle_switch.h"

#include <QDir>
#include <QHBoxLayout>

namespace meerkat::ui {
ServerPage::ServerPage(QWidget *parent)
    : QWidget(parent), m_name(new ElidedLabel(Qt::ElideMiddle, this)), m_path(new ElidedLabel(Qt::ElideMiddle, this)),
      m_switch(new ToggleSwitch(this)), m_trouble(new TroubleBar(this)), m_row(new TabRow(this)),
      m_connections(new ConnectionsPage(this)), m_tabs{new SharePage(this), m_connections, new RequestsPage(this),
                                                       new WebSocketPage(this), new OptionsPage(this)} {
    m_name->setObjectName(QStringLiteral("folderName"));
    m_name->setFont(titleFont(font()));
    m_path->setObjectName(QStringLiteral("folderPath"));
    makeMuted(*m_path);
    m_switch->setObjectName(QStringLiteral("servingSwitch"));
    m_switch->setAccessibleName(tr("Serve this folder"));
    m_switch->setToolTip(
        tr("Start or stop serving (%1)").arg(QKeySequence(Qt::CTRL | Qt::Key_R).toString(QKeySequence::NativeText)));
    m_switch->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_R));
    m_switch->setWords(tr("Serving"), tr("Stopped"));
    m_switch->setTroubleWord(tr("In trouble"));
    m_row->setObjectName(QStringLiteral("tabs"));
    m_row->setAccessibleName(tr("Pages of this folder"));
    build();

    // Not clicked(): assistive tools toggle without a click. What refresh() sets is the state already.
    connect(m_switch, &ToggleSwitch::toggled, this, [this](bool on) {
        if (m_client && on != isSwitchedOn(*m_client)) setServing(*m_client, on);
        refresh();
    });
    connect(m_trouble, &TroubleBar::otherFolderWanted, this, &ServerPage::otherFolderWanted);
}

void ServerPage::build() {
    auto *names = new QVBoxLayout;
    names->setSpacing(kGrid / 4);
    names->addWidget(m_name);
    names->addWidget(m_path);
    auto *head = new QHBoxLayout;
    head->setSpacing(2 * kGrid);
    head->addLayout(names, 1);
    head->addWidget(m_switch, 0, Qt::AlignVCenter);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(3 * kGrid, 2 * kGrid, 3 * kGrid, kGrid);  // the line of the notice adds as much
    column->setSpacing(2 * kGrid);
    column->addLayout(head);
    column->addWidget(m_trouble);
    column->addWidget(m_row);
    for (ServerTab *tab : m_tabs) {
        column->addWidget(tab, 1);
        m_row->addTab(tab->title());
        connect(tab, &ServerTab::noticeTold, this, &ServerPage::refusalTold);
    }
    showOnlyCurrent();
    connect(m_row, &TabRow::currentChanged, this, [this] {
        showOnlyCurrent();
        emit tabChanged(currentTab().objectName());
    });
}

// What is hidden takes no room: each page is as high as it needs to be.
void ServerPage::showOnlyCurrent() {
    for (int i = 0; i < m_tabs.size(); ++i)
        if (i != m_row->currentIndex()) m_tabs[i]->hide();
    currentTab().show();
}

ServerTab &ServerPage::currentTab() const { return *m_tabs[m_row->currentIndex()]; }

void ServerPage::showTab(const QString &name) {
    for (int i = 0; i < m_tabs.size(); ++i)
        if (m_tabs[i]->objectName() == name) m_row->setCurrentIndex(i);
}

ConnectionsTable &ServerPage::connections() { return m_connections->table(); }

void ServerPage::setClient(app::EngineClient *client) {
    if (m_client) m_client->disconnect(this);
    m_client = client;
    m_trouble->setClient(client);
    for (ServerTab *tab : m_tabs) tab->setClient(client);
    if (!client) return;
    connect(client, &app::EngineClient::stateChanged, this, &ServerPage::refresh);
    connect(client, &app::EngineClient::profileChanged, this, &ServerPage::refresh);
    connect(client, &app::EngineClient::refused, this, &ServerPage::tellRefusal);
    connect(client, &app::EngineClient::engineComplained, this, &ServerPage::refusalTold);
    refresh();
}

void ServerPage::refresh() {
    if (!m_client) return;
    const app::ServingState state = m_client->state();
    m_name->setText(m_client->profile().name);
    m_path->setText(app::plainText(QDir::toNativeSeparators(m_client->profile().folder)));
    const bool isTrouble = state == app::ServingState::Trouble;
    m_switch->setChecked(isSwitchedOn(*m_client));
    m_switch->setTrouble(isTrouble);
    m_switch->setAccessibleDescription(isTrouble ? m_client->trouble().sentence : QString());
    m_switch->setBusyWord(state == app::ServingState::Starting   ? tr("Starting")
                          : state == app::ServingState::Stopping ? tr("Stopping")
                                                                 : QString());
}

// What the port field or the trouble bar says already is not said twice.
void ServerPage::tellRefusal() {
    const app::Trouble &refusal = m_client->refusal();
    const bool isSaidAlready =
        m_client->state() == app::ServingState::Trouble && m_client->trouble().sentence == refusal.sentence;
    if (!isAboutPort(refusal) && !isSaidAlready) emit refusalTold(refusal.sentence);
}

}  // namespace meerkat::ui
