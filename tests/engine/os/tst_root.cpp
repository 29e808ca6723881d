#include "root_rows.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace meerkat;
using namespace meerkat::os;

namespace {

void writeFile(const QString &path, const QByteArray &content) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

}  // namespace

class TestRoot : public QObject {
    Q_OBJECT
  private:
    // site/index.html, site/sub/page.txt, site/sub/deep/leaf.txt, secret.txt beside it
    std::unique_ptr<QTemporaryDir> m_dir;
    QString site() const { return m_dir->filePath("site"); }

  private slots:
    void init() {
        m_dir = std::make_unique<QTemporaryDir>();
        QVERIFY(QDir().mkpath(m_dir->filePath("site/sub/deep")));
        QVERIFY(QDir().mkpath(m_dir->filePath("site-of-another")));
        writeFile(m_dir->filePath("secret.txt"), "secret");
        writeFile(m_dir->filePath("site-of-another/secret.txt"), "secret");
        writeFile(m_dir->filePath("site/index.html"), "home");
        writeFile(m_dir->filePath("site/sub/page.txt"), "page");
        writeFile(m_dir->filePath("site/sub/deep/leaf.txt"), "leaf");
    }

    void opensFilesAndFolders_data() { addResolverRows(); }
    void opensFilesAndFolders() {
        const auto root = newRoot(site());
        QCOMPARE(contentBelow(*root, "index.html"), QByteArray("home"));
        QCOMPARE(contentBelow(*root, "sub/page.txt"), QByteArray("page"));
        QCOMPARE(contentBelow(*root, "sub/deep/leaf.txt"), QByteArray("leaf"));
        QCOMPARE(contentBelow(*root, "sub//deep///leaf.txt"), QByteArray("leaf"));
        for (const char *folder : {"", "sub", "sub/", "sub/deep", "sub/deep/"})
            QCOMPARE(contentBelow(*root, folder), QByteArray("a folder"));
    }

    void looksAsItOpens_data() { addResolverRows(); }
    void looksAsItOpens() {
        const auto root = newRoot(site());
        for (const char *path : {"", "index.html", "sub", "sub/", "sub/page.txt", "sub/deep/leaf.txt", "none", "sub/none",
                                 "none/none", "index.html/", "index.html/x", "..", "sub/../index.html", "/index.html"})
            QVERIFY2(agreesWithLook(*root, path), path);
    }

    void tellsSizeAndTimes_data() { addResolverRows(); }
    void tellsSizeAndTimes() {
        QFile file(site() + "/index.html");
        QVERIFY(file.open(QIODevice::ReadWrite));
        const QDateTime when = QDateTime::fromSecsSinceEpoch(1700000000);
        QVERIFY(file.setFileTime(when, QFileDevice::FileModificationTime));
        file.close();
        const auto root = newRoot(site());
        const OpenOutcome outcome = root->openBelow("index.html");
        QVERIFY(outcome.info.kind == FileKind::Regular);
        QCOMPARE(outcome.info.size, std::uint64_t(4));
        QCOMPARE(outcome.info.modifiedNs, std::int64_t(1700000000) * 1000000000);
        QVERIFY(outcome.info.changedNs >= outcome.info.modifiedNs);
        const auto again = outcome.file.info();
        QVERIFY(again && *again == outcome.info);
    }

    void tellsAReplacedFileFromTheOld_data() { addResolverRows(); }
    void tellsAReplacedFileFromTheOld() {
        const auto root = newRoot(site());
        const OpenOutcome before = root->openBelow("index.html");
        writeFile(site() + "/new.html", "home");
        QVERIFY(QFile::rename(site() + "/index.html", site() + "/old.html"));
        QVERIFY(QFile::rename(site() + "/new.html", site() + "/index.html"));
        const OpenOutcome after = root->lookBelow("index.html");
        QVERIFY(after.info.id != before.info.id);
        QVERIFY(after.info.volume == before.info.volume);
        QCOMPARE(contentOf(before.file), QByteArray("home"));
    }

    void findsNothingWhereThereIsNothing_data() { addResolverRows(); }
    void findsNothingWhereThereIsNothing() {
        const auto root = newRoot(site());
        using namespace std::string_literals;
        for (const auto &path : {"none"s, "sub/none"s, "none/none"s, "index.html/"s, "index.html/x"s, "index.html\0"s, "\0"s,
                                 "sub/\0/page.txt"s, std::string(300, 'x'), std::string(5000, 'x')})
            QCOMPARE(contentBelow(*root, path), QByteArray("not found"));
    }

    void refusesDotSegmentsAndAbsolutePaths_data() { addResolverRows(); }
    void refusesDotSegmentsAndAbsolutePaths() {
        const auto root = newRoot(site());
        for (const char *path :
             {"..", "../secret.txt", "../site/index.html", "sub/..", "sub/../index.html", "sub/../../secret.txt", "./index.html",
              "sub/./page.txt", "sub/.", ".", "/", "/index.html", "//index.html", "sub/deep/../../../secret.txt"})
            QCOMPARE(contentBelow(*root, path), QByteArray("outside"));
    }

    void keepsNamesThatOnlyLookLikeDotSegments_data() { addResolverRows(); }
    void keepsNamesThatOnlyLookLikeDotSegments() {
        writeFile(site() + "/..a", "dots before");
        writeFile(site() + "/.hidden", "one dot");
        const auto root = newRoot(site());
        QCOMPARE(contentBelow(*root, "..a"), QByteArray("dots before"));
        QCOMPARE(contentBelow(*root, ".hidden"), QByteArray("one dot"));
        QCOMPARE(contentBelow(*root, "%2e%2e/secret.txt"), QByteArray("not found"));
    }

    void opensNamesOfOtherAlphabets_data() { addResolverRows(); }
    void opensNamesOfOtherAlphabets() {
        const QString name = QString::fromUtf8("\xC3\xA4 \xE6\x97\xA5\xE6\x9C\xAC \xF0\x9F\x90\xBE.txt");
        writeFile(site() + "/" + name, "paw");
        const auto root = newRoot(site());
        QCOMPARE(contentBelow(*root, name.toStdString()), QByteArray("paw"));
        const auto names = namesIn(*root, "");
        QVERIFY(std::find(names.begin(), names.end(), name.toStdString()) != names.end());
    }

    void listsFolders_data() { addResolverRows(); }
    void listsFolders() {
        const auto root = newRoot(site());
        QVERIFY((namesIn(*root, "") == std::vector<std::string>{"index.html", "sub/"}));
        QVERIFY((namesIn(*root, "sub") == std::vector<std::string>{"deep/", "page.txt"}));
        QVERIFY((namesIn(*root, "sub/") == std::vector<std::string>{"deep/", "page.txt"}));
        QVERIFY(QDir().mkpath(site() + "/empty"));
        QVERIFY(namesIn(*root, "empty").empty());
    }

    void listsWhatOpeningTells_data() { addResolverRows(); }
    void listsWhatOpeningTells() {
        const auto root = newRoot(site());
        const OpenOutcome folder = root->openBelow("sub");
        int entries = 0;
        QVERIFY(OpenState::Opened == root->list(folder.file, "sub", [&](FolderEntry &&entry) {
            ++entries;
            return root->openBelow("sub/" + entry.name).info == entry.info;
        }));
        QCOMPARE(entries, 2);
    }

    void listsAFolderAgainAndMoreThanOneBufferful_data() { addResolverRows(); }
    void listsAFolderAgainAndMoreThanOneBufferful() {
        QVERIFY(QDir().mkpath(site() + "/many"));
        for (int i = 0; i < 2000; ++i) writeFile(site() + QString("/many/a rather long name of a file %1").arg(i), "");
        const auto root = newRoot(site());
        const OpenOutcome folder = root->openBelow("many");
        for (int time = 0; time < 2; ++time) {
            std::vector<std::string> names;
            QVERIFY(OpenState::Opened == root->list(folder.file, "many", [&](FolderEntry &&entry) {
                names.push_back(entry.name);
                return true;
            }));
            std::sort(names.begin(), names.end());
            QVERIFY(std::unique(names.begin(), names.end()) == names.end());
            QCOMPARE(names.size(), std::size_t(2000));
        }
    }

    void stopsListingWhenAskedTo_data() { addResolverRows(); }
    void stopsListingWhenAskedTo() {
        const auto root = newRoot(site());
        const OpenOutcome folder = root->openBelow("sub");
        int entries = 0;
        QVERIFY(OpenState::Opened == root->list(folder.file, "sub", [&](FolderEntry &&) { return ++entries < 1; }));
        QCOMPARE(entries, 1);
    }

    void cannotListAFile_data() { addResolverRows(); }
    void cannotListAFile() {
        const auto root = newRoot(site());
        const OpenOutcome file = root->openBelow("index.html");
        QVERIFY(OpenState::Opened != root->list(file.file, "index.html", [](FolderEntry &&) { return true; }));
    }

    void isNotReachableOnceAnotherFolderTookItsPlace_data() { addResolverRows(); }
    void isNotReachableOnceAnotherFolderTookItsPlace() {
        const auto root = newRoot(site());
        QVERIFY(QDir().rename(site(), m_dir->filePath("moved")));
        QVERIFY(!root->isReachable());
        QVERIFY(QDir().mkpath(site()));
        QVERIFY(!root->isReachable());
        const auto renewed = newRoot(site());
        QVERIFY(renewed->isReachable());
        QCOMPARE(contentBelow(*renewed, "index.html"), QByteArray("not found"));
    }

    void opensARelativeFolderForGood_data() { addResolverRows(); }
    void opensARelativeFolderForGood() {
        const QString before = QDir::currentPath();
        QVERIFY(QDir::setCurrent(m_dir->path()));
        const auto root = newRoot("site");
        QVERIFY(QDir::setCurrent(before));
        QVERIFY(root->isReachable());
        QCOMPARE(contentBelow(*root, "sub/page.txt"), QByteArray("page"));
    }

    void saysWhichFolderCannotBeServedAndWhy_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("reason");
        QTest::newRow("missing") << "none"
                                 << "does not exist";
        QTest::newRow("file") << "secret.txt"
                              << "is not a folder";
        QTest::newRow("below a file") << "secret.txt/sub"
                                      << "";
    }
    void saysWhichFolderCannotBeServedAndWhy() {
        QFETCH(QString, name);
        QFETCH(QString, reason);
        const auto root = Root::open(m_dir->filePath(name).toStdString());
        QVERIFY(!root);
        const QString text = QString::fromStdString(root.failure().text);
        QVERIFY2(text.contains("'" + m_dir->filePath(name) + "'") && text.contains(reason) && !text.endsWith('.'),
                 qPrintable(text));
        QVERIFY(root.failure().code != 0);
    }

    void refusesAFolderWithoutAName() {
        QVERIFY(!Root::open(""));
        QVERIFY(!Root::open(std::string_view("a\0b", 3)));
    }
};

QTEST_GUILESS_MAIN(TestRoot)
#include "tst_root.moc"
