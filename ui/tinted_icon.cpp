#include "ui/tinted_icon.h"

#include "ui/theme.h"

#include <QGuiApplication>
#include <QPainter>
#include <QPixmapCache>

#include <utility>

namespace meerkat::ui {
namespace {

// The smallest drawing that is not blown up.
QPixmap drawingFor(const QString &name, int pixels) {
    for (const int size : {16, 32, 48}) {
        if (size >= pixels || size == 48) return QPixmap(QStringLiteral(":/icons/png/%1-%2.png").arg(name).arg(size));
    }
    return {};
}

}  // namespace

TintedIcon::TintedIcon(QString name, Colour colour) : m_name(std::move(name)), m_colour(colour) {}

void TintedIcon::paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) {
    const qreal scale = painter->device()->devicePixelRatioF();
    painter->drawPixmap(rect, scaledPixmap(rect.size() * scale, mode, state, scale));
}

QPixmap TintedIcon::pixmap(const QSize &size, QIcon::Mode mode, QIcon::State) {
    const QColor colour = tint(mode);
    const QString key = QStringLiteral("meerkat:%1:%2:%3").arg(m_name).arg(size.width()).arg(colour.rgba());
    QPixmap tinted;
    if (QPixmapCache::find(key, &tinted)) return tinted;
    tinted = drawingFor(m_name, size.width());
    if (tinted.isNull()) return tinted;
    if (tinted.width() != size.width()) tinted = tinted.scaled(size, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    QPainter painter(&tinted);
    painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
    painter.fillRect(tinted.rect(), colour);
    painter.end();
    QPixmapCache::insert(key, tinted);
    return tinted;
}

QPixmap TintedIcon::scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State state, qreal scale) {
    QPixmap result = pixmap(size, mode, state);
    result.setDevicePixelRatio(scale);
    return result;
}

QSize TintedIcon::actualSize(const QSize &size, QIcon::Mode, QIcon::State) { return size; }

QIconEngine *TintedIcon::clone() const { return new TintedIcon(*this); }

QColor TintedIcon::tint(QIcon::Mode mode) const {
    const QPalette palette = QGuiApplication::palette();
    return mode == QIcon::Disabled ? palette.color(QPalette::Disabled, QPalette::ButtonText) : m_colour(palette);
}

}  // namespace meerkat::ui
