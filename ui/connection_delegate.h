// Station: paints a cell of the connections: the progress of an answer under its number, a tooltip where the text has no room.
#pragma once

#include <QStyledItemDelegate>

namespace meerkat::ui {

class ConnectionDelegate : public QStyledItemDelegate {
    Q_OBJECT
  public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    bool helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                   const QModelIndex &index) override;

  protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;

  private:
    void paintProgress(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const;
};

}  // namespace meerkat::ui
