#include "app/engine_loop.h"

#include "app/engine_sight.h"

#include <mongoose.h>

#include <algorithm>
#include <chrono>

namespace meerkat::app {

namespace {

constexpr std::int64_t kFolderCheckMs = 2000;
constexpr std::int64_t kRetryMs = 500;  // news that wait for room
constexpr std::int64_t kNever = INT64_MAX;

std::int64_t nowMs() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}
constexpr std::size_t kMostVisitors = 4096;

}  // namespace

EngineLoop::EngineLoop(mg_server *server, MessageQueue &queue)
    : m_server(server), m_queue(queue), m_settings(server), m_websockets(server, queue), m_nextSnapshotMs(kNever),
      m_nextFolderCheckMs(kNever) {
    const mg_observer observer{onObservation, this};
    mg_set_observer(server, &observer);
}

EngineLoop::~EngineLoop() { mg_set_observer(m_server, nullptr); }

void EngineLoop::takeCommands() {
    Command command;
    while (m_queue.takeCommand(command)) std::visit([this](const auto &wanted) { carryOut(wanted); }, command);
}

void EngineLoop::doWhatIsDue() {
    const std::int64_t now = nowMs();
    if (m_history.isDue(now)) m_history.look(now, countersOf(m_server).bytesSent);
    if (const char *trouble = mg_take_trouble(m_server)) m_queue.tellState(EngineTrouble{trouble});
    if (now >= m_nextSnapshotMs) takeSnapshot(now);
    if (now >= m_nextFolderCheckMs) checkFolder(now);
}

int EngineLoop::pollMs() {
    std::int64_t due = std::min({m_nextSnapshotMs, m_nextFolderCheckMs, m_history.nextLookMs()});
    const std::int64_t now = nowMs();
    if (m_queue.hasWaitingEvents()) due = std::min(due, now + kRetryMs);
    return due == kNever ? -1 : static_cast<int>(std::clamp<std::int64_t>(due - now, 0, INT32_MAX));
}

void EngineLoop::onObservation(void *param, const mg_observation *observation) {
    auto &loop = *static_cast<EngineLoop *>(param);
    switch (observation->kind) {
    case MG_OBSERVED_REQUEST:
        if (loop.m_queue.admitsRecord()) loop.m_queue.tellRecord(recordOf(*observation));
        loop.m_websockets.noteOpened(*observation);
        break;
    case MG_OBSERVED_OPENED:
        loop.tellVisitor(*observation);
        break;
    case MG_OBSERVED_WRONG_PASSWORD:
        if (loop.m_queue.admitsRecord()) loop.m_queue.tellRecord(WrongPassword{observation->remote_ip, observation->user});
        break;
    case MG_OBSERVED_CLOSED:
        loop.m_websockets.noteClosed(*observation);
        break;
    case MG_OBSERVED_MESSAGE:
        loop.m_websockets.noteMessage(*observation);
        break;
    }
}

// Who finds no room for the word is told of at the next visit.
void EngineLoop::tellVisitor(const mg_observation &opened) {
    if (m_visitors.size() >= kMostVisitors || m_visitors.contains(opened.remote_ip) || !m_queue.admitsRecord()) return;
    m_visitors.insert(opened.remote_ip);
    m_queue.tellRecord(VisitorCame{opened.remote_ip});
}

void EngineLoop::carryOut(const StartServing &wanted) {
    auto outcome = m_settings.apply(wanted);
    if (std::holds_alternative<Started>(outcome)) {
        watchFolder(m_settings.folder(), std::nullopt);
        m_nextFolderCheckMs = nowMs();  // other settings of a folder that has vanished do not bring it back
        if (m_watchMs > 0) m_nextSnapshotMs = nowMs();
    } else if (!m_settings.isServing()) {
        waitForFolder(wanted, std::get<Failed>(outcome).kind);
    }
    std::visit([this](auto &told) { m_queue.tellState(std::move(told)); }, outcome);
}

void EngineLoop::waitForFolder(const StartServing &wanted, TroubleKind why) {
    m_nextFolderCheckMs = kNever;
    if (!isAboutFolder(why)) return;
    for (const auto &[name, value] : wanted.options)
        if (name == "document_root") watchFolder(value, why);
}

void EngineLoop::watchFolder(const std::string &folder, std::optional<TroubleKind> trouble) {
    m_watchedFolder = folder;
    m_folderTrouble = trouble;
    m_nextFolderCheckMs = nowMs() + kFolderCheckMs;
}

void EngineLoop::carryOut(const StopServing &) {
    m_settings.stop();
    m_nextFolderCheckMs = kNever;
    m_queue.tellState(Stopped{});
    if (m_watchMs > 0) takeSnapshot(nowMs());
}

void EngineLoop::carryOut(const WatchConnections &wanted) {
    m_watchMs = wanted.everyMs;
    m_nextSnapshotMs = m_watchMs > 0 ? nowMs() : kNever;
}

void EngineLoop::carryOut(const CloseConnection &wanted) { mg_close_connections(m_server, wanted.id); }

void EngineLoop::carryOut(const CheckOptions &wanted) {
    OptionsChecked checked{wanted.ticket, {}};
    for (const auto &[name, value] : wanted.options) {
        const char *complaint = mg_check_option(m_server, name.c_str(), value.c_str());
        checked.complaints.emplace_back(complaint ? complaint : "");
    }
    m_queue.tellState(std::move(checked));
}

void EngineLoop::takeSnapshot(std::int64_t now) {
    Snapshot snapshot;
    snapshot.takenMs = now;
    snapshot.counters = countersOf(m_server);
    SeenConnections seen = lookAtConnections(m_server, snapshot.counters.connectionsOpen);
    snapshot.connections = std::move(seen.rows);
    m_deliveredBytes = std::max(m_deliveredBytes, snapshot.counters.bytesSent - seen.heldBytes);
    snapshot.bytesDelivered = m_deliveredBytes;
    snapshot.history = m_history.seconds();
    // Where nobody serves and nobody is left, nothing changes by itself.
    const bool canChange = m_settings.isServing() || !snapshot.connections.empty();
    m_nextSnapshotMs = canChange && m_watchMs > 0 ? now + m_watchMs : kNever;
    m_queue.tellSnapshot(std::move(snapshot));
}

void EngineLoop::checkFolder(std::int64_t now) {
    m_nextFolderCheckMs = now + kFolderCheckMs;
    const auto trouble = m_watchedFolder.empty() ? std::nullopt : troubleWithFolder(m_watchedFolder);
    if (trouble == m_folderTrouble) return;
    m_folderTrouble = trouble;
    if (!trouble && m_settings.isServing()) m_settings.reopenFolder();
    m_queue.tellState(FolderReachable{trouble});
}

}  // namespace meerkat::app
