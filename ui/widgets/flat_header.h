// Station: the head of a table, flat and in the muted colour; the sorted column is said by an arrow.
#pragma once

#include <QHeaderView>

namespace meerkat::ui {

class FlatHeader : public QHeaderView {
    Q_OBJECT
  public:
    explicit FlatHeader(QWidget *parent = nullptr);

    QSize sizeHint() const override;

  protected:
    void paintEvent(QPaintEvent *event) override;
    void paintSection(QPainter *painter, const QRect &area, int section) const override;
};

}  // namespace meerkat::ui
