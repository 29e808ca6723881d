// Station: tests of mongoose.h: servers, options, iterating, closing, and calls from inside a handler.
#include "support/scripted_peer.h"
#include "support/temporary_site.h"

#include <QElapsedTimer>
#include <QSet>
#include <QTest>

using namespace meerkat::test;

namespace {

const QByteArray kGet = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
const char kPlain[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\npush\n";

int answer(mg_connection *connection, mg_event event) {
    if (event == MG_REQUEST) mg_send_data(connection, "ok", 2);
    return event == MG_AUTH || event == MG_REQUEST ? MG_TRUE : MG_FALSE;
}

int push(mg_connection *connection, mg_event) { return mg_write(connection, kPlain, sizeof kPlain - 1); }
int pushData(mg_connection *connection, mg_event) { return mg_send_data(connection, "pushed ", 7); }

}  // namespace

class TestServers : public QObject {
    Q_OBJECT

  private slots:
    void toleratesNullEverywhere();
    void returnsTheNumberOfLiveConnections();
    void namesItsOptionsWithTheirDefaults();
    void tellsWhatEachOptionTakes();
    void checksALogFileWithoutMakingIt();
    void givesDefaultsAndKeepsWhatIsSet();
    void refusesAValueAndKeepsTheOld_data();
    void refusesAValueAndKeepsTheOld();
    void iteratesWithAParameter();
    void pushesToAnIdleConnectionFromOutside();
    void pushesFromAHandlerToOthers();
    void pushesFromACloseEventInTheSamePoll();
    void writesBetweenPollsBeforeItWaits();
    void pushesIntoAnAnswerThatGoesOn();
    void leavesADownloadWholeWhenOthersArePushed();
    void closesItsOwnConnectionFromAHandler();
    void closesOthersFromAHandler();
    void closesOneByItsNumber();
    void destroysItselfFromAHandler_data();
    void destroysItselfFromAHandler();
    void destroysItselfFromAnIteration();
    void pollsNoDeeperThanOnce();
    void changesItsPortFromAHandler();
    void changesItsFolderFromAHandler();
    void changesItsPortWhileConnectionsLive();
    void keepsItsPortWhenTheNewOneIsTaken();
    void changesTheAddressOfItsPort();
    void closesSilentConnectionsAfterTheLimit();
    void answersADawdlingHeadAndBodyWith408();
    void answersABodyThatDripsWith408();
    void goesThroughTheConnectionsWithNext();
    void admitsOnlyWhoIsOnTheList();
};

void TestServers::toleratesNullEverywhere() {
    mg_server *none = nullptr;
    mg_destroy_server(nullptr);
    mg_destroy_server(&none);
    mg_set_event_handler(nullptr, answer);
    mg_set_event_mask(nullptr, 0);
    QCOMPARE(mg_poll_server(nullptr, 0), 0);
    mg_wakeup_server(nullptr);
    QVERIFY(mg_set_option(nullptr, "listening_port", "0"));
    QVERIFY(!mg_get_option(nullptr, "listening_port"));
    mg_iterate_over_connections(nullptr, answer, nullptr);
    mg_set_observer(nullptr, nullptr);
    mg_visit_connections(nullptr, nullptr, nullptr);
    QCOMPARE(mg_close_connections(nullptr, 0), 0);
    mg_counters counters{1, 1, 1, 1, 1, 1};
    mg_get_counters(nullptr, &counters);
    QCOMPARE(counters.connections_accepted, 0ull);
    TestServer server;
    QVERIFY(mg_set_option(server.get(), nullptr, "a"));
    QVERIFY(!mg_get_option(server.get(), nullptr));
    mg_iterate_over_connections(server.get(), nullptr, nullptr);
    mg_set_observer(server.get(), nullptr);
    mg_visit_connections(server.get(), nullptr, nullptr);
    mg_get_counters(server.get(), nullptr);
}

void TestServers::returnsTheNumberOfLiveConnections() {
    TestServer server(answer);
    QCOMPARE(server.poll(), 0);
    ScriptedPeer one(server), two(server);
    QVERIFY(server.pollUntil([&] { return server.poll() == 2; }));
    one.close();
    QVERIFY(server.pollUntil([&] { return server.poll() == 1; }));
}

void TestServers::namesItsOptionsWithTheirDefaults() {
    QByteArrayList names;
    const char **entry = mg_get_valid_option_names();
    for (; *entry; entry += 2) names.append(entry[1] ? QByteArray(entry[0]) + '=' + entry[1] : QByteArray(entry[0]));
    QVERIFY(names.contains("document_root"));
    QVERIFY(names.contains("listening_port"));
    QVERIFY(names.contains("auth_domain=mydomain.com"));
    QVERIFY(names.contains("enable_directory_listing=yes"));
    QVERIFY(names.contains("idle_timeout_ms=30000"));
    QVERIFY(names.contains("index_files=index.html,index.htm,index.shtml,index.cgi,index.php"));
    QCOMPARE(mg_get_valid_option_names(), mg_get_valid_option_names());
}

void TestServers::tellsWhatEachOptionTakes() {
    const TestServer server;
    for (const char **entry = mg_get_valid_option_names(); *entry; entry += 2) {
        const mg_option_info *info = mg_get_option_info(*entry);
        QVERIFY2(info, *entry);
        QCOMPARE(QByteArray(info->name), QByteArray(*entry));
        QCOMPARE(info->default_value, entry[1]);
        const QByteArray help = info->help;
        QVERIFY2(help.size() > 10 && !help.endsWith('.') && !help.contains('\n'), *entry);
        QVERIFY2(info->group && *info->group, *entry);
        QCOMPARE(info->unit != nullptr, info->kind == MG_OPTION_NUMBER);
        QCOMPARE(info->choices != nullptr, info->kind == MG_OPTION_CHOICE);
        const bool isDefaultGood = !entry[1] || !mg_check_option(server.get(), *entry, entry[1]);
        QVERIFY2(isDefaultGood, *entry);
        if (info->kind == MG_OPTION_YES_NO) QVERIFY2(mg_check_option(server.get(), *entry, "perhaps"), *entry);
        if (info->kind == MG_OPTION_NUMBER) QVERIFY2(mg_check_option(server.get(), *entry, "many"), *entry);
        for (const QByteArray &choice : QByteArray(info->choices).split(','))
            QVERIFY2(!mg_check_option(server.get(), *entry, info->choices ? choice.constData() : nullptr), *entry);
    }
    QVERIFY(!mg_get_option_info("no_such_option"));
    QVERIFY(!mg_get_option_info(nullptr));
    QVERIFY(mg_check_option(server.get(), "no_such_option", "a"));
}

void TestServers::checksALogFileWithoutMakingIt() {
    const TestServer server;
    const TemporarySite site;
    const QByteArray log = site.path().toUtf8() + "/access.log";
    QVERIFY(!mg_check_option(server.get(), "access_log_file", log.constData()));
    QVERIFY(!QFile::exists(log));
    QVERIFY(mg_check_option(server.get(), "access_log_file", site.path().toUtf8().constData()));
}

void TestServers::givesDefaultsAndKeepsWhatIsSet() {
    TestServer server;
    for (const char **entry = mg_get_valid_option_names(); *entry; entry += 2)
        if (QByteArray(*entry) != "listening_port")
            QCOMPARE(QByteArray(mg_get_option(server.get(), *entry)), QByteArray(entry[1] ? entry[1] : ""));
    QVERIFY(!mg_get_option(server.get(), "no_such_option"));
    server.set("idle_timeout_ms", "1234");
    QCOMPARE(QByteArray(mg_get_option(server.get(), "idle_timeout_ms")), QByteArray("1234"));
    QVERIFY(!mg_set_option(server.get(), "idle_timeout_ms", nullptr));
    QCOMPARE(QByteArray(mg_get_option(server.get(), "idle_timeout_ms")), QByteArray("30000"));
}

void TestServers::refusesAValueAndKeepsTheOld_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("good");
    QTest::addColumn<QByteArray>("bad");
    const auto row = [](const char *words, const char *name, const char *good, const char *bad) {
        QTest::newRow(words) << QByteArray(name) << QByteArray(good) << QByteArray(bad);
    };
    row("an unknown log format", "access_log_format", "json", "xml");
    row("no logs", "access_log_keep", "3", "0");
    row("a word for a size", "access_log_max_bytes", "1000000", "large");
    row("no directive", "cache_control", "/=no-cache", "/=no cache?");
    row("neither of three", "clean_urls", "redirect", "maybe");
    row("compressed perhaps", "compression", "no", "some");
    row("a word for copies", "compression_cache_bytes", "0", "none");
    row("no origin", "cors_origins", "https://a.example", "a.example");
    row("isolated perhaps", "cross_origin_isolation", "yes", "1");
    row("no header", "extra_headers", "/=X-A: b", "/=X-A");
    row("a header that frames", "extra_headers", "/=X-A: b", "/=Content-Length: 1");
    row("a dump where none can be", "hexdump_file", "", "/no/such/folder/dump");
    row("a folder as fallback", "spa_fallback", "/index.html", "/folder/");
    row("neither of three for visitors", "upload", "new", "yes");
    row("no rewrite", "url_rewrites", "/a=301:/b", "/a");
    row("a rewrite to nowhere", "url_rewrites", "/a=/", "/a=/no/such/folder");
    row("a host in nowhere", "url_rewrites", "@a=/", "@a=/dev/null");
    row("a list with a word", "access_control_list", "+127.0.0.1", "+127.0.0.1,friends");
    row("a list without a sign", "access_control_list", "+127.0.0.1", "127.0.0.1");
    row("a list of nothing", "access_control_list", "+127.0.0.1", ",");
    row("too many bits", "access_control_list", "-10/8", "-10/33");
    row("a folder that is not there", "document_root", "/", "/no/such/folder");
    row("a file for a folder", "document_root", "/", "/dev/null");
    row("neither yes nor no", "enable_directory_listing", "no", "maybe");
    row("no time", "idle_timeout_ms", "100", "0");
    row("a word for a time", "idle_timeout_ms", "100", "soon");
    row("a path for a name", "index_files", "home.html", "a/index.html");
    row("no program", "cgi_interpreter", "", "/no/such/program");
    row("a folder for a program", "cgi_interpreter", "", "/");
    row("no processes", "cgi_max_processes", "2", "0");
    row("too many processes", "cgi_max_processes", "2", "10001");
    row("no time for scripts", "cgi_timeout_ms", "100", "0");
    row("a word for a time of scripts", "cgi_timeout_ms", "100", "soon");
    row("neither yes nor no for pages", "ssi_exec", "yes", "perhaps");
    row("a word for a number", "max_request_body_bytes", "100", "much");
    row("a log where none can be", "access_log_file", "", "/no/such/folder/log");
    row("a line break in the realm", "auth_domain", "me", "me\r\nX: y");
    row("a type that is none", "extra_mime_types", ".x=text/x", "x");
    if (mg_get_option_info("run_as_user")) row("nobody's name", "run_as_user", "", "no such user");
    row("a word for a rate", "max_bytes_per_second", "1000000", "fast");
    row("a rate below none", "max_bytes_per_second", "1000000", "-1");
    row("a rate with a unit", "max_connection_bytes_per_second", "1000", "500k");
    row("a rate that no line has", "max_connection_bytes_per_second", "1000000000000", "1000000000001");
    row("a word for connections", "max_connections", "10", "few");
    row("too many connections", "max_connections", "1000000000", "1000000001");
    row("a half connection", "max_connections_per_address", "1", "0.5");
    row("a word for requests", "max_requests_per_second_per_address", "1", "one");
    row("too many requests", "max_requests_per_second_per_address", "1000000", "1000001");
    row("no bytes", "max_reply_bytes", "100", "1 GB");
    row("an endpoint without a kind", "websocket_endpoints", "/a=echo,/b=broadcast,**=manual", "/a=echo,/b");
    row("an endpoint of no kind", "websocket_endpoints", "/a=echo", "/a=loud");
    row("an endpoint without a slash", "websocket_endpoints", "/a|/b=echo", "/a|b=echo");
    row("an endpoint nowhere", "websocket_endpoints", "/a=echo", "=echo");
    row("another choice", "websocket_events", "frame", "frames");
    row("a name that is no token", "websocket_subprotocols", "chat", "a b");
    row("a port out of range", "listening_port", "127.0.0.1:0", "127.0.0.1:65536");
    row("an address that is none", "listening_port", "127.0.0.1:0", "here:80");
    row("no password file", "global_auth_file", "", "/no/such/file");
    row("a folder for a password file", "dav_auth_file", "", "/");
    row("no certificate", "ssl_certificate", "", "/no/such.pem");
    row("no authorities", "ssl_ca_certificate", "", "/no/such.pem");
}

void TestServers::refusesAValueAndKeepsTheOld() {
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, good);
    QFETCH(QByteArray, bad);
    TestServer server;
    server.set(name.constData(), good);
    const QByteArray before = mg_get_option(server.get(), name.constData());
    const char *checked = mg_check_option(server.get(), name.constData(), bad.constData());
    QVERIFY(checked);
    const QByteArray complaint = checked;
    const char *sentence = mg_set_option(server.get(), name.constData(), bad.constData());
    QVERIFY(sentence);
    // What was written, or the part of it that is wrong, is in it: whoever set ten options knows which value is meant.
    const QByteArray named = QByteArray(sentence).contains('"') ? QByteArray(sentence).split('"')[1] : bad;
    QVERIFY2(QByteArray(sentence).size() > 10 && QByteArray(sentence).contains(named) && bad.contains(named), sentence);
    QVERIFY2(complaint == sentence || name == "access_log_file" || name == "hexdump_file", complaint.constData());
    QCOMPARE(QByteArray(mg_get_option(server.get(), name.constData())), before);
    QVERIFY(!mg_check_option(server.get(), name.constData(), good.constData()));
    QVERIFY(!mg_check_option(server.get(), name.constData(), nullptr));
    QCOMPARE(QByteArray(mg_get_option(server.get(), name.constData())), before);
    QVERIFY(QByteArray(mg_set_option(server.get(), "no_such_option", "a")).contains("no_such_option"));
}

void TestServers::iteratesWithAParameter() {
    TestServer server(answer);
    ScriptedPeer one(server), two(server);
    one.send(kGet).readAnswer();
    two.send(kGet).readAnswer();
    QList<QPair<mg_event, quint16>> seen;
    mg_iterate_over_connections(
        server.get(),
        [](mg_connection *connection, mg_event event) -> int {
            static_cast<decltype(seen) *>(connection->callback_param)->append({event, connection->remote_port});
            return 0;
        },
        &seen);
    std::sort(seen.begin(), seen.end());
    QList<QPair<mg_event, quint16>> expected{{MG_POLL, one.port()}, {MG_POLL, two.port()}};
    std::sort(expected.begin(), expected.end());
    QCOMPARE(seen, expected);
}

void TestServers::pushesToAnIdleConnectionFromOutside() {
    TestServer server;
    ScriptedPeer peer(server);
    peer.readUntilQuiet();
    mg_iterate_over_connections(server.get(), push);
    QCOMPARE(peer.readUntilQuiet(), QByteArray(kPlain));
    QVERIFY(!peer.isClosed());
}

void TestServers::pushesFromAHandlerToOthers() {
    mg_server *handle = nullptr;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_REQUEST) mg_iterate_over_connections(handle, push);
        return answer(connection, event);
    });
    handle = server.get();
    ScriptedPeer listener(server), speaker(server);
    listener.readUntilQuiet();
    speaker.send(kGet);
    QCOMPARE(listener.readUntilQuiet(), QByteArray(kPlain));
}

void TestServers::pushesFromACloseEventInTheSamePoll() {
    mg_server *handle = nullptr;
    bool isClosed = false;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_CLOSE && !isClosed) {
            isClosed = true;
            mg_iterate_over_connections(handle, push);
        }
        return answer(connection, event);
    });
    handle = server.get();
    ScriptedPeer listener(server), leaver(server);
    leaver.send(kGet).readAnswer();
    leaver.close();
    while (!isClosed) server.poll(1);
    // No further poll of the server.
    QVERIFY(listener.hasBytesWaiting());
    QCOMPARE(listener.readUntilQuiet(), QByteArray(kPlain));
}

void TestServers::writesBetweenPollsBeforeItWaits() {
    mg_connection *latest = nullptr;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        latest = connection;
        return answer(connection, event);
    });
    ScriptedPeer peer(server);
    peer.send(kGet).readAnswer();
    peer.readUntilQuiet();
    QCOMPARE(mg_write(latest, kPlain, sizeof kPlain - 1), int(sizeof kPlain - 1));
    mg_set_event_handler(server.get(), nullptr);
    QElapsedTimer time;
    time.start();
    mg_wakeup_server(server.get());
    server.poll(1000);
    QVERIFY(peer.hasBytesWaiting());
    QVERIFY(time.elapsed() < 900);
}

void TestServers::pushesIntoAnAnswerThatGoesOn() {
    TestServer server([](mg_connection *, mg_event event) -> int {
        return event == MG_AUTH ? MG_TRUE : event == MG_REQUEST ? MG_MORE : MG_FALSE;
    });
    ScriptedPeer peer(server);
    peer.send(kGet).readUntilQuiet();
    mg_iterate_over_connections(server.get(), pushData, nullptr);
    QVERIFY(peer.readUntilQuiet().endsWith("\r\n\r\n7\r\npushed \r\n"));
    mg_iterate_over_connections(server.get(), pushData, nullptr);
    QCOMPARE(peer.readUntilQuiet(), QByteArray("7\r\npushed \r\n"));
}

void TestServers::leavesADownloadWholeWhenOthersArePushed() {
    TemporarySite site;
    const QByteArray large = QByteArray("0123456789abcdef").repeated(600'000);
    site.write("large.bin", large);
    TestServer server;
    server.set("document_root", site.path().toUtf8());
    ScriptedPeer peer(server, 8192);
    peer.send("GET /large.bin HTTP/1.1\r\nHost: a\r\n\r\n");
    for (int i = 0; i < 5; ++i) server.poll(1);
    mg_iterate_over_connections(server.get(), push);
    mg_iterate_over_connections(server.get(), pushData);
    QVERIFY(peer.readAnswer().body == large);
    QCOMPARE(peer.readUntilQuiet(), QByteArray());
}

void TestServers::closesItsOwnConnectionFromAHandler() {
    for (const mg_event at : {MG_AUTH, MG_REQUEST, MG_HTTP_ERROR, MG_POLL}) {
        mg_server *handle = nullptr;
        int closes = 0, closed = 0;
        TestServer server([&](mg_connection *, mg_event event) -> int {
            if (event == at) closed += mg_close_connections(handle, 0);
            closes += event == MG_CLOSE;
            return event == MG_AUTH ? MG_TRUE : MG_FALSE;
        });
        handle = server.get();
        ScriptedPeer peer(server);
        QCOMPARE(peer.send(kGet + kGet).readToEnd(), QByteArray());
        QVERIFY(peer.isClosed());
        QVERIFY(server.pollUntil([&] { return closes == 1; }));
        QCOMPARE(closed, 1);
    }
}

void TestServers::closesOthersFromAHandler() {
    mg_server *handle = nullptr;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        // The first one, which is not this.
        if (event == MG_REQUEST) mg_close_connections(handle, 1);
        return answer(connection, event);
    });
    handle = server.get();
    ScriptedPeer first(server);
    first.readUntilQuiet();
    ScriptedPeer second(server);
    QCOMPARE(second.send(kGet).readAnswer().body, QByteArray("ok"));
    QVERIFY(first.waitUntilClosed());
}

void TestServers::closesOneByItsNumber() {
    TestServer server(answer);
    ScriptedPeer one(server);
    one.readUntilQuiet();
    ScriptedPeer two(server);
    two.readUntilQuiet();
    QCOMPARE(mg_close_connections(server.get(), 99), 0);
    QCOMPARE(mg_close_connections(server.get(), 2), 1);
    QCOMPARE(mg_close_connections(server.get(), 2), 0);
    QVERIFY(two.waitUntilClosed());
    QCOMPARE(one.send(kGet).readAnswer().body, QByteArray("ok"));
    QCOMPARE(mg_close_connections(server.get(), 0), 1);
    QCOMPARE(server.counters().connections_open, 0ull);
}

void TestServers::destroysItselfFromAHandler_data() {
    QTest::addColumn<int>("at");
    QTest::newRow("MG_POLL") << int{MG_POLL};
    QTest::newRow("MG_AUTH") << int{MG_AUTH};
    QTest::newRow("MG_REQUEST") << int{MG_REQUEST};
    QTest::newRow("MG_HTTP_ERROR") << int{MG_HTTP_ERROR};
    QTest::newRow("MG_CLOSE") << int{MG_CLOSE};
}

void TestServers::destroysItselfFromAHandler() {
    QFETCH(int, at);
    mg_server **place = nullptr;
    QByteArrayList closes;
    TestServer server([&](mg_connection *, mg_event event) -> int {
        if (event == MG_CLOSE) closes.append("close");
        if (int{event} == at) mg_destroy_server(place);
        return event == MG_AUTH ? MG_TRUE : MG_FALSE;
    });
    place = server.place();
    ScriptedPeer peer(server);
    peer.sendUnseen(kGet);
    peer.halfClose();
    QVERIFY(server.pollUntil([&] { return !server.get(); }));
    QCOMPARE(closes, QByteArrayList{"close"});
    QVERIFY(peer.waitUntilClosed());
}

void TestServers::destroysItselfFromAnIteration() {
    int closes = 0;
    TestServer server([&](mg_connection *, mg_event event) -> int {
        closes += event == MG_CLOSE;
        return MG_FALSE;
    });
    ScriptedPeer one(server), two(server);
    QVERIFY(server.pollUntil([&] { return server.poll() == 2; }));
    mg_iterate_over_connections(
        server.get(),
        [](mg_connection *connection, mg_event) -> int {
            mg_destroy_server(static_cast<mg_server **>(connection->callback_param));
            return 0;
        },
        server.place());
    QVERIFY(!server.get());
    QCOMPARE(closes, 2);
    QVERIFY(one.waitUntilClosed());
}

void TestServers::pollsNoDeeperThanOnce() {
    mg_server *handle = nullptr;
    QList<int> live;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_REQUEST) live.append(mg_poll_server(handle, 60000));
        return answer(connection, event);
    });
    handle = server.get();
    QCOMPARE(ask(server, kGet).body, QByteArray("ok"));
    QCOMPARE(live, QList<int>{1});
}

void TestServers::changesItsPortFromAHandler() {
    mg_server *handle = nullptr;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_REQUEST && QByteArray(connection->uri) == "/move") mg_set_option(handle, "listening_port", "127.0.0.1:0");
        return answer(connection, event);
    });
    handle = server.get();
    const quint16 before = server.port();
    QCOMPARE(ask(server, "GET /move HTTP/1.1\r\nHost: h\r\n\r\n").body, QByteArray("ok"));
    QVERIFY(server.port() != before);
    QCOMPARE(ask(server, kGet).body, QByteArray("ok"));
}

void TestServers::changesItsFolderFromAHandler() {
    TemporarySite one, two;
    one.write("f", "one");
    two.write("f", "two");
    mg_server *handle = nullptr;
    TestServer server([&](mg_connection *, mg_event event) -> int {
        if (event == MG_REQUEST) mg_set_option(handle, "document_root", two.path().toUtf8().constData());
        return event == MG_AUTH ? MG_TRUE : MG_FALSE;
    });
    handle = server.get();
    server.set("document_root", one.path().toUtf8());
    QCOMPARE(ask(server, "GET /f HTTP/1.1\r\nHost: h\r\n\r\n").body, QByteArray("two"));
}

void TestServers::changesItsPortWhileConnectionsLive() {
    TestServer server(answer);
    ScriptedPeer peer(server);
    peer.send(kGet).readAnswer();
    const quint16 before = server.port();
    server.set("listening_port", "127.0.0.1:0");
    QVERIFY(server.port() != before);
    QCOMPARE(peer.send(kGet).readAnswer().body, QByteArray("ok"));
    QCOMPARE(ask(server, kGet).body, QByteArray("ok"));
    server.set("listening_port", "");
    QCOMPARE(QByteArray(mg_get_option(server.get(), "listening_port")), QByteArray());
    QCOMPARE(peer.send(kGet).readAnswer().body, QByteArray("ok"));
}

void TestServers::keepsItsPortWhenTheNewOneIsTaken() {
    TestServer holder, server(answer);
    const QByteArray before = mg_get_option(server.get(), "listening_port");
    const QByteArray taken = mg_get_option(holder.get(), "listening_port");
    const char *sentence = mg_set_option(server.get(), "listening_port", taken.constData());
    QVERIFY(sentence);
    QVERIFY2(QByteArray(sentence).contains(QByteArray::number(holder.port())), sentence);
    QCOMPARE(QByteArray(mg_get_option(server.get(), "listening_port")), before);
    QCOMPARE(ask(server, kGet).body, QByteArray("ok"));
}

// "Only this computer" to "My network" and back keeps the port, which the old listener still holds. Here the same address in another
// spelling stands for it, so that the test stays on the loopback.
void TestServers::changesTheAddressOfItsPort() {
    TestServer server(answer);
    const QByteArray port = QByteArray::number(server.port());
    server.set("listening_port", "127.0.0.1:0" + port);
    QCOMPARE(ask(server, kGet).body, QByteArray("ok"));
    // An address that is not ours is refused, and the old listener is there again.
    QVERIFY(mg_set_option(server.get(), "listening_port", ("192.0.2.1:" + port).constData()));
    QCOMPARE(ask(server, kGet).body, QByteArray("ok"));
}

void TestServers::closesSilentConnectionsAfterTheLimit() {
    const QByteArray large(4'000'000, 'x');
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_AUTH) return MG_TRUE;
        if (event == MG_REQUEST) mg_send_data(connection, large.constData(), int(large.size()));
        return event == MG_REQUEST ? MG_TRUE : MG_FALSE;
    });
    // Long enough for a machine that is busy elsewhere while the answer is read.
    server.set("idle_timeout_ms", "400");
    const mg_observer observer{[](void *, const mg_observation *) {}, nullptr};
    for (const mg_observer *watcher : {static_cast<const mg_observer *>(nullptr), &observer}) {
        mg_set_observer(server.get(), watcher);
        ScriptedPeer silent(server);
        QCOMPARE(silent.readToEnd(), QByteArray());
        QVERIFY(silent.isClosed());
        QCOMPARE(ScriptedPeer(server).send(kGet).readAnswer().body.size(), large.size());
        ScriptedPeer kept(server), stuck(server, 4096);
        QCOMPARE(kept.send(kGet).readAnswer().body.size(), large.size());
        stuck.send(kGet);
        QVERIFY(server.pollUntil([&] { return server.counters().connections_open == 0; }));
        QVERIFY(kept.waitUntilClosed());
    }
}

void TestServers::answersADawdlingHeadAndBodyWith408() {
    TestServer server(answer);
    server.set("idle_timeout_ms", "60");
    for (const QByteArray &start :
         {QByteArray("GET / HT"), QByteArray("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc")}) {
        ScriptedPeer peer(server);
        const Answer got = peer.send(start).readAnswer();
        QCOMPARE(got.status, 408);
        QCOMPARE(got.field("Connection"), QByteArray("close"));
    }
}

// A byte now and then is traffic, but no upload.
void TestServers::answersABodyThatDripsWith408() {
    TestServer server(answer);
    server.set("idle_timeout_ms", "60");
    ScriptedPeer peer(server);
    peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
    int sent = 0;
    for (; sent < 1000 && !peer.hasBytesWaiting(); ++sent) {
        peer.sendUnseen("x");
        server.poll(10);
        server.poll(10);  // nothing more comes: this one waits
    }
    QVERIFY(sent < 1000);
    QCOMPARE(peer.readAnswer().status, 408);
}

void TestServers::goesThroughTheConnectionsWithNext() {
    TestServer server(answer);
    QVERIFY(!mg_next(server.get(), nullptr));
    ScriptedPeer one(server), two(server), three(server);
    for (ScriptedPeer *peer : {&one, &two, &three}) peer->send(kGet).readAnswer();
    QSet<quint16> ports;
    for (mg_connection *at = mg_next(server.get(), nullptr); at; at = mg_next(server.get(), at)) ports.insert(at->remote_port);
    QCOMPARE(ports, (QSet<quint16>{one.port(), two.port(), three.port()}));
    QVERIFY(!mg_next(nullptr, nullptr));
}

void TestServers::admitsOnlyWhoIsOnTheList() {
    TestServer server(answer);
    server.set("access_control_list", "-0.0.0.0/0,+10/8");
    ScriptedPeer refused(server);
    QCOMPARE(refused.send(kGet).readToEnd(), QByteArray());
    QVERIFY(refused.isClosed());
    server.set("access_control_list", "+10/8,+127");
    QCOMPARE(ask(server, kGet).body, QByteArray("ok"));
    server.set("access_control_list", "");
    QCOMPARE(ask(server, kGet).body, QByteArray("ok"));
}

QTEST_GUILESS_MAIN(TestServers)
#include "tst_servers.moc"
