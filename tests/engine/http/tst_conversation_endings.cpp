// Station: tests of http_protocol over real sockets: clients that finish early, read slowly, write slowly, vanish, and batches of writes.
#include "support/scripted_peer.h"
#include "support/temporary_site.h"

#include <QTest>

using namespace meerkat::test;

namespace {

const QByteArray kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

TestServer::Handler sending(const QByteArray &body) {
    return [body](mg_connection *connection, mg_event event) -> int {
        if (event == MG_REQUEST) mg_send_data(connection, body.constData(), int(body.size()));
        return event == MG_AUTH || event == MG_REQUEST;
    };
}

}  // namespace

class TestConversationEndings : public QObject {
    Q_OBJECT

  private slots:
    void initTestCase() { m_site.write("large", QByteArray(30'000'000, 'x')); }
    void answersAClientThatHasFinishedSending_data();
    void answersAClientThatHasFinishedSending();
    void dropsAHalfRequestWhenItsSenderFinishes();
    void servesOthersWhileOneDoesNotRead();
    void producesNoMoreForAClientThatDoesNotRead();
    void takesAHeadThatComesByteByByte();
    void survivesAResetInTheMiddleOfADownload();
    void survivesAResetInTheMiddleOfAHandlersAnswer();
    void survivesAResetBeforeTheAnswer();

  private:
    TemporarySite m_site;
};

void TestConversationEndings::answersAClientThatHasFinishedSending_data() {
    QTest::addColumn<QByteArray>("target");
    QTest::newRow("a handler's answer") << QByteArray("/handled");
    QTest::newRow("a large file") << QByteArray("/large");
}

void TestConversationEndings::answersAClientThatHasFinishedSending() {
    QFETCH(QByteArray, target);
    TestServer server([](mg_connection *connection, mg_event event) -> int {
        const bool isOurs = event == MG_REQUEST && QByteArray(connection->uri) == "/handled";
        if (isOurs) mg_send_data(connection, QByteArray(30'000'000, 'y').constData(), 30'000'000);
        return event == MG_AUTH || isOurs;
    });
    server.set("document_root", m_site.path().toUtf8());
    ScriptedPeer peer(server);
    peer.sendUnseen("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    peer.halfClose();
    QCOMPARE(peer.readAnswer().body.size(), 30'000'000);
    QVERIFY(peer.waitUntilClosed());
}

void TestConversationEndings::dropsAHalfRequestWhenItsSenderFinishes() {
    TestServer server(sending("ok"));
    for (const QByteArray &half :
         {QByteArray("GET / HTTP/1.1\r\nHo"), QByteArray("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab")}) {
        ScriptedPeer peer(server);
        peer.send(kGet + half);
        peer.halfClose();
        QCOMPARE(peer.readAnswer().body, QByteArray("ok"));
        QCOMPARE(peer.readToEnd(), QByteArray());
        QVERIFY(peer.isClosed());
    }
}

void TestConversationEndings::servesOthersWhileOneDoesNotRead() {
    TestServer server(sending(QByteArray(10'000'000, 'x')));
    ScriptedPeer stuck(server, 4096);
    stuck.send(kGet);
    for (int i = 0; i < 3; ++i) QCOMPARE(ask(server, kGet).body.size(), 10'000'000);
    // It gets all of its answer once it reads.
    QCOMPARE(stuck.readAnswer().body.size(), 10'000'000);
}

void TestConversationEndings::producesNoMoreForAClientThatDoesNotRead() {
    int answered = 0;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_REQUEST) mg_send_data(connection, QByteArray(1'000'000, 'x').constData(), 1'000'000);
        answered += event == MG_REQUEST;
        return event == MG_AUTH || event == MG_REQUEST;
    });
    ScriptedPeer peer(server, 4096);
    peer.sendUnseen(kGet.repeated(200));
    for (int i = 0; i < 100; ++i) server.poll(1);
    // What the system's buffers hold, and one answer that waits.
    QVERIFY2(answered < 20, QByteArray::number(answered).constData());
    ScriptedPeer eager(server);
    eager.send(kGet + kGet);
    QCOMPARE(eager.readAnswer().body.size(), 1'000'000);
    QCOMPARE(eager.readAnswer().body.size(), 1'000'000);
}

void TestConversationEndings::takesAHeadThatComesByteByByte() {
    TestServer server(sending("ok"));
    ScriptedPeer peer(server);
    for (const char c : QByteArray("GET / HTTP/1.1\r\nHost: a\r\nX: ") + QByteArray(2000, 'x') + "\r\n\r\n") {
        QVERIFY(!peer.hasBytesWaiting());
        peer.send(QByteArray(1, c));
    }
    QCOMPARE(peer.readAnswer().body, QByteArray("ok"));
}

void TestConversationEndings::survivesAResetInTheMiddleOfADownload() {
    TestServer server;
    server.set("document_root", m_site.path().toUtf8());
    ScriptedPeer peer(server, 8192);
    peer.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n").read(1000);
    peer.reset();
    QVERIFY(server.pollUntil([&] { return server.counters().connections_open == 0; }));
    QVERIFY(server.counters().bytes_sent < 30'000'000);
}

void TestConversationEndings::survivesAResetInTheMiddleOfAHandlersAnswer() {
    TestServer server([](mg_connection *connection, mg_event event) -> int {
        if (event == MG_REQUEST) return MG_MORE;
        if (event == MG_POLL && connection->uri && mg_pending_bytes(connection) < 100'000)
            mg_send_data(connection, QByteArray(50'000, 'x').constData(), 50'000);
        return event == MG_AUTH;
    });
    ScriptedPeer peer(server, 8192);
    peer.send(kGet).read(1000);
    peer.reset();
    QVERIFY(server.pollUntil([&] { return server.counters().connections_open == 0; }));
}

void TestConversationEndings::survivesAResetBeforeTheAnswer() {
    TestServer server(sending("ok"));
    ScriptedPeer peer(server);
    peer.sendUnseen(kGet.repeated(100));
    peer.reset();
    QVERIFY(server.pollUntil([&] { return server.counters().connections_accepted == 1; }));
    QVERIFY(server.pollUntil([&] { return server.counters().connections_open == 0; }));
    QCOMPARE(ask(server, kGet).body, QByteArray("ok"));
}

QTEST_GUILESS_MAIN(TestConversationEndings)
#include "tst_conversation_endings.moc"
