#include "ui/message_composer.h"

#include "ui/models/message_text.h"
#include "ui/theme.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/elided_label.h"

#include <QComboBox>
#include <QFile>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPointer>
#include <QThreadPool>

namespace meerkat::ui {
namespace {

using app::MessageKind;

constexpr MessageKind kKinds[] = {MessageKind::Text, MessageKind::Binary, MessageKind::Ping, MessageKind::Close};
constexpr int kCodes[] = {1000, 1001, 1003, 1008, 1009, 1011, 1012, 1013, 3000, 4000};
constexpr qsizetype kMostControlBytes = 125;
constexpr qint64 kMostFileBytes = 16 * 1024 * 1024;
constexpr int kLines = 2;

QString placeholder(MessageKind kind) {
    switch (kind) {
    case MessageKind::Binary:
        return MessageComposer::tr("Bytes in hexadecimal: 48 65 6c 6c 6f");
    case MessageKind::Ping:
        return MessageComposer::tr("What the ping carries; may be empty");
    case MessageKind::Close:
        return MessageComposer::tr("The reason; may be empty");
    default:
        return MessageComposer::tr("Message: Enter sends, Shift+Enter begins a new line");
    }
}

}  // namespace

MessageComposer::MessageComposer(QWidget *parent)
    : QWidget(parent), m_kind(new QComboBox(this)), m_code(new QComboBox(this)), m_edit(new QPlainTextEdit(this)),
      m_file(new ActionButton(ActionButton::Look::Plain, QStringLiteral("open"), tr("Send a &file…"), this)),
      m_replies(new ActionButton(ActionButton::Look::Plain, {}, tr("Re&plies"), this)),
      m_send(new ActionButton(ActionButton::Look::Primary, {}, tr("S&end"), this)), m_to(new QLabel(this)),
      m_note(new ElidedLabel(Qt::ElideRight, this)) {
    m_kind->setObjectName(QStringLiteral("composeKind"));
    m_kind->setAccessibleName(tr("What to send"));
    for (const MessageKind kind : kKinds) m_kind->addItem(messageKindText(kind));
    m_kind->setMinimumHeight(4 * kGrid);
    m_code->setObjectName(QStringLiteral("composeCode"));
    m_code->setAccessibleName(tr("Close code"));
    for (const int code : kCodes) m_code->addItem(QStringLiteral("%1 %2").arg(code).arg(closeCodeMeaning(code)), code);
    m_code->setMinimumHeight(4 * kGrid);
    m_code->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_code->setMinimumContentsLength(8);
    m_edit->setObjectName(QStringLiteral("composeText"));
    m_edit->setAccessibleName(tr("Message to send"));
    m_edit->setTabChangesFocus(true);
    m_edit->setFixedHeight(kLines * fontMetrics().lineSpacing() + 2 * kGrid);
    makeField(*m_edit);
    m_edit->installEventFilter(this);
    m_file->setObjectName(QStringLiteral("composeFile"));
    m_file->setCompact(true);
    m_replies->setObjectName(QStringLiteral("composeReplies"));
    m_replies->setToolTip(tr("Texts kept ready for this folder"));
    m_replies->setMenu(new QMenu(m_replies));
    m_send->setObjectName(QStringLiteral("composeSend"));
    m_to->setObjectName(QStringLiteral("composeReceiver"));
    m_to->setTextFormat(Qt::PlainText);
    makeMuted(*m_to);
    m_note->setObjectName(QStringLiteral("composeNote"));
    makeMuted(*m_note);
    build();

    connect(m_kind, &QComboBox::currentIndexChanged, this, &MessageComposer::followKind);
    connect(m_send, &ActionButton::clicked, this, &MessageComposer::send);
    connect(m_file, &ActionButton::clicked, this, &MessageComposer::sendFile);
    connect(m_replies->menu(), &QMenu::aboutToShow, this, &MessageComposer::fillReplies);
    followKind();
}

void MessageComposer::build() {
    auto *row = new QHBoxLayout;
    row->setSpacing(kGrid);
    row->addWidget(m_kind, 0, Qt::AlignTop);
    row->addWidget(m_code, 0, Qt::AlignTop);
    row->addWidget(m_edit, 1);
    row->addWidget(m_file, 0, Qt::AlignTop);
    row->addWidget(m_replies, 0, Qt::AlignTop);
    row->addWidget(m_send, 0, Qt::AlignTop);
    auto *foot = new QHBoxLayout;
    foot->setSpacing(kGrid);
    foot->addWidget(m_to);
    foot->addWidget(m_note, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kGrid / 2);
    column->addLayout(row);
    column->addLayout(foot);
}

void MessageComposer::setReceiver(const QString &name, bool isThere) {
    m_to->setText(tr("To %1").arg(name));
    m_send->setEnabled(isThere);
    m_file->setEnabled(isThere);
    m_send->setToolTip(isThere ? tr("Send to %1 (Enter)").arg(name) : tr("Nobody is connected"));
}

void MessageComposer::setReplies(const QVector<app::CannedReply> &replies) { m_canned = replies; }

void MessageComposer::say(const QString &sentence, bool isTrouble) {
    m_note->setText(isTrouble ? QStringLiteral("⚠ ") + sentence : sentence);
}

MessageKind MessageComposer::kind() const { return kKinds[m_kind->currentIndex()]; }

void MessageComposer::followKind() {
    m_code->setVisible(kind() == MessageKind::Close);
    m_file->setVisible(kind() == MessageKind::Binary);
    m_replies->setVisible(kind() == MessageKind::Text);
    m_edit->setPlaceholderText(placeholder(kind()));
    say({});
}

// What can't be sent stays in the field, with the reason below it.
void MessageComposer::send() {
    if (!m_send->isEnabled()) return;
    QByteArray payload = m_edit->toPlainText().toUtf8();
    if (kind() == MessageKind::Binary) {
        const auto bytes = bytesOfHex(m_edit->toPlainText());
        if (!bytes) return say(tr("Bytes are written in pairs of 0 to 9 and a to f, such as 48 65 6c."), true);
        payload = *bytes;
    }
    if (kind() == MessageKind::Close) {
        const int code = m_code->currentData().toInt();
        payload.prepend(static_cast<char>(code & 255)).prepend(static_cast<char>(code >> 8));
    }
    const bool isControl = kind() == MessageKind::Ping || kind() == MessageKind::Close;
    if (isControl && payload.size() > kMostControlBytes)
        return say(tr("A ping or a reason may have 123 bytes: this one has %1.").arg(payload.size()), true);
    emit sendWanted(kind(), payload.toStdString());
    if (kind() == MessageKind::Text) m_edit->clear();
}

void MessageComposer::sendFile() {
    auto *dialog = new QFileDialog(this, tr("Send a file as one binary message"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        // Read elsewhere: a disk may be slow.
        QThreadPool::globalInstance()->start([path, self = QPointer<MessageComposer>(this)] {
            QFile file(path);
            const bool isTooLong = file.size() > kMostFileBytes;
            const bool isOpen = !isTooLong && file.open(QIODevice::ReadOnly);
            const QByteArray bytes = isOpen ? file.readAll() : QByteArray();
            const QString trouble = isTooLong ? tr("A message may have 16 MB: the file is longer.")
                                    : isOpen && file.error() == QFileDevice::NoError
                                        ? QString()
                                        : tr("The file can't be read: %1").arg(file.errorString());
            QMetaObject::invokeMethod(qApp, [self, bytes, trouble] {
                if (!self) return;
                if (!trouble.isEmpty()) return self->say(trouble, true);
                emit self->sendWanted(MessageKind::Binary, bytes.toStdString());
            });
        });
    });
    dialog->open();
}

void MessageComposer::fillReplies() {
    QMenu *menu = m_replies->menu();
    menu->clear();
    for (const app::CannedReply &reply : m_canned) {
        if (reply.text.isEmpty()) continue;
        QString title = reply.name.isEmpty() ? reply.text.simplified().left(40) : reply.name;
        QAction *action = menu->addAction(title.replace(u'&', QStringLiteral("&&")));
        connect(action, &QAction::triggered, this,
                [this, text = reply.text] { emit sendWanted(MessageKind::Text, text.toStdString()); });
        action->setEnabled(m_send->isEnabled());
    }
    if (!menu->isEmpty()) menu->addSeparator();
    connect(menu->addAction(tr("&Edit replies…")), &QAction::triggered, this, &MessageComposer::repliesEditWanted);
}

bool MessageComposer::eventFilter(QObject *watched, QEvent *event) {
    if (watched == m_edit && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const bool isEnter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (isEnter && !(key->modifiers() & Qt::ShiftModifier)) {
            send();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace meerkat::ui
