// Station: a message_log and a filter -> a table. To the message table of the WebSocket page.
// A filter goes through the log in slices of a few milliseconds, so that a million messages never hold the window up.
#pragma once

#include "ui/models/message_filter.h"

#include <QAbstractTableModel>
#include <QTimer>

#include <deque>

namespace meerkat::ui {

class MessageModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { Time, Way, Kind, Size, Connection, Preview, kColumnCount };
    enum Role {
        NumberRole = Qt::UserRole + 1,  // quint64, of the message
        OutgoingRole,                   // bool
        FrameRole,                      // bool; false: it tells of a connection
    };

    explicit MessageModel(QObject *parent = nullptr);

    // Borrowed; null: nothing is shown.
    void setLog(MessageLog *log);
    MessageLog *log() const { return m_log; }
    void setFilter(const MessageFilter &filter);
    const MessageFilter &filter() const { return m_filter; }
    bool isFiltering() const { return !m_filter.isEmpty(); }
    // The filter has not seen all of the log yet.
    bool isLooking() const { return m_timer.isActive(); }

    // Of an existing row.
    Message message(int row) const;
    quint64 numberOf(int row) const;
    // -1 if it is not shown, or forgotten.
    int rowOf(quint64 number) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

  signals:
    void looked();  // rowCount, or isLooking, may be another

  private:
    void onAboutToForget(int count);
    void onAppended();
    void lookFurther();
    QString textOf(const Message &message, int column) const;

    MessageLog *m_log = nullptr;
    MessageFilter m_filter;
    MessageMatcher m_matcher{MessageFilter{}};
    std::deque<quint64> m_found;  // numbers; only with a filter
    quint64 m_nextNumber = 0;     // that the filter has not seen
    bool m_isRemoving = false;
    QTimer m_timer;
};

}  // namespace meerkat::ui
