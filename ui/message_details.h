// Station: one WebSocket message as a whole: indented, as it is, or as bytes. In the WebSocket page, below the table.
#pragma once

#include "ui/models/message_log.h"

#include <QWidget>

#include <optional>

class QPlainTextEdit;

namespace meerkat::ui {

class CopyButton;
class ElidedLabel;
class SegmentedChoice;

class MessageDetails : public QWidget {
    Q_OBJECT
  public:
    enum Look { Pretty, Text, Hex };

    explicit MessageDetails(QWidget *parent = nullptr);

    void showMessage(const std::optional<Message> &message);  // nothing: hides what there was
    // What is seen; a part of a long one.
    QString text() const;

  protected:
    void resizeEvent(QResizeEvent *event) override;

  signals:
    void closeWanted();

  private:
    void refresh();
    std::size_t bytesPerLine() const;
    QString shownText(std::size_t most) const;
    QString wholeText() const;

    ElidedLabel *m_title;
    SegmentedChoice *m_look;
    CopyButton *m_copy;
    QPlainTextEdit *m_body;
    std::optional<app::MessageRecord> m_message;
    QString m_titleText;
    Look m_wanted = Pretty;
    std::size_t m_perLine = 0;
};

}  // namespace meerkat::ui
