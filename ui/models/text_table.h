// Station: a short list of texts that a person edits in place: places, answers, replies. From the WebSocket setup. Each row is a QStringList.
#pragma once

#include <QAbstractTableModel>
#include <QStringList>
#include <QVector>

namespace meerkat::ui {

class TextTable : public QAbstractTableModel {
    Q_OBJECT
  public:
    // With `isSwitched` the first column has a check box; its row is off where isOn() says so.
    TextTable(const QStringList &titles, bool isSwitched, QObject *parent = nullptr);

    struct Row {
        QStringList cells;
        bool isOn = true;
        bool operator==(const Row &) const = default;
    };
    // Does not emit edited().
    void setRows(const QVector<Row> &rows);
    const QVector<Row> &rows() const { return m_rows; }
    int add(const Row &row);  // its row
    void remove(int row);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

  signals:
    void edited();  // by add, remove or setData

  private:
    const QStringList m_titles;
    const bool m_isSwitched;
    QVector<Row> m_rows;
};

}  // namespace meerkat::ui
