/* A chat room: what one says goes to all. Open it in several browser windows.   chat [ADDRESS:PORT] */
#include "example.h"

static const char page[] =
    "<!doctype html><title>Chat</title><input autofocus placeholder='Say something'><ul></ul><script>"
    "const room = new WebSocket(location.href.replace('http', 'ws') + 'room'), line = document.querySelector('input');"
    "room.onmessage = e => { const said = document.createElement('li'); said.textContent = e.data;"
    " document.querySelector('ul').prepend(said); };"
    "line.onchange = () => { room.send(line.value); line.value = ''; };</script>";

static struct mg_server *server;

/* Called for each connection; the message is found in callback_param. */
static int send_to_one(struct mg_connection *conn, enum mg_event event) {
    const struct mg_connection *from = (const struct mg_connection *)conn->callback_param;
    if (event == MG_POLL && conn->is_websocket) {
        /* One message in two frames: what was said may hold anything, a '\0' too. */
        mg_websocket_printf(conn, WEBSOCKET_OPCODE_TEXT | WEBSOCKET_DONT_FIN, "%s:%d says ", from->remote_ip,
                            (int)from->remote_port);
        mg_websocket_write(conn, WEBSOCKET_OPCODE_CONTINUATION, from->content, from->content_len);
    }
    return MG_FALSE;
}

static int handle(struct mg_connection *conn, enum mg_event event) {
    if (event == MG_AUTH) {
        return MG_TRUE;
    }
    if (event != MG_REQUEST) {
        return MG_FALSE;
    }
    if (conn->is_websocket) {
        /* The lower four bits of the first byte say what kind of message it is. */
        if ((conn->wsbits & 15) == WEBSOCKET_OPCODE_TEXT) {
            mg_iterate_over_connections(server, send_to_one, conn);
        }
        return MG_TRUE; /* MG_FALSE would close the connection */
    }
    mg_send_header(conn, "Content-Type", "text/html");
    mg_send_data(conn, page, (int)sizeof page - 1);
    return MG_TRUE;
}

int main(int argc, char **argv) {
    server = mg_create_server(NULL, handle);
    listen_at(server, argc, argv);
    serve(server);
    return 0;
}
