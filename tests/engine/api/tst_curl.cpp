// Station: tests of the engine with curl as a real client.
#include "support/temporary_site.h"
#include "support/test_server.h"

#include <QProcess>
#include <QTest>

using namespace meerkat::test;

class TestCurl : public QObject {
    Q_OBJECT

  private slots:
    void initTestCase();
    void gets_data();
    void gets();
    void getsAFileToTheLastByte();
    void resumesADownload();
    void keepsTheConnectionForSeveralFiles();
    void postsWithExpectAndInChunks();
    void decodesAStream();

  private:
    QByteArray curl(const QStringList &arguments, const QString &target);

    TemporarySite m_site;
    QByteArray m_large;
    int m_pieces = 0;
    std::unique_ptr<TestServer> m_server;
};

void TestCurl::initTestCase() {
    for (int i = 0; i < 300'000; ++i) m_large += QByteArray::number(i) + '\n';
    m_site.write("large", m_large);
    m_site.write("folder/file.txt", "text");
    m_server = std::make_unique<TestServer>([this](mg_connection *connection, mg_event event) -> int {
        if (event == MG_AUTH) return MG_TRUE;
        const QByteArray uri = connection->uri;
        if (event == MG_REQUEST && uri == "/upload")
            return mg_printf_data(connection, "%zu bytes", connection->content_len), MG_TRUE;
        if (event == MG_REQUEST && uri == "/stream") return m_pieces = 0, MG_MORE;
        if (event != MG_POLL || uri != "/stream") return MG_FALSE;
        mg_printf_data(connection, "piece %d\n", ++m_pieces);
        return m_pieces < 50 ? MG_FALSE : MG_TRUE;
    });
    m_server->set("document_root", m_site.path().toUtf8());
}

QByteArray TestCurl::curl(const QStringList &arguments, const QString &target) {
    QProcess process;
    process.start("curl", QStringList{"-sS", "--max-time", "60"} + arguments +
                              QStringList{QString("http://127.0.0.1:%1%2").arg(m_server->port()).arg(target)});
    while (process.state() != QProcess::NotRunning) {
        m_server->poll(1);
        process.waitForFinished(0);
    }
    return process.readAllStandardOutput() + process.readAllStandardError();
}

void TestCurl::gets_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("target");
    QTest::addColumn<QByteArray>("expected");
    const QStringList status{"-o", "/dev/null", "-w", "%{http_code}"};
    QTest::newRow("a file") << QStringList() << "/folder/file.txt" << QByteArray("text");
    QTest::newRow("by HTTP/1.0") << QStringList{"-0"} << "/folder/file.txt" << QByteArray("text");
    QTest::newRow("a range") << QStringList{"-r", "1-2"} << "/folder/file.txt" << QByteArray("ex");
    QTest::newRow("a redirect followed") << QStringList{"-L", "-o", "/dev/null", "-w", "%{http_code} %{num_redirects}"}
                                         << "/folder?x" << QByteArray("200 1");
    QTest::newRow("nothing there") << status << "/none" << QByteArray("404");
    QTest::newRow("HEAD") << QStringList{"-I", "-o", "/dev/null", "-w", "%{http_code}"} << "/large" << QByteArray("200");
    QTest::newRow("DELETE") << QStringList{"-X", "DELETE"} + status << "/large" << QByteArray("405");
    QTest::newRow("dot segments") << QStringList{"--path-as-is"} + status << "/../../etc/passwd" << QByteArray("400");
}

void TestCurl::gets() {
    QFETCH(QStringList, arguments);
    QFETCH(QString, target);
    QFETCH(QByteArray, expected);
    QCOMPARE(curl(arguments, target), expected);
}

void TestCurl::getsAFileToTheLastByte() { QVERIFY(curl({}, "/large") == m_large); }

void TestCurl::resumesADownload() {
    m_site.write("part", m_large.left(777'777));
    curl({"-C", "-", "-o", m_site.path("part")}, "/large");
    QFile part(m_site.path("part"));
    QVERIFY(part.open(QIODevice::ReadOnly));
    QVERIFY(part.readAll() == m_large);
}

void TestCurl::keepsTheConnectionForSeveralFiles() {
    const QString address = QString("http://127.0.0.1:%1").arg(m_server->port());
    const QByteArray said =
        curl({"-w", "%{num_connects}", address + "/folder/file.txt", address + "/folder/file.txt"}, "/folder/file.txt");
    QCOMPARE(said, QByteArray("text1text0text0"));
}

void TestCurl::postsWithExpectAndInChunks() {
    const QString body = "@" + m_site.path("large"), size = QString::number(m_large.size()) + " bytes";
    QCOMPARE(curl({"--data-binary", body, "-H", "Expect: 100-continue"}, "/upload"), size.toLatin1());
    QCOMPARE(curl({"--data-binary", body, "-H", "Transfer-Encoding: chunked"}, "/upload"), size.toLatin1());
}

void TestCurl::decodesAStream() {
    const QByteArray text = curl({}, "/stream");
    QVERIFY(text.startsWith("piece 1\npiece 2\n") && text.endsWith("piece 50\n"));
    QCOMPARE(text.count('\n'), 50);
}

QTEST_GUILESS_MAIN(TestCurl)
#include "tst_curl.moc"
