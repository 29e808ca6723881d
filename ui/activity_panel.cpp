#include "ui/activity_panel.h"

#include "app/engine_client.h"
#include "ui/models/format.h"
#include "ui/models/serving.h"
#include "ui/models/visitors.h"
#include "ui/theme.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/throughput_graph.h"

#include <QLabel>
#include <QSet>
#include <QVBoxLayout>

namespace meerkat::ui {

ActivityPanel::ActivityPanel(QWidget *parent)
    : Card(parent), m_now(new QLabel(this)), m_graph(new ThroughputGraph(this)), m_nobody(new QLabel(this)),
      m_why(new ActionButton(ActionButton::Look::Quiet, {}, tr("&Why?"), this)), m_reasons(new QLabel(this)) {
    m_now->setObjectName(QStringLiteral("activityNow"));
    makeMuted(*m_now);
    m_graph->setObjectName(QStringLiteral("throughputGraph"));
    m_nobody->setObjectName(QStringLiteral("nobodyCame"));
    m_nobody->setText(tr("Nobody from outside has reached this folder yet."));
    makeMuted(*m_nobody);
    m_why->setObjectName(QStringLiteral("whyNobodyCame"));
    m_why->setAccessibleName(tr("Why nobody from outside has reached this folder"));
    m_why->setCheckable(true);
    m_reasons->setObjectName(QStringLiteral("reasonsWhyNobodyCame"));
    m_reasons->setWordWrap(true);
    m_reasons->setTextFormat(Qt::PlainText);
    alignToReading(*m_reasons);
    for (QLabel *label : {m_nobody, m_reasons}) label->setWordWrap(true);
    build();
    connect(m_why, &ActionButton::toggled, this, &ActivityPanel::explain);
}

void ActivityPanel::build() {
    auto *title = new QLabel(tr("Activity"), this);
    title->setFont(headingFont(font()));
    auto *head = new QHBoxLayout;
    head->addWidget(title);
    head->addStretch(1);
    head->addWidget(m_now);
    auto *nobody = new QHBoxLayout;
    nobody->setSpacing(kGrid);
    nobody->addWidget(m_nobody, 1);
    nobody->addWidget(m_why);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(2 * kGrid, 2 * kGrid, 2 * kGrid, 2 * kGrid);
    column->setSpacing(kGrid);
    column->addLayout(head);
    column->addWidget(m_graph);
    column->addLayout(nobody);
    column->addWidget(m_reasons);
}

void ActivityPanel::setClient(app::EngineClient *client) {
    if (m_client) m_client->disconnect(this);
    if (const Visitors *visitors = Visitors::of(m_client)) visitors->disconnect(this);
    m_client = client;
    m_why->setChecked(false);
    if (!client) return;
    for (const auto signal :
         {&app::EngineClient::stateChanged, &app::EngineClient::snapshotChanged, &app::EngineClient::profileChanged})
        connect(client, signal, this, &ActivityPanel::refresh);
    if (const Visitors *visitors = Visitors::of(client))
        connect(visitors, &Visitors::outsiderCame, this, &ActivityPanel::explain);
    refresh();
}

void ActivityPanel::refresh() {
    if (!m_client) return;
    const app::Snapshot &snapshot = m_client->snapshot();
    QSet<std::string> visitors;
    for (const app::ConnectionRow &row : snapshot.connections) visitors.insert(row.remoteIp);
    m_now->setText(hasListener(*m_client)
                       ? visitorsText(visitors.size()) + QStringLiteral(" · ") + rateText(m_client->bytesPerSecond())
                       : QString());
    m_graph->showTraffic(snapshot.history, snapshot.takenMs / 1000);
    explain();
}

// Gone after the first visit from outside.
void ActivityPanel::explain() {
    const Visitors *visitors = Visitors::of(m_client);
    const bool isWanted = m_client && hasListener(*m_client) && !(visitors && visitors->hasOutsider());
    m_nobody->setVisible(isWanted);
    m_why->setVisible(isWanted);
    m_reasons->setVisible(isWanted && m_why->isChecked());
    if (!m_reasons->isHidden()) m_reasons->setText(QStringLiteral("• ") + whyNobodyCame(*m_client).join(QStringLiteral("\n• ")));
}

}  // namespace meerkat::ui
