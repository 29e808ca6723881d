// Station: paints a cell of a table: rows are chosen, not cells; a tooltip where the text has no room. From every DataTable; its children add what is theirs.
#pragma once

#include <QStyledItemDelegate>

namespace meerkat::ui {

class CellDelegate : public QStyledItemDelegate {
    Q_OBJECT
  public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    bool helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                   const QModelIndex &index) override;

  protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
    // Of a cell whose row is not chosen.
    virtual QColor inkOf(const QStyleOptionViewItem &cell, const QModelIndex &index) const;
    // What the tooltip says instead of the text; empty: the text, where it is cut.
    virtual QString hintOf(const QModelIndex &) const { return {}; }
};

}  // namespace meerkat::ui
