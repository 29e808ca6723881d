// Names and links that only Windows has.
#include "root_rows.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <algorithm>

#include "os/file_windows.h"

using namespace meerkat;
using namespace meerkat::os;

namespace {

void writeFile(const QString &path, const QByteArray &content) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

std::wstring native(const QString &path) { return QDir::toNativeSeparators(path).toStdWString(); }

}  // namespace

class TestRootWindows : public QObject {
    Q_OBJECT
  private:
    QTemporaryDir m_dir;
    std::unique_ptr<Root> m_root;
    QString site(const QString &name = {}) const { return m_dir.filePath("site") + (name.isEmpty() ? "" : "/" + name); }

  private slots:
    void initTestCase() {
        QVERIFY(QDir().mkpath(site("sub")));
        writeFile(m_dir.filePath("secret.txt"), "secret");
        writeFile(site("index.html"), "home");
        writeFile(site("a very long name.html"), "long");
        writeFile(site("sub/page.txt"), "page");
        m_root = std::move(*Root::open(site().toStdString()));
    }

    void opensNamesInAnyCase() {
        QCOMPARE(contentBelow(*m_root, "INDEX.html"), QByteArray("home"));
        QCOMPARE(contentBelow(*m_root, "Sub/PAGE.txt"), QByteArray("page"));
    }

    void findsNothingByNamesThatMeanSomethingElse() {
        for (const char *path : {"index.html.",
                                 "index.html ",
                                 "index.html::$DATA",
                                 "index.html:stream",
                                 "sub\\page.txt",
                                 "..\\secret.txt",
                                 "sub\\..\\index.html",
                                 "sub/..\\..\\secret.txt",
                                 "C:\\windows\\win.ini",
                                 "C:",
                                 "NUL",
                                 "nul.txt",
                                 "con",
                                 "COM1",
                                 "aux.html",
                                 "index.htm?",
                                 "index.*",
                                 "inde<",
                                 "sub./page.txt",
                                 "sub /page.txt",
                                 "sub::$INDEX_ALLOCATION/page.txt",
                                 "\xFF\xFE",
                                 "\\\\?\\C:\\windows\\win.ini"}) {
            QCOMPARE(contentBelow(*m_root, path), QByteArray("not found"));
            QVERIFY2(agreesWithLook(*m_root, path), path);
        }
    }

    void findsNothingByShortNames() {
        wchar_t shortPath[MAX_PATH] = {};
        QVERIFY(GetShortPathNameW(native(site("a very long name.html")).c_str(), shortPath, MAX_PATH) != 0);
        const QString shortName = QString::fromWCharArray(shortPath).section('\\', -1);
        // A volume may have been told to keep none.
        const bool hasShortName = shortName != "a very long name.html";
        QCOMPARE(contentBelow(*m_root, shortName.toStdString()), QByteArray(hasShortName ? "not found" : "long"));
        writeFile(site("real~1.txt"), "a tilde of its own");
        QCOMPARE(contentBelow(*m_root, "real~1.txt"), QByteArray("a tilde of its own"));
        QCOMPARE(contentBelow(*m_root, "REAL~1.TXT"), QByteArray("a tilde of its own"));
    }

    void opensPathsLongerThanTheOldLimit() {
        std::wstring path = L"\\\\?\\" + native(site());
        std::string relative;
        for (int i = 0; i < 12; ++i) {
            path += L"\\a folder with a name of thirty";
            relative += "a folder with a name of thirty/";
            QVERIFY(CreateDirectoryW(path.c_str(), nullptr));
        }
        const std::wstring file = path + L"\\leaf.txt";
        const HANDLE made = CreateFileW(file.c_str(), GENERIC_WRITE, FILE_SHARE_READ, nullptr, CREATE_NEW, 0, nullptr);
        QVERIFY(made != INVALID_HANDLE_VALUE);
        const File owner(reinterpret_cast<std::intptr_t>(made));
        DWORD written = 0;
        QVERIFY(WriteFile(made, "leaf", 4, &written, nullptr));
        // Wine does not tell where such a file lies; what is not told to lie inside is not served.
        const bool isTold = GetFinalPathNameByHandleW(made, nullptr, 0, 0) != 0;
        QCOMPARE(contentBelow(*m_root, relative + "leaf.txt"), QByteArray(isTold ? "leaf" : "outside"));
        if (!isTold) return;
        QVERIFY(namesIn(*m_root, relative) == std::vector<std::string>{"leaf.txt"});
        const auto deep = Root::open(site().toStdString() + "/" + relative);
        QVERIFY(static_cast<bool>(deep));
        QCOMPARE(contentBelow(**deep, "leaf.txt"), QByteArray("leaf"));
    }

    void servesAFolderHoweverItIsWritten() {
        const QString native = QDir::toNativeSeparators(site());
        for (const QString &written : {native, native + "\\", site() + "/", site().toUpper(), site() + "/sub/.."}) {
            const auto root = Root::open(written.toStdString());
            QVERIFY2(static_cast<bool>(root), qPrintable(written));
            QCOMPARE(contentBelow(**root, "sub/page.txt"), QByteArray("page"));
        }
    }

    void servesAWholeDrive() {
        const auto root = Root::open("C:/");
        QVERIFY(static_cast<bool>(root));
        QCOMPARE(contentBelow(**root, "windows"), QByteArray("a folder"));
        QCOMPARE(contentBelow(**root, ""), QByteArray("a folder"));
    }

    void letsOthersDeleteWhatItHasOpen() {
        writeFile(site("gone.txt"), "soon gone");
        const OpenOutcome outcome = m_root->openBelow("gone.txt");
        QVERIFY(QFile::remove(site("gone.txt")));
        QCOMPARE(contentOf(outcome.file), QByteArray("soon gone"));
    }

    // Wine makes no links; where they are made, they must not lead out.
    void followsLinksInsideOnly() {
        const auto make = [&](const QString &target, const QString &name, DWORD kind) {
            CreateSymbolicLinkW(native(site(name)).c_str(), native(target).c_str(),
                                kind | SYMBOLIC_LINK_FLAG_ALLOW_UNPRIVILEGED_CREATE);
            const DWORD attributes = GetFileAttributesW(native(site(name)).c_str());
            return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
        };
        const bool hasOutside = make("../secret.txt", "outside.txt", 0);
        QCOMPARE(contentBelow(*m_root, "outside.txt"), QByteArray(hasOutside ? "outside" : "not found"));
        const bool hasInside = make("index.html", "inside.html", 0);
        QCOMPARE(contentBelow(*m_root, "inside.html"), QByteArray(hasInside ? "home" : "not found"));
        const bool hasFolder = make(m_dir.path(), "up", SYMBOLIC_LINK_FLAG_DIRECTORY);
        QCOMPARE(contentBelow(*m_root, "up/secret.txt"), QByteArray(hasFolder ? "outside" : "not found"));
        const auto names = namesIn(*m_root, "");
        QVERIFY(std::find(names.begin(), names.end(), "outside.txt") == names.end());
        QVERIFY(std::find(names.begin(), names.end(), "up/") == names.end());
    }
};

QTEST_GUILESS_MAIN(TestRootWindows)
#include "tst_root_windows.moc"
