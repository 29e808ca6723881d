#include "ui/models/connection_model.h"
#include "ui/models/connection_sort.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QPersistentModelIndex>
#include <QSignalSpy>
#include <QTest>

using namespace meerkat;
using namespace meerkat::ui;

namespace {

app::ConnectionRow row(quint64 id, const char *ip = "10.0.0.1", const char *target = "/") {
    app::ConnectionRow made;
    made.id = id;
    made.remoteIp = ip;
    made.method = "GET";
    made.target = target;
    made.state = app::ConnectionState::Sending;
    made.status = 200;
    made.bytesSent = id * 100;
    made.connectedMs = 5000;
    return made;
}

std::vector<app::ConnectionRow> rows(quint64 count) {
    std::vector<app::ConnectionRow> made;
    for (quint64 id = 1; id <= count; ++id) made.push_back(row(id));
    return made;
}

QStringList column(const QAbstractItemModel &model, int column) {
    QStringList texts;
    for (int i = 0; i < model.rowCount(); ++i) texts << model.index(i, column).data().toString();
    return texts;
}

}  // namespace

class ConnectionModelTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void showsAConnectionInWords();
    void tellsProgressOnlyWhereTheLengthIsKnown();
    void announcesOnlyTheRowThatChanged();
    void keepsRowsThroughComingAndGoing();
    void resetsWhenMostRowsVanishAtOnce();
    void agesWithoutDisturbingTheOrder();
    void sortsAddressesAsNumbers();
    void sortsTheNewestFirstBySince();
    void filtersByEveryWord();
    void showsNamesAsAPersonKnowsThem();
    void updatesTenThousandRowsWithoutLag();
};

void ConnectionModelTest::showsAConnectionInWords() {
    ConnectionModel model;
    QAbstractItemModelTester tester(&model);
    model.update({row(7, "::ffff:10.0.0.4", "/a b.jpg")});
    const QStringList expected{"10.0.0.4", "Sending", "GET /a b.jpg", "200", QStringLiteral("700\u00a0B"), "5 s"};
    for (int i = 0; i < ConnectionModel::kColumnCount; ++i)
        QCOMPARE(model.index(0, i).data().toString().replace(QStringLiteral("5\u00a0s"), "5 s"), expected[i]);
}

void ConnectionModelTest::tellsProgressOnlyWhereTheLengthIsKnown() {
    ConnectionModel model;
    auto one = row(1);
    one.answerBytes = 200;
    one.answerSent = 50;
    auto unknown = row(2);
    unknown.answerSent = 50;
    model.update({one, unknown});
    QCOMPARE(model.index(0, ConnectionModel::Sent).data(ConnectionModel::ProgressRole).toDouble(), 0.25);
    QVERIFY(!model.index(1, ConnectionModel::Sent).data(ConnectionModel::ProgressRole).isValid());
}

void ConnectionModelTest::announcesOnlyTheRowThatChanged() {
    ConnectionModel model;
    QAbstractItemModelTester tester(&model);
    auto all = rows(5);
    model.update(all);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    all[2].bytesSent += 1;
    model.update(all);
    QCOMPARE(changed.size(), 2);  // the row, and the ages of all
    QCOMPARE(changed[0][0].toModelIndex().row(), 2);
    QCOMPARE(changed[0][1].toModelIndex().row(), 2);
    QCOMPARE(changed[1][0].toModelIndex().column(), int(ConnectionModel::Since));
}

void ConnectionModelTest::keepsRowsThroughComingAndGoing() {
    ConnectionModel model;
    ConnectionSort sort(model);
    QAbstractItemModelTester tester(&model);
    QAbstractItemModelTester sortTester(&sort);
    model.update(rows(6));
    const QPersistentModelIndex kept(model.index(model.rowOf(4), 0));
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.update({row(9), row(6), row(4), row(8)});
    QVERIFY(kept.isValid());
    QCOMPARE(kept.data(ConnectionModel::IdRole).toULongLong(), 4U);
    QCOMPARE(model.rowCount(), 4);
    QCOMPARE(model.rowOf(1), -1);
    QVERIFY(model.rowOf(8) >= 0);
    QVERIFY(reset.isEmpty());
    model.update({});
    QCOMPARE(model.rowCount(), 0);
    QVERIFY(!kept.isValid());
}

void ConnectionModelTest::resetsWhenMostRowsVanishAtOnce() {
    ConnectionModel model;
    model.update(rows(1000));
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    std::vector<app::ConnectionRow> odd;
    for (quint64 id = 1; id <= 1000; id += 2) odd.push_back(row(id));
    model.update(odd);
    QCOMPARE(reset.size(), 1);
    QCOMPARE(model.rowCount(), 500);
}

void ConnectionModelTest::agesWithoutDisturbingTheOrder() {
    ConnectionModel model;
    ConnectionSort sort(model);
    sort.sort(ConnectionModel::Since, Qt::AscendingOrder);
    auto all = rows(3);
    model.update(all);
    QSignalSpy moved(&sort, &QAbstractItemModel::layoutChanged);
    for (auto &one : all) one.connectedMs += 60'000;
    model.update(all);
    QVERIFY(moved.isEmpty());
    QCOMPARE(sort.index(0, ConnectionModel::Since).data().toString().left(1), "1");
}

void ConnectionModelTest::sortsAddressesAsNumbers() {
    ConnectionModel model;
    ConnectionSort sort(model);
    model.update({row(1, "10.0.0.10"), row(2, "10.0.0.9"), row(3, "9.200.0.1"), row(4, "10.0.0.9")});
    sort.sort(ConnectionModel::Client, Qt::AscendingOrder);
    QCOMPARE(column(sort, ConnectionModel::Client), QStringList({"9.200.0.1", "10.0.0.9", "10.0.0.9", "10.0.0.10"}));
}

void ConnectionModelTest::sortsTheNewestFirstBySince() {
    ConnectionModel model;
    ConnectionSort sort(model);
    sort.sort(ConnectionModel::Since, Qt::AscendingOrder);
    model.update({row(2), row(9), row(5)});
    QCOMPARE(sort.index(0, 0).data(ConnectionModel::IdRole).toInt(), 9);
    QCOMPARE(sort.index(2, 0).data(ConnectionModel::IdRole).toInt(), 2);
}

void ConnectionModelTest::filtersByEveryWord() {
    ConnectionModel model;
    ConnectionSort sort(model);
    QAbstractItemModelTester tester(&sort);
    model.update({row(1, "10.0.0.1", "/Film.mp4"), row(2, "10.0.0.2", "/film.mp4"), row(3, "10.0.0.1", "/a.txt")});
    sort.setFilterText("film  0.1");
    QCOMPARE(sort.rowCount(), 1);
    QCOMPARE(sort.index(0, 0).data(ConnectionModel::IdRole).toInt(), 1);
    sort.setFilterText("");
    QCOMPARE(sort.rowCount(), 3);
}

// A bound far above what it takes (about 10 ms), far below what a person waits for.
void ConnectionModelTest::showsNamesAsAPersonKnowsThem() {
    ConnectionModel model;
    ConnectionSort sort(model);
    model.update(
        {row(1, "10.0.0.1", "/a%20b/%D8%AA%D9%82.pdf?x=%41"), row(2, "10.0.0.1", "/%FF%20"), row(3, "10.0.0.1", "/%0A")});
    const QString name = QString::fromUtf8("\xd8\xaa\xd9\x82");
    QCOMPARE(model.index(0, ConnectionModel::Request).data().toString(), "GET /a b/" + name + ".pdf?x=%41");
    QCOMPARE(model.index(1, ConnectionModel::Request).data().toString(), "GET /%FF%20");
    QVERIFY(!model.index(2, ConnectionModel::Request).data().toString().contains('\n'));
    for (const QString &words : {name, QStringLiteral("%D8%AA"), QStringLiteral("a b")}) {
        sort.setFilterText(words);
        QCOMPARE(sort.rowCount(), 1);
    }
}

void ConnectionModelTest::updatesTenThousandRowsWithoutLag() {
    ConnectionModel model;
    ConnectionSort sort(model);
    sort.sort(ConnectionModel::Sent, Qt::DescendingOrder);
    auto all = rows(10'000);
    model.update(all);
    qint64 slowestMs = 0;
    for (int round = 0; round < 5; ++round) {
        for (auto &one : all) one.bytesSent += one.id % 977;
        QElapsedTimer timer;
        timer.start();
        model.update(all);
        slowestMs = std::max(slowestMs, timer.elapsed());
    }
    qInfo("slowest update of 10,000 changed and sorted rows: %lld ms", static_cast<long long>(slowestMs));
    QVERIFY(slowestMs < 2000);
    QCOMPARE(sort.rowCount(), 10'000);
}

QTEST_GUILESS_MAIN(ConnectionModelTest)
#include "tst_connection_model.moc"
