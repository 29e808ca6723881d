#include "scripts/text_pattern.h"

#include <QElapsedTimer>
#include <QtTest>

using namespace meerkat::scripts;

class TestTextPattern : public QObject {
    Q_OBJECT

  private slots:
    void finds_data();
    void finds();
    void takesTimeByLengthWhateverThePattern_data();
    void takesTimeByLengthWhateverThePattern();
    void refuses_data();
    void refuses();
};

void TestTextPattern::finds_data() {
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<QByteArrayList>("in");
    QTest::addColumn<QByteArrayList>("notIn");
    const auto row = [](const char *pattern, const QByteArrayList &in, const QByteArrayList &notIn) {
        QTest::newRow(pattern) << QByteArray(pattern) << in << notIn;
    };
    row("", {"", "a"}, {});
    row("abc", {"abc", "xabcx"}, {"", "ab", "acb", "ABC"});
    row("^abc", {"abc", "abcd"}, {"xabc"});
    row("abc$", {"abc", "xabc"}, {"abcd"});
    row("^$", {""}, {"a"});
    row("a.c", {"abc", "a\nc"}, {"ac"});
    row("ab*c", {"ac", "abc", "abbbc"}, {"adc", "ab"});
    row("ab+c", {"abc", "abbbc"}, {"ac"});
    row("^ab?c$", {"ac", "abc"}, {"abbc"});
    row("^(a|bc|)d$", {"ad", "bcd", "d"}, {"bd", "abcd"});
    row("^(ab|c)*d$", {"d", "abd", "cabcd"}, {"acd", "bd"});
    row("^((a|b)+c)?$", {"", "abac", "bc"}, {"c", "abacc"});
    row("^(a*)*b$", {"b", "aaab"}, {"aaa"});
    row("^(a?)+$", {"", "aaa"}, {"b"});
    row("^a|b$", {"ax", "xb"}, {"xa", "bx"});
    row("^[a-cx]+$", {"abcx"}, {"abd", "-"});
    row("^[^a-c]$", {"d", "^"}, {"a", "dd"});
    row("^[]-]+$", {"]", "-]"}, {"a"});
    row("^[a\\]\\d]+$", {"]a7"}, {"\\"});
    row("^\\d+\\.\\w\\s\\D$", {"12.a x", "1._\tb"}, {"12xa x", "12.a 1"});
    row("\\(\\/\\*", {"(/*"}, {"(/"});
    row("\xC3\xA4", {"\xC3\xA4"}, {"\xC3"});
}

void TestTextPattern::finds() {
    QFETCH(QByteArray, pattern);
    QFETCH(QByteArrayList, in);
    QFETCH(QByteArrayList, notIn);
    const auto parsed = TextPattern::parse(pattern.toStdString());
    QVERIFY(parsed);
    for (const auto &text : in) QVERIFY2(parsed->isFoundIn(text.toStdString()), text);
    for (const auto &text : notIn) QVERIFY2(!parsed->isFoundIn(text.toStdString()), text);
}

void TestTextPattern::takesTimeByLengthWhateverThePattern_data() {
    QTest::addColumn<QByteArray>("pattern");
    for (const char *pattern : {"^(a*)*$", "^(a|a)*$", "^(a|aa)+$", "(a?a?a?a?a?a?a?a?)*b", "(.*)(.*)(.*)(.*)(.*)[^a]c"})
        QTest::newRow(pattern) << QByteArray(pattern);
}

void TestTextPattern::takesTimeByLengthWhateverThePattern() {
    QFETCH(QByteArray, pattern);
    const auto parsed = TextPattern::parse(pattern.toStdString());
    QVERIFY(parsed);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(!parsed->isFoundIn(std::string(20'000, 'a') + "!"));
    QVERIFY(timer.elapsed() < 20'000);
}

void TestTextPattern::refuses_data() {
    QTest::addColumn<QByteArray>("pattern");
    for (const char *pattern :
         {"(", ")", "a)", "(a", "*", "+a", "a**", "a|*", "[", "[a", "[]", "[b-a]", "\\", "a\\", "\\1", "\\k", "a{2}"})
        QTest::newRow(pattern) << QByteArray(pattern);
    QTest::newRow("too long") << QByteArray(TextPattern::kLongest + 1, 'a');
    QTest::newRow("too deep") << QByteArray(TextPattern::kDeepest + 1, '(') + QByteArray(TextPattern::kDeepest + 1, ')');
}

void TestTextPattern::refuses() {
    QFETCH(QByteArray, pattern);
    QVERIFY(!TextPattern::parse(pattern.toStdString()));
}

QTEST_GUILESS_MAIN(TestTextPattern)
#include "tst_text_pattern.moc"
