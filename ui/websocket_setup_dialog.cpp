#include "ui/websocket_setup_dialog.h"

#include "app/engine_client.h"
#include "ui/models/websocket_places.h"
#include "ui/theme.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/card.h"
#include "ui/widgets/flat_header.h"
#include "ui/widgets/tab_row.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QShortcut>
#include <QSpinBox>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QTimer>

namespace meerkat::ui {
namespace {

const QString kOption = QStringLiteral("websocket_endpoints");

// What happens at a place is one of a few: chosen, not typed.
class KindDelegate : public QStyledItemDelegate {
  public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &, const QModelIndex &) const override {
        auto *box = new QComboBox(parent);
        box->addItems(placeKindTexts());
        box->setAccessibleName(WebSocketSetupDialog::tr("What happens there"));
        QTimer::singleShot(0, box, &QComboBox::showPopup);
        connect(box, &QComboBox::activated, this, [this, box] {
            auto *self = const_cast<KindDelegate *>(this);
            emit self->commitData(box);
            emit self->closeEditor(box);
        });
        return box;
    }
    void setEditorData(QWidget *editor, const QModelIndex &index) const override {
        auto *box = static_cast<QComboBox *>(editor);
        box->setCurrentIndex(static_cast<int>(placeKinds().indexOf(index.data(Qt::EditRole).toString())));
    }
    void setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const override {
        model->setData(index, placeKinds().value(static_cast<QComboBox *>(editor)->currentIndex()));
    }
    QString displayText(const QVariant &value, const QLocale &) const override { return placeKindText(value.toString()); }
};

}  // namespace

WebSocketSetupDialog::WebSocketSetupDialog(app::EngineClient &client, Section section, QWidget *parent)
    : QDialog(parent), m_client(&client), m_tabs(new TabRow(this)), m_parts(new QStackedWidget(this)),
      m_trouble(new QLabel(this)), m_memory(new QSpinBox(this)) {
    setObjectName(QStringLiteral("webSocketSetup"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("WebSocket places and answers"));
    resize(70 * kGrid, 52 * kGrid);
    m_tabs->setObjectName(QStringLiteral("setupTabs"));
    m_tabs->setAccessibleName(tr("What to set up"));
    m_trouble->setObjectName(QStringLiteral("setupTrouble"));
    m_trouble->setWordWrap(true);
    m_trouble->setTextFormat(Qt::PlainText);
    makeTrouble(*m_trouble);
    m_trouble->hide();

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(2 * kGrid, 2 * kGrid, 2 * kGrid, 2 * kGrid);
    column->setSpacing(kGrid);
    column->addWidget(m_tabs);
    column->addWidget(m_parts, 1);
    column->addWidget(m_trouble);
    m_places = addPart(
        tr("&Places"),
        tr("Paths at which programs may open a WebSocket. A path covers everything below it; ** stands for any path. The first "
           "line that fits counts."),
        QStringLiteral("places"), new TextTable({tr("Path"), tr("What happens there")}, false, this),
        {{QStringLiteral("/"), placeKinds().first()}, true});
    m_places.view->setItemDelegateForColumn(1, new KindDelegate(this));
    m_answers = addPart(
        tr("&Answers"),
        tr("Where you answer, a message that contains the first gets the second back, also while the window is hidden. The "
           "first line that fits answers."),
        QStringLiteral("answers"), new TextTable({tr("When it contains"), tr("Answer")}, true, this),
        {{QStringLiteral("ping"), QStringLiteral("pong")}, true});
    m_replies = addPart(tr("&Replies"), tr("Texts that are one click away when you write a message."), QStringLiteral("replies"),
                        new TextTable({tr("Name"), tr("Text")}, false, this), {{tr("Greeting"), QStringLiteral("hello")}, true});
    addMemory();
    connect(m_tabs, &TabRow::currentChanged, m_parts, &QStackedWidget::setCurrentIndex);
    m_tabs->setCurrentIndex(section);
    fill();
    connect(m_places.model, &TextTable::edited, this, &WebSocketSetupDialog::applyPlaces);
    connect(m_answers.model, &TextTable::edited, this, &WebSocketSetupDialog::applyReplies);
    connect(m_replies.model, &TextTable::edited, this, &WebSocketSetupDialog::applyReplies);
    connect(m_memory, &QSpinBox::valueChanged, this, &WebSocketSetupDialog::applyReplies);
    connect(&client, &QObject::destroyed, this, &QDialog::close);
}

WebSocketSetupDialog::Part WebSocketSetupDialog::addPart(const QString &title, const QString &explanation, const QString &name,
                                                         TextTable *model, const TextTable::Row &fresh) {
    auto *page = new QWidget(m_parts);
    auto *words = new QLabel(explanation, page);
    words->setWordWrap(true);
    makeMuted(*words);
    alignToReading(*words);
    auto *view = new QTableView(page);
    view->setObjectName(name);
    view->setAccessibleName(QString(title).remove(u'&'));
    view->setHorizontalHeader(new FlatHeader(view));
    view->setModel(model);
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setSelectionMode(QAbstractItemView::SingleSelection);
    view->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed |
                          QAbstractItemView::AnyKeyPressed | QAbstractItemView::SelectedClicked);
    view->setShowGrid(false);
    view->setFrameShape(QFrame::NoFrame);
    view->setTabKeyNavigation(false);
    view->verticalHeader()->hide();
    view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    view->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 2 * kGrid);
    view->horizontalHeader()->setSectionsClickable(false);
    view->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    makeCardSurface(*view);
    auto *add = new ActionButton(ActionButton::Look::Plain, QStringLiteral("add"), tr("A&dd"), page);
    add->setObjectName(name + QStringLiteral("Add"));
    auto *remove = new ActionButton(ActionButton::Look::Plain, {}, tr("Re&move"), page);
    remove->setObjectName(name + QStringLiteral("Remove"));
    remove->setEnabled(false);
    // Enter ends the editing of a cell, and no more.
    for (ActionButton *button : {add, remove}) button->setAutoDefault(false);

    auto *card = new Card(page);
    auto *frame = new QVBoxLayout(card);
    frame->setContentsMargins(2, kGrid / 2, 2, kGrid / 2);
    frame->addWidget(view);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(kGrid);
    buttons->addWidget(add);
    buttons->addWidget(remove);
    buttons->addStretch(1);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, kGrid, 0, 0);
    column->setSpacing(kGrid);
    column->addWidget(words);
    column->addWidget(card, 1);
    column->addLayout(buttons);
    m_parts->addWidget(page);
    m_tabs->addTab(title);

    connect(add, &ActionButton::clicked, this, [view, model, fresh] {
        const QModelIndex index = model->index(model->add(fresh), 0);
        view->setCurrentIndex(index);
        view->edit(index);
    });
    connect(remove, &ActionButton::clicked, this, [view, model] { model->remove(view->currentIndex().row()); });
    auto *del = new QShortcut(QKeySequence::Delete, view, nullptr, nullptr, Qt::WidgetShortcut);
    connect(del, &QShortcut::activated, remove, &ActionButton::click);
    connect(view->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [remove](const QModelIndex &current) { remove->setEnabled(current.isValid()); });
    return {model, view};
}

void WebSocketSetupDialog::addMemory() {
    m_memory->setObjectName(QStringLiteral("messageMemory"));
    m_memory->setRange(app::kLeastMessageMemory, app::kMostMessageMemory);
    m_memory->setSingleStep(16);
    m_memory->setSuffix(tr(" MiB"));
    m_memory->setKeyboardTracking(false);
    makeField(*m_memory);
    m_memory->setMinimumHeight(4 * kGrid);
    auto *words = new QLabel(tr("&Memory for messages"), this);
    words->setBuddy(m_memory);
    m_memory->setAccessibleName(tr("Memory for messages"));
    m_memory->setToolTip(tr("When it is used up, the oldest messages go first"));
    auto *close = new ActionButton(ActionButton::Look::Primary, {}, tr("D&one"), this);
    close->setObjectName(QStringLiteral("setupDone"));
    close->setAutoDefault(false);
    connect(close, &ActionButton::clicked, this, &QDialog::close);
    auto *row = new QHBoxLayout;
    row->setSpacing(kGrid);
    row->addWidget(words);
    row->addWidget(m_memory);
    row->addStretch(1);
    row->addWidget(close);
    static_cast<QVBoxLayout *>(layout())->addLayout(row);
}

void WebSocketSetupDialog::fill() {
    const app::ServerProfile &profile = m_client->profile();
    QVector<TextTable::Row> places, answers, replies;
    const auto option = profile.options.find(kOption);
    if (option != profile.options.end())
        for (const WebSocketPlace &place : placesOf(option->second)) places.append({{place.pattern, place.kind}, true});
    for (const app::ReplyRule &rule : profile.webSocket.rules) answers.append({{rule.contains, rule.answer}, rule.isOn});
    for (const app::CannedReply &reply : profile.webSocket.canned) replies.append({{reply.name, reply.text}, true});
    m_places.model->setRows(places);
    m_answers.model->setRows(answers);
    m_replies.model->setRows(replies);
    m_memory->setValue(profile.webSocket.memoryMiB);
}

// What can't be applied stays in the table with the reason below it; the others are applied.
void WebSocketSetupDialog::applyPlaces() {
    if (!m_client) return;
    QVector<WebSocketPlace> places;
    QString trouble;
    for (const TextTable::Row &row : m_places.model->rows()) {
        places.append({row.cells.value(0), row.cells.value(1)});
        if (trouble.isEmpty()) trouble = placeTrouble(row.cells.value(0));
    }
    m_trouble->setText(QStringLiteral("⚠ ") + trouble);
    m_trouble->setVisible(!trouble.isEmpty());
    app::ServerProfile changed = m_client->profile();
    if (const QString option = optionOf(places); option.isEmpty())
        changed.options.erase(kOption);
    else
        changed.options[kOption] = option;
    m_client->setProfile(changed);
}

void WebSocketSetupDialog::applyReplies() {
    if (!m_client) return;
    app::ServerProfile changed = m_client->profile();
    changed.webSocket.rules.clear();
    changed.webSocket.canned.clear();
    for (const TextTable::Row &row : m_answers.model->rows())
        changed.webSocket.rules.append({row.cells.value(0), row.cells.value(1), row.isOn});
    for (const TextTable::Row &row : m_replies.model->rows())
        changed.webSocket.canned.append({row.cells.value(0), row.cells.value(1)});
    changed.webSocket.memoryMiB = m_memory->value();
    m_client->setProfile(changed);
}

}  // namespace meerkat::ui
