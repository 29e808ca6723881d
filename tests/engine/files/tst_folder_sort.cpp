#include "engine/files/page_samples.h"
#include "files/folder_sort.h"

#include <QtTest>

using namespace meerkat;
using namespace meerkat::files;
using namespace meerkat::test;

namespace {

std::vector<os::FolderEntry> sample() {
    return {file("file10", 30, 100), folder("Sub10", 500), file("B", 20, 300),         file("file2", 20, 200),
            folder("sub2", 700),     file("a", 5, 300),    folder("other", 600, 12288)};
}

void row(const char *title, const char *query, const char *names) {
    QTest::newRow(title) << QByteArray(query) << QByteArray(names);
}

}  // namespace

class FolderSortTest : public QObject {
    Q_OBJECT

  private slots:
    void sorts_data() {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("names");
        const char *byName = "other sub2 Sub10 a B file2 file10";
        row("by name if nothing is said", "", byName);
        row("by name", "sort=name&order=asc", byName);
        row("by name, backwards", "sort=name&order=desc", "Sub10 sub2 other file10 file2 B a");
        row("by size", "sort=size&order=asc", "other sub2 Sub10 a B file2 file10");
        row("by size, backwards", "sort=size&order=desc", "other sub2 Sub10 file10 B file2 a");
        row("by time", "sort=time&order=asc", "Sub10 other sub2 file10 file2 a B");
        row("by time, backwards", "sort=time&order=desc", "sub2 other Sub10 a B file2 file10");
        row("the order said first", "order=desc&sort=size", "other sub2 Sub10 file10 B file2 a");
        row("the order not said", "sort=time", "Sub10 other sub2 file10 file2 a B");
        row("only the order said", "order=desc", "Sub10 sub2 other file10 file2 B a");
        row("among other things", "x=1&sort=size&&y&order=desc&=", "other sub2 Sub10 file10 B file2 a");
        row("an unknown key", "sort=colour", byName);
        row("an unknown order", "sort=name&order=sideways", byName);
        row("in capitals", "SORT=size&ORDER=desc", byName);
        row("no value", "sort&order", byName);
        row("nothing but marks", "&&==&", byName);
    }
    void sorts() {
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, names);
        QCOMPARE(rowNames(pageOf(sample(), toView(query))).join(' '), names);
    }

    void linksTheOtherOrders_data() {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArrayList>("links");
        const auto four = [](const char *title, const char *query, const char *name, const char *size, const char *time) {
            QByteArrayList links;
            for (const char *link : {name, size, time})
                links << QByteArray("?sort=") + QByteArray(link).replace(" ", "&amp;order=");
            QTest::newRow(title) << QByteArray(query) << links;
        };
        four("by name", "", "name desc", "size desc", "time desc");
        four("by name, backwards", "sort=name&order=desc", "name asc", "size desc", "time desc");
        four("by size", "sort=size&order=asc", "name asc", "size desc", "time desc");
        four("by size, backwards", "sort=size&order=desc", "name asc", "size asc", "time desc");
        four("by time, backwards", "sort=time&order=desc", "name asc", "size desc", "time asc");
    }
    void linksTheOtherOrders() {
        QFETCH(QByteArray, query);
        QFETCH(QByteArrayList, links);
        const QByteArray html = pageOf(sample(), toView(query));
        QCOMPARE(allOf(html, "href=\"(\\?sort=[^\"]*)\" data-key"), links);
    }

    void marksTheOrderThatIsShown() {
        const char *pattern = "data-key=\"([a-z]+)\" aria-current=\"true\"";
        QCOMPARE(allOf(pageOf(sample()), pattern), QByteArrayList{"name"});
        QCOMPARE(allOf(pageOf(sample(), "sort=time"), pattern), QByteArrayList{"time"});
        QVERIFY(pageOf(sample()).contains("aria-label=\"ascending\">↑<"));
        QVERIFY(pageOf(sample(), "order=desc").contains("aria-label=\"descending\">↓<"));
    }

    void keepsTheOrderInOtherFolders() {
        std::vector<os::FolderEntry> entries = {folder("sub"), file("a")};
        const QByteArray html = pageOf(entries, "sort=size&order=desc&x=<", "/above/here/");
        QCOMPARE(rowLinks(html), (QByteArrayList{"./sub/?sort=size&amp;order=desc", "./a"}));
        QCOMPARE(firstOf(html, "class=\"up\" href=\"([^\"]*)\""), QByteArray("../?sort=size&amp;order=desc"));
        QCOMPARE(rowLinks(pageOf(entries, "sort=name&order=asc")), (QByteArrayList{"./sub/", "./a"}));
    }

    void writesTheQueryItReads_data() {
        QTest::addColumn<int>("key");
        QTest::addColumn<bool>("descending");
        for (const SortKey key : {SortKey::Name, SortKey::Size, SortKey::Time})
            for (const bool descending : {false, true})
                QTest::addRow("%s%s", toBytes(nameOf(key)).constData(), descending ? ", backwards" : "")
                    << static_cast<int>(key) << descending;
    }
    void writesTheQueryItReads() {
        QFETCH(int, key);
        QFETCH(bool, descending);
        const FolderSort sort{static_cast<SortKey>(key), descending};
        const std::string query = queryOf(sort);
        QCOMPARE(query.front(), '?');
        QVERIFY(sortFromQuery(query.substr(1)) == sort);
    }
};

QTEST_GUILESS_MAIN(FolderSortTest)
#include "tst_folder_sort.moc"
