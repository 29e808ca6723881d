// The log of requests without a display: what it keeps, what it shows, what it gives to other programs.
#include "ui/models/request_export.h"
#include "ui/models/request_filter.h"
#include "ui/models/request_log.h"

#include <QAbstractItemModelTester>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QSignalSpy>
#include <QTest>

using namespace meerkat;
using namespace meerkat::ui;

namespace {

app::RequestRecord recordOf(const std::string &target, int status = 200, const std::string &method = "GET") {
    app::RequestRecord record;
    record.endedMs = 1'700'000'000'123;
    record.connectionId = 7;
    record.remoteIp = "::ffff:10.0.0.4";
    record.remotePort = 5000;
    record.method = method;
    record.target = target;
    record.userAgent = "tester \"1\"";
    record.headers = "Host: a:8080\r\nAccept: */*\r\nX-It's: me\r\nCookie: \u2026\r\nAccept-Encoding: gzip\r\n";
    record.status = status;
    record.bytesSent = 2100;
    record.durationUs = 1500;
    return record;
}

QStringList column(const QAbstractItemModel &model, int column) {
    QStringList texts;
    for (int row = 0; row < model.rowCount(); ++row) texts << model.index(row, column).data().toString();
    return texts;
}

}  // namespace

class RequestLogTest : public QObject {
    Q_OBJECT
  private slots:
    void showsWhatCameTogether();
    void waitsWhilePaused();
    void forgetsTheOldest();
    void forgetsTheOldestOfThoseThatWait();
    void filtersByEverythingThatIsSeen_data();
    void filtersByEverythingThatIsSeen();
    void sortsByNumbers();
    void writesACommandThatAsksAgain();
    void writesWhatOtherProgramsRead();
};

void RequestLogTest::showsWhatCameTogether() {
    RequestLog log;
    const QAbstractItemModelTester tester(&log, QAbstractItemModelTester::FailureReportingMode::Fatal);
    int announced = 0;
    connect(&log, &QAbstractItemModel::rowsInserted, this, [&announced] { ++announced; });
    for (int i = 0; i < 100; ++i) log.add(recordOf("/Caf%C3%A9.txt"));
    QCOMPARE(log.rowCount(), 0);
    QTRY_COMPARE(log.rowCount(), 100);
    QCOMPARE(announced, 1);
    QCOMPARE(log.total(), 100u);
    QCOMPARE(log.index(0, RequestLog::Request).data().toString(), QString::fromUtf8("GET /Caf\xc3\xa9.txt"));
    QCOMPARE(log.index(0, RequestLog::Client).data().toString(), "10.0.0.4");
    QCOMPARE(log.index(0, RequestLog::Sent).data().toString(), "2.1\u00a0kB");
    QCOMPARE(log.index(0, RequestLog::Took).data().toString(), "1.5\u00a0ms");
    log.add(recordOf("/gone", 0));
    QTRY_COMPARE(log.rowCount(), 101);
    QCOMPARE(log.index(100, RequestLog::Status).data().toString(), "left");
    log.clear();
    QCOMPARE(log.rowCount(), 0);
    QCOMPARE(log.missing(), 0u);
}

void RequestLogTest::waitsWhilePaused() {
    RequestLog log;
    log.setPaused(true);
    log.add(recordOf("/a"));
    log.add(recordOf("/b"));
    QSignalSpy counted(&log, &RequestLog::countsChanged);
    QVERIFY(counted.wait());
    QCOMPARE(log.rowCount(), 0);
    QCOMPARE(log.waiting(), 2u);
    log.setPaused(false);
    QCOMPARE(log.rowCount(), 2);
    QCOMPARE(log.waiting(), 0u);
}

void RequestLogTest::forgetsTheOldest() {
    RequestLog log;
    const QAbstractItemModelTester tester(&log, QAbstractItemModelTester::FailureReportingMode::Fatal);
    for (std::size_t i = 0; i < RequestLog::kMostRows; ++i) log.add(recordOf("/old"));
    QTRY_COMPARE(log.rowCount(), int(RequestLog::kMostRows));
    for (int i = 0; i < 10; ++i) log.add(recordOf("/new"));
    QTRY_COMPARE(log.total(), RequestLog::kMostRows + 10);
    QTRY_COMPARE(log.index(log.rowCount() - 1, RequestLog::Request).data().toString(), "GET /new");
    QCOMPARE(log.rowCount(), int(RequestLog::kMostRows));
    QCOMPARE(log.missing(), 10u);
    for (std::size_t i = 0; i < RequestLog::kMostRows + 5; ++i) log.add(recordOf("/flood"));
    QTRY_COMPARE(column(log, RequestLog::Request).count("GET /flood"), qsizetype(RequestLog::kMostRows));
}

void RequestLogTest::forgetsTheOldestOfThoseThatWait() {
    RequestLog log;
    app::RequestRecord large = recordOf("/large");
    large.headers.assign(1u << 20, 'x');
    log.add(recordOf("/shown"));
    QTRY_COMPARE(log.rowCount(), 1);
    log.setPaused(true);
    for (int i = 0; i < 100; ++i) log.add(large);
    QVERIFY(log.waiting() < (RequestLog::kMostBytes >> 20) + 1);
    QCOMPARE(log.rowCount(), 1);
    log.setPaused(false);
    QVERIFY(log.rowCount() <= int(RequestLog::kMostBytes >> 20));
}

void RequestLogTest::filtersByEverythingThatIsSeen_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("method");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("client");
    QTest::addColumn<QStringList>("shown");
    const QStringList all{"GET /a.txt", "GET /b.txt", "POST /c"};
    QTest::newRow("nothing") << ""
                             << "" << 0 << "" << all;
    QTest::newRow("a word") << "B.TXT"
                            << "" << 0 << "" << QStringList{"GET /b.txt"};
    QTest::newRow("a header") << "x-it's"
                              << "" << 0 << "" << all;
    QTest::newRow("all words") << "a.txt 200"
                               << "" << 0 << "" << QStringList{"GET /a.txt"};
    QTest::newRow("a method") << ""
                              << "POST" << 0 << "" << QStringList{"POST /c"};
    QTest::newRow("a status") << ""
                              << "" << 4 << "" << QStringList{"GET /b.txt"};
    QTest::newRow("a visitor") << ""
                               << "" << 0 << "10.0.0.4" << all;
    QTest::newRow("another visitor") << ""
                                     << "" << 0 << "10.0.0.5" << QStringList();
}

void RequestLogTest::filtersByEverythingThatIsSeen() {
    QFETCH(QString, text);
    QFETCH(QString, method);
    QFETCH(int, status);
    QFETCH(QString, client);
    RequestLog log;
    RequestFilter filter;
    const QAbstractItemModelTester tester(&filter, QAbstractItemModelTester::FailureReportingMode::Fatal);
    filter.setLog(&log);
    filter.setText(text);
    filter.setMethod(method);
    filter.setStatusClass(status);
    filter.setClient(client);
    for (const auto &record : {recordOf("/a.txt"), recordOf("/b.txt", 404), recordOf("/c", 200, "POST")}) log.add(record);
    QTRY_COMPARE(log.rowCount(), 3);
    QTEST(column(filter, RequestLog::Request), "shown");
}

void RequestLogTest::sortsByNumbers() {
    RequestLog log;
    RequestFilter filter;
    filter.setLog(&log);
    for (const quint64 bytes : {9'000'000u, 10u, 800u}) {
        app::RequestRecord record = recordOf("/" + std::to_string(bytes));
        record.bytesSent = bytes;
        log.add(record);
    }
    QTRY_COMPARE(log.rowCount(), 3);
    filter.sort(RequestLog::Sent, Qt::DescendingOrder);
    QCOMPARE(column(filter, RequestLog::Request), QStringList({"GET /9000000", "GET /800", "GET /10"}));
}

// What a shell makes of it is what is meant.
void RequestLogTest::writesACommandThatAsksAgain() {
    const QString command = curlCommand(recordOf("/it's?a=1&b=$HOME", 200, "PUT"), "http://127.0.0.1:8080");
    QProcess shell;
    shell.start("sh", {"-c", "curl() { for word; do echo \"$word\"; done; }\n" + command});
    QVERIFY(shell.waitForFinished());
    QCOMPARE(QString::fromUtf8(shell.readAllStandardOutput()).split('\n'),
             QStringList({"http://127.0.0.1:8080/it's?a=1&b=$HOME", "--request", "PUT", "--header", "Accept: */*", "--header",
                          "X-It's: me", "--compressed", ""}));
    QVERIFY(!curlCommand(recordOf("/a"), "http://h").contains("--request"));
}

void RequestLogTest::writesWhatOtherProgramsRead() {
    const app::RequestRecord first = recordOf("/a?x=%20y"), second = recordOf("/b\"", 404);
    const std::vector<const app::RequestRecord *> both{&first, &second};
    const auto har = QJsonDocument::fromJson(exported(both, LogFormat::Har, "http://h"))["log"].toObject();
    QCOMPARE(har["version"].toString(), "1.2");
    const QJsonObject entry = har["entries"].toArray()[0].toObject();
    QCOMPARE(entry["startedDateTime"].toString(), "2023-11-14T22:13:20.122Z");
    QCOMPARE(entry["request"].toObject()["url"].toString(), "http://h/a?x=%20y");
    QCOMPARE(entry["request"].toObject()["queryString"].toArray()[0].toObject()["value"].toString(), " y");
    QCOMPARE(entry["request"].toObject()["headers"].toArray().size(), 5);
    QCOMPARE(entry["response"].toObject()["status"].toInt(), 200);
    const QList<QByteArray> lines = exported(both, LogFormat::Json, {}).split('\n');
    QCOMPARE(lines.size(), 3);
    QCOMPARE(QJsonDocument::fromJson(lines[1])["target"].toString(), "/b\"");
    QCOMPARE(exported({&second}, LogFormat::Combined, {}),
             QByteArray("::ffff:10.0.0.4 - - [14/Nov/2023:22:13:20 +0000] \"GET /b\\x22 HTTP/1.1\" 404 2100 \"-\" "
                        "\"tester \\x221\\x22\"\n"));
}

QTEST_GUILESS_MAIN(RequestLogTest)
#include "tst_request_log.moc"
