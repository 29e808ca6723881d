/* The one door of the engine: an embeddable HTTP server with a poll interface, for C (C99 and later) and C++.
 *
 * Threads: one thread (the engine thread) makes every call that takes a `struct mg_server *` or a
 * `struct mg_connection *`. The only exception is mg_wakeup_server, which any thread may call.
 * Texts: UTF-8, '\0'-terminated. Pointers that a function returns belong to the engine unless its comment says otherwise.
 * Bad use (NULL where an object is needed, unknown names) gets the failure value named at the function, never undefined behaviour.
 */
#ifndef MONGOOSE_HEADER_INCLUDED
#define MONGOOSE_HEADER_INCLUDED

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#define MONGOOSE_VERSION "5.4"

#if defined(_WIN32) && defined(MONGOOSE_SHARED)
#define MG_API __declspec(dllexport)
#elif defined(__GNUC__)
#define MG_API __attribute__((visibility("default")))
#else
#define MG_API
#endif

#if defined(__GNUC__)
#define MG_PRINTF_LIKE(format_at, values_at) __attribute__((format(printf, format_at, values_at)))
#else
#define MG_PRINTF_LIKE(format_at, values_at)
#endif

#ifdef __cplusplus
#define MG_DEFAULT(value) = value
extern "C" {
#else
#define MG_DEFAULT(value)
#endif

struct mg_server; /* one listening port, its options and its connections; opaque */

/* One field line of a request or an answer. */
struct mg_header {
    const char *name;
    const char *value;
};

/* What a handler sees of a connection. The pointer is the same from the connection's first event to its MG_CLOSE.
 * Text fields are valid during the event they are given with, and until the answer is finished where that event's
 * handler returned MG_MORE; at other times they are NULL. */
struct mg_connection {
    const char *request_method; /* "GET", as sent */
    const char *uri;            /* the path, percent-decoded, dot segments removed */
    const char *http_version;   /* "1.1" */
    const char *query_string;   /* what follows '?', still encoded; NULL if none */

    char remote_ip[48]; /* the client's address as text */
    char local_ip[48];  /* ours, as this client reached it */
    unsigned short remote_port;
    unsigned short local_port;

    int num_headers;
    const struct mg_header *http_headers; /* num_headers of them, in the order they came */

    char *content;      /* request body; '\0' follows it */
    size_t content_len; /* its length in bytes */

    int is_websocket;       /* 1 if `content` is a WebSocket message */
    int status_code;        /* HTTP status for MG_HTTP_ERROR and MG_REPLY, 0 or errno for MG_CONNECT */
    int wsbits;             /* first byte of the WebSocket frame */
    void *server_param;     /* as given to mg_create_server */
    void *connection_param; /* the program's own */
    void *callback_param;   /* third argument of mg_iterate_over_connections */
};

enum mg_event {
    MG_POLL = 100, /* every poll; MG_TRUE: the answer is finished */
    MG_CONNECT,    /* an outgoing connection was made, or not: status_code */
    MG_AUTH,       /* MG_FALSE: ask the client for a password */
    MG_REQUEST,    /* MG_TRUE: answered; MG_MORE: the answer goes on; MG_FALSE: the engine answers */
    MG_REPLY,      /* the answer to an outgoing request is there */
    MG_CLOSE,      /* last event of a connection */
    MG_HTTP_ERROR  /* the engine is about to answer with status_code (400 and up); MG_TRUE: the handler has answered */
};

enum mg_result { MG_FALSE, MG_TRUE, MG_MORE };

typedef int (*mg_handler_t)(struct mg_connection *, enum mg_event);

/* ---- servers ---------------------------------------------------------------------------------------------------- */

/* Makes a server that does not serve yet: set listening_port, then call mg_poll_server in a loop.
 * `server_param` is handed to every event as mg_connection::server_param. `handler` may be NULL or left out.
 * Ignores SIGPIPE on POSIX systems. Returns NULL when there is not enough memory. */
MG_API struct mg_server *mg_create_server(void *server_param, mg_handler_t handler MG_DEFAULT(NULL));

/* Closes all connections (each gets its MG_CLOSE), frees the server and sets *server to NULL. NULL is allowed.
 * Called from inside an event handler or another callback, the server is freed when the mg_poll_server (or other function of this header) under
 * way returns: until then nobody is let in, the handler is called for nothing but MG_CLOSE, and for MG_CONNECT with an error. What was sent on
 * the connection whose event this is still goes out as far as its socket takes it at once. */
MG_API void mg_destroy_server(struct mg_server **server);

/* Installs, replaces or (NULL) removes the event handler. */
MG_API void mg_set_event_handler(struct mg_server *server, mg_handler_t handler);

/* Which events the handler is called for: the sum of MG_EVENT_BIT(event) of the wanted ones. All are wanted unless said
 * otherwise. MG_POLL costs a pass over all connections at every poll: a server with many idle ones does well to leave it out.
 * A connection whose answer goes on (MG_MORE) gets MG_POLL in any case; idle_timeout_ms does not end it, the program may take its time. An unwanted MG_AUTH counts as MG_TRUE, an
 * unwanted MG_REQUEST and MG_HTTP_ERROR as MG_FALSE. */
#define MG_EVENT_BIT(event) (1u << (((unsigned)(event) - (unsigned)MG_POLL) & 31u))
#define MG_ALL_EVENTS 0xffffffffu
MG_API void mg_set_event_mask(struct mg_server *server, unsigned int mask);

/* One iteration of the loop: waits up to `milliseconds` (0: not at all, below 0: until something happens), then
 * reads, writes and calls the handler. Returns the number of live connections, 0 for NULL. From inside a handler or callback of the same server it
 * does nothing. */
MG_API int mg_poll_server(struct mg_server *server, int milliseconds);

/* Ends the wait of mg_poll_server. Any thread; never blocks; many calls before the next poll count as one. */
MG_API void mg_wakeup_server(struct mg_server *server);

/* Sets one option; NULL or "" unsets it. Returns NULL on success, otherwise one sentence that says what is wrong: the old
 * value then stays in force. The text is valid until the next call on this server. run_as_user (not on Windows) is the whole process's: it changes once a
 * port is open, and for good. */
MG_API const char *mg_set_option(struct mg_server *server, const char *name, const char *value);

/* The value of an option: "" if unset, NULL if there is no option of that name. Valid until the option is set again.
 * listening_port tells the port in use, also after it was set to 0. */
MG_API const char *mg_get_option(const struct mg_server *server, const char *name);

/* Name, default, name, default, …, NULL. A default can be NULL. Lives as long as the program. */
MG_API const char **mg_get_valid_option_names(void);

/* The kind of value that an option takes. */
enum mg_option_kind {
    MG_OPTION_TEXT,
    MG_OPTION_FOLDER,   /* path of a folder */
    MG_OPTION_FILE,     /* path of a file */
    MG_OPTION_LISTENER, /* port, address:port or [IPv6 address]:port */
    MG_OPTION_PATTERNS, /* patterns with | between them */
    MG_OPTION_LIST,     /* items with commas between them */
    MG_OPTION_YES_NO,
    MG_OPTION_NUMBER, /* a whole number of `unit` */
    MG_OPTION_CHOICE  /* one of `choices` */
};

/* What there is to know of an option, so that a window or a help text can be made from the table. */
struct mg_option_info {
    const char *name;
    const char *default_value; /* NULL: unset */
    enum mg_option_kind kind;
    const char *unit;    /* of MG_OPTION_NUMBER: "ms", "bytes", "files", …; else NULL */
    const char *choices; /* of MG_OPTION_CHOICE, with commas between them; else NULL */
    const char *group;   /* a heading that it stands below with others: "Folder", "Access", … */
    const char *help;    /* one line without a full stop */
};

/* NULL if there is no option of that name. Lives as long as the program. Later versions add fields at the end alone. */
MG_API const struct mg_option_info *mg_get_option_info(const char *name);

/* What mg_set_option would say, with nothing changed: NULL, or one sentence that says what is wrong with the value, valid until the next call on this
 * server. A port is not tried out: another program may have it by the time it is set, and a file that is to be written to is not made. */
MG_API const char *mg_check_option(struct mg_server *server, const char *name, const char *value);

/* Calls `func` (event MG_POLL, its return value ignored) for each connection before it returns; `param` is found in
 * mg_connection::callback_param meanwhile. */
MG_API void mg_iterate_over_connections(struct mg_server *server, mg_handler_t func, void *param MG_DEFAULT(NULL));

/* Goes through the connections: the one behind `connection`, the first for NULL; NULL behind the last, and behind another server's. Valid until
 * the next poll. */
MG_API struct mg_connection *mg_next(struct mg_server *server, struct mg_connection *connection);

/* The open connection of that number (mg_observation, mg_connection_info), one that the program opened included; NULL if there is none. Valid until the next
 * poll. */
MG_API struct mg_connection *mg_find_connection(struct mg_server *server, unsigned long long connection_id);

/* Listens with a socket that listens already, instead of listening_port: one that a service manager opened, or another server's, so
 * that several servers, each in its own thread, share one port. The socket stays the caller's: the server has a handle of its own.
 * Returns 1, or 0 if it is no listening socket; the old listener then stays. */
MG_API int mg_set_listening_socket(struct mg_server *server, int socket);

/* The listening socket, or -1 if there is none. It stays the server's. */
MG_API int mg_get_listening_socket(const struct mg_server *server);

/* ---- password files ---------------------------------------------------------------------------------------------- */

/* Two doors. MG_AUTH is the program's: MG_FALSE ends the request with a 401, MG_TRUE lets it go on to MG_REQUEST. What the engine then serves itself (files,
 * folders) wants in addition what the password file of its folder says, or global_auth_file: a handler that says MG_TRUE to everything opens no folder that
 * has a `.htpasswd`. Without a handler, or where MG_AUTH is not wanted, there is the second door alone. After ten wrong passwords in a minute from one
 * address further ones get 429 for some seconds, before they are looked at. */

/* Adds the user to a password file, or gives a new password (the file is made if there is none, mode 0600), or with password NULL
 * takes the user out. Lines that are not this user's stay as they are; one of SHA-256 (64 hex digits) stays of that kind, a new one is MD5.
 * The file is replaced as a whole: a kill at any moment leaves the old or the new one, and two programs that edit at once lose nothing.
 * Any thread. Returns 1 on success; also if there was no such user to take out. 0 on error: a name or domain that is empty or holds ':' or a line break, or the disk's refusal. */
MG_API int mg_modify_passwords_file(const char *passwords_file_name, const char *domain, const char *user, const char *password);

/* Whether the request's Authorization (digest, RFC 7616: MD5 and SHA-256) is that of a line of a password file that the program has open; read from its
 * beginning, lines of another realm than auth_domain do not count. Meant for MG_AUTH: the 401 that the engine sends when the handler
 * returns MG_FALSE asks as this file wants it. Returns 1 or 0; 0 also outside of a request's MG_AUTH and MG_REQUEST. */
MG_API int mg_authorize_digest(struct mg_connection *, FILE *passwords_file);

/* PUT: where dav_auth_file names a password file, the engine stores the bodies of PUT requests below document_root for who has a password of it, once MG_REQUEST
 * was declined. A body over max_request_body_bytes goes to the disk while it comes: its MG_REQUEST comes before the body is whole, with `content` empty
 * (a Content-Length or Transfer-Encoding tells that there is one); the handler may decline, or answer, after which the connection closes. */

/* ---- answers ---------------------------------------------------------------------------------------------------- */

/* The status line; once or not at all (then 200). Returns the bytes spooled; 0 if it comes too late or is no status of an answer (200..999). */
MG_API int mg_send_status(struct mg_connection *, int status_code);

/* Adds a header. Returns the bytes spooled; 0 if the head has gone out already or the name or value could not stand in a head
 * (a name that is no token, a value with a line break). `Transfer-Encoding: chunked` announces chunks that mg_send_data makes, or that the program makes itself
 * with mg_write; any other coding is refused. With anything spooled, MG_FALSE means MG_MORE: the answer goes on. */
MG_API int mg_send_header(struct mg_connection *, const char *name, const char *value);

/* Body bytes, spooled in memory and sent after the handler returns. They travel in chunks (`Transfer-Encoding: chunked`)
 * unless the handler sent a Content-Length or the client speaks HTTP/1.0. Returns the bytes taken, 0 for none. */
MG_API int mg_send_data(struct mg_connection *, const void *data, int data_len);
MG_API int mg_printf_data(struct mg_connection *, const char *format, ...) MG_PRINTF_LIKE(2, 3);
MG_API int mg_write_data(struct mg_connection *, const void *data, int data_len); /* another name of mg_send_data */

/* Answers with a file wherever it lies, its type told by its name, conditional requests and ranges honoured. Within MG_REQUEST, before
 * anything else is sent; whatever the handler then returns, the file is the answer. Returns 1, or 0 where it can't be opened or is no
 * regular file: the handler may then answer in another way. */
MG_API int mg_send_file(struct mg_connection *, const char *path);

/* Raw bytes: the program writes status line, head and body itself. (Behind mg_send_status or mg_send_header, which make the head, they are bytes of the body, as mg_send_data's.) The connection is kept afterwards only if the head it wrote
 * tells where the body ends (Content-Length, or chunks with their last) and that was kept. On a connection that owes no answer (from
 * mg_iterate_over_connections) the bytes go out as they are: a client takes them for the answer to its next request, a WebSocket's other side for a frame.
 * Returns the bytes taken, 0 for none. */
MG_API int mg_write(struct mg_connection *, const void *data, int data_len);
MG_API int mg_printf(struct mg_connection *, const char *format, ...) MG_PRINTF_LIKE(2, 3);

/* Value of a request header, the name in any case; NULL if absent. Valid as long as the connection's text fields. */
MG_API const char *mg_get_header(const struct mg_connection *, const char *name);

/* Bytes of answer that wait in memory for the client to read; a streaming handler produces no more while this is large. */
MG_API size_t mg_pending_bytes(const struct mg_connection *);

/* ---- WebSocket (RFC 6455, permessage-deflate by RFC 7692) ------------------------------------------------------------
 *
 * A request for a WebSocket gets MG_AUTH; if that is granted the engine shakes hands, and each whole message is an MG_REQUEST with
 * `is_websocket` 1, the bytes in `content`, the first byte of its first frame with FIN set in `wsbits` (so that its opcode is
 * wsbits & 15). Returning MG_FALSE closes the connection. Control frames come the same way; pings are answered and closings echoed by the
 * engine. `uri`, `query_string` and the headers of the request it began with (of one that the program opened: of the server's answer; without
 * those that only shook hands, but with Sec-WebSocket-Protocol) are there in each event. The option websocket_events set
 * to `frame` gives each frame an event of its own. What a handler sends with mg_send_header in MG_AUTH stands in the handshake's answer.
 *
 * Where no handler wants MG_REQUEST, the option websocket_endpoints opens WebSockets at paths of its own, behind the password of their folder if it has one:
 * `echo` sends each message back, `broadcast` sends it to everybody at the same path, its sender too, and `manual` takes it and no more: an observer sees
 * it, and may answer. They take whole messages whatever websocket_events says. */

enum mg_websocket_opcode {
    WEBSOCKET_OPCODE_CONTINUATION = 0x0,
    WEBSOCKET_OPCODE_TEXT = 0x1,
    WEBSOCKET_OPCODE_BINARY = 0x2,
    WEBSOCKET_OPCODE_CONNECTION_CLOSE = 0x8,
    WEBSOCKET_OPCODE_PING = 0x9,
    WEBSOCKET_OPCODE_PONG = 0xa
};
/* Added to an opcode: the message goes on in the next frame, whose opcode is WEBSOCKET_OPCODE_CONTINUATION. */
#define WEBSOCKET_DONT_FIN 0x100

/* Sends one frame: a whole message unless WEBSOCKET_DONT_FIN is added. It is compressed where both sides agreed on that and it pays. A close frame's
 * data is a code of two bytes, high byte first, and a reason in UTF-8, or nothing; nothing can be sent behind it. Within a pass of
 * mg_iterate_over_connections the same data sent to many is framed and compressed once. Returns data_len, 1 for an empty frame (INT_MAX
 * where it is larger); 0 if nothing was sent: no WebSocket, closing has begun, an unknown opcode, a control frame over 125 bytes, a close with one byte or a code
 * that may not travel, a new message while one with WEBSOCKET_DONT_FIN is open, a continuation where none is. Text is not checked: what is no UTF-8 makes the
 * other side fail the connection (1007). */
MG_API int mg_websocket_write(struct mg_connection *, int opcode, const char *data, size_t data_len);
MG_API int mg_websocket_printf(struct mg_connection *, int opcode, const char *format, ...) MG_PRINTF_LIKE(3, 4);

/* ---- connections that the program opens --------------------------------------------------------------------------------
 *
 * Each gets MG_CONNECT once, with `status_code` 0 when it is there, else an errno that says why not (ENOENT no such name, ECONNREFUSED nobody
 * listens, ETIMEDOUT, EHOSTUNREACH, ENETUNREACH, EPROTO TLS or WebSocket refused; why TLS failed is a sentence in `content`). The handler then writes its request with mg_printf or
 * mg_write, and returns MG_TRUE; MG_FALSE with nothing written closes. MG_REPLY brings each whole answer: `status_code`, the headers, the body
 * in `content` free of chunks, and in `uri` the status as text; MG_TRUE keeps the connection for another request, MG_FALSE closes it. At
 * MG_CLOSE `status_code` is 0 (also where MG_CONNECT told an error), or an errno if an answer was owed: ECONNRESET cut, ETIMEDOUT, EPROTO no HTTP, EMSGSIZE over max_reply_bytes. */

/* Opens a connection: the name is looked up and addresses are tried without blocking, IPv6 and IPv4 side by side (RFC 8305), for
 * connect_timeout_ms at the most. `host` is a name or an address, `port` 1 to 65535. With `use_ssl` the connection speaks TLS and the
 * server's certificate is verified. Returns NULL on bad arguments; everything else is told by MG_CONNECT in a later mg_poll_server. The
 * pointer is valid until its MG_CLOSE. */
MG_API struct mg_connection *mg_connect(struct mg_server *server, const char *host, int port, int use_ssl);

/* The same to a WebSocket: MG_CONNECT comes when the handshake is done, and messages come and go as on accepted ones. `uri` begins with '/';
 * `subprotocols` is a comma list to offer, or NULL; NULL is returned where one of them holds what cannot stand in a request. A server that declines: MG_CONNECT with EPROTO, its answer's status in `uri` and its
 * body in `content`. */
MG_API struct mg_connection *mg_connect_websocket(struct mg_server *server, const char *host, int port, int use_ssl,
                                                  const char *uri, const char *subprotocols);

/* ---- forms ------------------------------------------------------------------------------------------------------ */

/* A variable of a form, URL-decoded ('+' is a space) and '\0'-terminated in `buf`. Looked for in the query string, then in the body,
 * which counts where its Content-Type is application/x-www-form-urlencoded or text/plain, or where there is none. The first of that name wins;
 * one in another case is taken if none fits exactly. Returns the length in bytes (the value may hold a '\0' of its own: "%00"), -1 if there is no such variable, -2
 * if `buf` is too small, or is NULL or has no length. With -1 and -2 `buf` is "". */
MG_API int mg_get_var(const struct mg_connection *, const char *var_name, char *buf, size_t buf_len);

/* A value out of a header such as `x=123, y=345, z="other value"`, the name in any case, '\0'-terminated in `buf`. ',' ';' and white space separate, so
 * that Cookie fits too; a word before them (`Digest`) is passed over; quotes and their backslashes are taken off; what stands in quotes is never taken for a
 * name. Returns the length in bytes; 0 and "" if it is not there or does not fit. */
MG_API int mg_parse_header(const char *hdr, const char *var_name, char *buf, size_t buf_size);

/* The first chunk of a multipart/form-data body. Begin with the whole content, then skip what it returns:
 *     while ((skip = mg_parse_multipart(at, left, name, sizeof(name), file, sizeof(file), &data, &length)) > 0) { …; at += skip; left -= skip; }
 * `var_name` gets the field's name, `file_name` the file's, or "" where the chunk is no file: both as the client wrote them but for a backslash before a quote (a file name may hold
 * slashes and dots), and "" if they do not fit. `data` points into `buf`: `data_len` bytes of any kind. Returns the bytes to skip to the next chunk; 0 (and
 * "", NULL, 0) when there is no further whole chunk. Places that are NULL or have no length are left out. Time is linear in the bytes skipped. */
MG_API int mg_parse_multipart(const char *buf, int buf_len, char *var_name, int var_name_len, char *file_name, int file_name_len,
                              const char **data, int *data_len);

/* ---- helpers ---------------------------------------------------------------------------------------------------- */

/* Everything but letters, digits and "-._~" as %XX, '\0'-terminated. Returns the length in bytes; -1 (and "") if it does not fit or an
 * argument is NULL. Any thread, as all of these helpers. */
MG_API int mg_url_encode(const char *src, size_t s_len, char *dst, size_t dst_len);

/* The reverse, '\0'-terminated; with `is_form_url_encoded` '+' is a space. A '%' without two hex digits stays as it is. `dst` may be `src`.
 * Returns the length in bytes; -1 (and "") if it does not fit, an argument is NULL or a length is negative. */
MG_API int mg_url_decode(const char *src, int src_len, char *dst, int dst_len, int is_form_url_encoded);

/* 32 lower-case hex digits of the MD5 of all texts together, the last argument is NULL: mg_md5(buf, user, ":", realm, NULL). Returns `buf`. */
MG_API char *mg_md5(char buf[33], ...);

/* The Content-Type of a file name by its extension, `default_mime_type` if that is not known. Lives as long as the program. */
MG_API const char *mg_get_mime_type(const char *name, const char *default_mime_type);

/* Runs func(param) in a thread of its own that nobody waits for; what it returns is dropped. Returns NULL if there is no thread to be had, else another
 * value that means nothing more. */
MG_API void *mg_start_thread(void *(*func)(void *), void *param);

/* ---- watching: what a window, a log or a metrics page needs beyond the events -------------------------------------- */

enum mg_observed {
    MG_OBSERVED_OPENED = 1,     /* a connection was accepted */
    MG_OBSERVED_REQUEST,        /* an answer is finished, or was cut by the client */
    MG_OBSERVED_CLOSED,         /* a connection is gone */
    MG_OBSERVED_WRONG_PASSWORD, /* somebody tried `user` with a wrong password, or there is no such user */
    MG_OBSERVED_MESSAGE /* a WebSocket message or control frame came or went; in parts (websocket_events frame, WEBSOCKET_DONT_FIN): each part */
};

/* One thing that happened. Valid during the call; texts are never NULL. */
struct mg_observation {
    enum mg_observed kind;
    unsigned long long connection_id; /* from 1, never used twice in a server */
    const char *remote_ip;
    unsigned short remote_port;
    /* the rest is set for MG_OBSERVED_REQUEST */
    const char *method;
    const char *target; /* as sent, query included */
    const char *user_agent;
    const char *referer;
    int status;
    unsigned long long bytes_sent;  /* head and body that the system took */
    unsigned long long duration_us; /* from the request's first byte to the answer's last */
    int is_complete;                /* 0: the connection ended before the answer did */
    const char *user;    /* whose password was right, "" for nobody; for MG_OBSERVED_WRONG_PASSWORD who it was tried for */
    const void *details; /* for mg_observed_headers */
    /* the rest is set for MG_OBSERVED_MESSAGE, of a connection that was accepted; what comes is told before its MG_REQUEST */
    struct mg_connection *connection; /* to answer with mg_websocket_write */
    int is_outgoing;                  /* 1: it was sent from here */
    int opcode;                       /* enum mg_websocket_opcode; with WEBSOCKET_DONT_FIN where more of the message follows */
    const char *payload;              /* unmasked, not compressed, of any bytes; no '\0' follows */
    size_t payload_len;
    unsigned long long wire_bytes; /* its frames as they travelled: less than payload_len where it was compressed */
    int close_code; /* of a close frame, 1005 if it has none; for MG_OBSERVED_CLOSED of a WebSocket the other side's, 1006 if none came; else 0 */
    const char *endpoint; /* its kind in websocket_endpoints; "" where it is the program's */
};

/* The headers of the request of an MG_OBSERVED_REQUEST, during its call: a line "Name: value\r\n" each, as they came, '\0'-terminated in `buf`;
 * lines that do not fit whole are left out. Returns the length in bytes; 0 (and "") where there are none, or an argument is NULL or has no length. */
MG_API size_t mg_observed_headers(const struct mg_observation *, char *buf, size_t buf_len);

struct mg_observer {
    void (*on_observation)(void *param, const struct mg_observation *);
    void *param;
};

/* Calls `observer->on_observation` on the engine thread for everything that happens; NULL removes it. The struct is copied.
 * The callback may call any function of this header, as a handler may. Costs nothing while unset. */
MG_API void mg_set_observer(struct mg_server *server, const struct mg_observer *observer);

enum mg_connection_state { MG_STATE_IDLE, MG_STATE_READING, MG_STATE_HANDLING, MG_STATE_SENDING, MG_STATE_CLOSING };

/* One live connection, as it is now. Texts are valid during the call and never NULL; method and target are those of the
 * latest request, "" before the first. */
struct mg_connection_info {
    unsigned long long connection_id;
    const char *remote_ip;
    unsigned short remote_port;
    enum mg_connection_state state;
    const char *method;
    const char *target;
    int status;                  /* of the latest answer, 0 before the first */
    unsigned long long requests; /* answered on this connection */
    unsigned long long bytes_received;
    unsigned long long bytes_sent;
    unsigned long long answer_bytes; /* body length of the answer under way, 0 if not known */
    unsigned long long answer_sent;  /* bytes of it that the system took */
    long long connected_ms;          /* how long it has been open */
    /* Of bytes_sent, what waits in the system for the peer to confirm it, at most; 0 where the system does not tell (Windows). What is
     * done when a slow peer's answer is "sent" is bytes_sent less this. */
    unsigned long long bytes_held;
    int is_websocket;     /* 1: it speaks WebSocket by now; `requests` then counts the messages that came */
    const char *endpoint; /* "echo", "broadcast", "manual": as websocket_endpoints has it; else "" */
};

/* Calls `visit` for each connection before it returns. Texts of requests are kept only while an observer is set. */
MG_API void mg_visit_connections(struct mg_server *server, void (*visit)(const struct mg_connection_info *, void *param),
                                 void *param);

/* Exact totals since the server was made. */
struct mg_counters {
    unsigned long long connections_accepted;
    unsigned long long connections_open;
    unsigned long long requests;
    unsigned long long bytes_received;
    unsigned long long bytes_sent;
    unsigned long long log_lines_lost; /* of access_log_file: the disk was full, or the like */
};
/* All zero for a server that is NULL. */
MG_API void mg_get_counters(const struct mg_server *server, struct mg_counters *counters);

/* What the server could not do by itself since the last call, as a sentence for people: a certificate file that changed and can't be used, so that the one before
 * it goes on; one that visitors will object to. NULL if there is nothing. Valid until the next call on this server. */
MG_API const char *mg_take_trouble(struct mg_server *server);

/* Closes one connection at once, unsent bytes and all; 0 stands for every connection. Returns how many were closed. From inside a handler
 * their MG_CLOSE comes when all others have had their events; what is sent to them meanwhile is not taken. */
MG_API int mg_close_connections(struct mg_server *server, unsigned long long connection_id);

#ifdef __cplusplus
}
#else
/* In C the last argument of these two may be left out, as it may in C++. */
#define MG_FIRST_2(a, b, ...) a, b
#define MG_FIRST_3(a, b, c, ...) a, b, c
#define mg_create_server(...) (mg_create_server)(MG_FIRST_2(__VA_ARGS__, NULL, NULL))
#define mg_iterate_over_connections(...) (mg_iterate_over_connections)(MG_FIRST_3(__VA_ARGS__, NULL, NULL))
#endif

#endif
