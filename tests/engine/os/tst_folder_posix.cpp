// Station: tests of changes in an open folder, on a real disk: one name at a time, never through a link.
#include "os/folder.h"

#include "support/temporary_site.h"

#include <QTest>

using namespace meerkat;
using os::EditState;
using os::EntryKind;

class TestFolder : public QObject {
    Q_OBJECT

  private slots:
    void init();
    void tellsWhatIsThere();
    void opensNoLinks();
    void makesAndRemoves();
    void movesWithoutReplacing();
    void movesAndReplaces();
    void swapsTwoNames();
    void takesNoPaths_data();
    void takesNoPaths();
    void readsEveryName();
    void tellsTheRoom();

  private:
    std::unique_ptr<test::TemporarySite> m_site;
    os::File m_folder;
};

void TestFolder::init() {
    m_site = std::make_unique<test::TemporarySite>();
    m_site->write("f", "f");
    m_site->write("d/a", "a");
    QVERIFY(QFile::link("d", m_site->path("link")));
    auto opened = os::File::openToRead(m_site->path().toStdString());
    QVERIFY(opened);
    m_folder = std::move(*opened);
}

void TestFolder::tellsWhatIsThere() {
    const os::Entry file = os::entryIn(m_folder, "f");
    QVERIFY(file.kind == EntryKind::File && file.info.size == 1);
    // Born before it was changed, where the file system knows.
    QVERIFY(file.createdNs == 0 || file.createdNs <= file.info.changedNs);
    QVERIFY(os::entryIn(m_folder, "d").kind == EntryKind::Folder);
    QVERIFY(os::entryIn(m_folder, "link").kind == EntryKind::Link);
    QVERIFY(os::entryIn(m_folder, "none").kind == EntryKind::Nothing);
    QVERIFY(os::entryIn(os::again(m_folder), "f").kind == EntryKind::File);
}

void TestFolder::opensNoLinks() {
    auto state = EditState::Done;
    QVERIFY(os::openFolderIn(m_folder, "d", state).isOpen() && state == EditState::Done);
    QVERIFY(os::openFileIn(m_folder, "f", state).isOpen());
    QVERIFY(!os::openFolderIn(m_folder, "link", state).isOpen() && state == EditState::Impossible);
    QVERIFY(!os::openFolderIn(m_folder, "f", state).isOpen() && state == EditState::Impossible);
    QVERIFY(!os::openFileIn(m_folder, "d", state).isOpen() && state == EditState::Impossible);
    QVERIFY(!os::openFileIn(m_folder, "none", state).isOpen() && state == EditState::Absent);
}

void TestFolder::makesAndRemoves() {
    QCOMPARE(os::makeFolderIn(m_folder, "new"), EditState::Done);
    QCOMPARE(os::makeFolderIn(m_folder, "new"), EditState::Exists);
    QCOMPARE(os::removeFolderIn(m_folder, "d"), EditState::NotEmpty);
    QVERIFY(os::removeFileIn(m_folder, "d") != EditState::Done);
    QVERIFY(os::removeFolderIn(m_folder, "f") != EditState::Done);
    QCOMPARE(os::removeFolderIn(m_folder, "new"), EditState::Done);
    QCOMPARE(os::removeFileIn(m_folder, "link"), EditState::Done);
    QCOMPARE(os::removeFileIn(m_folder, "link"), EditState::Absent);
    QVERIFY(QFile::exists(m_site->path("d/a")));
}

void TestFolder::movesWithoutReplacing() {
    QCOMPARE(os::moveEntry(m_folder, "f", m_folder, "g", os::Replacing::No), EditState::Done);
    QCOMPARE(os::moveEntry(m_folder, "g", m_folder, "d", os::Replacing::No), EditState::Exists);
    QCOMPARE(os::moveEntry(m_folder, "g", m_folder, "link", os::Replacing::No), EditState::Exists);
    QCOMPARE(os::moveEntry(m_folder, "none", m_folder, "h", os::Replacing::No), EditState::Absent);
    auto state = EditState::Done;
    const os::File inner = os::openFolderIn(m_folder, "d", state);
    QCOMPARE(os::moveEntry(m_folder, "g", inner, "h", os::Replacing::No), EditState::Done);
    QVERIFY(QFile::exists(m_site->path("d/h")));
}

void TestFolder::movesAndReplaces() {
    m_site->write("g", "g");
    QCOMPARE(os::moveEntry(m_folder, "g", m_folder, "f", os::Replacing::Yes), EditState::Done);
    QCOMPARE(os::moveEntry(m_folder, "f", m_folder, "link", os::Replacing::Yes), EditState::Done);
    QVERIFY(!QFileInfo(m_site->path("link")).isSymLink());
    QVERIFY(os::moveEntry(m_folder, "link", m_folder, "d", os::Replacing::Yes) != EditState::Done);
    QVERIFY(QFile::exists(m_site->path("d/a")));
}

void TestFolder::swapsTwoNames() {
    const auto state = os::swapEntries(m_folder, "f", "d");
    if (state == EditState::Impossible) QSKIP("this system or file system cannot");
    QCOMPARE(state, EditState::Done);
    QVERIFY(QFile::exists(m_site->path("f/a")) && QFileInfo(m_site->path("d")).isFile());
    QCOMPARE(os::swapEntries(m_folder, "f", "none"), EditState::Absent);
}

void TestFolder::takesNoPaths_data() {
    QTest::addColumn<QByteArray>("name");
    for (const char *name : {"", ".", "..", "d/a", "/etc", "../x", "d/"}) QTest::newRow(name) << QByteArray(name);
    QTest::newRow("NUL") << QByteArray("f\0x", 3);
}

void TestFolder::takesNoPaths() {
    QFETCH(QByteArray, name);
    const std::string text = name.toStdString();
    auto state = EditState::Done;
    QVERIFY(os::entryIn(m_folder, text).kind == EntryKind::Nothing);
    QVERIFY(!os::openFolderIn(m_folder, text, state).isOpen() && state == EditState::Impossible);
    QVERIFY(!os::openFileIn(m_folder, text, state).isOpen() && state == EditState::Impossible);
    QCOMPARE(os::makeFolderIn(m_folder, text), EditState::Impossible);
    QCOMPARE(os::removeFileIn(m_folder, text), EditState::Impossible);
    QCOMPARE(os::removeFolderIn(m_folder, text), EditState::Impossible);
    QCOMPARE(os::moveEntry(m_folder, text, m_folder, "x", os::Replacing::Yes), EditState::Impossible);
    QCOMPARE(os::moveEntry(m_folder, "f", m_folder, text, os::Replacing::Yes), EditState::Impossible);
    QCOMPARE(os::swapEntries(m_folder, "f", text), EditState::Impossible);
}

void TestFolder::readsEveryName() {
    for (int i = 0; i < 500; ++i) m_site->write(QString("d/%1").arg(i), {});
    auto state = EditState::Done;
    const os::File inner = os::openFolderIn(m_folder, "d", state);
    const auto reader = os::FolderReader::open(inner, state);
    QVERIFY(reader);
    for (int round = 0; round < 2; ++round, reader->rewind()) {
        QSet<QString> names;
        while (const auto name = reader->next()) names.insert(QString::fromStdString(*name));
        QVERIFY(!reader->hasFailed());
        QCOMPARE(names.size(), 501);
    }
}

void TestFolder::tellsTheRoom() {
    const auto room = os::roomOf(m_folder);
    QVERIFY(room && room->freeBytes + room->usedBytes > 0);
}

QTEST_GUILESS_MAIN(TestFolder)
#include "tst_folder_posix.moc"
