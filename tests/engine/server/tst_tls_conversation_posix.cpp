// Station: tests of a server that speaks TLS, with a client that says each byte.
#include "support/certificates.h"
#include "support/temporary_site.h"
#include "support/tls_peer.h"

#include <QCryptographicHash>
#include <QDeadlineTimer>
#include <QTest>

#include <openssl/err.h>

using namespace meerkat::test;

namespace {

const QByteArray kGet = "GET /a.txt HTTP/1.1\r\nHost: x\r\n\r\n";
const QByteArray kLastGet = "GET /a.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

QByteArray nthByte(qsizetype bytes) {
    QByteArray content(bytes, '\0');
    for (qsizetype i = 0; i < bytes; ++i) content[i] = static_cast<char>(i * 2654435761u >> 13);
    return content;
}

}  // namespace

class TestTlsConversation : public QObject {
    Q_OBJECT

  private slots:
    void initTestCase();
    void init();
    void answersARequest_data();
    void answersARequest();
    void takesAHandshakeByteByByte();
    void takesARequestByteByByte();
    void takesARequestThatComesWithTheHandshake();
    void answersASmallFileInOneRecord();
    void answersManyPipelinedRequests();
    void sendsALargeFileIntact_data();
    void sendsALargeFileIntact();
    void sendsALargeFileToASlowReader();
    void takesALargeBody();
    void streamsWhatAHandlerMakes();
    void saysThatTheAnswerIsTheWholeOne();
    void doesNotSayThatACutAnswerIsTheWholeOne();
    void answersWhoHasSaidThatNothingMoreComes();
    void closesWhenTheClientSaysTheEnd();
    void followsAKeyUpdate();
    void choosesHttp11();
    void sendsNothingToAProgramsClientBeforeTheHandshake();
    void refuses_data();
    void refuses();
    void refusesARenegotiation();
    void refusesADamagedRecord();
    void refusesARecordThatIsTooLong();
    void closesAHandshakeThatDawdles();
    void boundsWhatAPeerThatDoesNotReadCanMakeItKeep();

  private:
    TemporarySite m_site;
    std::unique_ptr<TestServer> m_server;
};

void TestTlsConversation::initTestCase() {
    m_site.write("both.pem", newIdentity());
    m_site.write("root/a.txt", "hello");
    m_site.write("root/large", nthByte(3'000'017));
}

void TestTlsConversation::init() {
    m_server = std::make_unique<TestServer>();
    m_server->set("document_root", m_site.path("root").toUtf8());
    m_server->set("ssl_certificate", m_site.path("both.pem").toUtf8());
}

void TestTlsConversation::answersARequest_data() {
    QTest::addColumn<int>("version");
    QTest::addColumn<QByteArray>("ciphers");
    QTest::newRow("TLS 1.3") << int{TLS1_3_VERSION} << QByteArray();
    QTest::newRow("TLS 1.2, AES-128") << int{TLS1_2_VERSION} << QByteArray("ECDHE-ECDSA-AES128-GCM-SHA256");
    QTest::newRow("TLS 1.2, AES-256") << int{TLS1_2_VERSION} << QByteArray("ECDHE-ECDSA-AES256-GCM-SHA384");
    QTest::newRow("TLS 1.2, ChaCha20") << int{TLS1_2_VERSION} << QByteArray("ECDHE-ECDSA-CHACHA20-POLY1305");
}

void TestTlsConversation::answersARequest() {
    QFETCH(int, version);
    QFETCH(QByteArray, ciphers);
    TlsClient client{.lowest = version, .highest = version};
    if (!ciphers.isEmpty()) client.ciphers12 = ciphers.constData();
    TlsPeer peer(*m_server, client);
    QVERIFY(peer.shakeHands());
    QCOMPARE(SSL_version(peer.ssl()), version);
    for (int i = 0; i < 3; ++i) QCOMPARE(peer.send(kGet).readAnswer().body, QByteArray("hello"));
}

void TestTlsConversation::takesAHandshakeByteByByte() {
    TlsPeer peer(*m_server);
    int result = 0;
    while ((result = SSL_do_handshake(peer.ssl())) != 1) {
        const QByteArray flight = peer.takeOutput();
        for (const char byte : flight) peer.wire().send(QByteArray(1, byte));
        peer.receive();
        QVERIFY(!peer.wire().isClosed());
    }
    for (const char byte : peer.takeOutput()) peer.wire().send(QByteArray(1, byte));
    QCOMPARE(peer.send(kGet).readAnswer().body, QByteArray("hello"));
}

void TestTlsConversation::takesARequestByteByByte() {
    TlsPeer peer(*m_server);
    QVERIFY(peer.shakeHands());
    QByteArray records = peer.sealed(kGet + kGet.left(10));
    records += peer.sealed(kGet.mid(10));
    for (const char byte : records) peer.wire().send(QByteArray(1, byte));
    QCOMPARE(peer.readAnswer().body, QByteArray("hello"));
    QCOMPARE(peer.readAnswer().body, QByteArray("hello"));
}

void TestTlsConversation::takesARequestThatComesWithTheHandshake() {
    TlsPeer peer(*m_server);
    SSL_do_handshake(peer.ssl());
    peer.wire().send(peer.takeOutput());
    while (SSL_do_handshake(peer.ssl()) != 1) peer.receive();
    const QByteArray finished = peer.takeOutput();
    peer.wire().send(finished + peer.sealed(kGet));
    QCOMPARE(peer.readAnswer().body, QByteArray("hello"));
}

// Head and body in one record: what a record costs beyond its bytes is there once.
void TestTlsConversation::answersASmallFileInOneRecord() {
    TlsPeer peer(*m_server);
    QVERIFY(peer.shakeHands());
    // A file that was changed in the last two seconds is not kept ready yet: it comes in a record of its own.
    QDeadlineTimer deadline(10000);
    bool isOneRecord = false;
    while (!isOneRecord && !deadline.hasExpired()) {
        peer.wire().send(peer.sealed(kGet));
        const QByteArray came = peer.wire().readUntilQuiet();
        const int length = static_cast<unsigned char>(came[3]) << 8 | static_cast<unsigned char>(came[4]);
        isOneRecord = came.size() == qsizetype{length + 5};
    }
    QVERIFY(isOneRecord);
}

void TestTlsConversation::answersManyPipelinedRequests() {
    TlsPeer peer(*m_server);
    QVERIFY(peer.shakeHands());
    constexpr int kRequests = 2000;
    peer.send(kGet.repeated(kRequests - 1) + kLastGet);
    QCOMPARE(peer.readToEnd().count("\r\n\r\nhello"), qsizetype{kRequests});
    QVERIFY(peer.wasToldTheEnd());
}

void TestTlsConversation::sendsALargeFileIntact_data() {
    QTest::addColumn<int>("version");
    QTest::addColumn<QByteArray>("range");
    QTest::addColumn<int>("from");
    QTest::addColumn<int>("size");
    QTest::newRow("TLS 1.3") << int{TLS1_3_VERSION} << QByteArray() << 0 << 3'000'017;
    QTest::newRow("TLS 1.2") << int{TLS1_2_VERSION} << QByteArray() << 0 << 3'000'017;
    QTest::newRow("a part of it") << int{TLS1_3_VERSION} << QByteArray("Range: bytes=70001-2000000\r\n") << 70001 << 1'930'000;
}

void TestTlsConversation::sendsALargeFileIntact() {
    QFETCH(int, version);
    QFETCH(QByteArray, range);
    QFETCH(int, from);
    QFETCH(int, size);
    TlsPeer peer(*m_server, {.lowest = version, .highest = version});
    QVERIFY(peer.shakeHands());
    peer.send("GET /large HTTP/1.1\r\nHost: x\r\n" + range + "\r\n" + kLastGet);
    const Answer large = peer.readAnswer();
    QVERIFY(large.body == nthByte(3'000'017).mid(from, size));
    QCOMPARE(peer.readAnswer().body, QByteArray("hello"));
}

// What its socket does not take is encrypted already, and waits.
void TestTlsConversation::sendsALargeFileToASlowReader() {
    m_site.write("root/larger", nthByte(12'000'000));
    TlsPeer peer(*m_server, {.receiveBuffer = 4096});
    QVERIFY(peer.shakeHands());
    peer.send("GET /larger HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    for (int i = 0; i < 50; ++i) m_server->poll(1);
    const Answer answer = peer.readAnswer();
    QVERIFY(answer.body == nthByte(12'000'000));
    QVERIFY(peer.readToEnd().isEmpty());
    QVERIFY(peer.wasToldTheEnd());
}

void TestTlsConversation::takesALargeBody() {
    QByteArray hash;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_AUTH) return MG_TRUE;
        if (event != MG_REQUEST) return MG_FALSE;
        hash = QCryptographicHash::hash(QByteArray(connection->content, qsizetype(connection->content_len)),
                                        QCryptographicHash::Sha256);
        mg_send_data(connection, "taken", 5);
        return MG_TRUE;
    });
    server.set("ssl_certificate", m_site.path("both.pem").toUtf8());
    const QByteArray body = nthByte(2'500'000);
    TlsPeer peer(server);
    QVERIFY(peer.shakeHands());
    peer.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2500000\r\nConnection: close\r\n\r\n" + body);
    QVERIFY(peer.readToEnd().contains("taken"));
    QCOMPARE(hash, QCryptographicHash::hash(body, QCryptographicHash::Sha256));
}

void TestTlsConversation::streamsWhatAHandlerMakes() {
    int pieces = 0;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event == MG_AUTH) return MG_TRUE;
        if (event == MG_REQUEST) return MG_MORE;
        if (event != MG_POLL || connection->uri == nullptr) return MG_FALSE;
        mg_printf_data(connection, "piece %d;", ++pieces);
        return pieces < 20 ? MG_FALSE : MG_TRUE;
    });
    server.set("ssl_certificate", m_site.path("both.pem").toUtf8());
    TlsPeer peer(server);
    QVERIFY(peer.shakeHands());
    peer.send(kLastGet);
    const QByteArray answer = peer.readToEnd();
    QVERIFY(answer.contains("piece 1;") && answer.contains("piece 20;") && answer.endsWith("0\r\n\r\n"));
}

void TestTlsConversation::saysThatTheAnswerIsTheWholeOne() {
    TlsPeer peer(*m_server);
    QVERIFY(peer.shakeHands());
    QVERIFY(peer.send(kLastGet).readToEnd().endsWith("hello"));
    QVERIFY(peer.wasToldTheEnd());
}

void TestTlsConversation::doesNotSayThatACutAnswerIsTheWholeOne() {
    m_site.write("root/cut", nthByte(12'000'000));
    TlsPeer peer(*m_server, {.receiveBuffer = 4096});
    QVERIFY(peer.shakeHands());
    peer.send("GET /cut HTTP/1.1\r\nHost: x\r\n\r\n");
    for (int i = 0; i < 20; ++i) m_server->poll(1);
    QCOMPARE(mg_close_connections(m_server->get(), 0), 1);
    QVERIFY(peer.readToEnd().size() < 12'000'000);
    QVERIFY(!peer.wasToldTheEnd());
}

// RFC 8446 section 6.1: a half that is closed leaves the other open. The words come in one segment, and nothing after them.
void TestTlsConversation::answersWhoHasSaidThatNothingMoreComes() {
    TlsPeer peer(*m_server);
    QVERIFY(peer.shakeHands());
    const QByteArray request = peer.sealed("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
    SSL_shutdown(peer.ssl());
    peer.wire().send(request + peer.takeOutput());
    QVERIFY(peer.readToEnd().endsWith(nthByte(3'000'017).right(1000)));
    QVERIFY(peer.wasToldTheEnd());
}

void TestTlsConversation::closesWhenTheClientSaysTheEnd() {
    TlsPeer peer(*m_server);
    QVERIFY(peer.shakeHands());
    SSL_shutdown(peer.ssl());
    peer.wire().send(peer.takeOutput());
    QVERIFY(peer.readToEnd().isEmpty());
    QVERIFY(peer.wasToldTheEnd());
    QVERIFY(m_server->pollUntil([&] { return m_server->counters().connections_open == 0; }));
}

void TestTlsConversation::followsAKeyUpdate() {
    TlsPeer peer(*m_server);
    QVERIFY(peer.shakeHands());
    for (int i = 0; i < 3; ++i) {
        QCOMPARE(SSL_key_update(peer.ssl(), SSL_KEY_UPDATE_REQUESTED), 1);
        QCOMPARE(peer.send(kGet).readAnswer().body, QByteArray("hello"));
    }
}

void TestTlsConversation::choosesHttp11() {
    TlsPeer peer(*m_server, {.alpn = QByteArray("\x02h2\x08http/1.1")});
    QVERIFY(peer.shakeHands());
    const unsigned char *chosen = nullptr;
    unsigned int bytes = 0;
    SSL_get0_alpn_selected(peer.ssl(), &chosen, &bytes);
    QCOMPARE(QByteArray(reinterpret_cast<const char *>(chosen), static_cast<int>(bytes)), QByteArray("http/1.1"));
}

// A program may write to any connection; what it writes waits for the handshake, and is encrypted.
void TestTlsConversation::sendsNothingToAProgramsClientBeforeTheHandshake() {
    bool isSent = false;
    TestServer server([&](mg_connection *connection, mg_event event) -> int {
        if (event != MG_POLL || isSent) return MG_FALSE;
        isSent = mg_write(connection, "secret words", 12) == 12;
        return MG_FALSE;
    });
    server.set("ssl_certificate", m_site.path("both.pem").toUtf8());
    TlsPeer peer(server);
    QVERIFY(server.pollUntil([&] { return isSent; }));
    QVERIFY(peer.wire().readUntilQuiet().isEmpty());
    QVERIFY(peer.shakeHands());
    QCOMPARE(peer.read(12), QByteArray("secret words"));
}

void TestTlsConversation::refuses_data() {
    QTest::addColumn<int>("version");
    QTest::addColumn<QByteArray>("ciphers");
    QTest::addColumn<QByteArray>("alpn");
    QTest::addColumn<int>("alert");
    QTest::newRow("TLS 1.1") << int{TLS1_1_VERSION} << QByteArray("ALL:@SECLEVEL=0") << QByteArray() << 70;
    QTest::newRow("TLS 1.0") << int{TLS1_VERSION} << QByteArray("ALL:@SECLEVEL=0") << QByteArray() << 70;
    QTest::newRow("RSA key exchange") << int{TLS1_2_VERSION} << QByteArray("AES128-GCM-SHA256:AES256-SHA") << QByteArray() << 40;
    QTest::newRow("a cipher without AEAD") << int{TLS1_2_VERSION} << QByteArray("ECDHE-ECDSA-AES128-SHA256") << QByteArray()
                                           << 40;
    QTest::newRow("other protocols alone") << int{TLS1_3_VERSION} << QByteArray() << QByteArray("\x02h2\x06spdy/1") << 120;
    QTest::newRow("other protocols alone, TLS 1.2") << int{TLS1_2_VERSION} << QByteArray() << QByteArray("\x02h2") << 120;
}

void TestTlsConversation::refuses() {
    QFETCH(int, version);
    QFETCH(QByteArray, ciphers);
    QFETCH(QByteArray, alpn);
    TlsClient client{.lowest = version, .highest = version, .alpn = alpn};
    if (!ciphers.isEmpty()) client.ciphers12 = ciphers.constData();
    TlsPeer peer(*m_server, client);
    QVERIFY(!peer.shakeHands());
    QTEST(peer.alert(), "alert");
    QVERIFY(peer.wire().waitUntilClosed());
}

void TestTlsConversation::refusesARenegotiation() {
    TlsPeer peer(*m_server, {.highest = TLS1_2_VERSION});
    QVERIFY(peer.shakeHands());
    QCOMPARE(peer.send(kGet).readAnswer().body, QByteArray("hello"));
    QCOMPARE(SSL_renegotiate(peer.ssl()), 1);
    ERR_clear_error();
    SSL_do_handshake(peer.ssl());
    peer.wire().send(peer.takeOutput());
    peer.receive();
    QVERIFY(SSL_do_handshake(peer.ssl()) != 1);
    QCOMPARE(ERR_GET_REASON(ERR_peek_error()), SSL_R_NO_RENEGOTIATION);
}

void TestTlsConversation::refusesADamagedRecord() {
    TlsPeer peer(*m_server);
    QVERIFY(peer.shakeHands());
    QByteArray record = peer.sealed(kGet);
    record[20] = static_cast<char>(record[20] ^ 1);
    peer.wire().send(record);
    QVERIFY(peer.readToEnd().isEmpty());
    QCOMPARE(peer.alert(), 20);  // bad_record_mac
    QVERIFY(m_server->pollUntil([&] { return m_server->counters().connections_open == 0; }));
}

// Refused by its head: nothing of it is kept.
void TestTlsConversation::refusesARecordThatIsTooLong() {
    TlsPeer peer(*m_server);
    QVERIFY(peer.shakeHands());
    peer.wire().send(QByteArray::fromHex("170303ffff"));
    QVERIFY(peer.readToEnd().isEmpty());
    QCOMPARE(peer.alert(), 22);  // record_overflow
}

void TestTlsConversation::closesAHandshakeThatDawdles() {
    m_server->set("idle_timeout_ms", "300");
    TlsPeer peer(*m_server);
    SSL_do_handshake(peer.ssl());
    const QByteArray hello = peer.takeOutput();
    QElapsedTimer since;
    since.start();
    // A byte now and then does not make it any longer.
    for (qsizetype i = 0; i < hello.size() - 1 && !peer.wire().isClosed(); ++i) {
        peer.wire().send(hello.mid(i, 1));
        peer.wire().readUntilQuiet();
    }
    QVERIFY(peer.wire().isClosed());
    QVERIFY2(since.elapsed() >= 250 && since.elapsed() < 5000, qPrintable(QString::number(since.elapsed())));
}

// Each key update asks for one in return.
void TestTlsConversation::boundsWhatAPeerThatDoesNotReadCanMakeItKeep() {
    TlsPeer peer(*m_server, {.receiveBuffer = 4096});
    QVERIFY(peer.shakeHands());
    peer.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
    for (int i = 0; i < 50; ++i) m_server->poll(1);
    const auto received = m_server->counters().bytes_received;
    for (int i = 0; i < 20'000 && !peer.wire().isClosed(); ++i) {
        SSL_key_update(peer.ssl(), SSL_KEY_UPDATE_REQUESTED);
        SSL_do_handshake(peer.ssl());
        if (i % 100 == 0) m_server->poll();
    }
    // The server does not even look at them while its answer waits.
    QCOMPARE(m_server->counters().bytes_received, received);
}

QTEST_GUILESS_MAIN(TestTlsConversation)
#include "tst_tls_conversation_posix.moc"
