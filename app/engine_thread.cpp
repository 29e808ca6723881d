#include "app/engine_thread.h"

#include "app/serving_settings.h"

#include <mongoose.h>

#include <algorithm>
#include <chrono>
#include <system_error>

namespace meerkat::app {

namespace {

constexpr std::int64_t kFolderCheckMs = 2000;
constexpr std::int64_t kRetryMs = 500;  // news that wait for room
constexpr std::int64_t kNever = INT64_MAX;

std::int64_t nowMs() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

Counters countersOf(const mg_server *server) {
    mg_counters from{};
    mg_get_counters(server, &from);
    return {from.connections_accepted, from.connections_open, from.requests, from.bytes_received, from.bytes_sent};
}

ConnectionState stateOf(mg_connection_state state) {
    switch (state) {
    case MG_STATE_IDLE:
        return ConnectionState::Idle;
    case MG_STATE_READING:
        return ConnectionState::Reading;
    case MG_STATE_HANDLING:
        return ConnectionState::Handling;
    case MG_STATE_SENDING:
        return ConnectionState::Sending;
    case MG_STATE_CLOSING:
        break;
    }
    return ConnectionState::Closing;
}

ConnectionRow rowOf(const mg_connection_info &from) {
    ConnectionRow row;
    row.id = from.connection_id;
    row.remoteIp = from.remote_ip;
    row.remotePort = from.remote_port;
    row.state = stateOf(from.state);
    row.method = from.method;
    row.target = from.target;
    row.status = from.status;
    row.requests = from.requests;
    row.bytesReceived = from.bytes_received;
    row.bytesSent = from.bytes_sent;
    row.answerBytes = from.answer_bytes;
    row.answerSent = from.answer_sent;
    row.connectedMs = from.connected_ms;
    return row;
}

// What the system has taken is not what a visitor has: megabytes wait here for a slow one, and then nothing is over yet.
void leaveOutHeld(ConnectionRow &row, std::uint64_t heldBytes) {
    row.bytesSent -= heldBytes;
    row.answerSent -= std::min(heldBytes, row.answerSent);
    if (heldBytes > 0 && row.state == ConnectionState::Idle) row.state = ConnectionState::Sending;
}

struct SeenConnections {
    std::vector<ConnectionRow> rows;
    std::uint64_t heldBytes = 0;
};

RequestRecord recordOf(const mg_observation &from) {
    RequestRecord record;
    record.connectionId = from.connection_id;
    record.remoteIp = from.remote_ip;
    record.method = from.method;
    record.target = from.target;
    record.userAgent = from.user_agent;
    record.status = from.status;
    record.bytesSent = from.bytes_sent;
    record.durationUs = from.duration_us;
    record.isComplete = from.is_complete != 0;
    return record;
}

void addRow(const mg_connection_info *info, void *param) {
    auto &seen = *static_cast<SeenConnections *>(param);
    // With TLS the system counts a little more than the plain bytes.
    const std::uint64_t held = std::min(info->bytes_held, info->bytes_sent);
    seen.rows.push_back(rowOf(*info));
    leaveOutHeld(seen.rows.back(), held);
    seen.heldBytes += held;
}

void observe(void *queue, const mg_observation *observation) {
    if (observation->kind != MG_OBSERVED_REQUEST) return;
    auto &news = *static_cast<MessageQueue *>(queue);
    if (news.admitsRecord()) news.tellRecord(recordOf(*observation));
}

// What the engine thread does between two polls.
class EngineLoop {
  public:
    EngineLoop(mg_server *server, MessageQueue &queue) : m_server(server), m_queue(queue), m_settings(server) {
        const mg_observer observer{observe, &m_queue};
        mg_set_observer(server, &observer);
    }

    void takeCommands() {
        Command command;
        while (m_queue.takeCommand(command)) std::visit([this](const auto &wanted) { carryOut(wanted); }, command);
    }

    void doWhatIsDue() {
        const std::int64_t now = nowMs();
        if (now >= m_nextSnapshotMs) takeSnapshot(now);
        if (now >= m_nextFolderCheckMs) checkFolder(now);
    }

    // How long the next poll may wait: -1 where nothing but traffic and commands is to come.
    int pollMs() {
        std::int64_t due = std::min(m_nextSnapshotMs, m_nextFolderCheckMs);
        const std::int64_t now = nowMs();
        if (m_queue.hasWaitingEvents()) due = std::min(due, now + kRetryMs);
        return due == kNever ? -1 : static_cast<int>(std::clamp<std::int64_t>(due - now, 0, INT32_MAX));
    }

  private:
    void carryOut(const StartServing &wanted) {
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

    // What nothing but its folder keeps from being served is worth another try once the folder is there.
    void waitForFolder(const StartServing &wanted, TroubleKind why) {
        m_nextFolderCheckMs = kNever;
        if (!isAboutFolder(why)) return;
        for (const auto &[name, value] : wanted.options)
            if (name == "document_root") watchFolder(value, why);
    }

    void watchFolder(const std::string &folder, std::optional<TroubleKind> trouble) {
        m_watchedFolder = folder;
        m_folderTrouble = trouble;
        m_nextFolderCheckMs = nowMs() + kFolderCheckMs;
    }

    void carryOut(const StopServing &) {
        m_settings.stop();
        m_nextFolderCheckMs = kNever;
        m_queue.tellState(Stopped{});
        if (m_watchMs > 0) takeSnapshot(nowMs());
    }

    void carryOut(const WatchConnections &wanted) {
        m_watchMs = wanted.everyMs;
        m_nextSnapshotMs = m_watchMs > 0 ? nowMs() : kNever;
    }

    void carryOut(const CloseConnection &wanted) { mg_close_connections(m_server, wanted.id); }

    void takeSnapshot(std::int64_t now) {
        Snapshot snapshot;
        snapshot.takenMs = now;
        snapshot.counters = countersOf(m_server);
        SeenConnections seen;
        seen.rows.reserve(static_cast<std::size_t>(snapshot.counters.connectionsOpen));
        mg_visit_connections(m_server, addRow, &seen);
        snapshot.connections = std::move(seen.rows);
        m_deliveredBytes = std::max(m_deliveredBytes, snapshot.counters.bytesSent - seen.heldBytes);
        snapshot.bytesDelivered = m_deliveredBytes;
        // Where nobody serves and nobody is left, nothing changes by itself.
        const bool canChange = m_settings.isServing() || !snapshot.connections.empty();
        m_nextSnapshotMs = canChange && m_watchMs > 0 ? now + m_watchMs : kNever;
        m_queue.tellSnapshot(std::move(snapshot));
    }

    void checkFolder(std::int64_t now) {
        m_nextFolderCheckMs = now + kFolderCheckMs;
        const auto trouble = m_watchedFolder.empty() ? std::nullopt : troubleWithFolder(m_watchedFolder);
        if (trouble == m_folderTrouble) return;
        m_folderTrouble = trouble;
        if (!trouble && m_settings.isServing()) m_settings.reopenFolder();
        m_queue.tellState(FolderReachable{trouble});
    }

    mg_server *m_server;
    MessageQueue &m_queue;
    ServingSettings m_settings;
    int m_watchMs = 0;
    std::int64_t m_nextSnapshotMs = kNever;
    std::int64_t m_nextFolderCheckMs = kNever;
    std::uint64_t m_deliveredBytes = 0;
    std::string m_watchedFolder;  // the served one, or the one a start was refused for
    std::optional<TroubleKind> m_folderTrouble;
};

}  // namespace

EngineThread::EngineThread() {
    try {
        m_thread = std::thread([this] { run(); });
    } catch (const std::system_error &) {
        m_hasNoEngine = true;
    }
}

EngineThread::~EngineThread() {
    m_mustEnd = true;
    wake();
    m_lastWakeup.count_down();
    if (m_thread.joinable()) m_thread.join();
}

// The command is in the ring before the server is looked for, and the engine tells of its server before it looks into the
// ring (all in one order, seq_cst): so either the engine sees the command or it is woken.
void EngineThread::post(Command command) {
    m_queue.post(std::move(command));
    wake();
}

bool EngineThread::take(Event &event) {
    if (m_queue.sendWaitingCommands()) wake();
    if (m_hasNoEngine) answerWithoutEngine();
    return m_queue.takeEvent(event);
}

void EngineThread::wake() {
    if (mg_server *server = m_server.load()) mg_wakeup_server(server);
}

void EngineThread::run() noexcept {
    mg_server *server = mg_create_server(nullptr, nullptr);
    if (!server) {
        m_hasNoEngine = true;
        return;
    }
    m_server = server;
    {
        EngineLoop loop(server, m_queue);
        while (!m_mustEnd) {
            loop.takeCommands();
            loop.doWhatIsDue();
            mg_poll_server(server, loop.pollMs());
        }
    }
    m_lastWakeup.wait();
    mg_destroy_server(&server);
}

// Nobody else is at the queue then: the front end takes the engine's side too.
void EngineThread::answerWithoutEngine() {
    Command command;
    while (m_queue.takeCommand(command)) {
        if (std::holds_alternative<StartServing>(command)) {
            m_queue.tellState(Failed{TroubleKind::Other, "", "the system has no thread or memory left"});
        } else if (std::holds_alternative<StopServing>(command)) {
            m_queue.tellState(Stopped{});
        }
    }
}

}  // namespace meerkat::app
