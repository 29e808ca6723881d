#include "os/windows_names.h"

#include <QTest>

using namespace meerkat::os;

class TestWindowsNames : public QObject {
    Q_OBJECT
  private slots:
    void acceptsNamesOfFiles() {
        for (const char *name : {"index.html",
                                 ".htpasswd",
                                 "..a",
                                 "a b",
                                 " a",
                                 "a.b.c",
                                 "console",
                                 "com",
                                 "com10",
                                 "comx",
                                 "lpt",
                                 "nullify",
                                 "auxiliary.txt",
                                 "x.con",
                                 "my-nul",
                                 "~",
                                 "\xC3\xA4\xE6\x97\xA5",
                                 "com\xC2\xB4",
                                 "a%b",
                                 "a;b",
                                 "a'b"})
            QVERIFY2(isPlainWindowsName(name), name);
    }

    void refusesWhatWindowsTakesForSomethingElse_data() {
        QTest::addColumn<QByteArray>("name");
        for (const char *name : {"con", "CON", "Prn", "aux", "nul", "NUL.txt", "nul.tar.gz", "nul .txt", "com1", "COM9.log",
                                 "com0", "lpt1", "LPT9", "conin$", "CONOUT$", "clock$", "com\xC2\xB9", "lpt\xC2\xB3.txt"})
            QTest::newRow(("device " + QByteArray(name)).constData()) << QByteArray(name);
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("dot at the end") << QByteArray("index.html.");
        QTest::newRow("space at the end") << QByteArray("index.html ");
        QTest::newRow("dots and spaces at the end") << QByteArray("index.html. .");
        QTest::newRow("stream") << QByteArray("index.html:stream");
        QTest::newRow("default stream") << QByteArray("index.php::$DATA");
        QTest::newRow("drive") << QByteArray("C:");
        QTest::newRow("backslash") << QByteArray("..\\secret.txt");
        QTest::newRow("slash") << QByteArray("a/b");
        QTest::newRow("wildcards") << QByteArray("*");
        QTest::newRow("question mark") << QByteArray("inde?.html");
        QTest::newRow("the kernel's wildcards") << QByteArray("inde<.html");
        QTest::newRow("bar") << QByteArray("a|b");
        QTest::newRow("line break") << QByteArray("a\nb");
        QTest::newRow("NUL") << QByteArray("a\0b", 3);
    }
    void refusesWhatWindowsTakesForSomethingElse() {
        QFETCH(QByteArray, name);
        QVERIFY(!isPlainWindowsName(name.toStdString()));
    }

    void knowsTheShapeOfShortNames() {
        for (const char *name : {"PROGRA~1", "htpass~1", "INDEX~12.HTM", "A~1", "~1", "AB~1.C", "AVER~5K0.HTM"})
            QVERIFY2(mayBeShortName(name), name);
        for (const char *name : {"verylongname~1", "index.html", "", "a~b.html.backup"}) QVERIFY2(!mayBeShortName(name), name);
    }
};

QTEST_GUILESS_MAIN(TestWindowsNames)
#include "tst_windows_names.moc"
