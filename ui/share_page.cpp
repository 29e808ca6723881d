#include "ui/share_page.h"

#include "ui/activity_panel.h"
#include "ui/address_row.h"
#include "ui/share_panel.h"
#include "ui/theme.h"

#include <QVBoxLayout>

namespace meerkat::ui {

SharePage::SharePage(QWidget *parent) : ServerTab(parent), m_panel(new SharePanel(this)), m_activity(new ActivityPanel(this)) {
    setObjectName(QStringLiteral("sharePage"));
    m_panel->setObjectName(QStringLiteral("sharePanel"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2 * kGrid);
    column->addWidget(m_panel);
    column->addWidget(m_activity, 1);
    column->addStretch(1000);
    connect(m_panel, &SharePanel::noBrowserFound, this, [this](const QString &url) { emit noticeTold(noBrowserText(url)); });
}

void SharePage::setClient(app::EngineClient *client) {
    m_panel->setClient(client);
    m_activity->setClient(client);
}

}  // namespace meerkat::ui
