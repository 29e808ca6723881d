#include "scripts/ssi_expression.h"

#include <QtTest>

using namespace meerkat::scripts;

namespace {

class Known final : public SsiVariables {
  public:
    std::optional<std::string> valueOf(std::string_view name) const override {
        if (name == "NAME") return "Ana";
        if (name == "EMPTY") return "";
        if (name == "EVIL") return "' = '' || 'x";
        if (name == "DOLLAR") return "$NAME";
        if (name == "LONG") return std::string(kLongestSsiText - 1, 'x');
        return std::nullopt;
    }
};

}  // namespace

class TestSsiExpression : public QObject {
    Q_OBJECT

  private slots:
    void putsVariablesIn_data();
    void putsVariablesIn();
    void refusesToGrowWithoutEnd();
    void judges_data();
    void judges();
    void refuses_data();
    void refuses();
};

void TestSsiExpression::putsVariablesIn_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("result");
    const auto row = [](const char *text, const QByteArray &result) { QTest::newRow(text) << QByteArray(text) << result; };
    row("plain", "plain");
    row("$NAME", "Ana");
    row("a ${NAME}s, $NAME.", "a Anas, Ana.");
    row("$NAMEs", "");
    row("$NOTHING-", "-");
    row("\\$NAME \\\\", "$NAME \\\\");
    row("$ $$ 5$", "$ $$ 5$");
    row("${NAME", "${NAME");
    row("${} ${NA ME}", "${} ${NA ME}");
    row("$DOLLAR", "$NAME");
}

void TestSsiExpression::putsVariablesIn() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, result);
    QCOMPARE(QByteArray::fromStdString(substituted(text.toStdString(), Known()).value_or("too long")), result);
}

void TestSsiExpression::refusesToGrowWithoutEnd() {
    QVERIFY(substituted("$LONG!", Known()));
    QVERIFY(!substituted("$LONG!!", Known()));
    QVERIFY(!substituted("$LONG$LONG", Known()));
}

void TestSsiExpression::judges_data() {
    QTest::addColumn<QByteArray>("expression");
    QTest::addColumn<bool>("isTrue");
    const auto row = [](const char *text, bool isTrue) { QTest::newRow(text) << QByteArray(text) << isTrue; };
    row("a", true);
    row("''", false);
    row("$NAME", true);
    row("$EMPTY", false);
    row("$NOTHING", false);
    row("a = a", true);
    row("a == b", false);
    row("a=a", true);
    row("\"a\"='a'", true);
    row("a != b", true);
    row("a!=a", false);
    row("  one   word = 'one word'  ", true);
    row("$NAME = Ana", true);
    row("'${NAME}s' = 'Anas'", true);
    row("'it\\'s' = \"it's\"", true);
    row("a < b", true);
    row("b <= a", false);
    row("b <= b", true);
    row("b > a", true);
    row("a >= b", false);
    row("10 < 9", true);
    row("$NAME = /^A.a$/", true);
    row("$NAME = /b/", false);
    row("$NAME != /b/", true);
    row("'a/b' = /a\\/b/", true);
    row("!a", false);
    row("! ''", true);
    row("!!a", true);
    row("!a = b", true);
    row("!(a = a)", false);
    row("a && ''", false);
    row("'' || a", true);
    row("a || a && ''", true);
    row("(a || a) && ''", false);
    row("a = b || a = a && !(b = c)", true);
    row("((((a))))", true);
    row("$EVIL = ''", false);
    row("$EMPTY = '$NOTHING'", true);
}

void TestSsiExpression::judges() {
    QFETCH(QByteArray, expression);
    QFETCH(bool, isTrue);
    QCOMPARE(judged(expression.toStdString(), Known()).truth, isTrue ? SsiTruth::True : SsiTruth::False);
}

void TestSsiExpression::refuses_data() {
    QTest::addColumn<QByteArray>("expression");
    for (const char *text :
         {"",        " ",  "=",   "a =",    "= a",     "a = = b",   "(a",    "a)",        "()",    "!",         "a &&",
          "|| a",    "'a", "\"a", "a = /b", "a = /(/", "a = b = c", "a 'b'", "a = 'b' c", "(a) b", "a && && b", "$LONG$LONG = a",
          "/a/ = /a"})
        QTest::newRow(text) << QByteArray(text);
    QTest::newRow("too deep") << QByteArray(33, '(') + 'a' + QByteArray(33, ')');
    QTest::newRow("open without end") << QByteArray(100'000, '(');
    QTest::newRow("a zero byte, then a parenthesis") << QByteArray("a\0)", 3);
}

void TestSsiExpression::refuses() {
    QFETCH(QByteArray, expression);
    QCOMPARE(judged(expression.toStdString(), Known()).truth, SsiTruth::Broken);
}

QTEST_GUILESS_MAIN(TestSsiExpression)
#include "tst_ssi_expression.moc"
