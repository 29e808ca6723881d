#include "ui/models/folder_drop.h"
#include "ui/models/recent_folders.h"
#include "ui/models/trouble_notice.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace meerkat;
using namespace meerkat::ui;

class FolderDropTest : public QObject {
    Q_OBJECT
  private slots:
    void takesFoldersAndLeavesFiles();
    void offersTheFolderOfALoneFile();
    void ignoresWhatIsNotOnThisComputer();
    void saysWhichRecentFoldersVanished();
    void offersTheFreePortForATakenOne();
    void offersAnotherFolderForAVanishedOne();
    void offersToTryAgainWhereNothingElseHelps();
};

void FolderDropTest::takesFoldersAndLeavesFiles() {
    QTemporaryDir place;
    QFile file(place.filePath("a.txt"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const FolderDrop drop = readDrop({QUrl::fromLocalFile(file.fileName()), QUrl::fromLocalFile(place.path())});
    QCOMPARE(drop.folders, QStringList{place.path()});
    QVERIFY(drop.fileName.isEmpty());
}

void FolderDropTest::offersTheFolderOfALoneFile() {
    QTemporaryDir place;
    QFile file(place.filePath("a.txt"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const FolderDrop drop = readDrop({QUrl::fromLocalFile(file.fileName())});
    QVERIFY(drop.folders.isEmpty());
    QCOMPARE(drop.fileName, "a.txt");
    QCOMPARE(drop.folderOfFile, place.path());
}

void FolderDropTest::ignoresWhatIsNotOnThisComputer() {
    const FolderDrop drop = readDrop({QUrl("http://example.org/"), QUrl::fromLocalFile("/no/such/place")});
    QVERIFY(drop.folders.isEmpty());
    QVERIFY(drop.fileName.isEmpty());
}

void FolderDropTest::saysWhichRecentFoldersVanished() {
    QTemporaryDir place;
    RecentFolders recent;
    QAbstractItemModelTester tester(&recent);
    QSignalSpy checked(&recent, &RecentFolders::checked);
    recent.setFolders({place.path(), "/no/such/place"});
    QVERIFY(checked.wait());
    const auto presence = [&recent](int row) {
        return static_cast<RecentFolders::Presence>(recent.index(row).data(RecentFolders::PresenceRole).toInt());
    };
    QCOMPARE(presence(0), RecentFolders::Presence::There);
    QCOMPARE(presence(1), RecentFolders::Presence::Vanished);
    QCOMPARE(recent.index(1).data().toString(), "place");
}

void FolderDropTest::offersTheFreePortForATakenOne() {
    const TroubleNotice notice =
        noticeOf({app::TroubleKind::PortTaken, "Port 8080 is used by nginx.", "port 8080 is taken", 8081});
    QCOMPARE(notice.wayOut, WayOut::UsePort);
    QCOMPARE(notice.button, "Use 8081");
    QCOMPARE(notice.sentence, "Port 8080 is used by nginx.");
}

void FolderDropTest::offersAnotherFolderForAVanishedOne() {
    const TroubleNotice notice = noticeOf({app::TroubleKind::FolderMissing, "The folder Pictures is no longer there.", 0});
    QCOMPARE(notice.wayOut, WayOut::ChooseFolder);
    QVERIFY(notice.canRetry);
}

void FolderDropTest::offersToTryAgainWhereNothingElseHelps() {
    QCOMPARE(noticeOf({app::TroubleKind::PortTaken, "Port 1 is used.", 0}).wayOut, WayOut::TryAgain);
    QCOMPARE(noticeOf({app::TroubleKind::Other, "It broke.", 0}).wayOut, WayOut::TryAgain);
}

QTEST_GUILESS_MAIN(FolderDropTest)
#include "tst_folder_drop.moc"
