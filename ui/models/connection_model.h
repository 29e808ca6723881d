// Station: connection rows of a snapshot -> a table. From engine_client, to connection_sort and the connections table.
// A newer snapshot is compared with what is shown, by connection id: rows stay the rows they are, so selection, scroll and order stay too.
#pragma once

#include "app/messages.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QVector>

#include <vector>

namespace meerkat::ui {

class ConnectionModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { Client, State, Request, Status, Sent, Since, kColumnCount };
    enum Role {
        ProgressRole = Qt::UserRole + 1,  // 0..1 of the answer under way; invalid if its length is not known
        IdRole,                           // quint64
        TargetRole,                       // the request target as it was sent
    };

    using QAbstractTableModel::QAbstractTableModel;

    // Takes over what is true now. When very many rows vanish at once the model resets instead of announcing each.
    void update(const std::vector<app::ConnectionRow> &rows);
    void clear();

    const app::ConnectionRow &connection(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    int rowOf(quint64 id) const;  // -1 if it is gone

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

  private:
    using Incoming = QHash<quint64, int>;

    bool wouldAnnounceTooMuch(const Incoming &incoming) const;
    void replaceAll(const std::vector<app::ConnectionRow> &rows);
    void removeVanished(const Incoming &incoming);
    void updateStaying(const std::vector<app::ConnectionRow> &rows, const Incoming &incoming);
    void appendNew(const std::vector<app::ConnectionRow> &rows);
    void announceChanges(const QVector<int> &changedRows);
    QString textOf(const app::ConnectionRow &row, int column) const;
    QVariant progressOf(const app::ConnectionRow &row) const;

    std::vector<app::ConnectionRow> m_rows;
};

QString connectionStateText(app::ConnectionState state);

}  // namespace meerkat::ui
