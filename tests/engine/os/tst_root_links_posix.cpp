// Symbolic links below a root: followed where they end inside, never outside, whatever is swapped meanwhile.
#include "root_rows.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <atomic>
#include <cstdio>
#include <fcntl.h>
#include <thread>
#include <sys/stat.h>
#include <unistd.h>

using namespace meerkat;
using namespace meerkat::os;

namespace {

void writeFile(const QString &path, const QByteArray &content) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

void link(const QString &target, const QString &path) { QCOMPARE(symlink(qPrintable(target), qPrintable(path)), 0); }

}  // namespace

class TestRootLinksPosix : public QObject {
    Q_OBJECT
  private:
    // site/a.txt, site/sub/b.txt; outside: secret.txt, out/secret.txt
    std::unique_ptr<QTemporaryDir> m_dir;
    QString m_base;  // without links itself
    QString site(const QString &name = {}) const { return m_base + "/site" + (name.isEmpty() ? "" : "/" + name); }

    // Runs `flip` in another thread, for as long as `open` is called `times` times.
    template <class Flip, class Open>
    void race(int times, Flip flip, Open open) {
        std::atomic<bool> isDone{false};
        std::atomic<int> flips{0};
        std::thread other([&] {
            while (!isDone) {
                flip();
                ++flips;
                std::this_thread::yield();
            }
        });
        for (int i = 0; i < times || flips < 100; ++i) open();
        isDone = true;
        other.join();
    }

  private slots:
    void init() {
        m_dir = std::make_unique<QTemporaryDir>();
        m_base = QDir(m_dir->path()).canonicalPath();
        QVERIFY(QDir().mkpath(site("sub/deep")));
        QVERIFY(QDir().mkpath(m_base + "/out"));
        QVERIFY(QDir().mkpath(m_base + "/site2"));
        writeFile(m_base + "/secret.txt", "secret");
        writeFile(m_base + "/out/secret.txt", "secret");
        writeFile(m_base + "/out/b.txt", "secret");
        writeFile(m_base + "/site2/secret.txt", "secret");
        writeFile(site("a.txt"), "a");
        writeFile(site("sub/b.txt"), "b");
    }

    void tellsALinkThatLeadsNowhereFromNothing_data() { addResolverRows(); }
    void tellsALinkThatLeadsNowhereFromNothing() {
        link("nothing", site("nowhere"));
        link("nothing", site("sub/nowhere"));
        link(m_base + "/secret.txt", site("out"));
        link("sub", site("folder"));
        const auto root = newRoot(site());
        for (const char *path : {"a.txt", "sub", "sub/b.txt", "nowhere", "sub/nowhere", "out", "folder/b.txt", "folder/nowhere"})
            QVERIFY2(root->hasName(path), path);
        for (const char *path :
             {"none", "sub/none", "none/b.txt", "a.txt/b.txt", "nowhere/b.txt", "folder/none", "../secret.txt"})
            QVERIFY2(!root->hasName(path), path);
    }

    void followsWhatEndsInside_data() { addResolverRows(); }
    void followsWhatEndsInside() {
        link("a.txt", site("file"));
        link("sub", site("folder"));
        link("../a.txt", site("sub/up"));
        link(site("a.txt"), site("absolute file"));
        link(site("sub"), site("absolute folder"));
        link("../site/a.txt", site("out and back"));
        link("folder/up", site("chain"));
        link("absolute folder/up", site("mixed chain"));
        link(site(), site("self"));
        link(".", site("here"));
        const auto root = newRoot(site());
        for (const char *path : {"file", "sub/up", "folder/up", "absolute file", "absolute folder/up", "out and back", "chain",
                                 "mixed chain", "self/a.txt", "self/self/here/self/file", "here/a.txt"})
            QCOMPARE(contentBelow(*root, path), QByteArray("a"));
        for (const char *path : {"folder/b.txt", "absolute folder/b.txt", "self/absolute folder/b.txt"})
            QCOMPARE(contentBelow(*root, path), QByteArray("b"));
        for (const char *path : {"folder", "folder/", "absolute folder", "absolute folder/", "self", "self/", "here"})
            QCOMPARE(contentBelow(*root, path), QByteArray("a folder"));
        for (const char *path : {"file", "chain", "absolute file", "folder", "self", "absolute folder/b.txt"})
            QVERIFY2(agreesWithLook(*root, path), path);
    }

    void tellsWhereALinkLed_data() { addResolverRows(); }
    void tellsWhereALinkLed() {
        link("a.txt", site("file"));
        link("sub", site("folder"));
        link(site("sub/b.txt"), site("absolute"));
        link("../folder/b.txt", site("sub/again"));
        link(".", site("here"));
        const auto root = newRoot(site());
        const std::pair<const char *, const char *> expected[] = {
            {"a.txt", ""},
            {"sub/b.txt", ""},
            {"sub/", ""},
            {"", ""},
            {"file", "/a.txt"},
            {"folder", "/sub"},
            {"folder/", "/sub"},
            {"folder/b.txt", "/sub/b.txt"},
            {"absolute", "/sub/b.txt"},
            {"folder/again", "/sub/b.txt"},
            {"here", "/"},
            {"here/file", "/a.txt"},
        };
        for (const auto &[path, where] : expected) {
            QCOMPARE(root->openBelow(path).where, std::string(where));
            QCOMPARE(root->lookBelow(path).where, std::string(where));
        }
        const OpenOutcome opened = root->openBelow("");
        int links = 0;
        root->list(opened.file, "", [&](FolderEntry &&entry) {
            links += !entry.where.empty();
            return true;
        });
        QCOMPARE(links, 4);
    }

    void neverFollowsWhatEndsOutside_data() { addResolverRows(); }
    void neverFollowsWhatEndsOutside() {
        link("../secret.txt", site("relative"));
        link(m_base + "/secret.txt", site("absolute"));
        link("../out", site("folder"));
        link(m_base + "/out", site("absolute folder"));
        link("..", site("up"));
        link("/", site("top"));
        link("relative", site("chain"));
        link("sub/deep/../../relative", site("long chain"));
        link("../../out", site("sub/climbing"));
        link(m_base + "/site2", site("like a prefix"));
        link("../site2/secret.txt", site("like a relative prefix"));
        const auto root = newRoot(site());
        const std::string beyond = m_base.mid(1).toStdString() + "/secret.txt";
        for (const std::string &path :
             {std::string("relative"), std::string("absolute"), std::string("folder"), std::string("folder/"),
              std::string("folder/secret.txt"), std::string("absolute folder/secret.txt"), std::string("up"),
              std::string("up/secret.txt"), std::string("top"), "top/" + beyond, std::string("chain"), std::string("long chain"),
              std::string("sub/climbing/secret.txt"), std::string("like a prefix/secret.txt"),
              std::string("like a relative prefix")}) {
            QCOMPARE(contentBelow(*root, path), QByteArray("outside"));
            QVERIFY2(agreesWithLook(*root, path), path.c_str());
        }
    }

    void passesThroughTheOutsideOnlyToComeBack_data() { addResolverRows(); }
    void passesThroughTheOutsideOnlyToComeBack() {
        link("..", site("up"));
        link(m_base, site("absolute up"));
        const auto root = newRoot(site());
        QCOMPARE(contentBelow(*root, "up/site/a.txt"), QByteArray("a"));
        QCOMPARE(contentBelow(*root, "absolute up/site/sub/b.txt"), QByteArray("b"));
        QCOMPARE(contentBelow(*root, "up/site2/secret.txt"), QByteArray("outside"));
    }

    void findsNothingBehindBrokenLinks_data() { addResolverRows(); }
    void findsNothingBehindBrokenLinks() {
        link("nowhere", site("dangling"));
        link("/nowhere/at/all", site("dangling outside"));
        link("loop", site("loop"));
        link("two", site("one"));
        link("one", site("two"));
        QString previous = "a.txt";
        for (int i = 0; i < 60; ++i) {
            link(previous, site(QString("chain%1").arg(i)));
            previous = QString("chain%1").arg(i);
        }
        const auto root = newRoot(site());
        for (const char *path : {"dangling", "dangling outside", "loop", "loop/a.txt", "one", "two", "chain59"}) {
            QCOMPARE(contentBelow(*root, path), QByteArray("not found"));
            QVERIFY2(agreesWithLook(*root, path), path);
        }
        QCOMPARE(contentBelow(*root, "chain20"), QByteArray("a"));
    }

    void findsNoFileBehindALinkWithASlash_data() { addResolverRows(); }
    void findsNoFileBehindALinkWithASlash() {
        link("a.txt", site("file"));
        link(site("a.txt"), site("absolute file"));
        const auto root = newRoot(site());
        for (const char *path : {"file/", "absolute file/", "file/x"}) {
            QCOMPARE(contentBelow(*root, path), QByteArray("not found"));
            QVERIFY2(agreesWithLook(*root, path), path);
        }
    }

    void servesARootThatIsALink_data() { addResolverRows(); }
    void servesARootThatIsALink() {
        link("site", m_base + "/current");
        link(m_base + "/current/sub/b.txt", site("through the link"));
        link(site("a.txt"), site("around the link"));
        const auto root = newRoot(m_base + "/current");
        QCOMPARE(contentBelow(*root, "a.txt"), QByteArray("a"));
        QCOMPARE(contentBelow(*root, "through the link"), QByteArray("b"));
        QCOMPARE(contentBelow(*root, "around the link"), QByteArray("a"));
        QVERIFY(root->isReachable());
        QVERIFY(QFile::remove(m_base + "/current"));
        link("out", m_base + "/current");
        QVERIFY(!root->isReachable());
        QCOMPARE(contentBelow(*root, "a.txt"), QByteArray("a"));
    }

    void servesTheTopFolder_data() { addResolverRows(); }
    void servesTheTopFolder() {
        link(site("a.txt"), site("absolute"));
        const auto root = newRoot("/");
        QCOMPARE(contentBelow(*root, site("a.txt").mid(1).toStdString()), QByteArray("a"));
        QCOMPARE(contentBelow(*root, site("absolute").mid(1).toStdString()), QByteArray("a"));
    }

    void followsNoMagicLinks_data() { addResolverRows(); }
    void followsNoMagicLinks() {
        // They lead to an open file whatever their text says.
        const auto root = newRoot("/proc/self");
        QVERIFY(root != nullptr);
        for (const char *path : {"exe", "cwd", "root", "root/etc/passwd"})
            QCOMPARE(contentBelow(*root, path), QByteArray("outside"));
    }

    void listsLinksAsWhatTheyLeadTo_data() { addResolverRows(); }
    void listsLinksAsWhatTheyLeadTo() {
        link("../a.txt", site("sub/file"));
        link(site("sub"), site("sub/absolute"));
        link("../../secret.txt", site("sub/outside"));
        link(m_base + "/secret.txt", site("sub/absolute outside"));
        link("..", site("sub/root"));
        link("../..", site("sub/above"));
        link("nowhere", site("sub/dangling"));
        link("loop", site("sub/loop"));
        const auto root = newRoot(site());
        QVERIFY((namesIn(*root, "sub") == std::vector<std::string>{"absolute/", "b.txt", "deep/", "file", "root/"}));
        QVERIFY((namesIn(*root, "sub/absolute") == namesIn(*root, "sub")));
        root->list(root->openBelow("sub").file, "sub", [&](FolderEntry &&entry) {
            if (entry.name == "file" && entry.info != root->openBelow("a.txt").info)
                QTest::qFail("not its target", __FILE__, __LINE__);
            return true;
        });
    }

    void neverOpensTheOutsideWhileALinkIsSwapped_data() {
        QTest::addColumn<bool>("byKernel");
        QTest::addColumn<bool>("isAbsolute");
        QTest::addColumn<bool>("isFolder");
        for (const bool byKernel : {true, false})
            for (const bool isAbsolute : {true, false})
                for (const bool isFolder : {true, false})
                    QTest::addRow("%s link to %s, %s", isAbsolute ? "absolute" : "relative", isFolder ? "a folder" : "a file",
                                  byKernel ? "openat2" : "without openat2")
                        << byKernel << isAbsolute << isFolder;
    }
    void neverOpensTheOutsideWhileALinkIsSwapped() {
        QFETCH(bool, isAbsolute);
        QFETCH(bool, isFolder);
        const std::string inside = (isAbsolute ? site() + "/" : QString()).toStdString() + (isFolder ? "sub" : "sub/b.txt");
        const std::string outside = (isAbsolute ? m_base + "/" : QString("../")).toStdString() + (isFolder ? "out" : "out/b.txt");
        const std::string name = site("flip").toStdString();
        const std::string next = site("next").toStdString();
        QCOMPARE(symlink(inside.c_str(), name.c_str()), 0);
        const auto root = newRoot(site());
        const std::string path = isFolder ? "flip/b.txt" : "flip";
        const std::uint64_t secretId = [&] {
            struct stat status {};
            ::stat((m_base + "/out/b.txt").toUtf8().constData(), &status);
            return static_cast<std::uint64_t>(status.st_ino);
        }();
        bool leadsOut = false;
        int opened = 0;
        int refused = 0;
        int leaked = 0;
        race(
            2000,
            [&] {
                leadsOut = !leadsOut;
                [[maybe_unused]] const int made = symlink((leadsOut ? outside : inside).c_str(), next.c_str());
                rename(next.c_str(), name.c_str());
            },
            [&] {
                const QByteArray content = contentBelow(*root, path);
                opened += content == "b";
                refused += content == "outside" || content == "not found";
                leaked += content == "secret" || root->lookBelow(path).info.id == secretId;
            });
        QCOMPARE(leaked, 0);
        QVERIFY(opened > 0);
        QVERIFY(refused > 0);
    }

    void neverOpensTheOutsideWhileAFolderIsSwappedForALink_data() { addResolverRows(); }
    void neverOpensTheOutsideWhileAFolderIsSwappedForALink() {
        const std::string name = site("sub").toStdString();
        const std::string aside = site("aside").toStdString();
        const std::string outside = (m_base + "/out").toStdString();
        const auto root = newRoot(site());
        int leaked = 0;
        int opened = 0;
        race(
            2000,
            [&] {
                rename(name.c_str(), aside.c_str());
                [[maybe_unused]] const int made = symlink(outside.c_str(), name.c_str());
                unlink(name.c_str());
                rename(aside.c_str(), name.c_str());
            },
            [&] {
                const QByteArray content = contentBelow(*root, "sub/b.txt");
                leaked += content == "secret";
                opened += content == "b";
            });
        QCOMPARE(leaked, 0);
        QVERIFY(opened > 0);
    }

    void alwaysFindsALinkThatIsSwappedInside_data() { addResolverRows(); }
    void alwaysFindsALinkThatIsSwappedInside() {
        // A new release put in place of the old by one rename: there is no moment without a file.
        QVERIFY(QDir().mkpath(site("release2")));
        writeFile(site("release2/b.txt"), "b");
        const std::string name = site("current").toStdString();
        const std::string next = site("next").toStdString();
        const std::string releases[] = {site("sub").toStdString(), site("release2").toStdString()};
        QCOMPARE(symlink(releases[0].c_str(), name.c_str()), 0);
        const auto root = newRoot(site());
        std::size_t turn = 0;
        int missed = 0;
        race(
            2000,
            [&] {
                [[maybe_unused]] const int made = symlink(releases[++turn % 2].c_str(), next.c_str());
                rename(next.c_str(), name.c_str());
            },
            [&] { missed += contentBelow(*root, "current/b.txt") != "b"; });
        QCOMPARE(missed, 0);
    }

#ifdef Q_OS_LINUX
    void alwaysFindsAFolderThatIsSwappedForALinkInside_data() { addResolverRows(); }
    void alwaysFindsAFolderThatIsSwappedForALinkInside() {
        // Both names always lead to a file; which of them is the folder and which the link changes in one step.
        QVERIFY(QDir().mkpath(site("elsewhere")));
        writeFile(site("elsewhere/b.txt"), "b");
        link(site("elsewhere"), site("other"));
        const std::string one = site("sub").toStdString();
        const std::string two = site("other").toStdString();
        const auto root = newRoot(site());
        int missed = 0;
        race(
            10000, [&] { renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, two.c_str(), RENAME_EXCHANGE); },
            [&] { missed += contentBelow(*root, "sub/b.txt") != "b"; });
        QCOMPARE(missed, 0);
    }
#endif
};

QTEST_GUILESS_MAIN(TestRootLinksPosix)
#include "tst_root_links_posix.moc"
