#include "engine/files/page_samples.h"

#include <QtTest>

using namespace meerkat::files;
using namespace meerkat::test;

namespace {

QByteArray page(int status, const QByteArray &reason) { return toBytes(errorPage(status, toView(reason))); }
QByteArray sentence(int status) { return firstOf(page(status, {}), "<h1>(.*)</h1>"); }

}  // namespace

class ErrorPageTest : public QObject {
    Q_OBJECT

  private slots:
    void saysInPlainWordsWhatHappened_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("text");
        const auto row = [](int status, const char *text) { QTest::addRow("status %d", status) << status << QByteArray(text); };
        row(400, "The browser sent something that can&#39;t be understood here.");
        row(403, "This is not open to visitors.");
        row(404, "There is nothing here under this name.");
        row(405, "Things here can be looked at, but this can&#39;t be done with them.");
        row(413, "That is more than can be taken in at once.");
        row(416, "The part that was asked for lies beyond the end of this file.");
        row(500, "Something went wrong on this side. Trying again later may help.");
        row(503, "There is too much to do right now. Please try again in a moment.");
    }
    void saysInPlainWordsWhatHappened() {
        QFETCH(int, status);
        QFETCH(QByteArray, text);
        QCOMPARE(sentence(status), text);
    }

    void hasASentenceForEveryStatus() {
        for (int status = 400; status < 600; ++status)
            QVERIFY2(sentence(status).endsWith('.'), QByteArray::number(status).constData());
        QVERIFY(sentence(499) != sentence(599));
    }

    void showsStatusAndReason() {
        const QByteArray html = page(404, "Not Found");
        QCOMPARE(firstOf(html, "<title>(.*)</title>"), QByteArray("404 Not Found"));
        QCOMPARE(firstOf(html, "<p id=\"summary\">(.*)</p>"), QByteArray("404 Not Found"));
        QCOMPARE(firstOf(page(404, {}), "<title>(.*)</title>"), QByteArray("404"));
    }

    void escapesTheReason() {
        const QByteArray html = page(500, "<b>\xFF&{{sentence}}");
        QCOMPARE(firstOf(html, "<title>(.*)</title>"), QByteArray("500 &lt;b&gt;\uFFFD&amp;{{sentence}}"));
    }

    void linksToTheStart() { QVERIFY(page(404, "Not Found").contains("href=\"/\">Go to the start</a>")); }
};

QTEST_GUILESS_MAIN(ErrorPageTest)
#include "tst_error_page.moc"
