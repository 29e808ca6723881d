#include "scripts/ssi_parser.h"

#include <QElapsedTimer>
#include <QtTest>

using namespace meerkat::scripts;

namespace {

// "text" -> T[text], a command -> C[name a=b;c=d], a broken one -> B; one after the other.
QByteArray piecesOf(std::string_view page) {
    QByteArray all;
    while (!page.empty()) {
        const SsiPiece piece = nextPiece(page);
        if (piece.consumed == 0 || piece.consumed > page.size()) return "consumes nothing, or more than there is";
        page.remove_prefix(piece.consumed);
        if (piece.kind == SsiPieceKind::Broken) all += 'B';
        if (piece.kind == SsiPieceKind::Text)
            all += "T[" + QByteArray(piece.text.data(), static_cast<int>(piece.text.size())) + ']';
        if (piece.kind != SsiPieceKind::Command) continue;
        QByteArrayList attributes;
        for (const auto &each : piece.attributes) attributes += QByteArray::fromStdString(each.name + '=' + each.value);
        all += "C[" + QByteArray::fromStdString(piece.command) + (attributes.isEmpty() ? "" : " ") + attributes.join(';') + ']';
    }
    return all;
}

}  // namespace

class TestSsiParser : public QObject {
    Q_OBJECT

  private slots:
    void takesAPageApart_data();
    void takesAPageApart();
    void usesEachByteOnceWhereverAPageEnds_data() { takesAPageApart_data(); }
    void usesEachByteOnceWhereverAPageEnds();
    void marksBrokenCommands_data();
    void marksBrokenCommands();
    void staysQuickWithManyOpenings();
};

void TestSsiParser::takesAPageApart_data() {
    QTest::addColumn<QByteArray>("page");
    QTest::addColumn<QByteArray>("pieces");
    const auto row = [](const char *words, const QByteArray &page, const QByteArray &pieces) {
        QTest::newRow(words) << page << pieces;
    };
    row("nothing", "", "");
    row("text alone", "a < b <!-- a comment --> <!- #x", "T[a < b <!-- a comment --> <!- #x]");
    row("a command alone", "<!--#endif-->", "C[endif]");
    row("commands between text", "a<!--#printenv -->b<!--#else -->", "T[a]C[printenv]T[b]C[else]");
    row("double quotes", "<!--#echo var=\"A B\" -->", "C[echo var=A B]");
    row("single quotes", "<!--#echo var='A \"B\"'-->", "C[echo var=A \"B\"]");
    row("back quotes", "<!--#if expr=`a = 'b'` -->", "C[if expr=a = 'b']");
    row("no quotes", "<!--#include virtual=/a/b.html -->", "C[include virtual=/a/b.html]");
    row("several, over lines", "<!--#set\n  var=\"a\"\r\n\tvalue=\"b\"\n-->", "C[set var=a;value=b]");
    row("space around the sign", "<!--#echo var = \"A\" -->", "C[echo var=A]");
    row("capitals", "<!--#ECHO Var=\"Abc\" -->", "C[echo var=Abc]");
    row("an escaped quote", "<!--#set var=\"a\" value=\"say \\\"b\\\" \\$c\\d\" -->", "C[set var=a;value=say \"b\" \\$c\\d]");
    row("an empty value", "<!--#set var=a value=\"\" -->", "C[set var=a;value=]");
}

void TestSsiParser::takesAPageApart() {
    QFETCH(QByteArray, page);
    QFETCH(QByteArray, pieces);
    QCOMPARE(piecesOf(page.toStdString()), pieces);
}

void TestSsiParser::usesEachByteOnceWhereverAPageEnds() {
    QFETCH(QByteArray, page);
    for (int end = 0; end <= page.size(); ++end) {
        const std::string cut = page.left(end).toStdString();
        std::size_t consumed = 0;
        while (consumed < cut.size()) {
            const std::size_t more = nextPiece(std::string_view(cut).substr(consumed)).consumed;
            QVERIFY(more > 0 && consumed + more <= cut.size());
            consumed += more;
        }
    }
}

void TestSsiParser::marksBrokenCommands_data() {
    QTest::addColumn<QByteArray>("page");
    QTest::addColumn<QByteArray>("pieces");
    const auto row = [](const char *words, const QByteArray &page, const QByteArray &pieces) {
        QTest::newRow(words) << page << pieces;
    };
    row("no name", "a<!--# -->b", "T[a]BT[b]");
    row("no end", "a<!--#echo var=\"A\"", "T[a]B");
    row("no value", "<!--#echo var=-->b", "BT[b]");
    row("no sign", "<!--#echo var \"A\" -->b", "BT[b]");
    row("no attribute's name", "<!--#echo =\"A\" -->b", "BT[b]");
    row("no closing quote", "<!--#echo var=\"A -->b", "BT[b]");
    row("an end in quotes", "<!--#echo var=\"-->\" -->", "BT[\" -->]");
    row("nothing between attributes", "<!--#set var=\"a\"value=\"b\"-->", "B");
    row("digits in a name", "<!--#echo2 var=\"a\" -->", "B");
}

void TestSsiParser::marksBrokenCommands() { takesAPageApart(); }

void TestSsiParser::staysQuickWithManyOpenings() {
    QElapsedTimer timer;
    timer.start();
    for (const char *piece : {"<!--#", "<!--#a b=\"", "<!--#a b=\"-->", "<!--#a b='\\", "<!--", "<!--#a "}) {
        std::string page;
        while (page.size() < 2'000'000) page += piece;
        for (std::string_view rest = page; !rest.empty();) rest.remove_prefix(nextPiece(rest).consumed);
    }
    QVERIFY(timer.elapsed() < 20'000);
}

QTEST_GUILESS_MAIN(TestSsiParser)
#include "tst_ssi_parser.moc"
