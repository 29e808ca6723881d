// Station: tests of mongoose.h: what the API's page says of connections that the program opens. Each slot quotes its sentence; which sentence another test
// proves is listed in tests/contract/sentences.txt.
#include "support/scripted_peer.h"

#include <QTest>

using namespace meerkat::test;

namespace {

int answer(mg_connection *connection, mg_event event) {
    if (event == MG_REQUEST) mg_printf_data(connection, "%s", connection->uri);
    return event == MG_AUTH || event == MG_REQUEST ? MG_TRUE : MG_FALSE;
}

int ask(mg_connection *connection, const char *uri) { return mg_printf(connection, "GET %s HTTP/1.1\r\nHost: h\r\n\r\n", uri); }

}  // namespace

class TestContractClient : public QObject {
    Q_OBJECT

  private slots:
    void connectIsSentToTheConnectionThatWasInitiated();
    void statusIsZeroForSuccess();
    void trueMeansThatARequestWasSent();
    void falseClosesWhereNothingWasSent();
    void anotherRequestReturnsTrue();
    void replysFalseClosesTheConnection();
    void closeComesAsForTheAcceptedConnection();
    void returnsAConnectionThatHasBeenScheduled();
};

// "This event is sent to the connection initiated by `mg_connect()` call." "Create connection to the remote host."
void TestContractClient::connectIsSentToTheConnectionThatWasInitiated() {
    QList<mg_connection *> connected, opened;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_CONNECT) connected.append(connection);
        return event == MG_CONNECT ? MG_FALSE : answer(connection, event);
    });
    for (int i = 0; i < 3; ++i) opened.append(mg_connect(server.get(), "127.0.0.1", server.port(), 0));
    QVERIFY(server.pollUntil([&] { return connected.size() == 3; }));
    std::sort(connected.begin(), connected.end());
    std::sort(opened.begin(), opened.end());
    QCOMPARE(connected, opened);
}

// "Connection status is held in `mg_connection::status_code`: if zero, then connection was successful, otherwise connection was not established."
void TestContractClient::statusIsZeroForSuccess() {
    TestServer holder;
    const int deaf = holder.port();
    holder.set("listening_port", "");
    QMap<mg_connection *, QByteArray> outcome;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_CONNECT) outcome[connection] = connection->status_code == 0 ? "made" : "not made";
        return answer(connection, event);
    });
    mg_connection *good = mg_connect(server.get(), "127.0.0.1", server.port(), 0);
    mg_connection *bad = mg_connect(server.get(), "127.0.0.1", deaf, 0);
    QVERIFY(server.pollUntil([&] { return outcome.size() == 2; }));
    QCOMPARE(outcome[good], QByteArray("made"));
    QCOMPARE(outcome[bad], QByteArray("not made"));
}

// "User should send a request upon successful connection." "Event handler should return `MG_TRUE` if connection was successful and HTTP request
// has been sent."
void TestContractClient::trueMeansThatARequestWasSent() {
    QByteArray body;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_CONNECT) return ask(connection, "/page"), MG_TRUE;
        if (event == MG_REPLY) body = QByteArray(connection->content, qsizetype(connection->content_len));
        return answer(connection, event);
    });
    QVERIFY(mg_connect(server.get(), "127.0.0.1", server.port(), 0));
    QVERIFY(server.pollUntil([&] { return !body.isEmpty(); }));
    QCOMPARE(body, QByteArray("/page"));
}

// "Otherwise, it should send `MG_FALSE`."
void TestContractClient::falseClosesWhereNothingWasSent() {
    QList<int> events;
    mg_connection *opened = nullptr;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (connection == opened && event != MG_POLL) events.append(event);
        return connection == opened ? int{MG_FALSE} : answer(connection, event);
    });
    opened = mg_connect(server.get(), "127.0.0.1", server.port(), 0);
    QVERIFY(server.pollUntil([&] { return events.size() == 2; }));
    QCOMPARE(events, (QList<int>{MG_CONNECT, MG_CLOSE}));
    QVERIFY(server.pollUntil([&] { return server.poll() == 0; }));
}

// "`MG_REPLY` is sent when response has been received from the remote host." "If event handler sends another request, then it should return
// `MG_TRUE`."
void TestContractClient::anotherRequestReturnsTrue() {
    QByteArrayList replies;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_CONNECT) return ask(connection, "/1"), MG_TRUE;
        if (event != MG_REPLY) return answer(connection, event);
        replies.append(QByteArray(connection->content, qsizetype(connection->content_len)));
        if (replies.size() == 1) return ask(connection, "/2"), ask(connection, "/3"), MG_TRUE;
        return replies.size() < 3;
    });
    QVERIFY(mg_connect(server.get(), "127.0.0.1", server.port(), 0));
    QVERIFY(server.pollUntil([&] { return replies.size() == 3; }));
    QCOMPARE(replies, (QByteArrayList{"/1", "/2", "/3"}));
    QCOMPARE(server.counters().connections_accepted, 1ull);
}

// "Otherwise it should return `MG_FALSE` and Mongoose will close the connection."
void TestContractClient::replysFalseClosesTheConnection() {
    QList<int> events;
    mg_connection *opened = nullptr;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (connection == opened && event != MG_POLL) events.append(event);
        if (event == MG_CONNECT) return ask(connection, "/"), MG_TRUE;
        return event == MG_REPLY ? int{MG_FALSE} : answer(connection, event);
    });
    opened = mg_connect(server.get(), "127.0.0.1", server.port(), 0);
    QVERIFY(server.pollUntil([&] { return events.size() == 3; }));
    QCOMPARE(events, (QList<int>{MG_CONNECT, MG_REPLY, MG_CLOSE}));
    QVERIFY(server.pollUntil([&] { return server.poll() == 0; }));
}

// "`MG_CLOSE` same as for the accepted connection." So `connection_param` lives until then.
void TestContractClient::closeComesAsForTheAcceptedConnection() {
    int alive = 0;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_CLOSE && connection->connection_param) {
            delete static_cast<QByteArray *>(connection->connection_param);
            --alive;
        }
        if (event == MG_CONNECT)
            return ask(connection, static_cast<QByteArray *>(connection->connection_param)->constData()), MG_TRUE;
        return answer(connection, event);
    });
    const auto open = [&](int port) {
        mg_connection *opened = mg_connect(server.get(), "127.0.0.1", port, 0);
        opened->connection_param = new QByteArray("/kept");
        ++alive;
    };
    open(server.port());
    open(1);  // where nobody listens
    QVERIFY(server.pollUntil([&] { return alive == 0; }));
    open(server.port());
    mg_destroy_server(server.place());
    QCOMPARE(alive, 0);
}

// "Returns `NULL` on error, non-null if the connection has been scheduled for connection." "Upon a connection, Mongoose will send `MG_CONNECT` event
// to the event handler."
void TestContractClient::returnsAConnectionThatHasBeenScheduled() {
    bool isInside = false, wasTold = false, wasToldInside = false;
    TestServer server([&](mg_connection *, mg_event event) -> int {
        wasToldInside = wasToldInside || isInside;
        wasTold = wasTold || event == MG_CONNECT;
        return MG_FALSE;
    });
    QVERIFY(!mg_connect(server.get(), "127.0.0.1", 70'000, 0));
    // Also of what fails at once the program hears later, when it has the pointer.
    for (const char *host : {"127.0.0.1", "", "999.1.1.1", "[::1"}) {
        wasTold = false;
        isInside = true;
        QVERIFY(mg_connect(server.get(), host, server.port(), 0));
        isInside = false;
        QVERIFY(server.pollUntil([&] { return wasTold; }));
    }
    QVERIFY(!wasToldInside);
}

QTEST_GUILESS_MAIN(TestContractClient)
#include "tst_contract_client.moc"
