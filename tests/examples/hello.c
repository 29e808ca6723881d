/* The smallest server: says hello to whatever is asked for.   hello [ADDRESS:PORT] */
#include "example.h"

static int handle(struct mg_connection *conn, enum mg_event event) {
    switch (event) {
    case MG_AUTH:
        return MG_TRUE; /* everybody may ask */
    case MG_REQUEST:
        mg_send_header(conn, "Content-Type", "text/plain");
        mg_printf_data(conn, "Hello! You asked for %s\n", conn->uri);
        return MG_TRUE; /* answered */
    default:
        return MG_FALSE;
    }
}

int main(int argc, char **argv) {
    struct mg_server *server = mg_create_server(NULL, handle);
    listen_at(server, argc, argv);
    serve(server);
    return 0;
}
