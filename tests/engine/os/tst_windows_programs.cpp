// Station: tests of os/windows_programs.
#include "os/windows_programs.h"

#include <QTest>

using namespace meerkat::os;

class TestWindowsPrograms : public QObject {
    Q_OBJECT

  private slots:
    void quotesArguments_data();
    void quotesArguments();
    void readsTheFirstLineOfAScript_data();
    void readsTheFirstLineOfAScript();
};

void TestWindowsPrograms::quotesArguments_data() {
    QTest::addColumn<QByteArray>("argument");
    QTest::addColumn<QByteArray>("quoted");
    QTest::newRow("a word") << QByteArray("a") << QByteArray("\"a\"");
    QTest::newRow("nothing") << QByteArray("") << QByteArray("\"\"");
    QTest::newRow("blanks") << QByteArray("a b\t") << QByteArray("\"a b\t\"");
    QTest::newRow("a path") << QByteArray("C:\\a\\b.php") << QByteArray("\"C:\\a\\b.php\"");
    QTest::newRow("a folder") << QByteArray("C:\\a\\") << QByteArray("\"C:\\a\\\\\"");
    QTest::newRow("a quote") << QByteArray("a\"b") << QByteArray("\"a\\\"b\"");
    QTest::newRow("backslashes before a quote") << QByteArray("a\\\\\"b") << QByteArray("\"a\\\\\\\\\\\"b\"");
}

void TestWindowsPrograms::quotesArguments() {
    QFETCH(QByteArray, argument);
    QFETCH(QByteArray, quoted);
    QCOMPARE(QByteArray::fromStdString(quotedArgument(argument.toStdString())), quoted);
}

void TestWindowsPrograms::readsTheFirstLineOfAScript_data() {
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<QByteArray>("words");
    QTest::newRow("a program") << QByteArray("#!/usr/bin/perl\nuse strict;") << QByteArray("/usr/bin/perl");
    QTest::newRow("with an argument") << QByteArray("#! C:\\perl\\perl.exe  -w\r\n") << QByteArray("C:\\perl\\perl.exe|-w");
    QTest::newRow("env") << QByteArray("#!/usr/bin/env python3 -u") << QByteArray("python3|-u");
    QTest::newRow("env alone") << QByteArray("#!/usr/bin/env\n") << QByteArray("/usr/bin/env");
    QTest::newRow("no line end") << QByteArray("#!sh") << QByteArray("sh");
    QTest::newRow("nothing named") << QByteArray("#! \nsh") << QByteArray();
    QTest::newRow("another text") << QByteArray("<?php\n#!sh") << QByteArray();
    QTest::newRow("an empty file") << QByteArray() << QByteArray();
}

void TestWindowsPrograms::readsTheFirstLineOfAScript() {
    QFETCH(QByteArray, script);
    QFETCH(QByteArray, words);
    QByteArrayList found;
    for (const std::string &word : hashBang(script.toStdString()).value_or(std::vector<std::string>{}))
        found.append(QByteArray::fromStdString(word));
    QCOMPARE(found.join('|'), words);
}

QTEST_GUILESS_MAIN(TestWindowsPrograms)
#include "tst_windows_programs.moc"
