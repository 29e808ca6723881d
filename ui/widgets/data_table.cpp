#include "ui/widgets/data_table.h"

#include "ui/theme.h"
#include "ui/widgets/card.h"
#include "ui/widgets/flat_header.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QScrollBar>
#include <QShortcut>
#include <QVBoxLayout>

#include <algorithm>

namespace meerkat::ui {
namespace {

constexpr int kLeastRows = 3;
constexpr int kLeastStretched = 24;  // average characters

}  // namespace

DataTable::DataTable(QWidget *parent) : QTableView(parent), m_empty(new QLabel(viewport())) {
    setHorizontalHeader(new FlatHeader(this));
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setShowGrid(false);
    setFrameShape(QFrame::NoFrame);
    makeCardSurface(*this);
    setWordWrap(false);
    setTextElideMode(Qt::ElideMiddle);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setTabKeyNavigation(false);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + kGrid + 2);
    horizontalHeader()->setSectionsMovable(true);
    horizontalHeader()->setMinimumSectionSize(6 * kGrid);

    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setTextFormat(Qt::PlainText);
    m_empty->setWordWrap(true);
    m_empty->setMargin(2 * kGrid);
    makeMuted(*m_empty);
    auto *copy = new QShortcut(QKeySequence::Copy, this, nullptr, nullptr, Qt::WidgetShortcut);
    connect(copy, &QShortcut::activated, this, &DataTable::copySelection);
    connect(horizontalHeader(), &QHeaderView::sortIndicatorChanged, this, &DataTable::fitColumns);
}

void DataTable::stretch(int column, const QVector<int> &giveWay) {
    m_stretched = column;
    m_giveWay = giveWay;
    horizontalHeader()->setSectionResizeMode(column, QHeaderView::Stretch);
    fitColumns();
}

void DataTable::restoreHead(const QByteArray &state) {
    if (!state.isEmpty()) horizontalHeader()->restoreState(state);
    for (const int column : m_giveWay) horizontalHeader()->showSection(column);
    fitColumns();
}

void DataTable::fitColumns() {
    QHeaderView *header = horizontalHeader();
    if (m_stretched < 0 || header->count() <= m_stretched) return;
    for (const int column : m_giveWay)
        if (const int width = header->sectionSize(column); width > 0) m_widths[column] = width;
    int missing = kLeastStretched * fontMetrics().averageCharWidth() - viewport()->width();
    for (int column = 0; column < header->count(); ++column)
        if (column != m_stretched) missing += m_widths.value(column, header->sectionSize(column));
    QVector<int> columns = m_giveWay;
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

void DataTable::setModel(QAbstractItemModel *model) {
    if (this->model()) this->model()->disconnect(this);
    QTableView::setModel(model);
    connect(model, &QAbstractItemModel::modelReset, this, &DataTable::placeEmptyText);
    connect(model, &QAbstractItemModel::layoutChanged, this, &DataTable::placeEmptyText);
    connect(model, &QAbstractItemModel::rowsInserted, this, &DataTable::placeEmptyText);
    connect(model, &QAbstractItemModel::rowsRemoved, this, &DataTable::placeEmptyText);
}

void DataTable::nameEmptyText(const QString &name) { m_empty->setObjectName(name); }

void DataTable::setEmptyText(const QString &text) {
    if (m_empty->text() != text) m_empty->setText(text);
    placeEmptyText();
}

// A few rows are always seen, and the whole of what stands in their place: the page scrolls rather than cut them.
void DataTable::placeEmptyText() {
    m_empty->setVisible(!model() || model()->rowCount() == 0);
    const QRect area = viewport()->rect();
    const int rows = kLeastRows * verticalHeader()->defaultSectionSize();
    const int text = m_empty->isHidden() ? 0 : m_empty->heightForWidth(area.width());
    const int scrollBar = horizontalHeader()->length() > area.width() ? horizontalScrollBar()->sizeHint().height() : 0;
    setMinimumHeight(horizontalHeader()->sizeHint().height() + std::max(rows, text) + scrollBar);
    m_empty->setGeometry(area);
}

QString DataTable::selectedText() const {
    if (!selectionModel()) return {};
    QModelIndexList rows = selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end(), [](const QModelIndex &a, const QModelIndex &b) { return a.row() < b.row(); });
    QStringList lines;
    for (const QModelIndex &row : rows) {
        QStringList cells;
        for (int column = 0; column < model()->columnCount(); ++column) cells << row.siblingAtColumn(column).data().toString();
        lines << cells.join(u'\t');
    }
    return lines.join(u'\n');
}

void DataTable::copySelection() const {
    const QString text = selectedText();
    if (!text.isEmpty()) QGuiApplication::clipboard()->setText(text);
}

QWidget *DataTable::inCard(QWidget *parent) {
    auto *card = new Card(parent);
    auto *frame = new QVBoxLayout(card);
    frame->setContentsMargins(2, kGrid / 2, 2, kGrid / 2);
    frame->addWidget(this);
    return card;
}

void DataTable::resizeEvent(QResizeEvent *event) {
    QTableView::resizeEvent(event);
    fitColumns();
    placeEmptyText();
}

}  // namespace meerkat::ui
