#include "os/file.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace meerkat;
using namespace meerkat::os;

class TestFile : public QObject {
    Q_OBJECT
  private:
    QTemporaryDir m_dir;
    std::string folder() const { return m_dir.path().toStdString(); }

    QByteArray contentOf(const QString &name) const {
        QFile file(m_dir.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("could not be read");
    }
    File opened(const QString &name) const {
        auto root = Root::open(folder());
        return (*root)->openBelow(name.toStdString()).file;
    }

  private slots:
    void initTestCase() {
        QVERIFY(m_dir.isValid());
        QFile file(m_dir.filePath("ten.txt"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write("0123456789"), 10);
    }

    void readsFromAnyPlace_data() {
        QTest::addColumn<quint64>("offset");
        QTest::addColumn<int>("wanted");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("the beginning") << quint64(0) << 4 << QByteArray("0123");
        QTest::newRow("the middle") << quint64(3) << 4 << QByteArray("3456");
        QTest::newRow("to the end") << quint64(6) << 4 << QByteArray("6789");
        QTest::newRow("over the end") << quint64(8) << 4 << QByteArray("89");
        QTest::newRow("at the end") << quint64(10) << 4 << QByteArray("");
        QTest::newRow("behind the end") << quint64(1000) << 4 << QByteArray("");
        QTest::newRow("nothing") << quint64(5) << 0 << QByteArray("");
        QTest::newRow("behind 4 GB") << (quint64(1) << 33) << 4 << QByteArray("");
    }
    void readsFromAnyPlace() {
        QFETCH(quint64, offset);
        QFETCH(int, wanted);
        QFETCH(QByteArray, expected);
        const File file = opened("ten.txt");
        std::string bytes(static_cast<std::size_t>(wanted), '\0');
        const auto count = file.readAt(offset, bytes);
        QVERIFY(static_cast<bool>(count));
        QCOMPARE(QByteArray(bytes.data(), static_cast<qsizetype>(*count)), expected);
    }

    void readsFilesOver4GB() {
        QFile large(m_dir.filePath("large.bin"));
        QVERIFY(large.open(QIODevice::WriteOnly));
        QVERIFY(large.resize(qint64(5) << 30));
        QVERIFY(large.seek((qint64(9) << 29) + 1));
        QCOMPARE(large.write("here"), 4);
        large.close();
        const File file = opened("large.bin");
        QCOMPARE(file.info()->size, std::uint64_t(5) << 30);
        std::string bytes(6, '?');
        const auto count = file.readAt(std::uint64_t(9) << 29, bytes);
        QVERIFY(count && *count == 6);
        QCOMPARE(bytes, std::string("\0here\0", 6));
        QVERIFY(QFile::remove(large.fileName()));
    }

    void failsInWordsWhereItCannotRead() {
        const File folder = opened("");
        char byte = 0;
        QVERIFY(!folder.readAt(0, {&byte, 1}));
        const File none;
        const auto info = none.info();
        const auto count = none.readAt(0, {&byte, 1});
        QVERIFY(!count && !count.failure().text.empty() && count.failure().code != 0);
        QVERIFY(!info || info->kind == FileKind::Other);
    }

    void handsItsDescriptorOn() {
        File first = opened("ten.txt");
        const auto handle = first.handle();
        File second(std::move(first));
        QVERIFY(!first.isOpen());
        QCOMPARE(second.handle(), handle);
        File third;
        third = std::move(second);
        QCOMPARE(third.handle(), handle);
        File owner(third.release());
        QVERIFY(!third.isOpen());
        QVERIFY(owner.info());
    }

    void appendsAndCreates() {
        const std::string path = folder() + "/access.log";
        {
            auto log = AppendFile::open(path);
            QVERIFY(static_cast<bool>(log));
            QCOMPARE((*log)->append("one\n"), 4u);
            QCOMPARE((*log)->append(""), 0u);
            QCOMPARE((*log)->append("two\n"), 4u);
        }
        auto again = AppendFile::open(path);
        QCOMPARE((*again)->append("three\n"), 6u);
        QCOMPARE(contentOf("access.log"), QByteArray("one\ntwo\nthree\n"));
    }

    void appendsBesideAnotherWriter() {
        const std::string path = folder() + "/shared.log";
        auto first = AppendFile::open(path);
        auto second = AppendFile::open(path);
        for (int i = 0; i < 10; ++i) {
            QCOMPARE((*first)->append("a"), 1u);
            QCOMPARE((*second)->append("b"), 1u);
        }
        QCOMPARE(contentOf("shared.log"), QByteArray("ab").repeated(10));
    }

    void noticesThatItWasMovedAway() {
        const QString path = m_dir.filePath("rotated.log");
        auto log = AppendFile::open(path.toStdString());
        QVERIFY(!(*log)->wasMovedAway());
        QCOMPARE((*log)->append("old"), 3u);
        QVERIFY(!(*log)->wasMovedAway());
        QVERIFY(QFile::rename(path, path + ".1"));
        QVERIFY((*log)->wasMovedAway());
        auto next = AppendFile::open(path.toStdString());
        QVERIFY((*log)->wasMovedAway());
        QVERIFY(!(*next)->wasMovedAway());
        QCOMPARE((*log)->append("er"), 2u);
        QCOMPARE(contentOf("rotated.log.1"), QByteArray("older"));
        // Closed before: Windows removes a file once nobody has it open.
        (*next).reset();
        QVERIFY(QFile::remove(path));
        QVERIFY((*log)->wasMovedAway());
    }

    void saysWhichFileCannotBeWrittenAndWhy() {
        for (const std::string &path : {folder() + "/none/access.log", folder(), folder() + "/ten.txt/log"}) {
            const auto log = AppendFile::open(path);
            QVERIFY(!log);
            const std::string &text = log.failure().text;
            QVERIFY2(text.find("'" + path + "'") != std::string::npos && !text.ends_with("."), text.c_str());
            QVERIFY(log.failure().code != 0);
        }
    }
};

QTEST_GUILESS_MAIN(TestFile)
#include "tst_file.moc"
