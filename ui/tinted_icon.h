// Station: a one-colour picture of resources/icons -> the colour of the theme in force. Made by theme, painted by every button.
#pragma once

#include <QIconEngine>
#include <QPalette>

namespace meerkat::ui {

class TintedIcon : public QIconEngine {
  public:
    using Colour = QColor (*)(const QPalette &);
    TintedIcon(QString name, Colour colour);

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override;
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override;
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State state, qreal scale) override;
    QSize actualSize(const QSize &size, QIcon::Mode mode, QIcon::State state) override;
    QIconEngine *clone() const override;

  private:
    QColor tint(QIcon::Mode mode) const;

    QString m_name;
    Colour m_colour;
};

}  // namespace meerkat::ui
