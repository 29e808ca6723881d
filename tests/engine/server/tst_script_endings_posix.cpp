// Station: tests of scripts (CGI) over real sockets: when they end, who waits for their turn, and what is refused.
#include "support/digest_client.h"
#include "support/script_house.h"

using namespace meerkat::test;

namespace {

const QByteArray kHello = "printf 'Content-Type: text/plain\\n\\nhello'";
const QByteArray kText = "printf 'Content-Type: text/plain\\n\\n'\n";

}  // namespace

class TestScriptEndings : public QObject, private ScriptHouse {
    Q_OBJECT

  private slots:
    void initTestCase_data() { addPollers(); }
    void init();
    void cleanup() { close(); }

    void endsAScriptWhoseClientLeaves_data();
    void endsAScriptWhoseClientLeaves();
    void endsWhatAScriptLeftBehind();
    void endsAScriptThatDawdles();
    void endsAScriptThatFallsSilent();
    void runsSoManyAtOnce();
    void refusesWhoWaitsTooLong();
    void forgetsWhoLeavesTheQueue();
    void startsNothingForASenderWhoDawdles();
    void endsScriptsWithTheServer();

    void refusesWhatIsNoAnswer_data();
    void refusesWhatIsNoAnswer();
    void refusesWhatCantBeRun();
    void showsNoSource_data();
    void showsNoSource();
    void guardsScriptsAsFiles();
    void hidesWhatIsHidden();
    void refusesAChunkedBodyThatIsTooLong();
    void refusesABrokenBody();
    void writesALineOfTheLog();
    void tellsTheHandlerOfARefusal();
    void tellsTheObserver();

  private:
    Answer asked(const QByteArray &request) { return ask(*m_server, request); }
};

void TestScriptEndings::init() {
    QFETCH_GLOBAL(QByteArray, poller);
    open(poller);
}

// ---- endings ----

void TestScriptEndings::endsAScriptWhoseClientLeaves_data() {
    QTest::addColumn<QByteArray>("rest");
    QTest::addColumn<bool>("isReset");
    QTest::newRow("before it said anything") << QByteArray("exec sleep 1000") << false;
    QTest::newRow("with a reset") << QByteArray("exec sleep 1000") << true;
    QTest::newRow("while it waits for a child") << kText + "sleep 1000; echo" << false;
    QTest::newRow("while it talks without end") << kText + "while :; do echo more; sleep 0.01; done" << false;
    QTest::newRow("while it floods") << kText + "exec yes" << false;
    QTest::newRow("though it does not listen") << QByteArray("trap '' TERM; while :; do sleep 1; done") << false;
}

void TestScriptEndings::endsAScriptWhoseClientLeaves() {
    QFETCH(QByteArray, rest);
    QFETCH(bool, isReset);
    shell("long.cgi", "echo $$ >pid\n" + rest);
    ScriptedPeer peer(*m_server);
    peer.send(get("/long.cgi"));
    const qint64 process = written("pid").toLongLong();
    QVERIFY(process > 0 && isThere(process));
    isReset ? peer.reset() : peer.close();
    QVERIFY(m_server->pollUntil([&] { return !isThere(process); }));
}

// It holds the script's output, so that the answer does not end.
void TestScriptEndings::endsWhatAScriptLeftBehind() {
    shell("leaves.cgi", kText + "sleep 1000 &\necho $! >pid");
    ScriptedPeer peer(*m_server);
    peer.send(get("/leaves.cgi"));
    const qint64 process = written("pid").toLongLong();
    peer.readUntilQuiet();
    QVERIFY(isThere(process));
    peer.close();
    QVERIFY(m_server->pollUntil([&] { return !isThere(process); }));
}

void TestScriptEndings::endsAScriptThatDawdles() {
    m_server->set("cgi_timeout_ms", "200");
    shell("slow.cgi", "echo $$ >pid\nexec sleep 1000");
    ScriptedPeer peer(*m_server);
    const Answer got = peer.send(get("/slow.cgi")).readAnswer();
    QCOMPARE(got.status, 504);
    QVERIFY(!got.body.contains(m_site->path().toUtf8()));
    const qint64 process = written("pid").toLongLong();
    QVERIFY(m_server->pollUntil([&] { return !isThere(process); }));
    m_site->write("plain.txt", "plain");
    QCOMPARE(peer.send(get("/plain.txt")).readAnswer().body, QByteArray("plain"));
    // One that says something now and then is not silent.
    shell("busy.cgi", kText + "for i in 1 2 3 4 5 6; do echo $i; sleep 0.1; done");
    QCOMPARE(asked(get("/busy.cgi")).body, QByteArray("1\n2\n3\n4\n5\n6\n"));
}

void TestScriptEndings::endsAScriptThatFallsSilent() {
    m_server->set("cgi_timeout_ms", "200");
    shell("silent.cgi", kText + "echo begun; exec sleep 1000");
    ScriptedPeer peer(*m_server);
    const QByteArray got = peer.send(get("/silent.cgi")).readToEnd();
    QVERIFY(peer.isClosed());
    QVERIFY(got.contains("begun\n"));
    QVERIFY2(!got.endsWith("0\r\n\r\n"), "the client must see that this is not all");
    // One that has closed its output may go on for so long.
    shell("after.cgi", "echo $$ >pid\n" + kText + "echo said; exec >&-; exec sleep 1000");
    QCOMPARE(asked(get("/after.cgi")).body, QByteArray("said\n"));
    const qint64 process = written("pid").toLongLong();
    QVERIFY(m_server->pollUntil([&] { return !isThere(process); }));
}

void TestScriptEndings::runsSoManyAtOnce() {
    m_server->set("cgi_max_processes", "2");
    // Says how many of its kind it finds.
    shell("count.cgi", "mkdir run$$; sleep 0.05; set -- run*; echo $# >most$$; rmdir run$$\n" + kText + "echo $QUERY_STRING");
    std::vector<std::unique_ptr<ScriptedPeer>> peers;
    for (int i = 0; i < 7; ++i) {
        peers.push_back(std::make_unique<ScriptedPeer>(*m_server));
        peers.back()->send(get("/count.cgi?" + QByteArray::number(i)));
    }
    m_site->write("plain.txt", "plain");
    QCOMPARE(asked(get("/plain.txt")).body, QByteArray("plain"));
    for (int i = 0; i < 7; ++i) QCOMPARE(peers[std::size_t(i)]->readAnswer().body, QByteArray::number(i) + "\n");
    const QStringList counts = QDir(m_site->path()).entryList({"most*"});
    QCOMPARE(counts.size(), 7);
    for (const QString &name : counts) QVERIFY(written(name).toInt() <= 2);
}

void TestScriptEndings::refusesWhoWaitsTooLong() {
    m_server->set("cgi_max_processes", "1");
    m_server->set("cgi_timeout_ms", "300");
    shell("long.cgi", kText + "while :; do echo; sleep 0.01; done");
    shell("a.cgi", kHello);
    ScriptedPeer first(*m_server), second(*m_server);
    first.send(get("/long.cgi")).readSome();
    const Answer got = second.send(get("/a.cgi")).readAnswer();
    QCOMPARE(got.status, 503);
    QVERIFY(got.field("Retry-After").toInt() > 0);
    first.close();
    QCOMPARE(second.send(get("/a.cgi")).readAnswer().body, QByteArray("hello"));
}

void TestScriptEndings::forgetsWhoLeavesTheQueue() {
    m_server->set("cgi_max_processes", "1");
    shell("long.cgi", "echo $$ >pid\n" + kText + "while [ ! -e go ]; do sleep 0.01; done; echo gone on");
    shell("never.cgi", "echo >ran\n" + kHello);
    shell("a.cgi", kHello);
    ScriptedPeer first(*m_server), third(*m_server);
    first.send(get("/long.cgi"));
    QVERIFY(!written("pid").isEmpty());
    {
        ScriptedPeer second(*m_server);
        second.send(get("/never.cgi")).readUntilQuiet();
    }
    third.send(get("/a.cgi")).readUntilQuiet();
    m_site->write("go", "");
    QCOMPARE(first.readAnswer().body, QByteArray("gone on\n"));
    QCOMPARE(third.readAnswer().body, QByteArray("hello"));
    QVERIFY(!QFile::exists(m_site->path("ran")));
}

// A form that comes byte by byte does not hold one of the few places.
void TestScriptEndings::startsNothingForASenderWhoDawdles() {
    m_server->set("cgi_max_processes", "1");
    shell("form.cgi", "echo >>ran\n" + kText + "cat");
    ScriptedPeer slow(*m_server), chunked(*m_server);
    slow.send("POST /form.cgi HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n01234").readUntilQuiet();
    chunked.send("POST /form.cgi HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n").readUntilQuiet();
    QVERIFY(!QFile::exists(m_site->path("ran")));
    QCOMPARE(asked(post("/form.cgi", "other")).body, QByteArray("other"));
    QCOMPARE(slow.send("56789").readAnswer().body, QByteArray("0123456789"));
    QCOMPARE(chunked.send("0\r\n\r\n").readAnswer().body, QByteArray("01234"));
}

void TestScriptEndings::endsScriptsWithTheServer() {
    shell("long.cgi", "trap '' TERM\necho $$ >pid\nwhile :; do sleep 1; done");
    ScriptedPeer peer(*m_server);
    peer.send(get("/long.cgi"));
    const qint64 process = written("pid").toLongLong();
    QVERIFY(isThere(process));
    m_server.reset();
    QVERIFY(!isThere(process));
}

// ---- refusals ----

void TestScriptEndings::refusesWhatIsNoAnswer_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("nothing") << QByteArray("exit 1");
    QTest::newRow("no head") << QByteArray("echo hello");
    QTest::newRow("half a head") << QByteArray("printf 'Content-Type: text/plain\\n'");
    QTest::newRow("an empty head") << QByteArray("printf '\\nhello'");
    QTest::newRow("a head without end") << QByteArray("printf 'Content-Type: '; exec yes");
    QTest::newRow("a long line") << QByteArray("printf 'Content-Type: '; head -c 100000 /dev/zero | tr '\\0' a; sleep 1000");
    QTest::newRow("killed") << QByteArray("kill -9 $$");
}

void TestScriptEndings::refusesWhatIsNoAnswer() {
    QFETCH(QByteArray, text);
    shell("bad.cgi", text);
    m_site->write("plain.txt", "plain");
    ScriptedPeer peer(*m_server);
    const Answer got = peer.send(get("/bad.cgi")).readAnswer();
    QCOMPARE(got.status, 502);
    QVERIFY(!got.body.contains(m_site->path().toUtf8()) && !got.body.contains("bad.cgi"));
    QCOMPARE(peer.send(get("/plain.txt")).readAnswer().body, QByteArray("plain"));
}

void TestScriptEndings::refusesWhatCantBeRun() {
    script("odd.cgi", "#!/no/such/interpreter\nsecret");
    m_site->write("plain.cgi", "#!/bin/sh\nsecret");
    script("binary.cgi", "secret");
    for (const auto &[name, status] : {std::pair{"/odd.cgi", 500}, {"/plain.cgi", 403}, {"/binary.cgi", 500}}) {
        for (const QByteArray &request : {get(name), post(name, "body")}) {
            const Answer got = asked(request);
            QCOMPARE(got.status, status);
            QVERIFY(!got.body.contains("secret") && !got.body.contains(m_site->path().toUtf8()));
        }
    }
}

void TestScriptEndings::showsNoSource_data() {
    QTest::addColumn<QByteArray>("target");
    for (const char *target : {"/a.cgi",
                               "/A.CGI",
                               "/a.cgi?",
                               "/a.cgi?x",
                               "/a.cgi/",
                               "/a.cgi//",
                               "/a.cgi/.",
                               "/a.cgi/x/..",
                               "/a.cgi%2F",
                               "/./a.cgi",
                               "/%61.cgi",
                               "/a%2ecgi",
                               "/a.cgi/x",
                               "/a.cgi%00",
                               "/a.cgi%20",
                               "/a.cgi.",
                               "/a.cgi::$DATA",
                               "/a.cgi%5C",
                               "/link.txt",
                               "/link.txt/x",
                               "/dirlink/a.cgi",
                               "/a.cgi;x",
                               "http://meerkat.test/a.cgi"})
        QTest::newRow(target) << QByteArray(target);
}

void TestScriptEndings::showsNoSource() {
    QFETCH(QByteArray, target);
    shell("a.cgi", "# secret\n" + kHello);
    QVERIFY(QFile::link(m_site->path("a.cgi"), m_site->path("link.txt")));
    m_site->makeFolder("real");
    shell("real/a.cgi", "# secret\n" + kHello);
    QVERIFY(QFile::link(m_site->path("real"), m_site->path("dirlink")));
    for (const QByteArray &fields :
         {QByteArray(), QByteArray("Range: bytes=0-100\r\n"), QByteArray("If-None-Match: \"a\"\r\n")}) {
        const Answer got = asked(get(target, fields));
        QVERIFY2(!got.body.contains("secret"), got.head.constData());
        QVERIFY(got.status == 200 ? got.body == "hello" : got.status == 404 || got.status == 400);
    }
}

void TestScriptEndings::guardsScriptsAsFiles() {
    m_site->write("in/.htpasswd", passwordLine("ana", "mydomain.com", "secret"));
    shell("in/a.cgi", "echo >ran\n" + kHello);
    QVERIFY(QFile::link(m_site->path("in/a.cgi"), m_site->path("link.cgi")));
    for (const char *target : {"/in/a.cgi", "/in/a.cgi/more", "/in/a.cgi/", "/link.cgi", "/link.cgi/more"}) {
        QCOMPARE(asked(get(target)).status, 401);
        QCOMPARE(asked(post(target, "body")).status, 401);
        QCOMPARE(asked(post(target, "body", {}, "PUT")).status, 401);
        QCOMPARE(
            asked("POST " + QByteArray(target) + " HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").status,
            401);
    }
    QVERIFY(!QFile::exists(m_site->path("in/ran")));
}

void TestScriptEndings::hidesWhatIsHidden() {
    m_server->set("hide_files_patterns", "hidden.cgi");
    shell("hidden.cgi", kHello);
    shell("dir/hidden.cgi", kHello);
    QVERIFY(QFile::link(m_site->path("hidden.cgi"), m_site->path("link.cgi")));
    for (const char *target : {"/hidden.cgi", "/hidden.cgi/more", "/dir/hidden.cgi", "/link.cgi"}) {
        QCOMPARE(asked(get(target)).status, 404);
        // As for what is not there.
        QVERIFY(asked(post(target, "body")).status >= 404);
    }
}

void TestScriptEndings::refusesAChunkedBodyThatIsTooLong() {
    m_server->set("max_request_body_bytes", "1000");
    shell("a.cgi", "echo >ran\n" + kHello);
    const QByteArray head = "POST /a.cgi HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    QCOMPARE(asked(head + inChunks(QByteArray(1001, 'x'), 500)).status, 413);
    QVERIFY(!QFile::exists(m_site->path("ran")));
    QCOMPARE(asked(head + inChunks(QByteArray(1000, 'x'), 500)).status, 200);
    QCOMPARE(asked(post("/a.cgi", QByteArray(5000, 'x'))).status, 200);
    TestServer server([](mg_connection *, mg_event event) -> int { return event == MG_AUTH; });
    serve(server);
    server.set("max_request_body_bytes", "1000");
    QCOMPARE(ask(server, head + inChunks(QByteArray(1001, 'x'), 500)).status, 413);
    QCOMPARE(ask(server, head + inChunks(QByteArray(1000, 'x'), 500)).status, 200);
    mg_set_event_mask(server.get(), MG_ALL_EVENTS & ~MG_EVENT_BIT(MG_REQUEST));
    QCOMPARE(ask(server, head + inChunks(QByteArray(1001, 'x'), 500)).status, 413);
    QCOMPARE(ask(server, head + inChunks(QByteArray(1000, 'x'), 500)).status, 200);
}

void TestScriptEndings::refusesABrokenBody() {
    shell("a.cgi", "echo >ran\n" + kHello);
    QCOMPARE(asked("POST /a.cgi HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234567").status, 400);
    QVERIFY(!QFile::exists(m_site->path("ran")));
    shell("echo.cgi", "echo $$ >pid\n" + kText + "exec cat");
    {
        ScriptedPeer peer(*m_server);
        peer.send("POST /echo.cgi HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n" + QByteArray(100'000, 'x')).readSome();
    }
    const qint64 process = written("pid").toLongLong();
    QVERIFY(m_server->pollUntil([&] { return !isThere(process); }));
}

void TestScriptEndings::writesALineOfTheLog() {
    m_server->set("access_log_file", m_site->path("log").toUtf8());
    shell("a.cgi", kHello);
    shell("long.cgi", kText + "echo begun; exec sleep 1000");
    QCOMPARE(asked(post("/a.cgi?b", "body")).status, 200);
    ScriptedPeer peer(*m_server);
    peer.send(get("/long.cgi")).readSome();
    peer.close();
    const auto log = [&] {
        QFile file(m_site->path("log"));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    QVERIFY(m_server->pollUntil(
        [&] { return log().contains("\"POST /a.cgi?b HTTP/1.1\" 200 ") && log().contains("\"GET /long.cgi HTTP/1.1\" 200 "); }));
}

// Later than the request was declined, and with its address all the same.
void TestScriptEndings::tellsTheHandlerOfARefusal() {
    QByteArrayList told;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event != MG_HTTP_ERROR) return event == MG_AUTH;
        told += QByteArray::number(connection->status_code) + " " + connection->uri;
        if (connection->status_code != 504) return MG_FALSE;
        mg_send_data(connection, "mine", 4);
        return MG_TRUE;
    });
    serve(server);
    server.set("cgi_timeout_ms", "100");
    shell("bad.cgi", "echo bad");
    shell("slow.cgi", "exec sleep 1000");
    QCOMPARE(ask(server, get("/bad.cgi/x")).status, 502);
    const Answer own = ask(server, post("/slow.cgi", "body"));
    QCOMPARE(own.body, QByteArray("mine"));
    QCOMPARE(told, (QByteArrayList{"502 /bad.cgi/x", "504 /slow.cgi"}));
}

void TestScriptEndings::tellsTheObserver() {
    QByteArrayList seen;
    const mg_observer observer{[](void *list, const mg_observation *what) {
                                   if (what->kind != MG_OBSERVED_REQUEST) return;
                                   *static_cast<QByteArrayList *>(list) += QByteArray(what->method) + " " + what->target + " " +
                                                                           QByteArray::number(what->status) +
                                                                           (what->is_complete ? " whole" : " cut");
                               },
                               &seen};
    mg_set_observer(m_server->get(), &observer);
    shell("a.cgi", kHello);
    shell("long.cgi", "printf 'Status: 202\\nContent-Type: a/b\\n\\n'; echo; exec sleep 1000");
    QCOMPARE(asked(post("/a.cgi?b", "body")).status, 200);
    ScriptedPeer peer(*m_server);
    peer.send(get("/long.cgi")).readSome();
    int status = 0;
    mg_visit_connections(
        m_server->get(),
        [](const mg_connection_info *info, void *place) {
            if (info->state == MG_STATE_HANDLING) *static_cast<int *>(place) = info->status;
        },
        &status);
    QCOMPARE(status, 202);
    peer.close();
    QVERIFY(m_server->pollUntil([&] { return seen.size() == 2; }));
    QCOMPARE(seen, (QByteArrayList{"POST /a.cgi?b 200 whole", "GET /long.cgi 202 cut"}));
}

QTEST_GUILESS_MAIN(TestScriptEndings)
#include "tst_script_endings_posix.moc"
