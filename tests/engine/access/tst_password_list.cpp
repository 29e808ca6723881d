// Station: tests of which lines of a password file count.
#include "access/password_list.h"

#include <QElapsedTimer>
#include <QTest>

using namespace meerkat;
using access::HashKinds;
using access::PasswordList;

namespace {

const std::string kMd5(32, 'a'), kOtherMd5(32, 'b'), kSha(64, 'c');

QByteArray md5Of(const PasswordList &list, std::string_view user) {
    const auto *found = list.find(user);
    return found ? QByteArray(found->md5.data(), static_cast<qsizetype>(found->md5.size())) : QByteArray("(none)");
}

}  // namespace

class TestPasswordList : public QObject {
    Q_OBJECT

  private slots:
    void findsTheLineOfAUser_data();
    void findsTheLineOfAUser();
    void passesOverLinesThatAreNone_data();
    void passesOverLinesThatAreNone();
    void knowsBothKinds();
    void remembersOnlyTheUserThatIsAskedFor();
    void readsAHundredThousandLinesInReasonableTime();
};

void TestPasswordList::findsTheLineOfAUser_data() {
    QTest::addColumn<std::string>("text");
    const std::string line = "ana:home:" + kMd5;
    QTest::newRow("alone") << line;
    QTest::newRow("with its end") << line + "\n";
    QTest::newRow("with the end of other systems") << line + "\r\n";
    QTest::newRow("among others") << "bob:home:" + kOtherMd5 + "\n" + line + "\n" + "eve:home:" + kOtherMd5 + "\n";
    QTest::newRow("behind comments") << "# ana:home:x\n\n" + line;
    QTest::newRow("the first of two") << line + "\nana:home:" + kOtherMd5;
    QTest::newRow("behind one of another realm") << "ana:work:" + kOtherMd5 + "\n" + line;
    QTest::newRow("in capitals") << "ana:home:" + std::string(32, 'A');
}

void TestPasswordList::findsTheLineOfAUser() {
    QFETCH(std::string, text);
    const PasswordList list(text, "home");
    QCOMPARE(md5Of(list, "ana"), QByteArray::fromStdString(kMd5));
    QVERIFY(list.kinds() == (HashKinds{true, false}));
    QVERIFY(!list.find("an") && !list.find("Ana") && !list.find(""));
}

void TestPasswordList::passesOverLinesThatAreNone_data() {
    QTest::addColumn<std::string>("text");
    QTest::newRow("an empty file") << std::string();
    QTest::newRow("another realm") << "ana:work:" + kMd5;
    QTest::newRow("a longer realm") << "ana:home2:" + kMd5;
    QTest::newRow("a short hash") << "ana:home:" + kMd5.substr(1);
    QTest::newRow("a long hash") << "ana:home:" + kMd5 + "a";
    QTest::newRow("a hash that is no hex") << "ana:home:" + kMd5.substr(1) + "g";
    QTest::newRow("something behind the hash") << "ana:home:" + kMd5 + " x";
    QTest::newRow("no hash") << std::string("ana:home:");
    QTest::newRow("no realm") << "ana:" + kMd5;
    QTest::newRow("no user") << ":home:" + kMd5;
    QTest::newRow("apache's other format") << std::string("ana:$apr1$x$y");
    QTest::newRow("a return alone") << std::string("\r");
}

void TestPasswordList::passesOverLinesThatAreNone() {
    QFETCH(std::string, text);
    const PasswordList list(text, "home");
    QVERIFY(!list.find("ana"));
    QVERIFY(list.kinds() == HashKinds{});
}

void TestPasswordList::knowsBothKinds() {
    const PasswordList list("ana:home:" + kSha + "\nana:home:" + kMd5 + "\nbob:home:" + kSha, "home");
    QVERIFY(list.kinds() == (HashKinds{true, true}));
    QVERIFY(list.find("ana")->md5 == kMd5 && list.find("ana")->sha256 == kSha);
    QVERIFY(list.find("bob")->md5.empty() && list.find("bob")->of(access::HashKind::Sha256) == kSha);
}

void TestPasswordList::remembersOnlyTheUserThatIsAskedFor() {
    const PasswordList list("ana:home:" + kMd5 + "\nbob:home:" + kSha, "home", "ana");
    QVERIFY(list.find("ana") && !list.find("bob"));
    QVERIFY(list.kinds() == (HashKinds{true, true}));
}

void TestPasswordList::readsAHundredThousandLinesInReasonableTime() {
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += "user" + std::to_string(i) + ":home:" + kMd5 + "\n";
    QElapsedTimer timer;
    timer.start();
    const PasswordList list(text, "home");
    QVERIFY(list.find("user99999"));
    qInfo("100,000 lines in %lld ms", static_cast<long long>(timer.elapsed()));
    QVERIFY(timer.elapsed() < 5000);
}

QTEST_GUILESS_MAIN(TestPasswordList)
#include "tst_password_list.moc"
