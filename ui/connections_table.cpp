#include "ui/connections_table.h"

#include "app/engine_client.h"
#include "ui/connection_delegate.h"
#include "ui/models/format.h"
#include "ui/models/serving.h"
#include "ui/models/share_addresses.h"
#include "ui/theme.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/filter_field.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPersistentModelIndex>
#include <QScrollBar>

#include <algorithm>

namespace meerkat::ui {
namespace {

// Widths in average characters; the request takes what is left, the state is measured.
constexpr int kCharacters[ConnectionModel::kColumnCount] = {15, 0, 24, 7, 10, 11};

// A machine in no network serves none, whatever was chosen.
bool reachesOthers(const app::EngineClient &client) {
    const QVector<ShareAddress> addresses = shareAddresses(client);
    return !addresses.isEmpty() && addresses.first().reachesOthers;
}

}  // namespace

ConnectionsTable::ConnectionsTable(QWidget *parent)
    : QWidget(parent), m_sort(m_model), m_title(new QLabel(tr("Connections"), this)), m_count(new QLabel(this)),
      m_filter(new FilterField(this)), m_view(new DataTable(this)) {
    m_title->setFont(headingFont(font()));
    m_count->setObjectName(QStringLiteral("connectionCount"));
    makeMuted(*m_count);
    m_filter->setObjectName(QStringLiteral("connectionFilter"));
    m_filter->setAccessibleName(tr("Filter the connections"));
    m_view->nameEmptyText(QStringLiteral("connectionsEmpty"));
    build();

    connect(m_filter, &FilterField::textChanged, this, [this](const QString &text) {
        m_sort.setFilterText(text);
        explainEmptiness();
    });
    connect(m_view->horizontalHeader(), &QHeaderView::sectionResized, this, &ConnectionsTable::headerChanged);
    connect(m_view->horizontalHeader(), &QHeaderView::sectionMoved, this, &ConnectionsTable::headerChanged);
    connect(m_view->horizontalHeader(), &QHeaderView::sortIndicatorChanged, this, &ConnectionsTable::headerChanged);
}

// The states are few words, so their room is measured; what else stands in a cell may be of any length.
int ConnectionsTable::stateWidth() const {
    int widest = 0;
    for (const auto state : {app::ConnectionState::Idle, app::ConnectionState::Reading, app::ConnectionState::Handling,
                             app::ConnectionState::Sending, app::ConnectionState::Closing})
        widest = std::max(widest, fontMetrics().horizontalAdvance(connectionStateText(state)));
    return widest + 3 * kGrid;
}

int ConnectionsTable::firstWidth(int column) const {
    const int title = fontMetrics().horizontalAdvance(m_model.headerData(column, Qt::Horizontal).toString()) + 3 * kGrid;
    const int cells = column == ConnectionModel::State ? stateWidth() : kCharacters[column] * fontMetrics().averageCharWidth();
    return std::max(title, cells);
}

void ConnectionsTable::build() {
    m_view->setObjectName(QStringLiteral("connections"));
    m_view->setAccessibleName(tr("Connections"));
    m_view->setModel(&m_sort);
    m_view->setItemDelegate(new ConnectionDelegate(m_view));

    for (int column = 0; column < ConnectionModel::kColumnCount; ++column) m_view->setColumnWidth(column, firstWidth(column));
    m_view->stretch(ConnectionModel::Request, {ConnectionModel::Status, ConnectionModel::Since});
    m_view->sortByColumn(ConnectionModel::Since, Qt::AscendingOrder);
    m_view->setSortingEnabled(true);

    auto *head = new QHBoxLayout;
    head->setSpacing(kGrid);
    head->addWidget(m_title);
    head->addWidget(m_count);
    head->addStretch(1);
    head->addWidget(m_filter, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kGrid);
    column->addLayout(head);
    column->addWidget(m_view->inCard(this), 1);
}

const QTableView &ConnectionsTable::view() const { return *m_view; }

void ConnectionsTable::setClient(app::EngineClient *client) {
    if (m_client) m_client->disconnect(this);
    m_client = client;
    m_model.clear();
    if (!client) return;
    connect(client, &app::EngineClient::snapshotChanged, this, &ConnectionsTable::refresh);
    connect(client, &app::EngineClient::stateChanged, this, &ConnectionsTable::refresh);
    connect(client, &app::EngineClient::profileChanged, this, &ConnectionsTable::refresh);
    refresh();
}

QByteArray ConnectionsTable::headerState() const { return m_view->horizontalHeader()->saveState(); }

void ConnectionsTable::restoreHeader(const QByteArray &state) { m_view->restoreHead(state); }

void ConnectionsTable::focusFilter() { m_filter->takeFocus(); }

QString ConnectionsTable::selectedText() const { return m_view->selectedText(); }

void ConnectionsTable::refresh() {
    if (m_client) showRows(m_client->snapshot().connections);
}

void ConnectionsTable::showRows(const std::vector<app::ConnectionRow> &rows) {
    keepPlace(rows);
    explainEmptiness();
}

// Rows above the ones a person looks at come and go without moving them: the first row seen is the anchor, unless the table is at its top,
// where the newest ones are wanted. A reset of the model loses the selection: it comes back by id.
void ConnectionsTable::keepPlace(const std::vector<app::ConnectionRow> &rows) {
    const QModelIndex first = m_view->indexAt({1, 0});  // lays out what has come since; the scroll bar is right only after that
    QScrollBar *scroll = m_view->verticalScrollBar();
    const bool isAtTop = scroll->value() == scroll->minimum();
    const quint64 anchor = first.data(ConnectionModel::IdRole).toULongLong();
    const int offset = first.isValid() ? m_view->visualRect(first).top() : 0;
    const QSet<quint64> selected = selectedIds();

    bool wasReset = false;
    const auto watching = connect(&m_model, &QAbstractItemModel::modelReset, this, [&wasReset] { wasReset = true; });
    m_model.update(rows);
    disconnect(watching);
    if (wasReset) select(selected);

    const int row = isAtTop || !first.isValid() ? -1 : m_model.rowOf(anchor);
    const QModelIndex kept = row < 0 ? QModelIndex() : m_sort.mapFromSource(m_model.index(row, 0));
    if (!kept.isValid()) return;
    const int movedBy = m_view->visualRect(kept).top() - offset;
    scroll->setValue(scroll->value() + movedBy);
}

QSet<quint64> ConnectionsTable::selectedIds() const {
    QSet<quint64> ids;
    for (const QModelIndex &index : m_view->selectionModel()->selectedRows())
        ids.insert(index.data(ConnectionModel::IdRole).toULongLong());
    return ids;
}

void ConnectionsTable::select(const QSet<quint64> &ids) {
    for (int row = 0; !ids.isEmpty() && row < m_sort.rowCount(); ++row) {
        const QModelIndex index = m_sort.index(row, 0);
        if (ids.contains(index.data(ConnectionModel::IdRole).toULongLong()))
            m_view->selectionModel()->select(index, QItemSelectionModel::Select | QItemSelectionModel::Rows);
    }
}

void ConnectionsTable::explainEmptiness() {
    const int all = m_model.rowCount();
    const int shown = m_sort.rowCount();
    m_count->setText(m_sort.isFiltering() ? tr("%1 of %2").arg(QLocale().toString(shown), QLocale().toString(all))
                     : all > 0            ? QLocale().toString(all)
                                          : QString());
    m_view->setEmptyText(emptyText());
}

QString ConnectionsTable::emptyText() const {
    if (m_model.rowCount() > 0) return tr("No connection contains “%1”.").arg(m_filter->text());
    if (m_client && m_client->state() == app::ServingState::Trouble)
        return tr("Nobody can open the folder while it is in trouble.");
    if (m_client && hasListener(*m_client))
        return reachesOthers(*m_client)
                   ? tr("Nobody is connected. Open the address on this or another device, and it appears here.")
                   : tr("Nobody is connected. Open the address on this computer, and it appears here.");
    return tr("Turn the switch on: whoever opens the address then appears here, with what is sent and how fast.");
}

}  // namespace meerkat::ui
