#include "ui/widgets/tab_row.h"

#include "ui/theme.h"

#include <QPainter>

namespace meerkat::ui {
namespace {

constexpr int kLine = 3;
constexpr qreal kRadius = 4;

}  // namespace

// Where the names do not fit, buttons scroll them: a cut name would say less than one that is out of sight.
TabRow::TabRow(QWidget *parent) : QTabBar(parent) {
    setDrawBase(false);
    setExpanding(false);
    setUsesScrollButtons(true);
    setElideMode(Qt::ElideNone);
    setAttribute(Qt::WA_Hover);
}

QSize TabRow::tabSizeHint(int index) const {
    // As wide as the current one, which is written in bold, so that no other moves when it is chosen.
    const QFontMetrics bold(headingFont(font()));
    return {bold.size(Qt::TextShowMnemonic, tabText(index)).width() + 3 * kGrid, bold.height() + 2 * kGrid};
}

void TabRow::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(QRect(0, height() - 1, width(), 1), hairlineColour(palette()));
    for (int index = 0; index < count(); ++index)
        if (isTabVisible(index)) paintTab(painter, index);
}

void TabRow::paintTab(QPainter &painter, int index) const {
    const QRect area = tabRect(index);
    const bool isCurrent = index == currentIndex();
    const bool isHovered = underMouse() && area.contains(mapFromGlobal(QCursor::pos()));
    const QRectF inside = QRectF(area).adjusted(kGrid / 2, kGrid / 2, -kGrid / 2, -kGrid / 2 - kLine);
    if (isHovered && !isCurrent) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(mixed(palette().color(QPalette::Window), palette().color(QPalette::WindowText), 0.06));
        painter.drawRoundedRect(inside, kRadius, kRadius);
    }
    painter.setFont(isCurrent ? headingFont(font()) : font());
    painter.setPen(isCurrent ? palette().color(QPalette::WindowText) : mutedTextColour(palette()));
    painter.drawText(area.adjusted(0, 0, 0, -kLine), Qt::AlignCenter | Qt::TextShowMnemonic, tabText(index));
    if (isCurrent)
        painter.fillRect(QRect(area.left() + kGrid, area.bottom() - kLine + 1, area.width() - 2 * kGrid, kLine),
                         accentColour(palette()));
    if (isCurrent && hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(accentColour(palette()), 2));
        painter.drawRoundedRect(inside, kRadius, kRadius);
    }
}

}  // namespace meerkat::ui
