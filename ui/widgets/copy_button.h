// Station: puts a text on the clipboard and says so.
#pragma once

#include <QTimer>
#include <QToolButton>

namespace meerkat::ui {

class CopyButton : public QToolButton {
    Q_OBJECT
  public:
    explicit CopyButton(QWidget *parent = nullptr);

    void setContent(const QString &text) { m_content = text; }
    // The word gives way where room is short; the confirmation is then a tooltip.
    void setCompact(bool compact);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

  private:
    void copy();
    void showConfirmation(bool isShown);

    QString m_content;
    QTimer m_confirmation;
};

}  // namespace meerkat::ui
