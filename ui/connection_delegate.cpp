#include "ui/connection_delegate.h"

#include "ui/models/connection_model.h"
#include "ui/theme.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace meerkat::ui {
namespace {

constexpr int kBarHeight = 3;

}  // namespace

void ConnectionDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const {
    QStyledItemDelegate::initStyleOption(option, index);
    // A row is chosen, not a cell: no frame around one.
    option->state &= ~QStyle::State_HasFocus;
}

void ConnectionDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const {
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const bool isSelected = cell.state.testFlag(QStyle::State_Selected);
    if (isSelected) painter->fillRect(cell.rect, cell.palette.color(QPalette::Highlight));
    painter->setLayoutDirection(Qt::LayoutDirectionAuto);  // a path or a number reads from left to right everywhere
    const QRect area = cell.rect.adjusted(kGrid, 0, -kGrid, 0);
    painter->setPen(cell.palette.color(isSelected ? QPalette::HighlightedText : QPalette::Text));
    const Qt::Alignment align = QStyle::visualAlignment(cell.direction, cell.displayAlignment);
    painter->drawText(area, static_cast<int>(align) | Qt::TextSingleLine,
                      cell.fontMetrics.elidedText(cell.text, cell.textElideMode, area.width() + 1));
    if (index.column() == ConnectionModel::Sent) paintProgress(*painter, cell, index);
}

void ConnectionDelegate::paintProgress(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const {
    const QVariant progress = index.data(ConnectionModel::ProgressRole);
    if (!progress.isValid()) return;
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    const QColor ink = isSelected ? option.palette.color(QPalette::HighlightedText) : accentColour(option.palette);
    QRectF groove(option.rect.left() + kGrid, option.rect.bottom() - kBarHeight, option.rect.width() - 2 * kGrid, kBarHeight);
    QRectF done = groove;
    done.setWidth(groove.width() * progress.toDouble());
    if (option.direction == Qt::RightToLeft) done.moveRight(groove.right());
    QColor faint = ink;
    faint.setAlphaF(0.25F);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(faint);
    painter.drawRoundedRect(groove, 1.5, 1.5);
    painter.setBrush(ink);
    painter.drawRoundedRect(done, 1.5, 1.5);
    painter.restore();
}

bool ConnectionDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                                   const QModelIndex &index) {
    if (event->type() != QEvent::ToolTip) return QStyledItemDelegate::helpEvent(event, view, option, index);
    QStyleOptionViewItem filled = option;
    initStyleOption(&filled, index);
    const bool isElided = filled.fontMetrics.horizontalAdvance(filled.text) > option.rect.width() - 2 * kGrid;
    const QVariant progress = index.data(ConnectionModel::ProgressRole);
    QString text = isElided ? filled.text : QString();
    if (index.column() == ConnectionModel::Sent && progress.isValid())
        text = tr("%1 % of this answer").arg(static_cast<int>(progress.toDouble() * 100));
    QToolTip::showText(event->globalPos(), text, view);
    return true;
}

}  // namespace meerkat::ui
