// Station: tests of mongoose.h as other people's compilers see it: C99 and C++11, every spelling of the two functions that grew an argument.
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace {

const char kBoth[] = R"(
#include "mongoose.h"
static int handler(struct mg_connection *connection, enum mg_event event) {
    if (event == MG_REQUEST) {
        mg_send_status(connection, 200);
        mg_send_header(connection, "X-Y", "z");
        char value[20];
        mg_printf_data(connection, "%s", connection->uri);
        mg_printf_data(connection, "%d", mg_get_var(connection, "a", value, sizeof value));
        mg_printf(connection, "%d", connection->num_headers);
    }
    return event == MG_AUTH ? MG_TRUE : MG_FALSE;
}
static void *thread(void *param) { return param; }
void use(void);
void use(void) {
    struct mg_server *one = mg_create_server(NULL);
    struct mg_server *two = mg_create_server(NULL, handler);
    mg_handler_t func = handler;
    int number = 5;
    mg_iterate_over_connections(one, func);
    mg_iterate_over_connections(two, handler, &number);
    mg_set_event_mask(one, MG_ALL_EVENTS & ~MG_EVENT_BIT(MG_POLL));
    mg_set_event_handler(one, handler);
    mg_set_option(one, "listening_port", "0");
    mg_poll_server(one, 0);
    {
        char text[40];
        const char *data = mg_get_mime_type("a.txt", "x/y");
        int length = mg_parse_header("x=1", "x", text, sizeof text);
        length += mg_parse_multipart(text, length, text, 40, text, 40, &data, &length);
        length += mg_url_encode("a", 1, text, sizeof text) + mg_url_decode("a", 1, text, 40, 1);
        mg_md5(text, "a", "b", NULL);
        mg_start_thread(thread, NULL);
    }
    mg_destroy_server(&one);
    mg_destroy_server(&two);
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
    for (const auto &[name, source] : {std::pair{"every call", kBoth}, {"functions by their name", kByName}}) {
        QTest::addRow("%s in C99", name) << QByteArray(source) << QStringList{"-x", "c", "-std=c99"};
        QTest::addRow("%s in C17", name) << QByteArray(source) << QStringList{"-x", "c", "-std=c17"};
        QTest::addRow("%s in C++11", name) << QByteArray(source) << QStringList{"-x", "c++", "-std=c++11"};
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
