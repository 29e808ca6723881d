// Station: what a person sends to WebSockets: text, bytes, a ping, a close. In the WebSocket page, at its foot.
#pragma once

#include "app/websocket_messages.h"
#include "app/websocket_setup.h"

#include <QVector>
#include <QWidget>

class QComboBox;
class QLabel;
class QPlainTextEdit;

namespace meerkat::ui {

class ActionButton;
class ElidedLabel;

class MessageComposer : public QWidget {
    Q_OBJECT
  public:
    explicit MessageComposer(QWidget *parent = nullptr);

    // "everybody", "127.0.0.1:50412"; false: there is nobody to send to.
    void setReceiver(const QString &name, bool isThere);
    void setReplies(const QVector<app::CannedReply> &replies);
    // Said below the field; a trouble stands out.
    void say(const QString &sentence, bool isTrouble = false);

  signals:
    void sendWanted(meerkat::app::MessageKind kind, const std::string &payload);
    void repliesEditWanted();

  protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

  private:
    void build();
    void followKind();
    void send();
    void sendFile();
    void fillReplies();
    app::MessageKind kind() const;

    QComboBox *m_kind;
    QComboBox *m_code;
    QPlainTextEdit *m_edit;
    ActionButton *m_file;
    ActionButton *m_replies;
    ActionButton *m_send;
    QLabel *m_to;
    ElidedLabel *m_note;
    QVector<app::CannedReply> m_canned;
};

}  // namespace meerkat::ui
