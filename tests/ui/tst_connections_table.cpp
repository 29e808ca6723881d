#include "ui/connections_table.h"

#include <QApplication>
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QScopeGuard>
#include <QScrollBar>
#include <QTableView>
#include <QTest>

using namespace meerkat;
using namespace meerkat::ui;

namespace {

std::vector<app::ConnectionRow> rows(quint64 first, quint64 last) {
    std::vector<app::ConnectionRow> made;
    for (quint64 id = first; id <= last; ++id) {
        app::ConnectionRow row;
        row.id = id;
        row.remoteIp = "10.0.0." + std::to_string(id % 250);
        row.method = "GET";
        row.target = "/picture-" + std::to_string(id) + ".jpg";
        row.status = 200;
        row.state = app::ConnectionState::Sending;
        row.bytesSent = id * 1000;
        made.push_back(row);
    }
    return made;
}

}  // namespace

class ConnectionsTableTest : public QObject {
    Q_OBJECT
  private slots:
    void keepsSelectionAndPlaceWhileRowsCome();
    void copiesRowsByKeyboard();
    void saysWhatWillAppearInAnEmptyTable();
    void hasRoomForEachState_data();
    void hasRoomForEachState();
    void leavesOutWholeColumnsWhereThereIsNoRoom();
};

void ConnectionsTableTest::keepsSelectionAndPlaceWhileRowsCome() {
    ConnectionsTable table;
    table.resize(700, 300);
    table.show();
    QVERIFY(QTest::qWaitForWindowExposed(&table));
    table.showRows(rows(1, 200));
    auto &view = const_cast<QTableView &>(table.view());
    QVERIFY(view.indexAt({1, 0}).isValid());  // lays the rows out
    view.verticalScrollBar()->setValue(1500);
    const QModelIndex top = view.indexAt({1, 0});
    const quint64 id = top.data(ConnectionModel::IdRole).toULongLong();
    const int offset = view.visualRect(top).top();
    view.selectRow(top.row() + 1);
    const QString selected = table.selectedText();
    table.showRows(rows(1, 260));
    QCOMPARE(view.indexAt({1, 0}).data(ConnectionModel::IdRole).toULongLong(), id);
    QCOMPARE(view.visualRect(view.indexAt({1, 0})).top(), offset);
    QCOMPARE(table.selectedText(), selected);

    std::vector<app::ConnectionRow> odd;
    for (const auto &row : rows(1, 260))
        if (row.id % 2 == (id - 1) % 2 || row.id == id) odd.push_back(row);
    table.showRows(odd);  // a reset: too many vanish to announce each
    QCOMPARE(table.selectedText(), selected);
}

void ConnectionsTableTest::copiesRowsByKeyboard() {
    ConnectionsTable table;
    table.show();
    QVERIFY(QTest::qWaitForWindowActive(&table));
    table.showRows(rows(1, 3));
    auto &view = const_cast<QTableView &>(table.view());
    view.setFocus();
    view.selectAll();
    QTest::keyClick(&view, Qt::Key_C, Qt::ControlModifier);
    const QStringList lines = QGuiApplication::clipboard()->text().split('\n');
    QCOMPARE(lines.size(), 3);
    QVERIFY(lines[0].startsWith("10.0.0.3\tSending\tGET /picture-3.jpg\t200\t"));
}

void ConnectionsTableTest::saysWhatWillAppearInAnEmptyTable() {
    ConnectionsTable table;
    table.show();
    table.showRows({});
    auto *empty = table.findChild<QLabel *>("connectionsEmpty");
    QVERIFY(empty->isVisible());
    QVERIFY(empty->text().contains("appears here"));
    table.showRows(rows(1, 3));
    QVERIFY(!empty->isVisible());
    table.findChild<QLineEdit *>("connectionFilter")->setText("nothing like this");
    QVERIFY(empty->isVisible());
    QVERIFY(empty->text().contains("nothing like this"));
    QCOMPARE(table.findChild<QLabel *>("connectionCount")->text(), "0 of 3");
}

void ConnectionsTableTest::hasRoomForEachState_data() {
    QTest::addColumn<QString>("family");
    QTest::newRow("the system's font") << QString();
    QTest::newRow("a wide font") << "DejaVu Sans";
    QTest::newRow("a font of equal widths") << "DejaVu Sans Mono";
}

void ConnectionsTableTest::hasRoomForEachState() {
    QFETCH(QString, family);
    const QFont before = QGuiApplication::font();
    const auto restore = qScopeGuard([before] { QApplication::setFont(before); });
    if (!family.isEmpty()) QApplication::setFont(QFont(family));
    ConnectionsTable table;
    table.resize(700, 300);
    table.show();
    for (const auto state : {app::ConnectionState::Idle, app::ConnectionState::Reading, app::ConnectionState::Handling,
                             app::ConnectionState::Sending, app::ConnectionState::Closing}) {
        const QString word = connectionStateText(state);
        const int column = table.view().columnWidth(ConnectionModel::State);
        QVERIFY2(column >= table.fontMetrics().horizontalAdvance(word) + 16, qPrintable(word));  // 8 px at each side
    }
}

// Not cut, and back with the room, as wide as they were.
void ConnectionsTableTest::leavesOutWholeColumnsWhereThereIsNoRoom() {
    ConnectionsTable table;
    table.resize(900, 300);
    table.show();
    QVERIFY(QTest::qWaitForWindowExposed(&table));
    const auto isShown = [&](int column) { return !table.view().isColumnHidden(column); };
    QVERIFY(isShown(ConnectionModel::Since) && isShown(ConnectionModel::Status));
    auto &view = const_cast<QTableView &>(table.view());
    view.setColumnWidth(ConnectionModel::Since, 123);
    const auto widthWithout = [&](int column) {
        for (int width = 900; width > 100; width -= 10) {
            table.resize(width, 300);
            if (!isShown(column)) return width;
        }
        return 0;
    };
    // What the rows are in order by is the last to go.
    const int withoutStatus = widthWithout(ConnectionModel::Status);
    QVERIFY(withoutStatus > 0 && isShown(ConnectionModel::Since));
    view.sortByColumn(ConnectionModel::Status, Qt::AscendingOrder);
    QVERIFY(isShown(ConnectionModel::Status) && !isShown(ConnectionModel::Since));
    view.sortByColumn(ConnectionModel::Since, Qt::AscendingOrder);
    const QByteArray state = table.headerState();
    const int withoutSince = widthWithout(ConnectionModel::Since);
    QVERIFY(withoutSince > 0 && withoutSince < withoutStatus);
    QVERIFY(!isShown(ConnectionModel::Status));
    QVERIFY(view.columnWidth(ConnectionModel::Request) >= 24 * view.fontMetrics().averageCharWidth());
    table.resize(900, 300);
    QVERIFY(isShown(ConnectionModel::Since) && isShown(ConnectionModel::Status));
    QCOMPARE(view.columnWidth(ConnectionModel::Since), 123);

    ConnectionsTable later;
    later.resize(900, 300);
    later.show();
    later.restoreHeader(state);
    QVERIFY(!later.view().isColumnHidden(ConnectionModel::Since));
    QCOMPARE(later.view().columnWidth(ConnectionModel::Since), 123);
}

QTEST_MAIN(ConnectionsTableTest)
#include "tst_connections_table.moc"
