/* A form and what is made of it. The body is there as a whole when MG_REQUEST comes.   form_post [ADDRESS:PORT] */
#include "example.h"

static const char form[] = "<!doctype html><title>Sum</title>"
                           "<form method=post action=/sum><input name=a> + <input name=b> <button>=</button></form>";

static void answer_sum(struct mg_connection *conn) {
    char a[32], b[32];
    /* mg_get_var looks in the query string and in the body, and decodes. */
    if (mg_get_var(conn, "a", a, sizeof a) < 0 || mg_get_var(conn, "b", b, sizeof b) < 0) {
        mg_send_status(conn, 400);
        mg_printf_data(conn, "Two numbers are needed: a and b.\n");
        return;
    }
    mg_printf_data(conn, "%g\n", strtod(a, NULL) + strtod(b, NULL));
}

static int handle(struct mg_connection *conn, enum mg_event event) {
    if (event == MG_AUTH) {
        return MG_TRUE;
    }
    if (event != MG_REQUEST) {
        return MG_FALSE;
    }
    if (strcmp(conn->uri, "/sum") == 0) {
        answer_sum(conn);
        return MG_TRUE;
    }
    if (strcmp(conn->uri, "/") != 0) {
        return MG_FALSE; /* the engine answers: 404, as no document_root is set */
    }
    mg_send_header(conn, "Content-Type", "text/html");
    mg_send_data(conn, form, (int)sizeof form - 1);
    return MG_TRUE;
}

int main(int argc, char **argv) {
    struct mg_server *server = mg_create_server(NULL, handle);
    listen_at(server, argc, argv);
    serve(server);
    return 0;
}
