// Station: what happens at the folder: how much was sent in the last minutes, who is there, and what to do where nobody came. In share_page.
#pragma once

#include "ui/widgets/card.h"

#include <QPointer>

class QLabel;

namespace meerkat::app {
class EngineClient;
}

namespace meerkat::ui {

class ActionButton;
class ThroughputGraph;

class ActivityPanel : public Card {
    Q_OBJECT
  public:
    explicit ActivityPanel(QWidget *parent = nullptr);

    void setClient(app::EngineClient *client);  // null: nothing to show

  private:
    void build();
    void refresh();
    void explain();

    QPointer<app::EngineClient> m_client;
    QLabel *m_now;
    ThroughputGraph *m_graph;
    QLabel *m_nobody;
    ActionButton *m_why;
    QLabel *m_reasons;
};

}  // namespace meerkat::ui
