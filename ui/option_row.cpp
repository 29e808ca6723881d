#include "ui/option_row.h"

#include "ui/models/option_words.h"
#include "ui/theme.h"
#include "ui/widgets/action_button.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>

namespace meerkat::ui {
namespace {

constexpr int kMark = 4;  // wide, at the side where reading begins

QString text(const std::string &bytes) { return QString::fromStdString(bytes); }

QLabel *muted(const QString &words, const QString &name, QWidget *parent) {
    auto *label = new QLabel(words, parent);
    label->setObjectName(name);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    makeMuted(*label);
    alignToReading(*label);
    return label;
}

}  // namespace

OptionRow::OptionRow(const app::OptionFact &fact, QWidget *parent)
    : QWidget(parent), m_name(text(fact.name)), m_label(optionLabel(m_name)),
      m_reset(new ActionButton(ActionButton::Look::Quiet, {}, tr("Put back"), this)), m_complaint(new QLabel(this)) {
    setObjectName(QStringLiteral("optionRow_") + m_name);
    m_reset->setObjectName(QStringLiteral("optionReset_") + m_name);
    m_reset->setAccessibleName(tr("Put %1 back").arg(m_label));
    m_reset->setToolTip(fact.defaultValue.empty() ? tr("Back to nothing") : tr("Back to %1").arg(text(fact.defaultValue)));
    m_complaint->setObjectName(QStringLiteral("optionComplaint_") + m_name);
    m_complaint->setWordWrap(true);
    m_complaint->setTextFormat(Qt::PlainText);
    makeTrouble(*m_complaint);
    alignToReading(*m_complaint);
    build(fact);
    connect(m_reset, &ActionButton::clicked, this, &OptionRow::resetWanted);
}

void OptionRow::build(const app::OptionFact &fact) {
    auto *label = new QLabel(m_label, this);
    label->setFont(headingFont(font()));
    label->setWordWrap(true);
    alignToReading(*label);
    auto *name = muted(m_name, QStringLiteral("optionName_") + m_name, this);
    QFont small = name->font();
    small.setPointSizeF(small.pointSizeF() * 0.85);
    name->setFont(small);
    name->setWordWrap(false);
    auto *line = new QHBoxLayout;
    line->setSpacing(kGrid);
    makeEditor(fact, *line);
    line->addWidget(m_reset);
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(2 * kGrid, kGrid, 2 * kGrid, kGrid);
    grid->setHorizontalSpacing(2 * kGrid);
    grid->setVerticalSpacing(kGrid / 2);
    grid->addWidget(label, 0, 0, Qt::AlignVCenter);
    grid->addWidget(name, 1, 0, Qt::AlignTop);
    grid->addLayout(line, 0, 1);
    grid->addWidget(muted(optionHelp(text(fact.help)), QStringLiteral("optionHelp_") + m_name, this), 1, 1);
    grid->addWidget(m_complaint, 2, 1);
    grid->setColumnStretch(0, 2);
    grid->setColumnStretch(1, 3);
    // The button's room is kept, so that nothing moves when it comes.
    QSizePolicy policy = m_reset->sizePolicy();
    policy.setRetainSizeWhenHidden(true);
    m_reset->setSizePolicy(policy);
}

void OptionRow::makeEditor(const app::OptionFact &fact, QHBoxLayout &line) {
    const QString editorName = QStringLiteral("option_") + m_name;
    if (fact.kind == app::OptionKind::YesNo) {
        m_check = new QCheckBox(tr("Yes"), this);
        m_check->setObjectName(editorName);
        m_check->setAccessibleName(m_label);
        m_check->setMinimumHeight(4 * kGrid);
        ui::makeField(*m_check);
        // Not clicked(): assistive tools toggle without a click.
        connect(m_check, &QCheckBox::toggled, this,
                [this](bool on) { emit edited(on ? QStringLiteral("yes") : QStringLiteral("no")); });
        line.addWidget(m_check, 1);
    } else if (fact.kind == app::OptionKind::Choice) {
        m_choice = new QComboBox(this);
        m_choice->setObjectName(editorName);
        m_choice->setAccessibleName(m_label);
        m_choice->setMinimumHeight(4 * kGrid);
        m_choice->setFocusPolicy(Qt::StrongFocus);  // the wheel scrolls the page
        ui::makeField(*m_choice);
        for (const std::string &choice : fact.choices) m_choice->addItem(text(choice));
        connect(m_choice, &QComboBox::currentTextChanged, this, &OptionRow::edited);
        line.addWidget(m_choice, 1);
    } else {
        makeField(fact, line);
    }
}

void OptionRow::makeField(const app::OptionFact &fact, QHBoxLayout &line) {
    m_field = new QLineEdit(this);
    m_field->setObjectName(QStringLiteral("option_") + m_name);
    m_field->setAccessibleName(m_label);
    m_field->setMinimumHeight(4 * kGrid);
    ui::makeField(*m_field);
    if (fact.defaultValue.empty()) m_field->setPlaceholderText(tr("not set"));
    connect(m_field, &QLineEdit::editingFinished, this, [this] {
        if (m_field->isModified()) emit edited(m_field->text().trimmed());
        m_field->setModified(false);
    });
    line.addWidget(m_field, 1);
    if (fact.kind == app::OptionKind::Number) {
        m_field->setAlignment(Qt::AlignRight);
        line.addWidget(muted(optionUnit(text(fact.unit)), QStringLiteral("optionUnit_") + m_name, this));
    }
    const bool isFolder = fact.kind == app::OptionKind::Folder;
    if (!isFolder && fact.kind != app::OptionKind::File) return;
    auto *button = new ActionButton(ActionButton::Look::Plain, QStringLiteral("folder"), {}, this);
    button->setObjectName(QStringLiteral("optionBrowse_") + m_name);
    button->setAccessibleName(isFolder ? tr("Choose the folder for %1").arg(m_label) : tr("Choose the file for %1").arg(m_label));
    button->setToolTip(isFolder ? tr("Choose a folder…") : tr("Choose a file…"));
    connect(button, &ActionButton::clicked, this, [this, isFolder] { browse(isFolder); });
    line.addWidget(button);
}

void OptionRow::browse(bool isFolder) {
    auto *dialog = new QFileDialog(this, m_label, m_field->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    // A file that is still to be written, a log, is as good as one that is there: the engine says what it wants.
    dialog->setFileMode(isFolder ? QFileDialog::Directory : QFileDialog::AnyFile);
    dialog->setOption(QFileDialog::DontConfirmOverwrite);
    dialog->setLabelText(QFileDialog::Accept, tr("Choose"));
    connect(dialog, &QFileDialog::fileSelected, this, &OptionRow::edited);
    dialog->open();
}

void OptionRow::showValue(const QString &value, bool isChanged, const QString &complaint) {
    const QSignalBlocker silent(this);
    if (m_check) m_check->setChecked(value == QStringLiteral("yes"));
    if (m_choice) m_choice->setCurrentText(value);
    if (m_field && complaint.isEmpty() && !(m_field->hasFocus() && m_field->isModified()) && m_field->text() != value) {
        m_field->setText(value);
        m_field->setCursorPosition(0);
    }
    m_reset->setVisible(isChanged || !complaint.isEmpty());
    m_complaint->setVisible(!complaint.isEmpty());
    m_complaint->setText(complaint.isEmpty() || !m_field
                             ? complaint
                             : tr("%1 It stays %2.").arg(complaint, value.isEmpty() ? tr("not set") : value));
    m_isMarked = isChanged;
    setAccessibleDescription(isChanged ? tr("changed") : QString());
    update();
}

// A changed one has a line in the accent at its side.
void OptionRow::paintEvent(QPaintEvent *) {
    if (!m_isMarked) return;
    QPainter painter(this);
    const int x = isRightToLeft() ? width() - kMark : 0;
    painter.fillRect(QRect(x, kGrid, kMark, height() - 2 * kGrid), accentColour(palette()));
}

}  // namespace meerkat::ui
