// Station: tests of a port that speaks TLS: switched on and off, a new certificate while it serves, sessions resumed, and who comes without TLS.
#include "support/certificates.h"
#include "support/temporary_site.h"
#include "support/tls_peer.h"

#include <QTest>

using namespace meerkat::test;

namespace {

const QByteArray kGet = "GET /a.txt HTTP/1.1\r\nHost: x\r\n\r\n";

}  // namespace

class TestTlsPort : public QObject {
    Q_OBJECT

  private slots:
    void init();
    void speaksTlsFromTheNextConnectionOn();
    void keepsSpeakingTlsWhenAFileIsRefused();
    void takesANewCertificateWhileItServes();
    void tellsOfAFileThatChangedForTheWorse();
    void issuesCertificatesOfItsOwn();
    void resumesSessions_data();
    void resumesSessions();
    void doesNotResumeASessionOfAnotherServer();
    void sendsWhoComesWithoutTlsToHttps_data();
    void sendsWhoComesWithoutTlsToHttps();
    void sendsARequestByteByByteToHttps();
    void saysThatItSpeaksTls_data();
    void saysThatItSpeaksTls();
    void showsAPlainRequestToNoHandler();
    void limitsAPlainRequestInTime();

  private:
    QByteArray fingerprintOf(const TlsPeer &peer) {
        unsigned char digest[EVP_MAX_MD_SIZE];
        unsigned int size = 0;
        X509 *certificate = SSL_get1_peer_certificate(peer.ssl());
        X509_digest(certificate, EVP_sha256(), digest, &size);
        X509_free(certificate);
        return QByteArray(reinterpret_cast<const char *>(digest), int(size));
    }
    QByteArray path() const { return m_site->path("both.pem").toUtf8(); }

    std::unique_ptr<TemporarySite> m_site;
    std::unique_ptr<TestServer> m_server;
};

void TestTlsPort::init() {
    m_site = std::make_unique<TemporarySite>();
    m_site->write("both.pem", newIdentity());
    m_site->write("root/a.txt", "hello");
    m_server = std::make_unique<TestServer>();
    m_server->set("document_root", m_site->path("root").toUtf8());
}

void TestTlsPort::speaksTlsFromTheNextConnectionOn() {
    ScriptedPeer before(*m_server);
    QCOMPARE(before.send(kGet).readAnswer().body, QByteArray("hello"));
    m_server->set("ssl_certificate", path());
    QCOMPARE(QByteArray(mg_get_option(m_server->get(), "ssl_certificate")), path());
    QCOMPARE(before.send(kGet).readAnswer().body, QByteArray("hello"));
    TlsPeer secure(*m_server);
    QVERIFY(secure.shakeHands());
    QCOMPARE(secure.send(kGet).readAnswer().body, QByteArray("hello"));
    m_server->set("ssl_certificate", "");
    QCOMPARE(ask(*m_server, kGet).body, QByteArray("hello"));
    QCOMPARE(secure.send(kGet).readAnswer().body, QByteArray("hello"));
}

void TestTlsPort::keepsSpeakingTlsWhenAFileIsRefused() {
    m_server->set("ssl_certificate", path());
    const char *refusal = mg_set_option(m_server->get(), "ssl_certificate", "/nowhere/x.pem");
    QVERIFY(refusal && QByteArray(refusal).startsWith("The file '/nowhere/x.pem' cannot be read: No such file"));
    QCOMPARE(QByteArray(mg_get_option(m_server->get(), "ssl_certificate")), path());
    TlsPeer peer(*m_server);
    QVERIFY(peer.shakeHands());
}

void TestTlsPort::takesANewCertificateWhileItServes() {
    m_server->set("ssl_certificate", path());
    TlsPeer old(*m_server);
    QVERIFY(old.shakeHands());
    const QByteArray before = fingerprintOf(old);
    m_site->write("both.pem", newIdentity());
    QVERIFY(m_server->pollUntil([&] {
        TlsPeer next(*m_server);
        return next.shakeHands() && fingerprintOf(next) != before;
    }));
    QCOMPARE(old.send(kGet).readAnswer().body, QByteArray("hello"));
}

// It goes on with the one before, and says so once.
void TestTlsPort::tellsOfAFileThatChangedForTheWorse() {
    m_server->set("ssl_certificate", path());
    QVERIFY(mg_take_trouble(m_server->get()) == nullptr);
    m_site->write("both.pem", "nothing of the kind");
    QByteArray told;
    QVERIFY(m_server->pollUntil([&] {
        TlsPeer peer(*m_server);
        if (const char *trouble = mg_take_trouble(m_server->get())) told = trouble;
        return !told.isEmpty();
    }));
    QVERIFY2(told.contains("both.pem") && told.contains("stays in use"), told.constData());
    QVERIFY(mg_take_trouble(m_server->get()) == nullptr);
    QVERIFY(mg_take_trouble(nullptr) == nullptr);
}

void TestTlsPort::issuesCertificatesOfItsOwn() {
    m_server->set("ssl_auto_directory", m_site->path("one").toUtf8());
    m_server->set("ssl_certificate", "auto");
    TlsPeer peer(*m_server);
    QVERIFY(peer.shakeHands());
    QVERIFY(QFile::exists(m_site->path("one/authority.pem")));
    // Another folder is another authority, at once.
    m_server->set("ssl_auto_directory", m_site->path("two").toUtf8());
    QVERIFY(QFile::exists(m_site->path("two/authority.pem")));
    QVERIFY(mg_set_option(m_server->get(), "ssl_auto_directory", (path() + "/below").constData()) != nullptr);
    QCOMPARE(QByteArray(mg_get_option(m_server->get(), "ssl_auto_directory")), m_site->path("two").toUtf8());
}

void TestTlsPort::resumesSessions_data() {
    QTest::addColumn<int>("version");
    QTest::newRow("TLS 1.3") << int{TLS1_3_VERSION};
    QTest::newRow("TLS 1.2") << int{TLS1_2_VERSION};
}

void TestTlsPort::resumesSessions() {
    QFETCH(int, version);
    m_server->set("ssl_certificate", path());
    TlsPeer first(*m_server, {.lowest = version, .highest = version});
    QVERIFY(first.shakeHands());
    QCOMPARE(first.send(kGet).readAnswer().body, QByteArray("hello"));
    QVERIFY(!first.isResumed() && first.ticket());
    // Over a new certificate, too.
    m_site->write("both.pem", newIdentity());
    m_server->set("ssl_certificate", path());
    TlsPeer second(*m_server, {.lowest = version, .highest = version, .session = first.ticket()});
    QVERIFY(second.shakeHands());
    QVERIFY(second.isResumed());
    QCOMPARE(second.send(kGet).readAnswer().body, QByteArray("hello"));
    // TLS 1.3 has each ticket used once: the next one is there.
    QCOMPARE(second.ticket() != nullptr, version == TLS1_3_VERSION);
}

void TestTlsPort::doesNotResumeASessionOfAnotherServer() {
    TestServer other;
    for (TestServer *server : {m_server.get(), &other}) server->set("ssl_certificate", path());
    TlsPeer first(other);
    QVERIFY(first.shakeHands());
    first.send(kGet).readAnswer();
    TlsPeer second(*m_server, {.session = first.ticket()});
    QVERIFY(second.shakeHands());
    QVERIFY(!second.isResumed());
}

void TestTlsPort::sendsWhoComesWithoutTlsToHttps_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("location");
    QTest::newRow("the root") << QByteArray("GET / HTTP/1.1\r\nHost: desk:8443\r\n\r\n") << QByteArray("https://desk:8443/");
    QTest::newRow("path and query") << QByteArray("GET /a%20b/?c=d&e HTTP/1.1\r\nHost: desk:1\r\n\r\n")
                                    << QByteArray("https://desk:1/a%20b/?c=d&e");
    QTest::newRow("an IPv6 address") << QByteArray("GET /x HTTP/1.1\r\nHost: [::1]:99\r\n\r\n")
                                     << QByteArray("https://[::1]:99/x");
    QTest::newRow("IPv6 without a port") << QByteArray("GET /x HTTP/1.1\r\nHost: [::1]\r\n\r\n") << QByteArray("https://[::1]/x");
    QTest::newRow("an absolute target") << QByteArray("GET http://other:2/y HTTP/1.1\r\nHost: desk\r\n\r\n")
                                        << QByteArray("https://other:2/y");
    QTest::newRow("HTTP/1.0 with a host") << QByteArray("GET /z HTTP/1.0\r\nHost: desk\r\n\r\n") << QByteArray("https://desk/z");
    QTest::newRow("a form") << QByteArray("POST /form HTTP/1.1\r\nHost: desk\r\nContent-Length: 5\r\n\r\na=b&c")
                            << QByteArray("https://desk/form");
}

void TestTlsPort::sendsWhoComesWithoutTlsToHttps() {
    QFETCH(QByteArray, request);
    m_server->set("ssl_certificate", path());
    ScriptedPeer peer(*m_server);
    const Answer answer = peer.send(request).readAnswer();
    QCOMPARE(answer.status, 308);
    QTEST(answer.field("Location"), "location");
    QCOMPARE(answer.field("Connection"), QByteArray("close"));
    QCOMPARE(answer.field("Cache-Control"), QByteArray("no-store"));
    QVERIFY(peer.waitUntilClosed());
}

void TestTlsPort::sendsARequestByteByByteToHttps() {
    m_server->set("ssl_certificate", path());
    ScriptedPeer peer(*m_server);
    for (const char byte : kGet) peer.send(QByteArray(1, byte));
    QCOMPARE(peer.readAnswer().field("Location"), QByteArray("https://x/a.txt"));
}

void TestTlsPort::saysThatItSpeaksTls_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::newRow("no host") << QByteArray("GET / HTTP/1.0\r\n\r\n");
    QTest::newRow("an empty host") << QByteArray("GET / HTTP/1.1\r\nHost:\r\n\r\n");
    QTest::newRow("no path") << QByteArray("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n");
    QTest::newRow("a tunnel") << QByteArray("CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n");
    QTest::newRow("no HTTP") << QByteArray("hello there\r\n\r\n");
}

void TestTlsPort::saysThatItSpeaksTls() {
    QFETCH(QByteArray, request);
    m_server->set("ssl_certificate", path());
    ScriptedPeer peer(*m_server);
    const Answer answer = peer.send(request).readAnswer();
    QCOMPARE(answer.status, 400);
    QVERIFY2(answer.body.contains("https://"), answer.body.constData());
    QVERIFY(peer.waitUntilClosed());
}

void TestTlsPort::showsAPlainRequestToNoHandler() {
    QList<int> events;
    TestServer server([&](mg_connection *, mg_event event) -> int {
        if (event != MG_POLL) events << event;
        return event == MG_REQUEST ? MG_TRUE : MG_FALSE;
    });
    server.set("ssl_certificate", path());
    ScriptedPeer peer(server);
    QCOMPARE(peer.send(kGet).readAnswer().status, 308);
    QVERIFY(peer.waitUntilClosed());
    QVERIFY(server.pollUntil([&] { return server.counters().connections_open == 0; }));
    QVERIFY(!events.contains(MG_AUTH) && !events.contains(MG_REQUEST));
}

void TestTlsPort::limitsAPlainRequestInTime() {
    m_server->set("idle_timeout_ms", "200");
    m_server->set("ssl_certificate", path());
    ScriptedPeer peer(*m_server);
    peer.send("GET / HT");
    QVERIFY(peer.waitUntilClosed());
}

QTEST_GUILESS_MAIN(TestTlsPort)
#include "tst_tls_port_posix.moc"
