#include "ui/models/request_filter.h"

#include "ui/models/format.h"
#include "ui/models/request_log.h"

#include <algorithm>
#include <compare>

namespace meerkat::ui {
namespace {

std::weak_ordering compare(const app::RequestRecord &a, const app::RequestRecord &b, int column) {
    switch (column) {
    case RequestLog::Client:
        return a.remoteIp <=> b.remoteIp;
    case RequestLog::Request:
        return a.target <=> b.target;
    case RequestLog::Status:
        return a.status <=> b.status;
    case RequestLog::Sent:
        return a.bytesSent <=> b.bytesSent;
    case RequestLog::Took:
        return a.durationUs <=> b.durationUs;
    default:
        return std::weak_ordering::equivalent;
    }
}

}  // namespace

RequestFilter::RequestFilter(QObject *parent) : QSortFilterProxyModel(parent) { setDynamicSortFilter(true); }

void RequestFilter::setLog(RequestLog *log) {
    m_log = log;
    setSourceModel(log);
}

void RequestFilter::setText(const QString &text) {
    m_words = text.simplified().toCaseFolded().split(u' ', Qt::SkipEmptyParts);
    invalidateFilter();
}

void RequestFilter::setStatusClass(int hundreds) {
    m_statusClass = hundreds;
    invalidateFilter();
}

void RequestFilter::setMethod(const QString &method) {
    m_method = method;
    invalidateFilter();
}

void RequestFilter::setClient(const QString &address) {
    m_client = address;
    invalidateFilter();
}

bool RequestFilter::filterAcceptsRow(int sourceRow, const QModelIndex &) const {
    if (!m_log || !isFiltering()) return true;
    const app::RequestRecord &record = m_log->record(sourceRow);
    if (m_statusClass != 0 && record.status / 100 != m_statusClass) return false;
    if (!m_method.isEmpty() && m_method != QLatin1String(record.method.data(), static_cast<qsizetype>(record.method.size())))
        return false;
    if (!m_client.isEmpty() && clientText(QString::fromStdString(record.remoteIp)) != m_client) return false;
    const QString &text = m_log->foldedText(sourceRow);
    return std::all_of(m_words.begin(), m_words.end(), [&text](const QString &word) { return text.contains(word); });
}

// Time is the order of the rows, which also settles every tie.
bool RequestFilter::lessThan(const QModelIndex &left, const QModelIndex &right) const {
    const auto order = compare(m_log->record(left.row()), m_log->record(right.row()), left.column());
    return order != 0 ? order < 0 : left.row() < right.row();
}

}  // namespace meerkat::ui
