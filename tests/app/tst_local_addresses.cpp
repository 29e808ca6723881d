#include "app/local_addresses.h"

#include <QHostAddress>
#include <QtTest>

using namespace meerkat::app;

namespace {

using Interfaces = QVector<InterfaceFacts>;

InterfaceFacts adapter(const QString &name, const QVector<QString> &ips) {
    InterfaceFacts facts;
    facts.name = name;
    facts.ips = ips;
    return facts;
}

InterfaceFacts with(InterfaceFacts facts, bool InterfaceFacts::*fact, bool value) {
    facts.*fact = value;
    return facts;
}

QStringList ipsOf(const QVector<LocalAddress> &addresses) {
    QStringList ips;
    for (const LocalAddress &address : addresses) ips.append(address.ip);
    return ips;
}

}  // namespace

Q_DECLARE_METATYPE(Interfaces)

class TestLocalAddresses : public QObject {
    Q_OBJECT

  private slots:
    void ranks_data();
    void ranks();
    void tellsWhatAnAddressIs();
    void knowsVirtualNames_data();
    void knowsVirtualNames();
    void namesThisMachinesAddressesOnce();
    void writesUrls_data();
    void writesUrls();
};

void TestLocalAddresses::ranks_data() {
    QTest::addColumn<Interfaces>("interfaces");
    QTest::addColumn<QStringList>("expected");
    const auto lan = adapter("eth0", {"192.168.1.7"});
    QTest::newRow("no interface") << Interfaces{} << QStringList{};
    QTest::newRow("one adapter") << Interfaces{lan} << QStringList{"192.168.1.7"};
    QTest::newRow("real before virtual, whatever the order of the system")
        << Interfaces{with(adapter("docker0", {"172.17.0.1"}), &InterfaceFacts::isVirtual, true), lan}
        << QStringList{"192.168.1.7", "172.17.0.1"};
    QTest::newRow("a real IPv6 before a virtual private IPv4")
        << Interfaces{with(adapter("docker0", {"172.17.0.1"}), &InterfaceFacts::isVirtual, true),
                      adapter("eth0", {"2001:db8::7"})}
        << QStringList{"2001:db8::7", "172.17.0.1"};
    QTest::newRow("a tunnel is as good as virtual")
        << Interfaces{with(adapter("ppp0", {"10.8.0.2"}), &InterfaceFacts::isPointToPoint, true), lan}
        << QStringList{"192.168.1.7", "10.8.0.2"};
    QTest::newRow("private IPv4 before public IPv4 before IPv6")
        << Interfaces{adapter("eth0", {"2001:db8::7", "203.0.113.9", "192.168.1.7"})}
        << QStringList{"192.168.1.7", "203.0.113.9", "2001:db8::7"};
    QTest::newRow("all three private ranges, in the order of the system")
        << Interfaces{adapter("a", {"172.20.0.1"}), adapter("b", {"10.1.2.3"}), adapter("c", {"192.168.0.1"})}
        << QStringList{"172.20.0.1", "10.1.2.3", "192.168.0.1"};
    QTest::newRow("172.32 is public") << Interfaces{adapter("a", {"172.32.0.1", "172.31.0.1"})}
                                      << QStringList{"172.31.0.1", "172.32.0.1"};
    QTest::newRow("no loopback") << Interfaces{with(adapter("lo", {"127.0.0.1", "::1"}), &InterfaceFacts::isLoopback, true), lan}
                                 << QStringList{"192.168.1.7"};
    QTest::newRow("no loopback address on another interface")
        << Interfaces{adapter("x", {"127.0.0.2"}), lan} << QStringList{"192.168.1.7"};
    QTest::newRow("no adapter that is down")
        << Interfaces{with(adapter("eth1", {"10.0.0.9"}), &InterfaceFacts::isUp, false), lan} << QStringList{"192.168.1.7"};
    QTest::newRow("no link-local") << Interfaces{adapter("eth0", {"169.254.3.4", "fe80::1%eth0", "192.168.1.7"})}
                                   << QStringList{"192.168.1.7"};
    QTest::newRow("one of the twins in an IPv6 subnet, the first")
        << Interfaces{adapter("eth0", {"2001:db8::a", "2001:db8::b", "fd00::a", "fd00::b"})}
        << QStringList{"2001:db8::a", "fd00::a"};
    QTest::newRow("IPv6 in one subnet on two adapters is no twin")
        << Interfaces{adapter("eth0", {"2001:db8::a"}), adapter("wlan0", {"2001:db8::b"})}
        << QStringList{"2001:db8::a", "2001:db8::b"};
    QTest::newRow("what is no address is left out")
        << Interfaces{adapter("eth0", {"", "nonsense", "192.168.1.7"})} << QStringList{"192.168.1.7"};
}

void TestLocalAddresses::ranks() {
    QFETCH(Interfaces, interfaces);
    QFETCH(QStringList, expected);
    QCOMPARE(ipsOf(rankAddresses(interfaces)), expected);
}

void TestLocalAddresses::tellsWhatAnAddressIs() {
    const auto wireless = with(adapter("wlan0", {"192.168.1.7", "fd00::7"}), &InterfaceFacts::isWireless, true);
    const auto found = rankAddresses({wireless, with(adapter("vmnet1", {"10.1.1.1"}), &InterfaceFacts::isVirtual, true)});
    QCOMPARE(found.size(), 3);
    QCOMPARE(found[0].interfaceName, QString("Wi-Fi"));
    QVERIFY(!found[0].isIpv6 && !found[0].isVirtual);
    QVERIFY(found[1].isIpv6);
    QCOMPARE(found[2].interfaceName, QString("vmnet1"));
    QVERIFY(found[2].isVirtual);
}

void TestLocalAddresses::knowsVirtualNames_data() {
    QTest::addColumn<bool>("isVirtual");
    for (const char *name : {"docker0", "veth12ab", "br-3f2a", "virbr0", "vmnet8", "vboxnet0", "VirtualBox Host-Only Network",
                             "tun0", "tap1", "wg0", "zt5u4", "utun3", "vEthernet (WSL)", "VMware Network Adapter VMnet1"}) {
        QTest::newRow(name) << true;
    }
    for (const char *name : {"eth0", "enp3s0", "wlan0", "wlp2s0", "en0", "Ethernet", "WiFi", "br0", "bond0"}) {
        QTest::newRow(name) << false;
    }
}

void TestLocalAddresses::knowsVirtualNames() {
    QFETCH(bool, isVirtual);
    QCOMPARE(isVirtualName(QTest::currentDataTag()), isVirtual);
}

void TestLocalAddresses::namesThisMachinesAddressesOnce() {
    const QStringList ips = ipsOf(localAddresses());
    QCOMPARE(QSet<QString>(ips.begin(), ips.end()).size(), ips.size());
    for (const QString &ip : ips) QVERIFY2(!QHostAddress(ip).isNull() && !QHostAddress(ip).isLoopback(), qPrintable(ip));
}

void TestLocalAddresses::writesUrls_data() {
    QTest::addColumn<QString>("ip");
    QTest::addColumn<QString>("url");
    QTest::newRow("IPv4") << "192.168.1.7"
                          << "http://192.168.1.7:8080/";
    QTest::newRow("IPv6 in brackets") << "fd00::7"
                                      << "http://[fd00::7]:8080/";
    QTest::newRow("a name") << "ana-laptop.local"
                            << "http://ana-laptop.local:8080/";
}

void TestLocalAddresses::writesUrls() {
    QFETCH(QString, ip);
    QTEST(urlFor(ip, 8080), "url");
}

QTEST_GUILESS_MAIN(TestLocalAddresses)
#include "tst_local_addresses.moc"
