#include "ui/requests_page.h"

#include "app/engine_client.h"
#include "ui/cell_delegate.h"
#include "ui/models/format.h"
#include "ui/models/request_log.h"
#include "ui/models/serving.h"
#include "ui/models/share_addresses.h"
#include "ui/theme.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/card.h"
#include "ui/widgets/data_table.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/filter_field.h"

#include <QAbstractItemView>
#include <QClipboard>
#include <QComboBox>
#include <QDateTime>
#include <QFileDialog>
#include <QFileInfo>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QSaveFile>
#include <QScrollBar>
#include <QThreadPool>
#include <QVBoxLayout>

namespace meerkat::ui {
namespace {

// In average characters; the request takes what is left.
constexpr int kCharacters[RequestLog::kColumnCount] = {9, 15, 24, 7, 10, 9};
constexpr int kDetailLines = 5;

struct Format {
    LogFormat format;
    const char *suffix;
    const char *words;
};
constexpr Format kFormats[] = {{LogFormat::Har, "har", QT_TRANSLATE_NOOP("meerkat::ui::RequestsPage", "HTTP archive")},
                               {LogFormat::Json, "jsonl", QT_TRANSLATE_NOOP("meerkat::ui::RequestsPage", "JSON lines")},
                               {LogFormat::Combined, "log", QT_TRANSLATE_NOOP("meerkat::ui::RequestsPage", "Combined log")}};

QString filterOf(const Format &format) {
    return QStringLiteral("%1 (*.%2)").arg(RequestsPage::tr(format.words), QLatin1String(format.suffix));
}

}  // namespace

RequestsPage::RequestsPage(QWidget *parent)
    : ServerTab(parent), m_count(new QLabel(this)), m_filter(new FilterField(this)), m_method(new QComboBox(this)),
      m_status(new QComboBox(this)), m_visitor(new ActionButton(ActionButton::Look::Plain, QStringLiteral("close"), {}, this)),
      m_pause(new ActionButton(ActionButton::Look::Plain, {}, tr("&Pause"), this)),

      m_save(new ActionButton(ActionButton::Look::Plain, {}, tr("Sa&ve…"), this)), m_table(new DataTable(this)),
      m_detailsCard(new Card(this)), m_facts(new ElidedLabel(Qt::ElideRight, m_detailsCard)),
      m_curl(new ActionButton(ActionButton::Look::Quiet, QStringLiteral("copy"), tr("As cur&l"), m_detailsCard)),
      m_details(new QPlainTextEdit(m_detailsCard)) {
    setObjectName(QStringLiteral("requestsPage"));
    m_method->addItem(tr("Any method"));
    for (const char *method : {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"})
        m_method->addItem(QLatin1String(method));
    m_status->addItem(tr("Any status"), 0);
    m_status->addItem(tr("Answered (2xx)"), 2);
    m_status->addItem(tr("Elsewhere, unchanged (3xx)"), 3);
    m_status->addItem(tr("Refused (4xx)"), 4);
    m_status->addItem(tr("Failed here (5xx)"), 5);
    nameParts();
    build();
    connectParts();
    explain();
    showDetails();
}

void RequestsPage::nameParts() {
    m_count->setObjectName(QStringLiteral("requestCount"));
    makeMuted(*m_count);
    m_filter->setObjectName(QStringLiteral("requestFilter"));
    m_filter->setAccessibleName(tr("Filter the requests"));
    m_method->setObjectName(QStringLiteral("requestMethod"));
    m_method->setAccessibleName(tr("Method"));
    m_status->setObjectName(QStringLiteral("requestStatus"));
    m_status->setAccessibleName(tr("Status"));
    m_visitor->setObjectName(QStringLiteral("requestVisitor"));
    m_visitor->setToolTip(tr("Show all visitors again"));
    m_pause->setObjectName(QStringLiteral("requestPause"));
    m_pause->setCheckable(true);
    m_pause->reserveFor({tr("&Pause"), tr("&Go on")});
    m_pause->setToolTip(tr("Hold the list still; what comes meanwhile waits"));
    m_curl->setObjectName(QStringLiteral("requestCurl"));
    m_curl->setToolTip(tr("Copy a command that asks the same again, without passwords and cookies"));
    m_save->setObjectName(QStringLiteral("requestSave"));
    m_save->setToolTip(tr("Save what is shown"));
    m_table->setObjectName(QStringLiteral("requests"));
    m_table->setAccessibleName(tr("Requests"));
    m_facts->setObjectName(QStringLiteral("requestFacts"));
    makeMuted(*m_facts);
    m_table->nameEmptyText(QStringLiteral("requestsEmpty"));
    m_details->setObjectName(QStringLiteral("requestDetails"));
    m_details->setAccessibleName(tr("What was sent with the request"));
}

void RequestsPage::build() {
    m_table->setModel(&m_rows);
    m_table->setItemDelegate(new CellDelegate(m_table));
    m_table->horizontalHeader()->setSortIndicatorClearable(true);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->sortByColumn(RequestLog::Time, Qt::AscendingOrder);
    m_table->setSortingEnabled(true);
    m_details->setReadOnly(true);
    m_details->setTabChangesFocus(true);
    m_details->setFrameShape(QFrame::NoFrame);
    m_details->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_details->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    makeCardSurface(*m_details);
    auto *frame = new QVBoxLayout(m_detailsCard);
    frame->setContentsMargins(kGrid, kGrid / 2, kGrid / 2, kGrid / 2);
    auto *factsLine = new QHBoxLayout;
    factsLine->addWidget(m_facts, 1);
    factsLine->addWidget(m_curl);
    frame->addLayout(factsLine);
    frame->addWidget(m_details);
    m_details->setFixedHeight(kDetailLines * m_details->fontMetrics().lineSpacing() + kGrid);

    auto *title = new QLabel(tr("Requests"), this);
    title->setFont(headingFont(font()));
    auto *head = new QHBoxLayout;
    head->setSpacing(kGrid);
    head->addWidget(title);
    head->addWidget(m_count, 1);
    head->addWidget(m_filter, 1);
    auto *tools = new QHBoxLayout;
    tools->setSpacing(kGrid);
    for (QComboBox *choice : {m_method, m_status}) {
        makeField(*choice);
        choice->setMinimumHeight(4 * kGrid);
        choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        choice->setMinimumContentsLength(8);
        choice->view()->setMinimumWidth(choice->view()->sizeHintForColumn(0) + 3 * kGrid);
        tools->addWidget(choice, 1);
    }
    for (QWidget *tool : {static_cast<QWidget *>(m_visitor), static_cast<QWidget *>(m_pause), static_cast<QWidget *>(m_save)})
        tools->addWidget(tool);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kGrid);
    column->addLayout(head);
    column->addLayout(tools);
    column->addWidget(m_table->inCard(this), 1);
    column->addWidget(m_detailsCard);
}

void RequestsPage::connectParts() {
    connect(m_filter, &FilterField::textChanged, this, [this](const QString &text) {
        m_rows.setText(text);
        explain();
    });
    connect(m_method, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_rows.setMethod(index == 0 ? QString() : m_method->itemText(index));
        explain();
    });
    connect(m_status, &QComboBox::currentIndexChanged, this, [this] {
        m_rows.setStatusClass(m_status->currentData().toInt());
        explain();
    });
    connect(m_visitor, &ActionButton::clicked, this, [this] {
        m_rows.setClient({});
        m_filter->setFocus();
        explain();
    });
    connect(m_pause, &ActionButton::toggled, this, [this](bool on) {
        m_pause->setText(on ? tr("&Go on") : tr("&Pause"));
        if (m_rows.log()) m_rows.log()->setPaused(on);
        explain();
    });
    connect(m_curl, &ActionButton::clicked, this, &RequestsPage::copyAsCurl);
    connect(m_save, &ActionButton::clicked, this, &RequestsPage::choosePlace);
    connect(m_table, &QWidget::customContextMenuRequested, this, &RequestsPage::showMenu);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &RequestsPage::showDetails);
    // The newest is followed by who is at the end; who looks at older ones is left in peace.
    connect(&m_rows, &QAbstractItemModel::rowsAboutToBeInserted, this, [this] {
        const QScrollBar *scroll = m_table->verticalScrollBar();
        m_isAtEnd = scroll->value() >= scroll->maximum();
    });
    connect(&m_rows, &QAbstractItemModel::rowsInserted, this, [this] {
        if (m_isAtEnd) QMetaObject::invokeMethod(m_table, &QTableView::scrollToBottom, Qt::QueuedConnection);
    });
}

void RequestsPage::setClient(app::EngineClient *client) {
    if (m_client) m_client->disconnect(this);
    if (m_rows.log()) m_rows.log()->disconnect(this);
    m_client = client;
    RequestLog *log = RequestLog::of(client);
    m_rows.setClient({});
    m_rows.setLog(log);
    if (log) {
        arrangeColumns();
        connect(log, &RequestLog::countsChanged, this, &RequestsPage::explain);
        connect(client, &app::EngineClient::stateChanged, this, &RequestsPage::explain);
        m_pause->setChecked(log->isPaused());
        m_table->scrollToBottom();
    }
    explain();
    showDetails();
}

// Once: without a log there were none.
void RequestsPage::arrangeColumns() {
    if (m_hasColumns) return;
    m_hasColumns = true;
    for (int i = 0; i < RequestLog::kColumnCount; ++i)
        m_table->setColumnWidth(i, kCharacters[i] * fontMetrics().averageCharWidth() + 2 * kGrid);
    m_table->stretch(RequestLog::Request, {RequestLog::Took, RequestLog::Time, RequestLog::Sent});
}

bool RequestsPage::focusFilter() {
    m_filter->takeFocus();
    return true;
}

const app::RequestRecord *RequestsPage::current() const {
    const QModelIndex row = m_rows.mapToSource(m_table->currentIndex());
    return row.isValid() && m_rows.log() ? &m_rows.log()->record(row.row()) : nullptr;
}

QString RequestsPage::origin() const {
    const auto addresses = m_client ? shareAddresses(*m_client) : QVector<ShareAddress>();
    QString url = addresses.isEmpty() ? QStringLiteral("http://localhost/") : addresses.first().url;
    url.chop(1);
    return url;
}

void RequestsPage::explain() {
    const RequestLog *log = m_rows.log();
    const QLocale locale;
    const quint64 all = log ? log->total() : 0;
    const auto shown = static_cast<quint64>(m_rows.rowCount());
    const QString counts = all == 0       ? QString()
                           : shown == all ? locale.toString(all)
                                          : tr("%1 of %2").arg(locale.toString(shown), locale.toString(all));
    const quint64 waiting = log && log->isPaused() ? log->waiting() : 0;
    m_count->setText(waiting == 0 ? counts : tr("%1 · %n waiting", nullptr, static_cast<int>(waiting)).arg(counts));
    m_count->setToolTip(log && log->missing() > 0
                            ? tr("The oldest are forgotten after a while, and of very many at once some are only counted.")
                            : QString());
    m_visitor->setVisible(!m_rows.client().isEmpty());
    m_visitor->setText(m_rows.client());
    m_save->setEnabled(shown > 0);
    const bool hasRows = log && log->rowCount() > 0;
    m_table->setEmptyText(hasRows ? tr("No request is like that. Clear the filter to see all.")
                          : m_client && hasListener(*m_client)
                              ? tr("Nothing was asked yet. Open the address in a browser, and each request appears here.")
                              : tr("Turn the switch on: whatever is asked of the folder then appears here."));
}

void RequestsPage::showDetails() {
    const app::RequestRecord *record = current();
    m_detailsCard->setVisible(record != nullptr);
    m_curl->setEnabled(record && !record->method.empty());
    if (!record) return;
    const QString line = QString::fromStdString(record->method + ' ' + record->target);
    QStringList facts{QLocale().toString(QDateTime::fromMSecsSinceEpoch(record->endedMs), QLocale::ShortFormat)};
    facts << clientText(QString::fromStdString(record->remoteIp)) + u':' + QString::number(record->remotePort);
    if (!record->user.empty()) facts << tr("as %1").arg(QString::fromStdString(record->user));
    if (!record->isComplete) facts << tr("the visitor left before the end");
    m_facts->setText(facts.join(QStringLiteral(" · ")));
    m_details->setPlainText(line + u'\n' + QString::fromStdString(record->headers).remove(u'\r').trimmed());
}

void RequestsPage::showMenu(const QPoint &position) {
    const app::RequestRecord *record = current();
    if (!record) return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QString client = clientText(QString::fromStdString(record->remoteIp));
    menu->addAction(tr("Only &requests of %1").arg(client), this, [this, client] {
        m_rows.setClient(client);
        explain();
    });
    menu->addAction(tr("Copy as cur&l"), this, &RequestsPage::copyAsCurl)->setEnabled(!record->method.empty());
    menu->addAction(tr("&Clear the list"), this, [this] {
        if (m_rows.log()) m_rows.log()->clear();
    });
    menu->popup(m_table->viewport()->mapToGlobal(position));
}

void RequestsPage::copyAsCurl() {
    if (const app::RequestRecord *record = current()) QGuiApplication::clipboard()->setText(curlCommand(*record, origin()));
}

void RequestsPage::choosePlace() {
    QStringList filters;
    for (const Format &format : kFormats) filters << filterOf(format);
    auto *dialog = new QFileDialog(this, tr("Save the requests that are shown"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(filters);
    dialog->setDefaultSuffix(QLatin1String(kFormats[0].suffix));
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString &filter) {
        for (const Format &format : kFormats)
            if (filter == filterOf(format)) dialog->setDefaultSuffix(QLatin1String(format.suffix));
    });
    connect(dialog, &QFileDialog::fileSelected, this, [this, dialog](const QString &path) {
        LogFormat chosen = kFormats[0].format;
        for (const Format &format : kFormats)
            if (dialog->selectedNameFilter() == filterOf(format)) chosen = format.format;
        saveTo(path, chosen);
    });
    dialog->open();
}

// Written beside the window's work: ten thousand rows take longer than a picture of the screen.
void RequestsPage::saveTo(const QString &path, LogFormat format) {
    std::vector<RequestLog::Record> records;
    records.reserve(static_cast<std::size_t>(m_rows.rowCount()));
    for (int row = 0; row < m_rows.rowCount(); ++row)
        records.push_back(m_rows.log()->shared(m_rows.mapToSource(m_rows.index(row, 0)).row()));
    QThreadPool::globalInstance()->start([page = QPointer<RequestsPage>(this), path, format, origin = origin(),
                                          records = std::move(records)] {
        std::vector<const app::RequestRecord *> all;
        for (const RequestLog::Record &record : records) all.push_back(record.get());
        const QByteArray bytes = exported(all, format, origin);
        QSaveFile file(path);
        const bool isSaved = file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit();
        const QString said =
            isSaved ? tr("%n requests are saved in %1.", nullptr, static_cast<int>(all.size())).arg(QFileInfo(path).fileName())
                    : tr("The requests were not saved: %1").arg(file.errorString());
        QMetaObject::invokeMethod(qApp, [page, said] {
            if (page) emit page->noticeTold(said);
        });
    });
}

}  // namespace meerkat::ui
