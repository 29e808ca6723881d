// Logs that go to something else than a file of a disk.
#include "os/file.h"

#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace meerkat::os;

class TestFilePosix : public QObject {
    Q_OBJECT
  private slots:
    void saysThatNobodyReadsAPipe() {
        const QTemporaryDir dir;
        const std::string path = dir.filePath("pipe").toStdString();
        QCOMPARE(mkfifo(path.c_str(), 0600), 0);
        const auto log = AppendFile::open(path);
        QVERIFY(!log);
        QCOMPARE(log.failure().code, ENXIO);
    }

    void losesALineRatherThanWaitForAFullPipe() {
        const QTemporaryDir dir;
        const std::string path = dir.filePath("pipe").toStdString();
        QCOMPARE(mkfifo(path.c_str(), 0600), 0);
        const File reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK));
        const auto log = AppendFile::open(path);
        QVERIFY(static_cast<bool>(log));
        const std::string line(4096, 'x');
        int lines = 0;
        while ((*log)->append(line) == line.size()) ++lines;
        QVERIFY(lines > 0);
        QVERIFY(!(*log)->wasMovedAway());
    }

    void noticesThatItWasRemoved() {
        const QTemporaryDir dir;
        const std::string path = dir.filePath("access.log").toStdString();
        const auto log = AppendFile::open(path);
        QVERIFY(!(*log)->wasMovedAway());
        QCOMPARE(unlink(path.c_str()), 0);
        QVERIFY((*log)->wasMovedAway());
    }

    void tellsAFullDisk() {
        const auto log = AppendFile::open("/dev/full");
        QVERIFY(static_cast<bool>(log));
        QVERIFY((*log)->append("line\n") < 5);
    }

    void keepsItsDescriptorFromChildren() {
        const QTemporaryDir dir;
        const int next = fcntl(0, F_DUPFD, 0);
        close(next);
        const auto log = AppendFile::open(dir.filePath("access.log").toStdString());
        QVERIFY(static_cast<bool>(log));
        QVERIFY(fcntl(next, F_GETFD) & FD_CLOEXEC);
    }
};

QTEST_GUILESS_MAIN(TestFilePosix)
#include "tst_file_posix.moc"
