// Station: one line of text that gives way in the middle when room is short, and is whole in its tooltip.
#pragma once

#include <QLabel>

namespace meerkat::ui {

class ElidedLabel : public QLabel {
    Q_OBJECT
  public:
    explicit ElidedLabel(Qt::TextElideMode mode = Qt::ElideMiddle, QWidget *parent = nullptr);

    bool isElided() const;
    QSize minimumSizeHint() const override;

  protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

  private:
    Qt::TextElideMode m_mode;
};

}  // namespace meerkat::ui
