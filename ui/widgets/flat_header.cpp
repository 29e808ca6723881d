#include "ui/widgets/flat_header.h"

#include "ui/theme.h"

#include <QPainter>
#include <QPaintEvent>

#include <algorithm>

namespace meerkat::ui {
namespace {

constexpr int kArrow = 8;

void paintArrow(QPainter &painter, const QPointF &centre, bool pointsUp) {
    const qreal tip = pointsUp ? -2.5 : 2.5;
    const QPointF points[] = {centre + QPointF(-4, -tip), centre + QPointF(4, -tip), centre + QPointF(0, tip)};
    painter.drawPolygon(points, 3);
}

}  // namespace

FlatHeader::FlatHeader(QWidget *parent) : QHeaderView(Qt::Horizontal, parent) {
    setSectionsClickable(true);
    setHighlightSections(false);
}

QSize FlatHeader::sizeHint() const { return {QHeaderView::sizeHint().width(), fontMetrics().height() + kGrid + 4}; }

void FlatHeader::paintEvent(QPaintEvent *event) {
    {
        QPainter painter(viewport());
        painter.fillRect(event->rect(), cardColour(palette()));
        painter.setPen(hairlineColour(palette()));
        painter.drawLine(0, viewport()->height() - 1, viewport()->width(), viewport()->height() - 1);
    }
    QHeaderView::paintEvent(event);
}

void FlatHeader::paintSection(QPainter *painter, const QRect &area, int section) const {
    const bool isSorted = isSortIndicatorShown() && sortIndicatorSection() == section;
    const auto wanted = model()->headerData(section, Qt::Horizontal, Qt::TextAlignmentRole).value<Qt::Alignment>();
    const Qt::Alignment align = QStyle::visualAlignment(layoutDirection(), wanted);
    QRect text = area.adjusted(kGrid, 0, -kGrid, 0);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QColor ink = isSorted ? palette().color(QPalette::WindowText) : mutedTextColour(palette());
    if (isSorted) {
        const bool atRight = align.testFlag(Qt::AlignRight);
        const int wide = std::min(fontMetrics().horizontalAdvance(model()->headerData(section, Qt::Horizontal).toString()),
                                  text.width() - kArrow);
        const qreal x = atRight ? text.right() - wide - kArrow : text.left() + wide + kArrow;
        painter->setPen(Qt::NoPen);
        painter->setBrush(ink);
        paintArrow(*painter, {x, area.center().y() + 0.5}, sortIndicatorOrder() == Qt::AscendingOrder);
        if (wide == text.width() - kArrow) text.adjust(atRight ? kArrow : 0, 0, atRight ? 0 : -kArrow, 0);
    }
    painter->setPen(ink);
    const QString label = model()->headerData(section, Qt::Horizontal).toString();
    painter->drawText(text, static_cast<int>(align) | Qt::TextSingleLine,
                      fontMetrics().elidedText(label, Qt::ElideRight, text.width() + 1));
    painter->setPen(hairlineColour(palette()));
    if (visualIndex(section) < count() - 1) {
        const int edge = isRightToLeft() ? area.left() : area.right();
        painter->drawLine(edge, area.top() + 6, edge, area.bottom() - 6);
    }
    painter->restore();
}

}  // namespace meerkat::ui
