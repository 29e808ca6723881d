// Station: the page about reaching the folder: who can open it, and under which address. In server_page.
#pragma once

#include "ui/server_tab.h"

namespace meerkat::ui {

class ActivityPanel;
class SharePanel;

class SharePage : public ServerTab {
    Q_OBJECT
  public:
    explicit SharePage(QWidget *parent = nullptr);

    QString title() const override { return tr("&Share"); }
    HelpTopic helpTopic() const override { return HelpTopic::Share; }
    void setClient(app::EngineClient *client) override;

  private:
    SharePanel *m_panel;
    ActivityPanel *m_activity;
};

}  // namespace meerkat::ui
