// Station: tests of net/address.
#include "net/address.h"

#include <QTest>

using meerkat::net::listenAddressText;
using meerkat::net::parseListenAddress;
namespace os = meerkat::os;

class TestAddress : public QObject {
    Q_OBJECT

  private slots:
    void acceptsAnAddress_data();
    void acceptsAnAddress();
    void refusesWithASentenceThatNamesIt_data();
    void refusesWithASentenceThatNamesIt();
    void tellsThePortInUseInTheFormAsked();
};

void TestAddress::acceptsAnAddress_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("ip");
    QTest::addColumn<int>("port");
    QTest::addColumn<bool>("dualStack");
    QTest::newRow("a bare port") << QByteArray("8080") << QByteArray("::") << 8080 << true;
    QTest::newRow("a port that the system picks") << QByteArray("0") << QByteArray("::") << 0 << true;
    QTest::newRow("the last port") << QByteArray("65535") << QByteArray("::") << 65535 << true;
    QTest::newRow("an IPv4 address") << QByteArray("127.0.0.1:8080") << QByteArray("127.0.0.1") << 8080 << false;
    QTest::newRow("every IPv4 address") << QByteArray("0.0.0.0:80") << QByteArray("0.0.0.0") << 80 << false;
    QTest::newRow("an IPv6 address") << QByteArray("[::1]:8080") << QByteArray("::1") << 8080 << false;
    QTest::newRow("every IPv6 address") << QByteArray("[::]:81") << QByteArray("::") << 81 << false;
}

void TestAddress::acceptsAnAddress() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, ip);
    QFETCH(int, port);
    QFETCH(bool, dualStack);
    const auto address = parseListenAddress(text.toStdString());
    QVERIFY(address);
    QCOMPARE(QByteArray::fromStdString(os::ipText(address->endpoint)), ip);
    QCOMPARE(int{address->endpoint.port}, port);
    QCOMPARE(address->dualStack, dualStack);
    QCOMPARE(address->hasHost, text.contains(':'));
}

void TestAddress::refusesWithASentenceThatNamesIt_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("nothing") << QByteArray("");
    QTest::newRow("a word") << QByteArray("http");
    QTest::newRow("a port over the last") << QByteArray("65536");
    QTest::newRow("a negative port") << QByteArray("-1");
    QTest::newRow("a port with a sign") << QByteArray("+80");
    QTest::newRow("a port with a space") << QByteArray(" 80");
    QTest::newRow("a port with a letter behind") << QByteArray("8080s");
    QTest::newRow("two ports") << QByteArray("80,81");
    QTest::newRow("no address before the colon") << QByteArray(":8080");
    QTest::newRow("a star for an address") << QByteArray("*:8080");
    QTest::newRow("a name for an address") << QByteArray("localhost:8080");
    QTest::newRow("an address without a port") << QByteArray("127.0.0.1");
    QTest::newRow("an empty port") << QByteArray("127.0.0.1:");
    QTest::newRow("an address of three parts") << QByteArray("127.0.1:80");
    QTest::newRow("a part over 255") << QByteArray("127.0.0.256:80");
    QTest::newRow("an IPv6 address without brackets") << QByteArray("::1:8080");
    QTest::newRow("an IPv6 address without a port") << QByteArray("[::1]");
    QTest::newRow("an IPv4 address in brackets") << QByteArray("[127.0.0.1]:80");
    QTest::newRow("an open bracket") << QByteArray("[::1:80");
    QTest::newRow("empty brackets") << QByteArray("[]:80");
}

void TestAddress::refusesWithASentenceThatNamesIt() {
    QFETCH(QByteArray, text);
    const auto address = parseListenAddress(text.toStdString());
    QVERIFY(!address);
    const auto sentence = QByteArray::fromStdString(address.failure().text);
    QVERIFY2(sentence.contains('"' + text + '"'), sentence.constData());
    QVERIFY2(sentence.contains("127.0.0.1:8080"), sentence.constData());
}

void TestAddress::tellsThePortInUseInTheFormAsked() {
    QCOMPARE(listenAddressText("0", 1234), std::string("1234"));
    QCOMPARE(listenAddressText("127.0.0.1:0", 1234), std::string("127.0.0.1:1234"));
    QCOMPARE(listenAddressText("[::1]:0", 1234), std::string("[::1]:1234"));
}

QTEST_GUILESS_MAIN(TestAddress)
#include "tst_address.moc"
