#include "ui/connection_delegate.h"

#include "ui/models/connection_model.h"
#include "ui/theme.h"

#include <QPainter>

namespace meerkat::ui {
namespace {

constexpr int kBarHeight = 3;

}  // namespace

void ConnectionDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const {
    CellDelegate::paint(painter, option, index);
    if (index.column() != ConnectionModel::Sent) return;
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    paintProgress(*painter, cell, index);
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

QString ConnectionDelegate::hintOf(const QModelIndex &index) const {
    const QVariant progress = index.data(ConnectionModel::ProgressRole);
    if (index.column() != ConnectionModel::Sent || !progress.isValid()) return {};
    return tr("%1 % of this answer").arg(static_cast<int>(progress.toDouble() * 100));
}

}  // namespace meerkat::ui
