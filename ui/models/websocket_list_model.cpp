#include "ui/models/websocket_list_model.h"

#include "app/shown_name.h"
#include "ui/models/format.h"
#include "ui/models/websocket_places.h"

#include <QHash>
#include <QLocale>

#include <algorithm>

namespace meerkat::ui {

namespace {

QString text(const std::string &bytes) { return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size())); }

QString clientOf(const app::ConnectionRow &row) {
    const QString ip = clientText(text(row.remoteIp));
    return (ip.contains(u':') ? QStringLiteral("[%1]:%2") : QStringLiteral("%1:%2")).arg(ip).arg(row.remotePort);
}

}  // namespace

void WebSocketListModel::update(const std::vector<app::ConnectionRow> &connections) {
    removeGone(connections);
    QHash<quint64, std::size_t> places;
    for (std::size_t i = 0; i < m_rows.size(); ++i) places.insert(m_rows[i].id, i);
    std::vector<Row> fresh;
    for (const app::ConnectionRow &each : connections) {
        if (!each.isWebSocket) continue;
        Row row{each.id, clientOf(each), app::plainText(text(each.target)), text(each.endpoint), each.requests, each.connectedMs,
                true};
        if (const auto place = places.constFind(each.id); place != places.constEnd())
            m_rows[*place] = std::move(row);
        else
            fresh.push_back(std::move(row));
    }
    if (!fresh.empty()) {
        std::sort(fresh.begin(), fresh.end(), [](const Row &a, const Row &b) { return a.id < b.id; });
        beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(fresh.size()) - 1);
        std::move(fresh.begin(), fresh.end(), std::back_inserter(m_rows));
        endInsertRows();
    }
    emit dataChanged(index(0), index(rowCount() - 1));
}

void WebSocketListModel::removeGone(const std::vector<app::ConnectionRow> &connections) {
    QHash<quint64, bool> open;
    for (const app::ConnectionRow &each : connections)
        if (each.isWebSocket) open.insert(each.id, true);
    for (int last = static_cast<int>(m_rows.size()) - 1; last >= 0; --last) {
        Row &row = m_rows[static_cast<std::size_t>(last)];
        if (open.contains(row.id)) continue;
        row.isOpen = false;
        if (row.id == m_chosen) continue;
        int first = last;
        const auto isGone = [&](int place) {
            const Row &each = m_rows[static_cast<std::size_t>(place)];
            return !open.contains(each.id) && each.id != m_chosen;
        };
        while (first > 0 && isGone(first - 1)) --first;
        beginRemoveRows({}, first + 1, last + 1);
        m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
        endRemoveRows();
        last = first;
    }
}

void WebSocketListModel::clear() {
    beginResetModel();
    m_rows.clear();
    m_chosen = 0;
    endResetModel();
}

int WebSocketListModel::openCount() const {
    return static_cast<int>(std::count_if(m_rows.begin(), m_rows.end(), [](const Row &row) { return row.isOpen; }));
}

bool WebSocketListModel::isOpen(quint64 id) const {
    return std::any_of(m_rows.begin(), m_rows.end(), [id](const Row &row) { return row.id == id && row.isOpen; });
}

int WebSocketListModel::rowOf(quint64 id) const {
    if (id == 0) return 0;
    const auto found = std::find_if(m_rows.begin(), m_rows.end(), [id](const Row &row) { return row.id == id; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin()) + 1;
}

quint64 WebSocketListModel::idOf(int row) const {
    return row < 1 || row > static_cast<int>(m_rows.size()) ? 0 : m_rows[static_cast<std::size_t>(row - 1)].id;
}

int WebSocketListModel::rowCount(const QModelIndex &parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size()) + 1;
}

QVariant WebSocketListModel::data(const QModelIndex &index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    if (index.row() == 0) {
        const int open = openCount();
        if (role == Qt::DisplayRole) return tr("Everybody");
        if (role == IdRole) return QVariant::fromValue<quint64>(0);
        if (role == OpenRole) return open > 0;
        return role == DetailRole
                   ? QVariant(open == 0 ? tr("nobody is connected") : tr("%1 connected").arg(QLocale().toString(open)))
                   : QVariant();
    }
    const Row &row = m_rows[static_cast<std::size_t>(index.row() - 1)];
    switch (role) {
    case Qt::DisplayRole:
        return row.client;
    case Qt::ToolTipRole:
        return tr("No. %1, %2\n%3").arg(QString::number(row.id), row.client, detailOf(row));
    case Qt::AccessibleTextRole:
        return tr("No. %1, %2, %3").arg(QString::number(row.id), row.client, detailOf(row));
    case IdRole:
        return row.id;
    case DetailRole:
        return detailOf(row);
    case OpenRole:
        return row.isOpen;
    default:
        return {};
    }
}

QString WebSocketListModel::detailOf(const Row &row) const {
    const QString number = tr("No. %1").arg(row.id);
    if (!row.isOpen) return tr("%1 · closed").arg(number);
    return QStringList{number, row.target, durationText(row.sinceMs)}.join(QStringLiteral(" · "));
}

}  // namespace meerkat::ui
