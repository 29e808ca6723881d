#include "ui/widgets/port_field.h"

#include "ui/models/port_entry.h"
#include "ui/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QShortcut>

namespace meerkat::ui {

PortField::PortField(QWidget *parent)
    : QWidget(parent), m_edit(new QLineEdit(this)), m_note(new QLabel(this)), m_reason(new QLabel(this)) {
    m_edit->setObjectName(QStringLiteral("port"));
    m_edit->setAccessibleName(tr("Port"));
    m_edit->setToolTip(tr("A number from 1 to 65535. Empty: Meerkat picks a free one."));
    m_edit->setPlaceholderText(tr("any"));
    makeField(*m_edit);
    m_edit->setMinimumHeight(4 * kGrid);
    m_edit->setMaxLength(8);
    m_edit->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_edit->setFixedWidth(m_edit->fontMetrics().horizontalAdvance(QStringLiteral("0000000")) + 2 * kGrid);
    m_note->setObjectName(QStringLiteral("portNote"));
    m_note->setText(tr("automatic"));
    makeMuted(*m_note);
    m_reason->setObjectName(QStringLiteral("portReason"));
    m_reason->setWordWrap(true);
    alignToReading(*m_reason);
    m_reason->setTextFormat(Qt::RichText);
    m_reason->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    makeTrouble(*m_reason);
    m_reason->hide();

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kGrid);
    row->addWidget(m_edit);
    row->addWidget(m_note);
    row->addStretch();
    connect(m_edit, &QLineEdit::editingFinished, this, &PortField::take);
    connect(new QShortcut(Qt::Key_Escape, m_edit, nullptr, nullptr, Qt::WidgetShortcut), &QShortcut::activated, this,
            &PortField::revert);
    connect(m_reason, &QLabel::linkActivated, this, [this](const QString &port) {
        m_edit->setText(port);
        m_edit->setModified(true);
        take();
    });
}

// The edit loses its focus while it is destroyed, and would call back into what is no longer there.
PortField::~PortField() { m_edit->disconnect(this); }

void PortField::forget() {
    m_port = 0;
    m_isRefused = m_isAwaited = false;
    m_edit->setModified(false);
}

void PortField::setPort(quint16 port, bool wasChosen) {
    const bool isNews = port != m_port || (m_isAwaited && m_edit->text() == QString::number(port));
    m_port = port;
    m_wasChosen = wasChosen;
    if ((m_isRefused || m_isAwaited) && !isNews) return;
    if (m_edit->hasFocus() && m_edit->isModified()) return;
    const QString text = port == 0 ? QString() : QString::number(port);
    if (text != m_edit->text()) {
        // Who has marked all of it is about to type another.
        const bool isAllMarked = m_edit->hasSelectedText() && m_edit->selectedText() == m_edit->text();
        m_edit->setText(text);
        if (isAllMarked) m_edit->selectAll();
    }
    accept();
}

void PortField::settle() {
    const bool isTyping = m_edit->hasFocus() && m_edit->isModified();
    if (!isTyping) m_isRefused = m_isAwaited = false;
}

void PortField::revert() {
    m_isRefused = m_isAwaited = false;
    m_edit->setModified(false);
    setPort(m_port, m_wasChosen);
    m_edit->selectAll();
}

void PortField::refuse(const QString &reason, quint16 offeredPort, const QString &outcome) {
    m_isRefused = true;
    m_isAwaited = false;
    m_refusal = reason;
    m_offeredPort = offeredPort;
    m_outcome = outcome;
    showRefusal();
    m_reason->show();
    showNote();
}

void PortField::showRefusal() {
    QString outcome = m_outcome;
    if (outcome.isEmpty() && m_port != 0) outcome = tr("The port stays %1.").arg(m_port);
    const QString sentence = outcome.isEmpty() ? m_refusal : m_refusal + u' ' + outcome;
    const QString offer = m_offeredPort == 0 ? QString() : tr("Use %1", "a port").arg(m_offeredPort);
    // A sign beside the colour: red alone says nothing to who does not see it.
    QString text = QStringLiteral("\u26a0 ") + sentence.toHtmlEscaped();
    if (m_offeredPort != 0) text += u' ' + linkText(palette(), QString::number(m_offeredPort), offer);
    m_reason->setText(text);
    m_edit->setAccessibleDescription(offer.isEmpty() ? sentence : sentence + u' ' + offer);
}

void PortField::changeEvent(QEvent *event) {
    if (event->type() == QEvent::PaletteChange && m_isRefused) showRefusal();
    QWidget::changeEvent(event);
}

void PortField::setCompact(bool compact) {
    m_isCompact = compact;
    showNote();
    layout()->invalidate();  // who measures now must not get the width of before
    updateGeometry();
}

// Beside a port that was refused it would say that it was taken back.
void PortField::showNote() { m_note->setVisible(!m_wasChosen && !m_isCompact && !m_isRefused); }

void PortField::take() {
    // What an assistive tool writes into the field does not count as modified.
    const bool isAsShown = m_edit->text() == (m_port == 0 ? QString() : QString::number(m_port));
    if (!m_edit->isModified() && (isAsShown || m_isRefused || m_isAwaited)) return;
    m_edit->setModified(false);
    const PortEntry entry = readPort(m_edit->text());
    if (!entry.isAccepted) return refuse(entry.reason);
    accept();
    m_isAwaited = entry.port != 0;
    if (entry.port == 0)
        emit choiceForgotten();
    else if (entry.port != m_port || !m_wasChosen)
        emit chosen(entry.port);
}

void PortField::accept() {
    m_isRefused = m_isAwaited = false;
    m_reason->hide();
    showNote();
    m_edit->setAccessibleDescription(m_wasChosen ? QString() : m_note->text());
}

}  // namespace meerkat::ui
