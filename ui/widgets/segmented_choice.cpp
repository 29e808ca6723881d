#include "ui/widgets/segmented_choice.h"

#include "ui/theme.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QPainterPath>
#include <QRadioButton>

namespace meerkat::ui {
namespace {

constexpr int kIconSize = 16;
constexpr qreal kRadius = 6;

class Segment : public QRadioButton {
  public:
    using QRadioButton::QRadioButton;

    void setCompact(bool compact) {
        m_isCompact = compact;
        updateGeometry();
        update();
    }

    QSize sizeHint() const override {
        const int icon = iconWidth();
        return {fontMetrics().size(Qt::TextShowMnemonic, text()).width() + icon + (m_isCompact ? 3 : 4) * kGrid,
                std::max(4 * kGrid, fontMetrics().height() + kGrid)};
    }
    QSize minimumSizeHint() const override { return sizeHint(); }

  protected:
    bool hitButton(const QPoint &position) const override { return rect().contains(position); }
    void paintEvent(QPaintEvent *) override;

  private:
    void paintContent(QPainter &painter, const QColor &ink) const;
    bool isEdge(bool leading) const;
    int iconWidth() const { return m_isCompact || icon().isNull() ? 0 : kIconSize + kGrid; }

    bool m_isCompact = false;
};

bool Segment::isEdge(bool leading) const {
    const QRect area = parentWidget()->contentsRect();
    return leading ? geometry().left() <= area.left() : geometry().right() >= area.right();
}

// Rounded only where the row ends, so that the segments grow together.
void Segment::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QPalette colours = palette();
    const QRectF body = QRectF(rect()).adjusted(isEdge(true) ? 0.5 : -kRadius, 0.5, isEdge(false) ? -0.5 : kRadius, -0.5);
    const QColor plain = mixed(cardColour(colours), colours.color(QPalette::WindowText), underMouse() ? 0.06 : 0.0);
    painter.setPen(isChecked() ? QPen(accentColour(colours), 1.5)
                               : QPen(mixed(cardColour(colours), colours.color(QPalette::WindowText), 0.35)));
    painter.setBrush(isChecked() ? mixed(cardColour(colours), accentColour(colours), 0.14) : plain);
    painter.drawRoundedRect(body, kRadius, kRadius);
    paintContent(painter, colours.color(QPalette::WindowText));
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(accentColour(colours), 2));
        painter.drawRoundedRect(QRectF(rect()).adjusted(3, 3, -3, -3), kRadius - 2, kRadius - 2);
    }
}

void Segment::paintContent(QPainter &painter, const QColor &ink) const {
    const int icon = iconWidth();
    const int textWidth = fontMetrics().size(Qt::TextShowMnemonic, text()).width();
    QRect content(0, 0, icon + textWidth, height());
    content.moveCenter(rect().center());
    const QRect iconBox(isRightToLeft() ? content.right() - kIconSize + 1 : content.left(), (height() - kIconSize) / 2, kIconSize,
                        kIconSize);
    if (icon > 0) this->icon().paint(&painter, iconBox);
    painter.setPen(ink);
    const QRect textBox = isRightToLeft() ? content.adjusted(0, 0, -icon, 0) : content.adjusted(icon, 0, 0, 0);
    painter.drawText(textBox, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextShowMnemonic, text());
}

}  // namespace

SegmentedChoice::SegmentedChoice(QWidget *parent) : QWidget(parent) {
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void SegmentedChoice::addChoice(const QString &name, const QString &text, const QString &icon) {
    auto *segment = new Segment(text, this);
    segment->setObjectName(name);
    if (!icon.isEmpty()) segment->setIcon(actionIcon(icon));
    segment->setAttribute(Qt::WA_Hover);
    const int index = static_cast<int>(m_segments.size());
    m_segments.push_back(segment);
    layout()->addWidget(segment);
    // Not clicked(): assistive tools toggle without a click.
    segment->setFocusPolicy(Qt::ClickFocus);
    connect(segment, &QRadioButton::toggled, this, [this, segment, index](bool on) {
        // One stop for the Tab key: the one that is chosen. From there the arrows go on.
        segment->setFocusPolicy(on ? Qt::StrongFocus : Qt::ClickFocus);
        if (on && !m_isSetting) emit chosen(index);
    });
}

void SegmentedChoice::setCompact(bool compact) {
    for (QRadioButton *segment : m_segments) static_cast<Segment *>(segment)->setCompact(compact);
    layout()->invalidate();  // who measures now must not get the widths of before
    updateGeometry();
}

int SegmentedChoice::current() const {
    for (std::size_t i = 0; i < m_segments.size(); ++i) {
        if (m_segments[i]->isChecked()) return static_cast<int>(i);
    }
    return -1;
}

void SegmentedChoice::setCurrent(int index) {
    m_isSetting = true;
    m_segments[static_cast<std::size_t>(index)]->setChecked(true);
    m_isSetting = false;
}

}  // namespace meerkat::ui
