// Station: puts a text on the clipboard and says so.
#pragma once

#include "ui/widgets/action_button.h"

#include <QTimer>

namespace meerkat::ui {

class CopyButton : public ActionButton {
    Q_OBJECT
  public:
    explicit CopyButton(Look look, QWidget *parent = nullptr);

    void setContent(const QString &text) { m_content = text; }

  private:
    void copy();

    QString m_content;
    QTimer m_confirmation;
};

}  // namespace meerkat::ui
