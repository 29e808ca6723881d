// Station: tests of what tells what happens: observer, snapshots, counters, access log.
#include "support/scripted_peer.h"
#include "support/temporary_site.h"

#include <QRegularExpression>
#include <QTest>

using namespace meerkat::test;

namespace {

struct Record {
    mg_observed kind;
    quint64 id;
    QByteArray method, target, agent, referer;
    int status;
    quint64 bytes;
    bool isComplete;
};

class Watcher {
  public:
    explicit Watcher(TestServer &server) : m_server(server) {
        const mg_observer observer{&Watcher::onObservation, this};
        mg_set_observer(server.get(), &observer);
    }
    ~Watcher() { mg_set_observer(m_server.get(), nullptr); }

    QList<Record> records;
    QList<Record> requests() const {
        QList<Record> some;
        for (const Record &record : records)
            if (record.kind == MG_OBSERVED_REQUEST) some.append(record);
        return some;
    }

  private:
    static void onObservation(void *param, const mg_observation *seen) {
        static_cast<Watcher *>(param)->records.append({seen->kind, seen->connection_id, seen->method, seen->target,
                                                       seen->user_agent, seen->referer, seen->status, seen->bytes_sent,
                                                       seen->is_complete != 0});
    }

    TestServer &m_server;
};

struct Info {
    mg_connection_state state;
    QByteArray method, target;
    int status;
    quint64 requests, received, sent, answerBytes, answerSent, held;
};

QList<Info> visit(TestServer &server) {
    QList<Info> infos;
    mg_visit_connections(
        server.get(),
        [](const mg_connection_info *info, void *list) {
            static_cast<QList<Info> *>(list)->append({info->state, info->method, info->target, info->status, info->requests,
                                                      info->bytes_received, info->bytes_sent, info->answer_bytes,
                                                      info->answer_sent, info->bytes_held});
        },
        &infos);
    return infos;
}

QByteArray get(const QByteArray &target, const QByteArray &fields = {}) {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

}  // namespace

class TestWatching : public QObject {
    Q_OBJECT

  private slots:
    void init() {
        m_site = std::make_unique<TemporarySite>();
        m_site->write("small", "0123456789");
        m_site->write("large", QByteArray(20'000'000, 'x'));
        m_server = std::make_unique<TestServer>();
        m_server->set("document_root", m_site->path().toUtf8());
    }
    void recordsEachAnswerWithItsBytes();
    void recordsAnAnswerThatTheClientCut();
    void recordsARequestThatWasNotWhole();
    void recordsWhatCouldNotBeRead();
    void recordsOpeningAndClosing();
    void tellsTheHeadersOfARequest();
    void showsADownloadWhileItRuns();
    void showsEachState();
    void countsExactly();
    void writesALineForEachRequest();
    void escapesWhatAClientSent();
    void writesWhatWasRefused_data();
    void writesWhatWasRefused();
    void writesWhatCameTooSlowly();
    void writesNothingButPrintableAscii();
    void countsLostLines();
    void beginsANewLogWhenItWasMovedAway();
    void endsTheLogWhenItIsUnset();

  private:
    QByteArrayList logLines(const QString &name) const {
        QFile file(m_site->path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll().split('\n') : QByteArrayList();
    }

    std::unique_ptr<TemporarySite> m_site;
    std::unique_ptr<TestServer> m_server;
};

void TestWatching::recordsEachAnswerWithItsBytes() {
    Watcher watcher(*m_server);
    ScriptedPeer peer(*m_server);
    QList<quint64> sizes;
    const QByteArrayList targets{"/small?q", "/none", "/large"};
    for (const QByteArray &target : targets) {
        const Answer got = peer.send(get(target, "User-Agent: me\r\nReferer: there\r\n")).readAnswer();
        sizes.append(quint64(got.head.size() + got.body.size()));
    }
    m_server->poll();
    const auto records = watcher.requests();
    QCOMPARE(records.size(), 3);
    for (int i = 0; i < 3; ++i) {
        QCOMPARE(records[i].method, QByteArray("GET"));
        QCOMPARE(records[i].target, targets[i]);
        QCOMPARE(records[i].agent, QByteArray("me"));
        QCOMPARE(records[i].referer, QByteArray("there"));
        QCOMPARE(records[i].status, i == 1 ? 404 : 200);
        QCOMPARE(records[i].bytes, sizes[i]);
        QVERIFY(records[i].isComplete);
    }
}

void TestWatching::recordsAnAnswerThatTheClientCut() {
    Watcher watcher(*m_server);
    ScriptedPeer peer(*m_server, 8192);
    peer.send(get("/large")).read(1000);
    peer.reset();
    QVERIFY(m_server->pollUntil([&] { return !watcher.requests().isEmpty(); }));
    const Record record = watcher.requests().first();
    QVERIFY(!record.isComplete);
    QCOMPARE(record.status, 200);
    QCOMPARE(record.target, QByteArray("/large"));
    QVERIFY(record.bytes >= 1000 && record.bytes < 20'000'000);
}

void TestWatching::recordsARequestThatWasNotWhole() {
    TestServer server([](mg_connection *, mg_event event) -> int { return event == MG_AUTH; });
    Watcher watcher(server);
    ScriptedPeer peer(server);
    peer.send(get("/first")).readAnswer();
    peer.send("POST /second HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc").readUntilQuiet();
    peer.close();
    QVERIFY(server.pollUntil([&] { return watcher.requests().size() == 2; }));
    const Record record = watcher.requests().last();
    QCOMPARE(record.target, QByteArray("/second"));
    QVERIFY(!record.isComplete);
    // There was no answer; the one before it had a status of its own.
    QCOMPARE(record.status, 0);
    QCOMPARE(record.bytes, 0ull);
}

void TestWatching::recordsWhatCouldNotBeRead() {
    Watcher watcher(*m_server);
    ask(*m_server, "nonsense\r\n\r\n");
    QVERIFY(m_server->pollUntil([&] { return watcher.requests().size() == 1; }));
    QCOMPARE(watcher.requests().first().status, 400);
    QCOMPARE(watcher.requests().first().method, QByteArray());
}

void TestWatching::tellsTheHeadersOfARequest() {
    struct Told {
        QByteArray whole, cut;
        size_t none = 1;
    } told;
    const mg_observer observer{[](void *param, const mg_observation *seen) {
                                   auto &told = *static_cast<Told *>(param);
                                   char buffer[64];
                                   if (seen->kind != MG_OBSERVED_REQUEST) {
                                       told.none = mg_observed_headers(seen, buffer, sizeof buffer);
                                       return;
                                   }
                                   told.whole = QByteArray(buffer, qsizetype(mg_observed_headers(seen, buffer, sizeof buffer)));
                                   told.cut = QByteArray(buffer, qsizetype(mg_observed_headers(seen, buffer, 20)));
                               },
                               &told};
    mg_set_observer(m_server->get(), &observer);
    ask(*m_server, get("/small", "X-Long: 0123456789\r\nX-B:  2 \r\n"));
    QVERIFY(m_server->pollUntil([&] { return !told.whole.isEmpty(); }));
    mg_set_observer(m_server->get(), nullptr);
    QCOMPARE(told.whole, QByteArray("Host: a\r\nX-Long: 0123456789\r\nX-B: 2\r\n"));
    QCOMPARE(told.cut, QByteArray("Host: a\r\nX-B: 2\r\n"));
    QCOMPARE(told.none, size_t(0));
}

void TestWatching::recordsOpeningAndClosing() {
    Watcher watcher(*m_server);
    ask(*m_server, get("/small"));
    QVERIFY(m_server->pollUntil([&] { return watcher.records.size() == 3; }));
    QCOMPARE(watcher.records[0].kind, MG_OBSERVED_OPENED);
    QCOMPARE(watcher.records[1].kind, MG_OBSERVED_REQUEST);
    QCOMPARE(watcher.records[2].kind, MG_OBSERVED_CLOSED);
    for (const Record &record : std::as_const(watcher.records)) QCOMPARE(record.id, 1ull);
    mg_set_observer(m_server->get(), nullptr);
    ask(*m_server, get("/small"));
    QCOMPARE(watcher.records.size(), 3);
}

void TestWatching::showsADownloadWhileItRuns() {
    Watcher watcher(*m_server);
    ScriptedPeer peer(*m_server, 8192);
    peer.send(get("/large")).read(1000);
    auto infos = visit(*m_server);
    QCOMPARE(infos.size(), 1);
    QCOMPARE(infos[0].state, MG_STATE_SENDING);
    QCOMPARE(infos[0].method, QByteArray("GET"));
    QCOMPARE(infos[0].target, QByteArray("/large"));
    QCOMPARE(infos[0].status, 200);
    QCOMPARE(infos[0].answerBytes, 20'000'000ull);
    const quint64 before = infos[0].answerSent;
    QVERIFY(before >= 1000 && before < 20'000'000);
#ifndef Q_OS_WIN
    QVERIFY(infos[0].held > 0 && infos[0].held < infos[0].sent);
#endif
    peer.read(5'000'000);
    infos = visit(*m_server);
    QVERIFY(infos[0].answerSent > before);
    peer.read(14'999'000);
    peer.readUntilQuiet();
    QCOMPARE(visit(*m_server)[0].state, MG_STATE_IDLE);
    QTRY_COMPARE(visit(*m_server)[0].held, 0ull);
}

void TestWatching::showsEachState() {
    TestServer server([](mg_connection *, mg_event event) -> int {
        return event == MG_AUTH ? MG_TRUE : event == MG_REQUEST ? MG_MORE : MG_FALSE;
    });
    ScriptedPeer peer(server);
    peer.readUntilQuiet();
    QCOMPARE(visit(server)[0].state, MG_STATE_IDLE);
    peer.send("GET / HT").readUntilQuiet();
    QCOMPARE(visit(server)[0].state, MG_STATE_READING);
    peer.send("TP/1.1\r\nHost: a\r\n\r\n").readUntilQuiet();
    QCOMPARE(visit(server)[0].state, MG_STATE_HANDLING);
    ScriptedPeer bad(server);
    bad.send("nonsense\r\n\r\n").readUntilQuiet();
    QCOMPARE(visit(server).last().state, MG_STATE_CLOSING);
}

void TestWatching::countsExactly() {
    quint64 received = 0, sent = 0;
    ScriptedPeer peer(*m_server);
    for (const QByteArray &request : {get("/small"), get("/none"), get("/large"), QByteArray("nonsense\r\n\r\n")}) {
        received += quint64(request.size());
        const Answer got = peer.send(request).readAnswer();
        sent += quint64(got.head.size() + got.body.size());
    }
    peer.send("what still came");
    received += 15;
    peer.readUntilQuiet();
    mg_counters counters = m_server->counters();
    QCOMPARE(counters.connections_open, 1ull);
    peer.close();
    QVERIFY(m_server->pollUntil([&] { return m_server->counters().connections_open == 0; }));
    counters = m_server->counters();
    QCOMPARE(counters.connections_accepted, 1ull);
    QCOMPARE(counters.requests, 3ull);
    QCOMPARE(counters.bytes_received, received);
    QCOMPARE(counters.bytes_sent, sent);
}

void TestWatching::writesALineForEachRequest() {
    m_server->set("access_log_file", m_site->path("log").toUtf8());
    ScriptedPeer peer(*m_server);
    const Answer got = peer.send(get("/small?q", "User-Agent: me/1\r\nReferer: http://there/\r\n")).readAnswer();
    peer.send("bad\r\n\r\n").readAnswer();
    m_server->poll();
    const QByteArrayList lines = logLines("log");
    QCOMPARE(lines.size(), 3);
    const QString start = R"(^127\.0\.0\.1 - - \[\d\d/\w\w\w/\d{4}:\d\d:\d\d:\d\d \+0000\] )";
    const QString first = start + R"("GET /small\?q HTTP/1\.1" 200 )" + QString::number(got.head.size() + got.body.size()) +
                          R"( "http://there/" "me/1"$)";
    QVERIFY2(QRegularExpression(first).match(lines[0]).hasMatch(), lines[0].constData());
    QVERIFY2(QRegularExpression(start + R"("bad" 400 \d+ "-" "-"$)").match(lines[1]).hasMatch(), lines[1].constData());
}

void TestWatching::escapesWhatAClientSent() {
    m_server->set("access_log_file", m_site->path("log").toUtf8());
    ask(*m_server, get("/a\"b\\c", "User-Agent: x\" 200 \"\t\r\n"));
    m_server->poll();
    const QByteArray line = logLines("log").first();
    QVERIFY2(line.contains("\"GET /a\\x22b\\x5cc HTTP/1.1\" 404 "), line.constData());
    QVERIFY2(line.endsWith("\"-\" \"x\\x22 200 \\x22\""), line.constData());
}

void TestWatching::writesWhatWasRefused_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("logged");
    QTest::newRow("no request line") << QByteArray("hello there\r\n\r\n") << QByteArray("\"hello there\" 400 ");
    QTest::newRow("no Host") << QByteArray("GET /a HTTP/1.1\r\n\r\n") << QByteArray("\"GET /a HTTP/1.1\" 400 ");
    QTest::newRow("a version of its own") << QByteArray("GET /a HTTP/3.0\r\n\r\n") << QByteArray("\"GET /a HTTP/3.0\" 505 ");
    QTest::newRow("TLS on a plain port") << QByteArray("\x16\x03\x01\x02\x00\"\x80", 7)
                                         << QByteArray("\"\\x16\\x03\\x01\\x02\\x00\\x22\\x80\" 400 ");
    QTest::newRow("a long target") << "GET /" + QByteArray(20000, 'a') + " HTTP/1.1\r\n\r\n"
                                   << "\"GET /" + QByteArray(1019, 'a') + "\" 414 ";
    QTest::newRow("behind empty lines") << QByteArray("\r\n\nbad\r\n\r\n") << QByteArray("\"bad\" 400 ");
    QTest::newRow("too many empty lines") << QByteArray("\r\n\r\n\r\n\r\n\r\n\r\n") << QByteArray("\"-\" 400 ");
}

void TestWatching::writesWhatWasRefused() {
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, logged);
    m_server->set("access_log_file", m_site->path("log").toUtf8());
    ask(*m_server, request);
    m_server->poll();
    const QByteArrayList lines = logLines("log");
    QCOMPARE(lines.size(), 2);
    QVERIFY2(lines.first().contains(logged), lines.first().constData());
}

void TestWatching::writesWhatCameTooSlowly() {
    m_server->set("access_log_file", m_site->path("log").toUtf8());
    m_server->set("idle_timeout_ms", "60");
    QCOMPARE(ask(*m_server, "GET /half HTT").status, 408);
    m_server->poll();
    const QByteArray line = logLines("log").first();
    QVERIFY2(line.contains("\"GET /half HTT\" 408 "), line.constData());
}

void TestWatching::writesNothingButPrintableAscii() {
    m_server->set("access_log_file", m_site->path("log").toUtf8());
    ask(*m_server, get("/small", "User-Agent: \xc3\xa9\x9b\xff\r\n"));
    m_server->poll();
    const QByteArray line = logLines("log").first();
    QVERIFY2(line.endsWith("\"\\xc3\\xa9\\x9b\\xff\""), line.constData());
}

void TestWatching::countsLostLines() {
    if (!QFile::exists("/dev/full")) QSKIP("this system has no file that is always full");
    m_server->set("access_log_file", "/dev/full");
    for (int i = 0; i < 3; ++i) ask(*m_server, get("/small"));
    m_server->poll();
    QCOMPARE(m_server->counters().log_lines_lost, 3ull);
}

void TestWatching::beginsANewLogWhenItWasMovedAway() {
    m_server->set("access_log_file", m_site->path("log").toUtf8());
    ask(*m_server, get("/one"));
    m_server->poll();
    QVERIFY(QFile::rename(m_site->path("log"), m_site->path("old")));
    // Looked at once a second.
    QVERIFY(m_server->pollUntil([&] { return QFile::exists(m_site->path("log")); }));
    ask(*m_server, get("/two"));
    m_server->poll();
    QVERIFY(logLines("old").first().contains("/one"));
    QVERIFY(logLines("log").first().contains("/two"));
}

void TestWatching::endsTheLogWhenItIsUnset() {
    mg_server *handle = nullptr;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_REQUEST && QByteArray(connection->uri) == "/stop") mg_set_option(handle, "access_log_file", "");
        return event == MG_AUTH;
    });
    handle = server.get();
    server.set("access_log_file", m_site->path("log").toUtf8());
    // Both in one pass: the line of the first is not lost with the log.
    ScriptedPeer peer(server);
    peer.send(get("/one") + get("/stop")).readUntilQuiet();
    const QByteArrayList lines = logLines("log");
    QCOMPARE(lines.size(), 2);
    QVERIFY(lines.first().contains("/one"));
}

QTEST_GUILESS_MAIN(TestWatching)
#include "tst_watching.moc"
