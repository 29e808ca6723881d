// SIGHUP: sent by hand, by a log rotation, and by a terminal that is closed.
#include "support/console_program.h"

#include <QTemporaryDir>

#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>

using namespace meerkat::test;

namespace {

// A terminal of which the test holds the other end.
class Terminal {
  public:
    Terminal() : m_master(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
        grantpt(m_master);
        unlockpt(m_master);
    }
    ~Terminal() { close(); }
    QString path() const { return QString::fromLocal8Bit(ptsname(m_master)); }
    void close() {
        if (m_master >= 0) ::close(m_master);
        m_master = -1;
    }

  private:
    int m_master;
};

}  // namespace

class TestHangUp : public QObject {
    Q_OBJECT

  private slots:
    void keepsServing_data();
    void keepsServing();
    void keepsServingWhereTheTerminalIsStillThere();
    void endsWithItsTerminal_data();
    void endsWithItsTerminal();
    void outlivesItsTerminalWithNohup();

    void init();

  private:
    // With that terminal as its own, as from a shell in a window.
    std::unique_ptr<Program> startIn(const Terminal &terminal, const QStringList &arguments, bool ignoresHangUp = false) const;
    void verifyServes(quint16 port) const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestHangUp::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    QFile file(m_folder->filePath("a.txt"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("hello") == 5);
}

std::unique_ptr<Program> TestHangUp::startIn(const Terminal &terminal, const QStringList &arguments, bool ignoresHangUp) const {
    // A new session whose first opened terminal becomes its controlling one.
    const QString script = QString(ignoresHangUp ? "trap '' HUP; " : "") + "exec \"$@\" <" + terminal.path();
    const QStringList command{"sh", "-c", script, "sh", Program::path()};
    return std::make_unique<Program>(m_folder->path(), "setsid", command + arguments + kAnyPort);
}

void TestHangUp::verifyServes(quint16 port) const {
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, port);
    QVERIFY(socket.waitForConnected());
    socket.write("GET /a.txt HTTP/1.0\r\n\r\n");
    QTRY_COMPARE(socket.state(), QAbstractSocket::UnconnectedState);
    QVERIFY(socket.readAll().endsWith("hello"));
}

void TestHangUp::keepsServing_data() {
    QTest::addColumn<QStringList>("options");
    QTest::newRow("without a log") << QStringList{};
    QTest::newRow("with a log") << QStringList{"-access_log_file", "my.log"};
    QTest::newRow("with a dump") << QStringList{"-hexdump_file", "my.dump"};
    QTest::newRow("with a log that can't be opened again") << QStringList{"-access_log_file", "logs/my.log"};
}

void TestHangUp::keepsServing() {
    QFETCH(QStringList, options);
    QVERIFY(QDir(m_folder->path()).mkpath("logs"));
    Program program(m_folder->path(), QStringList{"."} + options + kAnyPort);
    const quint16 port = portOf(program.startLine());
    QVERIFY(QDir(m_folder->filePath("logs")).removeRecursively());
    for (int i = 0; i < 3; ++i) {
        program.signal("HUP");
        verifyServes(port);
    }
    program.signal("TERM");
    QVERIFY(program.ends());
    QCOMPARE(program.process().exitCode(), 0);
}

void TestHangUp::keepsServingWhereTheTerminalIsStillThere() {
    const Terminal terminal;
    const auto program = startIn(terminal, {"."});
    const quint16 port = portOf(program->startLine());
    program->signal("HUP");
    verifyServes(port);
    QCOMPARE(program->process().state(), QProcess::Running);
}

void TestHangUp::endsWithItsTerminal_data() {
    QTest::addColumn<QStringList>("options");
    QTest::newRow("without a log") << QStringList{};
    QTest::newRow("with a log") << QStringList{"-access_log_file", "my.log"};
}

void TestHangUp::endsWithItsTerminal() {
    QFETCH(QStringList, options);
    Terminal terminal;
    const auto program = startIn(terminal, QStringList{"."} + options);
    QVERIFY(portOf(program->startLine()) > 0);
    terminal.close();
    QVERIFY(program->ends());
    QCOMPARE(program->process().exitStatus(), QProcess::NormalExit);
    QCOMPARE(program->process().exitCode(), 0);
}

void TestHangUp::outlivesItsTerminalWithNohup() {
    Terminal terminal;
    const auto program = startIn(terminal, {"."}, true);
    const quint16 port = portOf(program->startLine());
    terminal.close();
    verifyServes(port);
    program->signal("HUP");
    verifyServes(port);
    QCOMPARE(program->process().state(), QProcess::Running);
}

QTEST_GUILESS_MAIN(TestHangUp)
#include "tst_hang_up_linux.moc"
