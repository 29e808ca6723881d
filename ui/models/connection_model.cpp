#include "ui/models/connection_model.h"

#include "ui/models/cell_alignment.h"
#include "ui/models/format.h"
#include "ui/models/request_text.h"

#include <QSet>

#include <algorithm>

namespace meerkat::ui {
namespace {

// More separate announcements than this cost more in the views than one for all.
constexpr int kMostRanges = 64;

// One run of neighbouring rows, both ends included.
struct Range {
    int first;
    int last;
};

QVector<Range> rangesOf(const QVector<int> &sortedRows) {
    QVector<Range> ranges;
    for (const int row : sortedRows) {
        if (!ranges.isEmpty() && ranges.back().last + 1 == row)
            ranges.back().last = row;
        else
            ranges.append({row, row});
    }
    return ranges;
}

bool looksTheSame(const app::ConnectionRow &a, const app::ConnectionRow &b) {
    return a.bytesSent == b.bytesSent && a.answerSent == b.answerSent && a.answerBytes == b.answerBytes && a.state == b.state &&
           a.status == b.status && a.method == b.method && a.target == b.target && a.remoteIp == b.remoteIp;
}

QString text(const std::string &bytes) { return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size())); }

}  // namespace

QString connectionStateText(app::ConnectionState state) {
    switch (state) {
    case app::ConnectionState::Idle:
        return ConnectionModel::tr("Waiting");
    case app::ConnectionState::Reading:
        return ConnectionModel::tr("Receiving");
    case app::ConnectionState::Handling:
        return ConnectionModel::tr("Working");
    case app::ConnectionState::Sending:
        return ConnectionModel::tr("Sending");
    case app::ConnectionState::Closing:
        return ConnectionModel::tr("Closing");
    }
    return {};
}

void ConnectionModel::update(const std::vector<app::ConnectionRow> &rows) {
    Incoming incoming;
    incoming.reserve(static_cast<qsizetype>(rows.size()));
    for (std::size_t i = 0; i < rows.size(); ++i) incoming.insert(rows[i].id, static_cast<int>(i));

    if (wouldAnnounceTooMuch(incoming)) {
        replaceAll(rows);
        return;
    }
    removeVanished(incoming);
    updateStaying(rows, incoming);
    appendNew(rows);
}

void ConnectionModel::clear() {
    if (m_rows.empty()) return;
    beginResetModel();
    m_rows.clear();
    endResetModel();
}

int ConnectionModel::rowOf(quint64 id) const {
    const auto found = std::find_if(m_rows.begin(), m_rows.end(), [id](const auto &row) { return row.id == id; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

bool ConnectionModel::wouldAnnounceTooMuch(const Incoming &incoming) const {
    int ranges = 0;
    bool previousVanished = false;
    for (const auto &row : m_rows) {
        const bool vanished = !incoming.contains(row.id);
        ranges += vanished && !previousVanished ? 1 : 0;
        previousVanished = vanished;
    }
    return ranges > kMostRanges;
}

void ConnectionModel::replaceAll(const std::vector<app::ConnectionRow> &rows) {
    beginResetModel();
    m_rows = rows;
    endResetModel();
}

void ConnectionModel::removeVanished(const Incoming &incoming) {
    int last = static_cast<int>(m_rows.size()) - 1;
    while (last >= 0) {
        if (incoming.contains(connection(last).id)) {
            --last;
            continue;
        }
        int first = last;
        while (first > 0 && !incoming.contains(connection(first - 1).id)) --first;
        beginRemoveRows({}, first, last);
        m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
        endRemoveRows();
        last = first - 1;
    }
}

void ConnectionModel::updateStaying(const std::vector<app::ConnectionRow> &rows, const Incoming &incoming) {
    QVector<int> changed;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const auto &fresh = rows[static_cast<std::size_t>(incoming.value(m_rows[i].id))];
        if (!looksTheSame(m_rows[i], fresh)) {
            changed.append(static_cast<int>(i));
            m_rows[i] = fresh;
        } else {
            m_rows[i].connectedMs = fresh.connectedMs;
            m_rows[i].requests = fresh.requests;
            m_rows[i].bytesReceived = fresh.bytesReceived;
        }
    }
    announceChanges(changed);
}

void ConnectionModel::appendNew(const std::vector<app::ConnectionRow> &rows) {
    if (rows.size() == m_rows.size()) return;
    QSet<quint64> known;
    known.reserve(static_cast<qsizetype>(m_rows.size()));
    for (const auto &row : m_rows) known.insert(row.id);

    std::vector<app::ConnectionRow> fresh;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(fresh),
                 [&known](const auto &row) { return !known.contains(row.id); });
    if (fresh.empty()) return;
    const int first = static_cast<int>(m_rows.size());
    beginInsertRows({}, first, first + static_cast<int>(fresh.size()) - 1);
    std::move(fresh.begin(), fresh.end(), std::back_inserter(m_rows));
    endInsertRows();
}

void ConnectionModel::announceChanges(const QVector<int> &changedRows) {
    if (m_rows.empty()) return;
    QVector<Range> ranges = rangesOf(changedRows);
    if (ranges.size() > kMostRanges) ranges = {{ranges.front().first, ranges.back().last}};
    for (const Range &range : ranges) emit dataChanged(index(range.first, Client), index(range.last, Sent));
    // Ages grow in every row but change nobody's order: a signal of its own spares the sorting of the whole table.
    emit dataChanged(index(0, Since), index(rowCount() - 1, Since), {Qt::DisplayRole});
}

int ConnectionModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }

int ConnectionModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : kColumnCount; }

QVariant ConnectionModel::data(const QModelIndex &index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const auto &row = connection(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return textOf(row, index.column());
    case Qt::TextAlignmentRole:
        return cellAlignment(index.column() >= Status);
    case TargetRole:
        return text(row.target);
    case ProgressRole:
        return progressOf(row);
    case IdRole:
        return QVariant::fromValue<quint64>(row.id);
    default:
        return {};
    }
}

QVariant ConnectionModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) return cellAlignment(section >= Status);
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case Client:
        return tr("Client");
    case State:
        return tr("State");
    case Request:
        return tr("Request");
    case Status:
        return tr("Status");
    case Sent:
        return tr("Sent");
    case Since:
        return tr("Since");
    default:
        return {};
    }
}

QString ConnectionModel::textOf(const app::ConnectionRow &row, int column) const {
    switch (column) {
    case Client:
        return clientText(text(row.remoteIp));
    case State:
        return connectionStateText(row.state);
    case Request:
        return requestText(row.method, row.target);
    case Status:
        return row.status > 0 ? QString::number(row.status) : QString();
    case Sent:
        return bytesText(row.bytesSent);
    case Since:
        return durationText(row.connectedMs);
    default:
        return {};
    }
}

QVariant ConnectionModel::progressOf(const app::ConnectionRow &row) const {
    if (row.answerBytes == 0 || row.state != app::ConnectionState::Sending) return {};
    return std::min(1.0, static_cast<double>(row.answerSent) / static_cast<double>(row.answerBytes));
}

}  // namespace meerkat::ui
