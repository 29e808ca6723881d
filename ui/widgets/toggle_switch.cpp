#include "ui/widgets/toggle_switch.h"

#include "ui/theme.h"

#include <QPainter>
#include <QStyle>

#include <algorithm>

namespace meerkat::ui {
namespace {

constexpr int kHeight = 4 * kGrid;
constexpr int kKnobMargin = 4;
constexpr int kFocusInset = 2;  // as on a button, so that the switch ends where the cards end
constexpr int kSign = 16;

}  // namespace

ToggleSwitch::ToggleSwitch(QWidget *parent) : QCheckBox(parent) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setCursor(Qt::PointingHandCursor);
    connect(this, &QCheckBox::toggled, this, &ToggleSwitch::moveKnob);
    connect(&m_animation, &QVariantAnimation::valueChanged, this, [this](const QVariant &value) {
        m_knob = value.toReal();
        update();
    });
}

void ToggleSwitch::setWords(const QString &on, const QString &off) {
    m_onWord = on;
    m_offWord = off;
    updateGeometry();
    update();
}

void ToggleSwitch::setTroubleWord(const QString &word) {
    m_troubleWord = word;
    updateGeometry();
}

void ToggleSwitch::setTrouble(bool isTrouble) {
    if (m_isTrouble == isTrouble) return;
    m_isTrouble = isTrouble;
    update();
}

void ToggleSwitch::setBusyWord(const QString &word) {
    if (m_busyWord == word) return;
    m_busyWord = word;
    update();
}

QSize ToggleSwitch::sizeHint() const {
    const QFontMetrics metrics(headingFont(font()));
    int widest = 0;
    for (const QString &one : {m_onWord, m_offWord, m_troubleWord}) widest = std::max(widest, metrics.horizontalAdvance(one));
    return {widest + kHeight + 4 * kGrid, std::max(kHeight, metrics.height() + kGrid)};
}

bool ToggleSwitch::hitButton(const QPoint &position) const { return rect().contains(position); }

void ToggleSwitch::showEvent(QShowEvent *event) {
    m_knob = isChecked() ? 1 : 0;
    QCheckBox::showEvent(event);
}

void ToggleSwitch::moveKnob() {
    const int duration = style()->styleHint(QStyle::SH_Widget_Animation_Duration, nullptr, this);
    const qreal goal = isChecked() ? 1 : 0;
    m_animation.stop();
    if (duration <= 0 || !isVisible()) {
        m_knob = goal;
        update();
        return;
    }
    m_animation.setDuration(std::min(duration, 160));
    m_animation.setStartValue(m_knob);
    m_animation.setEndValue(goal);
    m_animation.start();
}

QString ToggleSwitch::word() const {
    if (!m_busyWord.isEmpty()) return m_busyWord;
    if (m_isTrouble) return m_troubleWord;
    return isChecked() ? m_onWord : m_offWord;
}

// On a surface tinged with red the usual text is easier to read than red.
QColor ToggleSwitch::ink() const {
    return m_knob > 0.5 && !m_isTrouble ? onAccentColour(palette()) : palette().color(QPalette::WindowText);
}

void ToggleSwitch::paintBody(QPainter &painter) const {
    const QColor off = mixed(palette().color(QPalette::Window), palette().color(QPalette::WindowText), 0.16);
    const QColor trouble = troubleColour(palette());
    painter.setPen(m_isTrouble ? QPen(trouble, 1) : QPen(Qt::NoPen));
    painter.setBrush(m_isTrouble ? mixed(cardColour(palette()), trouble, 0.12) : mixed(off, accentColour(palette()), m_knob));
    const qreal line = m_isTrouble ? 0.5 : 0;
    const QRectF body = QRectF(rect()).adjusted(line, line, -line, -line);
    painter.drawRoundedRect(body, body.height() / 2, body.height() / 2);
}

// In trouble the knob is the sign of it.
void ToggleSwitch::paintKnob(QPainter &painter, const QRectF &place) const {
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_knob > 0.5 && !m_isTrouble ? ink() : cardColour(palette()));
    painter.drawEllipse(place);
    if (!m_isTrouble) return;
    QRect sign(0, 0, kSign, kSign);
    sign.moveCenter(place.center().toPoint());
    troubleIcon(QStringLiteral("warning")).paint(&painter, sign);
}

void ToggleSwitch::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF body = rect();
    const qreal diameter = body.height() - 2 * kKnobMargin;
    const qreal way = isRightToLeft() ? 1 - m_knob : m_knob;
    const qreal left = body.left() + kKnobMargin + way * (body.width() - 2 * kKnobMargin - diameter);
    paintBody(painter);
    paintKnob(painter, QRectF(left, body.top() + kKnobMargin, diameter, diameter));

    painter.setFont(headingFont(font()));
    painter.setPen(ink());
    const bool knobIsRight = way > 0.5;
    const qreal taken = diameter + 2 * kKnobMargin;
    painter.drawText(body.adjusted(knobIsRight ? kGrid : taken, 0, knobIsRight ? -taken : -kGrid, 0), Qt::AlignCenter, word());

    if (!hasFocus()) return;
    const bool isAccent = m_knob > 0.5 && !m_isTrouble;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(isAccent ? onAccentColour(palette()) : accentColour(palette()), 2));
    const QRectF ring = body.adjusted(kFocusInset, kFocusInset, -kFocusInset, -kFocusInset);
    painter.drawRoundedRect(ring, ring.height() / 2, ring.height() / 2);
}

}  // namespace meerkat::ui
