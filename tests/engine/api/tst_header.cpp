// Station: tests of mongoose.h as other people's compilers see it: C99 and C++11, every spelling of the two functions that grew an argument.
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace {

// Every function, as a program calls it; tests/contract/check.py sees to it that none is left out.
const char kBoth[] = R"(
#include "mongoose.h"
static void answer(struct mg_connection *connection) {
    char value[20];
    mg_send_status(connection, 200);
    mg_authorize_digest(connection, stdin);
    mg_send_header(connection, "X-Y", mg_get_header(connection, "Host"));
    mg_send_data(connection, connection->content, (int)connection->content_len);
    mg_write_data(connection, "x", 1);
    mg_printf_data(connection, "%s %d", connection->uri, mg_get_var(connection, "a", value, sizeof value));
    mg_write(connection, value, 1);
    mg_printf(connection, "%d %lu", connection->num_headers, (unsigned long)mg_pending_bytes(connection));
    mg_send_file(connection, "file.txt");
    mg_websocket_write(connection, WEBSOCKET_OPCODE_TEXT | WEBSOCKET_DONT_FIN, "text", 4);
    mg_websocket_printf(connection, WEBSOCKET_OPCODE_CONTINUATION, "%s", "text");
}
static int handler(struct mg_connection *connection, enum mg_event event) {
    switch (event) {
    case MG_AUTH:
    case MG_CONNECT: return connection->status_code == 0 ? MG_TRUE : MG_FALSE;
    case MG_REQUEST: answer(connection); return MG_MORE;
    case MG_POLL: return MG_TRUE;
    case MG_REPLY:
    case MG_HTTP_ERROR:
    case MG_CLOSE: break;
    }
    return MG_FALSE;
}
static void *thread(void *server) {
    mg_wakeup_server((struct mg_server *)server);
    return NULL;
}
static void observe(void *param, const struct mg_observation *seen) {
    char headers[100];
    *(unsigned long long *)param = seen->connection_id + mg_observed_headers(seen, headers, sizeof headers);
}
static void visit(const struct mg_connection_info *seen, void *param) { *(unsigned long long *)param = seen->connection_id; }
static void help(void) {
    char text[40];
    const char *data = mg_get_mime_type("a.txt", "x/y");
    int length = mg_parse_header("x=1", "x", text, sizeof text);
    length += mg_parse_multipart(text, length, text, 40, text, 40, &data, &length);
    length += mg_url_encode("a", 1, text, sizeof text) + mg_url_decode("a", 1, text, 40, 1);
    mg_md5(text, "a", "b", NULL);
    mg_modify_passwords_file("file", "realm", "user", NULL);
}
static void watch(struct mg_server *server) {
    unsigned long long id = 0;
    struct mg_observer observer;
    struct mg_counters counters;
    struct mg_connection *at = NULL;
    observer.on_observation = observe;
    observer.param = &id;
    mg_set_observer(server, &observer);
    mg_visit_connections(server, visit, &id);
    if (mg_take_trouble(server) != NULL) return;
    mg_get_counters(server, &counters);
    while ((at = mg_next(server, at)) != NULL) {
    }
    mg_close_connections(server, id);
    at = mg_find_connection(server, id);
}
void use(void);
void use(void) {
    struct mg_server *one = mg_create_server(NULL);
    struct mg_server *two = mg_create_server(NULL, handler);
    mg_handler_t func = handler;
    const char **names = mg_get_valid_option_names();
    int number = 5;
    mg_set_event_handler(one, handler);
    mg_set_event_mask(one, MG_ALL_EVENTS & ~MG_EVENT_BIT(MG_POLL));
    if (mg_set_option(one, "listening_port", "0") != NULL) return;
    if (mg_get_option(two, names[0]) == NULL) return;
    if (mg_check_option(two, "document_root", ".") != NULL || mg_get_option_info(names[0])->kind != MG_OPTION_LIST) return;
    mg_set_listening_socket(two, mg_get_listening_socket(one));
    mg_iterate_over_connections(one, func);
    mg_iterate_over_connections(two, handler, &number);
    mg_connect(one, "localhost", 80, 0);
    mg_connect_websocket(one, "localhost", 80, 0, "/", NULL);
    mg_start_thread(thread, one);
    while (mg_poll_server(one, 0) > 0) watch(one);
    help();
    mg_destroy_server(&one);
    mg_destroy_server(&two);
}
)";

// As the API's page writes its calls: with one argument and with two, the results dropped where they are void there.
const char kAsOnThePage[] = R"(
#include "mongoose.h"
static int push(struct mg_connection *conn, enum mg_event event) { return event == MG_POLL && conn->is_websocket; }
void use(struct mg_connection *conn);
void use(struct mg_connection *conn) {
    struct mg_server *server = mg_create_server(conn);
    const char *error = mg_set_option(server, "listening_port", "8080");
    if (error == NULL) mg_poll_server(server, 1000);
    mg_iterate_over_connections(server, push);
    mg_send_status(conn, 200), mg_send_header(conn, "a", "b"), mg_send_data(conn, "a", 1), mg_printf_data(conn, "%d", 1);
    (mg_create_server)(NULL, NULL);
    (mg_iterate_over_connections)(server, NULL, NULL);
    mg_destroy_server(&server);
}
)";

// Reached by name, as other languages do: behind the macros stand real functions.
const char kByName[] = R"(
#include "mongoose.h"
struct mg_server *(*create)(void *, mg_handler_t);
void (*iterate)(struct mg_server *, mg_handler_t, void *);
void bind_them(void);
void bind_them(void) {
    create = mg_create_server;
    iterate = mg_iterate_over_connections;
}
)";

}  // namespace

class TestHeader : public QObject {
    Q_OBJECT

  private slots:
    void compiles_data();
    void compiles();
};

void TestHeader::compiles_data() {
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<QStringList>("options");
    for (const auto &[name, source] :
         {std::pair{"every call", kBoth}, {"as on the page", kAsOnThePage}, {"functions by their name", kByName}}) {
        QTest::addRow("%s in C99", name) << QByteArray(source) << QStringList{"-x", "c", "-std=c99"};
        QTest::addRow("%s in C17", name) << QByteArray(source) << QStringList{"-x", "c", "-std=c17"};
        QTest::addRow("%s in C11", name) << QByteArray(source) << QStringList{"-x", "c", "-std=c11"};
        QTest::addRow("%s in C++11", name) << QByteArray(source) << QStringList{"-x", "c++", "-std=c++11"};
        QTest::addRow("%s in C++17", name) << QByteArray(source) << QStringList{"-x", "c++", "-std=c++17"};
        QTest::addRow("%s in C++20", name) << QByteArray(source) << QStringList{"-x", "c++", "-std=c++20"};
    }
}

void TestHeader::compiles() {
    QFETCH(QByteArray, source);
    QFETCH(QStringList, options);
    QProcess compiler;
    compiler.setProcessChannelMode(QProcess::MergedChannels);
    const QString headers = qEnvironmentVariable("MEERKAT_SOURCE") + "/engine/include";
    compiler.start("c++", QStringList{"-fsyntax-only", "-Wall", "-Wextra", "-pedantic-errors", "-Werror", "-I", headers} +
                              options + QStringList{"-"});
    QVERIFY(compiler.waitForStarted());
    compiler.write(source);
    compiler.closeWriteChannel();
    QVERIFY(compiler.waitForFinished(60000));
    QVERIFY2(compiler.exitCode() == 0, compiler.readAll().constData());
}

QTEST_GUILESS_MAIN(TestHeader)
#include "tst_header.moc"
