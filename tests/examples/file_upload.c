/* Takes files out of a multipart form and tells their size and a sum of their bytes.   file_upload [ADDRESS:PORT] */
#include "example.h"

static const char form[] =
    "<!doctype html><title>Upload</title>"
    "<form method=post enctype=multipart/form-data><input type=file name=f multiple><button>Send</button></form>";

static void answer_upload(struct mg_connection *conn) {
    const char *rest = conn->content;
    int left = (int)conn->content_len;
    char field[64], file[256];
    const char *data;
    int length, skip;
    while ((skip = mg_parse_multipart(rest, left, field, sizeof field, file, sizeof file, &data, &length)) > 0) {
        unsigned int sum = 0;
        int i;
        for (i = 0; i < length; i++) {
            sum = sum * 31 + (unsigned char)data[i];
        }
        mg_printf_data(conn, "%s: %s, %d bytes, sum %08x\n", field, file[0] ? file : "(no file)", length, sum);
        rest += skip;
        left -= skip;
    }
}

static int handle(struct mg_connection *conn, enum mg_event event) {
    if (event == MG_AUTH) {
        return MG_TRUE;
    }
    if (event != MG_REQUEST) {
        return MG_FALSE;
    }
    if (strcmp(conn->request_method, "POST") == 0) {
        mg_send_header(conn, "Content-Type", "text/plain; charset=utf-8");
        answer_upload(conn);
        return MG_TRUE;
    }
    mg_send_header(conn, "Content-Type", "text/html");
    mg_send_data(conn, form, (int)sizeof form - 1);
    return MG_TRUE;
}

int main(int argc, char **argv) {
    struct mg_server *server = mg_create_server(NULL, handle);
    /* What is larger is refused with 413 before it is sent. */
    mg_set_option(server, "max_request_body_bytes", "10000000");
    listen_at(server, argc, argv);
    serve(server);
    return 0;
}
