// A served folder in trouble: what is said, what goes on, and how it ends.
#include "app/engine_client.h"

#include "support/served_folder.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QtTest>

using namespace meerkat::app;

class TestEngineClientTrouble : public QObject, private ServedFolder {
    Q_OBJECT

  private slots:
    void startsAgainAfterTrouble();
    void startsByItselfWhenTheFolderComes();
    void startsByItselfWhenThePortIsFree();
    void waitsNoLongerForAFolderOnceStopped();
    void stopsFromTrouble();
    void goesBackToWhatServesWhenAChangeIsRefused();
    void tellsWhenTheFolderVanishesAndReturns();
    void keepsTheTroubleOfTheFolderApartFromARefusal();
    void namesTheFolderOfOursThatHoldsThePort();

    void init() { makeFolder(); }
};

void TestEngineClientTrouble::startsAgainAfterTrouble() {
    ServerProfile missing = profile();
    missing.folder = m_folder->filePath("later");
    missing.name = "later";
    EngineClient client(missing);
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Trouble);
    QCOMPARE(client.trouble().sentence, QString("The folder later is not there. It is served as soon as it is."));
    QVERIFY(QDir().mkpath(missing.folder));
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Serving);
}

void TestEngineClientTrouble::startsByItselfWhenTheFolderComes() {
    ServerProfile missing = profile();
    missing.folder = m_folder->filePath("later");
    EngineClient client(missing);
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Trouble);
    QVERIFY(client.waitsForFolder());
    QVERIFY(QDir().mkpath(missing.folder));
    QTRY_COMPARE_WITH_TIMEOUT(client.state(), ServingState::Serving, 15000);
    QVERIFY(!client.waitsForFolder());
    QCOMPARE(get(client.port(), "/"), 200);
}

void TestEngineClientTrouble::startsByItselfWhenThePortIsFree() {
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    ServerProfile chosen = profile();
    chosen.port = other.serverPort();
    chosen.portWasChosen = true;
    EngineClient client(chosen);
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Trouble);
    QCOMPARE(client.trouble().kind, TroubleKind::PortTaken);
    other.close();
    QTRY_COMPARE_WITH_TIMEOUT(client.state(), ServingState::Serving, 15000);
    QCOMPARE(client.port(), chosen.port);
}

void TestEngineClientTrouble::waitsNoLongerForAFolderOnceStopped() {
    ServerProfile missing = profile();
    missing.folder = m_folder->filePath("later");
    EngineClient client(missing);
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Trouble);
    client.stop();
    QTRY_COMPARE(client.state(), ServingState::Stopped);
    QVERIFY(!client.waitsForFolder());
    QVERIFY(QDir().mkpath(missing.folder));
    QSignalSpy states(&client, &EngineClient::stateChanged);
    QVERIFY(!states.wait(2500));  // longer than the engine waits before it looks again
    QCOMPARE(client.state(), ServingState::Stopped);
}

void TestEngineClientTrouble::stopsFromTrouble() {
    ServerProfile missing = profile();
    missing.folder = m_folder->filePath("nowhere");
    EngineClient client(missing);
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Trouble);
    client.stop();
    QTRY_COMPARE(client.state(), ServingState::Stopped);
}

void TestEngineClientTrouble::goesBackToWhatServesWhenAChangeIsRefused() {
    QTcpServer taken;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    m_desktop.program = "nginx";
    EngineClient client(profile(), nullptr, m_desktop);
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Serving);
    const ServerProfile served = client.profile();
    QSignalSpy refusals(&client, &EngineClient::refused);
    ServerProfile changed = served;
    changed.name = "Holidays";
    changed.port = taken.serverPort();
    changed.portWasChosen = true;
    client.setProfile(changed);
    QTRY_COMPARE(refusals.size(), 1);
    QCOMPARE(client.state(), ServingState::Serving);
    QCOMPARE(client.refusal().sentence, QString("Port %1 is used by nginx.").arg(taken.serverPort()));
    QVERIFY(client.refusal().offeredPort != 0 && client.refusal().offeredPort != taken.serverPort());
    QCOMPARE(client.profile().port, served.port);
    QVERIFY(!client.profile().portWasChosen);
    QCOMPARE(client.profile().name, QString("Holidays"));
    QCOMPARE(get(client.port(), "/a.bin"), 200);
}

void TestEngineClientTrouble::tellsWhenTheFolderVanishesAndReturns() {
    EngineClient client(profile());
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Serving);
    const quint16 port = client.port();
    QVERIFY(QDir(m_folder->path()).rename("site", "elsewhere"));
    QTRY_COMPARE_WITH_TIMEOUT(client.state(), ServingState::Trouble, 15000);
    QCOMPARE(client.trouble().kind, TroubleKind::FolderMissing);
    QCOMPARE(client.trouble().sentence, QString("The folder site is no longer there. It is served again as soon as it is back."));
    QCOMPARE(client.port(), port);
    QVERIFY(QDir(m_folder->path()).rename("elsewhere", "site"));
    QTRY_COMPARE_WITH_TIMEOUT(client.state(), ServingState::Serving, 15000);
    QTRY_COMPARE(get(port, "/a.bin"), 200);
}

void TestEngineClientTrouble::keepsTheTroubleOfTheFolderApartFromARefusal() {
    QTcpServer taken;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    EngineClient client(profile(), nullptr, m_desktop);
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Serving);
    QVERIFY(QDir(m_folder->path()).rename("site", "elsewhere"));
    QTRY_COMPARE_WITH_TIMEOUT(client.state(), ServingState::Trouble, 15000);
    QSignalSpy refusals(&client, &EngineClient::refused);
    ServerProfile changed = client.profile();
    changed.folder = m_folder->filePath("elsewhere");
    changed.port = taken.serverPort();
    changed.portWasChosen = true;
    client.setProfile(changed);
    QTRY_COMPARE(refusals.size(), 1);
    QCOMPARE(client.refusal().kind, TroubleKind::PortTaken);
    QCOMPARE(client.state(), ServingState::Trouble);
    QCOMPARE(client.trouble().kind, TroubleKind::FolderMissing);
}

void TestEngineClientTrouble::namesTheFolderOfOursThatHoldsThePort() {
    struct OneNeighbour : Neighbours {
        QString folderOnPort(quint16 port, const EngineClient &) const override { return port == held ? "Pictures" : ""; }
        quint16 held = 0;
    } neighbours;
    QTcpServer taken;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    neighbours.held = taken.serverPort();
    m_desktop.program = "meerkat";
    ServerProfile chosen = profile();
    chosen.port = taken.serverPort();
    chosen.portWasChosen = true;
    EngineClient client(chosen, nullptr, m_desktop);
    client.setNeighbours(&neighbours);
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Trouble);
    QCOMPARE(client.trouble().sentence, QString("Port %1 is used by your folder Pictures.").arg(chosen.port));
    QVERIFY(client.trouble().offeredPort != 0);
}

QTEST_GUILESS_MAIN(TestEngineClientTrouble)
#include "tst_engine_client_trouble.moc"
