// Station: what is kept of the WebSockets of one served folder: their messages, a recording, a replay. From engine_client, to the WebSocket page.
// Lives as a child of the client, whoever is shown.
#pragma once

#include "ui/models/message_log.h"
#include "ui/models/message_recorder.h"
#include "ui/models/message_replay.h"

#include <QObject>

namespace meerkat::app {
class EngineClient;
}

namespace meerkat::ui {

class WebSocketSession : public QObject {
    Q_OBJECT
  public:
    // The client's session; made when first asked for.
    static WebSocketSession &of(app::EngineClient &client);

    MessageLog &log() { return m_log; }
    MessageRecorder &recorder() { return m_recorder; }
    MessageReplay &replay() { return m_replay; }
    // Of that file, while it is shown instead of what happens; empty: none is.
    MessageLog &loaded() { return m_loaded; }

    void replayTo(quint64 connectionId, std::vector<app::MessageRecord> messages, double speed);

  private:
    explicit WebSocketSession(app::EngineClient &client);

    app::EngineClient &m_client;
    MessageLog m_log;
    MessageLog m_loaded;
    MessageRecorder m_recorder;
    MessageReplay m_replay;
    quint64 m_replayTo = 0;
};

}  // namespace meerkat::ui
