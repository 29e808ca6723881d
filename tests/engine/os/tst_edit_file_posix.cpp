// A file changed as a whole: its mode, links, editors at once, and editors that are killed.
#include "os/edit_file.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace meerkat;

class EditFileTest : public QObject {
    Q_OBJECT

  private slots:
    void makesANewFileForItsOwnerAlone();
    void keepsTheModeOfTheOldFile();
    void changesWhatALinkPointsTo();
    void leavesTheFileWhereTheChangeWantsNothing();
    void losesNoEditOfManyProcessesAtOnce();
    void leavesAWholeFileWhereverTheEditorIsKilled();
};

namespace {

std::string pathIn(const QTemporaryDir &folder, const char *name) { return folder.filePath(name).toStdString(); }

mode_t modeOf(const std::string &path) {
    struct stat status {};
    return stat(path.c_str(), &status) == 0 ? status.st_mode & 07777u : 0;
}

QByteArray contentOf(const std::string &path) {
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("?");
}

void put(const std::string &path, const QByteArray &text) {
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
}

std::optional<std::string> withLine(const std::string &old, const std::string &line) { return old + line + "\n"; }

// A file of one kind of line, as long as it says in the first.
std::string versionText(int version) {
    const std::string line = std::to_string(version) + "\n";
    std::string text;
    for (int i = 0; i < 2000; ++i) text += line;
    return text;
}

}  // namespace

void EditFileTest::makesANewFileForItsOwnerAlone() {
    const QTemporaryDir folder;
    const auto path = pathIn(folder, "new");
    QVERIFY(os::editFile(path, [](const std::string &old) { return withLine(old, "a"); }));
    QCOMPARE(contentOf(path), QByteArray("a\n"));
    QCOMPARE(modeOf(path), mode_t{0600});
}

void EditFileTest::keepsTheModeOfTheOldFile() {
    const QTemporaryDir folder;
    const auto path = pathIn(folder, "old");
    put(path, "a\n");
    QCOMPARE(chmod(path.c_str(), 0644), 0);
    QVERIFY(os::editFile(path, [](const std::string &old) { return withLine(old, "b"); }));
    QCOMPARE(contentOf(path), QByteArray("a\nb\n"));
    QCOMPARE(modeOf(path), mode_t{0644});
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
}

void EditFileTest::changesWhatALinkPointsTo() {
    const QTemporaryDir folder;
    const auto path = pathIn(folder, "real"), link = pathIn(folder, "link");
    put(path, "a\n");
    QCOMPARE(symlink("real", link.c_str()), 0);
    QVERIFY(os::editFile(link, [](const std::string &old) { return withLine(old, "b"); }));
    QCOMPARE(contentOf(path), QByteArray("a\nb\n"));
    QVERIFY(QFileInfo(QString::fromStdString(link)).isSymLink());
}

void EditFileTest::leavesTheFileWhereTheChangeWantsNothing() {
    const QTemporaryDir folder;
    const auto path = pathIn(folder, "same");
    put(path, "a\n");
    struct stat before {
    }, after{};
    stat(path.c_str(), &before);
    const auto changed = os::editFile(path, [](const std::string &) { return std::optional<std::string>(); });
    stat(path.c_str(), &after);
    QVERIFY(changed && !*changed);
    QCOMPARE(after.st_ino, before.st_ino);
    const auto none = os::editFile(pathIn(folder, "none"), [](const std::string &) { return std::optional<std::string>(); });
    QVERIFY(none && !*none);
    QVERIFY(!QFile::exists(folder.filePath("none")));
}

void EditFileTest::losesNoEditOfManyProcessesAtOnce() {
    constexpr int kProcesses = 8, kEdits = 20;
    const QTemporaryDir folder;
    const auto path = pathIn(folder, "shared");
    for (int process = 0; process < kProcesses; ++process) {
        if (fork() != 0) continue;
        bool isWell = true;
        for (int edit = 0; edit < kEdits; ++edit)
            isWell = isWell && os::editFile(path, [&](const std::string &old) {
                         return withLine(old, std::to_string(process) + "." + std::to_string(edit));
                     });
        _exit(isWell ? 0 : 1);
    }
    for (int process = 0; process < kProcesses; ++process) {
        int status = 0;
        wait(&status);
        QCOMPARE(status, 0);
    }
    QList<QByteArray> lines = contentOf(path).split('\n');
    lines.removeLast();
    QCOMPARE(lines.size(), kProcesses * kEdits);
    QCOMPARE(QSet<QByteArray>(lines.begin(), lines.end()).size(), kProcesses * kEdits);
}

void EditFileTest::leavesAWholeFileWhereverTheEditorIsKilled() {
    const QTemporaryDir folder;
    const auto path = pathIn(folder, "killed");
    put(path, QByteArray::fromStdString(versionText(0)));
    for (int round = 0; round < 60; ++round) {
        const pid_t editor = fork();
        if (editor == 0) {
            for (int version = 1;; ++version)
                if (!os::editFile(path, [&](const std::string &) { return versionText(version); })) _exit(1);
        }
        // Somewhere within the editor's first edits, another place each time.
        timespec pause{0, 200'000L * (1 + round)};
        nanosleep(&pause, nullptr);
        kill(editor, SIGKILL);
        waitpid(editor, nullptr, 0);
        const QByteArray text = contentOf(path);
        const int version = text.left(text.indexOf('\n')).toInt();
        QCOMPARE(text, QByteArray::fromStdString(versionText(version)));
    }
}

QTEST_GUILESS_MAIN(EditFileTest)
#include "tst_edit_file_posix.moc"
