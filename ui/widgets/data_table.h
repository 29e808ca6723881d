// Station: the look and the habits of every table: flat head, one colour, rows chosen whole and copied by keyboard, and a sentence where there is no row.
#pragma once

#include <QHash>
#include <QTableView>
#include <QVector>

class QLabel;

namespace meerkat::ui {

class DataTable : public QTableView {
    Q_OBJECT
  public:
    explicit DataTable(QWidget *parent = nullptr);

    // In place of rows, while there is none.
    void setEmptyText(const QString &text);
    // `name` becomes the object name of that sentence.
    void nameEmptyText(const QString &name);
    // The chosen rows, a line each, all columns divided by tabs; what Ctrl+C copies.
    QString selectedText() const;
    // The column that takes what the others leave. Where that is less than a line of text, the columns of `giveWay` go whole, the first one first: a column that is
    // left out says less than one that is cut. What the rows are in order by goes last. They come back with the room.
    void stretch(int column, const QVector<int> &giveWay);
    // The head as it was saved; every column that gave way is tried again.
    void restoreHead(const QByteArray &state);
    // A card around it, for a layout.
    QWidget *inCard(QWidget *parent);

    void setModel(QAbstractItemModel *model) override;

  protected:
    void resizeEvent(QResizeEvent *event) override;

  private:
    void placeEmptyText();
    void fitColumns();
    void copySelection() const;

    QLabel *m_empty;
    int m_stretched = -1;
    QVector<int> m_giveWay;
    QHash<int, int> m_widths;  // of those that may give way, as they are when shown
};

}  // namespace meerkat::ui
