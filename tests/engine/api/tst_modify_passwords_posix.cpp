// Station: tests of mg_modify_passwords_file: entries added, edited and deleted; editors that are killed, and several at once.
#include "mongoose.h"
#include "support/digest_client.h"
#include "support/temporary_site.h"

#include <QDir>
#include <QSet>
#include <QTest>

#include <csignal>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace meerkat::test;

namespace {

// Adds users until it is killed; says each one that was added through the pipe.
[[noreturn]] void addUsers(const QByteArray &path, int editor, int pipe) {
    for (int number = 0;; ++number) {
        const QByteArray user = "u" + QByteArray::number(editor) + "." + QByteArray::number(number);
        if (mg_modify_passwords_file(path, "home", user, "x") != 1) _exit(1);
        const QByteArray line = user + '\n';
        if (write(pipe, line.data(), size_t(line.size())) != line.size()) _exit(1);
    }
}

QByteArray readToEnd(int pipe) {
    QByteArray all;
    char part[4096];
    ssize_t count = 0;
    while ((count = read(pipe, part, sizeof part)) > 0) all.append(part, count);
    return all;
}

}  // namespace

class TestModifyPasswords : public QObject {
    Q_OBJECT

  private slots:
    void anEntryIsAddedModifiedAndDeleted();
    void makesNoFileToDeleteFrom();
    void returnsZeroOnError();
    void leavesWhatIsNoFileAlone();
    void losesNothingWhereverEditorsAreKilled();

  private:
    QByteArray content(const QString &name) const {
        QFile file(m_site.path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(none)");
    }
    QByteArray pathOf(const QString &name) const { return m_site.path(name).toUtf8(); }
    TemporarySite m_site;
};

void TestModifyPasswords::anEntryIsAddedModifiedAndDeleted() {
    const QByteArray other = "# kept\r\nbob:home:x\n";
    m_site.write("users", other);
    QCOMPARE(mg_modify_passwords_file(pathOf("users"), "home", "ana", "one"), 1);
    QCOMPARE(content("users"), other + passwordLine("ana", "home", "one"));
    QCOMPARE(mg_modify_passwords_file(pathOf("users"), "home", "ana", "two"), 1);
    QCOMPARE(content("users"), other + passwordLine("ana", "home", "two"));
    QCOMPARE(mg_modify_passwords_file(pathOf("users"), "home", "ana", nullptr), 1);
    QCOMPARE(content("users"), other);
}

// An empty one would keep everybody out of its folder.
void TestModifyPasswords::makesNoFileToDeleteFrom() {
    QCOMPARE(mg_modify_passwords_file(pathOf(".htpasswd"), "home", "ana", nullptr), 1);
    QVERIFY(!QFile::exists(m_site.path(".htpasswd")));
}

void TestModifyPasswords::returnsZeroOnError() {
    QCOMPARE(mg_modify_passwords_file(pathOf("none/users"), "home", "ana", "x"), 0);
    QCOMPARE(mg_modify_passwords_file(pathOf("users2"), "home", "a:b", "x"), 0);
    QCOMPARE(mg_modify_passwords_file(pathOf("users2"), "ho\nme", "ana", "x"), 0);
    QCOMPARE(mg_modify_passwords_file(nullptr, "home", "ana", "x"), 0);
    QCOMPARE(mg_modify_passwords_file(pathOf("users2"), nullptr, "ana", "x"), 0);
    QCOMPARE(mg_modify_passwords_file(pathOf("users2"), "home", nullptr, "x"), 0);
    QVERIFY(!QFile::exists(m_site.path("users2")));
}

// Two at once, each killed somewhere in its edits, a hundred times: whatever they said was done is there, and so is what was there before.
// Nor waits for it.
void TestModifyPasswords::leavesWhatIsNoFileAlone() {
    QCOMPARE(mkfifo(pathOf("pipe"), 0600), 0);
    QDir(m_site.path()).mkdir("folder");
    for (const char *name : {"pipe", "folder"}) {
        QCOMPARE(mg_modify_passwords_file(pathOf(name), "home", "ana", "one"), 0);
        QCOMPARE(mg_modify_passwords_file(pathOf(name), "home", "ana", nullptr), 0);
    }
    struct stat now {};
    QCOMPARE(stat(pathOf("pipe"), &now), 0);
    QVERIFY(S_ISFIFO(now.st_mode));
    QCOMPARE(QDir(m_site.path())
                 .entryList(QDir::Files | QDir::Hidden | QDir::System | QDir::Dirs | QDir::NoDotAndDotDot)
                 .filter("unfinished"),
             QStringList());
}

void TestModifyPasswords::losesNothingWhereverEditorsAreKilled() {
    const QByteArray foreign = "# a line that nobody edits\n";
    for (int round = 0; round < 50; ++round) {
        m_site.write("users", foreign);
        int pipes[2];
        QCOMPARE(pipe(pipes), 0);
        QList<pid_t> editors;
        for (int editor = 0; editor < 2; ++editor) {
            const pid_t child = fork();
            if (child == 0) addUsers(pathOf("users"), editor, pipes[1]);
            editors.append(child);
        }
        close(pipes[1]);
        // Each time somewhere else within the first edits; the second a little later.
        for (const pid_t editor : editors) {
            timespec pause{0, 300'000L * (1 + round)};
            nanosleep(&pause, nullptr);
            kill(editor, SIGKILL);
            int status = 0;
            waitpid(editor, &status, 0);
            QVERIFY(WIFSIGNALED(status));
        }
        QByteArrayList added = readToEnd(pipes[0]).split('\n');
        added.removeLast();
        close(pipes[0]);
        const QByteArray text = content("users");
        QVERIFY(text.startsWith(foreign) && text.endsWith('\n'));
        for (const QByteArray &user : added) QVERIFY2(text.contains('\n' + passwordLine(user, "home", "x")), user.constData());
        // No more than one each was under way.
        QVERIFY(text.count('\n') - 1 <= added.size() + 2);
    }
}

QTEST_GUILESS_MAIN(TestModifyPasswords)
#include "tst_modify_passwords_posix.moc"
