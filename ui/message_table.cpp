#include "ui/message_table.h"

#include "ui/message_delegate.h"
#include "ui/models/format.h"
#include "ui/models/message_text.h"
#include "ui/theme.h"
#include "ui/widgets/card.h"
#include "ui/widgets/flat_header.h"

#include <QClipboard>
#include <QComboBox>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QScrollBar>
#include <QShortcut>
#include <QTableView>

#include <algorithm>

namespace meerkat::ui {
namespace {

constexpr int kLeastMessage = 24;  // characters; where there is less, these columns give way, the first one first
constexpr int kGiveWay[] = {MessageModel::Connection, MessageModel::Size, MessageModel::Kind};
constexpr int kLeastRows = 3;
constexpr int kMostCopied = 10'000;  // rows; more belong into a file

QComboBox *choice(const char *name, const QString &what, const QStringList &words, QWidget *parent) {
    auto *box = new QComboBox(parent);
    box->setObjectName(QString::fromLatin1(name));
    box->setAccessibleName(what);
    box->setToolTip(what);
    box->addItems(words);
    box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    box->setMinimumHeight(4 * kGrid);
    return box;
}

}  // namespace

MessageTable::MessageTable(QWidget *parent)
    : QWidget(parent), m_filter(new QLineEdit(this)),
      m_way(choice("messageWay", tr("Which way"), {tr("Both ways"), tr("Received"), tr("Sent")}, this)),
      m_sort(choice("messageKind", tr("Which kinds"),
                    {tr("All kinds"), tr("Text"), tr("Binary"), tr("Ping and pong"), tr("Opened and closed")}, this)),
      m_count(new QLabel(this)), m_view(new QTableView(this)), m_empty(new QLabel(m_view->viewport())), m_head(new QHBoxLayout) {
    buildFilter();
    m_count->setObjectName(QStringLiteral("messageCount"));
    makeMuted(*m_count);
    m_empty->setObjectName(QStringLiteral("messagesEmpty"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setTextFormat(Qt::PlainText);
    m_empty->setTextInteractionFlags(Qt::TextSelectableByMouse);  // it may have an address in it
    m_empty->setWordWrap(true);
    m_empty->setMargin(2 * kGrid);
    makeMuted(*m_empty);
    build();

    auto *copy = new QShortcut(QKeySequence::Copy, m_view, nullptr, nullptr, Qt::WidgetShortcut);
    connect(copy, &QShortcut::activated, this, &MessageTable::copySelection);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &MessageTable::currentChanged);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &MessageTable::currentChanged);
    connect(&m_model, &MessageModel::looked, this, &MessageTable::refresh);
    keepPlace();
    m_view->viewport()->installEventFilter(this);
}

void MessageTable::buildFilter() {
    m_filter->setObjectName(QStringLiteral("messageFilter"));
    m_filter->setAccessibleName(tr("Search the messages"));
    m_filter->setPlaceholderText(tr("Search"));
    m_filter->setToolTip(
        tr("Show only messages that contain this (%1)").arg(QKeySequence(QKeySequence::Find).toString(QKeySequence::NativeText)));
    makeField(*m_filter);
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(actionIcon(QStringLiteral("search")), QLineEdit::LeadingPosition);
    m_filter->setMinimumHeight(4 * kGrid);
    m_filter->setMinimumWidth(12 * kGrid);
    m_filter->setMaximumWidth(28 * kGrid);
    if (isRightToLeft()) m_filter->setAlignment(Qt::AlignRight | Qt::AlignAbsolute | Qt::AlignVCenter);
    connect(m_filter, &QLineEdit::textChanged, this, &MessageTable::applyFilter);
    connect(m_way, &QComboBox::currentIndexChanged, this, &MessageTable::applyFilter);
    connect(m_sort, &QComboBox::currentIndexChanged, this, &MessageTable::applyFilter);
}

// Measured: a time that is cut says nothing.
int MessageTable::firstWidth(int column) const {
    QStringList texts{m_model.headerData(column, Qt::Horizontal).toString()};
    if (column == MessageModel::Time) texts << QStringLiteral("00:00:00.000");
    if (column == MessageModel::Size) texts << bytesText(999'000);
    if (column == MessageModel::Connection) texts << QStringLiteral("0000");
    Message message;
    for (const bool isOutgoing : {false, true}) {
        message.isOutgoing = isOutgoing;
        if (column == MessageModel::Way) texts << messageWayText(message);
    }
    if (column == MessageModel::Kind)
        for (const auto kind : {app::MessageKind::Text, app::MessageKind::Binary, app::MessageKind::Close, app::MessageKind::Ping,
                                app::MessageKind::Pong, app::MessageKind::Opened, app::MessageKind::Lost})
            texts << messageKindText(kind);
    int widest = 0;
    for (const QString &text : texts) widest = std::max(widest, fontMetrics().horizontalAdvance(text));
    return widest + 5 * kGrid / 2;
}

void MessageTable::build() {
    m_view->setObjectName(QStringLiteral("messages"));
    m_view->setAccessibleName(tr("Messages"));
    m_view->setHorizontalHeader(new FlatHeader(m_view));
    m_view->setModel(&m_model);
    m_view->setItemDelegate(new MessageDelegate(m_view));
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setShowGrid(false);
    m_view->setFrameShape(QFrame::NoFrame);
    makeCardSurface(*m_view);
    m_view->setWordWrap(false);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setTabKeyNavigation(false);
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_view->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + kGrid + 2);
    QHeaderView *header = m_view->horizontalHeader();
    header->setSectionsMovable(true);
    header->setSectionsClickable(false);  // a log is in the order in which things happened
    header->setSortIndicatorShown(false);
    header->setMinimumSectionSize(4 * kGrid);
    for (int column = 0; column < MessageModel::kColumnCount; ++column) m_view->setColumnWidth(column, firstWidth(column));
    header->setSectionResizeMode(MessageModel::Preview, QHeaderView::Stretch);
    m_view->setMinimumHeight(header->sizeHint().height() + kLeastRows * m_view->verticalHeader()->defaultSectionSize());

    m_head->setSpacing(kGrid);
    m_head->addWidget(m_filter, 1);
    m_head->addWidget(m_way);
    m_head->addWidget(m_sort);
    m_head->addWidget(m_count);
    m_head->addStretch(1);
    auto *card = new Card(this);
    auto *frame = new QVBoxLayout(card);
    frame->setContentsMargins(2, kGrid / 2, 2, kGrid / 2);
    frame->addWidget(m_view);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kGrid);
    column->addWidget(card, 1);
}

// The newest message stays in sight where it was; elsewhere the rows that a person looks at stay where they are, though older ones go.
void MessageTable::keepPlace() {
    QScrollBar *scroll = m_view->verticalScrollBar();
    const auto note = [this, scroll] {
        m_placeBefore = scroll->value();
        m_isAtEnd = m_model.rowCount() == 0 || scroll->value() >= scroll->maximum();
    };
    connect(&m_model, &QAbstractItemModel::rowsAboutToBeInserted, this, note);
    connect(&m_model, &QAbstractItemModel::rowsAboutToBeRemoved, this, note);
    connect(&m_model, &QAbstractItemModel::modelReset, this, [this] { m_isAtEnd = true; });
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, [this] {
        if (m_isAtEnd) m_view->scrollToBottom();
    });
    connect(&m_model, &QAbstractItemModel::rowsRemoved, this, [this, scroll](const QModelIndex &, int first, int last) {
        if (m_isAtEnd) return m_view->scrollToBottom();
        scroll->setValue(m_placeBefore - (last - first + 1) * m_view->verticalHeader()->defaultSectionSize());
    });
}

void MessageTable::setLog(MessageLog *log) {
    m_model.setLog(log);
    refresh();
    m_view->scrollToBottom();
}

void MessageTable::setConnection(quint64 id) {
    m_connection = id;
    applyFilter();
}

void MessageTable::setDropped(quint64 dropped) {
    if (dropped == m_dropped) return;
    m_dropped = dropped;
    refresh();
}

void MessageTable::setEmptyText(const QString &text) {
    m_emptyText = text;
    refresh();
}

void MessageTable::applyFilter() {
    m_model.setFilter({m_filter->text(), static_cast<MessageWay>(m_way->currentIndex()),
                       static_cast<MessageSort>(m_sort->currentIndex()), m_connection});
    refresh();
}

std::optional<Message> MessageTable::current() const {
    const QModelIndex index = m_view->currentIndex();
    if (!index.isValid() || !m_model.log()) return std::nullopt;
    return m_model.message(index.row());
}

void MessageTable::focusFilter() {
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

QString MessageTable::countText() const {
    const QLocale locale;
    const int all = m_model.log() ? m_model.log()->size() : 0;
    if (all == 0) return {};
    const quint64 everything = m_model.log()->endNumber() + m_dropped;
    const QString shown = locale.toString(m_model.rowCount());
    if (m_model.isFiltering()) return tr("%1 of %2").arg(shown, locale.toString(all));
    return everything > static_cast<quint64>(all) ? tr("%1 of %2").arg(shown, locale.toString(everything)) : shown;
}

void MessageTable::refresh() {
    m_count->setText(countText());
    QStringList explanation;
    const quint64 forgotten = m_model.log() ? m_model.log()->firstNumber() : 0;
    if (forgotten > 0) explanation << tr("%1 older ones are no longer kept.").arg(QLocale().toString(forgotten));
    if (m_dropped > 0) explanation << tr("%1 came too fast to be shown.").arg(QLocale().toString(m_dropped));
    m_count->setToolTip(explanation.join(u'\n'));
    const bool isEmpty = m_model.rowCount() == 0 && !m_model.isLooking();
    const bool hasOthers = m_model.log() && m_model.log()->size() > 0;
    m_empty->setVisible(isEmpty);
    if (isEmpty) m_empty->setText(hasOthers ? tr("No message fits what is searched for here.") : m_emptyText);
    m_empty->setGeometry(m_view->viewport()->rect());
}

void MessageTable::fitColumns() {
    QHeaderView *header = m_view->horizontalHeader();
    for (const int column : kGiveWay)
        if (const int width = header->sectionSize(column); width > 0) m_widths[column] = width;
    int missing = kLeastMessage * fontMetrics().averageCharWidth() - m_view->viewport()->width();
    for (int column = 0; column < MessageModel::kColumnCount; ++column)
        if (column != MessageModel::Preview) missing += m_widths.value(column, header->sectionSize(column));
    for (const int column : kGiveWay) {
        const bool mustGo = missing > 0;
        if (mustGo) missing -= m_widths.value(column);
        if (header->isSectionHidden(column) == mustGo) continue;
        header->setSectionHidden(column, mustGo);
        if (!mustGo) header->resizeSection(column, m_widths.value(column));
    }
}

QString MessageTable::selectedText() const {
    QModelIndexList rows = m_view->selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end(), [](const QModelIndex &a, const QModelIndex &b) { return a.row() < b.row(); });
    QStringList lines;
    for (const QModelIndex &row : rows.mid(0, kMostCopied)) {
        QStringList cells;
        for (int column = 0; column < MessageModel::kColumnCount; ++column)
            cells << row.siblingAtColumn(column).data().toString();
        lines << cells.join(u'\t');
    }
    return lines.join(u'\n');
}

void MessageTable::copySelection() const {
    const QString text = selectedText();
    if (!text.isEmpty()) QGuiApplication::clipboard()->setText(text);
}

bool MessageTable::eventFilter(QObject *watched, QEvent *event) {
    if (watched == m_view->viewport() && event->type() == QEvent::Resize) {
        fitColumns();
        m_empty->setGeometry(m_view->viewport()->rect());
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace meerkat::ui
