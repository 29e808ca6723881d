#include "app/profile_store.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace meerkat::app;

class TestProfileStore : public QObject {
    Q_OBJECT

  private slots:
    void startsEmptyWithoutAFile();
    void bringsBackWhatWasSaved();
    void makesTheFolderItNeeds();
    void replacesWhatWasThere();
    void readsWhatIsMissingAsDefaults();
    void readsOddValuesCarefully();
    void namesValuesItCannotUse_data();
    void namesValuesItCannotUse();
    void keepsTheFileWithUnusableValues();
    void savesNothingWhereItCannotKeepTheFile();
    void ignoresFieldsItDoesNotKnow();
    void keepsTenRecentFolders();
    void setsABrokenFileAside_data();
    void setsABrokenFileAside();
    void setsANewerFileAside();
    void keepsTwoFilesSetAsideApart();
    void doesNotOverwriteAFileItCannotSetAside();
    void saysWhyItCannotSave();
    void leavesTheOldFileWhenSavingFails();
    void livesInTheUsersConfiguration();
    void namesAProfileAfterItsFolder_data();
    void namesAProfileAfterItsFolder();
    void givesEachProfileAnIdOfItsOwn();

    void init();

  private:
    QString path() const { return m_folder->filePath("meerkat.json"); }
    void write(const QByteArray &bytes);
    QByteArray written(const QString &name = "meerkat.json") const;
    QStringList setAside() const { return QDir(m_folder->path()).entryList({"meerkat-*.json"}, QDir::Files); }
    static StoredState example();

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestProfileStore::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void TestProfileStore::write(const QByteArray &bytes) {
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

QByteArray TestProfileStore::written(const QString &name) const {
    QFile file(m_folder->filePath(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

StoredState TestProfileStore::example() {
    StoredState state;
    ServerProfile pictures = ServerProfile::forFolder("/home/ana/Pictures \u00fc");
    pictures.port = 9000;
    pictures.portWasChosen = true;
    pictures.reach = Reach::MyNetwork;
    pictures.wasServing = false;
    pictures.options = {{"index_files", "start.html"}, {"enable_directory_listing", "no"}};
    pictures.webSocket.canned = {{"Greeting", "hello\n\u00fc"}, {"", "nameless"}};
    pictures.webSocket.rules = {{"ping", "pong", true}, {"time", "", false}};
    pictures.webSocket.memoryMiB = 256;
    state.profiles = {pictures, ServerProfile::forFolder("/srv")};
    state.selectedId = pictures.id;
    state.recentFolders = {"/srv", "/home/ana"};
    state.windowGeometry = QByteArray("\0\1\2\xff", 4);
    state.tableState = "columns";
    state.selectedPage = "connectionsPage";
    state.toldAboutTray = true;
    state.closeWithoutTray = CloseAction::Minimise;
    return state;
}

void TestProfileStore::startsEmptyWithoutAFile() {
    ProfileStore store(path());
    const StoredState state = store.load();
    QVERIFY(state.profiles.isEmpty());
    QVERIFY(store.notice().isEmpty());
    QVERIFY(!QFile::exists(path()));
}

void TestProfileStore::bringsBackWhatWasSaved() {
    const StoredState saved = example();
    QVERIFY(ProfileStore(path()).save(saved));
    const StoredState loaded = ProfileStore(path()).load();
    QCOMPARE(loaded.profiles, saved.profiles);
    QCOMPARE(loaded.selectedId, saved.selectedId);
    QCOMPARE(loaded.recentFolders, saved.recentFolders);
    QCOMPARE(loaded.windowGeometry, saved.windowGeometry);
    QCOMPARE(loaded.tableState, saved.tableState);
    QCOMPARE(loaded.selectedPage, saved.selectedPage);
    QCOMPARE(loaded.toldAboutTray, true);
    QCOMPARE(loaded.closeWithoutTray, CloseAction::Minimise);
}

void TestProfileStore::makesTheFolderItNeeds() {
    const QString deep = m_folder->filePath("a/b/meerkat.json");
    QVERIFY(ProfileStore(deep).save(example()));
    QCOMPARE(ProfileStore(deep).load().profiles.size(), 2);
}

void TestProfileStore::replacesWhatWasThere() {
    ProfileStore store(path());
    QVERIFY(store.save(example()));
    QVERIFY(store.save(StoredState()));
    QVERIFY(store.load().profiles.isEmpty());
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files), QStringList{"meerkat.json"});
}

void TestProfileStore::readsWhatIsMissingAsDefaults() {
    write(R"({"version": 1, "profiles": [{"folder": "/srv/site"}]})");
    const StoredState state = ProfileStore(path()).load();
    QCOMPARE(state.profiles.size(), 1);
    const ServerProfile &profile = state.profiles[0];
    QCOMPARE(profile.name, QString("site"));
    QVERIFY(!profile.id.isEmpty());
    QCOMPARE(profile.reach, Reach::ThisComputer);
    QCOMPARE(profile.port, 0);
    QVERIFY(profile.wasServing);
    QCOMPARE(state.closeWithoutTray, CloseAction::Ask);
}

void TestProfileStore::readsOddValuesCarefully() {
    write(R"({"version": 1, "selectedId": 7, "recentFolders": [1, "/a", null], "closeWithoutTray": [], "windowGeometry": {},
              "profiles": ["text", {}, {"folder": ""}, 4,
                {"folder": "/a", "port": 70000, "portWasChosen": true, "reach": "galaxy", "options": {"index_files": 3, "a": "b"}},
                {"folder": "/b", "port": -1}, {"folder": "/c", "port": "8080"}]})");
    ProfileStore store(path());
    const StoredState state = store.load();
    QCOMPARE(state.profiles.size(), 3);
    for (const ServerProfile &profile : state.profiles) QCOMPARE(profile.port, 0);
    QVERIFY(!state.profiles[0].portWasChosen);
    QCOMPARE(state.profiles[0].reach, Reach::ThisComputer);
    QCOMPARE(state.profiles[0].options, (std::map<QString, QString>{{"a", "b"}}));
    QCOMPARE(state.recentFolders, QStringList{"/a"});
}

void TestProfileStore::namesValuesItCannotUse_data() {
    QTest::addColumn<QByteArray>("profile");
    QTest::addColumn<QString>("named");
    const auto row = [](const char *name, const char *profile, const char *named) {
        QTest::newRow(name) << QByteArray(profile) << QString(named);
    };
    row("nothing wrong", R"({"folder": "/site", "port": 8080, "reach": "network"})", "");
    row("the lowest port", R"({"folder": "/site", "port": 0})", "");
    row("the highest port", R"({"folder": "/site", "port": 65535})", "");
    row("a port too high", R"({"folder": "/site", "port": 99999})", "the port of site (99999)");
    row("a port below 0", R"({"folder": "/site", "port": -1})", "the port of site (-1)");
    row("half a port", R"({"folder": "/site", "port": 80.5})", "the port of site (80.5)");
    row("a port as a text", R"({"folder": "/site", "port": "8080"})", "the port of site (\"8080\")");
    row("no port at all", R"({"folder": "/site", "port": null})", "the port of site (null)");
    row("an unknown reach", R"({"folder": "/site", "reach": "galaxy"})", "the reach of site (\"galaxy\")");
    row("a name that is none", R"({"folder": "/site", "name": 7})", "the name of site (7)");
    row("an option that is no text", R"({"folder": "/site", "options": {"index_files": 3}})", "index_files of site (3)");
    row("a reply that is none", R"({"folder": "/site", "webSocket": {"replies": [7]}})", "a reply of site (7)");
    row("a switch that is none", R"({"folder": "/site", "webSocket": {"rules": [{"contains": "a", "isOn": "yes"}]}})",
        "the switch of an answer of site (\"yes\")");
    row("too little memory", R"({"folder": "/site", "webSocket": {"memoryMiB": 1}})", "the memory for messages of site (1)");
    row("options that are none", R"({"folder": "/site", "options": []})", "the options of site ([])");
    row("neither yes nor no", R"({"folder": "/site", "wasServing": "no"})", "the last state of site (\"no\")");
    row("a folder that is no text", R"({"folder": 17})", "a folder without a path ({\"folder\":17})");
    row("an empty folder", R"({"folder": ""})", "a folder without a path ({\"folder\":\"\"})");
    row("a folder that is a list", "[1]", "a folder without a path ([1])");
}

void TestProfileStore::namesValuesItCannotUse() {
    QFETCH(QByteArray, profile);
    QFETCH(QString, named);
    write(R"({"version": 1, "profiles": [{"folder": "/other", "port": 9000}, )" + profile + "]}");
    ProfileStore store(path());
    const StoredState state = store.load();
    QCOMPARE(state.profiles.first().port, 9000);
    QCOMPARE(setAside().size(), named.isEmpty() ? 0 : 1);
    const QString notice = QString("In the list of your folders this can't be used: %1. The list as it was is kept as %2.");
    QCOMPARE(store.notice(), named.isEmpty() ? QString() : notice.arg(named, setAside().value(0)));
}

void TestProfileStore::keepsTheFileWithUnusableValues() {
    const QByteArray bytes = R"({"version": 1, "closeWithoutTray": "dance", "recentFolders": 3, "toldAboutTray": 1,
        "profiles": [{"folder": "/site", "port": 99999, "reach": "galaxy", "name": "Holidays"}]})";
    write(bytes);
    ProfileStore store(path());
    const StoredState state = store.load();
    QCOMPARE(state.profiles.size(), 1);
    QCOMPARE(state.profiles[0].name, QString("Holidays"));
    QCOMPARE(setAside().size(), 1);
    QCOMPARE(written(setAside().first()), bytes);
    QVERIFY2(store.notice().contains("99999") && store.notice().contains("and 2 more"), qPrintable(store.notice()));
    // The next start finds a list without fault.
    ProfileStore next(path());
    QCOMPARE(next.load().profiles, state.profiles);
    QVERIFY(next.notice().isEmpty());
    QCOMPARE(setAside().size(), 1);
}

// No copy fits beside a name so long: the one way to fail that stops root too.
void TestProfileStore::savesNothingWhereItCannotKeepTheFile() {
    const QString name = QString(250, 'm') + ".json";
    const QByteArray bytes = R"({"version": 1, "profiles": [{"folder": "/site", "port": 99999}]})";
    QFile file(m_folder->filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    file.close();
    ProfileStore store(m_folder->filePath(name));
    QCOMPARE(store.load().profiles.size(), 1);
    QVERIFY2(store.notice().contains("99999") && store.notice().contains("Nothing is saved until"), qPrintable(store.notice()));
    QVERIFY(!store.save(example()));
    QCOMPARE(written(name), bytes);
}

void TestProfileStore::ignoresFieldsItDoesNotKnow() {
    write(R"({"version": 1, "colour": "blue", "profiles": [{"folder": "/srv", "shape": [1, 2]}]})");
    ProfileStore store(path());
    QCOMPARE(store.load().profiles.size(), 1);
    QVERIFY(store.notice().isEmpty());
}

void TestProfileStore::keepsTenRecentFolders() {
    StoredState state;
    for (int i = 0; i < 15; ++i) state.recentFolders.append(QString("/%1").arg(i));
    QVERIFY(ProfileStore(path()).save(state));
    const QStringList loaded = ProfileStore(path()).load().recentFolders;
    QCOMPARE(loaded.size(), 10);
    QCOMPARE(loaded.first(), QString("/0"));
}

void TestProfileStore::setsABrokenFileAside_data() {
    QTest::addColumn<QByteArray>("bytes");
    QVERIFY(ProfileStore(path()).save(example()));
    const QByteArray whole = written();
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("half-written") << whole.left(whole.size() / 2);
    QTest::newRow("all but the last brace") << whole.left(whole.lastIndexOf('}'));
    QTest::newRow("zeroes, as after a power cut") << QByteArray(whole.size(), '\0');
    QTest::newRow("not JSON") << QByteArray("[General]\nport=8080\n");
    QTest::newRow("a list") << QByteArray("[]");
    QTest::newRow("without a version") << QByteArray(R"({"profiles": []})");
    QTest::newRow("the version is a text") << QByteArray(R"({"version": "1"})");
}

void TestProfileStore::setsABrokenFileAside() {
    QFETCH(QByteArray, bytes);
    write(bytes);
    ProfileStore store(path());
    QVERIFY(store.load().profiles.isEmpty());
    QCOMPARE(setAside().size(), 1);
    QCOMPARE(written(setAside().first()), bytes);
    QCOMPARE(store.notice(),
             QString("The list of your folders was damaged. It was kept as %1, and a new one begins.").arg(setAside().first()));
    QVERIFY(store.save(example()));
    QCOMPARE(ProfileStore(path()).load().profiles.size(), 2);
}

void TestProfileStore::setsANewerFileAside() {
    write(R"({"version": 2, "profiles": [{"folder": "/srv"}]})");
    ProfileStore store(path());
    QVERIFY(store.load().profiles.isEmpty());
    QCOMPARE(setAside().size(), 1);
    QVERIFY2(store.notice().contains("newer Meerkat"), qPrintable(store.notice()));
}

void TestProfileStore::keepsTwoFilesSetAsideApart() {
    for (const char *bytes : {"first", "second"}) {
        write(bytes);
        ProfileStore(path()).load();
        QVERIFY(!QFile::exists(path()));
    }
    QCOMPARE(setAside().size(), 2);
}

// A folder in the file's place can't be opened and can't be written over, for root neither.
void TestProfileStore::doesNotOverwriteAFileItCannotSetAside() {
    QVERIFY(QDir().mkpath(path() + "/something"));
    ProfileStore store(path());
    QVERIFY(store.load().profiles.isEmpty());
    QVERIFY2(store.notice().startsWith("Your folders could not be read"), qPrintable(store.notice()));
    QVERIFY(!store.save(example()));
    QVERIFY2(store.notice().startsWith("Your folders could not be read"), qPrintable(store.notice()));
    QVERIFY2(store.notice().contains("Nothing is saved until"), qPrintable(store.notice()));
    QVERIFY(QFileInfo(path() + "/something").isDir());
}

void TestProfileStore::saysWhyItCannotSave() {
    QFile file(m_folder->filePath("file"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    ProfileStore store(m_folder->filePath("file/below/meerkat.json"));
    QVERIFY(!store.save(example()));
    QVERIFY2(store.notice().startsWith("Your folders could not be saved"), qPrintable(store.notice()));
    QVERIFY2(store.notice().contains("file/below can't be made"), qPrintable(store.notice()));
}

// A name so long that no temporary file fits beside it: the one way to fail that stops root too.
void TestProfileStore::leavesTheOldFileWhenSavingFails() {
    const QString name = QString(250, 'm') + ".json";
    QFile file(m_folder->filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("old") == 3);
    file.close();
    ProfileStore store(m_folder->filePath(name));
    QVERIFY(!store.save(example()));
    QVERIFY(!store.notice().isEmpty());
    QCOMPARE(written(name), QByteArray("old"));
}

void TestProfileStore::livesInTheUsersConfiguration() {
    QVERIFY(QDir::isAbsolutePath(ProfileStore::defaultPath()));
    QVERIFY(ProfileStore::defaultPath().endsWith("/meerkat/meerkat.json"));
}

void TestProfileStore::namesAProfileAfterItsFolder_data() {
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("kept");
    QTest::newRow("plain") << "/home/ana/Pictures"
                           << "Pictures"
                           << "/home/ana/Pictures";
    QTest::newRow("with a slash at the end") << "/home/ana/Pictures/"
                                             << "Pictures"
                                             << "/home/ana/Pictures";
    QTest::newRow("with dots") << "/home/ana/./Music/../Pictures"
                               << "Pictures"
                               << "/home/ana/Pictures";
    QTest::newRow("hidden") << "/home/ana/.config"
                            << ".config"
                            << "/home/ana/.config";
    QTest::newRow("root") << "/"
                          << "/"
                          << "/";
    QTest::newRow("relative") << "site"
                              << "site" << QDir::current().filePath("site");
}

void TestProfileStore::namesAProfileAfterItsFolder() {
    QFETCH(QString, folder);
    const ServerProfile profile = ServerProfile::forFolder(folder);
    QTEST(profile.name, "name");
    QTEST(profile.folder, "kept");
    QCOMPARE(profile.reach, Reach::ThisComputer);
}

void TestProfileStore::givesEachProfileAnIdOfItsOwn() {
    QVERIFY(ServerProfile::forFolder("/srv").id != ServerProfile::forFolder("/srv").id);
}

QTEST_GUILESS_MAIN(TestProfileStore)
#include "tst_profile_store.moc"
