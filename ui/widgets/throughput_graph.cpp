#include "ui/widgets/throughput_graph.h"

#include "ui/models/format.h"
#include "ui/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace meerkat::ui {
namespace {

constexpr int kHeight = 12 * kGrid;
constexpr int kLeastHeight = 6 * kGrid;
constexpr quint64 kLeastScale = 1000;  // bytes a second: a few must not look like much

// The top of the scale: 1, 2 or 5 with noughts, so that it does not move with every second.
quint64 roundedUp(quint64 bytes) {
    for (quint64 step = kLeastScale;; step *= 10)
        for (const quint64 factor : {1u, 2u, 5u})
            if (bytes <= step * factor || step > UINT64_MAX / 100) return step * factor;
}

}  // namespace

ThroughputGraph::ThroughputGraph(QWidget *parent) : QWidget(parent), m_bytes(kSeconds, 0) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    setMaximumHeight(kHeight);
    setAccessibleName(tr("Sent in the last minutes"));
}

QSize ThroughputGraph::sizeHint() const { return {40 * kGrid, kHeight}; }

QSize ThroughputGraph::minimumSizeHint() const { return {20 * kGrid, kLeastHeight}; }

quint64 ThroughputGraph::highest() const { return *std::max_element(m_bytes.begin(), m_bytes.end()); }

// The second under way is not over: it would be a dent.
void ThroughputGraph::showTraffic(const std::vector<app::SecondOfTraffic> &seconds, std::int64_t nowSecond) {
    QVector<quint64> bytes(kSeconds, 0);
    for (const app::SecondOfTraffic &second : seconds) {
        const std::int64_t ago = nowSecond - second.second;
        if (ago >= 0 && ago < kSeconds) bytes[static_cast<qsizetype>(kSeconds - 1 - ago)] += second.bytes;
    }
    if (bytes == m_bytes) return;
    m_bytes = bytes;
    setAccessibleDescription(tr("At most %1").arg(rateText(static_cast<double>(highest()))));
    update();
}

void ThroughputGraph::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int line = fontMetrics().height();
    const QRectF area = QRectF(rect()).adjusted(0.5, line + 0.5, -0.5, -line - 2.5);
    const double scale = static_cast<double>(roundedUp(highest()));
    painter.setPen(QPen(hairlineColour(palette()), 1));
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    painter.setPen(QPen(hairlineColour(palette()), 1, Qt::DotLine));
    painter.drawLine(area.topLeft(), area.topRight());
    painter.setPen(mutedTextColour(palette()));
    // Time runs as reading does.
    const bool isMirrored = isRightToLeft();
    const auto side = [isMirrored](bool isStart) { return isStart != isMirrored ? Qt::AlignLeft : Qt::AlignRight; };
    painter.drawText(rect(), int(side(true) | Qt::AlignTop | Qt::AlignAbsolute), rateText(scale));
    painter.drawText(rect(), int(side(true) | Qt::AlignBottom | Qt::AlignAbsolute), tr("5 minutes ago"));
    painter.drawText(rect(), int(side(false) | Qt::AlignBottom | Qt::AlignAbsolute), tr("now"));
    if (highest() == 0) return;

    QPolygonF points;
    for (int i = 0; i < kSeconds; ++i) {
        const double along = area.width() * i / (kSeconds - 1);
        points << QPointF(isMirrored ? area.right() - along : area.left() + along,
                          area.bottom() - area.height() * static_cast<double>(m_bytes[i]) / scale);
    }
    QPainterPath under;
    under.moveTo(points.first().x(), area.bottom());
    for (const QPointF &point : points) under.lineTo(point);
    under.lineTo(points.last().x(), area.bottom());
    QColor fill = accentColour(palette());
    fill.setAlphaF(0.18f);
    painter.fillPath(under, fill);
    painter.setPen(QPen(accentColour(palette()), 1.5));
    painter.drawPolyline(points);
}

}  // namespace meerkat::ui
