#include "ui/models/text_table.h"

namespace meerkat::ui {

TextTable::TextTable(const QStringList &titles, bool isSwitched, QObject *parent)
    : QAbstractTableModel(parent), m_titles(titles), m_isSwitched(isSwitched) {}

void TextTable::setRows(const QVector<Row> &rows) {
    if (rows == m_rows) return;
    beginResetModel();
    m_rows = rows;
    endResetModel();
}

int TextTable::add(const Row &row) {
    const int place = static_cast<int>(m_rows.size());
    beginInsertRows({}, place, place);
    m_rows.append(row);
    m_rows.last().cells.resize(m_titles.size());
    endInsertRows();
    emit edited();
    return place;
}

void TextTable::remove(int row) {
    if (row < 0 || row >= m_rows.size()) return;
    beginRemoveRows({}, row, row);
    m_rows.removeAt(row);
    endRemoveRows();
    emit edited();
}

int TextTable::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }

int TextTable::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : static_cast<int>(m_titles.size()); }

QVariant TextTable::data(const QModelIndex &index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Row &row = m_rows[index.row()];
    if (role == Qt::DisplayRole || role == Qt::EditRole || role == Qt::ToolTipRole) return row.cells.value(index.column());
    if (role == Qt::CheckStateRole && m_isSwitched && index.column() == 0) return row.isOn ? Qt::Checked : Qt::Unchecked;
    return {};
}

bool TextTable::setData(const QModelIndex &index, const QVariant &value, int role) {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return false;
    Row &row = m_rows[index.row()];
    if (role == Qt::CheckStateRole && m_isSwitched && index.column() == 0)
        row.isOn = value.toInt() == Qt::Checked;
    else if (role == Qt::EditRole)
        row.cells[index.column()] = value.toString();
    else
        return false;
    emit dataChanged(index, index);
    emit edited();
    return true;
}

Qt::ItemFlags TextTable::flags(const QModelIndex &index) const {
    if (!index.isValid()) return Qt::NoItemFlags;
    const Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsEditable | Qt::ItemNeverHasChildren;
    return m_isSwitched && index.column() == 0 ? flags | Qt::ItemIsUserCheckable : flags;
}

QVariant TextTable::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) return QVariant::fromValue(Qt::Alignment(Qt::AlignVCenter | Qt::AlignLeft));
    return role == Qt::DisplayRole ? QVariant(m_titles.value(section)) : QVariant();
}

}  // namespace meerkat::ui
