// Station: the contract of one page of a served folder: Share, Connections, … From server_page, which shows one of them at a time, to the page's own parts.
#pragma once

#include "ui/help.h"

#include <QWidget>

namespace meerkat::app {
class EngineClient;
}

namespace meerkat::ui {

class ServerTab : public QWidget {
    Q_OBJECT
  public:
    using QWidget::QWidget;

    // What the row of pages calls it, with a mnemonic.
    virtual QString title() const = 0;
    virtual HelpTopic helpTopic() const = 0;
    // Whose news it shows; null: nobody's, and no word of the one before stays. Called while another page is shown too.
    virtual void setClient(app::EngineClient *client) = 0;
    // Ctrl+F; false where there is nothing to filter.
    virtual bool focusFilter() { return false; }

  signals:
    void noticeTold(const QString &sentence);  // for the line below the page
};

}  // namespace meerkat::ui
