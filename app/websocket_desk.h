// Station: WebSockets between engine and front end: messages are told, wishes are sent, rules answer. From engine_loop, to mongoose.h and message_queue.
// Thread: engine.
#pragma once

#include "app/message_queue.h"

#include <vector>

struct mg_observation;
struct mg_server;

namespace meerkat::app {

class WebsocketDesk {
  public:
    // Both are borrowed and outlive this.
    WebsocketDesk(mg_server *server, MessageQueue &queue) : m_server(server), m_queue(queue) {}

    void carryOut(const SendMessage &wanted);
    void carryOut(const AnswerMessages &wanted) { m_rules = wanted.rules; }

    // MG_OBSERVED_MESSAGE.
    void noteMessage(const mg_observation &seen);
    // MG_OBSERVED_REQUEST: of one that became a WebSocket.
    void noteOpened(const mg_observation &seen);
    // MG_OBSERVED_CLOSED: of one that was cut.
    void noteClosed(const mg_observation &seen);

  private:
    void tell(const mg_observation &seen, MessageKind kind, const char *payload, std::size_t bytes);
    void answerByRule(const mg_observation &seen);

    mg_server *m_server;
    MessageQueue &m_queue;
    std::vector<AnswerRule> m_rules;
};

}  // namespace meerkat::app
