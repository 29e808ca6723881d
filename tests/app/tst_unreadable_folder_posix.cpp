// A folder that one may not read, as a person without an administrator's rights meets it, through a real engine thread.
#include "app/engine_client.h"
#include "app/serving_settings.h"
#include "support/without_privileges_posix.h"

#include <QTcpSocket>
#include <QTemporaryDir>
#include <QtTest>

#include <sys/stat.h>

using namespace meerkat::app;

class TestUnreadableFolder : public QObject {
    Q_OBJECT

  private slots:
    void servesItAsSoonAsItMayBeRead();
    void saysThatItMayNotBeRead_data();
    void saysThatItMayNotBeRead();
    void tellsPermissionFromAbsenceWhileServing();
    void keepsServingTheOldFolder();

    void init();
    void cleanup();

  private:
    QString path() const { return m_place->filePath("Diary"); }
    bool allow(mode_t mode) const { return chmod(path().toUtf8().constData(), mode) == 0; }

    std::unique_ptr<QTemporaryDir> m_place;
};

void TestUnreadableFolder::init() {
    m_place = std::make_unique<QTemporaryDir>();
    QVERIFY(m_place->isValid());
    QVERIFY(chmod(m_place->path().toUtf8().constData(), 0777) == 0);
    const WithoutPrivileges ordinary;
    QVERIFY(ordinary.isOrdinary());
    QVERIFY(QDir().mkpath(path()));
    QFile file(path() + "/page.txt");
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("dear") == 4);
}

void TestUnreadableFolder::cleanup() { allow(0755); }

void TestUnreadableFolder::servesItAsSoonAsItMayBeRead() {
    const WithoutPrivileges ordinary;
    QVERIFY(allow(0));
    EngineClient client(ServerProfile::forFolder(path()));
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Trouble);
    QVERIFY(client.waitsForFolder());
    QVERIFY(allow(0755));
    QTRY_COMPARE_WITH_TIMEOUT(client.state(), ServingState::Serving, 15000);
}

void TestUnreadableFolder::saysThatItMayNotBeRead_data() {
    QTest::addColumn<uint>("mode");
    QTest::newRow("neither read nor entered") << 0000u;
    QTest::newRow("entered, not read") << 0311u;
    QTest::newRow("read, not entered") << 0444u;
}

void TestUnreadableFolder::saysThatItMayNotBeRead() {
    QFETCH(uint, mode);
    const WithoutPrivileges ordinary;
    QVERIFY(allow(mode));
    EngineClient client(ServerProfile::forFolder(path()));
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Trouble);
    QCOMPARE(client.port(), 0);
    QCOMPARE(client.trouble().kind, TroubleKind::FolderUnreadable);
    QCOMPARE(client.trouble().sentence,
             QString("The folder Diary can't be read. Allow it in the folder's permissions, or choose another folder."));
}

void TestUnreadableFolder::tellsPermissionFromAbsenceWhileServing() {
    const WithoutPrivileges ordinary;
    EngineClient client(ServerProfile::forFolder(path()));
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Serving);
    QVERIFY(allow(0));
    QTRY_COMPARE_WITH_TIMEOUT(client.state(), ServingState::Trouble, 15000);
    QCOMPARE(client.trouble().kind, TroubleKind::FolderUnreadable);
    QVERIFY(QDir(m_place->path()).rename("Diary", "away"));
    QTRY_COMPARE_WITH_TIMEOUT(client.trouble().kind, TroubleKind::FolderMissing, 15000);
    QVERIFY(QDir(m_place->path()).rename("away", "Diary"));
    QVERIFY(allow(0755));
    QTRY_COMPARE_WITH_TIMEOUT(client.state(), ServingState::Serving, 15000);
}

void TestUnreadableFolder::keepsServingTheOldFolder() {
    const WithoutPrivileges ordinary;
    QVERIFY(QDir(m_place->path()).mkpath("open"));
    EngineClient client(ServerProfile::forFolder(m_place->filePath("open")));
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Serving);
    QSignalSpy refusals(&client, &EngineClient::refused);
    QVERIFY(allow(0));
    ServerProfile changed = client.profile();
    changed.folder = path();
    changed.name = "Diary";
    client.setProfile(changed);
    QTRY_COMPARE(refusals.size(), 1);
    QCOMPARE(client.refusal().kind, TroubleKind::FolderUnreadable);
    QCOMPARE(client.state(), ServingState::Serving);
    QCOMPARE(client.profile().name, QString("open"));
}

QTEST_GUILESS_MAIN(TestUnreadableFolder)
#include "tst_unreadable_folder_posix.moc"
