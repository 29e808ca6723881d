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
    QStyledItemDelegate::paint(painter, option, index);
    if (index.column() != ConnectionModel::Sent) return;
    const QVariant progress = index.data(ConnectionModel::ProgressRole);
    if (!progress.isValid()) return;

    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    const QColor ink = isSelected ? option.palette.color(QPalette::HighlightedText) : accentColour(option.palette);
    QRectF groove(option.rect.left() + 4, option.rect.bottom() - kBarHeight, option.rect.width() - 8, kBarHeight);
    QRectF done = groove;
    done.setWidth(groove.width() * progress.toDouble());
    if (option.direction == Qt::RightToLeft) done.moveRight(groove.right());
    QColor faint = ink;
    faint.setAlphaF(0.25F);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(faint);
    painter->drawRoundedRect(groove, 1.5, 1.5);
    painter->setBrush(ink);
    painter->drawRoundedRect(done, 1.5, 1.5);
    painter->restore();
}

bool ConnectionDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                                   const QModelIndex &index) {
    if (event->type() != QEvent::ToolTip) return QStyledItemDelegate::helpEvent(event, view, option, index);
    QStyleOptionViewItem filled = option;
    initStyleOption(&filled, index);
    const bool isElided = sizeHint(option, index).width() > option.rect.width();
    const QVariant progress = index.data(ConnectionModel::ProgressRole);
    QString text = isElided ? filled.text : QString();
    if (index.column() == ConnectionModel::Sent && progress.isValid())
        text = tr("%1 % of this answer").arg(static_cast<int>(progress.toDouble() * 100));
    QToolTip::showText(event->globalPos(), text, view);
    return true;
}

}  // namespace meerkat::ui
