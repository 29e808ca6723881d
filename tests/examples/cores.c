/* One server a core, each in a thread of its own, all at one port: they share the first one's listening socket.   cores [ADDRESS:PORT] */
#include "example.h"

#define SERVERS 4

static int numbers[SERVERS];
static struct mg_server *servers[SERVERS];

static int handle(struct mg_connection *conn, enum mg_event event) {
    if (event == MG_AUTH) {
        return MG_TRUE;
    }
    if (event != MG_REQUEST) {
        return MG_FALSE;
    }
    mg_printf_data(conn, "server %d\n", *(int *)conn->server_param);
    return MG_TRUE;
}

static void *serve_in_thread(void *param) {
    struct mg_server *server = (struct mg_server *)param;
    for (;;) {
        mg_poll_server(server, 1000);
    }
    return NULL;
}

int main(int argc, char **argv) {
    int i;
    for (i = 0; i < SERVERS; i++) {
        numbers[i] = i;
        servers[i] = mg_create_server(&numbers[i], handle);
    }
    listen_at(servers[0], argc, argv);
    for (i = 1; i < SERVERS; i++) {
        mg_set_listening_socket(servers[i], mg_get_listening_socket(servers[0]));
        mg_start_thread(serve_in_thread, servers[i]);
    }
    serve(servers[0]);
    return 0; /* ends the other threads too */
}
