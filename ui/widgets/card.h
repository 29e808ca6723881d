// Station: a raised surface with round corners that groups what belongs together.
#pragma once

#include <QWidget>

namespace meerkat::ui {

class Card : public QWidget {
    Q_OBJECT
  public:
    using QWidget::QWidget;

  protected:
    void paintEvent(QPaintEvent *event) override;
};

}  // namespace meerkat::ui
