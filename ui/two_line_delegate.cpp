#include "ui/two_line_delegate.h"

#include "ui/theme.h"

#include <QPainter>
#include <QStyle>

namespace meerkat::ui {
namespace {

constexpr int kMark = 16;
constexpr int kPadding = kGrid;

}  // namespace

QSize TwoLineDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const {
    return {20 * kGrid, 2 * option.fontMetrics.height() + 2 * kPadding + 2};
}

void TwoLineDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setLayoutDirection(Qt::LayoutDirectionAuto);  // a path or a port reads from left to right everywhere
    paintSurface(*painter, option);

    const Lines lines = linesOf(index, option.palette);
    const QRect content = option.rect.adjusted(kPadding + 4, kPadding, -kPadding - 4, -kPadding);
    const int lineHeight = option.fontMetrics.height();
    const QRect mark = QStyle::visualRect(option.direction, content,
                                          QRect(content.left(), content.top() + (lineHeight - kMark) / 2, kMark, kMark));
    if (lines.icon.isNull())
        paintMark(*painter, mark, index, option.palette);
    else
        lines.icon.paint(painter, mark);
    paintLines(*painter, option, QStyle::visualRect(option.direction, content, content.adjusted(kMark + kGrid, 0, 0, 0)), lines);
    painter->restore();
}

void TwoLineDelegate::paintMark(QPainter &, const QRectF &, const QModelIndex &, const QPalette &) const {}

void TwoLineDelegate::paintSurface(QPainter &painter, const QStyleOptionViewItem &option) const {
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    const bool isHovered = option.state.testFlag(QStyle::State_MouseOver);
    const QRectF body = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5);
    if (isSelected || isHovered) {
        const QColor hovered = mixed(sidebarColour(option.palette), option.palette.color(QPalette::WindowText), 0.07);
        painter.setPen(Qt::NoPen);
        painter.setBrush(isSelected ? selectionColour(option.palette) : hovered);
        painter.drawRoundedRect(body, 6, 6);
    }
    if (option.state.testFlag(QStyle::State_HasFocus) && option.state.testFlag(QStyle::State_KeyboardFocusChange)) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(accentColour(option.palette), 2));
        painter.drawRoundedRect(body.adjusted(1, 1, -1, -1), 6, 6);
    }
}

void TwoLineDelegate::paintLines(QPainter &painter, const QStyleOptionViewItem &option, const QRect &area,
                                 const Lines &lines) const {
    const int lineHeight = option.fontMetrics.height();
    const auto align =
        static_cast<int>(QStyle::visualAlignment(option.direction, Qt::AlignLeft) | Qt::AlignVCenter) | Qt::TextSingleLine;
    const auto alignEnd =
        static_cast<int>(QStyle::visualAlignment(option.direction, Qt::AlignRight) | Qt::AlignVCenter) | Qt::TextSingleLine;
    const QRect first(area.left(), area.top(), area.width(), lineHeight);
    const QRect second = first.translated(0, lineHeight + 2);

    const QFont bold = headingFont(option.font);
    painter.setFont(bold);
    painter.setPen(lines.firstColour.isValid() ? lines.firstColour : option.palette.color(QPalette::WindowText));
    painter.drawText(first, align, QFontMetrics(bold).elidedText(lines.first, Qt::ElideMiddle, first.width()));

    painter.setFont(option.font);
    painter.setPen(lines.secondColour.isValid() ? lines.secondColour : mutedTextColour(option.palette));
    const int trailing = lines.trailing.isEmpty() ? 0 : option.fontMetrics.horizontalAdvance(lines.trailing) + kGrid;
    painter.drawText(second, alignEnd, lines.trailing);
    const QRect rest = QStyle::visualRect(option.direction, second, second.adjusted(0, 0, -trailing, 0));
    painter.drawText(rest, align, option.fontMetrics.elidedText(lines.second, lines.secondElide, rest.width()));
}

}  // namespace meerkat::ui
