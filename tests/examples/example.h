/* What all examples share: the address from the command line, and serving until somebody says stop. */
#ifndef EXAMPLE_H
#define EXAMPLE_H

#include <mongoose.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile sig_atomic_t is_stopped = 0;

static void stop(int number) {
    (void)number;
    is_stopped = 1;
}

/* Listens at the first argument, or where the system has a port free, and says where. */
static void listen_at(struct mg_server *server, int argc, char **argv) {
    const char *refusal = mg_set_option(server, "listening_port", argc > 1 ? argv[1] : "127.0.0.1:0");
    if (refusal != NULL) {
        fprintf(stderr, "%s\n", refusal);
        exit(1);
    }
    signal(SIGINT, stop);
    signal(SIGTERM, stop);
    printf("%s\n", mg_get_option(server, "listening_port"));
    fflush(stdout);
}

static void serve(struct mg_server *server) {
    while (!is_stopped) {
        mg_poll_server(server, 1000);
    }
    mg_destroy_server(&server);
}

#endif
