#include "http/status.h"

#include <QtTest>

using meerkat::http::reasonPhrase;

class StatusTest : public QObject {
    Q_OBJECT

  private slots:
    void knowsTheRegisteredPhrase_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("phrase");
        const std::pair<int, const char *> rows[] = {
            {100, "Continue"},
            {101, "Switching Protocols"},
            {200, "OK"},
            {206, "Partial Content"},
            {304, "Not Modified"},
            {400, "Bad Request"},
            {404, "Not Found"},
            {413, "Content Too Large"},
            {416, "Range Not Satisfiable"},
            {417, "Expectation Failed"},
            {431, "Request Header Fields Too Large"},
            {505, "HTTP Version Not Supported"},
            {507, "Insufficient Storage"},
            {511, "Network Authentication Required"},
        };
        for (const auto &[status, phrase] : rows) QTest::newRow(phrase) << status << QByteArray(phrase);
    }
    void knowsTheRegisteredPhrase() {
        QFETCH(int, status);
        QFETCH(QByteArray, phrase);
        QCOMPARE(reasonPhrase(status), std::string_view(phrase.constData()));
    }

    void namesTheClassOfOthers_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("phrase");
        QTest::newRow("below all") << 0 << QByteArray("Unknown");
        QTest::newRow("negative") << -404 << QByteArray("Unknown");
        QTest::newRow("199") << 199 << QByteArray("Informational");
        QTest::newRow("299") << 299 << QByteArray("Successful");
        QTest::newRow("306") << 306 << QByteArray("Redirection");
        QTest::newRow("418") << 418 << QByteArray("Client Error");
        QTest::newRow("599") << 599 << QByteArray("Server Error");
        QTest::newRow("above all") << 600 << QByteArray("Unknown");
    }
    void namesTheClassOfOthers() { knowsTheRegisteredPhrase(); }

    // The table is searched by halves: were a row out of order, some code would not be found.
    void hasAPhraseThatFitsAStatusLine() {
        int registered = 0;
        for (int status = 100; status < 600; ++status) {
            const std::string_view phrase = reasonPhrase(status);
            QVERIFY(!phrase.empty());
            for (const char c : phrase) QVERIFY(c == ' ' || c == '-' || QChar::isLetter(static_cast<char32_t>(c)));
            const int common = status / 100 * 100 + 99;
            if (phrase != reasonPhrase(common)) ++registered;
        }
        QCOMPARE(registered, 60);
    }
};

QTEST_GUILESS_MAIN(StatusTest)
#include "tst_status.moc"
