// Station: tests of files/zip_heads and files/folded_name: archives put together here are read by Python's zipfile and by unzip.
#include "files/folded_name.h"
#include "files/zip_heads.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <zlib.h>

using namespace meerkat::files;

namespace {

struct Part {
    std::string name;
    std::string bytes;
    std::int64_t modifiedSeconds = 1'700'000'001;
    bool isLarge = false;
};

std::string archiveOf(const std::vector<Part> &parts) {
    std::string out, directory;
    for (const Part &part : parts) {
        ZipEntry entry{part.name, part.modifiedSeconds, part.isLarge, 0, 0, out.size()};
        appendLocalHead(out, entry);
        out += part.bytes;
        entry.size = part.bytes.size();
        entry.checksum =
            static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef *>(part.bytes.data()), uInt(part.bytes.size())));
        appendDescriptor(out, entry);
        appendDirectoryEntry(directory, entry);
    }
    const std::uint64_t offset = out.size();
    out += directory;
    appendZipEnd(out, parts.size(), directory.size(), offset);
    return out;
}

}  // namespace

class TestZipHeads : public QObject {
    Q_OBJECT

  private slots:
    void areReadByPython_data();
    void areReadByPython();
    void areAcceptedByUnzip();
    void keepTheSecond();
    void giveFarOffsetsEightBytes();
    void countManyEntries();
    void namesAreFolded_data();
    void namesAreFolded();

  private:
    QString keep(const std::string &archive) {
        QFile file(m_place.filePath("a.zip"));
        if (!file.open(QIODevice::WriteOnly)) return {};
        file.write(archive.data(), qint64(archive.size()));
        return file.fileName();
    }
    static QByteArray run(const QString &program, const QStringList &arguments) {
        QProcess process;
        process.start(program, arguments);
        process.waitForFinished(60000);
        return process.exitCode() == 0 ? process.readAllStandardOutput() : "FAILED " + process.readAllStandardError();
    }

    QTemporaryDir m_place;
};

void TestZipHeads::areReadByPython_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("isLarge");
    QTest::newRow("a file") << "a.txt" << QByteArray("hello") << false;
    QTest::newRow("an empty one") << "nothing" << QByteArray() << false;
    QTest::newRow("a folder") << "dir/" << QByteArray() << false;
    QTest::newRow("a name beyond ASCII") << QString::fromUtf8("Bücher/日本.txt") << QByteArray("x") << false;
    QTest::newRow("with sizes of 8 bytes") << "large" << QByteArray(70000, 'z') << true;
}

void TestZipHeads::areReadByPython() {
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    QFETCH(bool, isLarge);
    const QString file = keep(archiveOf({{"first", "1"}, {name.toStdString(), bytes.toStdString(), 1'700'000'001, isLarge}}));
    const QByteArray script =
        "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\ni = z.infolist()[1]\n"
        "sys.stdout.buffer.write((i.filename + '|').encode() + z.read(i))\n";
    QCOMPARE(run("python3", {"-c", script, file}), name.toUtf8() + '|' + bytes);
}

void TestZipHeads::areAcceptedByUnzip() {
    const QString file = keep(archiveOf({{"dir/", ""}, {"dir/a", "aaa"}, {"large", "b", 1, true}}));
    const QByteArray said = run("unzip", {"-t", file});
    QVERIFY2(said.contains("No errors detected"), said.constData());
}

void TestZipHeads::keepTheSecond() {
    const QString file = keep(archiveOf({{"a", "x", 1'700'000'001}}));
    QCOMPARE(run("unzip", {"-q", "-o", file, "-d", m_place.path()}), QByteArray());
    QCOMPARE(QFileInfo(m_place.filePath("a")).lastModified().toSecsSinceEpoch(), 1'700'000'001);
}

void TestZipHeads::giveFarOffsetsEightBytes() {
    std::string directory, plain;
    appendDirectoryEntry(plain, {"a", 0, false, 1, 2, 5});
    appendDirectoryEntry(directory, {"a", 0, false, 1, 2, 0x1'0000'0005});
    QCOMPARE(directory.size(), plain.size() + 12);
    std::string end;
    appendZipEnd(end, 1, 10, 0x1'0000'0005);
    QCOMPARE(end.size(), std::size_t(56 + 20 + 22));
}

void TestZipHeads::countManyEntries() {
    std::vector<Part> parts;
    for (int i = 0; i < 70000; ++i) parts.push_back({std::to_string(i), ""});
    const QString file = keep(archiveOf(parts));
    QCOMPARE(run("python3", {"-c", "import sys, zipfile; print(len(zipfile.ZipFile(sys.argv[1]).infolist()))", file}).trimmed(),
             QByteArray("70000"));
}

void TestZipHeads::namesAreFolded_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("folded");
    const auto row = [](const char *words, const char *name, const char *folded) {
        QTest::newRow(words) << QString::fromUtf8(name) << QString::fromUtf8(folded);
    };
    row("ASCII", "ReadMe.TXT", "readme.txt");
    row("accents", "Über Ålesund, Łódź, Đà Nẵng", "uber alesund, lodz, da nang");
    row("accents of their own", "Cafe\xcc\x81", "cafe");
    row("letters that are no others", "Straße, Ærø, Œuvre", "straße, æro, œuvre");
    row("Greek", "ΛΟΓΟΣ λόγος", "λογοσ λόγοσ");
    row("Cyrillic", "МОСКВА Ёлка", "москва ёлка");
    row("neither upper nor lower", "日本 😀 ×", "日本 😀 ×");
}

void TestZipHeads::namesAreFolded() {
    QFETCH(QString, name);
    QTEST(QString::fromStdString(foldedName(name.toStdString())), "folded");
}

QTEST_GUILESS_MAIN(TestZipHeads)
#include "tst_zip_heads.moc"
