// Station: tests of name=value lists in field values, as people write them and to the letter.
#include "http/header_parameters.h"

#include "support/guard_page.h"

#include <QElapsedTimer>
#include <QTest>

using namespace meerkat;

namespace {

constexpr const char *kNone = "(none)";

QByteArray bytes(const std::string &text) { return QByteArray(text.data(), static_cast<qsizetype>(text.size())); }

QByteArray valueOf(std::string_view text, std::string_view name) {
    const auto found = http::findParameter(text, name);
    return found ? bytes(http::unescaped(*found)) : QByteArray(kNone);
}

// "a=1|b=2", or that it is none.
QByteArray strictly(std::string_view text) {
    const auto parameters = http::parseAuthParameters(text);
    if (!parameters) return kNone;
    QByteArrayList list;
    for (const auto &parameter : *parameters)
        list.append(bytes(std::string(parameter.name)) + "=" + bytes(http::unescaped(parameter)));
    return list.join('|');
}

}  // namespace

class TestHeaderParameters : public QObject {
    Q_OBJECT

  private slots:
    void findsAParameter_data();
    void findsAParameter();
    void acceptsWhatTheGrammarSays_data();
    void acceptsWhatTheGrammarSays();
    void refusesWhatItDoesNot_data();
    void refusesWhatItDoesNot();
    void takesBackslashesOffIntoRoomThatFits();
    void neverReadsBehindTheText();
    void takesTimeThatGrowsWithTheText();
};

void TestHeaderParameters::findsAParameter_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](const char *title, const char *text, const char *name, const char *value) {
        QTest::newRow(title) << QByteArray(text) << QByteArray(name) << QByteArray(value);
    };
    const char *page = "x=123, y=345, z=\"other value\"";
    row("the page's first", page, "x", "123");
    row("the page's second", page, "y", "345");
    row("the page's third", page, "z", "other value");
    row("behind a scheme", "Digest username=\"ana\", qop=auth", "username", "ana");
    row("in any case", "Digest UserName=\"ana\"", "username", "ana");
    row("a cookie", "session=abc; user=joe", "user", "joe");
    row("without spaces", "a=1,b=2;c=3", "c", "3");
    row("escaped quotes", "a=\"x\\\"y\\\\z\"", "a", "x\"y\\z");
    row("an equals sign in a value", "a=dGV4dA==; b=1", "a", "dGV4dA==");
    row("spaces around the sign", "a = 1", "a", "1");
    row("empty", "a=; b=1", "a", "");
    row("an empty quoted string", "a=\"\", b=1", "a", "");
    row("the first of two", "a=1; a=2", "a", "1");
    row("behind a value that tells the name", "z=\"a=1, a=2\", a=3", "a", "3");
    row("behind quotes without a name", "\"a=1\" a=2", "a", "2");
    row("a name that another ends with", "filename=x", "name", kNone);
    row("a name that another begins with", "name2=x", "name", kNone);
    row("a word without a value", "a, b=1", "a", kNone);
    row("a quoted string that does not end", "a=\"x", "a", kNone);
    row("a backslash at the end", "a=\"x\\", "a", kNone);
    row("behind a string that does not end", "a=\"x, b=1", "b", kNone);
    row("no name", "=1", "", kNone);
    row("nothing", "", "a", kNone);
    row("separators alone", " ,;\t,", "a", kNone);
}

void TestHeaderParameters::findsAParameter() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, name);
    QTEST(valueOf(text.toStdString(), name.toStdString()), "value");
}

void TestHeaderParameters::acceptsWhatTheGrammarSays_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("parameters");
    QTest::newRow("none") << QByteArray("") << QByteArray("");
    QTest::newRow("one token") << QByteArray("a=1") << QByteArray("a=1");
    QTest::newRow("tokens and strings") << QByteArray("a=1, b=\"x, y\",c=\"\"") << QByteArray("a=1|b=x, y|c=");
    QTest::newRow("bad white space") << QByteArray(" a =\t1 , b= 2 ") << QByteArray("a=1|b=2");
    QTest::newRow("empty elements") << QByteArray(",, a=1, ,b=2,") << QByteArray("a=1|b=2");
    QTest::newRow("quoted pairs") << QByteArray("a=\"\\\"\\\\\\c\"") << QByteArray("a=\"\\c");
    QTest::newRow("bytes over 127") << QByteArray("a=\"\xC3\xA4\"") << QByteArray("a=\xC3\xA4");
}

void TestHeaderParameters::acceptsWhatTheGrammarSays() {
    QFETCH(QByteArray, text);
    QTEST(strictly(text.toStdString()), "parameters");
}

void TestHeaderParameters::refusesWhatItDoesNot_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("a word") << QByteArray("a");
    QTest::newRow("no value") << QByteArray("a=");
    QTest::newRow("no name") << QByteArray("=1");
    QTest::newRow("semicolons") << QByteArray("a=1; b=2");
    QTest::newRow("spaces for commas") << QByteArray("a=1 b=2");
    QTest::newRow("something behind a string") << QByteArray("a=\"1\"2");
    QTest::newRow("a string that does not end") << QByteArray("a=\"1");
    QTest::newRow("a backslash at the end") << QByteArray("a=\"1\\");
    QTest::newRow("a control character") << QByteArray("a=\"\x01\"");
    QTest::newRow("a name twice") << QByteArray("a=1, A=2");
    QTest::newRow("a value that is no token") << QByteArray("a=x/y");
    QByteArray many;
    for (int i = 0; i < 33; ++i) many += "a" + QByteArray::number(i) + "=1,";
    QTest::newRow("more than any scheme has") << many;
}

void TestHeaderParameters::refusesWhatItDoesNot() {
    QFETCH(QByteArray, text);
    QCOMPARE(strictly(text.toStdString()), QByteArray(kNone));
}

void TestHeaderParameters::takesBackslashesOffIntoRoomThatFits() {
    const http::HeaderParameter parameter{"a", "x\\\"y", true};
    char room[4] = "###";
    QCOMPARE(http::unescapedInto(parameter, std::span(room, 3)), std::optional<std::size_t>(3));
    QCOMPARE(QByteArray(room, 3), QByteArray("x\"y"));
    QCOMPARE(http::unescapedInto(parameter, std::span(room, 2)), std::optional<std::size_t>());
    QCOMPARE(http::unescapedInto(parameter, std::span(room, 0)), std::optional<std::size_t>());
}

void TestHeaderParameters::neverReadsBehindTheText() {
    test::GuardPage page(128);
    const std::string whole = "Digest a=1, bb = \"x\\\"y\", ccc=\"\", \"q\" d";
    for (std::size_t length = 0; length <= whole.size(); ++length) {
        const std::string part = whole.substr(0, length);
        for (const std::string_view name : {"a", "bb", "ccc", "d"})
            QCOMPARE(valueOf(page.beforeGuard(part), name), valueOf(part, name));
        QCOMPARE(strictly(page.beforeGuard(part)), strictly(part));
    }
}

void TestHeaderParameters::takesTimeThatGrowsWithTheText() {
    QElapsedTimer timer;
    timer.start();
    for (const char *piece : {"\"", "\\", "a=\"", "a=", "=", ",", " ", "a=\"\\\"", "a=\"\" "}) {
        std::string text;
        while (text.size() < 2'000'000) text += piece;
        QCOMPARE(valueOf(text, "wanted"), QByteArray(kNone));
        strictly(text);
    }
    QVERIFY2(timer.elapsed() < 20'000, "36 MB in seconds");
}

QTEST_GUILESS_MAIN(TestHeaderParameters)
#include "tst_header_parameters.moc"
