#include "ui/websocket_page.h"

#include "app/engine_client.h"
#include "ui/message_composer.h"
#include "ui/message_details.h"
#include "ui/message_table.h"
#include "ui/models/message_reader.h"
#include "ui/models/message_saver.h"
#include "ui/models/serving.h"
#include "ui/models/share_addresses.h"
#include "ui/models/websocket_places.h"
#include "ui/models/websocket_session.h"
#include "ui/theme.h"
#include "ui/websocket_list.h"
#include "ui/websocket_welcome.h"
#include "ui/widgets/action_button.h"
#include "ui/widgets/notice_bar.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLocale>
#include <QSplitter>
#include <QTableView>

namespace meerkat::ui {
namespace {

constexpr int kLow = 68 * kGrid;     // of the window
constexpr int kNarrow = 66 * kGrid;  // below it the list of connections is a chooser

QString placesText(const app::EngineClient &client) {
    const auto option = client.profile().options.find(QStringLiteral("websocket_endpoints"));
    return option == client.profile().options.end() ? QString() : option->second;
}

// What a program that is to connect is told; empty while nothing is served.
QString webSocketAddress(const app::EngineClient &client) {
    const QVector<ShareAddress> addresses = shareAddresses(client);
    const QVector<WebSocketPlace> places = placesOf(placesText(client));
    if (addresses.isEmpty() || places.isEmpty()) return {};
    QString url = addresses.first().url;
    url.replace(0, 4, QStringLiteral("ws"));  // of http, and of https
    const QString &pattern = places.first().pattern;
    const bool isPath = pattern.startsWith(u'/') && pattern.indexOf(QRegularExpression(QStringLiteral("[*?$|]"))) < 0;
    return isPath ? url + pattern.mid(1) : url;
}

}  // namespace

WebSocketPage::WebSocketPage(QWidget *parent)
    : ServerTab(parent), m_welcome(new WebSocketWelcome(this)), m_list(new WebSocketList(this)), m_table(new MessageTable(this)),
      m_details(new MessageDetails(this)), m_composer(new MessageComposer(this)),
      m_notice(new NoticeBar(NoticeBar::Kind::News, this)),
      m_setup(new ActionButton(ActionButton::Look::Quiet, QStringLiteral("settings"), tr("Places and answers…"), this)),
      m_more(new ActionButton(ActionButton::Look::Quiet, {}, tr("Sess&ion"), this)), m_across(new QSplitter(this)),
      m_down(new QSplitter(Qt::Vertical, this)) {
    setObjectName(QStringLiteral("webSocketPage"));
    m_setup->setObjectName(QStringLiteral("webSocketSetupButton"));
    m_setup->setCompact(true);
    m_more->setObjectName(QStringLiteral("webSocketSession"));
    m_more->setToolTip(tr("Record, save, load, send again"));
    buildMenu();
    build();

    connect(m_welcome, &WebSocketWelcome::placeWanted, this, &WebSocketPage::makeFirstPlace);
    connect(m_welcome, &WebSocketWelcome::setupWanted, this, [this] { openSetup(WebSocketSetupDialog::Places); });
    connect(m_setup, &ActionButton::clicked, this, [this] { openSetup(WebSocketSetupDialog::Places); });
    connect(m_composer, &MessageComposer::repliesEditWanted, this, [this] { openSetup(WebSocketSetupDialog::Replies); });
    connect(m_list, &WebSocketList::chosenChanged, this, [this] {
        m_table->setConnection(m_list->chosen());
        refresh();
    });
    connect(m_list, &WebSocketList::closeWanted, this, [this](quint64 id) {
        if (m_client) m_client->sendMessage({id, app::MessageKind::Close, std::string("\x03\xe8", 2)});
    });
    connect(m_table, &MessageTable::currentChanged, this, [this] {
        m_details->showMessage(m_table->current());
        shareHeight();
    });
    connect(m_details, &MessageDetails::closeWanted, this, [this] {
        m_table->view().setCurrentIndex({});
        shareHeight();
        m_table->view().setFocus();
    });
    connect(m_composer, &MessageComposer::sendWanted, this, [this](app::MessageKind kind, const std::string &payload) {
        if (m_client) m_client->sendMessage({m_list->chosen(), kind, payload});
    });
    connect(m_notice, &NoticeBar::actionTaken, this, &WebSocketPage::takeNoticeAction);
}

void WebSocketPage::build() {
    auto *tools = new QHBoxLayout;
    tools->setSpacing(kGrid / 2);
    tools->addWidget(&m_list->chooser(), 1);
    tools->addStretch(1);
    tools->addWidget(m_more);
    tools->addWidget(m_setup);
    auto *head = new QBoxLayout(QBoxLayout::LeftToRight);
    head->setObjectName(QStringLiteral("webSocketHead"));
    head->setSpacing(kGrid);
    head->addLayout(&m_table->head(), 1);
    head->addLayout(tools);

    m_down->addWidget(m_table);
    m_down->addWidget(m_details);
    m_down->setChildrenCollapsible(false);
    m_down->setStretchFactor(0, 3);
    m_down->setStretchFactor(1, 2);
    m_across->addWidget(m_list);
    m_across->addWidget(m_down);
    m_across->setChildrenCollapsible(false);
    m_across->setStretchFactor(1, 1);
    m_across->setSizes({26 * kGrid, 60 * kGrid});
    for (QSplitter *splitter : {m_across, m_down}) splitter->setHandleWidth(kGrid);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kGrid);
    column->addLayout(head);
    column->addWidget(m_welcome, 1);
    column->addWidget(m_notice);
    column->addWidget(m_across, 1);
    column->addWidget(m_composer);
    refreshEmptiness();
}

// ---- what is shown ----

void WebSocketPage::setClient(app::EngineClient *client) {
    if (m_client) m_client->disconnect(this);
    if (m_session) {
        m_session->recorder().disconnect(this);
        m_session->replay().disconnect(this);
    }
    delete m_reader;
    m_client = client;
    m_session = client ? &WebSocketSession::of(*client) : nullptr;
    m_list->clear();
    m_composer->say({});
    m_loadedName.clear();
    m_table->setLog(m_session ? &m_session->log() : nullptr);
    if (!client) return;
    connect(client, &app::EngineClient::snapshotChanged, this, &WebSocketPage::refresh);
    connect(client, &app::EngineClient::stateChanged, this, &WebSocketPage::refresh);
    connect(client, &app::EngineClient::profileChanged, this, &WebSocketPage::refresh);
    connect(client, &app::EngineClient::messagesHappened, this, &WebSocketPage::refreshEmptiness);
    connect(client, &app::EngineClient::messageSent, this, [this](quint64 id, int reached) {
        if (reached > 0)
            m_composer->say(id == 0 ? tr("Sent to %1").arg(QLocale().toString(reached)) : tr("Sent"));
        else
            m_composer->say(id == 0 ? tr("Nobody is connected: it was not sent.")
                                    : tr("This connection is closed, or does not take it: it was not sent."),
                            true);
    });
    connect(&m_session->recorder(), &MessageRecorder::changed, this, &WebSocketPage::refreshNotice);
    connect(&m_session->recorder(), &MessageRecorder::failed, this, &ServerTab::noticeTold);
    connect(&m_session->replay(), &MessageReplay::changed, this, &WebSocketPage::refreshNotice);
    refresh();
    refreshNotice();
}

void WebSocketPage::refresh() {
    if (!m_client) return;
    m_list->update(m_client->snapshot().connections);
    m_table->setDropped(m_client->snapshot().droppedMessages);
    m_composer->setReceiver(m_list->chosenName(), m_list->isThere());
    m_composer->setReplies(m_client->profile().webSocket.canned);
    if (m_session->log().size() == 0) explainEmptiness();
    refreshEmptiness();
}

void WebSocketPage::explainEmptiness() {
    const QString address = webSocketAddress(*m_client);
    const bool isUseful = hasListener(*m_client) && !address.isEmpty();
    m_table->setEmptyText(!isUseful && !hasListener(*m_client)
                              ? tr("Turn the switch on: programs can then connect, and their messages appear here.")
                          : isUseful ? tr("Connect a program to %1: its messages appear here.").arg(address)
                                     : tr("No place takes WebSockets yet: make one with the button above."));
}

void WebSocketPage::refreshEmptiness() {
    const bool hasPlaces = m_client && !placesText(*m_client).isEmpty();
    const bool hasMessages = m_session && (m_session->log().size() > 0 || !m_loadedName.isEmpty());
    const bool isWelcome = !hasPlaces && !hasMessages && m_list->openCount() == 0 && !m_reader;
    m_welcome->setVisible(isWelcome);
    m_across->setVisible(!isWelcome);
    m_composer->setVisible(!isWelcome);
    const bool isNarrow = width() < kNarrow;
    m_list->setVisible(!isNarrow);
    m_list->chooser().setVisible(isNarrow && !isWelcome);
    auto *head = layout()->findChild<QBoxLayout *>(QStringLiteral("webSocketHead"));
    head->setDirection(isNarrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    for (int i = 0; i < m_table->head().count(); ++i)
        if (QWidget *part = m_table->head().itemAt(i)->widget()) part->setVisible(!isWelcome);
    m_setup->setVisible(!isWelcome);
}

void WebSocketPage::resizeEvent(QResizeEvent *event) {
    ServerTab::resizeEvent(event);
    refreshEmptiness();
    shareHeight();
}

// In a low window one message takes the place of all.
void WebSocketPage::shareHeight() { m_table->setVisible(m_details->isHidden() || window()->height() >= kLow); }

bool WebSocketPage::focusFilter() {
    if (m_welcome->isVisible()) return false;
    m_table->focusFilter();
    return true;
}

// ---- what a person does ----

void WebSocketPage::makeFirstPlace() {
    if (!m_client) return;
    app::ServerProfile changed = m_client->profile();
    changed.options[QStringLiteral("websocket_endpoints")] = optionOf({{QStringLiteral("/"), placeKinds().first()}});
    m_client->setProfile(changed);
}

void WebSocketPage::openSetup(WebSocketSetupDialog::Section section) {
    if (m_client) (new WebSocketSetupDialog(*m_client, section, this))->open();
}

}  // namespace meerkat::ui
