// Station: tests of PUT on a disk that is full. The system's limit for the size of a file stands for the disk: writing ends in the same way.
#include "support/digest_client.h"
#include "support/scripted_peer.h"
#include "support/temporary_site.h"

#include <QTest>

#include <csignal>
#include <sys/resource.h>

using namespace meerkat::test;

namespace {

// While it lives no file grows over so many bytes.
class FullDisk {
  public:
    explicit FullDisk(rlim_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &m_old);
        const rlimit limit{bytes, m_old.rlim_max};
        if (setrlimit(RLIMIT_FSIZE, &limit) != 0) qFatal("the limit can't be set");
    }
    ~FullDisk() { setrlimit(RLIMIT_FSIZE, &m_old); }
    FullDisk(const FullDisk &) = delete;
    FullDisk &operator=(const FullDisk &) = delete;

  private:
    rlimit m_old{};
};

}  // namespace

class TestUploadsFull : public QObject {
    Q_OBJECT

  private slots:
    void saysThatThereIsNoRoomAndKeepsTheOldFile_data();
    void saysThatThereIsNoRoomAndKeepsTheOldFile();
};

void TestUploadsFull::saysThatThereIsNoRoomAndKeepsTheOldFile_data() {
    QTest::addColumn<QByteArray>("framing");
    QTest::newRow("sized") << QByteArray("Content-Length: 3000000\r\n");
    QTest::newRow("in chunks") << QByteArray("Transfer-Encoding: chunked\r\n");
}

void TestUploadsFull::saysThatThereIsNoRoomAndKeepsTheOldFile() {
    QFETCH(QByteArray, framing);
    TemporarySite site, keys;
    site.write("old.txt", "old");
    keys.write("dav", passwordLine("ana", "home", "secret"));
    TestServer server;
    server.set("auth_domain", "home");
    server.set("dav_auth_file", keys.path("dav").toUtf8());
    server.set("document_root", site.path().toUtf8());
    const Answer asked = ask(server, "PUT /old.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    DigestClient client;
    client.read(asked.field("WWW-Authenticate"));
    const QByteArray head =
        "PUT /old.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: " + client.answer("/old.txt", 1, "PUT") +
        "\r\n" + framing + "\r\n";
    const QByteArray body = QByteArray("0123456789").repeated(300'000);
    const bool isChunked = framing.startsWith("Transfer");
    const QByteArray framed = isChunked ? QByteArray::number(body.size(), 16) + "\r\n" + body + "\r\n0\r\n\r\n" : body;
    {
        const FullDisk full(1'000'000);
        QCOMPARE(ask(server, head + framed).status, 507);
    }
    QFile old(site.path("old.txt"));
    QVERIFY(old.open(QIODevice::ReadOnly));
    QCOMPARE(old.readAll(), QByteArray("old"));
    QCOMPARE(QDir(site.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot), QStringList{"old.txt"});
    QCOMPARE(ask(server, "GET /old.txt HTTP/1.1\r\nHost: a\r\n\r\n").body, QByteArray("old"));
}

QTEST_GUILESS_MAIN(TestUploadsFull)
#include "tst_uploads_full_posix.moc"
