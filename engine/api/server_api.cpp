// The functions of mongoose.h that take a server.
#include "api/handle.h"
#include "api/text_out.h"

#include <new>

using meerkat::server::Server;

using meerkat::api::destroyIfWanted;

mg_server *mg_create_server(void *server_param, mg_handler_t handler) try {
    auto handle = std::make_unique<mg_server>();
    handle->server = Server::create(server_param);
    if (!handle->server) return nullptr;
    handle->server->program().setHandler(handler);
    handle->server->program().handle = handle.get();
    return handle.release();
} catch (const std::bad_alloc &) {
    return nullptr;
}

void mg_destroy_server(mg_server **server) {
    if (!server || !*server) return;
    mg_server *handle = *server;
    *server = nullptr;
    if (!handle->server->isBusy()) {
        delete handle;
        return;
    }
    handle->isDestroyWanted = true;
    handle->server->end();
}

void mg_set_event_handler(mg_server *server, mg_handler_t handler) {
    if (server) server->server->program().setHandler(handler);
}

void mg_set_event_mask(mg_server *server, unsigned int mask) {
    if (server) server->server->program().setMask(mask);
}

int mg_poll_server(mg_server *server, int milliseconds) {
    if (!server) return 0;
    const int live = server->server->poll(milliseconds);
    return destroyIfWanted(server) ? 0 : live;
}

void mg_wakeup_server(mg_server *server) {
    if (server) server->server->wakeUp();
}

void mg_iterate_over_connections(mg_server *server, mg_handler_t func, void *param) {
    if (!server || !func) return;
    server->server->iterate(func, param);
    destroyIfWanted(server);
}

mg_connection *mg_next(mg_server *server, mg_connection *connection) {
    return server ? server->server->next(connection) : nullptr;
}

mg_connection *mg_find_connection(mg_server *server, unsigned long long connection_id) {
    return server ? server->server->find(connection_id) : nullptr;
}

void mg_set_observer(mg_server *server, const mg_observer *observer) {
    if (server) server->server->setObserver(observer);
}

void mg_visit_connections(mg_server *server, void (*visit)(const mg_connection_info *, void *), void *param) {
    if (!server || !visit) return;
    server->server->visit(visit, param);
    destroyIfWanted(server);
}

size_t mg_observed_headers(const mg_observation *observation, char *buf, size_t buf_len) {
    meerkat::api::clearText(buf, buf_len);
    if (!buf || buf_len == 0 || !observation || !observation->details) return 0;
    return meerkat::server::copyHeaders(*observation, meerkat::api::roomIn(buf, buf_len));
}

void mg_get_counters(const mg_server *server, mg_counters *counters) {
    if (counters) *counters = server ? server->server->counters() : mg_counters{};
}

const char *mg_take_trouble(mg_server *server) { return server ? server->server->takeTrouble() : nullptr; }

int mg_close_connections(mg_server *server, unsigned long long connection_id) {
    if (!server) return 0;
    const int count = server->server->closeConnections(connection_id);
    destroyIfWanted(server);
    return count;
}

int mg_set_listening_socket(mg_server *server, int socket) {
    return server && server->server->adoptListener(socket).empty() ? 1 : 0;
}

int mg_get_listening_socket(const mg_server *server) { return server ? static_cast<int>(server->server->listener()) : -1; }
