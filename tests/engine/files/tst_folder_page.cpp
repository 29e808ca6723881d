#include "engine/files/page_samples.h"

#include "files/change_page.h"

#include <QtTest>

using namespace meerkat;
using namespace meerkat::files;
using namespace meerkat::test;

namespace {

constexpr int kMany = 10'000;

void addNameAndHtml() {
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("html");
}

void row(const char *title, const QByteArray &first, const QByteArray &second) { QTest::newRow(title) << first << second; }

// In an order that no rule would choose.
std::vector<os::FolderEntry> manyFiles() {
    std::vector<os::FolderEntry> entries;
    for (int i = 0; i < kMany; ++i) {
        const int number = i * 7919 % kMany;
        entries.push_back(
            file("holiday picture number " + QByteArray::number(number) + ".jpg", static_cast<std::uint64_t>(number)));
    }
    return entries;
}

QByteArray changeablePage(Uploads uploads, std::vector<os::FolderEntry> entries, std::string_view query = {}) {
    return toBytes(folderPage({"/", "Pictures", query, kNoon, {}, uploads}, entries));
}

}  // namespace

class FolderPageTest : public QObject {
    Q_OBJECT

  private slots:
    void escapesANameInItsText_data() {
        addNameAndHtml();
        row("plain", "a.txt", "a.txt");
        row("element", "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;");
        row("entity", "&lt;", "&amp;lt;");
        row("both quotes", "\"a\" 'b'", "&quot;a&quot; &#39;b&#39;");
        row("comment", "<!-- a --><b>", "&lt;!-- a --&gt;&lt;b&gt;");
        row("slot of the template", "{{name}}{{entries}}", "{{name}}{{entries}}");
        row("not ASCII", "Grüße 日本.txt", "Grüße 日本.txt");
        row("right to left", "صور", "صور");
        row("bytes that are no UTF-8", "a\xFF\xFE.txt", "a\uFFFD\uFFFD.txt");
        row("half a character", "a\xC3", "a\uFFFD");
        row("line break", "a\nb\r.txt", "a\uFFFDb\uFFFD.txt");
        row("escape sequence", "\x1B[31mred\x7F", "\uFFFD[31mred\uFFFD");
        row("turned around", "photo\u202Egpj.exe", "photo\uFFFDgpj.exe");
        row("turned the other way", "\u202Da\u202D", "\uFFFDa\uFFFD");
        row("a mark of right-to-left text stays", "a\u200Fb", "a\u200Fb");
    }
    void escapesANameInItsText() {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, html);
        QCOMPARE(rowNames(pageOf({file(name)})), QByteArrayList{html});
        QCOMPARE(rowNames(pageOf({folder(name)})), QByteArrayList{html});
    }

    void escapesANameInTheHeading_data() { escapesANameInItsText_data(); }
    void escapesANameInTheHeading() {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, html);
        const QByteArray asTitle = pageOf({}, {}, "/", toView(name));
        QCOMPARE(firstOf(asTitle, "<title>(.*)</title>"), html);
        QCOMPARE(firstOf(asTitle, "<h1><bdi>(.*)</bdi></h1>"), html);
        if (name.contains('/')) return;
        const QByteArray below = pageOf({}, {}, toView("/" + name + "/sub/"));
        QCOMPARE(allOf(below, "<bdi>(.*?)</bdi></a> <i>/</i>"), (QByteArrayList{"Pictures", html}));
        QCOMPARE(firstOf(below, "Up to <bdi>(.*?)</bdi>"), html);
    }

    void linksToAFile_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("link");
        row("plain", "a-b_c.d~e", "./a-b_c.d~e");
        row("like a scheme", "javascript:alert(1)", "./javascript%3Aalert%281%29");
        row("like a host", "//example.org", "./%2F%2Fexample.org");
        row("backslashes", "\\\\example.org", "./%5C%5Cexample.org");
        row("like a query", "a?b=c", "./a%3Fb%3Dc");
        row("like a fragment", "#a", "./%23a");
        row("like an escape", "100%.txt", "./100%25.txt");
        row("quotes", "\"'<>&", "./%22%27%3C%3E%26");
        row("spaces", "a b+c", "./a%20b%2Bc");
        row("not ASCII", "ü.txt", "./%C3%BC.txt");
        row("bytes that are no UTF-8", "a\xFF\xFE", "./a%FF%FE");
        row("turned around", "\u202E", "./%E2%80%AE");
        row("line break", "a\nb", "./a%0Ab");
        row("dots", "...", "./...");
    }
    void linksToAFile() {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, link);
        QCOMPARE(rowLinks(pageOf({file(name)})), QByteArrayList{link});
        QCOMPARE(rowLinks(pageOf({folder(name)})), QByteArrayList{link + "/"});
    }

    void linksToTheFoldersAbove_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArrayList>("links");
        QTest::addColumn<QByteArrayList>("names");
        const auto three = [](const char *title, const char *path, const QByteArrayList &links, const QByteArrayList &names) {
            QTest::newRow(title) << QByteArray(path) << links << names;
        };
        three("the root has none", "/", {}, {});
        three("one below", "/a/", {"../"}, {"Pictures"});
        three("three below", "/a/b/c/", {"../../../", "../../", "../"}, {"Pictures", "a", "b"});
        three("a slash twice counts twice", "/a//b/", {"../../../", "../../"}, {"Pictures", "a"});
    }
    void linksToTheFoldersAbove() {
        QFETCH(QByteArray, path);
        QFETCH(QByteArrayList, links);
        QFETCH(QByteArrayList, names);
        const QByteArray html = pageOf({}, {}, toView(path));
        QCOMPARE(allOf(html, "<a href=\"([^\"]*)\"><bdi>.*?</bdi></a> <i>/</i>"), links);
        QCOMPARE(allOf(html, "<a href=\"[^\"]*\"><bdi>(.*?)</bdi></a> <i>/</i>"), names);
        QCOMPARE(allOf(html, "class=\"up\" href=\"([^\"]*)\""), links.mid(links.size() - 1));
    }

    void namesTheRootThatHasNoName() { QCOMPARE(firstOf(pageOf({}, {}, "/", {}), "<h1><bdi>(.*)</bdi>"), QByteArray("Start")); }
    void headsThePageWithTheFoldersName() { QCOMPARE(firstOf(pageOf({}, {}, "/a/b/"), "<h1><bdi>(.*)</bdi>"), QByteArray("b")); }

    void countsWhatIsThere_data() {
        QTest::addColumn<int>("folders");
        QTest::addColumn<int>("files");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("nothing") << 0 << 0 << QByteArray("Empty folder");
        QTest::newRow("one of each") << 1 << 1 << QByteArray("1 folder, 1 file, 1.5\u00A0kB");
        QTest::newRow("more of each") << 3 << 12 << QByteArray("3 folders, 12 files, 18\u00A0kB");
        QTest::newRow("folders only") << 2 << 0 << QByteArray("2 folders");
        QTest::newRow("files only") << 0 << 2 << QByteArray("2 files, 3.0\u00A0kB");
        QTest::newRow("thousands") << 0 << 1234 << QByteArray("1,234 files, 1.9\u00A0MB");
    }
    void countsWhatIsThere() {
        QFETCH(int, folders);
        QFETCH(int, files);
        QFETCH(QByteArray, text);
        std::vector<os::FolderEntry> entries;
        for (int i = 0; i < folders; ++i) entries.push_back(folder("d" + QByteArray::number(i)));
        for (int i = 0; i < files; ++i) entries.push_back(file("f" + QByteArray::number(i), 1500));
        QCOMPARE(firstOf(pageOf(entries), "<p id=\"summary\">(.*)</p>"), text);
    }

    void showsSizeAndTimeOfAFile() {
        const QByteArray html = pageOf({file("a.jpg", 4404019, kNoon + 451)});
        QCOMPARE(firstOf(html, "(<data .*?</data>)"),
                 QByteArray("<data value=\"4404019\" title=\"4,404,019 bytes\">4.4\u00A0MB</data>"));
        QCOMPARE(firstOf(html, "(<time .*?</time>)"),
                 QByteArray("<time datetime=\"2024-05-03T12:07:31Z\">2024-05-03 12:07</time>"));
    }
    void showsNoSizeOfAFolder() { QVERIFY(!pageOf({folder("a")}).contains("<data")); }
    void showsTimesBefore1970() {
        os::FolderEntry entry = file("a");
        entry.info.modifiedNs = -1;
        QCOMPARE(firstOf(pageOf({entry}), "datetime=\"(.*?)\""), QByteArray("1969-12-31T23:59:59Z"));
    }

    void showsWhatKindAFileIs_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("kind");
        row("picture", "a.JPG", "image");
        row("song", "a.mp3", "audio");
        row("video", "a.mp4", "video");
        row("video stream", "a.m3u8", "video");
        row("page", "a.html", "code");
        row("script", "a.mjs", "code");
        row("text", "a.txt", "text");
        row("PDF", "a.pdf", "text");
        row("table", "a.ods", "text");
        row("archive", "a.tar.gz", "archive");
        row("another archive", "a.7z", "archive");
        row("unknown", "a.xyzzy", "file");
        row("no extension", "a", "file");
    }
    void showsWhatKindAFileIs() {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, kind);
        QCOMPARE(firstOf(pageOf({file(name)}), "<li><a class=\"([a-z]+)\""), kind);
        QCOMPARE(firstOf(pageOf({folder(name)}), "<li><a class=\"([a-z]+)\""), QByteArray("folder"));
    }

    void leavesOutWhatNobodyCanOpen() {
        os::FolderEntry pipe = file("pipe", 5);
        pipe.info.kind = os::FileKind::Other;
        const QByteArray html = pageOf({pipe, file("a", 1)});
        QCOMPARE(rowNames(html), QByteArrayList{"a"});
        QCOMPARE(firstOf(html, "<p id=\"summary\">(.*)</p>"), QByteArray("1 file, 1\u00A0B"));
    }

    void saysThatAFolderIsEmpty() {
        const QByteArray html = pageOf({}, {}, "/a/");
        QVERIFY(html.contains("<p class=\"empty\">Nothing here yet."));
        QVERIFY(!html.contains("id=\"sort\""));
        QVERIFY(!html.contains("id=\"filter\""));
        QVERIFY(html.contains("class=\"up\""));
    }

    // Without a script the words are looked for by the server.
    void searchesByAForm() {
        const QByteArray html = pageOf({file("a")});
        QVERIFY(html.contains("<form id=\"search\" role=\"search\"><input id=\"filter\" name=\"search\""));
        QVERIFY(!html.contains("method=\"post\""));
    }

    void offersAllAsAnArchive() {
        QVERIFY(pageOf({file("a")}).contains("href=\"?zip\" download"));
        QVERIFY(!pageOf({}).contains("?zip"));
    }

    void showsTenThousandFiles() {
        const QByteArrayList names = rowNames(pageOf(manyFiles()));
        QCOMPARE(names.size(), kMany);
        for (int i = 0; i < kMany; ++i) QCOMPARE(names[i], "holiday picture number " + QByteArray::number(i) + ".jpg");
    }

    void leavesNoSlotUnfilled() {
        QVERIFY(!pageOf({folder("a"), file("b")}, "sort=size", "/a/").contains("{{"));
        QVERIFY(!pageOf({}).contains("{{"));
    }

    // ---- what may be changed ----

    void showsNothingOfChangesWhereNoneAreAllowed() {
        for (const QByteArray &page : {pageOf({file("a.txt")}, "done=moved&name=b"), pageOf({})}) {
            QVERIFY(page.contains("<main data-upload=\"no\">"));
            for (const char *sign : {"changes", "<form method", "class=\"more\"", "class=\"notice\"", "id=\"forms\""})
                QVERIFY2(!page.contains(sign), sign);
        }
    }
    void offersFormsAndScriptWhereThingsMayBeAdded() {
        const QByteArray page = changeablePage(Uploads::New, {file("a.txt")});
        QVERIFY(page.contains("<main data-upload=\"new\">"));
        QVERIFY(page.contains("<script src=\"/.meerkat/changes.js\" type=\"module\"></script>"));
        QCOMPARE(page.count("<form method=\"post\" action=\"./\""), 2);
        QVERIFY(!page.contains("class=\"more\""));
    }
    void linksEachRowToItsChanges() {
        const QByteArray page = changeablePage(Uploads::Replace, {file("a&b \"c\" 100%.txt"), folder("d")});
        QCOMPARE(allOf(page, "<a class=\"more\" href=\"([^\"]*)\">"),
                 (QByteArrayList{"?action=change&amp;name=d", "?action=change&amp;name=a%26b%20%22c%22%20100%25.txt"}));
        QCOMPARE(rowNames(page).size(), 2);
    }
    void hasAListToFillWhereNothingIsThereYet() {
        const QByteArray page = changeablePage(Uploads::New, {});
        for (const char *sign : {"<ul id=\"entries\"></ul>", "class=\"empty\"", "id=\"filter\"", "id=\"actions\""})
            QVERIFY2(page.contains(sign), sign);
    }

    void saysWhatAFormHasDone_data() {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("sentence");
        row("a file", "done=uploaded&name=a%20b.txt", "“a b.txt” is uploaded.");
        row("several", "done=uploaded&name=a&count=3", "“a” and 2 other files are uploaded.");
        row("made", "done=made&name=a", "“a” is made.");
        row("renamed", "done=renamed&name=a", "“a” has its new name.");
        row("moved", "done=moved&name=a", "“a” is moved here.");
        row("deleted", "sort=size&done=deleted&name=a", "“a” is deleted.");
        row("an element", "done=made&name=%3Cb%3E", "“&lt;b&gt;” is made.");
        row("a count that is none", "done=uploaded&name=a&count=-1x", "“a” is uploaded.");
        row("no name", "done=uploaded", "(none)");
        row("no deed", "done=burnt&name=a", "(none)");
    }
    void saysWhatAFormHasDone() {
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, sentence);
        QByteArray said = firstOf(changeablePage(Uploads::New, {}, toView(query)), "role=\"status\"><span>(.*)</span></p>");
        QCOMPARE(said.replace("<bdi>", "").replace("</bdi>", ""), sentence);
    }

    void escapesWhatIsChanged() {
        const QByteArray page = toBytes(changePage("/a \"b\"/", "a \"b\"", file("<b>\"x\"&.txt", 12)));
        QCOMPARE(firstOf(page, "<h1><bdi>(.*)</bdi></h1>"), QByteArray("&lt;b&gt;&quot;x&quot;&amp;.txt"));
        QCOMPARE(page.count("value=\"&lt;b&gt;&quot;x&quot;&amp;.txt\""), 4);
        QVERIFY(page.contains("value=\"/a &quot;b&quot;/\""));
        QVERIFY(!page.contains("{{"));
        QVERIFY(!page.contains("everything in it"));
        QVERIFY(toBytes(changePage("/", "Pictures", folder("d"))).contains("The folder and everything in it is gone then."));
    }
};

QTEST_GUILESS_MAIN(FolderPageTest)
#include "tst_folder_page.moc"
