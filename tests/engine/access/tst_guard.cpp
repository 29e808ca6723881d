// Station: tests of which password file decides about a path and a method.
#include "access/guard.h"

#include "support/digest_client.h"
#include "support/fake_clock.h"
#include "support/temporary_site.h"

#include <QTest>

#include <memory>

using namespace meerkat;
using access::Guard;
using access::GuardState;

namespace {

QByteArray lineOf(const char *user) { return test::passwordLine(user, "home", "x"); }

// How often the system is asked: what a stranger's path costs.
class CountingRoot final : public os::Root {
  public:
    explicit CountingRoot(std::unique_ptr<os::Root> root) : m_root(std::move(root)) {}
    int questions() const { return m_questions; }

    os::OpenOutcome openBelow(std::string_view relative) const override { return ++m_questions, m_root->openBelow(relative); }
    os::OpenOutcome lookBelow(std::string_view relative) const override { return ++m_questions, m_root->lookBelow(relative); }
    bool hasName(std::string_view relative) const override { return ++m_questions, m_root->hasName(relative); }
    os::OpenState list(const os::File &folder, std::string_view relative,
                       const std::function<bool(os::FolderEntry &&)> &visit) const override {
        return ++m_questions, m_root->list(folder, relative, visit);
    }
    bool isReachable() const override { return m_root->isReachable(); }
    std::unique_ptr<os::Root> again() const override { return m_root->again(); }
    Result<std::string> whereItIs() const override { return m_root->whereItIs(); }

  private:
    std::unique_ptr<os::Root> m_root;
    mutable int m_questions = 0;
};

}  // namespace

class TestGuard : public QObject {
    Q_OBJECT

  private slots:
    void init();
    void asksTheFileOfTheNearestFolder_data();
    void asksTheFileOfTheNearestFolder();
    void asksTheGlobalFileInstead();
    void asksTheDavFileForWhatChangesFiles_data();
    void asksTheDavFileForWhatChangesFiles();
    void refusesChangesWithoutADavFile();
    void opensEverythingWithoutARoot();
    void refusesWhereAFileCannotBeRead_data();
    void refusesWhereAFileCannotBeRead();
    void noticesAFileThatComesAndGoes();
    void asksAFolderOnceInAPass();
    void findsItsWayInDeepPaths_data();
    void findsItsWayInDeepPaths();
    void asksLittleAboutAPathOfFoldersThatAreNotThere();

  private:
    // The user whose file it is, or the state.
    QByteArray whoMayPass(const char *path, const char *method = "GET") {
        const auto outcome = m_guard->check(m_root.get(), method, path, ++m_pass);
        switch (outcome.state) {
        case GuardState::Open:
            return "(open)";
        case GuardState::Refused:
            return "(refused)";
        case GuardState::Unreadable:
            return "(unreadable)";
        case GuardState::NoDescriptors:
            return "(no descriptors)";
        case GuardState::Asked:
            break;
        }
        for (const char *user : {"root", "a", "c", "global", "dav", "new"})
            if (outcome.passwords->find(user)) return user;
        return "(nobody)";
    }

    test::FakeClock m_clock;
    std::uint64_t m_pass = 0;
    std::unique_ptr<test::TemporarySite> m_site;
    std::unique_ptr<os::Root> m_root;
    access::GuardSettings m_settings;
    std::unique_ptr<Guard> m_guard;
};

void TestGuard::init() {
    m_site = std::make_unique<test::TemporarySite>();
    m_site->write("a/.htpasswd", lineOf("a"));
    m_site->write("a/b/file", "x");
    m_site->write("a/b/c/.htpasswd", lineOf("c"));
    m_site->write("a/empty/.htpasswd", "");
    m_site->write("open/file", "x");
    m_site->write("outside", lineOf("global"));
    m_root = std::move(*os::Root::open(m_site->path().toStdString()));
    m_settings = {"home", {}, {}};
    m_guard = std::make_unique<Guard>(m_clock, m_settings);
}

void TestGuard::asksTheFileOfTheNearestFolder_data() {
    QTest::addColumn<bool>("hasRootFile");
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("who");
    const auto row = [](const char *title, bool hasRootFile, const char *method, const char *path, const char *who) {
        QTest::newRow(title) << hasRootFile << QByteArray(method) << QByteArray(path) << QByteArray(who);
    };
    row("the root, where there is none", false, "GET", "/", "(open)");
    row("a file beside", false, "GET", "/open/file", "(open)");
    row("the folder's own", false, "GET", "/a/", "a");
    row("a file in it", false, "GET", "/a/x", "a");
    row("a file that is not there", false, "GET", "/a/none", "a");
    row("the nearest above", false, "GET", "/a/b/file", "a");
    row("the nearest of two", false, "GET", "/a/b/c/file", "c");
    row("below the nearest", false, "GET", "/a/b/c/none/none/x", "c");
    row("a folder's path without its end is sent on", false, "GET", "/a/b/c", "a");
    row("but looked into by other methods", false, "PROPFIND", "/a/b/c", "c");
    row("a file by other methods", false, "OPTIONS", "/a/b/file", "a");
    row("below a file", false, "GET", "/a/b/file/x", "a");
    row("the root's own", true, "GET", "/", "root");
    row("the root's for what has no nearer", true, "GET", "/open/file", "root");
    row("the nearer one", true, "GET", "/a/b/file", "a");
    row("one without lines lets nobody in", true, "GET", "/a/empty/x", "(nobody)");
}

void TestGuard::asksTheFileOfTheNearestFolder() {
    QFETCH(bool, hasRootFile);
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, path);
    if (hasRootFile) m_site->write(".htpasswd", lineOf("root"));
    QTEST(whoMayPass(path, method), "who");
}

void TestGuard::asksTheGlobalFileInstead() {
    m_settings.globalFile = m_site->path("outside").toStdString();
    for (const char *path : {"/", "/open/file", "/a/b/c/file", "/none"}) QCOMPARE(whoMayPass(path), QByteArray("global"));
}

void TestGuard::asksTheDavFileForWhatChangesFiles_data() {
    QTest::addColumn<QByteArray>("method");
    for (const char *method : {"PUT", "DELETE", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "PROPPATCH", "PATCH"})
        QTest::newRow(method) << QByteArray(method);
}

void TestGuard::asksTheDavFileForWhatChangesFiles() {
    QFETCH(QByteArray, method);
    m_site->write("dav", lineOf("dav"));
    m_settings.davFile = m_site->path("dav").toStdString();
    m_settings.globalFile = m_site->path("outside").toStdString();
    QCOMPARE(whoMayPass("/open/file", method), QByteArray("dav"));
    QCOMPARE(whoMayPass("/a/b/c/file", method), QByteArray("dav"));
    QCOMPARE(whoMayPass("/a/b/c/file"), QByteArray("global"));
    QCOMPARE(whoMayPass("/a/b/c/file", "PROPFIND"), QByteArray("global"));
}

void TestGuard::refusesChangesWithoutADavFile() {
    QCOMPARE(whoMayPass("/open/file", "PUT"), QByteArray("(refused)"));
    m_settings.globalFile = m_site->path("outside").toStdString();
    QCOMPARE(whoMayPass("/open/file", "DELETE"), QByteArray("(refused)"));
}

void TestGuard::opensEverythingWithoutARoot() {
    m_root.reset();
    QCOMPARE(whoMayPass("/a/x"), QByteArray("(open)"));
    m_settings.globalFile = m_site->path("outside").toStdString();
    QCOMPARE(whoMayPass("/a/x"), QByteArray("global"));
}

void TestGuard::refusesWhereAFileCannotBeRead_data() {
    QTest::addColumn<QString>("how");
    for (const char *how : {"a folder of that name", "a link that leads out", "a link that leads nowhere",
                            "the same through a linked folder", "a global file that is gone", "a global folder"})
        QTest::newRow(how) << QString(how);
}

void TestGuard::refusesWhereAFileCannotBeRead() {
    QFETCH(QString, how);
    const QTemporaryDir elsewhere;
    QFile::remove(m_site->path("a/.htpasswd"));
    if (how == "a folder of that name") m_site->makeFolder("a/.htpasswd");
    if (how == "a link that leads out") {
        QFile(elsewhere.filePath("file")).open(QIODevice::WriteOnly);
        QVERIFY(QFile::link(elsewhere.filePath("file"), m_site->path("a/.htpasswd")));
    }
    if (how == "a link that leads nowhere") QVERIFY(QFile::link("nowhere", m_site->path("a/.htpasswd")));
    if (how == "the same through a linked folder") {
        QVERIFY(QDir().rename(m_site->path("a"), m_site->path("real")));
        QVERIFY(QFile::link("nowhere", m_site->path("real/.htpasswd")));
        QVERIFY(QFile::link("real", m_site->path("a")));
    }
    if (how == "a global file that is gone") m_settings.globalFile = m_site->path("none").toStdString();
    if (how == "a global folder") m_settings.globalFile = m_site->path("open").toStdString();
    QCOMPARE(whoMayPass("/a/b/file"), QByteArray("(unreadable)"));
}

void TestGuard::noticesAFileThatComesAndGoes() {
    QCOMPARE(whoMayPass("/open/file"), QByteArray("(open)"));
    m_site->write("open/.htpasswd", lineOf("new"));
    QCOMPARE(whoMayPass("/open/file"), QByteArray("new"));
    m_site->write("open/.htpasswd", lineOf("a"));
    QCOMPARE(whoMayPass("/open/file"), QByteArray("a"));
    m_site->remove("open/.htpasswd");
    QCOMPARE(whoMayPass("/open/file"), QByteArray("(open)"));
}

void TestGuard::asksAFolderOnceInAPass() {
    QVERIFY(m_guard->check(m_root.get(), "GET", "/open/file", 7).state == GuardState::Open);
    m_site->write("open/.htpasswd", lineOf("new"));
    QVERIFY(m_guard->check(m_root.get(), "GET", "/open/other", 7).state == GuardState::Open);
    QVERIFY(m_guard->check(m_root.get(), "GET", "/a/file", 7).state == GuardState::Asked);
    QVERIFY(m_guard->check(m_root.get(), "GET", "/open/file", 8).state == GuardState::Asked);
    m_site->remove("open/.htpasswd");
    m_guard->forget();
    QVERIFY(m_guard->check(m_root.get(), "GET", "/open/file", 8).state == GuardState::Open);
}

void TestGuard::findsItsWayInDeepPaths_data() {
    QTest::addColumn<int>("there");    // folders that exist below /a
    QTest::addColumn<int>("guarded");  // of them the one with a password file; 0: only /a
    QTest::addColumn<int>("missing");  // that are named behind them
    for (const int there : {0, 1, 14, 15, 16, 17, 40})
        for (const int missing : {0, 1, 2, 15, 16, 100})
            QTest::addRow("%d there, %d not", there, missing) << there << there / 2 << missing;
    QTest::newRow("the last is guarded") << 30 << 30 << 30;
}

void TestGuard::findsItsWayInDeepPaths() {
    QFETCH(int, there);
    QFETCH(int, guarded);
    QFETCH(int, missing);
    QString path = "a/";
    for (int i = 0; i < there; ++i) path += "deep" + QString::number(i) + "/";
    m_site->makeFolder(path);
    if (guarded > 0) m_site->write(path.section('/', 0, guarded) + "/.htpasswd", lineOf("new"));
    const QString asked = "/" + path + QString("missing/").repeated(missing) + "file";
    QCOMPARE(whoMayPass(asked.toUtf8()), QByteArray(guarded > 0 ? "new" : "a"));
}

void TestGuard::asksLittleAboutAPathOfFoldersThatAreNotThere() {
    auto counting = std::make_unique<CountingRoot>(std::move(m_root));
    const CountingRoot &counted = *counting;
    m_root = std::move(counting);
    QCOMPARE(whoMayPass("/a" + QByteArray("/x").repeated(8000)), QByteArray("a"));
    QVERIFY2(counted.questions() > 0 && counted.questions() < 32, QByteArray::number(counted.questions()).constData());
}

QTEST_GUILESS_MAIN(TestGuard)
#include "tst_guard.moc"
