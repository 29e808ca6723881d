#include "app/desktop.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QHostAddress>
#include <QTcpServer>
#include <QtTest>

using meerkat::app::systemDesktop;

class TestDesktop : public QObject {
    Q_OBJECT

  private slots:
    void namesTheProgramOnAPort_data();
    void namesTheProgramOnAPort();
    void namesNobodyOnAFreePort();
    void namesNobodyForAConnectionThatOnlyPassesThePort();
    void tellsANameThatCanStandInAUrl();
    void knowsRealInterfacesFromNone();
};

void TestDesktop::namesTheProgramOnAPort_data() {
    QTest::addColumn<QString>("address");
    QTest::newRow("IPv4") << "127.0.0.1";
    if (QTcpServer().listen(QHostAddress::LocalHostIPv6)) QTest::newRow("IPv6, where the system has it") << "::1";
}

void TestDesktop::namesTheProgramOnAPort() {
    QFETCH(QString, address);
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress(address)));
    QCOMPARE(systemDesktop().programOnPort(server.serverPort()),
             QFileInfo(QCoreApplication::applicationFilePath()).completeBaseName());
}

void TestDesktop::namesNobodyOnAFreePort() {
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    const quint16 port = server.serverPort();
    server.close();
    QCOMPARE(systemDesktop().programOnPort(port), QString());
}

void TestDesktop::namesNobodyForAConnectionThatOnlyPassesThePort() {
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QTcpSocket client;
    client.connectToHost(QHostAddress::LocalHost, server.serverPort());
    QVERIFY(client.waitForConnected());
    QCOMPARE(systemDesktop().programOnPort(client.localPort()), QString());
}

void TestDesktop::tellsANameThatCanStandInAUrl() {
    const QString name = systemDesktop().localHostName();
    QVERIFY2(name.isEmpty() || QRegularExpression("^[^./:@ ]+\\.local$").match(name).hasMatch(), qPrintable(name));
}

void TestDesktop::knowsRealInterfacesFromNone() { QVERIFY(!systemDesktop().isVirtualInterface("no such interface")); }

QTEST_GUILESS_MAIN(TestDesktop)
#include "tst_desktop.moc"
