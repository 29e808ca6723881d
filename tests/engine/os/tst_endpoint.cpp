#include "os/failures.h"
#include "os/native_sockets.h"

#include <QTest>

using namespace meerkat;
using namespace meerkat::os;

class TestEndpoint : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { prepareSockets(); }

    void acceptsNumericAddresses_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("written");
        QTest::addColumn<bool>("isIpv4");
        QTest::newRow("IPv4") << QByteArray("192.168.1.20") << QByteArray("192.168.1.20") << true;
        QTest::newRow("any IPv4") << QByteArray("0.0.0.0") << QByteArray("0.0.0.0") << true;
        QTest::newRow("mapped IPv4") << QByteArray("::ffff:127.0.0.1") << QByteArray("127.0.0.1") << true;
        QTest::newRow("IPv6 loopback") << QByteArray("::1") << QByteArray("::1") << false;
        QTest::newRow("any IPv6") << QByteArray("::") << QByteArray("::") << false;
        QTest::newRow("long IPv6") << QByteArray("2001:0DB8:0:0:0:0:0:1") << QByteArray("2001:db8::1") << false;
    }
    void acceptsNumericAddresses() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, written);
        QFETCH(bool, isIpv4);
        const auto endpoint = parseIp(text.toStdString());
        QVERIFY(static_cast<bool>(endpoint));
        QCOMPARE(endpoint->port, std::uint16_t(0));
        QCOMPARE(endpoint->isIpv4(), isIpv4);
        QCOMPARE(QByteArray::fromStdString(ipText(*endpoint)), written);
    }

    void acceptsAnInterfaceByNumber() {
        const auto endpoint = parseIp("fe80::1%7");
        QVERIFY(static_cast<bool>(endpoint));
        QCOMPARE(endpoint->scope, 7u);
    }

    void refusesEverythingElse_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("name") << QByteArray("localhost");
        QTest::newRow("three numbers") << QByteArray("127.0.1");
        QTest::newRow("one number") << QByteArray("2130706433");
        QTest::newRow("hexadecimal") << QByteArray("0x7f.0.0.1");
        QTest::newRow("too large") << QByteArray("127.0.0.256");
        QTest::newRow("port") << QByteArray("127.0.0.1:80");
        QTest::newRow("brackets") << QByteArray("[::1]");
        QTest::newRow("space") << QByteArray(" ::1");
        QTest::newRow("interface without a name") << QByteArray("fe80::1%");
        QTest::newRow("interface that is not there") << QByteArray("fe80::1%nowhere0");
        QTest::newRow("interface of an IPv4 address") << QByteArray("127.0.0.1%1");
        QTest::newRow("NUL") << QByteArray("127.0.0.1\0", 10);
    }
    void refusesEverythingElse() {
        QFETCH(QByteArray, text);
        const auto endpoint = parseIp(text.toStdString());
        QVERIFY(!endpoint);
        QVERIFY(endpoint.failure().text.find("is not an IP address") != std::string::npos);
    }

    void bringsEndpointsBackFromTheSystemsForm_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("IPv4") << QByteArray("10.1.2.3");
        QTest::newRow("IPv6 with an interface") << QByteArray("fe80::1:2%3");
    }
    void bringsEndpointsBackFromTheSystemsForm() {
        QFETCH(QByteArray, text);
        Endpoint endpoint = *parseIp(text.toStdString());
        endpoint.port = 8080;
        const NativeAddress native = toNative(endpoint);
        QCOMPARE(int(native.storage.ss_family), endpoint.isIpv4() ? AF_INET : AF_INET6);
        QVERIFY(fromNative(native) == endpoint);
    }

    void knowsNoEndpointOfAnotherFamily() {
        NativeAddress other;
        other.storage.ss_family = AF_UNSPEC;
        QVERIFY(fromNative(other) == Endpoint{});
    }

    void saysTheSystemsReasonWithoutAFullStop() {
#ifdef _WIN32
        const Failure failure = systemFailure(WSAEADDRINUSE);
#else
        const Failure failure = systemFailure(EADDRINUSE);
#endif
        QVERIFY(isAddressInUse(failure.code));
        QVERIFY(failure.text.size() > 10);
        QVERIFY(failure.text.find("nknown") == std::string::npos);
        QVERIFY(failure.text.back() != '.' && failure.text.back() != '\n');
    }
};

QTEST_GUILESS_MAIN(TestEndpoint)
#include "tst_endpoint.moc"
