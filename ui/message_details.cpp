#include "ui/message_details.h"

#include "ui/models/message_text.h"
#include "ui/theme.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/card.h"
#include "ui/widgets/copy_button.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/segmented_choice.h"

#include <QFontDatabase>
#include <QHBoxLayout>
#include <QPlainTextEdit>

namespace meerkat::ui {
namespace {

// What a person reads at once, and what is laid out without a pause that is felt. The copy takes all.
constexpr std::size_t kMostText = 32 * 1024;
constexpr std::size_t kMostHex = 16 * 1024;
constexpr int kLeastLines = 3;

}  // namespace

MessageDetails::MessageDetails(QWidget *parent)
    : QWidget(parent), m_title(new ElidedLabel(Qt::ElideRight, this)), m_look(new SegmentedChoice(this)),
      m_copy(new CopyButton(ActionButton::Look::Quiet, this)), m_body(new QPlainTextEdit(this)) {
    m_title->setObjectName(QStringLiteral("messageTitle"));
    m_look->setObjectName(QStringLiteral("messageLook"));
    m_look->setAccessibleName(tr("How the message is shown"));
    m_look->addChoice(QStringLiteral("lookPretty"), tr("Pretty"), {});
    m_look->addChoice(QStringLiteral("lookText"), tr("Text"), {});
    m_look->addChoice(QStringLiteral("lookHex"), tr("Hex"), {});
    m_look->setCompact(true);
    m_copy->setObjectName(QStringLiteral("copyMessage"));
    m_copy->setCompact(true);
    m_copy->setAccessibleName(tr("Copy the message"));
    m_copy->setToolTip(tr("Copy the message"));
    m_body->setObjectName(QStringLiteral("messageBody"));
    m_body->setAccessibleName(tr("The message"));
    m_body->setReadOnly(true);
    m_body->setTabChangesFocus(true);
    m_body->setFrameShape(QFrame::NoFrame);
    m_body->setUndoRedoEnabled(false);
    m_body->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_body->setMinimumHeight(kLeastLines * QFontMetrics(m_body->font()).height() + 2 * kGrid);
    makeCardSurface(*m_body);
    auto *close = new ActionButton(ActionButton::Look::Quiet, QStringLiteral("close"), {}, this);
    close->setObjectName(QStringLiteral("closeDetails"));
    close->setAccessibleName(tr("Close the message"));
    close->setToolTip(tr("Close"));

    auto *head = new QHBoxLayout;
    head->setSpacing(kGrid);
    head->addWidget(m_title, 1);
    head->addWidget(m_look);
    head->addWidget(m_copy);
    head->addWidget(close);
    auto *card = new Card(this);
    auto *frame = new QVBoxLayout(card);
    frame->setContentsMargins(kGrid, kGrid / 2, 2, kGrid / 2);
    frame->addWidget(m_body);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kGrid / 2);
    column->addLayout(head);
    column->addWidget(card, 1);

    connect(m_look, &SegmentedChoice::chosen, this, [this](int look) {
        m_wanted = static_cast<Look>(look);
        refresh();
    });
    // Made when it is asked for: a long message is not written out for each look at it.
    connect(m_copy, &CopyButton::pressed, this, [this] { m_copy->setContent(wholeText()); });
    connect(close, &ActionButton::clicked, this, &MessageDetails::closeWanted);
    showMessage(std::nullopt);
}

void MessageDetails::showMessage(const std::optional<Message> &message) {
    setVisible(message.has_value());
    if (!message) {
        m_message.reset();
        m_body->clear();
        return;
    }
    m_message = message->record();
    QStringList parts{messageKindText(message->kind), messageWayText(*message), messageTimeText(message->atMs),
                      messageSizeText(*message)};
    parts.removeAll(QString());
    m_titleText = parts.join(QStringLiteral(" · "));
    refresh();
}

QString MessageDetails::text() const { return m_body->toPlainText(); }

// What was wanted last is shown where it can be: not every message is JSON, not all bytes are a text.
void MessageDetails::refresh() {
    if (!m_message) return;
    const std::string_view bytes = m_message->payload;
    const bool isClose = m_message->kind == app::MessageKind::Close || m_message->kind == app::MessageKind::Lost;
    const bool isText = isClose || isReadable(bytes, bytes.size() < m_message->payloadBytes);
    m_look->setCurrent(m_wanted == Hex || !isText ? Hex : m_wanted);
    const std::size_t most = m_look->current() == Hex ? kMostHex : kMostText;
    m_body->setLineWrapMode(m_look->current() == Hex ? QPlainTextEdit::NoWrap : QPlainTextEdit::WidgetWidth);
    m_perLine = bytesPerLine();
    m_body->setPlainText(shownText(most));
    const bool isPart = bytes.size() > most || bytes.size() < m_message->payloadBytes;
    m_title->setText(isPart ? tr("%1 · the beginning is shown").arg(m_titleText) : m_titleText);
}

// Lines of bytes are not broken: where sixteen find no room, there are eight.
std::size_t MessageDetails::bytesPerLine() const {
    constexpr int kWideLine = 80;  // characters
    return m_body->viewport()->width() >= kWideLine * QFontMetrics(m_body->font()).horizontalAdvance(u'0') ? 16 : 8;
}

void MessageDetails::resizeEvent(QResizeEvent *event) {
    QWidget::resizeEvent(event);
    if (m_message && m_look->current() == Hex && bytesPerLine() != m_perLine) refresh();
}

QString MessageDetails::wholeText() const { return m_message ? shownText(m_message->payload.size()) : QString(); }

QString MessageDetails::shownText(std::size_t most) const {
    const std::string_view bytes = std::string_view(m_message->payload).substr(0, most);
    if (m_look->current() == Hex) return hexText(bytes, m_perLine);
    if (m_message->kind == app::MessageKind::Close || m_message->kind == app::MessageKind::Lost) {
        Message close;
        close.kind = m_message->kind;
        close.closeCode = m_message->closeCode;
        close.payload = m_message->payload;
        close.payloadBytes = m_message->payloadBytes;
        return messagePreview(close);
    }
    if (m_look->current() == Pretty && bytes.size() == m_message->payload.size())
        if (const auto pretty = prettyJson(bytes)) return *pretty;
    return readableText(bytes);
}

}  // namespace meerkat::ui
