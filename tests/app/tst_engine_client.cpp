// A served folder as the window sees it: its states, and what becomes of a changed profile.
#include "app/engine_client.h"

#include "support/served_folder.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QtTest>

using namespace meerkat::app;

class TestEngineClient : public QObject, private ServedFolder {
    Q_OBJECT

  private slots:
    void startsAndStops();
    void remembersThePortItFound();
    void neverChangesAChosenPort();
    void takesTheNextPortWhereNobodyChoseOne();
    void prefersThePortItHadLastTime();
    void appliesAChangedFolderAtOnce();
    void appliesAChangedReachAtOnce();
    void toldOfANewNameOnlyTellsIt();
    void keepsAStoppedProfileForTheNextStart();
    void showsConnectionsWhileWatched();
    void tellsRequests();
    void tellsEachVisitorOnce();
    void countsBytesASecond();
    void emptiesTheConnectionsWhenStopped();
    void survivesImpatientClicks();
    void endsWhileServing();

    void init() { makeFolder(); }
};

void TestEngineClient::startsAndStops() {
    EngineClient client(profile());
    QSignalSpy states(&client, &EngineClient::stateChanged);
    QCOMPARE(client.state(), ServingState::Stopped);
    client.start();
    QCOMPARE(client.state(), ServingState::Starting);
    QTRY_COMPARE(client.state(), ServingState::Serving);
    QVERIFY(client.port() != 0);
    QCOMPARE(get(client.port(), "/a.bin"), 200);
    client.stop();
    QCOMPARE(client.state(), ServingState::Stopping);
    QTRY_COMPARE(client.state(), ServingState::Stopped);
    QCOMPARE(client.port(), 0);
    QCOMPARE(states.size(), 4);
}

void TestEngineClient::remembersThePortItFound() {
    EngineClient client(profile());
    QSignalSpy changes(&client, &EngineClient::profileChanged);
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Serving);
    QCOMPARE(client.profile().port, client.port());
    QVERIFY(!client.profile().portWasChosen);
    QCOMPARE(changes.size(), 1);
    QVERIFY(client.port() >= 8080);
}

void TestEngineClient::neverChangesAChosenPort() {
    QTcpServer taken;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    ServerProfile chosen = profile();
    chosen.port = taken.serverPort();
    chosen.portWasChosen = true;
    EngineClient client(chosen, nullptr, m_desktop);
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Trouble);
    QCOMPARE(client.profile(), chosen);
    QCOMPARE(client.port(), 0);
    QCOMPARE(client.trouble().kind, TroubleKind::PortTaken);
}

void TestEngineClient::takesTheNextPortWhereNobodyChoseOne() {
    QTcpServer taken;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    ServerProfile former = profile();
    former.port = taken.serverPort();
    EngineClient client(former);
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Serving);
    QVERIFY(client.port() != taken.serverPort());
    QCOMPARE(client.profile().port, client.port());
}

void TestEngineClient::prefersThePortItHadLastTime() {
    ServerProfile former = profile();
    {
        QTcpServer free;
        QVERIFY(free.listen(QHostAddress::LocalHost));
        former.port = free.serverPort();
    }
    EngineClient client(former);
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Serving);
    QCOMPARE(client.port(), former.port);
}

void TestEngineClient::appliesAChangedFolderAtOnce() {
    EngineClient client(profile());
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Serving);
    const quint16 port = client.port();
    ServerProfile changed = client.profile();
    changed.folder = m_folder->filePath("site/inner");
    client.setProfile(changed);
    QTRY_COMPARE(get(port, "/a.bin"), 404);
    QCOMPARE(client.port(), port);
    QCOMPARE(client.state(), ServingState::Serving);
}

void TestEngineClient::appliesAChangedReachAtOnce() {
    EngineClient client(profile());
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Serving);
    const quint16 port = client.port();
    QSignalSpy refusals(&client, &EngineClient::refused);
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress("127.0.0.2"), port));  // nobody else may listen on every address of this port
    ServerProfile changed = client.profile();
    changed.reach = Reach::MyNetwork;
    changed.portWasChosen = true;
    client.setProfile(changed);
    QTRY_COMPARE(refusals.size(), 1);
    QCOMPARE(client.profile().reach, Reach::ThisComputer);
    QCOMPARE(client.port(), port);
    QCOMPARE(get(port, "/a.bin"), 200);
    other.close();
    client.setProfile(changed);
    QTRY_COMPARE(get(port, "/a.bin"), 200);
    QCOMPARE(client.profile().reach, Reach::MyNetwork);
}

void TestEngineClient::toldOfANewNameOnlyTellsIt() {
    EngineClient client(profile());
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Serving);
    QSignalSpy changes(&client, &EngineClient::profileChanged), states(&client, &EngineClient::stateChanged);
    ServerProfile renamed = client.profile();
    renamed.name = "Holidays";
    client.setProfile(renamed);
    QCOMPARE(changes.size(), 1);
    QCOMPARE(client.profile().name, QString("Holidays"));
    client.setProfile(renamed);
    QCOMPARE(changes.size(), 1);
    QCOMPARE(states.size(), 0);
}

void TestEngineClient::keepsAStoppedProfileForTheNextStart() {
    EngineClient client(profile());
    ServerProfile changed = client.profile();
    changed.folder = m_folder->filePath("site/inner");
    client.setProfile(changed);
    QCOMPARE(client.state(), ServingState::Stopped);
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Serving);
    QCOMPARE(get(client.port(), "/a.bin"), 404);
}

void TestEngineClient::showsConnectionsWhileWatched() {
    EngineClient client(profile());
    client.setWatched(true);
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Serving);
    QTcpSocket visitor;
    visitor.connectToHost(QHostAddress::LocalHost, client.port());
    QVERIFY(visitor.waitForConnected());
    QTRY_COMPARE(client.snapshot().connections.size(), 1u);
    QCOMPARE(client.snapshot().connections[0].remotePort, visitor.localPort());
    client.closeConnection(client.snapshot().connections[0].id);
    QTRY_COMPARE(visitor.state(), QAbstractSocket::UnconnectedState);
    QTRY_COMPARE(client.snapshot().connections.size(), 0u);
}

void TestEngineClient::tellsRequests() {
    EngineClient client(profile());
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Serving);
    QVector<RequestRecord> records;
    connect(&client, &EngineClient::requestHappened, this, [&](const RequestRecord &record) { records.append(record); });
    QCOMPARE(get(client.port(), "/a.bin"), 200);
    QCOMPARE(get(client.port(), "/nothing"), 404);
    QTRY_COMPARE(records.size(), 2);
    QCOMPARE(records[0].target, std::string("/a.bin"));
    QCOMPARE(records[1].status, 404);
}

void TestEngineClient::tellsEachVisitorOnce() {
    EngineClient client(profile());
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Serving);
    QStringList visitors;
    int requests = 0;
    connect(&client, &EngineClient::visitorCame, this, [&](const QString &address) { visitors << address; });
    connect(&client, &EngineClient::requestHappened, this, [&] { ++requests; });
    QCOMPARE(get(client.port(), "/a.bin"), 200);
    QCOMPARE(get(client.port(), "/a.bin"), 200);
    QTRY_COMPARE(requests, 2);
    QCOMPARE(visitors, QStringList("127.0.0.1"));
}

void TestEngineClient::countsBytesASecond() {
    EngineClient client(profile());
    client.setWatched(true);
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Serving);
    QTRY_VERIFY(client.snapshot().takenMs > 0);
    QCOMPARE(client.bytesPerSecond(), 0.0);
    double fastest = 0;
    connect(&client, &EngineClient::snapshotChanged, this, [&] { fastest = std::max(fastest, client.bytesPerSecond()); });
    QCOMPARE(get(client.port(), "/a.bin"), 200);
    QTRY_VERIFY(fastest > 100000);
    QTRY_COMPARE(client.bytesPerSecond(), 0.0);
    QVERIFY(client.snapshot().counters.bytesSent > 1u << 20);
    const auto inHistory = [&client] {
        std::uint64_t bytes = 0;
        for (const SecondOfTraffic &second : client.snapshot().history) bytes += second.bytes;
        return bytes;
    };
    QTRY_COMPARE(inHistory(), client.snapshot().counters.bytesSent);
}

void TestEngineClient::emptiesTheConnectionsWhenStopped() {
    EngineClient client(profile());
    client.setWatched(true);
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Serving);
    QTcpSocket visitor;
    visitor.connectToHost(QHostAddress::LocalHost, client.port());
    QTRY_COMPARE(client.snapshot().connections.size(), 1u);
    client.stop();
    QTRY_COMPARE(client.state(), ServingState::Stopped);
    QVERIFY(client.snapshot().connections.empty());
}

// Only the last word counts, however fast the clicks come.
void TestEngineClient::survivesImpatientClicks() {
    EngineClient client(profile());
    for (int i = 0; i < 100; ++i) {
        client.start();
        client.stop();
    }
    QTRY_COMPARE(client.state(), ServingState::Stopped);
    QCOMPARE(client.port(), 0);
    for (int i = 0; i < 100; ++i) {
        client.start();
        client.stop();
    }
    client.start();
    QTRY_COMPARE(client.state(), ServingState::Serving);
    QCOMPARE(get(client.port(), "/a.bin"), 200);
}

void TestEngineClient::endsWhileServing() {
    quint16 port = 0;
    {
        EngineClient client(profile());
        client.start();
        QTRY_COMPARE(client.state(), ServingState::Serving);
        port = client.port();
    }
    QCOMPARE(get(port, "/a.bin"), 0);
}

QTEST_GUILESS_MAIN(TestEngineClient)
#include "tst_engine_client.moc"
