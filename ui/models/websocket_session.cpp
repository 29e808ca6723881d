#include "ui/models/websocket_session.h"

#include "app/engine_client.h"

namespace meerkat::ui {

WebSocketSession &WebSocketSession::of(app::EngineClient &client) {
    auto *session = client.findChild<WebSocketSession *>(QString(), Qt::FindDirectChildrenOnly);
    return session ? *session : *new WebSocketSession(client);
}

WebSocketSession::WebSocketSession(app::EngineClient &client) : QObject(&client), m_client(client) {
    const auto follow = [this] {
        const auto bytes = static_cast<std::size_t>(m_client.profile().webSocket.memoryMiB) << 20;
        m_log.setLimit(bytes);
        m_loaded.setLimit(bytes);
    };
    follow();
    connect(&client, &app::EngineClient::profileChanged, this, follow);
    connect(&client, &app::EngineClient::messagesHappened, this, [this](const std::vector<app::MessageRecord> &messages) {
        m_recorder.take(messages);
        m_log.append(messages);
    });
    connect(&m_replay, &MessageReplay::due, this, [this](const app::MessageRecord &message) {
        m_client.sendMessage({m_replayTo, message.kind, message.payload});
    });
}

void WebSocketSession::replayTo(quint64 connectionId, std::vector<app::MessageRecord> messages, double speed) {
    m_replayTo = connectionId;
    m_replay.start(std::move(messages), speed);
}

}  // namespace meerkat::ui
