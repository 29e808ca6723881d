// Station: what the engine thread does between two polls: takes commands, tells news. From engine_thread, to mongoose.h, serving_settings and message_queue.
// Thread: engine.
#pragma once

#include "app/message_queue.h"
#include "app/serving_settings.h"
#include "app/traffic_history.h"
#include "app/websocket_desk.h"

#include <optional>
#include <set>
#include <string>

struct mg_observation;
struct mg_server;

namespace meerkat::app {

class EngineLoop {
  public:
    // Both are borrowed and outlive this.
    EngineLoop(mg_server *server, MessageQueue &queue);
    ~EngineLoop();  // the server's last words are heard by nobody
    EngineLoop(const EngineLoop &) = delete;
    EngineLoop &operator=(const EngineLoop &) = delete;

    void takeCommands();
    void doWhatIsDue();
    // How long the next poll may wait: -1 where nothing but traffic and commands is to come.
    int pollMs();

  private:
    void carryOut(const StartServing &wanted);
    void carryOut(const StopServing &);
    void carryOut(const WatchConnections &wanted);
    void carryOut(const CloseConnection &wanted);
    void carryOut(const CheckOptions &wanted);
    void carryOut(const SendMessage &wanted) { m_websockets.carryOut(wanted); }
    void carryOut(const AnswerMessages &wanted) { m_websockets.carryOut(wanted); }

    static void onObservation(void *loop, const mg_observation *observation);
    void tellVisitor(const mg_observation &opened);
    void waitForFolder(const StartServing &wanted, TroubleKind why);
    void watchFolder(const std::string &folder, std::optional<TroubleKind> trouble);
    void takeSnapshot(std::int64_t now);
    void checkFolder(std::int64_t now);

    mg_server *m_server;
    MessageQueue &m_queue;
    ServingSettings m_settings;
    TrafficHistory m_history;
    WebsocketDesk m_websockets;
    std::set<std::string> m_visitors;  // told of since the start
    int m_watchMs = 0;
    std::int64_t m_nextSnapshotMs;
    std::int64_t m_nextFolderCheckMs;
    std::uint64_t m_deliveredBytes = 0;
    std::string m_watchedFolder;  // the served one, or the one a start was refused for
    std::optional<TroubleKind> m_folderTrouble;
};

}  // namespace meerkat::app
