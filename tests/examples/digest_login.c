/* Asks for a password below /private. The user is ana with the password secret.   digest_login [ADDRESS:PORT] */
#include "example.h"

static char passwords[] = "digest_login.htpasswd";

static int is_allowed(struct mg_connection *conn) {
    int is_known;
    FILE *file;
    if (strncmp(conn->uri, "/private", 8) != 0) {
        return MG_TRUE;
    }
    file = fopen(passwords, "r");
    if (file == NULL) {
        return MG_FALSE; /* nobody comes in where passwords can't be read */
    }
    is_known = mg_authorize_digest(conn, file);
    fclose(file);
    return is_known ? MG_TRUE : MG_FALSE; /* MG_FALSE: the engine asks the client for a password */
}

static int handle(struct mg_connection *conn, enum mg_event event) {
    switch (event) {
    case MG_AUTH:
        return is_allowed(conn);
    case MG_REQUEST:
        mg_printf_data(conn, "This is %s\n", conn->uri);
        return MG_TRUE;
    default:
        return MG_FALSE;
    }
}

int main(int argc, char **argv) {
    struct mg_server *server = mg_create_server(NULL, handle);
    mg_set_option(server, "auth_domain", "example");
    if (!mg_modify_passwords_file(passwords, "example", "ana", "secret")) {
        fprintf(stderr, "%s can't be written here\n", passwords);
        return 1;
    }
    listen_at(server, argc, argv);
    serve(server);
    remove(passwords);
    return 0;
}
