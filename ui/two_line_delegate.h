// Station: a row of two lines with a picture, as in the list of servers and the recent folders. Painted with the palette of the view.
#pragma once

#include <QColor>
#include <QIcon>
#include <QStyledItemDelegate>

namespace meerkat::ui {

class TwoLineDelegate : public QStyledItemDelegate {
    Q_OBJECT
  public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

  protected:
    struct Lines {
        QString first;
        QString second;
        Qt::TextElideMode secondElide = Qt::ElideMiddle;
        QString trailing;     // at the end of the second line, never elided
        QIcon icon;           // none: paintMark() draws
        QColor firstColour;   // invalid: the text colour
        QColor secondColour;  // invalid: the muted one
    };
    virtual Lines linesOf(const QModelIndex &index, const QPalette &palette) const = 0;
    // Draws a mark into the square before the lines when there is no icon.
    virtual void paintMark(QPainter &painter, const QRectF &square, const QModelIndex &index, const QPalette &palette) const;

  private:
    void paintSurface(QPainter &painter, const QStyleOptionViewItem &option) const;
    void paintLines(QPainter &painter, const QStyleOptionViewItem &option, const QRect &area, const Lines &lines) const;
};

}  // namespace meerkat::ui
