// Station: tests of run_as_user, with meerkatd started as root: whose the program is afterwards, and what it may no longer do.
#include "support/console_program.h"

#include <QFile>
#include <QTemporaryDir>

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace meerkat::test;

namespace {

// What /proc says of the process, the numbers behind that word.
QByteArray statusOf(qint64 id, const QByteArray &word) {
    QFile file(QString("/proc/%1/status").arg(id));
    if (!file.open(QIODevice::ReadOnly)) return "(none)";
    for (const QByteArray &line : file.readAll().split('\n'))
        if (line.startsWith(word + ':')) return line.mid(word.size() + 1).simplified();
    return {};
}

QByteArray fourTimes(unsigned number) { return (QByteArray::number(number) + ' ').repeated(4).trimmed(); }

// A port that only root may open and that is free.
quint16 freePortOfRoot() {
    for (quint16 port = 1023; port > 512; --port)
        if (!isListening(port)) return port;
    return 0;
}

}  // namespace

class TestRunAsUser : public QObject {
    Q_OBJECT

  private slots:
    void initTestCase();
    void init();
    void givesUpAllItsRights();
    void opensAPortOfRootFirst();
    void servesWhatTheUserMayRead();
    void leavesTheGroupsItWasStartedIn();
    void refusesUsersThatAreNone_data();
    void refusesUsersThatAreNone();
    void staysAsItIsWhereThePortIsTaken();
    void refusesAnotherUserWithoutRoot();

  private:
    QStringList with(const QString &user, const QString &port = "127.0.0.1:0") const {
        return {"-listening_port", port, "-document_root", m_folder->path(), "-run_as_user", user};
    }
    static QByteArray get(quint16 port, const QByteArray &target) {
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, port);
        if (!socket.waitForConnected()) return "(not connected)";
        socket.write("GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        QByteArray answer;
        (void)QTest::qWaitFor([&] { return answer += socket.readAll(), socket.state() == QAbstractSocket::UnconnectedState; });
        return answer.mid(9, 3);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestRunAsUser::initTestCase() {
    if (geteuid() != 0) QSKIP("Only root can become somebody else");
}

void TestRunAsUser::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    QFile open(m_folder->filePath("open.txt")), secret(m_folder->filePath("secret.txt"));
    QVERIFY(open.open(QIODevice::WriteOnly) && open.write("open") == 4);
    QVERIFY(secret.open(QIODevice::WriteOnly) && secret.write("secret") == 6);
    QVERIFY(chmod(qPrintable(m_folder->path()), 0755) == 0 && chmod(qPrintable(open.fileName()), 0644) == 0);
    QVERIFY(chmod(qPrintable(secret.fileName()), 0600) == 0);
}

void TestRunAsUser::givesUpAllItsRights() {
    const passwd *nobody = getpwnam("nobody");
    QVERIFY(nobody);
    const unsigned user = nobody->pw_uid, group = nobody->pw_gid;
    Program program(m_folder->path(), with("nobody"));
    QVERIFY(portOf(program.startLine()) != 0);
    const qint64 id = program.process().processId();
    QCOMPARE(statusOf(id, "Uid"), fourTimes(user));
    QCOMPARE(statusOf(id, "Gid"), fourTimes(group));
    // Of root's groups none is left.
    QCOMPARE(statusOf(id, "Groups"), QByteArray::number(group));
    for (const char *rights : {"CapPrm", "CapEff", "CapInh"}) QCOMPARE(statusOf(id, rights), QByteArray("0000000000000000"));
    // Of all threads.
    const QStringList threads = QDir(QString("/proc/%1/task").arg(id)).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &thread : threads) QCOMPARE(statusOf(thread.toLongLong(), "Uid"), fourTimes(user));
}

void TestRunAsUser::opensAPortOfRootFirst() {
    const quint16 port = freePortOfRoot();
    QVERIFY(port != 0);
    Program program(m_folder->path(), with("nobody", "127.0.0.1:" + QString::number(port)));
    QCOMPARE(portOf(program.startLine()), port);
    QCOMPARE(get(port, "/open.txt"), QByteArray("200"));
}

void TestRunAsUser::servesWhatTheUserMayRead() {
    Program program(m_folder->path(), with("nobody") + QStringList{"-access_log_file", m_folder->filePath("log")});
    const quint16 port = portOf(program.startLine());
    QCOMPARE(get(port, "/open.txt"), QByteArray("200"));
    QCOMPARE(get(port, "/secret.txt"), QByteArray("403"));
    // What root had opened before goes on.
    QVERIFY(QTest::qWaitFor([&] {
        QFile log(m_folder->filePath("log"));
        return log.open(QIODevice::ReadOnly) && log.readAll().contains("secret.txt");
    }));
    Program asRoot(m_folder->path(), with("root"));
    QCOMPARE(get(portOf(asRoot.startLine()), "/secret.txt"), QByteArray("200"));
}

// Started in groups that open other people's files.
void TestRunAsUser::leavesTheGroupsItWasStartedIn() {
    const passwd *nobody = getpwnam("nobody");
    QVERIFY(nobody);
    Program program(m_folder->path(), "setpriv", QStringList{"--groups=0,4,42", Program::path()} + with("nobody"));
    QVERIFY(portOf(program.startLine()) != 0);
    QCOMPARE(statusOf(program.process().processId(), "Groups"), QByteArray::number(nobody->pw_gid));
}

void TestRunAsUser::refusesUsersThatAreNone_data() {
    QTest::addColumn<QString>("user");
    QTest::newRow("no such name") << "nosuchuser";
    QTest::newRow("words") << "no body";
    QTest::newRow("a number") << "65534";
}

void TestRunAsUser::refusesUsersThatAreNone() {
    QFETCH(QString, user);
    Program program(m_folder->path(), with(user));
    QVERIFY(program.ends());
    QCOMPARE(program.process().exitCode(), 1);
    const QString said = QString::fromUtf8(program.process().readAllStandardError());
    QCOMPARE(said, QString("meerkatd: run_as_user: There is no user \"%1\" on this computer\n").arg(user));
}

void TestRunAsUser::staysAsItIsWhereThePortIsTaken() {
    Program first(m_folder->path(), kAnyPort);
    const quint16 port = portOf(first.startLine());
    Program second(m_folder->path(), with("nobody", "127.0.0.1:" + QString::number(port)));
    QVERIFY(second.ends());
    QCOMPARE(second.process().exitCode(), 1);
    QVERIFY(second.process().readAllStandardError().contains("listening_port"));
}

// As nobody: his own name is right, another is refused.
void TestRunAsUser::refusesAnotherUserWithoutRoot() {
    const QString bin = Program::path();
    const QStringList asNobody{"--reuid=nobody", "--regid=nogroup", "--clear-groups", bin};
    Program own(m_folder->path(), "setpriv", asNobody + with("nobody"));
    QVERIFY(portOf(own.startLine()) != 0);
    Program other(m_folder->path(), "setpriv", asNobody + with("daemon"));
    QVERIFY(other.ends());
    const QString said = QString::fromUtf8(other.process().readAllStandardError());
    QVERIFY2(said.contains("This program can't become \"daemon\": it runs as nobody, and only what root has started may"),
             qPrintable(said));
}

QTEST_GUILESS_MAIN(TestRunAsUser)
#include "tst_run_as_user_linux.moc"
