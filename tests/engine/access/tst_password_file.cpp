// Password files: which lines change and which do not.
#include "access/hash.h"
#include "access/password_file.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace meerkat;

class PasswordFileTest : public QObject {
    Q_OBJECT

  private slots:
    void hashesJoinedTexts();
    void changesOnlyTheLineOfTheUser_data();
    void changesOnlyTheLineOfTheUser();
    void wantsNothingWhenTheUserToTakeOutIsNotThere();
    void makesTheFileForTheFirstUser();
    void refusesNamesThatWouldBreakALine_data();
    void refusesNamesThatWouldBreakALine();
    void saysWhichFileCannotBeChanged();
};

namespace {

// RFC 1321's own examples.
const std::string kEmpty = "d41d8cd98f00b204e9800998ecf8427e";
const std::string kAbc = "900150983cd24fb0d6963f7d28e17f72";

std::string lineOf(const std::string &user, const std::string &realm, const std::string &password) {
    return user + ":" + realm + ":" + access::md5Hex({user, ":", realm, ":", password}) + "\n";
}

}  // namespace

void PasswordFileTest::hashesJoinedTexts() {
    QCOMPARE(access::md5Hex({}), kEmpty);
    QCOMPARE(access::md5Hex({"a", "", "bc"}), kAbc);
}

void PasswordFileTest::changesOnlyTheLineOfTheUser_data() {
    QTest::addColumn<std::string>("before");
    QTest::addColumn<std::string>("after");
    const std::string ana = lineOf("ana", "home", "secret");
    QTest::newRow("empty file") << std::string() << ana;
    QTest::newRow("behind others") << std::string("bob:home:1\n") << "bob:home:1\n" + ana;
    QTest::newRow("a last line without its end") << std::string("bob:home:1") << "bob:home:1\n" + ana;
    QTest::newRow("in place") << std::string("# mine\nana:home:old\nbob:home:1\n") << "# mine\n" + ana + "bob:home:1\n";
    QTest::newRow("another realm stays") << std::string("ana:work:1\n") << "ana:work:1\n" + ana;
    QTest::newRow("a longer name stays") << std::string("anamaria:home:1\n") << "anamaria:home:1\n" + ana;
    QTest::newRow("doubles become one") << std::string("ana:home:1\nx\nana:home:2\n") << ana + "x\n";
    const std::string key = "ana:home:";
    const auto sha = [&](const char *password) { return key + access::hashHex(access::HashKind::Sha256, {key, password}); };
    QTest::newRow("SHA-256 stays SHA-256") << sha("old") + "\r\nbob:home:1\n" << sha("secret") + "\nbob:home:1\n";
    QTest::newRow("one line of each kind") << "ana:home:old\n" + sha("old") + "\nana:home:1\n" + sha("older")
                                           << ana + sha("secret") + "\n";
    QTest::newRow("foreign lines stay") << std::string("\n\r\n\xff\n") << "\n\r\n\xff\n" + ana;
}

void PasswordFileTest::changesOnlyTheLineOfTheUser() {
    QFETCH(std::string, before);
    QFETCH(std::string, after);
    QCOMPARE(access::withPassword(before, "home", "ana", "secret"), std::optional(after));
}

void PasswordFileTest::wantsNothingWhenTheUserToTakeOutIsNotThere() {
    QCOMPARE(access::withPassword("bob:home:1\n", "home", "ana", std::nullopt), std::optional<std::string>());
    QCOMPARE(access::withPassword("ana:home:1\nbob:home:1\n", "home", "ana", std::nullopt),
             std::optional<std::string>("bob:home:1\n"));
}

void PasswordFileTest::makesTheFileForTheFirstUser() {
    const QTemporaryDir folder;
    const std::string path = folder.filePath("users").toStdString();
    QVERIFY(access::changePassword(path, "home", "ana", "secret"));
    QFile file(folder.filePath("users"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll().toStdString(), lineOf("ana", "home", "secret"));
}

void PasswordFileTest::refusesNamesThatWouldBreakALine_data() {
    QTest::addColumn<std::string>("realm");
    QTest::addColumn<std::string>("user");
    QTest::newRow("empty user") << std::string("home") << std::string();
    QTest::newRow("colon in user") << std::string("home") << std::string("a:b");
    QTest::newRow("line break in user") << std::string("home") << std::string("a\nb");
    QTest::newRow("return in user") << std::string("home") << std::string("a\rb");
    QTest::newRow("empty realm") << std::string() << std::string("ana");
    QTest::newRow("colon in realm") << std::string("a:b") << std::string("ana");
}

void PasswordFileTest::refusesNamesThatWouldBreakALine() {
    QFETCH(std::string, realm);
    QFETCH(std::string, user);
    const QTemporaryDir folder;
    const std::string path = folder.filePath("users").toStdString();
    QVERIFY(!access::changePassword(path, realm, user, "secret"));
    QVERIFY(!QFile::exists(folder.filePath("users")));
}

void PasswordFileTest::saysWhichFileCannotBeChanged() {
    const QTemporaryDir folder;
    const std::string path = folder.filePath("none/users").toStdString();
    const auto changed = access::changePassword(path, "home", "ana", "secret");
    QVERIFY(!changed);
    QVERIFY(changed.failure().text.find(path) != std::string::npos);
}

QTEST_GUILESS_MAIN(PasswordFileTest)
#include "tst_password_file.moc"
