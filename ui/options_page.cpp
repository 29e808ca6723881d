#include "ui/options_page.h"

#include "app/engine_client.h"
#include "ui/models/option_words.h"
#include "ui/option_row.h"
#include "ui/theme.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/card.h"
#include "ui/widgets/filter_field.h"

#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMenu>
#include <QSaveFile>
#include <QScrollArea>
#include <QVBoxLayout>

namespace meerkat::ui {
namespace {

constexpr qint64 kMostConfigBytes = 1 << 20;
constexpr int kLeastHeight = 20 * kGrid;

}  // namespace

OptionsPage::OptionsPage(QWidget *parent)
    : ServerTab(parent), m_filter(new FilterField(this)), m_count(new QLabel(this)),
      m_more(new ActionButton(ActionButton::Look::Plain, {}, tr("All of the&m") + QStringLiteral(" \u25be"), this)),
      m_scroll(new QScrollArea(this)), m_list(nullptr), m_empty(new QLabel(tr("No option is about that."), this)) {
    setObjectName(QStringLiteral("optionsPage"));
    m_filter->setObjectName(QStringLiteral("optionFilter"));
    m_filter->setAccessibleName(tr("Find an option"));
    m_filter->setPlaceholderText(tr("Find"));
    m_count->setObjectName(QStringLiteral("optionCount"));
    makeMuted(*m_count);
    m_more->setObjectName(QStringLiteral("optionsMore"));
    m_more->setAccessibleName(tr("All options"));
    m_more->setMenu(new QMenu(m_more));
    const auto act = [this](const QString &name, const QString &text, auto slot) {
        QAction *action = m_more->menu()->addAction(text, this, slot);
        action->setObjectName(name);
        return action;
    };
    act(QStringLiteral("optionsImport"), tr("&Import a mongoose.conf…"), [this] { choosePlace(true); });
    act(QStringLiteral("optionsExport"), tr("&Export as mongoose.conf…"), [this] { choosePlace(false); });
    m_resetAll = act(QStringLiteral("optionsResetAll"), tr("&Put all back"), [this] { m_editing.resetAll(); });
    m_scroll->setObjectName(QStringLiteral("optionsScroll"));
    m_empty->setObjectName(QStringLiteral("optionsEmpty"));
    m_empty->setAlignment(Qt::AlignCenter);
    makeMuted(*m_empty);
    build();
    connect(m_filter, &FilterField::textChanged, this, &OptionsPage::applyFilter);
    connect(&m_editing, &OptionEditing::changed, this, &OptionsPage::refresh);
    connect(&m_editing, &OptionEditing::imported, this, &OptionsPage::noticeTold);
    connect(&m_building, &QTimer::timeout, this, &OptionsPage::buildNextGroup);
}

void OptionsPage::build() {
    auto *title = new QLabel(tr("Options"), this);
    title->setFont(headingFont(font()));
    auto *head = new QHBoxLayout;
    head->setSpacing(kGrid);
    head->addWidget(title);
    head->addWidget(m_count);
    head->addStretch(1);
    head->addWidget(m_filter, 2);
    head->addWidget(m_more);
    auto *content = new QWidget(m_scroll);
    m_list = new QVBoxLayout(content);
    m_list->setContentsMargins(0, 0, 0, 0);
    m_list->setSpacing(kGrid);
    m_list->addWidget(m_empty);
    m_list->addStretch(1);
    m_scroll->setWidget(content);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
    m_scroll->setMinimumHeight(kLeastHeight);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kGrid);
    column->addLayout(head);
    column->addWidget(m_scroll, 1);
    m_empty->hide();
}

void OptionsPage::showEvent(QShowEvent *event) {
    ServerTab::showEvent(event);
    if (m_built < m_editing.facts().size()) m_building.start(0);
}

void OptionsPage::buildNextGroup() {
    const auto &facts = m_editing.facts();
    if (m_built >= facts.size()) return m_building.stop();
    const QString group = QString::fromStdString(facts[m_built].group);
    auto *heading = new QLabel(optionGroup(group), this);
    heading->setFont(headingFont(font()));
    heading->setContentsMargins(0, m_groups.isEmpty() ? 0 : kGrid, 0, 0);
    auto *card = new Card(this);
    auto *rows = new QVBoxLayout(card);
    rows->setContentsMargins(2, kGrid / 2, 2, kGrid / 2);
    rows->setSpacing(0);
    Group made{heading, card, {}, {}};
    // A group's options stand together, wherever the table has them.
    for (const app::OptionFact &fact : facts)
        if (QString::fromStdString(fact.group) == group) addRow(made, fact);
    m_list->insertWidget(m_list->count() - 2, heading);
    m_list->insertWidget(m_list->count() - 2, card);
    m_groups.append(std::move(made));
    while (m_built < facts.size() && m_rows.contains(QString::fromStdString(facts[m_built].name))) ++m_built;
    applyFilter();
}

void OptionsPage::addRow(Group &group, const app::OptionFact &fact) {
    auto *row = new OptionRow(fact, group.card);
    group.card->layout()->addWidget(row);
    group.rows.append(row);
    group.facts.append(&fact);
    m_rows.insert(row->name(), row);
    connect(row, &OptionRow::edited, this, [this, row](const QString &value) { m_editing.set(row->name(), value); });
    connect(row, &OptionRow::resetWanted, this, [this, row] { m_editing.reset(row->name()); });
    refresh(row->name());
}

void OptionsPage::setClient(app::EngineClient *client) { m_editing.setClient(client); }

bool OptionsPage::focusFilter() {
    m_filter->takeFocus();
    return true;
}

void OptionsPage::refresh(const QString &name) {
    if (OptionRow *row = m_rows.value(name))
        row->showValue(m_editing.value(name), m_editing.isChanged(name), m_editing.complaint(name));
    explain();
}

void OptionsPage::applyFilter() {
    bool hasAny = m_groups.isEmpty();
    for (const Group &group : m_groups) {
        bool hasRow = false;
        for (qsizetype i = 0; i < group.rows.size(); ++i) {
            const bool isWanted = OptionEditing::isAbout(*group.facts[i], m_filter->text());
            group.rows[i]->setVisible(isWanted);
            hasRow = hasRow || isWanted;
        }
        group.heading->setVisible(hasRow);
        group.card->setVisible(hasRow);
        hasAny = hasAny || hasRow;
    }
    m_empty->setVisible(!hasAny);
}

void OptionsPage::explain() {
    const auto changed = m_editing.changedNames().size();
    m_count->setText(changed == 0 ? QString() : tr("%n changed", nullptr, static_cast<int>(changed)));
    m_resetAll->setEnabled(changed > 0);
}

void OptionsPage::choosePlace(bool isImport) {
    auto *dialog = new QFileDialog(this, isImport ? tr("Take options from a file") : tr("Write the options to a file"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(isImport ? QFileDialog::AcceptOpen : QFileDialog::AcceptSave);
    dialog->setFileMode(isImport ? QFileDialog::ExistingFile : QFileDialog::AnyFile);
    dialog->setNameFilters({tr("Config files (*.conf)"), tr("All files (*)")});
    if (!isImport) dialog->setDefaultSuffix(QStringLiteral("conf"));
    if (!isImport) dialog->selectFile(QStringLiteral("mongoose.conf"));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, isImport](const QString &path) { isImport ? importFrom(path) : exportTo(path); });
    dialog->open();
}

void OptionsPage::importFrom(const QString &path) {
    QFile file(path);
    const bool isOpen = file.open(QIODevice::ReadOnly);
    const QString name = QFileInfo(path).fileName();
    if (!isOpen) return emit noticeTold(tr("%1 can't be read: %2").arg(name, file.errorString()));
    if (file.size() > kMostConfigBytes) return emit noticeTold(tr("%1 is no config file: it has more than 1 MiB.").arg(name));
    m_editing.import(file.readAll(), path);
}

void OptionsPage::exportTo(const QString &path) {
    const QByteArray lines = m_editing.exported();
    QSaveFile file(path);
    const bool isSaved = file.open(QIODevice::WriteOnly) && file.write(lines) == lines.size() && file.commit();
    emit noticeTold(isSaved ? tr("The options are written to %1.").arg(QFileInfo(path).fileName())
                            : tr("The options were not written: %1").arg(file.errorString()));
}

}  // namespace meerkat::ui
