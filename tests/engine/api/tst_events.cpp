// Station: tests of mongoose.h: which events a handler gets, in which order, and what it finds in the connection.
#include "support/scripted_peer.h"

#include <QSet>
#include <QTest>

using namespace meerkat::test;

namespace {

const QByteArray kGet = "GET /a?b=c HTTP/1.1\r\nHost: h\r\nX-Y: z\r\n\r\n";

const char *nameOf(mg_event event) {
    switch (event) {
    case MG_POLL:
        return "POLL";
    case MG_CONNECT:
        return "CONNECT";
    case MG_AUTH:
        return "AUTH";
    case MG_REQUEST:
        return "REQUEST";
    case MG_REPLY:
        return "REPLY";
    case MG_CLOSE:
        return "CLOSE";
    case MG_HTTP_ERROR:
        return "ERROR";
    }
    return "?";
}

// Writes down each event but repeated polls, and what answers it.
struct Log {
    QByteArrayList lines;
    QSet<mg_connection *> connections;

    TestServer::Handler handler(TestServer::Handler then = {}) {
        return [this, then](mg_connection *connection, mg_event event) {
            connections.insert(connection);
            QByteArray line = nameOf(event);
            if (event == MG_HTTP_ERROR) line += ' ' + QByteArray::number(connection->status_code);
            if (event != MG_POLL || lines.isEmpty() || lines.last() != "POLL") lines.append(line);
            if (then) return then(connection, event);
            return int{event == MG_AUTH ? MG_TRUE : MG_FALSE};
        };
    }
    QByteArray withoutPolls() const {
        QByteArrayList kept = lines;
        kept.removeAll("POLL");
        return kept.join(' ');
    }
};

int answer(mg_connection *connection, mg_event event) {
    if (event == MG_REQUEST) mg_send_data(connection, "ok", 2);
    return event == MG_AUTH || event == MG_REQUEST ? MG_TRUE : MG_FALSE;
}

}  // namespace

class TestEvents : public QObject {
    Q_OBJECT

  private slots:
    void givesAuthRequestAndCloseOnce();
    void givesAnErrorWhereTheEngineAnswersWithOne();
    void givesAuthOnceForARequestWithABody();
    void pollsTheAnswerThatGoesOnUntilItIsTrue();
    void takesFalseBehindSomethingSentForMore();
    void keepsThePointerForAllRequestsOfAConnection();
    void showsTheRequestInItsEventOnly();
    void showsNoRequestWhileItsBodyIsAwaited();
    void keepsTheRequestWhileItsAnswerGoesOn();
    void letsTheHandlerWriteBehindTheBody();
    void givesEventsOfTheMaskOnly_data();
    void givesEventsOfTheMaskOnly();
    void asksForAPasswordWhenNotAuthorised();
    void asksForAPasswordBeforeTheBody();
    void letsTheHandlerAnswerAnError();
    void sendsItsOwnPageWhenTheHandlerOnlyBeganOne();
    void closesForATruePoll();
    void letsADownloadFinishForATruePoll();
    void tellsTheErrorOfARequestThatCannotBeRead();
    void givesCloseWhenTheServerIsDestroyed();
    void givesCloseWhenTheClientLeavesInTheMiddle();
    void endsAnswersWhenTheHandlerIsTakenAway();
    void letsTheHandlerTakeItselfAway();
};

void TestEvents::givesAuthRequestAndCloseOnce() {
    Log log;
    TestServer server(log.handler(answer));
    ScriptedPeer peer(server);
    QCOMPARE(peer.send(kGet).readAnswer().body, QByteArray("ok"));
    peer.close();
    QVERIFY(server.pollUntil([&] { return log.lines.contains("CLOSE"); }));
    server.poll();
    QCOMPARE(log.withoutPolls(), QByteArray("AUTH REQUEST CLOSE"));
    QCOMPARE(log.lines.last(), QByteArray("CLOSE"));
}

void TestEvents::givesAnErrorWhereTheEngineAnswersWithOne() {
    Log log;
    TestServer server(log.handler());
    QCOMPARE(ask(server, kGet).status, 404);
    QVERIFY(server.pollUntil([&] { return log.lines.contains("CLOSE"); }));
    QCOMPARE(log.withoutPolls(), QByteArray("AUTH REQUEST ERROR 404 CLOSE"));
}

void TestEvents::givesAuthOnceForARequestWithABody() {
    Log log;
    TestServer server(log.handler(answer));
    ScriptedPeer peer(server);
    peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n").readUntilQuiet();
    QCOMPARE(log.withoutPolls(), QByteArray("AUTH"));
    QCOMPARE(peer.send("ab" + kGet).readAnswer().body, QByteArray("ok"));
    QCOMPARE(peer.readAnswer().body, QByteArray("ok"));
    QCOMPARE(log.withoutPolls(), QByteArray("AUTH REQUEST AUTH REQUEST"));
}

void TestEvents::pollsTheAnswerThatGoesOnUntilItIsTrue() {
    Log log;
    int polls = 0;
    TestServer server(log.handler([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_AUTH) return MG_TRUE;
        if (event == MG_REQUEST) return MG_MORE;
        if (event != MG_POLL || !connection->uri) return MG_FALSE;
        mg_printf_data(connection, "%d,", ++polls);
        return polls < 5 ? MG_FALSE : MG_TRUE;
    }));
    ScriptedPeer peer(server);
    const Answer got = peer.send(kGet).readAnswer();
    QCOMPARE(got.body, QByteArray("1,2,3,4,5,"));
    QCOMPARE(got.field("Transfer-Encoding"), QByteArray("chunked"));
    QCOMPARE(got.field("Connection"), QByteArray("close"));  // told before a client sends more
    QVERIFY(peer.waitUntilClosed());
    QVERIFY(server.pollUntil([&] { return log.lines.contains("CLOSE"); }));
    QCOMPARE(log.withoutPolls(), QByteArray("AUTH REQUEST CLOSE"));
}

void TestEvents::takesFalseBehindSomethingSentForMore() {
    int calls = 0;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_AUTH) return MG_TRUE;
        if (event == MG_REQUEST) return mg_send_data(connection, "first ", 6), MG_FALSE;
        if (event != MG_POLL || !connection->uri) return MG_FALSE;
        return mg_send_data(connection, "then", 4), ++calls == 1 ? MG_TRUE : MG_FALSE;
    });
    QCOMPARE(ask(server, kGet).body, QByteArray("first then"));
    QCOMPARE(calls, 1);
}

void TestEvents::keepsThePointerForAllRequestsOfAConnection() {
    Log log;
    TestServer server(log.handler(answer));
    ScriptedPeer peer(server);
    for (int i = 0; i < 3; ++i) QCOMPARE(peer.send(kGet).readAnswer().status, 200);
    peer.close();
    QVERIFY(server.pollUntil([&] { return log.lines.contains("CLOSE"); }));
    QCOMPARE(log.connections.size(), 1);
    QCOMPARE(log.lines.count("CLOSE"), 1);
}

void TestEvents::showsTheRequestInItsEventOnly() {
    QByteArrayList problems;
    quint16 clientPort = 0, seenPort = 0;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        const auto expect = [&](bool holds, const char *what) {
            if (!holds) problems.append(QByteArray(nameOf(event)) + ": " + what);
        };
        if (event == MG_POLL) {
            expect(!connection->uri && !connection->request_method && !connection->query_string, "texts are NULL");
            expect(!connection->http_headers && connection->num_headers == 0 && !connection->content, "fields are NULL");
            return MG_FALSE;
        }
        if (event == MG_CLOSE) return MG_FALSE;
        seenPort = connection->remote_port;
        expect(QByteArray(connection->request_method) == "GET", "method");
        expect(QByteArray(connection->uri) == "/a", "uri");
        expect(QByteArray(connection->query_string) == "b=c", "query");
        expect(QByteArray(connection->http_version) == "1.1", "version");
        expect(QByteArray(connection->remote_ip) == "127.0.0.1", "remote ip");
        expect(QByteArray(connection->local_ip) == "127.0.0.1", "local ip");
        expect(connection->num_headers == 2 && QByteArray(connection->http_headers[1].name) == "X-Y", "headers");
        expect(QByteArray(mg_get_header(connection, "x-y")) == "z", "header in any case");
        expect(!mg_get_header(connection, "none"), "absent header");
        expect(connection->content && connection->content_len == 0 && !connection->is_websocket, "content");
        return answer(connection, event);
    });
    ScriptedPeer peer(server);
    clientPort = peer.port();
    QCOMPARE(peer.send(kGet).readAnswer().status, 200);
    peer.readUntilQuiet();
    QCOMPARE(problems.join('\n'), QByteArray());
    QCOMPARE(seenPort, clientPort);
}

void TestEvents::showsNoRequestWhileItsBodyIsAwaited() {
    bool isShown = false;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_POLL) isShown = isShown || connection->uri || connection->content;
        return answer(connection, event);
    });
    ScriptedPeer peer(server);
    peer.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\na").readUntilQuiet();
    QVERIFY(!isShown);
    QCOMPARE(peer.send("b").readAnswer().status, 200);
}

void TestEvents::keepsTheRequestWhileItsAnswerGoesOn() {
    QByteArray seen;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_AUTH) return MG_TRUE;
        if (event == MG_REQUEST) return MG_MORE;
        if (event != MG_POLL || !connection->uri) return MG_FALSE;
        seen = QByteArray(connection->uri) + mg_get_header(connection, "Host") + QByteArray(connection->content);
        return MG_TRUE;
    });
    QCOMPARE(ask(server, "POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody").status, 200);
    QCOMPARE(seen, QByteArray("/phbody"));
}

void TestEvents::letsTheHandlerWriteBehindTheBody() {
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_REQUEST) connection->content[connection->content_len] = '\0';
        return answer(connection, event);
    });
    QCOMPARE(ask(server, kGet).status, 200);
    QCOMPARE(ask(server, "POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody").status, 200);
}

void TestEvents::givesEventsOfTheMaskOnly_data() {
    QTest::addColumn<unsigned>("without");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("without MG_AUTH") << MG_EVENT_BIT(MG_AUTH) << QByteArray("REQUEST ERROR 404 CLOSE");
    QTest::newRow("without MG_REQUEST") << MG_EVENT_BIT(MG_REQUEST) << QByteArray("AUTH ERROR 404 CLOSE");
    QTest::newRow("without MG_HTTP_ERROR") << MG_EVENT_BIT(MG_HTTP_ERROR) << QByteArray("AUTH REQUEST CLOSE");
    QTest::newRow("without MG_CLOSE") << MG_EVENT_BIT(MG_CLOSE) << QByteArray("AUTH REQUEST ERROR 404");
}

void TestEvents::givesEventsOfTheMaskOnly() {
    QFETCH(unsigned, without);
    QFETCH(QByteArray, expected);
    Log log;
    TestServer server(log.handler());
    mg_set_event_mask(server.get(), MG_ALL_EVENTS & ~(without | MG_EVENT_BIT(MG_POLL)));
    ask(server, kGet);
    QVERIFY(server.pollUntil([&] { return server.counters().connections_open == 0; }));
    QCOMPARE(log.lines.join(' '), expected);
}

void TestEvents::asksForAPasswordWhenNotAuthorised() {
    Log log;
    TestServer server(log.handler([](mg_connection *, mg_event) -> int { return MG_FALSE; }));
    server.set("auth_domain", "the \"realm\"");
    const Answer got = ask(server, kGet);
    QCOMPARE(got.status, 401);
    const QByteArray challenge = got.field("WWW-Authenticate");
    QVERIFY2(challenge.startsWith("Digest realm=\"the \\\"realm\\\"\""), challenge.constData());
    QVERIFY2(challenge.contains("qop=\"auth\"") && challenge.contains("nonce=\""), challenge.constData());
    QCOMPARE(log.withoutPolls().left(14), QByteArray("AUTH ERROR 401"));
}

void TestEvents::asksForAPasswordBeforeTheBody() {
    TestServer server([](mg_connection *, mg_event) -> int { return MG_FALSE; });
    ScriptedPeer peer(server);
    QCOMPARE(peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n").readAnswer().status, 401);
    // What follows is the unread body and no request.
    QCOMPARE(peer.send(kGet).readUntilQuiet(), QByteArray());
}

void TestEvents::letsTheHandlerAnswerAnError() {
    TestServer server([](mg_connection *connection, mg_event event) -> int {
        if (event != MG_HTTP_ERROR) return event == MG_AUTH ? MG_TRUE : MG_FALSE;
        mg_send_status(connection, connection->status_code);
        mg_send_header(connection, "X-Mine", "yes");
        mg_printf_data(connection, "my %d", connection->status_code);
        return MG_TRUE;
    });
    ScriptedPeer peer(server);
    const Answer got = peer.send(kGet).readAnswer();
    QCOMPARE(got.status, 404);
    QCOMPARE(got.field("X-Mine"), QByteArray("yes"));
    QCOMPARE(got.body, QByteArray("my 404"));
    QCOMPARE(peer.send(kGet).readAnswer().body, QByteArray("my 404"));
    const Answer bad = ask(server, "GET / HTTP/1.1\r\n\r\n");
    QCOMPARE(bad.body, QByteArray("my 400"));
    QCOMPARE(bad.field("Connection"), QByteArray("close"));
}

void TestEvents::sendsItsOwnPageWhenTheHandlerOnlyBeganOne() {
    TestServer server([](mg_connection *connection, mg_event event) -> int {
        if (event == MG_HTTP_ERROR) mg_printf_data(connection, "half");
        return event == MG_AUTH ? MG_TRUE : MG_FALSE;
    });
    ScriptedPeer peer(server);
    const Answer got = peer.send(kGet).readAnswer();
    QCOMPARE(got.status, 404);
    QVERIFY(!got.body.contains("half"));
    QCOMPARE(peer.send(kGet).readAnswer().status, 404);
}

void TestEvents::closesForATruePoll() {
    TestServer server([](mg_connection *, mg_event event) -> int { return event == MG_POLL ? MG_TRUE : MG_FALSE; });
    ScriptedPeer peer(server);
    QVERIFY(peer.waitUntilClosed());
}

void TestEvents::letsADownloadFinishForATruePoll() {
    const QByteArray large(8'000'000, 'x');
    bool isCut = false, isAsked = false;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_AUTH) return MG_TRUE;
        isAsked = isAsked || event == MG_REQUEST;
        if (event == MG_REQUEST) return mg_send_data(connection, large.constData(), int(large.size())), MG_TRUE;
        return event == MG_POLL && isAsked ? MG_TRUE : MG_FALSE;
    });
    const mg_observer observer{[](void *cut, const mg_observation *seen) {
                                   if (seen->kind == MG_OBSERVED_REQUEST) *static_cast<bool *>(cut) = !seen->is_complete;
                               },
                               &isCut};
    mg_set_observer(server.get(), &observer);
    QCOMPARE(ask(server, kGet).body.size(), large.size());
    QVERIFY(server.pollUntil([&] { return server.counters().connections_open == 0; }));
    QVERIFY(!isCut);
}

void TestEvents::tellsTheErrorOfARequestThatCannotBeRead() {
    bool hasNoFields = false;
    Log log;
    TestServer server(log.handler([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_HTTP_ERROR) hasNoFields = !connection->uri && connection->num_headers == 0;
        return MG_FALSE;
    }));
    QCOMPARE(ask(server, "nonsense\r\n\r\n").status, 400);
    QVERIFY(server.pollUntil([&] { return log.lines.contains("CLOSE"); }));
    QCOMPARE(log.withoutPolls(), QByteArray("ERROR 400 CLOSE"));
    QVERIFY(hasNoFields);
}

void TestEvents::givesCloseWhenTheServerIsDestroyed() {
    Log log;
    TestServer server(log.handler(answer));
    ScriptedPeer one(server), two(server);
    one.send(kGet).readAnswer();
    two.send(kGet).readAnswer();
    mg_destroy_server(server.place());
    QVERIFY(!server.get());
    QCOMPARE(log.lines.count("CLOSE"), 2);
}

void TestEvents::givesCloseWhenTheClientLeavesInTheMiddle() {
    Log log;
    TestServer server(log.handler([](mg_connection *, mg_event event) -> int {
        return event == MG_AUTH ? MG_TRUE : event == MG_REQUEST ? MG_MORE : MG_FALSE;
    }));
    ScriptedPeer peer(server);
    peer.send(kGet).readUntilQuiet();
    peer.close();
    QVERIFY(server.pollUntil([&] { return log.lines.contains("CLOSE"); }));
    QCOMPARE(log.withoutPolls(), QByteArray("AUTH REQUEST CLOSE"));
}

void TestEvents::endsAnswersWhenTheHandlerIsTakenAway() {
    TestServer server([](mg_connection *, mg_event event) -> int {
        return event == MG_AUTH ? MG_TRUE : event == MG_REQUEST ? MG_MORE : MG_FALSE;
    });
    ScriptedPeer peer(server);
    peer.send(kGet).readUntilQuiet();
    mg_set_event_handler(server.get(), nullptr);
    QVERIFY(peer.waitUntilClosed());
}

void TestEvents::letsTheHandlerTakeItselfAway() {
    for (const mg_event at : {MG_POLL, MG_AUTH, MG_REQUEST, MG_HTTP_ERROR, MG_CLOSE}) {
        mg_server *handle = nullptr;
        TestServer server([&](mg_connection *, mg_event event) -> int {
            if (event == at) mg_set_event_handler(handle, nullptr);
            return event == MG_AUTH ? MG_TRUE : MG_FALSE;
        });
        handle = server.get();
        ScriptedPeer idle(server), other(server);
        QCOMPARE(ask(server, kGet).status, 404);
        QVERIFY(server.pollUntil([&] { return server.counters().connections_open == 2; }));
    }
}

QTEST_GUILESS_MAIN(TestEvents)
#include "tst_events.moc"
