// Station: tests of files/markdown: what a README looks like in the page, and what of it could do harm and does not.
#include "files/markdown.h"

#include <QElapsedTimer>
#include <QTest>

using namespace meerkat::files;

class TestMarkdown : public QObject {
    Q_OBJECT

  private slots:
    void writes_data();
    void writes();
    void refuses_data();
    void refuses();
    void readsWhatNestsDeeply();
};

void TestMarkdown::writes_data() {
    QTest::addColumn<QString>("markdown");
    QTest::addColumn<QString>("html");
    const auto row = [](const char *words, const char *markdown, const char *html) {
        QTest::newRow(words) << QString::fromUtf8(markdown) << QString::fromUtf8(html);
    };
    row("a paragraph", "Hello *there*, **you**.", "<p>Hello <em>there</em>, <strong>you</strong>.</p>\n");
    row("a heading, one lower", "# Title", "<h2>Title</h2>\n");
    row("a list", "- a\n- b", "<ul><li>a</li>\n<li>b</li>\n</ul>\n");
    row("a list that begins later", "3. c", "<ol start=\"3\"><li>c</li>\n</ol>\n");
    row("tasks", "- [x] done\n- [ ] not", "<ul><li>☑ done</li>\n<li>☐ not</li>\n</ul>\n");
    row("code", "```c\na < b\n```", "<pre><code>a &lt; b\n</code></pre>\n");
    row("a link", "[a](b/c.txt?x=1&y=2)", "<p><a rel=\"noopener noreferrer\" href=\"b/c.txt?x=1&amp;y=2\">a</a></p>\n");
    row("an address", "https://meerkat.test/",
        "<p><a rel=\"noopener noreferrer\" href=\"https://meerkat.test/\">https://meerkat.test/</a></p>\n");
    row("a picture", "![a *b*](c.png)", "<p><img src=\"c.png\" alt=\"a b\" loading=\"lazy\"></p>\n");
    row("an entity", "a&nbsp;b", "<p>a&nbsp;b</p>\n");
    row("a table", "|a|b|\n|---|---|\n|c|d|",
        "<table><thead><tr><th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody><tr><td>c</td>\n<td>d</td>\n</tr>\n</tbody>\n</"
        "table>\n");
}

void TestMarkdown::writes() {
    QFETCH(QString, markdown);
    QTEST(QString::fromStdString(markdownHtml(markdown.toStdString())), "html");
}

void TestMarkdown::refuses_data() {
    QTest::addColumn<QByteArray>("markdown");
    QTest::addColumn<QByteArray>("absent");
    const auto row = [](const char *words, const QByteArray &markdown, const char *absent) {
        QTest::newRow(words) << markdown << QByteArray(absent);
    };
    row("raw HTML", "<script>alert(1)</script>", "<script");
    row("raw HTML in a line", "a <img src=x onerror=alert(1)>", "<img");
    row("a script's scheme", "[a](javascript:alert(1))", "javascript:");
    row("in another case", "[a](JaVaScRiPt:alert(1))", "Script:");
    row("with an entity for the colon", "[a](javascript&colon;alert(1))", "href");
    row("with a number for the colon", "[a](javascript&#58;alert(1))", "href");
    row("with an entity for a letter", "[a](java&#115;cript:alert(1))", "href");
    row("with white space", "[a](<java\tscript:alert(1)>)", "href");
    row("data", "[a](data:text/html,x)", "href");
    row("a quote in an address", "[a](b\"onclick=alert)", "b\"");
    row("a picture from elsewhere", "![a](https://elsewhere.test/b.png)", "elsewhere");
    row("a picture from elsewhere without a scheme", "![a](//elsewhere.test/b.png)", "elsewhere");
    row("with the other slashes", "![a](/\\\\elsewhere.test/b.png)", "elsewhere");
    row("with an entity for a slash", "![a](/&#47;elsewhere.test/b.png)", "<img src=\"/&#47;");
    row("a quote in a picture's words", "![\"onload=x](c.png)", "\"onload");
}

void TestMarkdown::refuses() {
    QFETCH(QByteArray, markdown);
    QFETCH(QByteArray, absent);
    const QByteArray html = QByteArray::fromStdString(markdownHtml(markdown.toStdString()));
    QVERIFY2(!html.contains(absent), html.constData());
}

void TestMarkdown::readsWhatNestsDeeply() {
    for (const char *piece : {"> ", "* ", "[", "![", "`", "**a ", "<", "&", "|a"}) {
        std::string text;
        while (text.size() < 100'000) text += piece;
        QElapsedTimer timer;
        timer.start();
        markdownHtml(text);
        QVERIFY2(timer.elapsed() < 20'000, piece);
    }
}

QTEST_GUILESS_MAIN(TestMarkdown)
#include "tst_markdown.moc"
