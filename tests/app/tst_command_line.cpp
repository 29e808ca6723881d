// What a person types and what stands in a config file: accepted first, then refused with the exact sentence.
#include "app/command_line.h"

#include <mongoose.h>

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

#include <system_error>
#ifdef Q_OS_UNIX
#include "support/without_privileges_posix.h"

#include <sys/stat.h>
#endif

using namespace meerkat::app;

namespace {

std::vector<std::string> wordsOf(const QStringList &arguments) {
    std::vector<std::string> words;
    for (const QString &argument : arguments) words.push_back(argument.toStdString());
    return words;
}

// "name=value" each, sorted.
QStringList listOf(const Settings &settings) {
    QStringList list;
    for (const Setting &setting : settings) list.append(QString::fromStdString(setting.name + "=" + setting.value));
    list.sort();
    return list;
}

}  // namespace

class TestCommandLine : public QObject {
    Q_OBJECT

  private slots:
    void accepts_data();
    void accepts();
    void acceptsTasks();
    void acceptsAPasswordEdit();
    void acceptsConfigLines_data();
    void acceptsConfigLines();
    void remembersWhereASettingStands();
    void readsTheConfigBesideTheProgram();
    void prefersTheCommandLineToTheFile();
    void prefersANamedConfigToTheOneBesideTheProgram();
    void readsPathsInAFileFromItsFolder();
    void refuses_data();
    void refuses();
    void refusesConfigLines_data();
    void refusesConfigLines();
    void refusesAnUnreadableConfig();
    void helpsWithEveryOption();
    void tellsItsVersion();

    void initTestCase();
    void init();

  private:
    void write(const QString &name, const QByteArray &text) const;
    QString in(const QString &name) const { return m_folder->filePath(name); }
    ConsoleTask parse(const QStringList &arguments) const {
        return parseCommandLine(wordsOf(arguments), in("program").toStdString());
    }

    QString m_start;
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestCommandLine::initTestCase() { m_start = QDir::currentPath(); }

// A folder with a site, and the current folder in it. "program" is where meerkatd would stand.
void TestCommandLine::init() {
    QVERIFY(QDir::setCurrent(m_start));
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    QVERIFY(QDir(m_folder->path()).mkpath("site/pictures"));
    QVERIFY(QDir(m_folder->path()).mkpath("program"));
    QVERIFY(QDir::setCurrent(m_folder->path()));
}

void TestCommandLine::write(const QString &name, const QByteArray &text) const {
    QFile file(in(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(text), text.size());
}

void TestCommandLine::accepts_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QStringList>("expected");  // HERE stands for the current folder
    QTest::newRow("nothing") << QStringList{} << QStringList{"document_root=HERE", "listening_port=8080"};
    QTest::newRow("a folder") << QStringList{"site"} << QStringList{"document_root=HERE/site", "listening_port=8080"};
    QTest::newRow("a folder with a slash") << QStringList{"site/"}
                                           << QStringList{"document_root=HERE/site", "listening_port=8080"};
    QTest::newRow("a root with slashes") << QStringList{"-document_root", "/no/where//"}
                                         << QStringList{"document_root=/no/where", "listening_port=8080"};
    QTest::newRow("the root of all") << QStringList{"/"} << QStringList{"document_root=/", "listening_port=8080"};
    QTest::newRow("the folder above") << QStringList{"site/pictures/.."}
                                      << QStringList{"document_root=HERE/site", "listening_port=8080"};
    QTest::newRow("a port") << QStringList{"-listening_port", "9000"} << QStringList{"document_root=HERE", "listening_port=9000"};
    QTest::newRow("a root and a port") << QStringList{"-document_root", "site", "-listening_port", "127.0.0.1:0"}
                                       << QStringList{"document_root=HERE/site", "listening_port=127.0.0.1:0"};
    QTest::newRow("a folder, then options") << QStringList{"site", "-index_files", "a.html"}
                                            << QStringList{"document_root=HERE/site", "index_files=a.html",
                                                           "listening_port=8080"};
    QTest::newRow("options, then a folder") << QStringList{"-index_files", "a.html", "site"}
                                            << QStringList{"document_root=HERE/site", "index_files=a.html",
                                                           "listening_port=8080"};
    QTest::newRow("the last of two words for one option")
        << QStringList{"-listening_port", "1", "-listening_port", "2"} << QStringList{"document_root=HERE", "listening_port=2"};
    QTest::newRow("an empty value unsets") << QStringList{"-document_root", "", "-index_files", ""}
                                           << QStringList{"document_root=", "index_files=", "listening_port=8080"};
    QTest::newRow("a value that begins with a minus")
        << QStringList{"-index_files", "-a"} << QStringList{"document_root=HERE", "index_files=-a", "listening_port=8080"};
    QTest::newRow("a path of an option is relative to the current folder")
        << QStringList{"-access_log_file", "log"}
        << QStringList{"access_log_file=HERE/log", "document_root=HERE", "listening_port=8080"};
}

void TestCommandLine::accepts() {
    QFETCH(QStringList, arguments);
    QFETCH(QStringList, expected);
    const ConsoleTask task = parse(arguments);
    const auto *refusal = std::get_if<Refusal>(&task);
    QVERIFY2(!refusal, refusal ? refusal->sentence.c_str() : "");
    expected.replaceInStrings("HERE", QDir::currentPath());
    QCOMPARE(listOf(*std::get_if<Settings>(&task)), expected);
}

void TestCommandLine::acceptsTasks() {
    QVERIFY(std::holds_alternative<ShowHelp>(parse({"--help"})));
    QVERIFY(std::holds_alternative<ShowVersion>(parse({"--version"})));
    QVERIFY(std::holds_alternative<ShowHelp>(parse({"-h"})));
    QVERIFY(std::holds_alternative<ShowHelp>(parse({"site", "--help"})));
    QVERIFY(std::holds_alternative<ShowHelp>(parse({"-no_such_option", "-h"})));
    QVERIFY(std::holds_alternative<Settings>(parse({"-index_files", "--help"})));
    QVERIFY(std::holds_alternative<PasswordEdit>(parse({"-A", "file", "realm", "ana", "--help"})));
}

void TestCommandLine::acceptsAPasswordEdit() {
    const ConsoleTask asked = parse({"-A", "file", "realm", "ana"});
    const auto *edit = std::get_if<PasswordEdit>(&asked);
    QVERIFY(edit);
    QCOMPARE(edit->file, std::string("file"));
    QCOMPARE(edit->realm, std::string("realm"));
    QCOMPARE(edit->user, std::string("ana"));
    QVERIFY(!edit->password);
    const ConsoleTask given = parse({"-A", "file", "realm", "ana", ""});
    QCOMPARE(std::get_if<PasswordEdit>(&given)->password, std::optional<std::string>(""));
}

void TestCommandLine::acceptsConfigLines_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QStringList>("expected");
    QTest::newRow("empty") << QByteArray() << QStringList{};
    QTest::newRow("one line") << QByteArray("listening_port 9000\n") << QStringList{"listening_port=9000"};
    QTest::newRow("without a line break at the end") << QByteArray("listening_port 9000") << QStringList{"listening_port=9000"};
    QTest::newRow("line ends of Windows") << QByteArray("listening_port 9000\r\nindex_files a\r\n")
                                          << QStringList{"index_files=a", "listening_port=9000"};
    QTest::newRow("a byte order mark") << QByteArray("\xEF\xBB\xBFlistening_port 9000") << QStringList{"listening_port=9000"};
    QTest::newRow("blanks around") << QByteArray("  listening_port \t 9000  \n") << QStringList{"listening_port=9000"};
    QTest::newRow("blanks inside a value") << QByteArray("index_files a b.html\n") << QStringList{"index_files=a b.html"};
    QTest::newRow("comments and empty lines")
        << QByteArray("# a\n\n   \n  # b\nlistening_port 1\n#index_files x\n") << QStringList{"listening_port=1"};
    QTest::newRow("a number sign in a value") << QByteArray("index_files a#b\n") << QStringList{"index_files=a#b"};
    QTest::newRow("a name without a value unsets") << QByteArray("index_files\n") << QStringList{"index_files="};
    QTest::newRow("blanks as value unset too")
        << QByteArray("listening_port 1\nindex_files \t \r\n") << QStringList{"index_files=", "listening_port=1"};
    QTest::newRow("an empty path stays empty") << QByteArray("document_root\n") << QStringList{"document_root="};
    QTest::newRow("an absolute path") << QByteArray("document_root /srv\n") << QStringList{"document_root=/srv"};
    QTest::newRow("paths inside of rewrites")
        << QByteArray("url_rewrites /a=x/y, @h=../z,404=/e,/o=301:/n,/b=/abs\n")
        << QStringList{"url_rewrites=/a=/etc/meerkat/x/y, @h=/etc/z,404=/e,/o=301:/n,/b=/abs"};
    QTest::newRow("a relative path") << QByteArray("document_root ../site\n") << QStringList{"document_root=/etc/site"};
}

void TestCommandLine::acceptsConfigLines() {
    QFETCH(QByteArray, text);
    const auto outcome = parseConfig(text.toStdString(), "/etc/meerkat/a.conf");
    const auto *refusal = std::get_if<Refusal>(&outcome);
    QVERIFY2(!refusal, refusal ? refusal->sentence.c_str() : "");
    QTEST(listOf(*std::get_if<Settings>(&outcome)), "expected");
}

void TestCommandLine::remembersWhereASettingStands() {
    const auto outcome = parseConfig("\n# x\nlistening_port 1\n", "a.conf");
    QCOMPARE(std::get_if<Settings>(&outcome)->front().origin, std::string("a.conf:3: "));
    const ConsoleTask typed = parse({"-listening_port", "1"});
    for (const Setting &setting : *std::get_if<Settings>(&typed)) QVERIFY(setting.origin.empty());
}

void TestCommandLine::readsTheConfigBesideTheProgram() {
    write("program/mongoose.conf", "listening_port 9000\n");
    const ConsoleTask alone = parse({});
    QVERIFY(listOf(*std::get_if<Settings>(&alone)).contains("listening_port=9000"));
    const ConsoleTask withFolder = parse({"site"});
    QVERIFY(listOf(*std::get_if<Settings>(&withFolder)).contains("listening_port=9000"));
}

void TestCommandLine::prefersTheCommandLineToTheFile() {
    write("a.conf", "listening_port 9000\nindex_files a\n");
    const ConsoleTask task = parse({"a.conf", "-listening_port", "9001"});
    const QStringList settings = listOf(*std::get_if<Settings>(&task));
    QVERIFY(settings.contains("listening_port=9001"));
    QVERIFY(!settings.contains("listening_port=9000"));
    QVERIFY(settings.contains("index_files=a"));
}

void TestCommandLine::prefersANamedConfigToTheOneBesideTheProgram() {
    write("program/mongoose.conf", "nonsense\n");
    write("a.conf", "listening_port 9000\n");
    const ConsoleTask task = parse({"a.conf"});
    QVERIFY(std::holds_alternative<Settings>(task));
}

void TestCommandLine::readsPathsInAFileFromItsFolder() {
    write("site/a.conf", "document_root pictures\naccess_log_file log.txt\n");
    const ConsoleTask task = parse({"site/a.conf"});
    const QStringList settings = listOf(*std::get_if<Settings>(&task));
    QVERIFY2(settings.contains("document_root=" + QDir::current().filePath("site/pictures")), qPrintable(settings.join(' ')));
    QVERIFY(settings.contains("access_log_file=" + QDir::current().filePath("site/log.txt")));
}

void TestCommandLine::refuses_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("a folder that is not there") << QStringList{"nowhere"} << "there is no folder or config file nowhere";
    QTest::newRow("an empty name") << QStringList{""} << "there is no folder or config file ";
#ifndef Q_OS_WIN
    QTest::newRow("a device") << QStringList{"/dev/null"} << "/dev/null is neither a folder nor a config file";
    const std::string tooLong = std::make_error_code(std::errc::filename_too_long).message();
    QTest::newRow("a name longer than any") << QStringList{QString(300, 'x')}
                                            << QString(300, 'x') + " can't be opened: " + QString::fromStdString(tooLong);
#endif
    QTest::newRow("two folders") << QStringList{"site", "program"} << "one folder or config file is enough: site or program";
    QTest::newRow("a folder and a root") << QStringList{"site", "-document_root", "."}
                                         << "the folder is named twice: site and -document_root";
    QTest::newRow("an unknown option") << QStringList{"-document_rot", "site"}
                                       << "there is no option -document_rot; meerkatd --help lists them";
    QTest::newRow("two dashes") << QStringList{"--listening_port", "1"}
                                << "there is no option --listening_port; meerkatd --help lists them";
    QTest::newRow("a dash alone") << QStringList{"-"} << "there is no option -; meerkatd --help lists them";
    QTest::newRow("no value") << QStringList{"-listening_port"} << "-listening_port needs a value";
    QTest::newRow("more than the version") << QStringList{"--version", "extra"}
                                           << "--version takes nothing else, and there is extra";
    QTest::newRow("the version in between") << QStringList{"site", "--version"}
                                            << "--version stands first; meerkatd --help tells more";
    QTest::newRow("a password edit in between")
        << QStringList{"site", "-A", "file", "realm", "ana"} << "-A stands first; meerkatd --help tells more";
    QTest::newRow("a password edit without a user")
        << QStringList{"-A", "file", "realm"} << "-A is followed by FILE REALM USER and perhaps PASSWORD";
    QTest::newRow("a password edit with more")
        << QStringList{"-A", "file", "realm", "ana", "pw", "x"} << "-A is followed by FILE REALM USER and perhaps PASSWORD";
}

void TestCommandLine::refuses() {
    QFETCH(QStringList, arguments);
    const ConsoleTask task = parse(arguments);
    const auto *refusal = std::get_if<Refusal>(&task);
    QVERIFY(refusal);
    QTEST(QString::fromStdString(refusal->sentence), "sentence");
}

void TestCommandLine::refusesConfigLines_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("an unknown name") << QByteArray("# x\nport 9000\n")
                                     << "a.conf:2: there is no option port; meerkatd --help lists them";
    QTest::newRow("a name with a dash") << QByteArray("-listening_port 9000\n")
                                        << "a.conf:1: there is no option -listening_port; meerkatd --help lists them";
    QTest::newRow("an option twice") << QByteArray("listening_port 1\n# x\nindex_files a\nlistening_port 2\n")
                                     << "a.conf:4: listening_port is already set at a.conf:1; only one of the two can count";
    QTest::newRow("an option twice with the same value")
        << QByteArray("index_files a\nindex_files a\n")
        << "a.conf:2: index_files is already set at a.conf:1; only one of the two can count";
    QTest::newRow("an equals sign") << QByteArray("listening_port=9000\n")
                                    << "a.conf:1: there is no option listening_port=9000; meerkatd --help lists them";
    QTest::newRow("bytes that are no text") << QByteArray("listening_port 1\nindex_files a\0b\n", 33)
                                            << "a.conf:2: this is no line of text";
}

void TestCommandLine::refusesConfigLines() {
    QFETCH(QByteArray, text);
    const auto outcome = parseConfig(text.toStdString(), "a.conf");
    const auto *refusal = std::get_if<Refusal>(&outcome);
    QVERIFY(refusal);
    QTEST(QString::fromStdString(refusal->sentence), "sentence");
}

void TestCommandLine::refusesAnUnreadableConfig() {
    write("large.conf", QByteArray((1 << 20) + 1, '#'));
    const ConsoleTask task = parse({"large.conf"});
    QCOMPARE(std::get_if<Refusal>(&task)->sentence, std::string("large.conf is no config file: it has more than 1 MiB"));
#ifdef Q_OS_UNIX
    write("mine.conf", "index_files a\n");
    QVERIFY(QFile::setPermissions(in("mine.conf"), {}));
    QVERIFY(chmod(in("").toUtf8().constData(), 0755) == 0);
    const WithoutPrivileges ordinary;
    const ConsoleTask unreadable = parse({"mine.conf"});
    QCOMPARE(std::get_if<Refusal>(&unreadable)->sentence,
             std::string("mine.conf: the config file can't be read: Permission denied"));
#endif
}

void TestCommandLine::helpsWithEveryOption() {
    const std::string help = helpText();
    for (const char **pair = mg_get_valid_option_names(); *pair; pair += 2) {
        const std::string line = mg_get_option_info(pair[0])->help;
        QVERIFY2(help.find(std::string("\n  -") + pair[0] + " ") != std::string::npos, pair[0]);
        QVERIFY2(help.find("      " + line + "\n") != std::string::npos, pair[0]);
    }
    for (const char *part : {"  -idle_timeout_ms NUMBER of ms   default: 30000\n", "  -document_root FOLDER   default: .\n",
                             "  -websocket_events message|frame   default: message\n", "\nFolder\n", "FOLDER", "CONFIG_FILE"})
        QVERIFY2(help.find(part) != std::string::npos, part);
}

void TestCommandLine::tellsItsVersion() { QVERIFY(QString::fromStdString(versionText()).startsWith("meerkatd ")); }

QTEST_GUILESS_MAIN(TestCommandLine)
#include "tst_command_line.moc"
