#include "scripts/ssi_page.h"
#include "support/temporary_site.h"

#include <QElapsedTimer>
#include <QtTest>

using namespace meerkat;
using namespace meerkat::scripts;
using namespace meerkat::test;

namespace {

const QByteArray kError = "[an error occurred while processing this directive]";
const QDateTime kLongAgo(QDate(1994, 11, 6), QTime(8, 49, 37), Qt::UTC);

// The folder of a test; names that begin with "hidden" are not there for visitors.
class SiteFiles final : public SsiFiles {
  public:
    explicit SiteFiles(const TemporarySite &site) : m_root(std::move(*os::Root::open(site.path().toStdString()))) {}

    os::OpenOutcome open(std::string_view path) override {
        if (path.find("hidden") != std::string_view::npos) return {os::OpenState::NotFound};
        return m_root->openBelow(path.substr(1));
    }
    bool isPage(std::string_view path) const override { return path.ends_with(".shtml"); }

  private:
    std::unique_ptr<os::Root> m_root;
};

}  // namespace

class TestSsiPage : public QObject {
    Q_OBJECT

  private slots:
    void init();
    void makesAPage_data();
    void makesAPage();
    void includesPagesWithTheirOwnCommands();
    void writesTimesAsTold();
    void givesTheIncludersConfigButTakesNoneBack();
    void printsAllVariablesSafely();
    void tellsWhatIsWrong_data();
    void tellsWhatIsWrong();
    void endsAPageThatIncludesItself();
    void refusesAPageThatGrowsWithoutEnd_data();
    void refusesAPageThatGrowsWithoutEnd();

  private:
    SsiOutcome outcomeOf(const QByteArray &text);
    QByteArray made(const QByteArray &text) { return QByteArray::fromStdString(outcomeOf(text).text); }

    std::unique_ptr<TemporarySite> m_site;
};

void TestSsiPage::init() {
    m_site = std::make_unique<TemporarySite>();
    m_site->write("plain.html", "<b>plain</b>");
    m_site->write("dir/part.html", "part of dir");
    m_site->write("dir/inner.shtml", "(<!--#include file=\"part.html\" --> <!--#echo var=\"DOCUMENT_NAME\" -->)");
    m_site->write("dir/top.html", "top of dir");
    m_site->write("k 2&.txt", QByteArray(2048, 'x'));
    m_site->write("hidden.html", "nobody's business");
    m_site->makeFolder("empty");
}

SsiOutcome TestSsiPage::outcomeOf(const QByteArray &text) {
    m_site->write("dir/page.shtml", text);
    m_site->setModified("dir/page.shtml", kLongAgo);
    SiteFiles files(*m_site);
    const SsiRequest request{{"QUERY_STRING", "a=<b>&c='d'"}, {"REMOTE_ADDR", "127.0.0.1"}};
    const auto opened = files.open("/dir/page.shtml");
    return SsiPage(files, request, 1'000'000'000).make("/dir/page.shtml", opened.file, opened.info);
}

void TestSsiPage::makesAPage_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("page");
    const auto row = [](const char *words, const QByteArray &text, const QByteArray &page) {
        QTest::newRow(words) << text << page;
    };
    row("nothing", "", "");
    row("text", "a <!-- b --> c", "a <!-- b --> c");
    row("include by address", "<!--#include virtual=\"/plain.html\" -->", "<b>plain</b>");
    row("include by relative address", "<!--#include virtual=\"../plain.html?a=b\" -->", "<b>plain</b>");
    row("include by name", "<!--#include file=\"part.html\" -->", "part of dir");
    row("several includes", "<!--#include file='part.html' virtual='/plain.html' -->", "part of dir<b>plain</b>");
    row("include by variable", "<!--#set var='f' value='part' --><!--#include file='${f}.html' -->", "part of dir");
    row("echo", "<!--#echo var='REMOTE_ADDR' -->", "127.0.0.1");
    row("echo is safe in HTML", "<!--#echo var='QUERY_STRING' -->", "a=&lt;b&gt;&amp;c=&#39;d&#39;");
    row("echo as it is", "<!--#echo encoding='none' var='QUERY_STRING' -->", "a=<b>&c='d'");
    row("echo for addresses", "<!--#echo encoding='url' var='QUERY_STRING' -->", "a%3D%3Cb%3E%26c%3D%27d%27");
    row("echo of nothing", "<!--#echo var='NOTHING' -->", "(none)");
    row("echo of nothing as told", "<!--#config echomsg='-' --><!--#echo var='NOTHING' -->", "-");
    row("names of the page", "<!--#echo var='DOCUMENT_NAME' var='DOCUMENT_URI' -->", "page.shtml/dir/page.shtml");
    row("set", "<!--#set var='a' value='1' --><!--#set var='a' value='$a, ${a}2' --><!--#echo var='a' -->", "1, 12");
    row("size", "<!--#fsize virtual='/k%202%26.txt' -->", "2K");
    row("size in bytes", "<!--#config sizefmt='bytes' --><!--#fsize virtual='/k%202%26.txt' -->", "2,048");
    row("if", "<!--#if expr='a = a' -->yes<!--#else -->no<!--#endif -->.", "yes.");
    row("else", "<!--#if expr='a = b' -->yes<!--#else -->no<!--#endif -->.", "no.");
    row("the first that is true",
        "<!--#if expr=\"''\" -->1<!--#elif expr='a' -->2<!--#elif expr='a' -->3<!--#else -->4<!--#endif -->", "2");
    row("if in if", "<!--#if expr='a' -->1<!--#if expr=\"''\" -->2<!--#else -->3<!--#endif -->4<!--#endif -->", "134");
    row("nothing is done where nothing is shown",
        "<!--#set var='a' value='1' --><!--#if expr=\"''\" --><!--#set var='a' value='2' --><!--#nonsense --><!--#if expr='a' "
        "-->x<!--#else -->y"
        "<!--#endif --><!--#elif expr=\"''\" -->z<!--#endif --><!--#echo var='a' -->",
        "1");
    row("other error message", "<!--#config errmsg='<i>oh</i>' --><!--#nonsense -->", "<i>oh</i>");
}

void TestSsiPage::makesAPage() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, page);
    QCOMPARE(made(text), page);
    QCOMPARE(made("(" + text + ")"), "(" + page + ")");
}

void TestSsiPage::includesPagesWithTheirOwnCommands() {
    QCOMPARE(made("<!--#include virtual='inner.shtml' -->"), QByteArray("(part of dir page.shtml)"));
    m_site->write("dir/sets.shtml", "<!--#set var='a' value='b' -->");
    QCOMPARE(made("<!--#include virtual='sets.shtml' --><!--#echo var='a' -->"), QByteArray("b"));
    m_site->write("dir/source.html", "<!--#echo var='a' -->");
    QCOMPARE(made("<!--#include virtual='source.html' -->"), QByteArray("<!--#echo var='a' -->"));
}

void TestSsiPage::writesTimesAsTold() {
    QCOMPARE(made("<!--#config timefmt='%Y-%m-%d %H:%M:%S' --><!--#echo var='DATE_GMT' -->"), QByteArray("2001-09-09 01:46:40"));
    const QByteArray local = kLongAgo.toLocalTime().toString("yyyy-MM-dd HH:mm").toUtf8();
    const QByteArray format = "<!--#config timefmt='%Y-%m-%d %H:%M' -->";
    QCOMPARE(made(format + "<!--#echo var='LAST_MODIFIED' -->"), local);
    QCOMPARE(made(format + "<!--#flastmod file='page.shtml' -->"), local);
}

void TestSsiPage::givesTheIncludersConfigButTakesNoneBack() {
    m_site->write("dir/told.shtml",
                  "<!--#echo var='DATE_GMT' --><!--#config timefmt='%m' errmsg='inner' --><!--#echo var='DATE_GMT' -->");
    QCOMPARE(made("<!--#config timefmt='%Y' --><!--#include file='told.shtml' --><!--#echo var='DATE_GMT' --><!--#nonsense -->"),
             "2001"
             "09"
             "2001" +
                 kError);
}

void TestSsiPage::printsAllVariablesSafely() {
    const QByteArray page = made("<!--#set var='<x>' value='&' --><!--#printenv -->");
    QVERIFY(page.contains("\nQUERY_STRING=a=&lt;b&gt;&amp;c=&#39;d&#39;\n"));
    QVERIFY(page.contains("DATE_GMT="));
    QVERIFY(page.contains("&lt;x&gt;=&amp;\n"));
    QVERIFY(!page.contains(m_site->path().toUtf8()));
}

void TestSsiPage::tellsWhatIsWrong_data() {
    QTest::addColumn<QByteArray>("command");
    for (const char *command : {"nonsense",
                                "exec cmd='id'",
                                "exec cgi='/a.cgi'",
                                "include",
                                "include file=''",
                                "include file='nothing.html'",
                                "include file='../plain.html'",
                                "include file='/plain.html'",
                                "include file='./part.html'",
                                "include file='..\\plain.html'",
                                "include virtual='/../../etc/passwd'",
                                "include virtual='../../plain.html'",
                                "include virtual='/%2e%2e/%2e%2e/etc/passwd'",
                                "include virtual='/hidden.html'",
                                "include virtual='/empty'",
                                "include virtual='/empty/'",
                                "include virtual='/%zz'",
                                "include virtual='/plain.html%00'",
                                "include path='part.html'",
                                "fsize file='nothing'",
                                "fsize virtual='/hidden.html'",
                                "fsize virtual='/empty'",
                                "flastmod",
                                "flastmod virtual='/nothing'",
                                "echo",
                                "echo encoding='none'",
                                "echo encoding='rot13' var='a'",
                                "echo name='a'",
                                "set var='a'",
                                "set value='a'",
                                "set value='a' var='b'",
                                "set var='' value='b'",
                                "config",
                                "config sizefmt='other'",
                                "config other='a'",
                                "printenv a='b'",
                                "else",
                                "endif",
                                "elif expr='a'",
                                "if expr='a'",
                                "echo var='a"})
        QTest::newRow(command) << QByteArray("<!--#") + command + " -->";
    QTest::newRow("a long time format") << QByteArray("<!--#config timefmt='") + QByteArray(257, 'x') + "' -->";
    QTest::newRow("two else") << QByteArray("<!--#if expr='a' --><!--#else --><!--#else -->lost<!--#endif -->");
    QTest::newRow("a broken condition") << QByteArray("<!--#if expr='(' -->lost<!--#else -->lost<!--#endif -->");
    QTest::newRow("a broken other condition")
        << QByteArray("<!--#if expr=\"''\" -->lost<!--#elif expr='(' -->lost<!--#else -->lost<!--#endif -->");
}

void TestSsiPage::tellsWhatIsWrong() {
    QFETCH(QByteArray, command);
    QCOMPARE(made("a" + command).replace(kError, "!"), QByteArray("a!"));
}

void TestSsiPage::endsAPageThatIncludesItself() {
    const QByteArray page = made("x<!--#include file='page.shtml' -->");
    QCOMPARE(page, QByteArray(SsiPage::kDeepestInclude + 1, 'x') + kError);
}

void TestSsiPage::refusesAPageThatGrowsWithoutEnd_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("includes") << QByteArray("<!--#include file='page.shtml' -->").repeated(100);
    QTest::newRow("a large file") << QByteArray("<!--#include virtual='/large.html' -->").repeated(9);
    QTest::newRow("a file larger than all") << QByteArray("<!--#include virtual='/larger.html' -->");
    QTest::newRow("variables that double") << QByteArray("<!--#set var='a' value='xxxxxxxx' -->") +
                                                  QByteArray("<!--#set var='a' value='$a$a' -->").repeated(12) +
                                                  QByteArray("<!--#set var='$a' value='$a' -->").repeated(1000);
    QTest::newRow("texts that are too long") << QByteArray("<!--#set var='a' value='xxxxxxxx' -->") +
                                                    QByteArray("<!--#set var='a' value='$a$a' -->").repeated(12) +
                                                    QByteArray("<!--#set var='b' value='$a$a' -->").repeated(1000);
    QTest::newRow("patterns") << QByteArray("<!--#set var='a' value='aaaaaaaa' -->") +
                                     QByteArray("<!--#set var='a' value='$a$a' -->").repeated(11) +
                                     QByteArray("<!--#if expr='$a = /(a|a)*(a|a)*(a|a)*b/' --><!--#endif -->").repeated(1000);
    QTest::newRow("small commands") << QByteArray("<!--#printenv -->").repeated(300'000);
}

void TestSsiPage::refusesAPageThatGrowsWithoutEnd() {
    QFETCH(QByteArray, text);
    m_site->writeSparse("large.html", 2 << 20, "end");
    m_site->writeSparse("larger.html", 1LL << 40, "end");
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(outcomeOf(text).state, SsiState::TooLarge);
    QVERIFY(timer.elapsed() < 60'000);
}

QTEST_GUILESS_MAIN(TestSsiPage)
#include "tst_ssi_page.moc"
