#include "ui/models/request_log.h"

#include "app/engine_client.h"
#include "ui/models/cell_alignment.h"
#include "ui/models/format.h"
#include "ui/models/request_text.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace meerkat::ui {
namespace {

constexpr int kShowEveryMs = 100;

QString text(const std::string &bytes) { return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size())); }

QString foldedTextOf(const app::RequestRecord &record) {
    const QStringList parts{
        clientText(text(record.remoteIp)), text(record.user),   requestText(record.method, record.target), text(record.target),
        QString::number(record.status),    text(record.headers)};
    return parts.join(u'\n').toCaseFolded();
}

}  // namespace

std::size_t RequestLog::Row::bytes() const {
    const app::RequestRecord &told = *record;
    return sizeof told + told.target.size() + told.userAgent.size() + told.referer.size() + told.headers.size() +
           static_cast<std::size_t>(folded.size()) * sizeof(QChar);
}

QString tookText(quint64 microseconds) {
    const double ms = static_cast<double>(microseconds) / 1000;
    const QLocale locale;
    if (ms < 10) return RequestLog::tr("%1\u00a0ms").arg(locale.toString(ms, 'f', 1));
    if (ms < 1000) return RequestLog::tr("%1\u00a0ms").arg(locale.toString(ms, 'f', 0));
    return ms < 60'000 ? RequestLog::tr("%1\u00a0s").arg(locale.toString(ms / 1000, 'f', 1))
                       : durationText(static_cast<qint64>(ms));
}

RequestLog::RequestLog(QObject *parent) : QAbstractTableModel(parent) {
    m_showing.setSingleShot(true);
    m_showing.setInterval(kShowEveryMs);
    connect(&m_showing, &QTimer::timeout, this, &RequestLog::show);
}

RequestLog::RequestLog(app::EngineClient &client) : RequestLog(static_cast<QObject *>(&client)) {
    connect(&client, &app::EngineClient::requestHappened, this, &RequestLog::add);
    connect(&client, &app::EngineClient::snapshotChanged, this, [this, &client] {
        const quint64 dropped = client.snapshot().droppedRecords;
        if (dropped == m_dropped) return;
        m_dropped = dropped;
        emit countsChanged();
    });
}

RequestLog *RequestLog::of(const app::EngineClient *client) {
    return client ? client->findChild<RequestLog *>(QString(), Qt::FindDirectChildrenOnly) : nullptr;
}

void RequestLog::add(const app::RequestRecord &record) {
    ++m_total;
    m_waiting.push_back({std::make_shared<const app::RequestRecord>(record), foldedTextOf(record)});
    m_bytes += m_waiting.back().bytes();
    // What is shown stays as long as there is room: of those that wait the oldest go first.
    while (m_isPaused && m_waiting.size() > 1 && (m_rows.size() + m_waiting.size() > kMostRows || m_bytes > kMostBytes)) {
        m_bytes -= m_waiting.front().bytes();
        m_waiting.pop_front();
    }
    if (!m_showing.isActive()) m_showing.start();
}

void RequestLog::setPaused(bool paused) {
    m_isPaused = paused;
    if (!paused) show();
}

void RequestLog::clear() {
    beginResetModel();
    m_cleared += m_rows.size() + m_waiting.size();
    m_rows.clear();
    m_waiting.clear();
    m_bytes = 0;
    endResetModel();
    emit countsChanged();
}

void RequestLog::show() {
    if (!m_isPaused && !m_waiting.empty()) {
        forgetOldest();
        const int first = rowCount();
        beginInsertRows({}, first, first + static_cast<int>(m_waiting.size()) - 1);
        std::move(m_waiting.begin(), m_waiting.end(), std::back_inserter(m_rows));
        m_waiting.clear();
        endInsertRows();
    }
    emit countsChanged();
}

// Until what waits has room.
void RequestLog::forgetOldest() {
    std::size_t count = 0, bytes = m_bytes;
    while (count < m_rows.size() && (m_rows.size() - count + m_waiting.size() > kMostRows || bytes > kMostBytes))
        bytes -= m_rows[count++].bytes();
    if (count > 0) {
        beginRemoveRows({}, 0, static_cast<int>(count) - 1);
        m_rows.erase(m_rows.begin(), m_rows.begin() + static_cast<std::ptrdiff_t>(count));
        endRemoveRows();
    }
    while (m_waiting.size() > 1 && (m_waiting.size() > kMostRows || bytes > kMostBytes)) {
        bytes -= m_waiting.front().bytes();
        m_waiting.pop_front();
    }
    m_bytes = bytes;
}

int RequestLog::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }

int RequestLog::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : kColumnCount; }

QVariant RequestLog::data(const QModelIndex &index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    if (role == Qt::DisplayRole) return textOf(record(index.row()), index.column());
    return role == Qt::TextAlignmentRole ? cellAlignment(index.column() >= Status) : QVariant();
}

QVariant RequestLog::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) return cellAlignment(section >= Status);
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case Time:
        return tr("Time");
    case Client:
        return tr("Client");
    case Request:
        return tr("Request");
    case Status:
        return tr("Status");
    case Sent:
        return tr("Sent");
    case Took:
        return tr("Took");
    default:
        return {};
    }
}

QString RequestLog::textOf(const app::RequestRecord &record, int column) const {
    switch (column) {
    case Time:
        return QLocale().toString(QDateTime::fromMSecsSinceEpoch(record.endedMs).time(), QStringLiteral("HH:mm:ss"));
    case Client:
        return clientText(text(record.remoteIp));
    case Request:
        return record.method.empty() ? tr("not a request") : requestText(record.method, record.target);
    case Status:
        return record.status > 0 ? QString::number(record.status) : tr("left");
    case Sent:
        return bytesText(record.bytesSent);
    case Took:
        return tookText(record.durationUs);
    default:
        return {};
    }
}

}  // namespace meerkat::ui
