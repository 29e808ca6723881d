#include "ui/widgets/qr_code.h"

#include "ui/theme.h"

#include <QPainter>

#include <qrencode.h>

#include <memory>

namespace meerkat::ui {
namespace {

constexpr int kQuietZone = 4;  // modules, ISO/IEC 18004

}  // namespace

QrModules qrModules(const QString &text) {
    const QByteArray bytes = text.toUtf8();
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeString(bytes.constData(), 0, QR_ECLEVEL_M, QR_MODE_8, 1), &QRcode_free);
    QrModules modules;
    if (!code) return modules;
    modules.side = code->width;
    modules.dark.reserve(modules.side * modules.side);
    for (int i = 0; i < modules.side * modules.side; ++i) modules.dark.append((code->data[i] & 1) != 0);
    return modules;
}

QrCode::QrCode(QWidget *parent) : QAbstractButton(parent) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setCursor(Qt::PointingHandCursor);
}

void QrCode::setContent(const QString &text) {
    if (text == m_text) return;
    m_text = text;
    m_modules = qrModules(text);
    setAccessibleName(tr("QR code of %1").arg(text));
    setToolTip(tr("Point a phone's camera here. Press for a larger one."));
    updateGeometry();
    update();
}

void QrCode::setModuleSize(int pixels) {
    if (pixels == m_moduleSize) return;
    m_moduleSize = pixels;
    updateGeometry();
    update();
}

QSize QrCode::sizeHint() const {
    const int side = (m_modules.side + 2 * kQuietZone) * m_moduleSize;
    return {side, side};
}

// Black on white in every theme: many readers fail on the inverse.
void QrCode::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(Qt::white);
    painter.drawRoundedRect(rect(), kGrid / 2, kGrid / 2);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setBrush(Qt::black);
    for (int y = 0; y < m_modules.side; ++y) {
        for (int x = 0; x < m_modules.side; ++x) {
            if (m_modules.dark[y * m_modules.side + x])
                painter.drawRect((x + kQuietZone) * m_moduleSize, (y + kQuietZone) * m_moduleSize, m_moduleSize, m_moduleSize);
        }
    }
    if (!hasFocus()) return;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(accentColour(palette()), 2));
    painter.drawRoundedRect(rect().adjusted(1, 1, -1, -1), kGrid / 2, kGrid / 2);
}

}  // namespace meerkat::ui
