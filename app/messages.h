// Station: what travels between a front end and an engine, both ways. From engine_client to engine_thread and back, through message_queue.
// Plain values only: nothing here points into the other thread.
#pragma once

#include "app/websocket_messages.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace meerkat::app {

// ---- a click: front end -> engine ----

// Start serving with these options (document_root, listening_port and whatever else the profile says). Serving already: options that changed are
// applied, connections stay.
struct StartServing {
    std::vector<std::pair<std::string, std::string>> options;
    // Ports to try, in order: one where a person chose it; 8080 and what follows it where nobody did. The bind address comes from `address`.
    std::string address;  // "127.0.0.1", or "" for every address of the machine
    std::vector<std::uint16_t> ports;
};
struct StopServing {};
// How often a snapshot is wanted, in milliseconds; 0: nobody looks.
struct WatchConnections {
    int everyMs = 0;
};
// 0: all.
struct CloseConnection {
    std::uint64_t id = 0;
};
// Whether the engine would take these options, each by itself; nothing is changed. An empty value stands for an option that is unset.
struct CheckOptions {
    std::uint64_t ticket = 0;  // comes back with the answer
    std::vector<std::pair<std::string, std::string>> options;
};
using Command =
    std::variant<StartServing, StopServing, WatchConnections, CloseConnection, CheckOptions, SendMessage, AnswerMessages>;

// ---- news: engine -> front end ----

enum class TroubleKind { PortTaken, PortForbidden, FolderMissing, FolderUnreadable, FolderIsFile, OptionRefused, Other };
// Whether the folder is to blame, and nothing else keeps it from being served.
constexpr bool isAboutFolder(TroubleKind kind) {
    return kind == TroubleKind::FolderMissing || kind == TroubleKind::FolderUnreadable || kind == TroubleKind::FolderIsFile;
}

struct Started {
    std::uint16_t port = 0;
    std::string address;  // as in StartServing
};
struct Failed {
    TroubleKind kind = TroubleKind::Other;
    std::string option;        // "listening_port", "document_root", …; empty if none is to blame
    std::string text;          // the engine's sentence
    std::uint16_t port = 0;    // PortTaken, PortForbidden
    bool keptServing = false;  // the old settings still serve
};
struct Stopped {};
struct OptionsChecked {
    std::uint64_t ticket = 0;
    std::vector<std::string> complaints;  // one for each option: the engine's sentence, empty where it would be taken
};

enum class ConnectionState : std::uint8_t { Idle, Reading, Handling, Sending, Closing };

struct ConnectionRow {
    std::uint64_t id = 0;
    std::string remoteIp;
    std::uint16_t remotePort = 0;
    ConnectionState state = ConnectionState::Idle;
    std::string method;
    std::string target;
    int status = 0;
    std::uint64_t requests = 0;
    std::uint64_t bytesReceived = 0;
    std::uint64_t bytesSent = 0;    // what still waits in this machine's buffers left out, where the system tells it
    std::uint64_t answerBytes = 0;  // body length of the answer under way, 0 unknown
    std::uint64_t answerSent = 0;
    std::int64_t connectedMs = 0;  // how long it has been open
    bool isWebSocket = false;
    std::string endpoint;  // of a WebSocket: "echo", "broadcast", "manual"
};

struct Counters {
    std::uint64_t connectionsAccepted = 0;
    std::uint64_t connectionsOpen = 0;
    std::uint64_t requests = 0;
    std::uint64_t bytesReceived = 0;
    std::uint64_t bytesSent = 0;
};

// What was sent in one second of the monotonic clock.
struct SecondOfTraffic {
    std::int64_t second = 0;
    std::uint64_t bytes = 0;
};

// What is true now. Travels whole; a newer one replaces an older one.
struct Snapshot {
    std::int64_t takenMs = 0;  // monotonic
    Counters counters;
    std::uint64_t bytesDelivered = 0;  // of counters.bytesSent, less what waits in this machine's buffers; never shrinks
    std::vector<ConnectionRow> connections;
    std::vector<SecondOfTraffic> history;  // of the last minutes, oldest first, without the seconds in which nothing was sent
    std::uint64_t droppedRecords = 0;      // request records that found the ring full, since the start
    std::uint64_t droppedMessages = 0;     // the same of WebSocket messages
};

// What happened: one answered (or cut) request.
struct RequestRecord {
    std::int64_t endedMs = 0;  // since 1970, UTC
    std::uint64_t connectionId = 0;
    std::string remoteIp;
    std::uint16_t remotePort = 0;
    std::string user;  // whose password was right; empty: nobody's
    std::string method;
    std::string target;
    std::string userAgent;
    std::string referer;
    std::string headers;  // as they came, "Name: value\r\n" each; the secrets of Authorization and Cookie left out
    int status = 0;
    std::uint64_t bytesSent = 0;
    std::uint64_t durationUs = 0;
    bool isComplete = true;
};

// What the engine could not do by itself while it serves: a certificate that changed and can't be used, and the like.
struct EngineTrouble {
    std::string sentence;
};

// An address that had not been here since the start opened a connection.
struct VisitorCame {
    std::string remoteIp;
};

// Somebody tried a password that is not right.
struct WrongPassword {
    std::string remoteIp;
    std::string user;
};

// The folder vanished or came back while serving; or the one that a start was refused for is there now.
struct FolderReachable {
    std::optional<TroubleKind> trouble;  // what keeps it from being reached, isAboutFolder(); none: it is there
};

using Event = std::variant<Started, Failed, Stopped, OptionsChecked, Snapshot, RequestRecord, VisitorCame, WrongPassword,
                           EngineTrouble, FolderReachable, MessageRecord, MessageSent>;

}  // namespace meerkat::app
