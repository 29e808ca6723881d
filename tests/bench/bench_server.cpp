// Station: the server that the side-by-side tool measures: libmongoose as a program uses it.
//   bench_server ADDRESS:PORT ROOT [PEM]
// /api answers a short text made for each request, /echo sends WebSocket messages back, one to /bcast goes to all that are connected there.
#include <mongoose.h>

#include <csignal>
#include <cstdio>
#include <cstring>

namespace {

volatile std::sig_atomic_t isEnding = 0;

bool isAt(const mg_connection *connection, const char *path) { return std::strcmp(connection->uri, path) == 0; }

mg_server *server = nullptr;

int sendToOne(mg_connection *connection, mg_event) {
    const auto *message = static_cast<const mg_connection *>(connection->callback_param);
    if (connection->is_websocket && isAt(connection, "/bcast"))
        mg_websocket_write(connection, message->wsbits & 15, message->content, message->content_len);
    return MG_FALSE;
}

int onMessage(mg_connection *connection) {
    const int opcode = connection->wsbits & 15;
    if (opcode != WEBSOCKET_OPCODE_TEXT && opcode != WEBSOCKET_OPCODE_BINARY) return MG_TRUE;
    if (isAt(connection, "/bcast"))
        mg_iterate_over_connections(server, sendToOne, connection);
    else
        mg_websocket_write(connection, opcode, connection->content, connection->content_len);
    return MG_TRUE;
}

int handle(mg_connection *connection, mg_event event) {
    if (event == MG_AUTH) return MG_TRUE;
    if (event == MG_REQUEST && connection->is_websocket) return onMessage(connection);
    if (event != MG_REQUEST || !isAt(connection, "/api")) return MG_FALSE;
    mg_send_header(connection, "Content-Type", "text/plain");
    mg_send_header(connection, "Content-Length", "13");
    mg_send_data(connection, "Hello, World!", 13);
    return MG_TRUE;
}

bool set(mg_server *server, const char *name, const char *value) {
    const char *refusal = mg_set_option(server, name, value);
    if (refusal) std::fprintf(stderr, "bench_server: %s\n", refusal);
    return !refusal;
}

}  // namespace

int main(int count, char **arguments) {
    if (count < 3 || count > 4) {
        std::fputs("bench_server ADDRESS:PORT ROOT [PEM]\n", stderr);
        return 1;
    }
    server = mg_create_server(nullptr, handle);
    mg_set_event_mask(server, MG_ALL_EVENTS & ~MG_EVENT_BIT(MG_POLL));
    bool isReady = set(server, "document_root", arguments[2]) && set(server, "listening_port", arguments[1]);
    if (count == 4) isReady = isReady && set(server, "ssl_certificate", arguments[3]);
    if (!isReady) return 1;
    std::signal(SIGTERM, [](int) { isEnding = 1; });
    std::signal(SIGINT, [](int) { isEnding = 1; });
    while (!isEnding) mg_poll_server(server, 1000);
    mg_destroy_server(&server);
    return 0;
}
