// Station: the WebSockets of a snapshot -> a list, "Everybody" first. From engine_client, to the WebSocket page.
// One that a person has chosen stays, as closed, until another is chosen.
#pragma once

#include "app/messages.h"

#include <QAbstractListModel>

#include <vector>

namespace meerkat::ui {

class WebSocketListModel : public QAbstractListModel {
    Q_OBJECT
  public:
    enum Role {
        IdRole = Qt::UserRole + 1,  // quint64; 0: everybody
        DetailRole,                 // "/chat · 3 messages · 12 s"
        OpenRole,                   // bool
    };

    using QAbstractListModel::QAbstractListModel;

    void update(const std::vector<app::ConnectionRow> &connections);
    void clear();
    void setChosen(quint64 id) { m_chosen = id; }

    int openCount() const;
    bool isOpen(quint64 id) const;
    int rowOf(quint64 id) const;  // -1 if it is not there
    quint64 idOf(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

  private:
    struct Row {
        quint64 id;
        QString client;
        QString target;
        QString endpoint;
        quint64 messages;
        qint64 sinceMs;
        bool isOpen;
    };
    QString detailOf(const Row &row) const;
    void removeGone(const std::vector<app::ConnectionRow> &connections);

    std::vector<Row> m_rows;  // without everybody
    quint64 m_chosen = 0;
};

}  // namespace meerkat::ui
