#include "ui/widgets/card.h"

#include "ui/theme.h"

#include <QPainter>

namespace meerkat::ui {

void Card::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(hairlineColour(palette()));
    painter.setBrush(cardColour(palette()));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kGrid, kGrid);
}

}  // namespace meerkat::ui
