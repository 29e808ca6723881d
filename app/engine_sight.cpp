#include "app/engine_sight.h"

#include <mongoose.h>

#include <algorithm>
#include <chrono>

namespace meerkat::app {

namespace {

constexpr std::size_t kMostHeaderBytes = 8 * 1024;  // what is longer is cut

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
    row.isWebSocket = from.is_websocket != 0;
    row.endpoint = from.endpoint;
    return row;
}

// What the system has taken is not what a visitor has: megabytes wait here for a slow one, and then nothing is over yet.
void leaveOutHeld(ConnectionRow &row, std::uint64_t heldBytes) {
    row.bytesSent -= heldBytes;
    row.answerSent -= std::min(heldBytes, row.answerSent);
    if (heldBytes > 0 && row.state == ConnectionState::Idle) row.state = ConnectionState::Sending;
}

std::string headersOf(const mg_observation &from) {
    std::string headers(kMostHeaderBytes, '\0');
    headers.resize(std::min(kMostHeaderBytes, mg_observed_headers(&from, headers.data(), headers.size())));
    return headers;
}

// What lets somebody else in is not for a log: its scheme stays, what follows does not.
std::string withoutSecrets(const std::string &headers) {
    std::string told;
    for (std::size_t at = 0; at < headers.size();) {
        const std::size_t end = std::min(headers.find("\r\n", at), headers.size() - 1) + 1;
        std::string line = headers.substr(at, end + 1 - at);
        at = end + 1;
        std::string name = line.substr(0, line.find(':'));
        for (char &each : name) each = each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
        if (name == "cookie") line = line.substr(0, name.size()) + ": \u2026\r\n";
        if (name == "authorization" || name == "proxy-authorization") {
            const std::size_t scheme = line.find_first_not_of(": ", name.size());
            line = line.substr(0, std::min(line.find(' ', scheme), line.find('\r', scheme))) + " \u2026\r\n";
        }
        told += line;
    }
    return told;
}

void addRow(const mg_connection_info *info, void *param) {
    auto &seen = *static_cast<SeenConnections *>(param);
    // With TLS the system counts a little more than the plain bytes.
    const std::uint64_t held = std::min(info->bytes_held, info->bytes_sent);
    seen.rows.push_back(rowOf(*info));
    leaveOutHeld(seen.rows.back(), held);
    seen.heldBytes += held;
}

}  // namespace

Counters countersOf(const mg_server *server) {
    mg_counters from{};
    mg_get_counters(server, &from);
    return {from.connections_accepted, from.connections_open, from.requests, from.bytes_received, from.bytes_sent};
}

RequestRecord recordOf(const mg_observation &from) {
    RequestRecord record;
    record.endedMs =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    record.connectionId = from.connection_id;
    record.remoteIp = from.remote_ip;
    record.remotePort = from.remote_port;
    record.user = from.user;
    record.method = from.method;
    record.target = from.target;
    record.userAgent = from.user_agent;
    record.referer = from.referer;
    record.headers = withoutSecrets(headersOf(from));
    record.status = from.status;
    record.bytesSent = from.bytes_sent;
    record.durationUs = from.duration_us;
    record.isComplete = from.is_complete != 0;
    return record;
}

SeenConnections lookAtConnections(mg_server *server, std::uint64_t expected) {
    SeenConnections seen;
    seen.rows.reserve(static_cast<std::size_t>(expected));
    mg_visit_connections(server, addRow, &seen);
    return seen;
}

}  // namespace meerkat::app
