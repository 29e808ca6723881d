// Station: tests of visitors' uploads with the whole program: a thousand at once, a kill in their midst, a disk that is full, and curl.
#include "support/console_program.h"
#include "support/upload_site.h"

#include <QTemporaryFile>

#include <arpa/inet.h>
#include <csignal>
#include <netinet/in.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace meerkat::test;

namespace {

constexpr int kCrowd = 1000;

// A socket that waits for the system alone.
class Sender {
  public:
    explicit Sender(quint16 port) : m_socket(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (connect(m_socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0) qFatal("no connection");
    }
    Sender(Sender &&other) noexcept : m_socket(std::exchange(other.m_socket, -1)) {}
    Sender &operator=(Sender &&) = delete;
    ~Sender() {
        if (m_socket >= 0) ::close(m_socket);
    }

    bool send(const QByteArray &bytes) const {
        return ::send(m_socket, bytes.constData(), static_cast<std::size_t>(bytes.size()), MSG_NOSIGNAL) == bytes.size();
    }
    QByteArray readSome() const {
        char bytes[4096];
        const ssize_t count = recv(m_socket, bytes, sizeof bytes, 0);
        return {bytes, std::max<ssize_t>(count, 0)};
    }
    // Of an answer without a body, or whose body comes with its head.
    int status() const { return readSome().mid(9, 3).toInt(); }

  private:
    int m_socket;
};

// Both sides of a crowd need a descriptor each, and the server two more.
void raiseDescriptorLimit() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

// In kilobytes.
qint64 memoryOf(qint64 process) {
    QFile file(QString("/proc/%1/status").arg(process));
    if (!file.open(QIODevice::ReadOnly)) return -1;
    const QByteArray text = file.readAll();
    const qsizetype at = text.indexOf("VmRSS:");
    return text.mid(at + 6, text.indexOf("kB", at) - at - 6).trimmed().toLongLong();
}

// The bytes of all that is hidden in a folder.
qint64 hiddenBytes(const QString &folder) {
    qint64 bytes = 0;
    for (const QFileInfo &info : QDir(folder).entryInfoList({".meerkat-upload-*"}, QDir::Files | QDir::Hidden))
        bytes += info.size();
    return bytes;
}

QByteArray curl(const QStringList &arguments) {
    QProcess process;
    process.start("curl", QStringList{"-sS", "-w", "%{http_code}", "-o", "/dev/null"} + arguments);
    if (!process.waitForFinished(60'000)) return "not finished";
    return process.readAllStandardOutput() + process.readAllStandardError();
}

}  // namespace

class TestUploadsOfTheProgram : public QObject {
    Q_OBJECT

  private slots:
    void initTestCase() {
        raiseDescriptorLimit();
        // What is freed is to be free: the sanitizer keeps it otherwise.
        qputenv("ASAN_OPTIONS", qgetenv("ASAN_OPTIONS") + ":quarantine_size_mb=0:thread_local_quarantine_size_kb=0");
    }
    void takesAThousandAtOnceInLittleMemory_data();
    void takesAThousandAtOnceInLittleMemory();
    void takesABodyThatIsLargerThanItsMemory_data();
    void takesABodyThatIsLargerThanItsMemory();
    void leavesNothingHalfWhenItIsKilled();
    void keepsWhatIsThereWhenTheDiskIsFull();
    void takesWhatCurlSends();

  private:
    static QStringList arguments(const QString &folder, const QString &mode = "replace") {
        return kAnyPort + QStringList{"-upload", mode, "-idle_timeout_ms", "300000", "-document_root", folder};
    }
};

void TestUploadsOfTheProgram::takesAThousandAtOnceInLittleMemory_data() {
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("behind");
    QTest::addColumn<int>("status");
    const QByteArray form = "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\n";
    QTest::newRow("whole files") << QByteArray("PUT /file-NUMBER HTTP/1.1\r\nHost: a\r\n") << QByteArray() << QByteArray() << 201;
    QTest::newRow("pieces") << QByteArray("PUT /file-NUMBER HTTP/1.1\r\nHost: a\r\nUpload-Id: upload-NUMBER\r\n"
                                          "Content-Range: bytes 0-39999/40000\r\n")
                            << QByteArray() << QByteArray() << 201;
    QTest::newRow("forms") << form
                           << UploadSite::part("name=\"action\"", "upload") + UploadSite::filePart("file-NUMBER", "").chopped(2)
                           << QByteArray("\r\n--b--\r\n") << 303;
}

// Slow ones: each has sent a part of its file when the memory is looked at.
void TestUploadsOfTheProgram::takesAThousandAtOnceInLittleMemory() {
    QFETCH(QByteArray, head);
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, behind);
    QFETCH(int, status);
    constexpr int kFirst = 25'000, kFile = 40'000;
    TemporarySite site;
    Program program(site.path(), arguments(site.path(), "new"));
    const quint16 port = portOf(program.startLine());
    QVERIFY(port != 0);
    const qint64 atRest = memoryOf(program.process().processId());
    std::vector<Sender> crowd;
    for (int i = 0; i < kCrowd; ++i) {
        const QByteArray number = QByteArray::number(i);
        const QByteArray begin = QByteArray(before).replace("NUMBER", number);
        crowd.emplace_back(port);
        QVERIFY(crowd.back().send(QByteArray(head).replace("NUMBER", number) +
                                  "Content-Length: " + QByteArray::number(begin.size() + kFile + behind.size()) + "\r\n\r\n" +
                                  begin + QByteArray(kFirst, 'a')));
    }
    // What may be the beginning of a boundary is none here.
    QTRY_COMPARE_WITH_TIMEOUT(hiddenBytes(site.path()), qint64{kCrowd} * kFirst, 60'000);
    const qint64 busy = memoryOf(program.process().processId());
    qInfo("%lld kB at rest, %lld kB with %d uploads", atRest, busy, kCrowd);
    // A sanitizer's own memory is not the program's.
    const bool isPlain = atRest < 40'000;
    QVERIFY2(busy - atRest < 32'000, "for what the uploads need");
    QVERIFY2(!isPlain || busy < 64'000, "in all");
    for (const Sender &one : crowd) QVERIFY(one.send(QByteArray(kFile - kFirst, 'b') + behind));
    for (const Sender &one : crowd) QCOMPARE(one.status(), status);
    const QFileInfoList files = QDir(site.path()).entryInfoList(QDir::Files | QDir::Hidden);
    QCOMPARE(files.size(), kCrowd);
    for (const QFileInfo &file : files) QCOMPARE(file.size(), kFile);
}

void TestUploadsOfTheProgram::takesABodyThatIsLargerThanItsMemory_data() {
    QTest::addColumn<QStringList>("how");
    QTest::newRow("a file") << QStringList{"-T", "FILE"};
    QTest::newRow("a form") << QStringList{"-F", "action=upload", "-F", "files=@FILE;filename=sent"};
}

// It grows by far less than a body of 300 MB.
void TestUploadsOfTheProgram::takesABodyThatIsLargerThanItsMemory() {
    QFETCH(QStringList, how);
    TemporarySite site, own;
    constexpr qint64 kBytes = 300'000'000;
    own.writeSparse("sent", kBytes, "the end");
    how.replaceInStrings("FILE", own.path("sent"));
    Program program(site.path(), arguments(site.path()));
    const QString address = QString("http://127.0.0.1:%1/").arg(portOf(program.startLine()));
    const qint64 atRest = memoryOf(program.process().processId());
    QVERIFY(curl(how + QStringList{address}).startsWith(how.first() == "-T" ? "201" : "303"));
    QVERIFY(memoryOf(program.process().processId()) - atRest < 16'000);
    QCOMPARE(QFileInfo(site.path("sent")).size(), kBytes);
    QFile file(site.path("sent"));
    QVERIFY(file.open(QIODevice::ReadOnly) && file.seek(kBytes - 7));
    QCOMPARE(file.readAll(), QByteArray("the end"));
}

// Pieces are gone on with by the next server; of the rest nothing stays once the folder is opened.
void TestUploadsOfTheProgram::leavesNothingHalfWhenItIsKilled() {
    TemporarySite site;
    site.write("old.txt", "old");
    const QByteArray form =
        UploadSite::part("name=\"action\"", "upload") + UploadSite::filePart("old.txt", QByteArray(90'000, 'f'));
    {
        Program program(site.path(), arguments(site.path()));
        const quint16 port = portOf(program.startLine());
        const Sender whole(port), piece(port), posted(port);
        QVERIFY(whole.send("PUT /old.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + QByteArray(50'000, 'w')));
        QVERIFY(piece.send("PUT /old.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\nUpload-Id: abcdefgh\r\n"
                           "Content-Range: bytes 0-99999/100000\r\n\r\n" +
                           QByteArray(40'000, 'p')));
        QVERIFY(posted.send(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n"
            "\r\n" +
            form.first(70'000)));
        QTRY_VERIFY_WITH_TIMEOUT(hiddenBytes(site.path()) > 150'000, 20'000);
        program.signal("KILL");
        QVERIFY(program.ends());
    }
    QFile old(site.path("old.txt"));
    QVERIFY(old.open(QIODevice::ReadOnly));
    QCOMPARE(old.readAll(), QByteArray("old"));
    Program program(site.path(), arguments(site.path()));
    const quint16 port = portOf(program.startLine());
    const Sender peer(port);
    QVERIFY(peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    QVERIFY(peer.readSome().startsWith("HTTP/1.1 200"));
    QTRY_COMPARE_WITH_TIMEOUT(hiddenBytes(site.path()), qint64{40'000}, 20'000);
    const Sender again(port);
    QVERIFY(again.send("PUT /old.txt HTTP/1.1\r\nHost: a\r\nUpload-Id: abcdefgh\r\nContent-Range: bytes */100000\r\n\r\n"));
    QVERIFY(again.readSome().contains("Upload-Offset: 40000\r\n"));
    QVERIFY(again.send("PUT /old.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\nUpload-Id: abcdefgh\r\n"
                       "Content-Range: bytes 40000-99999/100000\r\n\r\n" +
                       QByteArray(60'000, 'p')));
    QCOMPARE(again.status(), 204);
    QFile whole(site.path("old.txt"));
    QVERIFY(whole.open(QIODevice::ReadOnly));
    QCOMPARE(whole.readAll(), QByteArray(100'000, 'p'));
    QCOMPARE(QDir(site.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot), QStringList{"old.txt"});
}

// Two megabytes; only root may mount such a disk.
void TestUploadsOfTheProgram::keepsWhatIsThereWhenTheDiskIsFull() {
    TemporarySite site, own;
    own.write("large", QByteArray(3'000'000, 'l'));
    own.write("half", QByteArray(1'200'000, 'h'));
    site.makeFolder("disk");
    const QByteArray disk = site.path("disk").toUtf8();
    if (mount("tmpfs", disk.constData(), "tmpfs", 0, "size=2m") != 0) QSKIP("only root may mount a small disk");
    site.write("disk/old.txt", "old");
    site.write("disk/half", "old half");
    Program program(site.path(), arguments(site.path("disk")));
    const QString address = QString("http://127.0.0.1:%1/").arg(portOf(program.startLine()));
    const QString large = own.path("large"), half = own.path("half");
    // With a length, without one, as a form, as a piece.
    QVERIFY(curl({"-T", large, address + "old.txt"}).startsWith("507"));
    QVERIFY(curl({"-T", large, "-H", "Transfer-Encoding: chunked", address + "old.txt"}).startsWith("507"));
    QVERIFY(curl({"-F", "action=upload", "-F", "files=@" + large + ";filename=old.txt", address}).startsWith("507"));
    QVERIFY(curl({"-T", half, "-H", "Content-Range: bytes 0-1199999/3000000", address + "old.txt"}).startsWith("507"));
    // There was room when the pieces began.
    QVERIFY(curl({"-T", half, "-H", "Content-Range: bytes 0-1199999/2000000", address + "old.txt"}).startsWith("202"));
    QVERIFY(curl({"-T", half, "-H", "Transfer-Encoding: chunked", address + "half"}).startsWith("507"));
    const QStringList names = QDir(disk).entryList(QDir::Files | QDir::Hidden);
    QFile old(site.path("disk/old.txt")), second(site.path("disk/half"));
    const bool areOpen = old.open(QIODevice::ReadOnly) && second.open(QIODevice::ReadOnly);
    const QByteArray text = old.readAll() + second.readAll();
    old.close();
    second.close();
    umount2(disk.constData(), MNT_DETACH);
    QVERIFY(areOpen);
    QCOMPARE(text, QByteArray("oldold half"));
    QVERIFY2(names.size() == 3 && names.filter(".meerkat-upload-p").size() == 1, qPrintable(names.join(' ')));
}

void TestUploadsOfTheProgram::takesWhatCurlSends() {
    TemporarySite site, own;
    own.write("a b.txt", "text");
    Program program(site.path(), arguments(site.path()));
    const QString address = QString("http://127.0.0.1:%1/").arg(portOf(program.startLine())), file = own.path("a b.txt");
    const auto expect = [](const QByteArray &got, const char *status) { QVERIFY2(got.startsWith(status), got); };
    expect(curl({"-T", file, address}), "201");
    expect(curl({"-T", file, address + "a%20b.txt"}), "204");
    expect(curl({"-T", file, "-H", "Expect: 100-continue", address + "second"}), "201");
    expect(curl({"-X", "MKCOL", address + "folder/"}), "201");
    expect(curl({"-F", "action=upload", "-F", "files=@" + file + ";filename=one", "-F", "files=@" + file + ";filename=two",
                 address + "folder/"}),
           "303");
    expect(curl({"-d", "action=makefolder&name=by form", address}), "303");
    expect(curl({"-X", "MOVE", "-H", "Destination: " + address + "folder/three", address + "second"}), "201");
    expect(curl({"-X", "DELETE", address + "folder/one"}), "204");
    expect(curl({"-H", "Origin: http://elsewhere.example", "-T", file, address + "four"}), "403");
    QCOMPARE(QDir(site.path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot, QDir::Name),
             (QStringList{"a b.txt", "by form", "folder"}));
    QCOMPARE(QDir(site.path("folder")).entryList(QDir::Files, QDir::Name), (QStringList{"three", "two"}));
}

QTEST_GUILESS_MAIN(TestUploadsOfTheProgram)
#include "tst_uploads_linux.moc"
