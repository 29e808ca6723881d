#include "ui/widgets/link_label.h"

#include "ui/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QStyle>
#include <QToolTip>

#include <algorithm>

namespace meerkat::ui {
namespace {

constexpr int kPadding = kGrid / 2;
constexpr int kSidePadding = 1;  // the text stands under what is above it
constexpr int kRounding = 2;     // advances are fractions; a hint rounded down would elide

}  // namespace

LinkLabel::LinkLabel(QWidget *parent) : QAbstractButton(parent) {
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setFocusPolicy(Qt::StrongFocus);
}

QSize LinkLabel::sizeHint() const {
    return {fontMetrics().horizontalAdvance(text()) + kRounding + 2 * kSidePadding, fontMetrics().height() + 2 * kPadding};
}

QSize LinkLabel::minimumSizeHint() const {
    const int few = fontMetrics().averageCharWidth() * 14;
    return {std::min(few, sizeHint().width()), sizeHint().height()};
}

bool LinkLabel::event(QEvent *event) {
    if (event->type() != QEvent::ToolTip) return QAbstractButton::event(event);
    const bool isElided = sizeHint().width() > width();
    QToolTip::showText(static_cast<QHelpEvent *>(event)->globalPos(), isElided ? text() : toolTip(), this);
    return true;
}

// An address reads from left to right in every language.
void LinkLabel::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    QFont underlined = font();
    underlined.setUnderline(isEnabled());
    painter.setFont(underlined);
    painter.setPen(isEnabled() ? accentColour(palette()) : mutedTextColour(palette()));
    const QRect area = rect().adjusted(kSidePadding, 0, -kSidePadding, 0);
    const QString shown = fontMetrics().elidedText(text(), Qt::ElideMiddle, area.width());
    painter.setLayoutDirection(Qt::LeftToRight);
    painter.drawText(
        area, static_cast<int>(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft) | Qt::AlignVCenter) | Qt::TextSingleLine,
        shown);
    if (!hasFocus()) return;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(accentColour(palette()), 1));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
}

}  // namespace meerkat::ui
