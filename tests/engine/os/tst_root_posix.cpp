// What lies in a folder of a POSIX system besides files: pipes, sockets, devices, names of any bytes, what may not be read.
#include "root_rows.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace meerkat;
using namespace meerkat::os;

namespace {

// As somebody without rights until the end of the scope, where we have all.
class WithoutPrivileges {
  public:
    WithoutPrivileges() {
        if (m_before == 0 && seteuid(65534) != 0) QTest::qFail("cannot give up privileges", __FILE__, __LINE__);
    }
    ~WithoutPrivileges() {
        if (m_before == 0 && seteuid(0) != 0) QTest::qFail("cannot take privileges back", __FILE__, __LINE__);
    }

  private:
    uid_t m_before = geteuid();
};

std::size_t openDescriptors() {
    std::size_t count = 0;
    for (int fd = 0; fd < 1024; ++fd) count += fcntl(fd, F_GETFD) != -1;
    return count;
}

}  // namespace

class TestRootPosix : public QObject {
    Q_OBJECT
  private:
    std::unique_ptr<QTemporaryDir> m_dir;
    std::string path(const std::string &name) const { return m_dir->path().toStdString() + "/" + name; }

    void make(const std::string &name, const std::string &content, mode_t mode = 0644) {
        const File file(::open(path(name).c_str(), O_WRONLY | O_CREAT | O_EXCL, mode));
        QVERIFY(file.isOpen());
        QCOMPARE(write(static_cast<int>(file.handle()), content.data(), content.size()), static_cast<ssize_t>(content.size()));
    }

  private slots:
    void init() {
        m_dir = std::make_unique<QTemporaryDir>();
        chmod(m_dir->path().toUtf8().constData(), 0755);
    }

    void refusesPipesWithoutWaitingForTheirOtherEnd_data() { addResolverRows(); }
    void refusesPipesWithoutWaitingForTheirOtherEnd() {
        QCOMPARE(mkfifo(path("pipe").c_str(), 0644), 0);
        QCOMPARE(symlink("pipe", path("link").c_str()), 0);
        const auto root = newRoot(m_dir->path());
        for (const char *name : {"pipe", "link"}) {
            QCOMPARE(contentBelow(*root, name), QByteArray("refused"));
            QVERIFY(agreesWithLook(*root, name));
        }
    }

    void refusesSockets_data() { addResolverRows(); }
    void refusesSockets() {
        const File listener(::socket(AF_UNIX, SOCK_STREAM, 0));
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path("socket").copy(address.sun_path, sizeof address.sun_path - 1);
        QCOMPARE(bind(static_cast<int>(listener.handle()), reinterpret_cast<sockaddr *>(&address), sizeof address), 0);
        const auto root = newRoot(m_dir->path());
        QCOMPARE(contentBelow(*root, "socket"), QByteArray("refused"));
        QVERIFY(root->lookBelow("socket").state == OpenState::Refused);
    }

    void refusesDevices_data() { addResolverRows(); }
    void refusesDevices() {
        const auto root = newRoot("/dev");
        for (const char *name : {"null", "zero", "tty"}) {
            QCOMPARE(contentBelow(*root, name), QByteArray("refused"));
            QVERIFY(root->lookBelow(name).state == OpenState::Refused);
        }
    }

    void listsWhatItRefusesAsOther_data() { addResolverRows(); }
    void listsWhatItRefusesAsOther() {
        QCOMPARE(mkfifo(path("pipe").c_str(), 0644), 0);
        const auto root = newRoot(m_dir->path());
        int others = 0;
        root->list(root->openBelow("").file, "", [&](FolderEntry &&entry) {
            others += entry.name == "pipe" && entry.info.kind == FileKind::Other;
            return true;
        });
        QCOMPARE(others, 1);
    }

    void opensNamesOfAnyBytes_data() { addResolverRows(); }
    void opensNamesOfAnyBytes() {
        const std::vector<std::string> names{"a\nb",   "\xFF\xFE", "a\\b", "C:",  "con", "trail.",
                                             "trail ", "q\"<>|*?", "\x01", "...", "~",   "A~1"};
        for (const std::string &name : names) make(name, name);
        const auto root = newRoot(m_dir->path());
        for (const std::string &name : names) QCOMPARE(contentBelow(*root, name), QByteArray::fromStdString(name));
        auto sorted = names;
        std::sort(sorted.begin(), sorted.end());
        QVERIFY(namesIn(*root, "") == sorted);
    }

    void refusesWhatMayNotBeRead_data() { addResolverRows(); }
    void refusesWhatMayNotBeRead() {
        make("closed.txt", "private", 0);
        QCOMPARE(mkdir(path("closed").c_str(), 0755), 0);
        make("closed/file.txt", "private");
        QCOMPARE(chmod(path("closed").c_str(), 0), 0);
        QCOMPARE(mkdir(path("unlisted").c_str(), 0755), 0);
        make("unlisted/file.txt", "shared");
        QCOMPARE(chmod(path("unlisted").c_str(), 0711), 0);
        const auto root = newRoot(m_dir->path());
        {
            const WithoutPrivileges nobody;
            QCOMPARE(contentBelow(*root, "closed.txt"), QByteArray("refused"));
            QCOMPARE(contentBelow(*root, "closed/file.txt"), QByteArray("refused"));
            QVERIFY(root->lookBelow("closed/file.txt").state == OpenState::Refused);
            QCOMPARE(contentBelow(*root, "unlisted/file.txt"), QByteArray("shared"));
        }
        QCOMPARE(chmod(path("closed").c_str(), 0755), 0);
    }

    void saysThatAFolderMayNotBeRead() {
        QCOMPARE(mkdir(path("closed").c_str(), 0), 0);
        const WithoutPrivileges nobody;
        const auto root = Root::open(path("closed"));
        QVERIFY(!root);
        QVERIFY(root.failure().text.find("permission denied") != std::string::npos);
        QVERIFY(root.failure().text.find("'" + path("closed") + "'") != std::string::npos);
    }

    void isReachableUntilItsFolderIsRemoved_data() { addResolverRows(); }
    void isReachableUntilItsFolderIsRemoved() {
        QCOMPARE(mkdir(path("site").c_str(), 0755), 0);
        const auto root = newRoot(m_dir->filePath("site"));
        QVERIFY(root->isReachable());
        QCOMPARE(rmdir(path("site").c_str()), 0);
        QVERIFY(!root->isReachable());
        QCOMPARE(contentBelow(*root, "file.txt"), QByteArray("not found"));
        QVERIFY(namesIn(*root, "").empty());
    }

    void isNotReachableWithoutTheRightToReadIt_data() { addResolverRows(); }
    void isNotReachableWithoutTheRightToReadIt() {
        QCOMPARE(mkdir(path("site").c_str(), 0755), 0);
        const auto root = newRoot(m_dir->filePath("site"));
        {
            const WithoutPrivileges nobody;
            QVERIFY(root->isReachable());
        }
        QCOMPARE(chmod(path("site").c_str(), 0), 0);
        {
            const WithoutPrivileges nobody;
            QVERIFY(!root->isReachable());
        }
        QCOMPARE(chmod(path("site").c_str(), 0755), 0);
    }

    void saysThatDescriptorsRanOutAndGoesOnLater_data() { addResolverRows(); }
    void saysThatDescriptorsRanOutAndGoesOnLater() {
        QCOMPARE(mkdir(path("sub").c_str(), 0755), 0);
        make("sub/file.txt", "content");
        const auto root = newRoot(m_dir->path());
        rlimit before{};
        getrlimit(RLIMIT_NOFILE, &before);
        rlimit none = before;
        const int next = fcntl(0, F_DUPFD, 0);
        close(next);
        none.rlim_cur = static_cast<rlim_t>(next);
        QCOMPARE(setrlimit(RLIMIT_NOFILE, &none), 0);
        const OpenState state = root->openBelow("sub/file.txt").state;
        QCOMPARE(setrlimit(RLIMIT_NOFILE, &before), 0);
        QVERIFY(state == OpenState::NoDescriptors);
        QCOMPARE(contentBelow(*root, "sub/file.txt"), QByteArray("content"));
    }

    void leavesNoDescriptorOpen_data() { addResolverRows(); }
    void leavesNoDescriptorOpen() {
        QCOMPARE(mkdir(path("sub").c_str(), 0755), 0);
        make("sub/file.txt", "content");
        QCOMPARE(mkfifo(path("sub/pipe").c_str(), 0644), 0);
        QCOMPARE(symlink(path("sub/file.txt").c_str(), path("absolute").c_str()), 0);
        QCOMPARE(symlink("/etc", path("outside").c_str()), 0);
        const std::size_t before = openDescriptors();
        {
            const auto root = newRoot(m_dir->path());
            for (const char *name :
                 {"", "sub", "sub/file.txt", "sub/pipe", "absolute", "outside", "outside/passwd", "none", "sub/file.txt/"}) {
                root->openBelow(name);
                root->lookBelow(name);
            }
            namesIn(*root, "");
            namesIn(*root, "sub");
            QVERIFY(root->isReachable());
            QCOMPARE(openDescriptors(), before + 1);
        }
        QCOMPARE(openDescriptors(), before);
    }

    void keepsItsDescriptorsFromChildren_data() { addResolverRows(); }
    void keepsItsDescriptorsFromChildren() {
        make("file.txt", "content");
        const auto root = newRoot(m_dir->path());
        const OpenOutcome outcome = root->openBelow("file.txt");
        QVERIFY(fcntl(static_cast<int>(outcome.file.handle()), F_GETFD) & FD_CLOEXEC);
    }
};

QTEST_GUILESS_MAIN(TestRootPosix)
#include "tst_root_posix.moc"
