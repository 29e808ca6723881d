#include "app/websocket_desk.h"

#include <mongoose.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <string_view>

namespace meerkat::app {

namespace {

constexpr int kSwitchingProtocols = 101;
constexpr int kAbnormalClosure = 1006;

std::int64_t wallMs() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

bool send(mg_connection *connection, const SendMessage &wanted) {
    return mg_websocket_write(connection, static_cast<int>(wanted.kind), wanted.payload.data(), wanted.payload.size()) > 0;
}

struct Round {
    const SendMessage &wanted;
    std::uint32_t reached = 0;
};

int sendInRound(mg_connection *connection, mg_event) {
    auto &round = *static_cast<Round *>(connection->callback_param);
    if (connection->is_websocket && send(connection, round.wanted)) ++round.reached;
    return MG_FALSE;
}

}  // namespace

void WebsocketDesk::carryOut(const SendMessage &wanted) {
    if (!isFrame(wanted.kind)) return;
    Round round{wanted};
    if (wanted.connectionId == 0)
        mg_iterate_over_connections(m_server, sendInRound, &round);
    else if (mg_connection *connection = mg_find_connection(m_server, wanted.connectionId))
        round.reached = send(connection, wanted) ? 1 : 0;
    m_queue.tellRecord(MessageSent{wanted.connectionId, round.reached});
}

void WebsocketDesk::noteMessage(const mg_observation &seen) {
    tell(seen, static_cast<MessageKind>(seen.opcode & ~WEBSOCKET_DONT_FIN), seen.payload, seen.payload_len);
    const bool isMessage = seen.opcode == WEBSOCKET_OPCODE_TEXT || seen.opcode == WEBSOCKET_OPCODE_BINARY;
    if (!m_rules.empty() && isMessage && !seen.is_outgoing && std::strcmp(seen.endpoint, "manual") == 0) answerByRule(seen);
}

void WebsocketDesk::noteOpened(const mg_observation &seen) {
    if (seen.status == kSwitchingProtocols) tell(seen, MessageKind::Opened, seen.target, std::strlen(seen.target));
}

void WebsocketDesk::noteClosed(const mg_observation &seen) {
    if (seen.close_code == kAbnormalClosure) tell(seen, MessageKind::Lost, "", 0);
}

void WebsocketDesk::tell(const mg_observation &seen, MessageKind kind, const char *payload, std::size_t bytes) {
    const std::size_t kept = std::min(bytes, kMostMessageBytes);
    if (!m_queue.admitsMessage(kept)) return;
    MessageRecord record;
    record.atMs = wallMs();
    record.connectionId = seen.connection_id;
    record.kind = kind;
    record.isOutgoing = seen.is_outgoing != 0;
    record.closeCode = static_cast<std::uint16_t>(seen.close_code);
    record.payloadBytes = bytes;
    record.wireBytes = seen.wire_bytes;
    record.payload.assign(payload, kept);
    m_queue.tellMessage(std::move(record));
}

void WebsocketDesk::answerByRule(const mg_observation &seen) {
    const std::string_view payload(seen.payload, seen.payload_len);
    const auto rule = std::find_if(m_rules.begin(), m_rules.end(),
                                   [&](const AnswerRule &each) { return payload.find(each.contains) != std::string_view::npos; });
    if (rule == m_rules.end()) return;
    mg_websocket_write(seen.connection, WEBSOCKET_OPCODE_TEXT, rule->answer.data(), rule->answer.size());
}

}  // namespace meerkat::app
