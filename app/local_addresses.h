// Station: under which addresses this machine can be reached. From the system (QNetworkInterface), to the window.
#pragma once

#include "app/desktop.h"

#include <QString>
#include <QVector>

namespace meerkat::app {

struct LocalAddress {
    QString ip;             // "192.168.1.7", "fd00::7"
    QString interfaceName;  // "wlan0"; for people, "Wi-Fi" where known
    bool isIpv6 = false;
    bool isVirtual = false;  // docker, vmnet, VPN, bridge
};

// One interface as the system tells it: the input of the ranking, so that tests can give their own.
struct InterfaceFacts {
    QString name;
    bool isUp = true;
    bool isLoopback = false;
    bool isPointToPoint = false;
    bool isVirtual = false;  // by name or, on Linux, by /sys/class/net
    bool isWireless = false;
    QVector<QString> ips;  // the longest-lived first: of IPv6 twins in one subnet the first is told
};

// Best first: real adapters before virtual ones, private IPv4 before other IPv4 before IPv6; no loopback, no link-local, no temporary twins.
QVector<LocalAddress> rankAddresses(const QVector<InterfaceFacts> &interfaces);
QVector<LocalAddress> localAddresses(const Desktop &desktop = systemDesktop());

// Whether that address is one of this machine's own, as they are now.
bool isOwnAddress(const QString &address);

// By the names that containers, virtual machines and tunnels give their interfaces.
bool isVirtualName(const QString &interfaceName);

// "http://192.168.1.7:8080/", IPv6 in brackets.
QString urlFor(const QString &ip, quint16 port);

}  // namespace meerkat::app
