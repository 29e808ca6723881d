// Station: tests of form variables: which one is found, and which body is a form.
#include "http/form.h"

#include "support/guard_page.h"

#include <QElapsedTimer>
#include <QTest>

using namespace meerkat;

namespace {

constexpr const char *kNone = "(none)";

QByteArray valueOf(std::string_view form, std::string_view name) {
    const auto value = http::findVariable(form, name);
    return value ? QByteArray(value->data(), static_cast<qsizetype>(value->size())) : QByteArray(kNone);
}

}  // namespace

class TestForm : public QObject {
    Q_OBJECT

  private slots:
    void findsAVariable_data();
    void findsAVariable();
    void takesTheTypesThatFormsAreSentWith_data();
    void takesTheTypesThatFormsAreSentWith();
    void neverReadsBehindTheText();
    void takesTimeThatGrowsWithTheText();
};

void TestForm::findsAVariable_data() {
    QTest::addColumn<QByteArray>("form");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](const char *title, const char *form, const char *name, const char *value) {
        QTest::newRow(title) << QByteArray(form) << QByteArray(name) << QByteArray(value);
    };
    row("the only one", "a=1", "a", "1");
    row("the last one", "a=1&b=2", "b", "2");
    row("still encoded", "a=%41+b", "a", "%41+b");
    row("an equals sign in the value", "a=b=c", "a", "b=c");
    row("an encoded name", "a%5B%5D=1", "a[]", "1");
    row("a name with a space", "first+name=x", "first name", "x");
    row("the first of two", "a=1&a=2", "a", "1");
    row("an exact name before another case", "ID=1&id=2", "id", "2");
    row("in another case", "Email=x", "email", "x");
    row("empty", "a=&b=2", "a", "");
    row("without an equals sign", "a&b=2", "a", "");
    row("behind empty pairs", "&&a=1", "a", "1");
    row("a semicolon does not separate", "a=1;b=2", "a", "1;b=2");
    row("a name that another begins with", "ab=1", "a", kNone);
    row("a name that another ends with", "ba=1", "a", kNone);
    row("a name in a value", "x=a=1", "a", kNone);
    row("an empty form", "", "a", kNone);
    row("no name", "=1", "", kNone);
    row("a cut escape in a name", "a%4=1", "aA", kNone);
}

void TestForm::findsAVariable() {
    QFETCH(QByteArray, form);
    QFETCH(QByteArray, name);
    QTEST(valueOf(form.toStdString(), name.toStdString()), "value");
}

void TestForm::takesTheTypesThatFormsAreSentWith_data() {
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<bool>("isForm");
    QTest::newRow("none") << QByteArray() << true;
    QTest::newRow("a form's") << QByteArray("application/x-www-form-urlencoded") << true;
    QTest::newRow("with a charset, in any case") << QByteArray("Application/X-WWW-Form-UrlEncoded ; charset=utf-8") << true;
    QTest::newRow("a script's default") << QByteArray("text/plain;charset=UTF-8") << true;
    QTest::newRow("JSON") << QByteArray("application/json") << false;
    QTest::newRow("multipart") << QByteArray("multipart/form-data; boundary=x") << false;
    QTest::newRow("a longer name") << QByteArray("application/x-www-form-urlencoded2") << false;
}

void TestForm::takesTheTypesThatFormsAreSentWith() {
    QFETCH(QByteArray, type);
    QTEST(http::isFormType(type.toStdString()), "isForm");
}

void TestForm::neverReadsBehindTheText() {
    test::GuardPage page(64);
    const std::string whole = "ab=1&name%5B=%41%4&c";
    for (std::size_t length = 0; length <= whole.size(); ++length)
        for (const std::string_view name : {"ab", "name[", "c", "nothing"})
            QCOMPARE(valueOf(page.beforeGuard(std::string_view(whole).substr(0, length)), name),
                     valueOf(whole.substr(0, length), name));
}

void TestForm::takesTimeThatGrowsWithTheText() {
    std::string names;
    for (int i = 0; i < 500'000; ++i) names += "aaaaaaaaaaaaaaaa&";
    const std::string longName(4'000'000, 'a');
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(valueOf(names, longName), QByteArray(kNone));
    QCOMPARE(valueOf(longName + "b=1&" + longName + "c=2", longName), QByteArray(kNone));
    QVERIFY2(timer.elapsed() < 10'000, "16 MB in seconds");
}

QTEST_GUILESS_MAIN(TestForm)
#include "tst_form.moc"
