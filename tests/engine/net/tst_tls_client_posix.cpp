// Station: tests of net/tls_stream's client side and of net/connection over it, with `openssl s_server` as the other end.
#include "net/connection.h"

#include "net/local_authority.h"
#include "engine/os/loopback_pair.h"
#include "support/certificates.h"
#include "support/fake_clock.h"
#include "support/temporary_site.h"

#include <QTest>

#include <fcntl.h>

using namespace meerkat;
using namespace meerkat::test;
using net::TlsStream;

namespace {

constexpr std::int64_t kDay = 24 * 60 * 60;

// Sends its words at once, and keeps what it hears.
class Talker final : public net::Protocol {
  public:
    Talker(net::Connection &connection, std::string words) : m_connection(connection), m_words(std::move(words)) {}

    std::size_t onBytes(std::string_view bytes) override {
        m_heardBeforeSecured = m_heardBeforeSecured || !isSecured;
        heard += bytes;
        return bytes.size();
    }
    void onEndOfInput() override {
        hasEnded = true;
        wasCut = m_connection.wasInputCut();
        m_connection.closeWhenDrained(false);
    }
    void onDrained() override {}
    void onTimeLimit() override { m_connection.close(); }
    void onClosed() override {}
    bool wantsInput() const override { return true; }
    net::ProtocolStatus status() const override { return {}; }
    void onSecured() override {
        isSecured = true;
        m_connection.sendCopy(m_words);
    }
    void onSecureFailure(std::string_view text) override { failure = text; }

    std::string heard;
    std::string failure;
    bool isSecured = false;
    bool hasEnded = false;
    bool wasCut = false;
    bool m_heardBeforeSecured = false;

  private:
    net::Connection &m_connection;
    std::string m_words;
};

class Owner final : public net::ConnectionOwner {
  public:
    void onConnectionClosed(net::Connection &) override { isClosed = true; }
    net::TimerList &idleLimit() override { return m_idle; }
    net::TimerList &lingerLimit() override { return m_linger; }
    bool isClosed = false;

  private:
    net::TimerList m_idle{30000};
    net::TimerList m_linger{1000};
};

}  // namespace

class TestTlsClient : public QObject {
    Q_OBJECT

  private slots:
    void initTestCase();
    void init() { m_loop = std::move(*net::EventLoop::create(m_clock)); }
    void cleanup();
    void accepts_data();
    void accepts();
    void sendsTheNameAndNeverAnAddress_data();
    void sendsTheNameAndNeverAnAddress();
    void tellsACutAnswerFromAWholeOne_data();
    void tellsACutAnswerFromAWholeOne();
    void exchangesMuch();
    void refuses_data();
    void refuses();
    void refusesWhoDoesNotSpeakTls();
    void refusesWhoHangsUp();

  private:
    quint16 startServer(const QStringList &arguments);
    QByteArray serverSays(const QByteArray &part);
    // Until it is closed, or `enough` says so.
    void talk(
        quint16 port, const char *host, const QByteArray &trust, std::string words,
        const std::function<bool()> &enough = [] { return false; });

    FakeClock m_clock;
    TemporarySite m_site;
    std::unique_ptr<net::EventLoop> m_loop;
    std::unique_ptr<net::Connection> m_connection;
    Owner m_owner;
    Talker *m_talker = nullptr;
    QProcess m_server;
    QByteArray m_said;
};

void TestTlsClient::initTestCase() {
    m_site.write("both.pem", newIdentity());
    const std::int64_t now = QDateTime::currentSecsSinceEpoch();
    const auto authority = std::move(*net::LocalAuthority::open(m_site.path().toStdString(), now));
    m_site.write("issued.pem", QByteArray::fromStdString(*authority->issue(net::localNames(), now)));
    m_site.write("old.pem", QByteArray::fromStdString(*authority->issue(net::localNames(), now - 400 * kDay)));
    m_site.write("early.pem", QByteArray::fromStdString(*authority->issue(net::localNames(), now + 3 * kDay)));
    m_site.write("other.pem", newIdentity());
}

void TestTlsClient::cleanup() {
    m_connection.reset();
    m_loop->finishPass();
    m_owner.isClosed = false;
    m_server.kill();
    m_server.waitForFinished();
    m_said.clear();
}

quint16 TestTlsClient::startServer(const QStringList &arguments) {
    m_server.setProcessChannelMode(QProcess::MergedChannels);
    m_server.start("openssl", QStringList{"s_server", "-accept", "127.0.0.1:0"} + arguments);
    const QByteArray text = serverSays("ACCEPT ");
    return text.mid(text.lastIndexOf(':') + 1).trimmed().toUShort();
}

QByteArray TestTlsClient::serverSays(const QByteArray &part) {
    QDeadlineTimer deadline(20000);
    while (!(m_said.contains(part) && m_said.endsWith('\n')) && !deadline.hasExpired()) {
        m_server.waitForReadyRead(50);
        m_said += m_server.readAll();
    }
    return m_said;
}

void TestTlsClient::talk(quint16 port, const char *host, const QByteArray &trust, std::string words,
                         const std::function<bool()> &enough) {
    auto context = net::TlsContext::forClient(trust.toStdString());
    QVERIFY2(context, context ? "" : context.failure().text.c_str());
    // The socket is made as an accepted one is: non-blocking.
    os::OwnedSocket socket = os::connectTo(os::loopback(port));
    QVERIFY(socket != os::kNoSocket);
    fcntl(int(os::SocketHandle(socket)), F_SETFL, O_NONBLOCK);
    m_connection = std::make_unique<net::Connection>(*m_loop, m_owner, socket.release(), os::loopback(port), 1);
    auto talker = std::make_unique<Talker>(*m_connection, std::move(words));
    m_talker = talker.get();
    m_connection->beginTls(TlsStream::forClient(*m_loop, **context, host), std::move(talker));
    QDeadlineTimer deadline(20000);
    while (!m_owner.isClosed && !enough() && !deadline.hasExpired()) {
        m_loop->runOnce(5);
        m_server.waitForReadyRead(0);
    }
}

void TestTlsClient::accepts_data() {
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("by name") << QByteArray("localhost") << QStringList();
    QTest::newRow("by a name with its dot") << QByteArray("localhost.") << QStringList();
    QTest::newRow("by address") << QByteArray("127.0.0.1") << QStringList();
    QTest::newRow("by address in brackets") << QByteArray("[127.0.0.1]") << QStringList();
    QTest::newRow("TLS 1.2") << QByteArray("localhost") << QStringList{"-tls1_2"};
    QTest::newRow("TLS 1.3, after another try") << QByteArray("localhost") << QStringList{"-tls1_3", "-curves", "P-256"};
}

void TestTlsClient::accepts() {
    QFETCH(QByteArray, host);
    QFETCH(QStringList, arguments);
    const quint16 port = startServer(QStringList{"-cert", m_site.path("both.pem"), "-rev"} + arguments);
    talk(port, host, m_site.path("both.pem").toUtf8(), "hello\n", [&] { return m_talker->heard == "olleh\n"; });
    QCOMPARE(m_talker->failure, std::string());
    QCOMPARE(m_talker->heard, std::string("olleh\n"));
    QVERIFY(m_talker->isSecured && !m_talker->m_heardBeforeSecured);
}

void TestTlsClient::sendsTheNameAndNeverAnAddress_data() {
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<bool>("isSent");
    QTest::newRow("a name") << QByteArray("localhost") << true;
    QTest::newRow("an address") << QByteArray("127.0.0.1") << false;
}

void TestTlsClient::sendsTheNameAndNeverAnAddress() {
    QFETCH(QByteArray, host);
    QFETCH(bool, isSent);
    const quint16 port = startServer(
        {"-cert", m_site.path("both.pem"), "-servername", "localhost", "-cert2", m_site.path("both.pem"), "-tlsextdebug"});
    talk(port, host, m_site.path("both.pem").toUtf8(), "x", [&] { return m_talker->isSecured; });
    QVERIFY(m_talker->isSecured);
    QCOMPARE(serverSays("CIPHER is").contains("TLS client extension \"server name\""), isSent);
}

void TestTlsClient::tellsACutAnswerFromAWholeOne_data() {
    QTest::addColumn<bool>("isCut");
    QTest::newRow("whole") << false;
    QTest::newRow("cut") << true;
}

void TestTlsClient::tellsACutAnswerFromAWholeOne() {
    QFETCH(bool, isCut);
    const quint16 port = startServer({"-cert", m_site.path("both.pem"), isCut ? "-rev" : "-www"});
    talk(port, "localhost", m_site.path("both.pem").toUtf8(), isCut ? "abc\n" : "GET / HTTP/1.0\r\n\r\n", [&] {
        if (isCut && !m_talker->heard.empty()) m_server.kill();
        return false;
    });
    QVERIFY(!m_talker->heard.empty());
    QCOMPARE(m_talker->hasEnded && !m_talker->wasCut, !isCut);
}

void TestTlsClient::exchangesMuch() {
    const quint16 port = startServer({"-cert", m_site.path("both.pem"), "-rev"});
    std::string words;
    for (int i = 0; i < 20'000; ++i) words += std::to_string(i % 10) + std::string(50, 'x') + "\n";
    talk(port, "localhost", m_site.path("both.pem").toUtf8(), words, [&] { return m_talker->heard.size() == words.size(); });
    QCOMPARE(m_talker->heard.size(), words.size());
    QVERIFY(m_talker->heard.ends_with("x9\n"));
    QCOMPARE(m_connection->bytesSent(), std::uint64_t{words.size()});
    QCOMPARE(m_connection->bytesReceived(), std::uint64_t{words.size()});
}

void TestTlsClient::refuses_data() {
    QTest::addColumn<QString>("certificate");
    QTest::addColumn<QString>("trust");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("sentence");
    const QStringList none;
    QTest::newRow("another name") << "both.pem"
                                  << "both.pem" << QByteArray("elsewhere") << none
                                  << "The certificate of elsewhere is for other names: *";
    QTest::newRow("another address") << "both.pem"
                                     << "both.pem" << QByteArray("127.0.0.2") << none
                                     << "The certificate of 127.0.0.2 is for other names: *";
    QTest::newRow("signed by itself") << "both.pem"
                                      << "other.pem" << QByteArray("localhost") << none
                                      << "The certificate of localhost is signed by itself alone: *ssl_ca_certificate";
    QTest::newRow("signed by somebody unknown")
        << "issued.pem"
        << "other.pem" << QByteArray("localhost") << none
        << "The certificate of localhost is signed by an authority that is not trusted here: *";
    QTest::newRow("not valid yet") << "early.pem"
                                   << "authority.crt" << QByteArray("localhost") << none
                                   << "The certificate of localhost is not valid yet: *";
    QTest::newRow("expired") << "old.pem"
                             << "authority.crt" << QByteArray("localhost") << none
                             << "The certificate of localhost has expired: *";
    QTest::newRow("TLS 1.1 alone") << "both.pem"
                                   << "both.pem" << QByteArray("localhost")
                                   << QStringList{"-tls1_1", "-cipher", "ALL:@SECLEVEL=0"}
                                   << "TLS with localhost failed: *version*";
}

void TestTlsClient::refuses() {
    QFETCH(QString, certificate);
    QFETCH(QString, trust);
    QFETCH(QByteArray, host);
    QFETCH(QStringList, arguments);
    QFETCH(QString, sentence);
    const quint16 port = startServer(QStringList{"-cert", m_site.path(certificate), "-rev"} + arguments);
    talk(port, host, m_site.path(trust).toUtf8(), "secret\n");
    QVERIFY(m_owner.isClosed && !m_talker->isSecured);
    const QString failure = QString::fromStdString(m_talker->failure);
    QVERIFY2(QRegularExpression::fromWildcard(sentence).match(failure).hasMatch(), qPrintable(failure));
}

void TestTlsClient::refusesWhoDoesNotSpeakTls() {
    const os::OwnedSocket listener = os::newListener();
    os::OwnedSocket server;
    talk(os::localEndpoint(listener).port, "localhost", m_site.path("both.pem").toUtf8(), "secret", [&] {
        if (server != os::kNoSocket) return false;
        server = os::OwnedSocket(os::acceptOne(listener).socket);
        if (server != os::kNoSocket) os::sendBytes(server, "HTTP/1.1 400 Bad Request\r\n\r\n", false);
        return false;
    });
    QVERIFY(m_owner.isClosed);
    QVERIFY2(m_talker->failure.starts_with("localhost does not speak TLS there: "), m_talker->failure.c_str());
}

void TestTlsClient::refusesWhoHangsUp() {
    const os::OwnedSocket listener = os::newListener();
    talk(os::localEndpoint(listener).port, "localhost", m_site.path("both.pem").toUtf8(), "secret", [&] {
        os::OwnedSocket gone(os::acceptOne(listener).socket);
        std::string hello(4096, '\0');
        if (gone != os::kNoSocket) os::waitFor(gone, POLLIN), std::ignore = os::receive(gone, hello);
        return false;
    });
    QVERIFY(m_owner.isClosed);
    QCOMPARE(m_talker->failure, std::string("The connection was closed in the middle of the TLS handshake"));
}

QTEST_GUILESS_MAIN(TestTlsClient)
#include "tst_tls_client_posix.moc"
