#include "ui/models/port_entry.h"

#include <QTest>

using namespace meerkat::ui;

class PortEntryTest : public QObject {
    Q_OBJECT
  private slots:
    void acceptsANumberOrNothing_data();
    void acceptsANumberOrNothing();
    void refusesWithAReason_data();
    void refusesWithAReason();
};

void PortEntryTest::acceptsANumberOrNothing_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("port");
    QTest::newRow("usual") << "8080" << 8080;
    QTest::newRow("spaces around") << " 9000 " << 9000;
    QTest::newRow("lowest") << "1" << 1;
    QTest::newRow("highest") << "65535" << 65535;
    QTest::newRow("empty: any free one") << "" << 0;
}

void PortEntryTest::acceptsANumberOrNothing() {
    QFETCH(QString, text);
    const PortEntry entry = readPort(text);
    QVERIFY(entry.isAccepted);
    QTEST(int(entry.port), "port");
}

void PortEntryTest::refusesWithAReason_data() {
    QTest::addColumn<QString>("text");
    for (const char *text : {"0", "65536", "-1", "http", "80.5", "99999999"}) QTest::newRow(text) << text;
}

void PortEntryTest::refusesWithAReason() {
    QFETCH(QString, text);
    const PortEntry entry = readPort(text);
    QVERIFY(!entry.isAccepted);
    QVERIFY(entry.reason.contains("65535"));
}

QTEST_GUILESS_MAIN(PortEntryTest)
#include "tst_port_entry.moc"
