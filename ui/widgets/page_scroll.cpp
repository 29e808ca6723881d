#include "ui/widgets/page_scroll.h"

#include "ui/theme.h"

#include <QEvent>
#include <QLayout>

#include <algorithm>

namespace meerkat::ui {

PageScroll::PageScroll(QWidget *page, QWidget *parent) : QScrollArea(parent) {
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus);  // the way of the keyboard is the page's
    viewport()->setAutoFillBackground(false);
    setWidget(page);
    page->setAutoFillBackground(false);
    page->installEventFilter(this);
}

QSize PageScroll::minimumSizeHint() const { return {12 * kGrid, 8 * kGrid}; }

bool PageScroll::eventFilter(QObject *watched, QEvent *event) {
    const bool isPage = watched == widget();
    const bool handled = QScrollArea::eventFilter(watched, event);
    if (isPage && event->type() == QEvent::LayoutRequest) fitPage();
    return handled;
}

void PageScroll::resizeEvent(QResizeEvent *event) {
    QScrollArea::resizeEvent(event);
    fitPage();
}

void PageScroll::fitPage() {
    const QLayout *layout = widget()->layout();
    const QSize least = layout->totalMinimumSize();
    const int width = std::max(viewport()->width(), least.width());
    const int needed = layout->hasHeightForWidth() ? layout->totalMinimumHeightForWidth(width) : least.height();
    widget()->resize(width, std::max(viewport()->height(), needed));
}

}  // namespace meerkat::ui
