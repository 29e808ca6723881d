#include "app/shown_name.h"

#include <QtTest>

using meerkat::app::shownName;

class TestShownName : public QObject {
    Q_OBJECT

  private slots:
    void leavesAPlainNameAsItIs_data();
    void leavesAPlainNameAsItIs();
    void isolatesANameFromRightToLeft_data();
    void isolatesANameFromRightToLeft();
    void leavesOutTheMiddleOfALongName();
    void cutsNoCharacterInTwo();
    void showsNoControlCharacters();
};

void TestShownName::leavesAPlainNameAsItIs_data() {
    QTest::addColumn<QString>("name");
    QTest::newRow("a word") << "Pictures";
    QTest::newRow("none") << "";
    QTest::newRow("accents and signs") << "Fotos für Zoë & Co. (2026)";
    QTest::newRow("Chinese") << "图片";
    QTest::newRow("as long as may be") << QString(48, 'x');
}

void TestShownName::leavesAPlainNameAsItIs() {
    QFETCH(QString, name);
    QCOMPARE(shownName(name), name);
}

void TestShownName::isolatesANameFromRightToLeft_data() {
    QTest::addColumn<QString>("name");
    QTest::newRow("Arabic") << "صور";
    QTest::newRow("Hebrew in Latin") << "site תמונות";
    QTest::newRow("Arabic digits") << "٢٠٢٦";
    QTest::newRow("Adlam, beyond the first plane") << QString::fromUcs4(U"\U0001E900\U0001E901");
}

void TestShownName::isolatesANameFromRightToLeft() {
    QFETCH(QString, name);
    const QString shown = shownName(name);
    QCOMPARE(shown, QString(QChar(0x200E)) + QChar(0x2068) + name + QChar(0x2069));
    QVERIFY(!(shown + " is in trouble").isRightToLeft());
}

void TestShownName::leavesOutTheMiddleOfALongName() {
    const QString shown = shownName("begin" + QString(300, 'x') + "end");
    QCOMPARE(shown.size(), 48);
    QVERIFY(shown.startsWith("begin") && shown.endsWith("end"));
    QCOMPARE(shown.count(QChar(0x2026)), 1);
}

void TestShownName::cutsNoCharacterInTwo() {
    for (int before = 0; before < 4; ++before) {
        const QString shown = shownName(QString(before, 'x') + QString::fromUcs4(U"\U0001F600").repeated(60));
        QVERIFY(QString::fromUtf8(shown.toUtf8()) == shown);  // a lone half does not survive UTF-8
    }
}

void TestShownName::showsNoControlCharacters() {
    const QChar unknown(QChar::ReplacementCharacter);
    QCOMPARE(shownName("a\nb\x1b[1m"), QStringLiteral("a%1b%1[1m").arg(unknown));
    QCOMPARE(shownName(QStringLiteral("a\u202egpj.exe")), QStringLiteral("a%1gpj.exe").arg(unknown));
    QCOMPARE(shownName(QStringLiteral("a\u2069b")), QStringLiteral("a%1b").arg(unknown));
}

QTEST_GUILESS_MAIN(TestShownName)
#include "tst_shown_name.moc"
