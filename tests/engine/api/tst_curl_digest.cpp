// Station: tests of passwords with curl as a real client: MD5 and SHA-256, right and wrong, old nonces.
#include "support/digest_client.h"
#include "support/temporary_site.h"
#include "support/test_server.h"

#include <QProcess>
#include <QTest>

using namespace meerkat::test;

class TestCurlDigest : public QObject {
    Q_OBJECT

  private slots:
    void init();
    void logsIn_data();
    void logsIn();
    void keepsTheConnectionForSeveralFiles();
    void postsWithABody();

  private:
    QByteArray curl(const QStringList &arguments, const QString &target);

    std::unique_ptr<TemporarySite> m_site;
    std::unique_ptr<TestServer> m_server;
};

void TestCurlDigest::init() {
    m_site = std::make_unique<TemporarySite>();
    m_site->write("md5/.htpasswd",
                  passwordLine("ana", "my home", "se cret") + passwordLine("jos\xC3\xA9", "my home", "\xC3\xA4"));
    m_site->write("md5/file", "by MD5");
    m_site->write("sha/.htpasswd", passwordLine("ana", "my home", "se cret", true));
    m_site->write("sha/file", "by SHA-256");
    m_site->write("both/.htpasswd", passwordLine("ana", "my home", "se cret") + passwordLine("bob", "my home", "word", true));
    m_site->write("both/file", "by both");
    m_server = std::make_unique<TestServer>();
    m_server->set("document_root", m_site->path().toUtf8());
    m_server->set("auth_domain", "my home");
}

QByteArray TestCurlDigest::curl(const QStringList &arguments, const QString &target) {
    QProcess process;
    const QString address = QString("http://127.0.0.1:%1%2").arg(m_server->port()).arg(target);
    process.start("curl", QStringList{"-sS", "--max-time", "60", "--digest"} + arguments + QStringList{address});
    while (process.state() != QProcess::NotRunning) {
        m_server->poll(1);
        process.waitForFinished(0);
    }
    return process.readAllStandardOutput() + process.readAllStandardError();
}

void TestCurlDigest::logsIn_data() {
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("target");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("MD5") << "ana:se cret"
                         << "/md5/file" << QByteArray("by MD5200");
    QTest::newRow("with a query") << "ana:se cret"
                                  << "/md5/file?a=b&c" << QByteArray("by MD5200");
    QTest::newRow("a name beyond ASCII") << QString::fromUtf8("jos\xC3\xA9:\xC3\xA4") << "/md5/file" << QByteArray("by MD5200");
    QTest::newRow("SHA-256") << "ana:se cret"
                             << "/sha/file" << QByteArray("by SHA-256200");
    QTest::newRow("SHA-256 where both are offered") << "bob:word"
                                                    << "/both/file" << QByteArray("by both200");
    QTest::newRow("MD5 where both are offered") << "ana:se cret"
                                                << "/both/file" << QByteArray("by both200");
}

void TestCurlDigest::logsIn() {
    QFETCH(QString, user);
    QFETCH(QString, target);
    QFETCH(QByteArray, expected);
    QCOMPARE(curl({"-u", user, "-w", "%{http_code}"}, target), expected);
    const QString name = user.section(':', 0, 0);
    for (const QString &wrong : {name + ":wrong", QString("eve:word")})
        QCOMPARE(curl({"-u", wrong, "-o", "/dev/null", "-w", "%{http_code}"}, target), QByteArray("401"));
}

void TestCurlDigest::keepsTheConnectionForSeveralFiles() {
    const QString address = QString("http://127.0.0.1:%1/md5/file").arg(m_server->port());
    QCOMPARE(curl({"-u", "ana:se cret", "-w", "%{num_connects} ", address, address}, "/md5/file"),
             QByteArray("by MD51 by MD50 by MD50 "));
}

void TestCurlDigest::postsWithABody() {
    const QString users = m_site->path("md5/.htpasswd");
    m_server = std::make_unique<TestServer>([users](mg_connection *connection, mg_event event) -> int {
        if (event == MG_AUTH) {
            FILE *file = std::fopen(users.toUtf8(), "r");
            const int isIn = mg_authorize_digest(connection, file);
            std::fclose(file);
            return isIn;
        }
        if (event != MG_REQUEST) return MG_FALSE;
        mg_printf_data(connection, "%zu bytes", connection->content_len);
        return MG_TRUE;
    });
    m_server->set("auth_domain", "my home");
    m_site->write("body", QByteArray(300'000, 'x'));
    const QString body = "@" + m_site->path("body");
    QCOMPARE(curl({"-u", "ana:se cret", "--data-binary", body}, "/x"), QByteArray("300000 bytes"));
    QCOMPARE(curl({"-u", "ana:wrong", "-o", "/dev/null", "-w", "%{http_code}", "--data-binary", body}, "/x"), QByteArray("401"));
}

QTEST_GUILESS_MAIN(TestCurlDigest)
#include "tst_curl_digest.moc"
