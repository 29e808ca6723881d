#include "app/local_addresses.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QHostAddress>
#include <QNetworkInterface>
#include <QRegularExpression>

#include <algorithm>

namespace meerkat::app {

namespace {

bool isPrivateIpv4(const QHostAddress &address) {
    return address.isInSubnet(QHostAddress("10.0.0.0"), 8) || address.isInSubnet(QHostAddress("172.16.0.0"), 12) ||
           address.isInSubnet(QHostAddress("192.168.0.0"), 16);
}

int rankOf(const LocalAddress &address) {
    const int behindRealOnes = address.isVirtual ? 3 : 0;
    if (address.isIpv6) return behindRealOnes + 2;
    return behindRealOnes + (isPrivateIpv4(QHostAddress(address.ip)) ? 0 : 1);
}

bool isTold(const QHostAddress &address) {
    return !address.isNull() && !address.isLoopback() && !address.isLinkLocal() && !address.isMulticast();
}

bool isTwin(const QHostAddress &address, const QVector<QHostAddress> &told) {
    if (address.protocol() != QAbstractSocket::IPv6Protocol) return told.contains(address);
    return std::any_of(told.begin(), told.end(), [&](const QHostAddress &other) {
        return other.protocol() == QAbstractSocket::IPv6Protocol && address.isInSubnet(other, 64);
    });
}

void addAddresses(const InterfaceFacts &facts, QVector<LocalAddress> &found) {
    QVector<QHostAddress> told;
    for (const QString &ip : facts.ips) {
        const QHostAddress address(ip);
        if (!isTold(address) || isTwin(address, told)) continue;
        told.append(address);
        LocalAddress local;
        local.ip = ip;
        local.interfaceName = facts.isWireless ? QCoreApplication::translate("meerkat::app::LocalAddress", "Wi-Fi") : facts.name;
        local.isIpv6 = address.protocol() == QAbstractSocket::IPv6Protocol;
        local.isVirtual = facts.isVirtual || facts.isPointToPoint;
        found.append(local);
    }
}

bool livesLonger(const QNetworkAddressEntry &a, const QNetworkAddressEntry &b) {
    return a.preferredLifetime() > b.preferredLifetime();
}

InterfaceFacts factsOf(const QNetworkInterface &interface, const Desktop &desktop) {
    InterfaceFacts facts;
    const auto flags = interface.flags();
    facts.name = interface.humanReadableName();
    facts.isUp = flags.testFlag(QNetworkInterface::IsUp) && flags.testFlag(QNetworkInterface::IsRunning);
    facts.isLoopback = flags.testFlag(QNetworkInterface::IsLoopBack);
    facts.isPointToPoint = flags.testFlag(QNetworkInterface::IsPointToPoint);
    facts.isWireless = interface.type() == QNetworkInterface::Wifi;
    facts.isVirtual = interface.type() == QNetworkInterface::Virtual || isVirtualName(interface.name()) ||
                      isVirtualName(facts.name) || desktop.isVirtualInterface(interface.name());
    auto entries = interface.addressEntries();
    std::stable_sort(entries.begin(), entries.end(), livesLonger);
    for (const QNetworkAddressEntry &entry : entries) facts.ips.append(entry.ip().toString());
    return facts;
}

}  // namespace

QVector<LocalAddress> rankAddresses(const QVector<InterfaceFacts> &interfaces) {
    QVector<LocalAddress> found;
    for (const InterfaceFacts &facts : interfaces) {
        if (facts.isUp && !facts.isLoopback) addAddresses(facts, found);
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const LocalAddress &a, const LocalAddress &b) { return rankOf(a) < rankOf(b); });
    return found;
}

QVector<LocalAddress> localAddresses(const Desktop &desktop) {
    QVector<InterfaceFacts> interfaces;
    for (const QNetworkInterface &interface : QNetworkInterface::allInterfaces()) interfaces.append(factsOf(interface, desktop));
    return rankAddresses(interfaces);
}

bool isVirtualName(const QString &interfaceName) {
    static const QRegularExpression pattern("^(docker|veth|br-|virbr|vmnet|vnet|vbox|virtualbox|vmware|vethernet|tun|tap|utun|wg|"
                                            "zt|zerotier|tailscale|lxc|lxd|cni|flannel|podman|awdl|llw)",
                                            QRegularExpression::CaseInsensitiveOption);
    return pattern.match(interfaceName).hasMatch();
}

QString urlFor(const QString &ip, quint16 port) {
    const QString host = ip.contains(':') ? '[' + ip + ']' : ip;
    return QString("http://%1:%2/").arg(host, QString::number(port));
}

bool isOwnAddress(const QString &address) {
    const QHostAddress asked(address);
    if (asked.isLoopback()) return true;
    const auto own = QNetworkInterface::allAddresses();
    return std::any_of(own.begin(), own.end(),
                       [&asked](const QHostAddress &each) { return each.isEqual(asked, QHostAddress::ConvertV4MappedToIPv4); });
}

}  // namespace meerkat::app
