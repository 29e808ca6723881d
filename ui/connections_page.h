// Station: the page about who is connected now. In server_page.
#pragma once

#include "ui/server_tab.h"

namespace meerkat::ui {

class ConnectionsTable;

class ConnectionsPage : public ServerTab {
    Q_OBJECT
  public:
    explicit ConnectionsPage(QWidget *parent = nullptr);

    QString title() const override { return tr("&Connections"); }
    HelpTopic helpTopic() const override { return HelpTopic::Connections; }
    void setClient(app::EngineClient *client) override;
    bool focusFilter() override;
    ConnectionsTable &table() { return *m_table; }

  private:
    ConnectionsTable *m_table;
};

}  // namespace meerkat::ui
