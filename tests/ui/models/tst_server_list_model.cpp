#include "app/profile_store.h"
#include "ui/models/overview.h"
#include "ui/models/server_list_model.h"
#include "ui/models/serving.h"
#include "ui/models/session.h"
#include "ui/models/share_addresses.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

using namespace meerkat;
using namespace meerkat::ui;
using app::ServingState;

class ServerListModelTest : public QObject {
    Q_OBJECT
  private slots:
    void init();
    void servesAFolderAndSaysWhere();
    void startsAFolderOnceHoweverOftenItIsDropped();
    void bringsARemovedServerBack();
    void stopsAndStartsAtWill();
    void tellsATakenPortAndTheWayOut();
    void namesTheOtherFolderOnAPort();
    void bringsBackAFolderThatWaitedToBeServed();
    void keepsAPortThatAPersonChose();
    void remembersProfilesAndServesThemAgain();
    void doesNotServeAgainWhatWasStopped();
    void keepsTheTenNewestFolders();
    void countsVisitorsByAddress();

  private:
    QString folder(const QString &name) const;

    std::unique_ptr<QTemporaryDir> m_place;
    std::unique_ptr<app::ProfileStore> m_store;
};

void ServerListModelTest::init() {
    m_place = std::make_unique<QTemporaryDir>();
    m_store = std::make_unique<app::ProfileStore>(m_place->filePath("profiles.json"));
    QVERIFY(m_place->isValid());
}

QString ServerListModelTest::folder(const QString &name) const {
    QDir(m_place->path()).mkpath(name);
    return m_place->filePath(name);
}

void ServerListModelTest::servesAFolderAndSaysWhere() {
    ServerListModel servers;
    QAbstractItemModelTester tester(&servers);
    Session session(*m_store, servers);
    const int row = session.serveFolder(folder("Pictures"));
    app::EngineClient &client = *servers.client(row);
    QCOMPARE(servers.index(row).data().toString(), "Pictures");
    QTRY_COMPARE(client.state(), ServingState::Serving);
    QCOMPARE(servers.index(row).data(ServerListModel::DetailRole).toString(), QStringLiteral(":%1").arg(client.port()));
    const auto addresses = shareAddresses(client);
    QCOMPARE(addresses.size(), 1);
    QCOMPARE(addresses.first().url, QStringLiteral("http://127.0.0.1:%1/").arg(client.port()));
    QCOMPARE(trayLine(overviewOf(servers)), "Serving Pictures, no visitors");
}

void ServerListModelTest::startsAFolderOnceHoweverOftenItIsDropped() {
    ServerListModel servers;
    Session session(*m_store, servers);
    const int first = session.serveFolder(folder("a"));
    const int other = session.serveFolder(folder("b"));
    QCOMPARE(session.serveFolder(folder("a") + "/"), first);
    QVERIFY(first != other);
    QCOMPARE(servers.rowCount(), 2);
}

void ServerListModelTest::bringsARemovedServerBack() {
    ServerListModel servers;
    QAbstractItemModelTester tester(&servers);
    Session session(*m_store, servers);
    session.serveFolder(folder("a"));
    session.serveFolder(folder("b"));
    QTRY_COMPARE(servers.client(0)->state(), ServingState::Serving);
    const QString id = servers.client(0)->profile().id;
    session.removeServer(0);
    QCOMPARE(servers.rowCount(), 1);
    QCOMPARE(session.undoRemove(), 0);
    QCOMPARE(servers.client(0)->profile().id, id);
    QTRY_COMPARE(servers.client(0)->state(), ServingState::Serving);
    QCOMPARE(session.undoRemove(), -1);
}

void ServerListModelTest::stopsAndStartsAtWill() {
    ServerListModel servers;
    Session session(*m_store, servers);
    app::EngineClient &client = *servers.client(session.serveFolder(folder("a")));
    QTRY_COMPARE(client.state(), ServingState::Serving);
    setServing(client, false);
    QTRY_COMPARE(client.state(), ServingState::Stopped);
    QCOMPARE(servers.index(0).data(ServerListModel::DetailRole).toString(), "stopped");
    QVERIFY(!client.profile().wasServing);
    QVERIFY(shareAddresses(client).isEmpty());
    setServing(client, true);
    QTRY_COMPARE(client.state(), ServingState::Serving);
}

void ServerListModelTest::tellsATakenPortAndTheWayOut() {
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    ServerListModel servers;
    app::ServerProfile profile = app::ServerProfile::forFolder(folder("a"));
    profile.port = other.serverPort();
    profile.portWasChosen = true;
    app::EngineClient &client = *servers.client(servers.add(profile));
    setServing(client, true);
    QTRY_COMPARE(client.state(), ServingState::Trouble);
    const QString port = QString::number(other.serverPort());
    QVERIFY(servers.index(0).data(ServerListModel::DetailRole).toString().contains(port));
    QVERIFY(client.trouble().offeredPort != 0);
    QCOMPARE(overviewOf(servers).state, OverallState::Trouble);
    QCOMPARE(statusLine(overviewOf(servers)), "0 of 1 serving · 1 in trouble");
    QVERIFY(!hasListener(client));
    // The switch stays where the person put it: the trouble is told beside it.
    QVERIFY(isSwitchedOn(client));
    setServing(client, false);
    QCOMPARE(client.state(), ServingState::Stopped);
    QVERIFY(!isSwitchedOn(client));
}

void ServerListModelTest::namesTheOtherFolderOnAPort() {
    ServerListModel servers;
    Session session(*m_store, servers);
    const app::EngineClient &first = *servers.client(session.serveFolder(folder("Pictures")));
    QTRY_COMPARE(first.state(), ServingState::Serving);
    app::ServerProfile profile = app::ServerProfile::forFolder(folder("site"));
    profile.port = first.port();
    profile.portWasChosen = true;
    app::EngineClient &second = *servers.client(servers.add(profile));
    second.start();
    QTRY_COMPARE(second.state(), ServingState::Trouble);
    QCOMPARE(second.trouble().sentence, QStringLiteral("Port %1 is used by your folder Pictures.").arg(first.port()));
    QVERIFY(second.trouble().offeredPort != 0 && second.trouble().offeredPort != first.port());
}

void ServerListModelTest::bringsBackAFolderThatWaitedToBeServed() {
    ServerListModel servers;
    Session session(*m_store, servers);
    const int row = session.serveFolder(m_place->filePath("on a stick"));
    QTRY_COMPARE(servers.client(row)->state(), ServingState::Trouble);
    QVERIFY(isSwitchedOn(*servers.client(row)));
    session.removeServer(row);
    QCOMPARE(session.undoRemove(), row);
    QTRY_VERIFY(isSwitchedOn(*servers.client(row)));
    folder("on a stick");
    QTRY_COMPARE_WITH_TIMEOUT(servers.client(row)->state(), ServingState::Serving, 15000);
}

void ServerListModelTest::keepsAPortThatAPersonChose() {
    ServerListModel servers;
    Session session(*m_store, servers);
    app::EngineClient &client = *servers.client(session.serveFolder(folder("a")));
    QTRY_COMPARE(client.state(), ServingState::Serving);
    QTcpServer probe;
    QVERIFY(probe.listen(QHostAddress::LocalHost));
    const quint16 free = probe.serverPort();
    probe.close();
    choosePort(client, free);
    QTRY_COMPARE(client.port(), free);
    QVERIFY(client.profile().portWasChosen);
}

void ServerListModelTest::remembersProfilesAndServesThemAgain() {
    QString id;
    {
        ServerListModel servers;
        Session session(*m_store, servers);
        id = servers.client(session.serveFolder(folder("a")))->profile().id;
    }
    ServerListModel servers;
    Session session(*m_store, servers);
    session.restore();
    QCOMPARE(servers.rowCount(), 1);
    QCOMPARE(servers.client(0)->profile().id, id);
    QTRY_COMPARE(servers.client(0)->state(), ServingState::Serving);
    QCOMPARE(session.state().recentFolders, QStringList{folder("a")});
}

void ServerListModelTest::doesNotServeAgainWhatWasStopped() {
    {
        ServerListModel servers;
        Session session(*m_store, servers);
        setServing(*servers.client(session.serveFolder(folder("a"))), false);
    }
    ServerListModel servers;
    Session session(*m_store, servers);
    session.restore();
    QCOMPARE(servers.client(0)->state(), ServingState::Stopped);
}

void ServerListModelTest::keepsTheTenNewestFolders() {
    ServerListModel servers;
    Session session(*m_store, servers);
    for (int i = 0; i < 11; ++i) {
        const int row = session.serveFolder(folder(QString::number(i)));
        servers.client(row)->stop();
    }
    QCOMPARE(session.state().recentFolders.size(), 10);
    QCOMPARE(session.state().recentFolders.first(), folder("10"));
}

void ServerListModelTest::countsVisitorsByAddress() {
    ServerListModel servers;
    Session session(*m_store, servers);
    servers.setWatched(true);
    app::EngineClient &client = *servers.client(session.serveFolder(folder("a")));
    QTRY_COMPARE(client.state(), ServingState::Serving);
    QTcpSocket first;
    QTcpSocket second;
    first.connectToHost(QHostAddress::LocalHost, client.port());
    second.connectToHost(QHostAddress::LocalHost, client.port());
    QTRY_COMPARE(client.snapshot().connections.size(), std::size_t(2));
    QCOMPARE(overviewOf(servers).visitors, 1);
    QCOMPARE(statusLine(overviewOf(servers)).section(u'·', 0, 1).trimmed(), "1 of 1 serving · 1 visitor");
}

QTEST_GUILESS_MAIN(ServerListModelTest)
#include "tst_server_list_model.moc"
