// The half of websocket_page.h about sessions: recording, saving, loading, sending again.
#include "app/engine_client.h"
#include "ui/message_table.h"
#include "ui/models/message_reader.h"
#include "ui/models/message_saver.h"
#include "ui/models/message_text.h"
#include "ui/models/websocket_session.h"
#include "ui/websocket_list.h"
#include "ui/websocket_page.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/notice_bar.h"

#include <QDateTime>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QMessageBox>
#include <QTableView>

namespace meerkat::ui {
namespace {

constexpr int kMostReplayed = 20'000;
constexpr int kStep = 10;  // percent: a notice is read out whenever it changes

QFileDialog *fileDialog(QWidget *parent, const QString &title, bool isToSave) {
    auto *dialog = new QFileDialog(parent, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setNameFilters({WebSocketPage::tr("Recorded messages (*.jsonl)"), WebSocketPage::tr("All files (*)")});
    dialog->setDefaultSuffix(QStringLiteral("jsonl"));
    dialog->setAcceptMode(isToSave ? QFileDialog::AcceptSave : QFileDialog::AcceptOpen);
    dialog->setFileMode(isToSave ? QFileDialog::AnyFile : QFileDialog::ExistingFile);
    const QString day = QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd HH.mm"));
    if (isToSave) dialog->selectFile(QStringLiteral("WebSocket %1.jsonl").arg(day));
    return dialog;
}

}  // namespace

void WebSocketPage::buildMenu() {
    auto *menu = new QMenu(m_more);
    m_more->setMenu(menu);
    const auto add = [&](const char *name, const QString &text, auto action) {
        QAction *entry = menu->addAction(text);
        entry->setObjectName(QString::fromLatin1(name));
        connect(entry, &QAction::triggered, this, action);
        return entry;
    };
    QAction *recording = add("recordSession", tr("&Record to a file…"), [this] { record(); });
    menu->addSeparator();
    QAction *saving = add("saveSession", tr("&Save what is shown…"), [this] { save(); });
    add("loadSession", tr("&Open a recording…"), [this] { load(); });
    menu->addSeparator();
    QAction *sent = add("replaySent", tr("Send again what was &sent"), [this] { replay(true); });
    QAction *received = add("replayReceived", tr("Send what was &received"), [this] { replay(false); });
    menu->addSeparator();
    QAction *clearing = add("clearSession", tr("&Clear the messages…"), [this] { clear(); });
    connect(menu, &QMenu::aboutToShow, this, [=, this] {
        const bool isRecording = m_session && m_session->recorder().isRecording();
        recording->setText(isRecording ? tr("Stop &recording") : tr("&Record to a file…"));
        const bool hasRows = m_table->model().rowCount() > 0;
        saving->setEnabled(hasRows && !m_saver);
        for (QAction *replaying : {sent, received})
            replaying->setEnabled(hasRows && m_list->isThere() && !m_session->replay().isRunning());
        clearing->setEnabled(m_session && m_session->log().size() > 0);
    });
}

// One thing at a time is told: what can be stopped first.
void WebSocketPage::refreshNotice() {
    if (!m_session) return m_notice->hide();
    const MessageRecorder &recorder = m_session->recorder();
    const MessageReplay &replay = m_session->replay();
    if (m_saver)
        m_notice->say(tr("Saving: %1 %").arg(m_progress), tr("Cancel"));
    else if (m_reader)
        m_notice->say(tr("Reading %1: %2 %").arg(m_loadedName).arg(m_progress), tr("Cancel"));
    else if (replay.isRunning())
        m_notice->say(tr("Sending %1 again").arg(messagesText(replay.total())), tr("Stop"));
    else if (recorder.isRecording())
        m_notice->say(tr("Recording to %1").arg(QFileInfo(recorder.path()).fileName()), tr("Stop"));
    else if (!m_loadedName.isEmpty())
        m_notice->say(tr("These are the messages of %1. What happens meanwhile is kept.").arg(m_loadedName), tr("Back to now"));
    else
        m_notice->hide();
}

void WebSocketPage::takeNoticeAction() {
    if (!m_session) return;
    if (m_saver)
        m_saver->cancel();
    else if (m_reader)
        delete m_reader;
    else if (m_session->replay().isRunning())
        m_session->replay().stop();
    else if (m_session->recorder().isRecording())
        stopRecording();
    else
        showLoaded(false);
    refreshNotice();
}

void WebSocketPage::showLoaded(bool isLoaded) {
    if (!m_session) return;
    if (!isLoaded) m_loadedName.clear();
    m_table->setLog(isLoaded ? &m_session->loaded() : &m_session->log());
    if (!isLoaded) m_session->loaded().clear();
    refreshEmptiness();
    refreshNotice();
}

void WebSocketPage::record() {
    if (!m_session) return;
    if (m_session->recorder().isRecording()) return stopRecording();
    QFileDialog *dialog = fileDialog(this, tr("Record messages to a file"), true);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        if (m_session) m_session->recorder().start(path);
    });
    dialog->open();
}

void WebSocketPage::stopRecording() {
    m_session->recorder().stop();
    emit noticeTold(tr("%1 recorded.").arg(messagesText(m_session->recorder().count())));
}

void WebSocketPage::save() {
    QFileDialog *dialog = fileDialog(this, tr("Save the messages"), true);
    connect(dialog, &QFileDialog::fileSelected, this, &WebSocketPage::saveTo);
    dialog->open();
}

void WebSocketPage::saveTo(const QString &path) {
    if (!m_session || m_saver) return;
    m_progress = 0;
    m_saver = new MessageSaver(m_table->model(), path, this);
    connect(m_saver, &MessageSaver::progressed, this, [this](int percent) {
        m_progress = percent - percent % kStep;
        refreshNotice();
    });
    connect(m_saver, &MessageSaver::ended, this, [this](const QString &trouble, int saved) {
        m_saver->deleteLater();
        m_saver = nullptr;
        refreshNotice();
        if (!trouble.isEmpty())
            emit noticeTold(trouble);
        else if (saved >= 0)
            emit noticeTold(tr("%1 saved.").arg(messagesText(saved)));
    });
    refreshNotice();
}

void WebSocketPage::load() {
    QFileDialog *dialog = fileDialog(this, tr("Open recorded messages"), false);
    connect(dialog, &QFileDialog::fileSelected, this, &WebSocketPage::loadFrom);
    dialog->open();
}

void WebSocketPage::loadFrom(const QString &path) {
    if (!m_session) return;
    delete m_reader;
    m_progress = 0;
    m_session->loaded().clear();
    m_loadedName = QFileInfo(path).fileName();
    m_reader = new MessageReader(path, this);
    connect(m_reader, &MessageReader::came, this, [this](const std::vector<app::MessageRecord> &messages, int percent) {
        m_progress = percent - percent % kStep;
        m_session->loaded().append(messages);
        refreshNotice();
    });
    connect(m_reader, &MessageReader::ended, this, [this](const QString &trouble, int skipped) {
        m_reader->deleteLater();
        m_reader = nullptr;
        if (!trouble.isEmpty()) showLoaded(false);
        if (!trouble.isEmpty())
            emit noticeTold(trouble);
        else if (skipped > 0)
            emit noticeTold(tr("Lines of the file that are no messages were left out: %1.").arg(skipped));
        refreshEmptiness();
        refreshNotice();
    });
    showLoaded(true);
}

void WebSocketPage::replay(bool isSent) {
    if (!m_session) return;
    std::vector<app::MessageRecord> messages;
    const MessageModel &model = m_table->model();
    for (int row = 0; row < model.rowCount() && static_cast<int>(messages.size()) < kMostReplayed; ++row)
        if (const Message message = model.message(row); app::isFrame(message.kind) && message.isOutgoing == isSent)
            messages.push_back(message.record());
    m_session->replayTo(m_list->chosen(), std::move(messages), 1);
    if (!m_session->replay().isRunning()) emit noticeTold(tr("Nothing of what is shown can be sent again."));
}

void WebSocketPage::clear() {
    auto *box = new QMessageBox(QMessageBox::NoIcon, tr("Clear the messages"), tr("Forget all messages of this folder?"),
                                QMessageBox::Cancel, this);
    box->setObjectName(QStringLiteral("clearBox"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(tr("What was saved or recorded to a file stays there."));
    const QPushButton *forget = box->addButton(tr("&Forget them"), QMessageBox::AcceptRole);
    connect(forget, &QPushButton::clicked, this, [this] {
        if (m_session) m_session->log().clear();
    });
    box->open();
}

}  // namespace meerkat::ui
