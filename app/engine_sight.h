// Station: what the engine tells of itself -> the values of messages.h. From engine_loop, to message_queue.
// Thread: engine.
#pragma once

#include "app/messages.h"

struct mg_observation;
struct mg_server;

namespace meerkat::app {

Counters countersOf(const mg_server *server);
RequestRecord recordOf(const mg_observation &from);

struct SeenConnections {
    std::vector<ConnectionRow> rows;
    std::uint64_t heldBytes = 0;  // sent, and still waiting in this machine
};
// `expected`: about how many there are.
SeenConnections lookAtConnections(mg_server *server, std::uint64_t expected);

}  // namespace meerkat::app
