// Station: tests of websocket_list_model and text_table.
#include "ui/models/text_table.h"
#include "ui/models/websocket_list_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace meerkat;
using namespace meerkat::ui;

namespace {

app::ConnectionRow connection(quint64 id, bool isWebSocket = true) {
    app::ConnectionRow row;
    row.id = id;
    row.remoteIp = id % 2 ? "10.0.0.7" : "fe80::1";
    row.remotePort = 5000;
    row.target = "/chat";
    row.isWebSocket = isWebSocket;
    row.connectedMs = 61'000;
    return row;
}

QList<quint64> ids(const WebSocketListModel &model) {
    QList<quint64> ids;
    for (int row = 0; row < model.rowCount(); ++row) ids << model.index(row).data(WebSocketListModel::IdRole).toULongLong();
    return ids;
}

}  // namespace

class TestWebsocketLists : public QObject {
    Q_OBJECT

  private slots:
    void showsEverybodyAndEachWebSocket();
    void keepsTheChosenOneAsClosed();
    void manyComeAndGo();
    void editsRowsInPlace();
};

void TestWebsocketLists::showsEverybodyAndEachWebSocket() {
    WebSocketListModel model;
    QAbstractItemModelTester tester(&model);
    QCOMPARE(ids(model), QList<quint64>({0}));
    model.update({connection(7), connection(2, false), connection(4)});
    QCOMPARE(ids(model), QList<quint64>({0, 4, 7}));
    QCOMPARE(model.index(1).data().toString(), QStringLiteral("[fe80::1]:5000"));
    QCOMPARE(model.index(2).data().toString(), QStringLiteral("10.0.0.7:5000"));
    QVERIFY(model.index(2).data(WebSocketListModel::DetailRole).toString().contains("/chat"));
    QVERIFY(!model.index(2).data(Qt::AccessibleTextRole).toString().isEmpty());
    QCOMPARE(model.openCount(), 2);
    QCOMPARE(model.rowOf(7), 2);
    QCOMPARE(model.idOf(2), 7u);
    QCOMPARE(model.idOf(9), 0u);
}

void TestWebsocketLists::keepsTheChosenOneAsClosed() {
    WebSocketListModel model;
    QAbstractItemModelTester tester(&model);
    model.update({connection(1), connection(2), connection(3)});
    model.setChosen(2);
    model.update({});
    QCOMPARE(ids(model), QList<quint64>({0, 2}));
    QVERIFY(!model.isOpen(2) && !model.index(1).data(WebSocketListModel::OpenRole).toBool());
    QCOMPARE(model.openCount(), 0);
    model.setChosen(0);
    model.update({connection(5)});
    QCOMPARE(ids(model), QList<quint64>({0, 5}));
    model.clear();
    QCOMPARE(ids(model), QList<quint64>({0}));
}

void TestWebsocketLists::manyComeAndGo() {
    WebSocketListModel model;
    QAbstractItemModelTester tester(&model);
    std::vector<app::ConnectionRow> rows;
    for (quint64 id = 1; id <= 200; ++id) rows.push_back(connection(id));
    model.update(rows);
    QCOMPARE(model.rowCount(), 201);
    std::vector<app::ConnectionRow> some;
    QList<quint64> left{0};
    for (quint64 id = 1; id <= 250; ++id)
        if (id % 3 == 0 || id > 190) {
            some.push_back(connection(id));
            left << id;
        }
    model.update(some);
    QCOMPARE(ids(model), left);
}

void TestWebsocketLists::editsRowsInPlace() {
    TextTable table({"Contains", "Answer"}, true);
    QAbstractItemModelTester tester(&table);
    QSignalSpy edits(&table, &TextTable::edited);
    table.setRows({{{"a", "b"}, true}});
    QCOMPARE(edits.size(), 0);
    QCOMPARE(table.add({{"c"}, true}), 1);
    QVERIFY(table.setData(table.index(1, 1), "d"));
    QVERIFY(table.setData(table.index(0, 0), Qt::Unchecked, Qt::CheckStateRole));
    QVERIFY(!table.setData(table.index(0, 1), Qt::Unchecked, Qt::CheckStateRole));
    QCOMPARE(edits.size(), 3);
    QCOMPARE(table.rows(), QVector<TextTable::Row>({{{"a", "b"}, false}, {{"c", "d"}, true}}));
    table.remove(0);
    table.remove(9);
    QCOMPARE(table.rows().size(), 1);
    QCOMPARE(table.headerData(1, Qt::Horizontal).toString(), QStringLiteral("Answer"));
}

QTEST_GUILESS_MAIN(TestWebsocketLists)
#include "tst_websocket_lists.moc"
