// Station: tests of os/process and os/spool_file with programs that every such system has.
#include "os/process.h"
#include "os/spool_file.h"

#include "engine/os/loopback_pair.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace meerkat;
using namespace meerkat::os;

namespace {

ProcessPlan shell(const std::string &command) {
    ProcessPlan plan;
    plan.shellCommand = command;
    plan.environment = inheritedEnvironment();
    plan.folder = "/";
    return plan;
}

std::unique_ptr<Process> started(const ProcessPlan &plan) {
    auto process = Process::start(plan);
    if (!process) qFatal("%s", process.failure().text.c_str());
    return std::move(*process);
}

// All that it writes.
std::string outputOf(Process &process) {
    std::string all, part(65536, '\0');
    while (waitFor(process.output(), POLLIN)) {
        const auto outcome = process.read(part);
        if (outcome.state == IoState::WouldBlock) continue;
        if (outcome.state != IoState::Done) break;
        all.append(part, 0, outcome.bytes);
    }
    return all;
}
std::string outputOf(const ProcessPlan &plan) { return outputOf(*started(plan)); }

bool ends(Process &process) {
    return QTest::qWaitFor([&] { return process.hasEnded(); }, 10000);
}

bool isThere(pid_t process) { return kill(process, 0) == 0; }

QStringList openDescriptors() { return QDir("/proc/self/fd").entryList(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::System); }

}  // namespace

class TestProcess : public QObject {
    Q_OBJECT

  private slots:
    void givesAndTakesBytes();
    void runsAProgramWithItsArguments();
    void hasItsOwnEnvironmentAndFolder();
    void readsNothingWhereNothingIsGiven();
    void readsAFileFromTheBeginning();
    void inheritsNoDescriptorAndNoSignalSetting();
    void keepsTheWayToStandardError();
    void tellsOfItsEnd();
    void tellsThatNobodyReads();
    void endsItsWholeGroup();
    void killsWhatDoesNotListen();
    void endsWithItsObject();
    void livesWithWhoReapsEveryChild();
    void findsPrograms();
    void refusesWhatCantBeRun();
    void leavesNothingBehind();
};

void TestProcess::givesAndTakesBytes() {
    ProcessPlan plan = shell("cat");
    plan.hasInput = true;
    const auto process = started(plan);
    QCOMPARE(process->write("hello").bytes, std::size_t{5});
    process->closeInput();
    QCOMPARE(process->input(), kNoSocket);
    QCOMPARE(outputOf(*process), std::string("hello"));
    QVERIFY(ends(*process));
}

void TestProcess::runsAProgramWithItsArguments() {
    ProcessPlan plan;
    plan.arguments = {*findProgram("printf"), "[%s]", "a b", "\"c'", "", "\\$d"};
    plan.folder = "/";
    QCOMPARE(outputOf(plan), std::string("[a b][\"c'][][\\$d]"));
}

void TestProcess::hasItsOwnEnvironmentAndFolder() {
    const QTemporaryDir folder;
    ProcessPlan plan = shell("env | grep -v ^_= | grep -v ^PWD= | grep -v ^SHLVL= | grep -v ^OLDPWD= && pwd -P");
    plan.environment = {"PATH=/usr/bin:/bin", "A=b c"};
    plan.folder = QFileInfo(folder.path()).canonicalFilePath().toStdString();
    QByteArrayList lines = QByteArray::fromStdString(outputOf(plan)).trimmed().split('\n');
    QCOMPARE(lines.takeLast(), QByteArray::fromStdString(plan.folder));
    std::sort(lines.begin(), lines.end());
    QCOMPARE(lines, (QByteArrayList{"A=b c", "PATH=/usr/bin:/bin"}));
}

void TestProcess::readsNothingWhereNothingIsGiven() { QCOMPARE(outputOf(shell("cat; echo end")), std::string("end\n")); }

void TestProcess::readsAFileFromTheBeginning() {
    WriteState state = WriteState::Failed;
    const auto spool = SpoolFile::create(state);
    QCOMPARE(state, WriteState::Done);
    QCOMPARE(spool->append("what was "), WriteState::Done);
    QCOMPARE(spool->append("written"), WriteState::Done);
    ProcessPlan plan = shell("cat");
    plan.inputFile = &spool->file();
    QCOMPARE(outputOf(plan), std::string("what was written"));
}

void TestProcess::inheritsNoDescriptorAndNoSignalSetting() {
    prepareSockets();
    sigset_t blocked, before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &blocked, &before);
    const int left = open("/dev/null", O_RDONLY);  // without close-on-exec
    QVERIFY(left > 2);
    const QByteArray descriptors = QByteArray::fromStdString(outputOf(shell("ls /proc/self/fd | tr '\\n' ' '")));
    const auto signalsOf = [](const std::string &line) {
        return QByteArray::fromStdString(outputOf(shell("sed -n 's/^" + line + ":[^0-9]*//p' /proc/self/status")));
    };
    const QByteArray held = signalsOf("SigBlk"), ignored = signalsOf("SigIgn");
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    close(left);
    if (!QFile::exists("/proc/self/status")) QSKIP("this system has no /proc");
    // The fourth is the folder that ls reads.
    QCOMPARE(descriptors, QByteArray("0 1 2 3 "));
    QCOMPARE(held.trimmed(), QByteArray("0000000000000000"));
    // Two above those that programs know are the C library's own.
    QCOMPARE(ignored.trimmed().toULongLong(nullptr, 16) & 0x7fffffff, 0ull);
}

void TestProcess::keepsTheWayToStandardError() {
    QCOMPARE(outputOf(shell("test -e /dev/fd/2 && echo open")), std::string("open\n"));
    const int kept = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    close(STDERR_FILENO);
    // Whatever takes its number is none of the child's business.
    const int socket = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    const std::string output = outputOf(shell("echo lost >&2 && echo written"));
    const int taken = socket;
    close(socket);
    dup2(kept, STDERR_FILENO);
    close(kept);
    QCOMPARE(taken, STDERR_FILENO);
    QCOMPARE(output, std::string("written\n"));
}

void TestProcess::tellsOfItsEnd() {
    ProcessPlan plan = shell("read line");
    plan.hasInput = true;
    const auto process = started(plan);
    QVERIFY(!process->hasEnded());
    if (process->endHandle() != kNoSocket) QVERIFY(!waitFor(process->endHandle(), POLLIN, 0));
    process->closeInput();
    if (process->endHandle() != kNoSocket) QVERIFY(waitFor(process->endHandle(), POLLIN));
    QVERIFY(ends(*process));
    QVERIFY(process->hasEnded());
    QVERIFY(!isThere(static_cast<pid_t>(process->id())));
}

void TestProcess::tellsThatNobodyReads() {
    prepareSockets();
    ProcessPlan plan = shell("exec <&-; echo closed; sleep 1000");
    plan.hasInput = true;
    const auto process = started(plan);
    QVERIFY(waitFor(process->output(), POLLIN));
    QCOMPARE(process->write("x").state, IoState::Closed);
}

void TestProcess::endsItsWholeGroup() {
    const auto process = started(shell("sleep 1000 & echo $!; wait"));
    std::string part(100, '\0');
    QVERIFY(waitFor(process->output(), POLLIN));
    part.resize(process->read(part).bytes);
    const pid_t child = static_cast<pid_t>(std::stol(part));
    QVERIFY(isThere(child));
    process->askToEnd();
    QVERIFY(ends(*process));
    QVERIFY(QTest::qWaitFor([&] { return !isThere(child); }, 10000));
}

void TestProcess::killsWhatDoesNotListen() {
    const auto process = started(shell("trap '' TERM; echo ready; while :; do sleep 1000; done"));
    QVERIFY(waitFor(process->output(), POLLIN));
    process->askToEnd();
    QVERIFY(!QTest::qWaitFor([&] { return process->hasEnded(); }, 200));
    process->kill();
    QVERIFY(ends(*process));
}

void TestProcess::endsWithItsObject() {
    auto process = started(shell("trap '' TERM; echo ready; while :; do sleep 1000; done"));
    QVERIFY(waitFor(process->output(), POLLIN));
    const pid_t number = static_cast<pid_t>(process->id());
    process.reset();
    QVERIFY(!isThere(number));
}

// As a program around us may.
void TestProcess::livesWithWhoReapsEveryChild() {
    std::signal(SIGCHLD, SIG_IGN);
    const auto process = started(shell("exit 0"));
    QVERIFY(ends(*process));
    std::signal(SIGCHLD, SIG_DFL);
    const auto other = started(shell("exit 0"));
    QCOMPARE(waitpid(static_cast<pid_t>(other->id()), nullptr, 0), static_cast<pid_t>(other->id()));
    QVERIFY(other->hasEnded());
}

void TestProcess::findsPrograms() {
    QVERIFY(findProgram("sh")->ends_with("/sh"));
    QCOMPARE(*findProgram("/bin/sh"), std::string("/bin/sh"));
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent("/bin"));
    QVERIFY(findProgram("./sh")->starts_with("/"));
    QDir::setCurrent(before);
    for (const char *none : {"", "no-such-program", "/no/such/program", "/bin", "/etc/passwd", "./sh"}) {
        const auto found = findProgram(none);
        QVERIFY2(!found && found.failure().text.find(none) != std::string::npos, none);
    }
}

void TestProcess::refusesWhatCantBeRun() {
    const QTemporaryDir folder;
    const QString script = folder.filePath("script");
    QFile file(script);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("#!/no/such/interpreter\n") > 0);
    file.close();
    ProcessPlan plan;
    plan.arguments = {script.toStdString()};
    plan.folder = "/";
    const auto forbidden = Process::start(plan);
    QVERIFY(!forbidden && isNoPermissionToRun(forbidden.failure().code));
    QVERIFY(QFile::setPermissions(script, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    const auto odd = Process::start(plan);
    QVERIFY(!odd && !isNoPermissionToRun(odd.failure().code) && !isShortage(odd.failure().code));
    plan = shell("exit 0");
    plan.folder = "/no/such/folder";
    QVERIFY(!Process::start(plan));
    QVERIFY(isShortage(EMFILE) && isShortage(EAGAIN) && !isShortage(ENOENT));
}

void TestProcess::leavesNothingBehind() {
    const QStringList before = openDescriptors();
    {
        ProcessPlan plan = shell("cat; sleep 1000");
        plan.hasInput = true;
        const auto process = started(plan);
        plan.folder = "/no/such/folder";
        QVERIFY(!Process::start(plan));
    }
    QCOMPARE(openDescriptors().size(), before.size());
    errno = 0;
    QCOMPARE(waitpid(-1, nullptr, WNOHANG), -1);
    QCOMPARE(errno, ECHILD);
}

QTEST_GUILESS_MAIN(TestProcess)
#include "tst_process_posix.moc"
