// Station: tests of message_log, message_filter and message_model.
#include "ui/models/message_model.h"

#include <QAbstractItemModelTester>
#include <QTest>

#include <cstring>

using namespace meerkat;
using namespace meerkat::ui;

namespace {

app::MessageRecord record(const char *payload, quint64 connection = 1, app::MessageKind kind = app::MessageKind::Text,
                          bool isOutgoing = false) {
    app::MessageRecord record;
    record.atMs = 1000;
    record.connectionId = connection;
    record.kind = kind;
    record.isOutgoing = isOutgoing;
    record.payload = payload;
    record.payloadBytes = record.payload.size();
    record.wireBytes = record.payload.size() + 6;
    return record;
}

std::vector<app::MessageRecord> numbered(int from, int count) {
    std::vector<app::MessageRecord> records;
    for (int i = from; i < from + count; ++i)
        records.push_back(record(("message " + std::to_string(i)).c_str(), static_cast<quint64>(i % 10) + 1));
    return records;
}

QStringList previews(const MessageModel &model) {
    QStringList texts;
    for (int row = 0; row < model.rowCount(); ++row) texts << model.index(row, MessageModel::Preview).data().toString();
    return texts;
}

}  // namespace

class TestMessageLog : public QObject {
    Q_OBJECT

  private slots:
    void keepsWhatItWasGiven();
    void forgetsTheOldestForWhatItMayTake();
    void keepsTheEndOfABatchThatDoesNotFit();
    void givesItsMemoryBack();
    void showsMessagesAsRows();
    void findsByTextWayKindAndConnection_data();
    void findsByTextWayKindAndConnection();
    void findsWhatComesLater();
    void goesOnWhereTheLogForgets();
    void showsAnotherLog();
    void holdsAMillionMessages();
};

void TestMessageLog::keepsWhatItWasGiven() {
    MessageLog log;
    app::MessageRecord close = record("\x03\xe8", 7, app::MessageKind::Close, true);
    close.closeCode = 1000;
    close.payloadBytes = 5000;
    log.append({record("one"), close});
    QCOMPARE(log.size(), 2);
    const Message message = log.at(1);
    QCOMPARE(message.number, 1u);
    QCOMPARE(message.connectionId, 7u);
    QCOMPARE(message.closeCode, 1000);
    QVERIFY(message.isOutgoing && message.isCut() && message.kind == app::MessageKind::Close);
    QCOMPARE(message.record().payload, close.payload);
    QVERIFY(!log.find(2) && log.find(0)->payload == "one");
}

void TestMessageLog::forgetsTheOldestForWhatItMayTake() {
    MessageLog log;
    log.setLimit(100'000);
    for (int i = 0; i < 100; ++i) log.append(numbered(i * 100, 100));
    QVERIFY(log.bytes() <= 100'000 && log.bytes() > 90'000);
    QCOMPARE(log.endNumber(), 10'000u);
    QCOMPARE(log.firstNumber() + static_cast<quint64>(log.size()), 10'000u);
    for (int i = 0; i < log.size(); ++i)
        QCOMPARE(log.at(i).payload, "message " + std::to_string(log.firstNumber() + static_cast<quint64>(i)));
    log.setLimit(1000);
    QVERIFY(log.bytes() <= 1000 && log.size() > 0);
    QCOMPARE(log.at(log.size() - 1).payload, std::string_view("message 9999"));
}

void TestMessageLog::keepsTheEndOfABatchThatDoesNotFit() {
    MessageLog log;
    log.setLimit(1000);
    log.append(numbered(0, 500));
    QVERIFY(log.bytes() <= 1000 && log.size() > 5);
    QCOMPARE(log.at(log.size() - 1).payload, std::string_view("message 499"));
    log.append({record(std::string(2000, 'x').c_str())});
    QVERIFY(log.bytes() <= 1000);
}

void TestMessageLog::givesItsMemoryBack() {
    MessageLog log;
    log.append(numbered(0, 50'000));
    log.clear();
    QCOMPARE(log.bytes(), 0u);
    QCOMPARE(log.size(), 0);
    log.append({record("after")});
    QCOMPARE(log.at(0).payload, std::string_view("after"));
    QCOMPARE(log.at(0).number, 50'000u);
}

void TestMessageLog::showsMessagesAsRows() {
    MessageLog log;
    MessageModel model;
    QAbstractItemModelTester tester(&model);
    model.setLog(&log);
    log.append({record("hello\nthere"), record("world", 12, app::MessageKind::Binary, true)});
    QCOMPARE(previews(model), QStringList({"hello there", "world"}));
    QCOMPARE(model.index(1, MessageModel::Way).data().toString(), QStringLiteral("↑ Sent"));
    QCOMPARE(model.index(1, MessageModel::Kind).data().toString(), QStringLiteral("Binary"));
    QCOMPARE(model.index(1, MessageModel::Size).data().toString(), QStringLiteral("5\u00a0B"));
    QCOMPARE(model.index(1, MessageModel::Connection).data().toString(), QStringLiteral("12"));
    QCOMPARE(model.rowOf(1), 1);
    log.setLimit(60);
    QCOMPARE(model.rowCount(), log.size());
    QCOMPARE(model.rowOf(0), -1);
}

void TestMessageLog::findsByTextWayKindAndConnection_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<MessageWay>("way");
    QTest::addColumn<MessageSort>("sort");
    QTest::addColumn<quint64>("connection");
    QTest::addColumn<QStringList>("found");
    const QStringList all{"Apple pie", "Straße", "62 00 61", "p", "1000 Done: “bye”", "1006 Cut without a goodbye"};
    const auto row = [](const char *name, const QString &text, MessageWay way, MessageSort sort, quint64 connection,
                        const QStringList &found) { QTest::newRow(name) << text << way << sort << connection << found; };
    row("everything", {}, MessageWay::Both, MessageSort::All, 0, all);
    row("a word in any case", "APPLE", MessageWay::Both, MessageSort::All, 0, {all[0]});
    row("a word of another alphabet", "STRAßE", MessageWay::Both, MessageSort::All, 0, {all[1]});
    row("what was sent", {}, MessageWay::Sent, MessageSort::All, 0, {all[1], all[3]});
    row("what was received", {}, MessageWay::Received, MessageSort::All, 0, {all[0], all[2], all[4]});
    row("texts", {}, MessageWay::Both, MessageSort::Text, 0, {all[0], all[1]});
    row("bytes", {}, MessageWay::Both, MessageSort::Binary, 0, {all[2]});
    row("pings", {}, MessageWay::Both, MessageSort::PingPong, 0, {all[3]});
    row("endings", {}, MessageWay::Both, MessageSort::OpenClose, 0, {all[4], all[5]});
    row("of one connection", {}, MessageWay::Both, MessageSort::All, 2, {all[1], all[2]});
    row("all of it at once", "b", MessageWay::Received, MessageSort::Binary, 2, {all[2]});
}

void TestMessageLog::findsByTextWayKindAndConnection() {
    QFETCH(QString, text);
    QFETCH(MessageWay, way);
    QFETCH(MessageSort, sort);
    QFETCH(quint64, connection);
    QFETCH(QStringList, found);
    MessageLog log;
    auto binary = record("b", 2, app::MessageKind::Binary);
    binary.payload = std::string("b\0a", 3);
    auto close = record("\x03\xe8"
                        "bye",
                        1, app::MessageKind::Close);
    close.closeCode = 1000;
    auto lost = record("", 1, app::MessageKind::Lost);
    lost.closeCode = 1006;
    log.append({record("Apple pie"), record("Straße", 2, app::MessageKind::Text, true), binary,
                record("p", 3, app::MessageKind::Ping, true), close, lost});
    MessageModel model;
    QAbstractItemModelTester tester(&model);
    model.setLog(&log);
    model.setFilter({text, way, sort, connection});
    QTRY_VERIFY(!model.isLooking());
    QCOMPARE(previews(model), found);
}

void TestMessageLog::findsWhatComesLater() {
    MessageLog log;
    MessageModel model;
    QAbstractItemModelTester tester(&model);
    model.setLog(&log);
    model.setFilter({"7", {}, {}, 0});
    log.append(numbered(0, 30));
    QTRY_VERIFY(!model.isLooking());
    QCOMPARE(previews(model), QStringList({"message 7", "message 17", "message 27"}));
    log.append(numbered(30, 10));
    QTRY_COMPARE(model.rowCount(), 4);
    QCOMPARE(model.rowOf(17), 1);
    QCOMPARE(model.rowOf(18), -1);
    model.setFilter({});
    QCOMPARE(model.rowCount(), 40);
}

void TestMessageLog::goesOnWhereTheLogForgets() {
    MessageLog log;
    MessageModel model;
    QAbstractItemModelTester tester(&model);
    model.setLog(&log);
    log.setLimit(3000);
    log.append(numbered(0, 40));
    model.setFilter({"7", {}, {}, 0});
    log.append(numbered(40, 40));
    QTRY_VERIFY(!model.isLooking());
    for (int row = 0; row < model.rowCount(); ++row) QVERIFY(model.message(row).payload.find('7') != std::string_view::npos);
    QVERIFY(model.rowCount() > 3);
    log.append(numbered(80, 1000));
    QTRY_VERIFY(!model.isLooking());
    QVERIFY(model.numberOf(0) >= log.firstNumber());
    log.clear();
    QCOMPARE(model.rowCount(), 0);
}

void TestMessageLog::showsAnotherLog() {
    MessageLog live, loaded;
    MessageModel model;
    QAbstractItemModelTester tester(&model);
    live.append(numbered(0, 3));
    loaded.append({record("loaded")});
    model.setLog(&live);
    QCOMPARE(model.rowCount(), 3);
    model.setLog(&loaded);
    live.append(numbered(3, 3));
    QCOMPARE(previews(model), QStringList("loaded"));
    model.setLog(nullptr);
    QCOMPARE(model.rowCount(), 0);
}

void TestMessageLog::holdsAMillionMessages() {
    MessageLog log;
    log.setLimit(std::size_t{80} << 20);
    MessageModel model;
    model.setLog(&log);
    for (int i = 0; i < 250; ++i) log.append(numbered(i * 4000, 4000));
    QCOMPARE(model.rowCount(), 1'000'000);
    QVERIFY(log.bytes() < std::size_t{80} << 20);
    QCOMPARE(model.index(999'999, MessageModel::Preview).data().toString(), QStringLiteral("message 999999"));
    // A search never holds its thread up: each slice is short, whatever there is to look through.
    QElapsedTimer clock;
    qint64 longest = 0;
    model.setFilter({"99999", {}, {}, 0});
    while (model.isLooking()) {
        clock.start();
        QCoreApplication::processEvents();
        longest = std::max(longest, clock.elapsed());
    }
    QCOMPARE(model.rowCount(), 19);
    QVERIFY2(longest < 100, qPrintable(QString::number(longest)));
}

QTEST_GUILESS_MAIN(TestMessageLog)
#include "tst_message_log.moc"
