/* An answer without end: numbered lines, as fast as the client reads them and no faster.   streaming [ADDRESS:PORT] */
#include "example.h"

/* How much may wait in memory for one client. */
static const size_t enough = 100000;

static void send_lines(struct mg_connection *conn) {
    unsigned long *next = (unsigned long *)conn->connection_param;
    while (mg_pending_bytes(conn) < enough) {
        mg_printf_data(conn, "line %lu\n", (*next)++);
    }
}

static int handle(struct mg_connection *conn, enum mg_event event) {
    switch (event) {
    case MG_AUTH:
        return MG_TRUE;
    case MG_REQUEST:
        conn->connection_param = calloc(1, sizeof(unsigned long));
        if (conn->connection_param == NULL) {
            mg_send_status(conn, 503);
            return MG_TRUE;
        }
        mg_send_header(conn, "Content-Type", "text/plain");
        send_lines(conn);
        return MG_MORE; /* the answer goes on */
    case MG_POLL:
        /* Comes again and again, also after each write. MG_TRUE would end the answer. */
        if (conn->connection_param != NULL) {
            send_lines(conn);
        }
        return MG_FALSE;
    case MG_CLOSE:
        free(conn->connection_param);
        return MG_FALSE;
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
