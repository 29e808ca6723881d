// Station: paints a cell of the connections: the progress of an answer under its number.
#pragma once

#include "ui/cell_delegate.h"

namespace meerkat::ui {

class ConnectionDelegate : public CellDelegate {
    Q_OBJECT
  public:
    using CellDelegate::CellDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

  protected:
    QString hintOf(const QModelIndex &index) const override;

  private:
    void paintProgress(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const;
};

}  // namespace meerkat::ui
