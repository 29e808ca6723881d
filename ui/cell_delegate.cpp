#include "ui/cell_delegate.h"

#include "ui/theme.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace meerkat::ui {

void CellDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const {
    QStyledItemDelegate::initStyleOption(option, index);
    // A row is chosen, not a cell: no frame around one.
    option->state &= ~QStyle::State_HasFocus;
}

QColor CellDelegate::inkOf(const QStyleOptionViewItem &cell, const QModelIndex &) const {
    return cell.palette.color(QPalette::Text);
}

void CellDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const {
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const bool isSelected = cell.state.testFlag(QStyle::State_Selected);
    if (isSelected) painter->fillRect(cell.rect, cell.palette.color(QPalette::Highlight));
    painter->setLayoutDirection(Qt::LayoutDirectionAuto);  // a path, a number or a message reads as it was written
    painter->setPen(isSelected ? cell.palette.color(QPalette::HighlightedText) : inkOf(cell, index));
    const QRect area = cell.rect.adjusted(kGrid, 0, -kGrid, 0);
    const Qt::Alignment align = QStyle::visualAlignment(cell.direction, cell.displayAlignment);
    painter->drawText(area, static_cast<int>(align) | Qt::TextSingleLine,
                      cell.fontMetrics.elidedText(cell.text, cell.textElideMode, area.width() + 1));
}

bool CellDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                             const QModelIndex &index) {
    if (event->type() != QEvent::ToolTip) return QStyledItemDelegate::helpEvent(event, view, option, index);
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const bool isCut = cell.fontMetrics.horizontalAdvance(cell.text) > option.rect.width() - 2 * kGrid;
    const QString hint = hintOf(index);
    const QString words = !hint.isEmpty() ? hint : isCut ? cell.text : QString();
    // What a stranger wrote is no markup: a tooltip would read it as such.
    QToolTip::showText(event->globalPos(), words.isEmpty() ? words : QStringLiteral("<qt>%1</qt>").arg(words.toHtmlEscaped()),
                       view);
    return true;
}

}  // namespace meerkat::ui
