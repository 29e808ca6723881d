// Station: tests of password files that change, or are not there, or are long.
#include "access/password_files.h"

#include "support/digest_client.h"
#include "support/fake_clock.h"
#include "support/temporary_site.h"

#include <QElapsedTimer>
#include <QTest>

using namespace meerkat;
using access::PasswordFiles;

class TestPasswordFiles : public QObject {
    Q_OBJECT

  private slots:
    void init() { m_clock.setWallSeconds(QDateTime::currentSecsSinceEpoch() + 1000); }
    void readsAFileOnce();
    void readsAChangedFileAgain();
    void noticesAChangeThatItsTimeDoesNotTell();
    void readsAgainForAnotherRealm();
    void findsNothingInWhatCannotBeRead();
    void keepsNoMoreFilesThanItMay();
    void asksAFileOfAHundredThousandLinesOftenAtLittleCost();

  private:
    // Whether the file has a line for the user; counts how often it was opened.
    bool has(PasswordFiles &files, const QString &name, const char *user, const char *realm = "home") {
        const std::string path = m_site.path(name).toStdString();
        const auto file = os::File::openToRead(path);
        return has(files, name, user, file ? *file->info() : os::FileInfo{}, realm);
    }
    bool has(PasswordFiles &files, const QString &name, const char *user, const os::FileInfo &seen, const char *realm = "home") {
        const std::string path = m_site.path(name).toStdString();
        const auto *list = files.read(path, seen, realm, [&] {
            ++m_opened;
            auto file = os::File::openToRead(path);
            return file ? std::move(*file) : os::File();
        });
        return list && list->find(user);
    }
    os::FileInfo infoOf(const QString &name) const { return *os::File::openToRead(m_site.path(name).toStdString())->info(); }

    test::FakeClock m_clock;
    test::TemporarySite m_site;
    int m_opened = 0;
};

void TestPasswordFiles::readsAFileOnce() {
    m_site.write("a", test::passwordLine("ana", "home", "x"));
    PasswordFiles files(m_clock);
    m_opened = 0;
    for (int i = 0; i < 5; ++i) QVERIFY(has(files, "a", "ana") && !has(files, "a", "bob"));
    QCOMPARE(m_opened, 1);
    files.forget();
    QVERIFY(has(files, "a", "ana"));
    QCOMPARE(m_opened, 2);
}

void TestPasswordFiles::readsAChangedFileAgain() {
    m_site.write("a", test::passwordLine("ana", "home", "x"));
    PasswordFiles files(m_clock);
    QVERIFY(has(files, "a", "ana"));
    m_site.write("a", test::passwordLine("anton", "home", "x"));
    QVERIFY(has(files, "a", "anton") && !has(files, "a", "ana"));
    // Another file of that name, of the same size.
    m_site.write("b", test::passwordLine("berta", "home", "x"));
    QVERIFY(m_site.remove("a") && QFile::rename(m_site.path("b"), m_site.path("a")));
    QVERIFY(has(files, "a", "berta") && !has(files, "a", "anton"));
}

void TestPasswordFiles::noticesAChangeThatItsTimeDoesNotTell() {
    m_clock.setWallSeconds(QDateTime::currentSecsSinceEpoch());
    m_site.write("a", test::passwordLine("ana", "home", "x"));
    const os::FileInfo seen = infoOf("a");
    PasswordFiles files(m_clock);
    QVERIFY(has(files, "a", "ana", seen));
    m_site.write("a", test::passwordLine("bob", "home", "x"));
    QVERIFY(has(files, "a", "bob", seen) && !has(files, "a", "ana", seen));
}

void TestPasswordFiles::readsAgainForAnotherRealm() {
    m_site.write("a", test::passwordLine("ana", "home", "x"));
    PasswordFiles files(m_clock);
    QVERIFY(has(files, "a", "ana"));
    QVERIFY(!has(files, "a", "ana", "work"));
    QVERIFY(has(files, "a", "ana"));
}

void TestPasswordFiles::findsNothingInWhatCannotBeRead() {
    PasswordFiles files(m_clock);
    m_site.makeFolder("folder");
    for (const char *name : {"none", "folder"}) {
        const auto *list = files.read(name, {}, "home", [&] {
            auto file = os::File::openToRead(m_site.path(name).toStdString());
            return file ? std::move(*file) : os::File();
        });
        QVERIFY(!list);
    }
    // One that was read, and can be no longer, is not remembered.
    m_site.write("a", test::passwordLine("ana", "home", "x"));
    QVERIFY(has(files, "a", "ana"));
    m_site.remove("a");
    QVERIFY(!has(files, "a", "ana"));
}

void TestPasswordFiles::keepsNoMoreFilesThanItMay() {
    PasswordFiles files(m_clock);
    const auto name = [](std::size_t number) { return QString("file%1").arg(number); };
    for (std::size_t i = 0; i <= PasswordFiles::kMostFiles; ++i) m_site.write(name(i), test::passwordLine("ana", "home", "x"));
    m_opened = 0;
    for (std::size_t i = 0; i < PasswordFiles::kMostFiles; ++i) QVERIFY(has(files, name(i), "ana"));
    QVERIFY(has(files, name(0), "ana"));
    QVERIFY(has(files, name(PasswordFiles::kMostFiles), "ana"));
    QCOMPARE(m_opened, int(PasswordFiles::kMostFiles) + 1);
    // The one that was not used for longest made room.
    QVERIFY(has(files, name(0), "ana"));
    QCOMPARE(m_opened, int(PasswordFiles::kMostFiles) + 1);
    QVERIFY(has(files, name(1), "ana"));
    QCOMPARE(m_opened, int(PasswordFiles::kMostFiles) + 2);
}

void TestPasswordFiles::asksAFileOfAHundredThousandLinesOftenAtLittleCost() {
    QByteArray text;
    for (int i = 0; i < 100'000; ++i) text += "user" + QByteArray::number(i) + ":home:" + QByteArray(32, 'a') + "\n";
    m_site.write("long", text);
    PasswordFiles files(m_clock);
    QVERIFY(has(files, "long", "user0"));
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < 1000; ++i) QVERIFY(has(files, "long", "user99999"));
    QVERIFY2(timer.elapsed() < 2000, "a thousand look-ups");
}

QTEST_GUILESS_MAIN(TestPasswordFiles)
#include "tst_password_files.moc"
