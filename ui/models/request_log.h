// Station: what was asked of one served folder -> a table, oldest first. From engine_client's stream, to request_filter and the Requests page.
// Bounded: of very many the oldest are forgotten, and counted. News of one drain are announced together.
#pragma once

#include "app/messages.h"

#include <QAbstractTableModel>
#include <QTimer>

#include <deque>
#include <memory>

namespace meerkat::app {
class EngineClient;
}

namespace meerkat::ui {

class RequestLog : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { Time, Client, Request, Status, Sent, Took, kColumnCount };
    static constexpr std::size_t kMostRows = 10'000;
    static constexpr std::size_t kMostBytes = 32u << 20;  // of texts

    explicit RequestLog(QObject *parent = nullptr);
    // Writes down all that this one is asked for, until it or this is gone.
    explicit RequestLog(app::EngineClient &client);
    // The client's own, which is its child; null if it has none.
    static RequestLog *of(const app::EngineClient *client);

    void add(const app::RequestRecord &record);
    // Nothing moves until it is resumed: what comes meanwhile waits.
    void setPaused(bool paused);
    bool isPaused() const { return m_isPaused; }
    std::size_t waiting() const { return m_waiting.size(); }
    void clear();

    using Record = std::shared_ptr<const app::RequestRecord>;
    const app::RequestRecord &record(int row) const { return *shared(row); }
    // Good for as long as somebody holds it: for work beside the window's.
    const Record &shared(int row) const { return m_rows[static_cast<std::size_t>(row)].record; }
    // All that can be looked for in it, folded; made when it came, since a filter asks for it at each key.
    const QString &foldedText(int row) const { return m_rows[static_cast<std::size_t>(row)].folded; }
    // Since the folder is in the list: those forgotten and those that could not be told in time too.
    quint64 total() const { return m_total + m_dropped; }
    quint64 missing() const { return total() - m_rows.size() - m_waiting.size() - m_cleared; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

  signals:
    void countsChanged();

  private:
    struct Row {
        Record record;
        QString folded;
        std::size_t bytes() const;
    };

    void show();
    void forgetOldest();
    QString textOf(const app::RequestRecord &record, int column) const;

    std::deque<Row> m_rows;
    std::deque<Row> m_waiting;  // not shown yet
    std::size_t m_bytes = 0;    // of both
    quint64 m_total = 0;        // that came here
    quint64 m_dropped = 0;      // that did not, as the engine counts them
    quint64 m_cleared = 0;
    bool m_isPaused = false;
    QTimer m_showing;  // together: a signal for each of fifty thousand a second would be all there is
};

// "0.4 ms", "12 ms", "3.1 s": how long an answer took.
QString tookText(quint64 microseconds);

}  // namespace meerkat::ui
