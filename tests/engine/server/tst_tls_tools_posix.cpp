// Station: tests of a TLS server with programs that people use: curl and `openssl s_client`.
#include "support/certificates.h"
#include "support/temporary_site.h"
#include "support/test_server.h"

#include <QCryptographicHash>
#include <QTest>

using namespace meerkat::test;

class TestTlsTools : public QObject {
    Q_OBJECT

  private slots:
    void initTestCase();
    void answersCurl_data();
    void answersCurl();
    void givesCurlALargeFileIntact();
    void takesAnUploadFromCurl();
    void followsCurlFromHttp();
    void isRefusedByCurlWithoutItsAuthority();
    void answersSClient_data();
    void answersSClient();

  private:
    struct Outcome {
        QByteArray output;
        QByteArray errors;
        int status = 0;
    };
    Outcome run(const QString &program, const QStringList &arguments, const QByteArray &input = {});
    Outcome curl(const QStringList &arguments, const QString &host = "localhost", const QString &target = "/a.txt");

    TemporarySite m_site;
    QByteArray m_large;
    std::unique_ptr<TestServer> m_server;
};

void TestTlsTools::initTestCase() {
    for (int i = 0; i < 700'000; ++i) m_large += QByteArray::number(i) + '\n';
    m_site.write("root/a.txt", "hello");
    m_site.write("root/large", m_large);
    m_server = std::make_unique<TestServer>([](mg_connection *connection, mg_event event) -> int {
        if (event == MG_AUTH) return MG_TRUE;
        if (event != MG_REQUEST || QByteArray(connection->uri) != "/upload") return MG_FALSE;
        const auto hash =
            QCryptographicHash::hash({connection->content, qsizetype(connection->content_len)}, QCryptographicHash::Sha256);
        mg_printf_data(connection, "%s", hash.toHex().constData());
        return MG_TRUE;
    });
    m_server->set("document_root", m_site.path("root").toUtf8());
    m_server->set("ssl_auto_directory", m_site.path("tls").toUtf8());
    m_server->set("ssl_certificate", "auto");
}

TestTlsTools::Outcome TestTlsTools::run(const QString &program, const QStringList &arguments, const QByteArray &input) {
    QProcess process;
    process.start(program, arguments);
    process.write(input);
    while (process.state() != QProcess::NotRunning) {
        m_server->poll(1);
        process.waitForFinished(0);
    }
    return {process.readAllStandardOutput(), process.readAllStandardError(), process.exitCode()};
}

TestTlsTools::Outcome TestTlsTools::curl(const QStringList &arguments, const QString &host, const QString &target) {
    const QString scheme = arguments.contains("--location") ? "http" : "https";
    return run("curl", QStringList{"-sS", "--max-time", "60", "--noproxy", "*", "--cacert", m_site.path("tls/authority.crt")} +
                           arguments + QStringList{QString("%1://%2:%3%4").arg(scheme, host).arg(m_server->port()).arg(target)});
}

void TestTlsTools::answersCurl_data() {
    QTest::addColumn<QString>("host");
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("by name") << "localhost" << QStringList();
    QTest::newRow("by address") << "127.0.0.1" << QStringList();
    QTest::newRow("TLS 1.2") << "localhost" << QStringList{"--tls-max", "1.2"};
    QTest::newRow("HTTP/1.0") << "localhost" << QStringList{"-0"};
    QTest::newRow("one that could do HTTP/2") << "localhost" << QStringList{"--http2"};
}

void TestTlsTools::answersCurl() {
    QFETCH(QString, host);
    QFETCH(QStringList, arguments);
    const Outcome outcome = curl(arguments, host);
    QCOMPARE(outcome.errors, QByteArray());
    QCOMPARE(outcome.output, QByteArray("hello"));
}

void TestTlsTools::givesCurlALargeFileIntact() { QVERIFY(curl({}, "localhost", "/large").output == m_large); }

void TestTlsTools::takesAnUploadFromCurl() {
    const Outcome outcome = curl({"--data-binary", "@" + m_site.path("root/large")}, "localhost", "/upload");
    QCOMPARE(outcome.output, QCryptographicHash::hash(m_large, QCryptographicHash::Sha256).toHex());
}

void TestTlsTools::followsCurlFromHttp() {
    const Outcome outcome = curl({"--location", "-w", " %{num_redirects} %{scheme}"});
    QCOMPARE(outcome.output.toLower(), QByteArray("hello 1 https"));
}

void TestTlsTools::isRefusedByCurlWithoutItsAuthority() {
    const Outcome outcome = curl({"--cacert", "/etc/ssl/certs/ca-certificates.crt"});
    QCOMPARE(outcome.status, 60);
}

void TestTlsTools::answersSClient_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArrayList>("parts");
    QTest::newRow("TLS 1.3") << QStringList{"-tls1_3"}
                             << QByteArrayList{"Verify return code: 0 (ok)", "TLS_AES_128_GCM_SHA256", "X25519", "hello"};
    QTest::newRow("TLS 1.2") << QStringList{"-tls1_2"}
                             << QByteArrayList{"Verify return code: 0 (ok)", "ECDHE-ECDSA-AES", "hello"};
    QTest::newRow("P-384") << QStringList{"-curves", "P-384"} << QByteArrayList{"ECDH, secp384r1", "hello"};
    QTest::newRow("P-256") << QStringList{"-curves", "P-256"} << QByteArrayList{"ECDH, prime256v1", "hello"};
    QTest::newRow("no compression, no early data")
        << QStringList{} << QByteArrayList{"Compression: NONE", "Early data was not sent"};
    QTest::newRow("ALPN") << QStringList{"-alpn", "http/1.1"} << QByteArrayList{"ALPN protocol: http/1.1", "hello"};
    QTest::newRow("TLS 1.1") << QStringList{"-tls1_1", "-cipher", "ALL:@SECLEVEL=0"} << QByteArrayList{"alert protocol version"};
    QTest::newRow("HTTP/2 alone") << QStringList{"-alpn", "h2"} << QByteArrayList{"alert no application protocol"};
    QTest::newRow("RSA key exchange") << QStringList{"-tls1_2", "-cipher", "AES128-SHA256"}
                                      << QByteArrayList{"handshake failure"};
    QTest::newRow("another curve alone") << QStringList{"-curves", "X448"} << QByteArrayList{"handshake failure"};
}

void TestTlsTools::answersSClient() {
    QFETCH(QStringList, arguments);
    QFETCH(QByteArrayList, parts);
    const QStringList usual{"s_client",         "-connect", QString("127.0.0.1:%1").arg(m_server->port()),
                            "-ign_eof",         "-CAfile",  m_site.path("tls/authority.crt"),
                            "-verify_hostname", "localhost"};
    const Outcome outcome = run("openssl", usual + arguments, "GET /a.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const QByteArray all = outcome.output + outcome.errors;
    for (const QByteArray &part : parts) QVERIFY2(all.contains(part), (part + " is not in\n" + all).constData());
}

QTEST_GUILESS_MAIN(TestTlsTools)
#include "tst_tls_tools_posix.moc"
