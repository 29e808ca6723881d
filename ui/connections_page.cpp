#include "ui/connections_page.h"

#include "ui/connections_table.h"

#include <QVBoxLayout>

namespace meerkat::ui {

ConnectionsPage::ConnectionsPage(QWidget *parent) : ServerTab(parent), m_table(new ConnectionsTable(this)) {
    setObjectName(QStringLiteral("connectionsPage"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_table);
}

void ConnectionsPage::setClient(app::EngineClient *client) { m_table->setClient(client); }

bool ConnectionsPage::focusFilter() {
    m_table->focusFilter();
    return true;
}

}  // namespace meerkat::ui
