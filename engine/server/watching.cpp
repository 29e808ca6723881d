// The part of the server that tells what happens: observer, access log, snapshots.
#include "server/rewriting.h"
#include "server/server.h"

namespace meerkat::server {

void Server::setObserver(const mg_observer *observer) {
    m_observer = observer ? *observer : mg_observer{};
    m_websockets.watcher = m_observer.on_observation ? this : nullptr;
}

void Server::noteRequest(http::HttpProtocol &http, const http::RequestHead &head) {
    auto &latest = m_program.faceOf(http.connection()).latest;
    if (!latest) latest = std::make_unique<RequestText>();
    latest->method = head.methodName;
    latest->target = head.target;
}

void Server::observe(mg_observed kind, const net::Connection &connection, const char *user, int closeCode) {
    const std::string ip = os::ipText(connection.peer());
    mg_observation observation{};
    observation.kind = kind;
    observation.connection_id = connection.id();
    observation.remote_ip = ip.c_str();
    observation.remote_port = connection.peer().port;
    observation.method = observation.target = observation.user_agent = observation.referer = observation.endpoint = "";
    observation.user = user;
    observation.close_code = closeCode;
    m_observer.on_observation(m_observer.param, &observation);
}

void Server::onSeen(websocket::WebsocketProtocol &websocket, const websocket::SeenMessage &seen) {
    Face &face = *Face::find(websocket.connection());
    if (face.isOutgoing) return;
    const Busy busy(*this);
    const std::string ip = os::ipText(websocket.connection().peer());
    const std::string target = face.latest ? face.latest->target : std::string();
    const bool isFinal = seen.bits & websocket::kFinBit;
    mg_observation observation{};
    observation.kind = MG_OBSERVED_MESSAGE;
    observation.connection_id = websocket.connection().id();
    observation.remote_ip = ip.c_str();
    observation.remote_port = websocket.connection().peer().port;
    observation.target = target.c_str();
    observation.method = observation.user_agent = observation.referer = observation.user = "";
    observation.connection = &face;
    observation.is_outgoing = seen.isOutgoing ? 1 : 0;
    observation.opcode = (seen.bits & websocket::kOpcodeBits) | (isFinal ? 0 : WEBSOCKET_DONT_FIN);
    observation.payload = seen.payload.empty() ? "" : seen.payload.data();
    observation.payload_len = seen.payload.size();
    observation.wire_bytes = seen.wireBytes;
    observation.endpoint = wordOf(face.endpoint).data();
    if (observation.opcode == WEBSOCKET_OPCODE_CONNECTION_CLOSE) {
        const auto message = websocket::readClosePayload(seen.payload);
        observation.close_code = static_cast<int>(message && message->code ? message->code : unsigned{websocket::kNoStatus});
    }
    m_observer.on_observation(m_observer.param, &observation);
}

// Once the request is answered: a program may have asked one list after the other, and found the user in the last.
void Server::tellWrongPassword(const net::Connection &connection) {
    const Face *face = Face::find(connection);
    if (!face || !face->login || face->role != Role::Request) return;
    const Login &login = *face->login;
    if (login.wrong > 0 && login.request == connection.protocol()->status().requests)
        observe(MG_OBSERVED_WRONG_PASSWORD, connection, login.triedFor.c_str());
}

void Server::onAnswered(http::HttpProtocol &http, const http::AnswerRecord &record) {
    const AsAsked asAsked(*this);
    const net::Connection &connection = http.connection();
    const std::string ip = os::ipText(connection.peer());
    const std::string user = userOf(connection);
    m_accessLog.add(ip, user, m_loop->wallSeconds(), record);
    if (!m_observer.on_observation) return;
    tellWrongPassword(connection);
    const auto field = [&](std::string_view name) {
        return std::string(record.head ? record.head->find(name).value_or("") : "");
    };
    const std::string method(record.head ? record.head->methodName : "");
    const std::string target(record.head ? record.head->target : "");
    const std::string agent = field("User-Agent"), referer = field("Referer");
    mg_observation observation{};
    observation.kind = MG_OBSERVED_REQUEST;
    observation.connection_id = connection.id();
    observation.remote_ip = ip.c_str();
    observation.remote_port = connection.peer().port;
    observation.method = method.c_str();
    observation.target = target.c_str();
    observation.endpoint = "";
    observation.user_agent = agent.c_str();
    observation.referer = referer.c_str();
    observation.user = user.c_str();
    observation.details = record.head;
    observation.status = record.status;
    observation.bytes_sent = record.bytesSent;
    observation.duration_us = static_cast<unsigned long long>(record.durationUs);
    observation.is_complete = record.isComplete ? 1 : 0;
    m_observer.on_observation(m_observer.param, &observation);
}

std::size_t copyHeaders(const mg_observation &observation, std::span<char> room) {
    const auto &head = *static_cast<const http::RequestHead *>(observation.details);
    std::size_t length = 0;
    const auto append = [&](std::string_view text) {
        std::copy(text.begin(), text.end(), room.begin() + static_cast<std::ptrdiff_t>(length));
        length += text.size();
    };
    for (const http::HeaderField &field : head.headers()) {
        if (field.name.size() + field.value.size() + 4 > room.size() - length) continue;
        for (const std::string_view part : {field.name, std::string_view(": "), field.value, std::string_view("\r\n")})
            append(part);
    }
    room[length] = '\0';
    return length;
}

const char *Server::takeTrouble() {
    m_trouble = m_identity.takeTrouble();
    return m_trouble.empty() ? nullptr : m_trouble.c_str();
}

void Server::visit(void (*visit)(const mg_connection_info *, void *), void *param) {
    const Busy busy(*this);
    // The visitor may open further connections.
    for (std::size_t i = 0; i < m_connections.size(); ++i) {
        const net::Connection *connection = m_connections[i].get();
        if (!connection->isOpen()) continue;
        const net::ProtocolStatus status = connection->protocol()->status();
        const Face *face = Face::find(*connection);
        if (face && face->isOutgoing) continue;
        const RequestText *latest = face ? face->latest.get() : nullptr;
        const std::string ip = os::ipText(connection->peer());
        const bool isSending = status.activity == net::Activity::Sending;
        mg_connection_info info{};
        info.connection_id = connection->id();
        info.remote_ip = ip.c_str();
        info.remote_port = connection->peer().port;
        info.state = static_cast<mg_connection_state>(status.activity);
        info.method = latest ? latest->method.c_str() : "";
        info.target = latest ? latest->target.c_str() : "";
        info.status = status.latestStatus;
        info.requests = status.requests;
        info.bytes_received = connection->bytesReceived();
        info.bytes_sent = connection->bytesSent();
        info.answer_bytes = isSending ? status.answerLength : 0;
        info.answer_sent = isSending ? status.answerSent : 0;
        info.connected_ms = m_loop->nowMs() - connection->openedMs();
        info.bytes_held = connection->bytesHeld();
        info.is_websocket = face && face->role == Role::WebSocket ? 1 : 0;
        info.endpoint = wordOf(face ? face->endpoint : EndpointKind::None).data();
        visit(&info, param);
    }
}

mg_counters Server::counters() const {
    mg_counters counters{};
    counters.connections_accepted = m_accepted;
    counters.connections_open = m_connections.size();
    counters.log_lines_lost = m_accessLog.lostLines();
    counters.requests = m_goneRequests;
    counters.bytes_received = m_goneReceived;
    counters.bytes_sent = m_goneSent;
    for (const auto &connection : m_connections) {
        counters.requests += connection->protocol()->status().requests;
        counters.bytes_received += connection->bytesReceived();
        counters.bytes_sent += connection->bytesSent();
    }
    return counters;
}

}  // namespace meerkat::server
