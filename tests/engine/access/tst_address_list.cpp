// Station: tests of access/address_list.
#include "access/address_list.h"

#include <QTest>

using meerkat::access::AddressList;
namespace os = meerkat::os;

class TestAddressList : public QObject {
    Q_OBJECT

  private slots:
    void admits_data();
    void admits();
    void refusesWithASentenceThatNamesTheItem_data();
    void refusesWithASentenceThatNamesTheItem();
};

void TestAddressList::admits_data() {
    QTest::addColumn<QByteArray>("list");
    QTest::addColumn<QByteArray>("peer");
    QTest::addColumn<bool>("isAdmitted");
    const auto row = [](const char *words, const char *list, const char *peer, bool isAdmitted) {
        QTest::newRow(words) << QByteArray(list) << QByteArray(peer) << isAdmitted;
    };
    row("no list admits everybody", "", "192.0.2.1", true);
    row("a list denies whom it does not name", "+10.0.0.1", "10.0.0.2", false);
    row("one address", "+10.0.0.1", "10.0.0.1", true);
    row("only refusals admit nobody", "-10.0.0.1", "10.0.0.2", false);
    row("everybody but one", "+0.0.0.0/0,-10.0.0.1", "10.0.0.1", false);
    row("everybody else", "+0.0.0.0/0,-10.0.0.1", "10.0.0.2", true);
    row("the last match wins", "-10.0.0.1,+10/8", "10.0.0.1", true);
    row("a subnet with bits", "+192.168.0.0/16", "192.168.255.1", true);
    row("just outside of it", "+192.168.0.0/16", "192.169.0.1", false);
    row("a short form", "+192.168", "192.168.3.4", true);
    row("a short form with bits", "+192.168/16", "192.168.3.4", true);
    row("a short form of one part", "+10", "10.9.8.7", true);
    row("outside of a short form", "+192.168", "192.167.3.4", false);
    row("bits within a byte", "+10.0.0.128/25", "10.0.0.200", true);
    row("outside of bits within a byte", "+10.0.0.128/25", "10.0.0.127", false);
    row("31 bits", "+10.0.0.2/31", "10.0.0.3", true);
    row("spaces around items", " +10.0.0.1 , -10.0.0.2 ", "10.0.0.1", true);
    row("an IPv6 address", "+2001:db8::1", "2001:db8::1", true);
    row("another IPv6 address", "+2001:db8::1", "2001:db8::2", false);
    row("an IPv6 subnet", "+2001:db8::/32", "2001:db8:1::5", true);
    row("outside of an IPv6 subnet", "+2001:db8::/32", "2001:db9::", false);
    row("IPv4 rules say nothing of IPv6", "+0.0.0.0/0", "2001:db8::1", false);
    row("a mapped address is its IPv4 one", "+10/8", "::ffff:10.1.2.3", true);
}

void TestAddressList::admits() {
    QFETCH(QByteArray, list);
    QFETCH(QByteArray, peer);
    QFETCH(bool, isAdmitted);
    const auto parsed = AddressList::parse(list.toStdString());
    QVERIFY(parsed);
    QCOMPARE(parsed->admits(*os::parseIp(peer.toStdString())), isAdmitted);
}

void TestAddressList::refusesWithASentenceThatNamesTheItem_data() {
    QTest::addColumn<QByteArray>("list");
    QTest::addColumn<QByteArray>("item");
    for (const char *item : {"10.0.0.1", "+", "-", "*", "+friends", "+10.0.0.256", "+10.", "+1.2.3.4.5", "+/8", "+10/33",
                             "+10/-1", "+10/", "+10/x", "+::1/129", "+[::1]", "++10", "+10.0.0.1:80"})
        QTest::newRow(item) << QByteArray("+127.0.0.1,") + item << QByteArray(item);
    QTest::newRow("nothing between commas") << QByteArray(",") << QByteArray(",");
    QTest::newRow("a space alone") << QByteArray(" ") << QByteArray(" ");
}

void TestAddressList::refusesWithASentenceThatNamesTheItem() {
    QFETCH(QByteArray, list);
    QFETCH(QByteArray, item);
    const auto parsed = AddressList::parse(list.toStdString());
    QVERIFY(!parsed);
    const auto sentence = QByteArray::fromStdString(parsed.failure().text);
    QVERIFY2(sentence.contains('"' + item + '"'), sentence.constData());
}

QTEST_GUILESS_MAIN(TestAddressList)
#include "tst_address_list.moc"
