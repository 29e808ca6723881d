#include "ui/models/connection_sort.h"

#include "ui/models/connection_model.h"

#include <algorithm>
#include <compare>

namespace meerkat::ui {
namespace {

std::size_t digitsFrom(const std::string &text, std::size_t from) {
    std::size_t end = from;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    return end - from;
}

// Addresses in the order of their numbers: "10.0.0.9" before "10.0.0.10". A longer run of digits is the larger number.
std::strong_ordering compareAddresses(const std::string &a, const std::string &b) {
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size(); ++i, ++j) {
        if (const auto order = digitsFrom(a, i) <=> digitsFrom(b, j); order != 0) return order;
        if (a[i] != b[j]) return a[i] <=> b[j];
    }
    return a.size() <=> b.size();
}

std::strong_ordering compare(const app::ConnectionRow &a, const app::ConnectionRow &b, int column) {
    switch (column) {
    case ConnectionModel::Client:
        return compareAddresses(a.remoteIp, b.remoteIp);
    case ConnectionModel::State:
        return a.state <=> b.state;
    case ConnectionModel::Request:
        return a.target <=> b.target;
    case ConnectionModel::Status:
        return a.status <=> b.status;
    case ConnectionModel::Sent:
        return a.bytesSent <=> b.bytesSent;
    default:
        return std::strong_ordering::equal;
    }
}

}  // namespace

ConnectionSort::ConnectionSort(ConnectionModel &model, QObject *parent) : QSortFilterProxyModel(parent), m_model(model) {
    setSourceModel(&model);
    setDynamicSortFilter(true);
}

void ConnectionSort::setFilterText(const QString &text) {
    m_words = text.simplified().split(u' ', Qt::SkipEmptyParts);
    invalidateFilter();
}

bool ConnectionSort::filterAcceptsRow(int sourceRow, const QModelIndex &) const {
    if (m_words.isEmpty()) return true;
    QString line;
    for (const int column : {ConnectionModel::Client, ConnectionModel::State, ConnectionModel::Request, ConnectionModel::Status})
        line += m_model.index(sourceRow, column).data().toString() + u'\n';
    line += m_model.index(sourceRow, 0).data(ConnectionModel::TargetRole).toString();
    return std::all_of(m_words.begin(), m_words.end(),
                       [&line](const QString &word) { return line.contains(word, Qt::CaseInsensitive); });
}

// Compares the rows themselves: going through data() and its texts would cost most of the time of ten thousand rows.
// Age is the order of the ids, which also settles every tie, so that equal rows never swap.
bool ConnectionSort::lessThan(const QModelIndex &left, const QModelIndex &right) const {
    const auto &a = m_model.connection(left.row());
    const auto &b = m_model.connection(right.row());
    const auto order = compare(a, b, left.column());
    return order != 0 ? order < 0 : a.id > b.id;
}

}  // namespace meerkat::ui
