#include "ui/models/message_model.h"

#include "ui/models/cell_alignment.h"
#include "ui/models/format.h"
#include "ui/models/message_text.h"

#include <QElapsedTimer>

#include <algorithm>
#include <utility>
#include <vector>

namespace meerkat::ui {

namespace {

constexpr qint64 kSliceMs = 3;
constexpr int kBetweenLooks = 64;  // messages between two looks at the clock

}  // namespace

MessageModel::MessageModel(QObject *parent) : QAbstractTableModel(parent) {
    m_timer.setInterval(0);
    connect(&m_timer, &QTimer::timeout, this, &MessageModel::lookFurther);
}

void MessageModel::setLog(MessageLog *log) {
    if (log == m_log) return;
    beginResetModel();
    if (m_log) m_log->disconnect(this);
    m_log = log;
    m_found.clear();
    m_nextNumber = 0;
    m_timer.stop();
    if (m_log) {
        connect(m_log, &MessageLog::aboutToForget, this, &MessageModel::onAboutToForget);
        connect(m_log, &MessageLog::forgot, this, [this] {
            if (std::exchange(m_isRemoving, false)) endRemoveRows();
        });
        connect(m_log, &MessageLog::aboutToAppend, this, [this](int count) {
            if (!isFiltering()) beginInsertRows({}, m_log->size(), m_log->size() + count - 1);
        });
        connect(m_log, &MessageLog::appended, this, &MessageModel::onAppended);
        // It goes with its served folder.
        connect(m_log, &QObject::destroyed, this, [this] {
            beginResetModel();
            m_log = nullptr;
            m_found.clear();
            m_timer.stop();
            endResetModel();
        });
    }
    endResetModel();
    if (m_log && isFiltering()) m_timer.start();
    emit looked();
}

void MessageModel::setFilter(const MessageFilter &filter) {
    if (filter == m_filter) return;
    beginResetModel();
    m_filter = filter;
    m_matcher = MessageMatcher(filter);
    m_found.clear();
    m_nextNumber = 0;
    endResetModel();
    m_log &&isFiltering() ? m_timer.start() : m_timer.stop();
    emit looked();
}

void MessageModel::onAboutToForget(int count) {
    if (!isFiltering()) {
        m_isRemoving = true;
        beginRemoveRows({}, 0, count - 1);
        return;
    }
    const quint64 first = m_log->firstNumber() + static_cast<quint64>(count);
    const auto kept = std::lower_bound(m_found.begin(), m_found.end(), first);
    if (kept == m_found.begin()) return;
    m_isRemoving = true;
    beginRemoveRows({}, 0, static_cast<int>(kept - m_found.begin()) - 1);
    m_found.erase(m_found.begin(), kept);
}

void MessageModel::onAppended() {
    if (isFiltering())
        m_timer.start();
    else
        endInsertRows();
    emit looked();
}

void MessageModel::lookFurther() {
    QElapsedTimer clock;
    clock.start();
    std::vector<quint64> found;
    quint64 number = std::max(m_nextNumber, m_log->firstNumber());
    for (int seen = 0; number < m_log->endNumber(); ++number, ++seen) {
        if (seen % kBetweenLooks == kBetweenLooks - 1 && clock.elapsed() >= kSliceMs) break;
        if (m_matcher.accepts(m_log->at(static_cast<int>(number - m_log->firstNumber())))) found.push_back(number);
    }
    m_nextNumber = number;
    if (number == m_log->endNumber()) m_timer.stop();
    if (!found.empty()) {
        beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(found.size()) - 1);
        m_found.insert(m_found.end(), found.begin(), found.end());
        endInsertRows();
    }
    emit looked();
}

quint64 MessageModel::numberOf(int row) const {
    return isFiltering() ? m_found[static_cast<std::size_t>(row)] : m_log->firstNumber() + static_cast<quint64>(row);
}

Message MessageModel::message(int row) const { return m_log->at(static_cast<int>(numberOf(row) - m_log->firstNumber())); }

int MessageModel::rowOf(quint64 number) const {
    if (!m_log || number < m_log->firstNumber() || number >= m_log->endNumber()) return -1;
    if (!isFiltering()) return static_cast<int>(number - m_log->firstNumber());
    const auto place = std::lower_bound(m_found.begin(), m_found.end(), number);
    return place == m_found.end() || *place != number ? -1 : static_cast<int>(place - m_found.begin());
}

int MessageModel::rowCount(const QModelIndex &parent) const {
    if (parent.isValid() || !m_log) return 0;
    return isFiltering() ? static_cast<int>(m_found.size()) : m_log->size();
}

int MessageModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : kColumnCount; }

QVariant MessageModel::data(const QModelIndex &index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    switch (role) {
    case Qt::DisplayRole:
        return textOf(message(index.row()), index.column());
    case Qt::TextAlignmentRole:
        return cellAlignment(index.column() == Size || index.column() == Connection);
    case NumberRole:
        return message(index.row()).number;
    case OutgoingRole:
        return message(index.row()).isOutgoing;
    case FrameRole:
        return app::isFrame(message(index.row()).kind);
    default:
        return {};
    }
}

QString MessageModel::textOf(const Message &message, int column) const {
    switch (column) {
    case Time:
        return messageTimeText(message.atMs);
    case Way:
        return messageWayText(message);
    case Kind:
        return messageKindText(message.kind);
    case Size:
        return app::isFrame(message.kind) ? bytesText(message.payloadBytes) : QString();
    case Connection:
        return QString::number(message.connectionId);
    case Preview:
        return messagePreview(message);
    default:
        return {};
    }
}

QVariant MessageModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) return cellAlignment(section == Size || section == Connection);
    if (role == Qt::ToolTipRole && section == Connection) return tr("The number of the connection");
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case Time:
        return tr("Time");
    case Way:
        return tr("Way");
    case Kind:
        return tr("Kind");
    case Size:
        return tr("Size");
    case Connection:
        return tr("No.");
    case Preview:
        return tr("Message");
    default:
        return {};
    }
}

}  // namespace meerkat::ui
