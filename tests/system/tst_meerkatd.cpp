// The real program as a person starts it in a terminal, and as a service manager ends it.
#include "support/console_program.h"

#include <QElapsedTimer>
#include <QTcpServer>
#include <QTemporaryDir>

using namespace meerkat::test;

namespace {

constexpr qint64 kBigBytes = 24 << 20;  // more than the buffers of a loopback connection

// What a download that takes its time has received; starts it.
void startSlowDownload(QTcpSocket &socket, quint16 port) {
    socket.setReadBufferSize(4096);
    socket.connectToHost(QHostAddress::LocalHost, port);
    QVERIFY(socket.waitForConnected());
    socket.write("GET /big.bin HTTP/1.1\r\nHost: test\r\n\r\n");
    QTRY_VERIFY(socket.bytesAvailable() > 0);
}

}  // namespace

class TestMeerkatd : public QObject {
    Q_OBJECT

  private slots:
    void servesAFolderToCurl();
    void servesTheCurrentFolder();
    void servesAFolderOfAnyName_data();
    void servesAFolderOfAnyName();
    void servesAsAConfigFileSays();
    void readsPathsOfRewritesRelativeToTheConfigFile();
    void takesAnEmptyValueInAConfigFileAsUnset();
    void reopensItsLogAtHangUp();
    void saysWhenTheNetworkCanReachIt();
    void printsHelp_data();
    void printsHelp();
    void printsItsVersion();
    void finishesARunningDownload_data();
    void finishesARunningDownload();
    void cutsADownloadThatTakesTooLong();
    void endsAtOnceWithIdleConnections();
    void endsAtOnceWithHalfARequest();
    void tellsLostLinesOfTheLogOnce();
    void opensNothingInThePlaceOfAClosedStream();
    void endsAtOnceAtTheSecondSignal();

    void refuses_data();
    void refuses();
    void refusesATakenPort();
    void refusesAFolderItMayNotRead();

    void init();

  private:
    void write(const QString &name, const QByteArray &content) const;
    QString in(const QString &name) const { return m_folder->filePath(name); }
    QByteArray curl(const QStringList &arguments) const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestMeerkatd::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    QVERIFY(QDir(m_folder->path()).mkpath("site"));
    write("site/a.txt", "hello");
    QFile big(in("site/big.bin"));
    QVERIFY(big.open(QIODevice::WriteOnly) && big.resize(kBigBytes));
}

void TestMeerkatd::write(const QString &name, const QByteArray &content) const {
    QFile file(in(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

QByteArray TestMeerkatd::curl(const QStringList &arguments) const {
    QProcess process;
    process.start("curl", QStringList{"--silent", "--show-error", "--noproxy", "*", "--max-time", "20"} + arguments);
    process.waitForFinished();
    return process.readAllStandardOutput() + process.readAllStandardError();
}

void TestMeerkatd::servesAFolderToCurl() {
    Program program(m_folder->path(), QStringList{"site"} + kAnyPort);
    const QString line = program.startLine();
    const quint16 port = portOf(line);
    QCOMPARE(line, QString("Serving %1 at http://127.0.0.1:%2/\n").arg(QFileInfo(in("site")).absoluteFilePath()).arg(port));
    const QString url = QString("http://127.0.0.1:%1/").arg(port);
    QCOMPARE(curl({url + "a.txt"}), QByteArray("hello"));
    QVERIFY(curl({url}).contains("a.txt"));
    QCOMPARE(curl({"--output", in("copy"), "--write-out", "%{http_code}", url + "big.bin"}), QByteArray("200"));
    QCOMPARE(QFileInfo(in("copy")).size(), kBigBytes);
}

void TestMeerkatd::servesTheCurrentFolder() {
    Program program(in("site"), kAnyPort);
    const QString line = program.startLine();
    const quint16 port = portOf(line);
    QCOMPARE(line, QString("Serving %1 at http://127.0.0.1:%2/\n").arg(QFileInfo(in("site")).canonicalFilePath()).arg(port));
    QCOMPARE(curl({QString("http://127.0.0.1:%1/a.txt").arg(port)}), QByteArray("hello"));
}

void TestMeerkatd::servesAFolderOfAnyName_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("shown");
    QTest::newRow("with blanks") << " a  b "
                                 << " a  b ";
    QTest::newRow("not in ASCII") << QString::fromUtf8("\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xbf")
                                  << QString::fromUtf8("\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xbf");
    QTest::newRow("with a line break") << "a\nb\n"
                                       << "a\\x0ab\\x0a";
}

void TestMeerkatd::servesAFolderOfAnyName() {
    QFETCH(QString, name);
    QFETCH(QString, shown);
    QVERIFY(QDir(m_folder->path()).rename("site", name));
    Program program(m_folder->path(), QStringList{name} + kAnyPort);
    const QString line = program.startLine();
    const quint16 port = portOf(line);
    QVERIFY2(line.contains('/' + shown + " at http://"), qPrintable(line));
    QCOMPARE(curl({QString("http://127.0.0.1:%1/a.txt").arg(port)}), QByteArray("hello"));
}

void TestMeerkatd::servesAsAConfigFileSays() {
    write("my.conf", "# a test\ndocument_root site\nlistening_port 127.0.0.1:0\nindex_files a.txt\naccess_log_file my.log\n");
    Program program("/", {in("my.conf"), "-enable_directory_listing", "no"});
    const quint16 port = portOf(program.startLine());
    QCOMPARE(curl({QString("http://127.0.0.1:%1/").arg(port)}), QByteArray("hello"));
    QTRY_VERIFY(QFileInfo(in("my.log")).size() > 0);
}

void TestMeerkatd::readsPathsOfRewritesRelativeToTheConfigFile() {
    write("my.conf",
          "document_root site\nlistening_port 127.0.0.1:0\nurl_rewrites /other=site/a.txt, /old=301:/a.txt,404=/a.txt\n");
    Program program("/", {in("my.conf")});
    const QString place = QString("http://127.0.0.1:%1").arg(portOf(program.startLine()));
    QCOMPARE(curl({place + "/other"}), QByteArray("hello"));
    QCOMPARE(curl({"-L", place + "/old"}), QByteArray("hello"));
    QCOMPARE(curl({"-L", place + "/none"}), QByteArray("hello"));
}

// As on the command line.
void TestMeerkatd::takesAnEmptyValueInAConfigFileAsUnset() {
    write("my.conf", "document_root\nlistening_port 127.0.0.1:0\nindex_files\n");
    Program program(m_folder->path(), {"my.conf"});
    const QString line = program.startLine();
    QVERIFY2(line.startsWith("Serving no folder at http://127.0.0.1:"), qPrintable(line));
}

void TestMeerkatd::reopensItsLogAtHangUp() {
    Program program(m_folder->path(), QStringList{"site", "-access_log_file", "my.log", "-hexdump_file", "my.dump"} + kAnyPort);
    const QString url = QString("http://127.0.0.1:%1/a.txt").arg(portOf(program.startLine()));
    QDir folder(m_folder->path());
    QCOMPARE(curl({url}), QByteArray("hello"));
    QTRY_VERIFY(QFileInfo(in("my.log")).size() > 0 && QFileInfo(in("my.dump")).size() > 0);
    QVERIFY(folder.rename("my.log", "old.log") && folder.rename("my.dump", "old.dump"));
    program.signal("HUP");
    QTRY_VERIFY(QFileInfo::exists(in("my.log")) && QFileInfo::exists(in("my.dump")));
    QCOMPARE(curl({url}), QByteArray("hello"));
    QTRY_VERIFY(QFileInfo(in("my.log")).size() > 0 && QFileInfo(in("my.dump")).size() > 0);
}

void TestMeerkatd::saysWhenTheNetworkCanReachIt() {
    QVERIFY(QDir(m_folder->path()).mkpath("empty"));
    Program program(m_folder->path(), {"empty", "-listening_port", "0"});
    const QString line = program.startLine();
    QVERIFY2(line.endsWith("/ (everyone on your network can open it)\n"), qPrintable(line));
}

void TestMeerkatd::printsHelp_data() {
    QTest::addColumn<QString>("option");
    QTest::newRow("in words") << "--help";
    QTest::newRow("in short") << "-h";
}

void TestMeerkatd::printsHelp() {
    QFETCH(QString, option);
    Program program(m_folder->path(), {option});
    QVERIFY(program.ends());
    QCOMPARE(program.process().exitCode(), 0);
    const QByteArray help = program.process().readAllStandardOutput();
    QVERIFY(help.contains("-document_root") && help.contains("-listening_port") && help.contains("CONFIG_FILE"));
    for (const QByteArray &line : help.split('\n')) QVERIFY2(line.size() <= 100, line.constData());
    QVERIFY(program.process().readAllStandardError().isEmpty());
}

void TestMeerkatd::printsItsVersion() {
    Program program(m_folder->path(), {"--version"});
    QVERIFY(program.ends());
    QCOMPARE(program.process().exitCode(), 0);
    QVERIFY(QRegularExpression("^meerkatd \\d+\\.\\d+\\.\\d+\n$").match(program.process().readAllStandardOutput()).hasMatch());
}

void TestMeerkatd::finishesARunningDownload_data() {
    QTest::addColumn<QString>("signal");
    QTest::newRow("a service manager's SIGTERM") << "TERM";
    QTest::newRow("a person's Ctrl+C") << "INT";
}

void TestMeerkatd::finishesARunningDownload() {
    QFETCH(QString, signal);
    Program program(m_folder->path(), QStringList{"site"} + kAnyPort);
    const quint16 port = portOf(program.startLine());
    QTcpSocket slow;
    startSlowDownload(slow, port);
    program.signal(signal);
    QTRY_VERIFY(!isListening(port));
    QCOMPARE(program.process().state(), QProcess::Running);
    slow.setReadBufferSize(0);
    qint64 received = 0;
    QTRY_VERIFY((received += slow.readAll().size(), slow.state() == QAbstractSocket::UnconnectedState));
    QVERIFY2(received > kBigBytes, qPrintable(QString::number(received)));
    QVERIFY(program.ends());
    QCOMPARE(program.process().exitStatus(), QProcess::NormalExit);
    QCOMPARE(program.process().exitCode(), 0);
}

void TestMeerkatd::cutsADownloadThatTakesTooLong() {
    Program program(m_folder->path(), QStringList{"site"} + kAnyPort);
    QTcpSocket slow;
    startSlowDownload(slow, portOf(program.startLine()));
    QElapsedTimer clock;
    clock.start();
    program.signal("TERM");
    QVERIFY(program.ends());
    QVERIFY2(clock.elapsed() > 2000, qPrintable(QString::number(clock.elapsed())));
    QCOMPARE(program.process().exitStatus(), QProcess::NormalExit);
    QCOMPARE(program.process().exitCode(), 0);
}

void TestMeerkatd::endsAtOnceWithIdleConnections() {
    Program program(m_folder->path(), QStringList{"site"} + kAnyPort);
    const quint16 port = portOf(program.startLine());
    QTcpSocket idle, fresh;
    idle.connectToHost(QHostAddress::LocalHost, port);
    fresh.connectToHost(QHostAddress::LocalHost, port);
    QVERIFY(idle.waitForConnected() && fresh.waitForConnected());
    idle.write("GET /a.txt HTTP/1.1\r\nHost: test\r\n\r\n");
    QTRY_VERIFY(idle.bytesAvailable() > 0 && idle.peek(4096).endsWith("hello"));
    program.signal("TERM");
    QVERIFY(program.ends(2000));
    QCOMPARE(program.process().exitCode(), 0);
}

void TestMeerkatd::endsAtOnceAtTheSecondSignal() {
    Program program(m_folder->path(), QStringList{"site"} + kAnyPort);
    const quint16 port = portOf(program.startLine());
    QTcpSocket slow;
    startSlowDownload(slow, port);
    program.signal("INT");
    QTRY_VERIFY(!isListening(port));
    QCOMPARE(program.process().state(), QProcess::Running);
    program.signal("INT");
    QVERIFY(program.ends(2000));
    QCOMPARE(program.process().exitStatus(), QProcess::CrashExit);
}

void TestMeerkatd::refuses_data() {
    QTest::addColumn<QByteArray>("config");
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("line");
    const QStringList conf{"my.conf"};
    QTest::newRow("a folder that is not there")
        << QByteArray() << QStringList{"nowhere"} << QByteArray("meerkatd: there is no folder or config file nowhere\n");
    QTest::newRow("a folder with a line break that is not there")
        << QByteArray() << QStringList{"a\nb\x1b"} << QByteArray("meerkatd: there is no folder or config file a\\x0ab\\x1b\n");
    QTest::newRow("an unknown option") << QByteArray() << QStringList{"-port", "1"}
                                       << QByteArray("meerkatd: there is no option -port; meerkatd --help lists them\n");
    QTest::newRow("more than the version") << QByteArray() << QStringList{"--version", "extra"}
                                           << QByteArray("meerkatd: --version takes nothing else, and there is extra\n");
    QTest::newRow("an unknown option in a file")
        << QByteArray("\nport 1\n") << conf
        << QByteArray("meerkatd: my.conf:2: there is no option port; meerkatd --help lists them\n");
    QTest::newRow("an option twice in a file")
        << QByteArray("index_files a\n\nindex_files b\n") << conf
        << QByteArray("meerkatd: my.conf:3: index_files is already set at my.conf:1; only one of the two can count\n");
    QTest::newRow("no port in a file") << QByteArray("# x\nlistening_port\n") << conf
                                       << QByteArray("meerkatd: my.conf:2: listening_port: without a port nobody can be served; "
                                                     "0 takes any that is free\n");
    QTest::newRow("an empty port that was typed")
        << QByteArray() << QStringList{"-listening_port", ""}
        << QByteArray("meerkatd: listening_port: without a port nobody can be served; 0 takes any that is free\n");
    QTest::newRow("a missing folder in a file")
        << QByteArray("document_root /no/where\n") << conf << QByteArray("meerkatd: my.conf:1: there is no folder /no/where\n");
    QTest::newRow("a refused value in a file")
        << QByteArray("# x\nenable_directory_listing maybe\n") << conf
        << QByteArray("meerkatd: my.conf:2: enable_directory_listing: \"maybe\" is neither yes nor no\n");
    QTest::newRow("a refused value that was typed")
        << QByteArray() << QStringList{"-enable_directory_listing", "maybe"}
        << QByteArray("meerkatd: enable_directory_listing: \"maybe\" is neither yes nor no\n");
}

void TestMeerkatd::refuses() {
    QFETCH(QByteArray, config);
    QFETCH(QStringList, arguments);
    write("my.conf", config);
    Program program(m_folder->path(), arguments);
    QVERIFY(program.ends());
    QTEST(program.process().readAllStandardError(), "line");
    QVERIFY(program.process().readAllStandardOutput().isEmpty());
    QCOMPARE(program.process().exitStatus(), QProcess::NormalExit);
    QCOMPARE(program.process().exitCode(), 1);
}

void TestMeerkatd::refusesATakenPort() {
    QTcpServer taken;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    const QString port = QString::number(taken.serverPort());
    Program program(m_folder->path(), {"site", "-listening_port", "127.0.0.1:" + port});
    QVERIFY(program.ends());
    const QString complaint = QString::fromUtf8(program.process().readAllStandardError());
    const QString holder = QFileInfo(QCoreApplication::applicationFilePath()).fileName();
    QCOMPARE(complaint, QString("meerkatd: listening_port: Port %1 is used by %2. Name another one, or 0 for any that is free\n")
                            .arg(port, holder));
    QCOMPARE(program.process().exitCode(), 1);
}

// Half a request is no answer that runs.
void TestMeerkatd::endsAtOnceWithHalfARequest() {
    Program program(m_folder->path(), QStringList{"site"} + kAnyPort);
    const quint16 port = portOf(program.startLine());
    QTcpSocket first, half;
    for (QTcpSocket *socket : {&half, &first}) {
        socket->connectToHost(QHostAddress::LocalHost, port);
        QVERIFY(socket->waitForConnected());
    }
    half.write("GET / HT");
    QVERIFY(half.waitForBytesWritten());
    // An answer on a later connection: the half one was read.
    first.write("GET /none HTTP/1.0\r\n\r\n");
    QTRY_COMPARE(first.state(), QAbstractSocket::UnconnectedState);
    program.signal("TERM");
    QVERIFY(program.ends());
    QCOMPARE(program.process().exitCode(), 0);
    QTRY_COMPARE(half.state(), QAbstractSocket::UnconnectedState);
    QVERIFY2(!half.readAll().contains("408"), "it was answered only because time was up");
}

void TestMeerkatd::tellsLostLinesOfTheLogOnce() {
    if (!QFile::exists("/dev/full")) QSKIP("this system has no file that is always full");
    Program program(m_folder->path(), QStringList{"site", "-access_log_file", "/dev/full"} + kAnyPort);
    const quint16 port = portOf(program.startLine());
    const auto ask = [port] {
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, port);
        socket.write("GET /none HTTP/1.0\r\n\r\n");
        return QTest::qWaitFor([&] { return socket.state() == QAbstractSocket::UnconnectedState; }, 20000);
    };
    QByteArray complaints;
    QVERIFY(ask());
    QVERIFY(ask());  // sooner than a second after the look at the first one
    QTRY_VERIFY_WITH_TIMEOUT(!(complaints += program.process().readAllStandardError()).isEmpty(), 20000);
    for (int i = 0; i < 3; ++i) QVERIFY(ask());
    program.signal("TERM");
    QVERIFY(program.ends());
    complaints += program.process().readAllStandardError();
    QCOMPARE(complaints,
             QByteArray("meerkatd: access_log_file: lines are lost, /dev/full can't be written to. Is the disk full?\n"));
}

// What is said to nobody goes nowhere: neither into the log nor to a visitor.
void TestMeerkatd::opensNothingInThePlaceOfAClosedStream() {
    if (!QFile::exists("/proc/self/fd")) QSKIP("this system does not show what a process has open");
    Program program(m_folder->path(), "sh",
                    {"-c", "exec \"$0\" site -listening_port 127.0.0.1:0 -access_log_file log <&- >&- 2>&-", Program::path()});
    const auto target = [&](int stream) {
        return QFile::symLinkTarget(QStringLiteral("/proc/%1/fd/%2").arg(program.process().processId()).arg(stream));
    };
    QTRY_VERIFY(QFile::exists(in("log")));
    for (const int stream : {0, 1, 2}) QCOMPARE(target(stream), QString("/dev/null"));
    program.signal("TERM");
    QVERIFY(program.ends());
}

// Root may read everything: then the program runs as nobody.
void TestMeerkatd::refusesAFolderItMayNotRead() {
    const QString site = in("site");
    QVERIFY(QFile(m_folder->path()).setPermissions(QFileDevice::Permissions(0x7755)));
    QVERIFY(QFile(site).setPermissions({}));
    const bool isRoot = QFile("/etc/shadow").open(QIODevice::ReadOnly);
    QStringList command{Program::path(), site, "-listening_port", "127.0.0.1:0"};
    if (isRoot) command = QStringList{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"} + command;
    QProcess process;
    process.start(command.first(), command.mid(1));
    QVERIFY(process.waitForFinished());
    QFile(site).setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
    QCOMPARE(
        QString::fromUtf8(process.readAllStandardError()),
        QString("meerkatd: the folder %1 can't be read: allow it in the folder's permissions, or name another one\n").arg(site));
    QCOMPARE(process.exitCode(), 1);
}

QTEST_GUILESS_MAIN(TestMeerkatd)
#include "tst_meerkatd.moc"
