// Station: the live table of connections with its filter and its empty state. Shows one engine_client through connection_model and connection_sort.
#pragma once

#include "ui/models/connection_model.h"
#include "ui/models/connection_sort.h"

#include <QPointer>
#include <QSet>
#include <QWidget>

class QLabel;
class QTableView;

namespace meerkat::app {
class EngineClient;
}

namespace meerkat::ui {

class DataTable;
class FilterField;

class ConnectionsTable : public QWidget {
    Q_OBJECT
  public:
    explicit ConnectionsTable(QWidget *parent = nullptr);

    void setClient(app::EngineClient *client);
    QByteArray headerState() const;
    void restoreHeader(const QByteArray &state);
    void focusFilter();
    // The selected rows, a line each, columns divided by tabs; what Ctrl+C copies.
    QString selectedText() const;
    const QTableView &view() const;
    // Takes over rows that are not a client's, for pictures and measurements.
    void showRows(const std::vector<app::ConnectionRow> &rows);

  signals:
    void headerChanged();

  private:
    void build();
    int stateWidth() const;
    int firstWidth(int column) const;
    void refresh();
    void explainEmptiness();
    QString emptyText() const;
    void keepPlace(const std::vector<app::ConnectionRow> &rows);
    QSet<quint64> selectedIds() const;
    void select(const QSet<quint64> &ids);

    QPointer<app::EngineClient> m_client;
    ConnectionModel m_model;
    ConnectionSort m_sort;
    QLabel *m_title;
    QLabel *m_count;
    FilterField *m_filter;
    DataTable *m_view;
};

}  // namespace meerkat::ui
