/* A program that embeds the engine, as C99 and as C++17: it serves one answer of its own, asks for it over a socket, and ends. */
#define _POSIX_C_SOURCE 200809L
#include <mongoose.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int on_event(struct mg_connection *conn, enum mg_event event) {
    if (event == MG_AUTH) {
        return MG_TRUE;
    }
    if (event != MG_REQUEST || strcmp(conn->uri, "/hello") != 0) {
        return MG_FALSE;
    }
    mg_send_header(conn, "Content-Type", "text/plain");
    mg_printf_data(conn, "Hello from %s", (const char *)conn->server_param);
    return MG_TRUE;
}

static int connect_to(struct mg_server *server) {
    const char *option = mg_get_option(server, "listening_port");
    const char *colon = strrchr(option, ':');
    struct sockaddr_in address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((unsigned short)atoi(colon ? colon + 1 : option));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connect(fd, (struct sockaddr *)&address, sizeof address) == 0 ? fd : -1;
}

static int got_answer(struct mg_server *server) {
    static const char request[] = "GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    char answer[2000];
    size_t length = 0;
    int polls;
    int fd = connect_to(server);
    if (fd < 0 || write(fd, request, sizeof request - 1) != (ssize_t)(sizeof request - 1)) {
        return 0;
    }
    for (polls = 0; polls < 1000; polls++) {
        ssize_t count;
        mg_poll_server(server, 10);
        count = recv(fd, answer + length, sizeof answer - 1 - length, MSG_DONTWAIT);
        if (count == 0) {
            break;
        }
        length += count > 0 ? (size_t)count : 0;
    }
    close(fd);
    answer[length] = '\0';
    printf("%s\n", answer);
    return strncmp(answer, "HTTP/1.1 200", 12) == 0 && strstr(answer, "Hello from an embedder") != NULL;
}

int main(void) {
    char name[] = "an embedder";
    struct mg_server *server = mg_create_server(name, on_event);
    const char *trouble = mg_set_option(server, "listening_port", "127.0.0.1:0");
    int good;
    if (trouble != NULL) {
        fprintf(stderr, "%s\n", trouble);
        return 1;
    }
    good = got_answer(server);
    mg_destroy_server(&server);
    return good && server == NULL ? 0 : 1;
}
