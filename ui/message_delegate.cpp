#include "ui/message_delegate.h"

#include "ui/models/message_model.h"
#include "ui/theme.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace meerkat::ui {

void MessageDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const {
    QStyledItemDelegate::initStyleOption(option, index);
    // A row is chosen, not a cell: no frame around one.
    option->state &= ~QStyle::State_HasFocus;
}

void MessageDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const {
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const bool isSelected = cell.state.testFlag(QStyle::State_Selected);
    if (isSelected) painter->fillRect(cell.rect, cell.palette.color(QPalette::Highlight));
    painter->setLayoutDirection(Qt::LayoutDirectionAuto);  // a message reads as it was written
    QColor ink = cell.palette.color(isSelected ? QPalette::HighlightedText : QPalette::Text);
    const bool isFrame = index.data(MessageModel::FrameRole).toBool();
    const bool isReceivedSign = index.column() == MessageModel::Way && !index.data(MessageModel::OutgoingRole).toBool();
    if (!isSelected && !isFrame) ink = mutedTextColour(cell.palette);
    if (!isSelected && isFrame && isReceivedSign) ink = accentColour(cell.palette);
    painter->setPen(ink);
    const QRect area = cell.rect.adjusted(kGrid, 0, -kGrid, 0);
    const Qt::Alignment align = QStyle::visualAlignment(cell.direction, cell.displayAlignment);
    painter->drawText(area, static_cast<int>(align) | Qt::TextSingleLine,
                      cell.fontMetrics.elidedText(cell.text, Qt::ElideRight, area.width() + 1));
}

bool MessageDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                                const QModelIndex &index) {
    if (event->type() != QEvent::ToolTip) return QStyledItemDelegate::helpEvent(event, view, option, index);
    QStyleOptionViewItem filled = option;
    initStyleOption(&filled, index);
    const bool isElided = filled.fontMetrics.horizontalAdvance(filled.text) > option.rect.width() - 2 * kGrid;
    // What a stranger wrote is no markup.
    QToolTip::showText(event->globalPos(), isElided ? filled.text.toHtmlEscaped() : QString(), view);
    return true;
}

}  // namespace meerkat::ui
