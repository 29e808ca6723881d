// Station: order and filter of the connections. From connection_model, to the connections table.
#pragma once

#include <QSortFilterProxyModel>

#include "app/messages.h"

namespace meerkat::ui {

class ConnectionModel;

class ConnectionSort : public QSortFilterProxyModel {
    Q_OBJECT
  public:
    explicit ConnectionSort(ConnectionModel &model, QObject *parent = nullptr);

    // Rows that contain every word of it, in the address, the state, the request or the status; case does not matter.
    void setFilterText(const QString &text);
    bool isFiltering() const { return !m_words.isEmpty(); }

  protected:
    bool filterAcceptsRow(int sourceRow, const QModelIndex &sourceParent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

  private:
    const ConnectionModel &m_model;
    QStringList m_words;
};

}  // namespace meerkat::ui
