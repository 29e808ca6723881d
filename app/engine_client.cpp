#include "app/engine_client.h"

#include "app/engine_thread.h"
#include "app/trouble.h"

#include <algorithm>
#include <utility>

namespace meerkat::app {

namespace {

constexpr int kBusyMs = 100;
constexpr int kCalmMs = 900;
constexpr int kSnapshotMs = 250;
constexpr int kPortWatchMs = 2000;
constexpr int kEventsADrain = 4096;  // the window stays alive however many requests there are
constexpr std::size_t kMessageBytesADrain = 4 * 1024 * 1024;
constexpr quint16 kFirstPort = 8080;
constexpr quint16 kLastPort = 8179;

// All that the engine needs to know of a profile: a new name alone is no news to it.
bool asksTheSame(const ServerProfile &a, const ServerProfile &b) {
    return a.folder == b.folder && a.port == b.port && a.portWasChosen == b.portWasChosen && a.reach == b.reach &&
           a.options == b.options;
}

std::vector<std::uint16_t> portsFor(const ServerProfile &profile) {
    if (profile.portWasChosen && profile.port != 0) return {profile.port};
    std::vector<std::uint16_t> ports;
    if (profile.port != 0) ports.push_back(profile.port);
    for (quint16 port = kFirstPort; port <= kLastPort; ++port) ports.push_back(port);
    ports.push_back(0);
    return ports;
}

}  // namespace

EngineClient::EngineClient(ServerProfile profile, QObject *parent, const Desktop &desktop)
    : QObject(parent), m_desktop(desktop), m_profile(std::move(profile)), m_servedProfile(m_profile) {
    connect(&m_timer, &QTimer::timeout, this, &EngineClient::drain);
    connect(&m_portWatch, &QTimer::timeout, this, &EngineClient::lookAtPort);
}

EngineClient::~EngineClient() = default;

void EngineClient::setProfile(const ServerProfile &profile) {
    if (profile == m_profile) return;
    const bool isNewsToTheEngine = !asksTheSame(profile, m_profile);
    const bool hasNewRules = profile.webSocket.rules != m_profile.webSocket.rules;
    m_profile = profile;
    if (hasNewRules && m_engine) postRules();
    emit profileChanged();
    const bool isRunning = isListening() || m_state == ServingState::Starting;
    if (!isNewsToTheEngine || !isRunning || m_state == ServingState::Stopping) return;
    ++m_awaited;
    command(startCommand());
}

void EngineClient::start() {
    if (m_state == ServingState::Serving || m_state == ServingState::Starting) return;
    makeEngine();
    ++m_awaited;
    command(startCommand());
    setState(ServingState::Starting);
}

void EngineClient::makeEngine() {
    if (m_engine) return;
    m_engine = std::make_unique<EngineThread>();
    if (m_isWatched) command(WatchConnections{kSnapshotMs});
    postRules();
}

quint64 EngineClient::checkOptions(const std::vector<std::pair<QString, QString>> &options) {
    makeEngine();
    CheckOptions wanted{++m_checks, {}};
    for (const auto &[name, value] : options) wanted.options.emplace_back(name.toStdString(), value.toStdString());
    command(std::move(wanted));
    return m_checks;
}

void EngineClient::handle(OptionsChecked &&checked) {
    m_checksAnswered = checked.ticket;
    QStringList complaints;
    for (const std::string &complaint : checked.complaints) complaints << QString::fromStdString(complaint);
    setTimer();
    emit optionsChecked(checked.ticket, complaints);
}

void EngineClient::stop() {
    if (m_state == ServingState::Stopped || m_state == ServingState::Stopping) return;
    if (!isListening() && m_awaited == 0 && !waitsForFolder()) return setState(ServingState::Stopped);
    ++m_awaited;
    command(StopServing{});
    setState(ServingState::Stopping);
}

void EngineClient::closeConnection(quint64 id) { command(CloseConnection{id}); }

void EngineClient::sendMessage(SendMessage message) {
    if (!isListening()) return emit messageSent(message.connectionId, 0);
    command(std::move(message));
}

// A rule without anything to look for would answer everything: it is not finished yet.
void EngineClient::postRules() {
    AnswerMessages wanted;
    for (const ReplyRule &rule : m_profile.webSocket.rules)
        if (rule.isOn && !rule.contains.isEmpty())
            wanted.rules.push_back({rule.contains.toStdString(), rule.answer.toStdString()});
    command(std::move(wanted));
}

void EngineClient::setWatched(bool watched) {
    if (watched == m_isWatched) return;
    m_isWatched = watched;
    m_rate.clear();
    command(WatchConnections{watched ? kSnapshotMs : 0});
    setTimer();
}

void EngineClient::command(Command command) {
    if (m_engine) m_engine->post(std::move(command));
    setTimer();
}

void EngineClient::drain() {
    Event event;
    std::size_t bytes = 0;  // of messages: large ones take their time
    for (int taken = 0; taken < kEventsADrain && bytes < kMessageBytesADrain && m_engine && m_engine->take(event); ++taken) {
        if (const auto *message = std::get_if<MessageRecord>(&event)) bytes += message->payload.size();
        std::visit([this](auto &&news) { handle(std::move(news)); }, std::move(event));
    }
    tellMessages();
    if (bytes >= kMessageBytesADrain) QTimer::singleShot(0, this, &EngineClient::drain);
}

void EngineClient::tellMessages() {
    if (m_messages.empty()) return;
    const auto messages = std::exchange(m_messages, {});
    emit messagesHappened(messages);
}

void EngineClient::handle(Started &&started) {
    --m_awaited;
    m_port = started.port;
    m_folderTrouble.reset();
    if (m_awaited > 0) return;
    const bool isNewPort = !m_profile.portWasChosen && m_profile.port != m_port;
    if (isNewPort) m_profile.port = m_port;
    m_servedProfile = m_profile;
    // News also where it served before: the port, and so the address, may be another.
    setState(ServingState::Serving, News::Always);
    if (isNewPort) emit profileChanged();
}

void EngineClient::handle(Failed &&failed) {
    --m_awaited;
    if (!failed.keptServing) m_port = 0;
    if (m_awaited > 0) return;
    Trouble trouble = troubleOf(failed);
    if (failed.keptServing) return goBackToWhatServes(std::move(trouble));
    m_trouble = std::move(trouble);
    setState(ServingState::Trouble);
}

// A new name stays, unless it came with the folder that was refused.
void EngineClient::goBackToWhatServes(Trouble refusal) {
    m_refusal = std::move(refusal);
    ServerProfile former = m_servedProfile;
    if (m_profile.folder == former.folder) former.name = m_profile.name;
    former.wasServing = m_profile.wasServing;
    former.webSocket = m_profile.webSocket;
    m_profile = std::move(former);
    tellFolderState();
    emit refused();
    emit profileChanged();
}

void EngineClient::tellFolderState() {
    if (m_folderTrouble) m_trouble = folderTrouble(m_profile, *m_folderTrouble);
    setState(m_folderTrouble ? ServingState::Trouble : ServingState::Serving);
}

Trouble EngineClient::troubleOf(const Failed &failed) const {
    // Known since it vanished: the same words, so that nobody reads them twice.
    if (m_folderTrouble == failed.kind && m_profile.folder == m_servedProfile.folder)
        return folderTrouble(m_profile, failed.kind);
    const bool isTaken = failed.kind == TroubleKind::PortTaken && m_neighbours;
    Trouble trouble =
        troubleFor(failed, m_profile, m_desktop, isTaken ? m_neighbours->folderOnPort(failed.port, *this) : QString());
    trouble.option = QString::fromStdString(failed.option);
    return trouble;
}

bool EngineClient::waitsForFolder() const {
    if (m_state != ServingState::Trouble) return false;
    return isListening() || isAboutFolder(m_trouble.kind);
}

void EngineClient::handle(Stopped &&) {
    --m_awaited;
    m_port = 0;
    m_rate.clear();
    m_snapshot.connections.clear();
    emit snapshotChanged();
    if (m_awaited == 0) setState(ServingState::Stopped);
}

void EngineClient::handle(Snapshot &&snapshot) {
    if (!isListening()) return;
    m_snapshot = std::move(snapshot);
    const auto &rows = m_snapshot.connections;
    const bool isFlowing =
        std::any_of(rows.begin(), rows.end(), [](const ConnectionRow &row) { return row.state == ConnectionState::Sending; });
    m_rate.add(m_snapshot.takenMs, m_snapshot.bytesDelivered, isFlowing);
    emit snapshotChanged();
}

void EngineClient::handle(RequestRecord &&record) { emit requestHappened(record); }

void EngineClient::handle(VisitorCame &&visitor) { emit visitorCame(QString::fromStdString(visitor.remoteIp)); }

void EngineClient::handle(WrongPassword &&wrong) {
    emit passwordWasWrong(QString::fromStdString(wrong.remoteIp), QString::fromStdString(wrong.user));
}

void EngineClient::handle(EngineTrouble &&trouble) { emit engineComplained(QString::fromStdString(trouble.sentence)); }

void EngineClient::handle(MessageRecord &&record) { m_messages.push_back(std::move(record)); }

void EngineClient::handle(MessageSent &&sent) { emit messageSent(sent.connectionId, static_cast<int>(sent.reached)); }

void EngineClient::handle(FolderReachable &&folder) {
    if (!isListening()) {
        if (!folder.trouble && m_awaited == 0 && waitsForFolder()) start();
        return;
    }
    m_folderTrouble = folder.trouble;
    if (m_awaited == 0) tellFolderState();
}

void EngineClient::setState(ServingState state, News news) {
    const bool isNews = state != m_state || state == ServingState::Trouble || news == News::Always;
    m_state = state;
    setTimer();
    const bool waitsForPort = state == ServingState::Trouble && m_trouble.kind == TroubleKind::PortTaken && !isListening();
    waitsForPort ? m_portWatch.start(kPortWatchMs) : m_portWatch.stop();
    if (isNews) emit stateChanged();
}

// As with a folder that comes back: what is wanted happens as soon as it can.
void EngineClient::lookAtPort() {
    if (m_awaited == 0 && m_profile.wasServing && isPortFree(m_profile.port, m_profile.reach)) start();
}

// A stopped engine has no news: no timer.
void EngineClient::setTimer() {
    const bool isAsked = m_checks != m_checksAnswered;
    const bool isBusy = m_isWatched || m_awaited > 0 || isAsked;
    const bool isAtRest = !m_engine || (m_awaited == 0 && !isAsked && !isListening() && !waitsForFolder());
    if (isAtRest) return m_timer.stop();
    const int everyMs = isBusy ? kBusyMs : kCalmMs;
    if (!m_timer.isActive() || m_timer.interval() != everyMs) m_timer.start(everyMs);
}

StartServing EngineClient::startCommand() const {
    StartServing wanted;
    wanted.address = m_profile.reach == Reach::MyNetwork ? "" : "127.0.0.1";
    wanted.ports = portsFor(m_profile);
    for (const auto &[name, value] : m_profile.options) wanted.options.emplace_back(name.toStdString(), value.toStdString());
    wanted.options.emplace_back("document_root", m_profile.folder.toStdString());
    if (!m_profile.options.contains(QStringLiteral("cgi_pattern"))) wanted.options.emplace_back("cgi_pattern", kNoScripts);
    return wanted;
}

}  // namespace meerkat::app
