// What went wrong, in the words that people read, and the way out.
#include "app/trouble.h"

#include "support/fake_desktop.h"

#include <QTcpServer>
#include <QTemporaryFile>
#include <QtTest>

using namespace meerkat::app;

class TestTrouble : public QObject {
    Q_OBJECT

  private slots:
    void tellsTroubleInWords_data();
    void tellsTroubleInWords();
    void cutsALongNameInItsSentence();
    void tellsTheOwnFolderOnAPort();
    void tellsAFileFromAFolder();
    void offersAPortThatIsFree();
};

void TestTrouble::tellsTroubleInWords_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<std::string>("text");
    QTest::addColumn<QString>("program");
    QTest::addColumn<QString>("sentence");
    QTest::addColumn<bool>("offersAPort");
    const auto row = [](const char *name, TroubleKind kind, const std::string &text, const char *program, const char *sentence,
                        bool offersAPort) {
        QTest::newRow(name) << static_cast<int>(kind) << text << QString(program) << QString(sentence) << offersAPort;
    };
    row("a port that a program holds", TroubleKind::PortTaken, "in use", "nginx", "Port 81 is used by nginx.", true);
    row("a port that somebody holds", TroubleKind::PortTaken, "in use", "", "Port 81 is used by another program.", true);
    row("a port for administrators", TroubleKind::PortForbidden, "denied", "", "Only an administrator may use port 81 here.",
        true);
    row("no folder", TroubleKind::FolderMissing, "x", "", "The folder site is not there. It is served as soon as it is.", false);
    row("an unreadable folder", TroubleKind::FolderUnreadable, "x", "",
        "The folder site can't be read. Allow it in the folder's permissions, or choose another folder.", false);
    row("an option", TroubleKind::OptionRefused, "\"maybe\" is neither yes nor no", "", "\"maybe\" is neither yes nor no.",
        false);
    row("anything else", TroubleKind::Other, "the system has no thread left", "", "The system has no thread left.", false);
    row("anything else, in whole sentences", TroubleKind::Other, "So it is.", "", "So it is.", false);
    row("nothing to say", TroubleKind::Other, "", "", "", false);
}

void TestTrouble::tellsTroubleInWords() {
    QFETCH(int, kind);
    QFETCH(std::string, text);
    QFETCH(bool, offersAPort);
    QFETCH(QString, program);
    FakeDesktop desktop;
    desktop.program = program;
    Failed failed;
    failed.kind = static_cast<TroubleKind>(kind);
    failed.text = text;
    failed.port = 81;
    const Trouble trouble = troubleFor(failed, ServerProfile::forFolder("/home/ana/site"), desktop);
    QTEST(trouble.sentence, "sentence");
    QCOMPARE(trouble.offeredPort != 0, offersAPort);
    QVERIFY(!offersAPort || trouble.offeredPort >= 1024);
    QCOMPARE(static_cast<int>(trouble.kind), kind);
}

// A sentence stays a sentence, whatever a folder is called.
void TestTrouble::cutsALongNameInItsSentence() {
    Failed failed;
    failed.kind = TroubleKind::FolderMissing;
    const auto profile = ServerProfile::forFolder("/home/ana/" + QString(250, 'x'));
    const Trouble trouble = troubleFor(failed, profile, FakeDesktop());
    QVERIFY(trouble.sentence.size() < 150);
    QCOMPARE(trouble.brief, QString("not there"));
}

void TestTrouble::tellsTheOwnFolderOnAPort() {
    FakeDesktop desktop;
    desktop.program = "meerkat";
    Failed failed;
    failed.kind = TroubleKind::PortTaken;
    failed.port = 81;
    const Trouble trouble = troubleFor(failed, ServerProfile::forFolder("/home/ana/site"), desktop, "Pictures");
    QCOMPARE(trouble.sentence, QString("Port 81 is used by your folder Pictures."));
}

void TestTrouble::tellsAFileFromAFolder() {
    Failed failed;
    failed.kind = TroubleKind::FolderIsFile;
    const ServerProfile profile = ServerProfile::forFolder("/home/ana/letter.txt");
    QCOMPARE(troubleFor(failed, profile, FakeDesktop()).sentence, QString("letter.txt is a file; Meerkat serves folders."));
}

void TestTrouble::offersAPortThatIsFree() {
    QTcpServer taken, next;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    const quint16 offered = freePortAfter(taken.serverPort(), Reach::ThisComputer);
    QVERIFY(offered != 0 && offered != taken.serverPort());
    QVERIFY(next.listen(QHostAddress::LocalHost, offered));
    const quint16 other = freePortAfter(taken.serverPort(), Reach::ThisComputer);
    QVERIFY(other != 0 && other != offered && other != taken.serverPort());
    QVERIFY(freePortAfter(65535, Reach::ThisComputer) != 0);
    QVERIFY(freePortAfter(80, Reach::ThisComputer) >= 1024);
}

QTEST_GUILESS_MAIN(TestTrouble)
#include "tst_trouble.moc"
