// Station: the live table of connections with its filter and its empty state. Shows one engine_client through connection_model and connection_sort.
#pragma once

#include "ui/models/connection_model.h"
#include "ui/models/connection_sort.h"

#include <QPointer>
#include <QSet>
#include <QWidget>

class QLabel;
class QLineEdit;
class QTableView;

namespace meerkat::app {
class EngineClient;
}

namespace meerkat::ui {

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
    const QTableView &view() const { return *m_view; }
    // Takes over rows that are not a client's, for pictures and measurements.
    void showRows(const std::vector<app::ConnectionRow> &rows);

  signals:
    void headerChanged();

  protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

  private:
    void build();
    int stateWidth() const;
    int firstWidth(int column) const;
    void fitColumns();
    void refresh();
    void explainEmptiness();
    QString emptyText() const;
    void placeEmptyText();
    void copySelection() const;
    void keepPlace(const std::vector<app::ConnectionRow> &rows);
    QSet<quint64> selectedIds() const;
    void select(const QSet<quint64> &ids);

    QPointer<app::EngineClient> m_client;
    ConnectionModel m_model;
    ConnectionSort m_sort;
    QLabel *m_title;
    QLabel *m_count;
    QLineEdit *m_filter;
    QTableView *m_view;
    QLabel *m_empty;
    QHash<int, int> m_widths;  // of the columns that may be left out, as they are when shown
};

}  // namespace meerkat::ui
