// Station: paints a cell of the message table. What tells of a connection, and is no message, is muted.
#pragma once

#include "ui/cell_delegate.h"

namespace meerkat::ui {

class MessageDelegate : public CellDelegate {
    Q_OBJECT
  public:
    using CellDelegate::CellDelegate;

  protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
    QColor inkOf(const QStyleOptionViewItem &cell, const QModelIndex &index) const override;
};

}  // namespace meerkat::ui
