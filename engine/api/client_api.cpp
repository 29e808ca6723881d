// The functions of mongoose.h that open connections.
#include "api/handle.h"

mg_connection *mg_connect(mg_server *server, const char *host, int port, int use_ssl) {
    if (!server || !host) return nullptr;
    return server->server->connect(host, port, use_ssl != 0, {});
}

mg_connection *mg_connect_websocket(mg_server *server, const char *host, int port, int use_ssl, const char *uri,
                                    const char *subprotocols) {
    if (!server || !host || !uri || uri[0] != '/') return nullptr;
    meerkat::websocket::ClientHandshake handshake;
    handshake.host = meerkat::server::hostField(host, port, use_ssl != 0);
    handshake.target = uri;
    handshake.subprotocols = subprotocols ? subprotocols : "";
    return server->server->connect(host, port, use_ssl != 0, std::move(handshake));
}
