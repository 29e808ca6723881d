// Station: what a person sets up for the WebSockets of a folder: places, answers by themselves, replies kept ready, memory. From the WebSocket page.
// A change applies at once.
#pragma once

#include "ui/models/text_table.h"

#include <QDialog>
#include <QPointer>

class QLabel;
class QSpinBox;
class QStackedWidget;
class QTableView;

namespace meerkat::app {
class EngineClient;
}

namespace meerkat::ui {

class TabRow;

class WebSocketSetupDialog : public QDialog {
    Q_OBJECT
  public:
    enum Section { Places, Answers, Replies };

    WebSocketSetupDialog(app::EngineClient &client, Section section, QWidget *parent);

  private:
    struct Part {
        TextTable *model = nullptr;
        QTableView *view = nullptr;
    };
    Part addPart(const QString &title, const QString &explanation, const QString &name, TextTable *model,
                 const TextTable::Row &fresh);
    void addMemory();
    void fill();
    void applyPlaces();
    void applyReplies();

    QPointer<app::EngineClient> m_client;
    TabRow *m_tabs;
    QStackedWidget *m_parts;
    QLabel *m_trouble;
    QSpinBox *m_memory;
    Part m_places;
    Part m_answers;
    Part m_replies;
};

}  // namespace meerkat::ui
