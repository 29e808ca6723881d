#include "ui/connections_table.h"

#include "app/engine_client.h"
#include "ui/connection_delegate.h"
#include "ui/models/format.h"
#include "ui/models/serving.h"
#include "ui/models/share_addresses.h"
#include "ui/theme.h"
#include "ui/widgets/card.h"
#include "ui/widgets/flat_header.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPersistentModelIndex>
#include <QScrollBar>
#include <QShortcut>
#include <QTableView>

#include <algorithm>

namespace meerkat::ui {
namespace {

// Widths in average characters; the request takes what is left, the state is measured.
constexpr int kCharacters[ConnectionModel::kColumnCount] = {15, 0, 24, 7, 10, 11};
constexpr int kLeastRows = 3;
constexpr int kLeastRequest = 24;  // characters; where there is less, these columns give way, the first one first
constexpr int kGiveWay[] = {ConnectionModel::Status, ConnectionModel::Since};

// A machine in no network serves none, whatever was chosen.
bool reachesOthers(const app::EngineClient &client) {
    const QVector<ShareAddress> addresses = shareAddresses(client);
    return !addresses.isEmpty() && addresses.first().reachesOthers;
}

}  // namespace

ConnectionsTable::ConnectionsTable(QWidget *parent)
    : QWidget(parent), m_sort(m_model), m_title(new QLabel(tr("Connections"), this)), m_count(new QLabel(this)),
      m_filter(new QLineEdit(this)), m_view(new QTableView(this)), m_empty(new QLabel(m_view->viewport())) {
    m_title->setFont(headingFont(font()));
    m_count->setObjectName(QStringLiteral("connectionCount"));
    makeMuted(*m_count);
    m_filter->setObjectName(QStringLiteral("connectionFilter"));
    m_filter->setAccessibleName(tr("Filter the connections"));
    m_filter->setPlaceholderText(tr("Filter"));
    m_filter->setToolTip(tr("Show only connections that contain these words (%1)")
                             .arg(QKeySequence(QKeySequence::Find).toString(QKeySequence::NativeText)));
    makeField(*m_filter);
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(actionIcon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    m_filter->setMinimumHeight(4 * kGrid);
    m_filter->setMaximumWidth(28 * kGrid);
    // What it says while empty may be written from the left all the same; it stands beside its sign.
    if (isRightToLeft()) m_filter->setAlignment(Qt::AlignRight | Qt::AlignAbsolute | Qt::AlignVCenter);
    m_empty->setObjectName(QStringLiteral("connectionsEmpty"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setTextFormat(Qt::PlainText);
    m_empty->setWordWrap(true);
    m_empty->setMargin(2 * kGrid);
    makeMuted(*m_empty);
    build();

    auto *copy = new QShortcut(QKeySequence::Copy, m_view, nullptr, nullptr, Qt::WidgetShortcut);
    connect(copy, &QShortcut::activated, this, &ConnectionsTable::copySelection);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_sort.setFilterText(text);
        explainEmptiness();
    });
    connect(m_view->horizontalHeader(), &QHeaderView::sectionResized, this, &ConnectionsTable::headerChanged);
    connect(m_view->horizontalHeader(), &QHeaderView::sectionMoved, this, &ConnectionsTable::headerChanged);
    connect(m_view->horizontalHeader(), &QHeaderView::sortIndicatorChanged, this, [this] {
        fitColumns();
        emit headerChanged();
    });
    m_view->viewport()->installEventFilter(this);
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

// A column that is left out says less than one that is cut: whole columns give way to the request, and come back with the room.
void ConnectionsTable::fitColumns() {
    QHeaderView *header = m_view->horizontalHeader();
    for (const int column : kGiveWay)
        if (const int width = header->sectionSize(column); width > 0) m_widths[column] = width;
    int missing = kLeastRequest * fontMetrics().averageCharWidth() - m_view->viewport()->width();
    for (int column = 0; column < ConnectionModel::kColumnCount; ++column)
        if (column != ConnectionModel::Request) missing += m_widths.value(column, header->sectionSize(column));
    // What the rows are in order by stays in sight as long as anything else can go.
    QVector<int> columns(std::begin(kGiveWay), std::end(kGiveWay));
    std::stable_partition(columns.begin(), columns.end(),
                          [header](int column) { return column != header->sortIndicatorSection(); });
    for (const int column : columns) {
        const bool mustGo = missing > 0;
        if (mustGo) missing -= m_widths.value(column);
        if (header->isSectionHidden(column) == mustGo) continue;
        header->setSectionHidden(column, mustGo);
        if (!mustGo) header->resizeSection(column, m_widths.value(column));
    }
}

void ConnectionsTable::build() {
    m_view->setObjectName(QStringLiteral("connections"));
    m_view->setAccessibleName(tr("Connections"));
    m_view->setHorizontalHeader(new FlatHeader(m_view));
    m_view->setModel(&m_sort);
    m_view->setItemDelegate(new ConnectionDelegate(m_view));
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setShowGrid(false);
    m_view->setFrameShape(QFrame::NoFrame);
    makeCardSurface(*m_view);
    m_view->setWordWrap(false);
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setTabKeyNavigation(false);
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_view->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + kGrid + 2);

    QHeaderView *header = m_view->horizontalHeader();
    header->setSectionsMovable(true);
    header->setMinimumSectionSize(6 * kGrid);
    for (int column = 0; column < ConnectionModel::kColumnCount; ++column) m_view->setColumnWidth(column, firstWidth(column));
    header->setSectionResizeMode(ConnectionModel::Request, QHeaderView::Stretch);
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
    auto *card = new Card(this);
    auto *frame = new QVBoxLayout(card);
    frame->setContentsMargins(2, kGrid / 2, 2, kGrid / 2);
    frame->addWidget(m_view);
    column->addWidget(card, 1);
}

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

void ConnectionsTable::restoreHeader(const QByteArray &state) {
    if (!state.isEmpty()) m_view->horizontalHeader()->restoreState(state);
    for (const int column : kGiveWay) m_view->horizontalHeader()->showSection(column);
    fitColumns();
}

void ConnectionsTable::focusFilter() {
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

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
    m_empty->setVisible(shown == 0);
    m_empty->setText(emptyText());
    placeEmptyText();
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

// A few rows are always seen, and the whole of what stands in their place: the page scrolls rather than cut them.
void ConnectionsTable::placeEmptyText() {
    const QRect area = m_view->viewport()->rect();
    const int rows = kLeastRows * m_view->verticalHeader()->defaultSectionSize();
    const int text = m_empty->isHidden() ? 0 : m_empty->heightForWidth(area.width());
    const QHeaderView *header = m_view->horizontalHeader();
    const int scrollBar = header->length() > area.width() ? m_view->horizontalScrollBar()->sizeHint().height() : 0;
    m_view->setMinimumHeight(header->sizeHint().height() + std::max(rows, text) + scrollBar);
    m_empty->setGeometry(area);
}

QString ConnectionsTable::selectedText() const {
    QModelIndexList rows = m_view->selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end(), [](const QModelIndex &a, const QModelIndex &b) { return a.row() < b.row(); });
    QStringList lines;
    for (const QModelIndex &row : rows) {
        QStringList cells;
        for (int column = 0; column < ConnectionModel::kColumnCount; ++column)
            cells << row.siblingAtColumn(column).data().toString();
        lines << cells.join(u'\t');
    }
    return lines.join(u'\n');
}

void ConnectionsTable::copySelection() const {
    const QString text = selectedText();
    if (!text.isEmpty()) QGuiApplication::clipboard()->setText(text);
}

bool ConnectionsTable::eventFilter(QObject *watched, QEvent *event) {
    if (watched == m_view->viewport() && event->type() == QEvent::Resize) {
        fitColumns();
        placeEmptyText();
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace meerkat::ui
