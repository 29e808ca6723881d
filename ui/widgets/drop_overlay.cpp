#include "ui/widgets/drop_overlay.h"

#include "ui/theme.h"

#include <QEvent>
#include <QPainter>

namespace meerkat::ui {

DropOverlay::DropOverlay(QWidget *page) : QWidget(page) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
    page->installEventFilter(this);
    hide();
}

bool DropOverlay::eventFilter(QObject *page, QEvent *event) {
    if (page == parent() && event->type() == QEvent::Resize) setGeometry(parentWidget()->rect());
    return false;
}

void DropOverlay::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor veil = palette().color(QPalette::Window);
    veil.setAlphaF(0.92F);
    painter.fillRect(rect(), veil);
    QPen dashes(accentColour(palette()), 2, Qt::CustomDashLine, Qt::RoundCap);
    dashes.setDashPattern({4, 4});
    painter.setPen(dashes);
    painter.drawRoundedRect(QRectF(rect()).adjusted(2 * kGrid, 2 * kGrid, -2 * kGrid, -2 * kGrid), 2 * kGrid, 2 * kGrid);
    painter.setPen(palette().color(QPalette::WindowText));
    painter.setFont(titleFont(font()));
    painter.drawText(rect(), Qt::AlignCenter, tr("Drop to serve this folder"));
}

}  // namespace meerkat::ui
