#include "ui/message_delegate.h"

#include "ui/models/message_model.h"
#include "ui/theme.h"

namespace meerkat::ui {

// Of a message the beginning tells most.
void MessageDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const {
    CellDelegate::initStyleOption(option, index);
    option->textElideMode = Qt::ElideRight;
}

QColor MessageDelegate::inkOf(const QStyleOptionViewItem &cell, const QModelIndex &index) const {
    if (!index.data(MessageModel::FrameRole).toBool()) return mutedTextColour(cell.palette);
    const bool isReceivedSign = index.column() == MessageModel::Way && !index.data(MessageModel::OutgoingRole).toBool();
    return isReceivedSign ? accentColour(cell.palette) : CellDelegate::inkOf(cell, index);
}

}  // namespace meerkat::ui
