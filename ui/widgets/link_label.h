// Station: an address a person can press. Gives way in the middle when room is short; never wraps.
#pragma once

#include <QAbstractButton>

namespace meerkat::ui {

class LinkLabel : public QAbstractButton {
    Q_OBJECT
  public:
    explicit LinkLabel(QWidget *parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

  protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
};

}  // namespace meerkat::ui
