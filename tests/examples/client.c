/* Asks a server for two pages over one connection and prints them.   client HOST PORT PATH PATH */
#include <mongoose.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct job {
    const char *host;
    char **paths; /* still to be asked for; NULL behind the last */
    int failed;
    int is_done;
};

static void ask_next(struct mg_connection *conn, struct job *job) {
    mg_printf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", *job->paths++, job->host);
}

static int handle(struct mg_connection *conn, enum mg_event event) {
    struct job *job = (struct job *)conn->server_param;
    switch (event) {
    case MG_CONNECT:
        if (conn->status_code != 0) {
            fprintf(stderr, "%s: %s\n", job->host, strerror(conn->status_code));
            job->failed = 1;
            return MG_FALSE;
        }
        ask_next(conn, job);
        return MG_TRUE;
    case MG_REPLY:
        printf("%d, %d bytes\n", conn->status_code, (int)conn->content_len);
        fwrite(conn->content, 1, conn->content_len, stdout);
        if (*job->paths == NULL) {
            return MG_FALSE; /* closes */
        }
        ask_next(conn, job);
        return MG_TRUE;
    case MG_CLOSE:
        job->is_done = 1;
        job->failed = job->failed || conn->status_code != 0;
        return MG_FALSE;
    default:
        return MG_FALSE;
    }
}

int main(int argc, char **argv) {
    struct job job;
    struct mg_server *server;
    if (argc < 4) {
        fprintf(stderr, "client HOST PORT PATH...\n");
        return 1;
    }
    job.host = argv[1];
    job.paths = argv + 3;
    job.failed = job.is_done = 0;
    server = mg_create_server(&job, handle);
    if (mg_connect(server, argv[1], atoi(argv[2]), 0) == NULL) {
        fprintf(stderr, "%s is no port\n", argv[2]);
        return 1;
    }
    while (!job.is_done) {
        mg_poll_server(server, 1000);
    }
    mg_destroy_server(&server);
    return job.failed;
}
