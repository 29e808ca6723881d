// Station: the page about WebSockets: connections, their messages, one message as a whole, and what a person sends. In server_page.
#pragma once

#include "ui/server_tab.h"
#include "ui/websocket_setup_dialog.h"

#include <QPointer>

class QMenu;
class QSplitter;

namespace meerkat::ui {

class ActionButton;
class MessageComposer;
class MessageDetails;
class MessageReader;
class MessageSaver;
class MessageTable;
class NoticeBar;
class WebSocketList;
class WebSocketSession;
class WebSocketWelcome;

class WebSocketPage : public ServerTab {
    Q_OBJECT
  public:
    explicit WebSocketPage(QWidget *parent = nullptr);

    QString title() const override { return tr("&WebSocket"); }
    HelpTopic helpTopic() const override { return HelpTopic::WebSocket; }
    void setClient(app::EngineClient *client) override;
    bool focusFilter() override;
    MessageTable &table() { return *m_table; }
    // What a person chose a file for. Both go on in the background; a notice says how far they are.
    void saveTo(const QString &path);
    void loadFrom(const QString &path);

  protected:
    void resizeEvent(QResizeEvent *event) override;

  private:
    void build();
    void buildMenu();
    void refresh();
    void explainEmptiness();
    void refreshEmptiness();
    void shareHeight();
    void refreshNotice();
    void showLoaded(bool isLoaded);
    void makeFirstPlace();
    void openSetup(WebSocketSetupDialog::Section section);
    void record();
    void stopRecording();
    void save();
    void load();
    void replay(bool isSent);
    void clear();
    void takeNoticeAction();

    QPointer<app::EngineClient> m_client;
    QPointer<WebSocketSession> m_session;
    WebSocketWelcome *m_welcome;
    WebSocketList *m_list;
    MessageTable *m_table;
    MessageDetails *m_details;
    MessageComposer *m_composer;
    NoticeBar *m_notice;
    ActionButton *m_setup;
    ActionButton *m_more;
    QSplitter *m_across;
    QSplitter *m_down;
    QPointer<MessageReader> m_reader;
    QPointer<MessageSaver> m_saver;
    QString m_loadedName;  // of the file that is shown instead of what happens; empty: none
    int m_progress = 0;
};

}  // namespace meerkat::ui
