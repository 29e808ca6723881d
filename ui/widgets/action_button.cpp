#include "ui/widgets/action_button.h"

#include "ui/theme.h"

#include <QMenu>
#include <QPainter>

#include <algorithm>

namespace meerkat::ui {
namespace {

constexpr int kIcon = 16;
constexpr int kPadding = kGrid + kGrid / 2;
constexpr qreal kRadius = 6;

}  // namespace

ActionButton::ActionButton(Look look, const QString &icon, const QString &text, QWidget *parent)
    : QPushButton(text, parent), m_look(look) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
    setIconName(icon);
}

void ActionButton::setIconName(const QString &icon) {
    if (icon.isEmpty())
        setIcon({});
    else
        setIcon(m_look == Look::Primary ? accentIcon(icon) : actionIcon(icon));
}

void ActionButton::setCompact(bool compact) {
    if (compact == m_isCompact) return;
    m_isCompact = compact;
    updateGeometry();
    update();
}

void ActionButton::reserveFor(const QStringList &words) {
    m_reserved = words;
    updateGeometry();
}

QSize ActionButton::sizeHint() const {
    const int height = std::max(m_look == Look::Primary ? 5 * kGrid : 4 * kGrid, fontMetrics().height() + kGrid);
    if (m_isCompact || text().isEmpty()) return {height, height};
    int widest = 0;
    for (const QString &word : m_reserved + QStringList{text()})
        widest = std::max(widest, fontMetrics().size(Qt::TextShowMnemonic, word).width());
    const int icon = this->icon().isNull() ? 0 : kIcon + kGrid;
    return {widest + icon + 2 * (m_look == Look::Primary ? 2 * kGrid : kPadding), height};
}

QColor ActionButton::ink() const {
    if (!isEnabled()) return palette().color(QPalette::Disabled, QPalette::ButtonText);
    return m_look == Look::Primary ? onAccentColour(palette()) : palette().color(QPalette::ButtonText);
}

void ActionButton::paintSurface(QPainter &painter) const {
    const bool isPrimary = m_look == Look::Primary;
    const double press = isDown() || (menu() && menu()->isVisible()) ? 0.14 : underMouse() && isEnabled() ? 0.07 : 0.0;
    const QColor ground = isPrimary ? accentColour(palette()) : cardColour(palette());
    const QColor surface = mixed(ground, isPrimary ? QColor(Qt::black) : palette().color(QPalette::WindowText), press);
    const bool isBare = m_look == Look::Quiet && press == 0.0;
    painter.setPen(m_look == Look::Plain ? QPen(mixed(ground, palette().color(QPalette::WindowText), 0.35)) : QPen(Qt::NoPen));
    painter.setBrush(isBare ? QBrush(Qt::NoBrush) : QBrush(surface));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
    if (!hasFocus()) return;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(isPrimary ? onAccentColour(palette()) : accentColour(palette()), 2));
    const int inset = isPrimary ? 3 : 1;
    painter.drawRoundedRect(QRectF(rect()).adjusted(inset, inset, -inset, -inset), kRadius - 1, kRadius - 1);
}

void ActionButton::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintSurface(painter);

    const bool hasText = !m_isCompact && !text().isEmpty();
    const int textWidth = hasText ? fontMetrics().size(Qt::TextShowMnemonic, text()).width() : 0;
    const int iconWidth = icon().isNull() ? 0 : kIcon + (hasText ? kGrid : 0);
    QRect content(0, 0, std::min(iconWidth + textWidth, width() - kGrid), height());
    content.moveCenter(rect().center());
    if (m_look == Look::Quiet && hasText) content.moveLeft(isRightToLeft() ? width() - kPadding - content.width() : kPadding);
    const QRect iconBox(isRightToLeft() ? content.right() - kIcon + 1 : content.left(), (height() - kIcon) / 2, kIcon, kIcon);
    if (!icon().isNull()) icon().paint(&painter, iconBox, Qt::AlignCenter, isEnabled() ? QIcon::Normal : QIcon::Disabled);
    if (!hasText) return;
    painter.setPen(ink());
    const QRect textBox = isRightToLeft() ? content.adjusted(0, 0, -iconWidth, 0) : content.adjusted(iconWidth, 0, 0, 0);
    painter.drawText(textBox, Qt::AlignCenter | Qt::TextShowMnemonic, text());
}

}  // namespace meerkat::ui
