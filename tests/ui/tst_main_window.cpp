#include "app/engine_client.h"
#include "support/window_program.h"
#include "ui/connections_table.h"
#include "ui/models/overview.h"
#include "ui/models/serving.h"
#include "ui/widgets/toggle_switch.h"

#include <QAbstractButton>
#include <QAction>
#include <QDir>
#include <QDropEvent>
#include <QFile>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMimeData>
#include <QRegularExpression>
#include <QStackedWidget>
#include <QTabBar>
#include <QTableView>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

using namespace meerkat;
using namespace meerkat::ui;
using app::ServingState;

class MainWindowTest : public QObject {
    Q_OBJECT
  private slots:
    void init();
    void welcomesWhoServesNothingYet();
    void servesADroppedFolder();
    void asksBeforeItServesTheFolderOfADroppedFile();
    void stopsAndStartsByTheSwitch();
    void listensOnTheNetworkOnlyWhenAsked();
    void saysATakenPortAndTakesTheWayOut();
    void saysThatTheFolderVanished();
    void saysTheSameOfAFolderThatVanishedWhileServed();
    void namesTheFolderOfOursThatHoldsThePort();
    void refusesABadPortBesideTheField();
    void bringsBackARemovedFolder();
    void remembersColumnsAndPlace();
    void namesEverythingAPersonCanActOn();
    void asksAgainWhenClosingIfThePersonWantsIt();
    void goesByKeyboardTheWayTheEyeGoes();
    void goesFromPageToPage();
    void followsAnotherPort();
    void saysWhyTheNetworkWasRefused();
    void highlightsTheFolderThatThePageShows();
    void bringsBackEveryRemovedFolder();
    void takesAPortThatWasTypedBeforeTheEnd();
    void keepsAPortThatIsChosenWhileTheFolderIsAway();
    void bringsBackNoFolderTwice();
    void offersTheFolderOfAFileThatIsNamed();

  private:
    QString folder(const QString &name) const;
    void drop(const Program &program, const QString &path) const;

    std::unique_ptr<QTemporaryDir> m_place;
};

void MainWindowTest::init() { m_place = std::make_unique<QTemporaryDir>(); }

QString MainWindowTest::folder(const QString &name) const {
    QDir(m_place->path()).mkpath(name);
    return m_place->filePath(name);
}

void MainWindowTest::drop(const Program &program, const QString &path) const {
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(path)});
    QDragEnterEvent enter(QPoint(9, 9), Qt::CopyAction, &data, Qt::LeftButton, {});
    QVERIFY(QCoreApplication::sendEvent(program.window.get(), &enter));
    QVERIFY(enter.isAccepted());
    QDropEvent dropped(QPointF(9, 9), Qt::CopyAction, &data, Qt::LeftButton, {});
    QVERIFY(QCoreApplication::sendEvent(program.window.get(), &dropped));
}

void MainWindowTest::welcomesWhoServesNothingYet() {
    Program program(m_place->filePath("c.json"));
    QVERIFY(program.part<QWidget>("chooseFolder")->isVisible());
    QVERIFY(!program.part<QWidget>("servers")->isVisible());
    QVERIFY(!program.part<QWidget>("servingSwitch")->isVisible());
}

void MainWindowTest::servesADroppedFolder() {
    Program program(m_place->filePath("c.json"));
    drop(program, folder("Pictures"));
    QCOMPARE(program.servers.rowCount(), 1);
    QCOMPARE(program.part<QLabel>("folderName")->text(), "Pictures");
    QTRY_COMPARE(program.servers.client(0)->state(), ServingState::Serving);
    QVERIFY(program.part<QAbstractButton>("servingSwitch")->isChecked());
    QVERIFY(program.part<QAbstractButton>("addressLink")->text().startsWith("http://127.0.0.1:"));
    QVERIFY(program.part<QWidget>("servers")->isVisible());
}

void MainWindowTest::asksBeforeItServesTheFolderOfADroppedFile() {
    Program program(m_place->filePath("c.json"));
    QFile file(folder("Pictures") + "/a.jpg");
    QVERIFY(file.open(QIODevice::WriteOnly));
    drop(program, file.fileName());
    QCOMPARE(program.servers.rowCount(), 0);
    auto *notice = program.part<QWidget>("noticeBar");
    QVERIFY(notice->isVisible());
    notice->findChild<QAbstractButton *>("noticeAction")->click();
    QCOMPARE(program.servers.rowCount(), 1);
}

void MainWindowTest::stopsAndStartsByTheSwitch() {
    Program program(m_place->filePath("c.json"));
    program.window->serveFolders({folder("a")});
    app::EngineClient &client = *program.servers.client(0);
    auto *toggle = program.part<QAbstractButton>("servingSwitch");
    QTRY_COMPARE(client.state(), ServingState::Serving);
    toggle->click();
    QTRY_COMPARE(client.state(), ServingState::Stopped);
    QVERIFY(!toggle->isChecked());
    QVERIFY(!program.part<QWidget>("addressLink")->isVisible());
    toggle->click();
    QTRY_COMPARE(client.state(), ServingState::Serving);
}

// The choice is looked at, not taken: a test listens on this computer only.
void MainWindowTest::listensOnTheNetworkOnlyWhenAsked() {
    Program program(m_place->filePath("c.json"));
    program.window->serveFolders({folder("a")});
    QVERIFY(program.part<QAbstractButton>("reachThisComputer")->isChecked());
    QVERIFY(!program.part<QAbstractButton>("reachMyNetwork")->isChecked());
    QVERIFY(!program.part<QWidget>("qrCode")->isVisible());
    QCOMPARE(program.servers.client(0)->profile().reach, app::Reach::ThisComputer);
    program.servers.client(0)->stop();
    QTRY_COMPARE(program.servers.client(0)->state(), ServingState::Stopped);
    program.part<QAbstractButton>("reachMyNetwork")->click();
    QCOMPARE(program.servers.client(0)->profile().reach, app::Reach::MyNetwork);
}

void MainWindowTest::saysATakenPortAndTakesTheWayOut() {
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    Program program(m_place->filePath("c.json"));
    app::ServerProfile profile = app::ServerProfile::forFolder(folder("a"));
    profile.port = other.serverPort();
    profile.portWasChosen = true;
    program.servers.client(program.servers.add(profile))->start();
    auto *bar = program.part<QWidget>("troubleBar");
    QTRY_VERIFY(bar->isVisible());
    QVERIFY(bar->findChild<QLabel *>("noticeSentence")->text().contains(QString::number(other.serverPort())));
    QVERIFY(program.part<QAbstractButton>("servingSwitch")->isChecked());  // where the person put it
    auto *way = bar->findChild<QAbstractButton *>("noticeAction");
    QVERIFY(way->text().startsWith("Use "));
    way->click();
    QTRY_COMPARE(program.servers.client(0)->state(), ServingState::Serving);
    QVERIFY(!bar->isVisible());
}

void MainWindowTest::saysThatTheFolderVanished() {
    Program program(m_place->filePath("c.json"));
    program.window->serveFolders({m_place->filePath("no-such-folder")});
    auto *bar = program.part<QWidget>("troubleBar");
    QTRY_VERIFY(bar->isVisible());
    QVERIFY(bar->findChild<QLabel *>("noticeSentence")->text().contains("no-such-folder"));
    QCOMPARE(bar->findChild<QAbstractButton *>("noticeAction")->text(), QStringLiteral("Choose another folder…"));
    QVERIFY(program.part<QAbstractButton>("servingSwitch")->isChecked());  // it waits for the folder
    folder("no-such-folder");
    bar->findChild<QAbstractButton *>("noticeSecondAction")->click();
    QTRY_COMPARE(program.servers.client(0)->state(), ServingState::Serving);
}

// One truth, wherever one looks.
void MainWindowTest::saysTheSameOfAFolderThatVanishedWhileServed() {
    Program program(m_place->filePath("c.json"));
    program.window->serveFolders({folder("Pictures")});
    const app::EngineClient &client = *program.servers.client(0);
    QTRY_COMPARE(client.state(), ServingState::Serving);
    const auto statusLine = [&program] { return program.part<QLabel>("statusLine")->text(); };
    QVERIFY(QDir(m_place->path()).rename("Pictures", "elsewhere"));
    QTRY_COMPARE_WITH_TIMEOUT(client.state(), ServingState::Trouble, 15000);

    const QString sentence = "The folder Pictures is no longer there. It is served again as soon as it is back.";
    auto *toggle = program.part<ToggleSwitch>("servingSwitch");
    auto *bar = program.part<QWidget>("troubleBar");
    QCOMPARE(toggle->word(), "In trouble");
    QCOMPARE(toggle->accessibleDescription(), sentence);
    QCOMPARE(statusLine(), "0 of 1 serving · 1 in trouble");
    QCOMPARE(program.window->windowTitle(), "Pictures is in trouble");
    QCOMPARE(program.servers.index(0).data(ServerListModel::DetailRole).toString(), "no longer there");
    QCOMPARE(program.servers.index(0).data(Qt::AccessibleTextRole).toString(), "Pictures, " + sentence);
    QCOMPARE(program.tray.toolTip(), sentence);
    QVERIFY(bar->isVisible());
    QCOMPARE(bar->findChild<QLabel *>("noticeSentence")->text(), sentence);
    QCOMPARE(bar->findChild<QAbstractButton *>("noticeAction")->text(), QStringLiteral("Choose another folder…"));
    QVERIFY(!program.part<QWidget>("addressLink")->isVisible());
    QCOMPARE(program.part<QLabel>("connectionsEmpty")->text(), "Nobody can open the folder while it is in trouble.");

    QVERIFY(QDir(m_place->path()).rename("elsewhere", "Pictures"));
    QTRY_COMPARE_WITH_TIMEOUT(client.state(), ServingState::Serving, 15000);
    QCOMPARE(toggle->word(), "Serving");
    QVERIFY(toggle->accessibleDescription().isEmpty());
    QVERIFY(statusLine().startsWith("1 of 1 serving · no visitors"));
    QCOMPARE(program.window->windowTitle(), "Pictures");
    QCOMPARE(program.tray.toolTip(), "Serving Pictures, no visitors");
    QVERIFY(!bar->isVisible());
    QVERIFY(program.part<QWidget>("addressLink")->isVisible());
}

void MainWindowTest::namesTheFolderOfOursThatHoldsThePort() {
    Program program(m_place->filePath("c.json"));
    program.window->serveFolders({folder("Pictures"), folder("site")});
    QTRY_COMPARE(program.servers.client(0)->state(), ServingState::Serving);
    QTRY_COMPARE(program.servers.client(1)->state(), ServingState::Serving);
    const quint16 taken = program.servers.client(0)->port();
    auto *field = program.part<QLineEdit>("port");
    field->selectAll();
    QTest::keyClicks(field, QString::number(taken));
    QTest::keyClick(field, Qt::Key_Return);
    auto *reason = program.part<QLabel>("portReason");
    QTRY_VERIFY(reason->isVisible());
    QVERIFY2(reason->text().contains(QStringLiteral("Port %1 is used by your folder Pictures.").arg(taken)),
             qPrintable(reason->text()));
}

void MainWindowTest::refusesABadPortBesideTheField() {
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    Program program(m_place->filePath("c.json"));
    program.window->serveFolders({folder("a")});
    app::EngineClient &client = *program.servers.client(0);
    QTRY_COMPARE(client.state(), ServingState::Serving);
    const quint16 before = client.port();
    auto *field = program.part<QLineEdit>("port");
    field->selectAll();
    QTest::keyClicks(field, QString::number(other.serverPort()));
    QTest::keyClick(field, Qt::Key_Return);
    auto *reason = program.part<QLabel>("portReason");
    QTRY_VERIFY(reason->isVisible());
    QVERIFY(reason->text().contains(QStringLiteral("The port stays %1.").arg(before)));
    QCOMPARE(client.port(), before);
    QCOMPARE(client.state(), ServingState::Serving);
    QCOMPARE(field->text(), QString::number(other.serverPort()));
    // The way out stands in the sentence.
    const QRegularExpressionMatch way = QRegularExpression("href=\"([0-9]+)\"").match(reason->text());
    QVERIFY(way.hasMatch());
    emit reason->linkActivated(way.captured(1));
    QTRY_COMPARE(QString::number(client.port()), way.captured(1));
    QTRY_VERIFY(!reason->isVisible());
}

void MainWindowTest::bringsBackARemovedFolder() {
    Program program(m_place->filePath("c.json"));
    program.window->serveFolders({folder("a"), folder("b")});
    QVERIFY(program.isActive);
    auto *list = program.part<QListView>("servers");
    list->setFocus();
    QTest::keyClick(list, Qt::Key_Delete);
    QCOMPARE(program.servers.rowCount(), 1);
    program.part<QWidget>("noticeBar")->findChild<QAbstractButton *>("noticeAction")->click();
    QCOMPARE(program.servers.rowCount(), 2);
    QCOMPARE(program.part<QLabel>("folderName")->text(), "b");
}

void MainWindowTest::remembersColumnsAndPlace() {
    QByteArray header;
    {
        Program program(m_place->filePath("c.json"));
        program.window->serveFolders({folder("a"), folder("b")});
        program.window->resize(800, 500);
        program.part<QTableView>("connections")->sortByColumn(ConnectionModel::Sent, Qt::DescendingOrder);
        QTRY_COMPARE(program.window->size(), QSize(800, 500));
        QVERIFY(QTest::qWaitForWindowExposed(program.window.get()));
        program.session.saveNow();
    }
    Program program(m_place->filePath("c.json"));
    QTRY_COMPARE(program.window->size(), QSize(800, 500));
    const auto *columns = program.part<QTableView>("connections")->horizontalHeader();
    QCOMPARE(columns->sortIndicatorSection(), int(ConnectionModel::Sent));
    QCOMPARE(columns->sortIndicatorOrder(), Qt::DescendingOrder);
    QCOMPARE(program.part<QLabel>("folderName")->text(), "b");
}

void MainWindowTest::namesEverythingAPersonCanActOn() {
    Program program(m_place->filePath("c.json"));
    program.window->serveFolders({folder("a")});
    for (const QWidget *widget : program.window->findChildren<QWidget *>()) {
        const bool canBeUsed = widget->focusPolicy() != Qt::NoFocus &&
                               (qobject_cast<const QAbstractButton *>(widget) || qobject_cast<const QLineEdit *>(widget));
        const bool isQtOwn =
            widget->objectName().startsWith("qt_") || widget->metaObject()->className() == QByteArray("QTableCornerButton");
        if (!canBeUsed || isQtOwn) continue;
        const auto *button = qobject_cast<const QAbstractButton *>(widget);
        const QString said = widget->accessibleName().isEmpty() && button ? button->text() : widget->accessibleName();
        QVERIFY2(!widget->objectName().isEmpty(), widget->metaObject()->className());
        if (widget->isVisible()) QVERIFY2(!said.isEmpty(), qPrintable(widget->objectName()));
    }
}

void MainWindowTest::asksAgainWhenClosingIfThePersonWantsIt() {
    {
        const Program program(m_place->filePath("c.json"));
        QVERIFY(!program.part<QAction>("actionAskAgain")->isVisible());
    }
    app::ProfileStore store(m_place->filePath("c.json"));
    app::StoredState state = store.load();
    state.closeWithoutTray = app::CloseAction::Quit;
    QVERIFY(store.save(state));
    const Program program(m_place->filePath("c.json"));
    auto *askAgain = program.part<QAction>("actionAskAgain");
    QVERIFY(askAgain->isVisible());
    askAgain->trigger();
    QCOMPARE(program.session.state().closeWithoutTray, app::CloseAction::Ask);
    QVERIFY(!askAgain->isVisible());
}

void MainWindowTest::goesByKeyboardTheWayTheEyeGoes() {
    Program program(m_place->filePath("c.json"));
    program.window->serveFolders({folder("a")});
    QTRY_COMPARE(program.servers.client(0)->state(), ServingState::Serving);
    QVERIFY(program.isActive);
    program.part<QWidget>("servingSwitch")->setFocus();
    const auto walk = [](Qt::KeyboardModifiers modifiers, int steps) {
        QStringList way;
        for (int i = 0; i < steps; ++i) {
            QTest::keyClick(QApplication::focusWidget(), modifiers ? Qt::Key_Backtab : Qt::Key_Tab, modifiers);
            way << QApplication::focusWidget()->objectName();
        }
        return way;
    };
    const QStringList way{"tabs", "reachThisComputer", "port", "addressLink", "addressCopy", "addressOpen"};
    QCOMPARE(walk(Qt::NoModifier, 6), way);
    QCOMPARE(walk(Qt::ShiftModifier, 5), QStringList({"addressCopy", "addressLink", "port", "reachThisComputer", "tabs"}));
}

// By the arrows of the row, by Ctrl+F, and at the next start.
void MainWindowTest::goesFromPageToPage() {
    {
        Program program(m_place->filePath("c.json"));
        program.window->serveFolders({folder("a"), folder("b")});
        auto *row = program.part<QTabBar>("tabs");
        QVERIFY(program.part<QWidget>("sharePage")->isVisible());
        QVERIFY(!program.part<QWidget>("connectionsPage")->isVisible());
        QVERIFY(program.isActive);
        row->setFocus();
        for (int i = 1; i < row->count(); ++i) {
            QTest::keyClick(row, Qt::Key_Right);
            QCOMPARE(row->currentIndex(), i);
        }
        row->setCurrentIndex(0);
        QTest::keyClick(program.window.get(), Qt::Key_F, Qt::ControlModifier);
        QVERIFY(program.part<QWidget>("connectionsPage")->isVisible());
        QCOMPARE(QApplication::focusWidget(), program.part<QWidget>("connectionFilter"));
        program.part<QListView>("servers")->setCurrentIndex(program.servers.index(0));
        QVERIFY(program.part<QWidget>("connectionsPage")->isVisible());
        program.session.saveNow();
    }
    const Program program(m_place->filePath("c.json"));
    QVERIFY(program.part<QWidget>("connectionsPage")->isVisible());
    QVERIFY(!program.part<QWidget>("sharePage")->isVisible());
}

// The page, the link and what is copied follow at once, whoever changed the port.
void MainWindowTest::followsAnotherPort() {
    Program program(m_place->filePath("c.json"));
    program.window->serveFolders({folder("a")});
    app::EngineClient &client = *program.servers.client(0);
    QTRY_COMPARE(client.state(), ServingState::Serving);
    auto *link = program.part<QAbstractButton>("addressLink");
    auto *port = program.part<QLineEdit>("port");
    for (int round = 0; round < 3; ++round) {
        QTcpServer probe;
        QVERIFY(probe.listen(QHostAddress::LocalHost));
        const QString wanted = QString::number(probe.serverPort());
        probe.close();
        port->setFocus();
        port->selectAll();
        QTest::keyClicks(port, wanted);
        QTest::keyClick(port, Qt::Key_Return);
        QTRY_COMPARE(QString::number(client.port()), wanted);
        QTRY_COMPARE(link->text(), "http://127.0.0.1:" + wanted + "/");
        QCOMPARE(port->text(), wanted);
    }
    QTest::keyClicks(port, "99");
    QTest::keyClick(port, Qt::Key_Escape);
    QCOMPARE(port->text(), QString::number(client.port()));
}

// A choice that springs back says why, and the way out leads to what was wanted.
void MainWindowTest::saysWhyTheNetworkWasRefused() {
    Program program(m_place->filePath("c.json"));
    program.window->serveFolders({folder("a")});
    app::EngineClient &client = *program.servers.client(0);
    QTRY_COMPARE(client.state(), ServingState::Serving);
    choosePort(client, client.port());
    QTRY_VERIFY(client.profile().portWasChosen);
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress("127.0.0.2"), client.port()));
    auto *network = program.part<QAbstractButton>("reachMyNetwork");
    auto *reason = program.part<QLabel>("portReason");
    network->click();
    QTRY_VERIFY(reason->isVisible());
    QVERIFY(program.part<QAbstractButton>("reachThisComputer")->isChecked());
    QVERIFY(reason->text().contains(QString::number(client.port())));
    QVERIFY2(reason->text().contains("Still only for this computer."), qPrintable(reason->text()));
    QVERIFY2(!reason->text().contains("The port stays"), qPrintable(reason->text()));
    other.close();
    QTest::qWait(50);
    QVERIFY(reason->isVisible());
    program.part<QAbstractButton>("servingSwitch")->click();
    QTRY_COMPARE(client.state(), ServingState::Stopped);
    program.part<QAbstractButton>("servingSwitch")->click();
    QTRY_COMPARE(client.state(), ServingState::Serving);
    QVERIFY(!reason->isVisible());
}

void MainWindowTest::highlightsTheFolderThatThePageShows() {
    Program program(m_place->filePath("c.json"));
    program.window->serveFolders({folder("a"), folder("b"), folder("c")});
    auto *list = program.part<QListView>("servers");
    // As assistive tools do it.
    list->selectionModel()->select(program.servers.index(0), QItemSelectionModel::ClearAndSelect);
    QTRY_COMPARE(program.part<QLabel>("folderName")->text(), "a");
    list->selectionModel()->clearSelection();
    QTRY_COMPARE(list->selectionModel()->selectedIndexes(), QModelIndexList{program.servers.index(0)});
}

void MainWindowTest::bringsBackEveryRemovedFolder() {
    Program program(m_place->filePath("c.json"));
    program.window->serveFolders({folder("a"), folder("b"), folder("c")});
    auto *list = program.part<QListView>("servers");
    list->setFocus();
    for (int i = 0; i < 3; ++i) QTest::keyClick(list, Qt::Key_Delete);
    QCOMPARE(program.servers.rowCount(), 0);
    program.window->findChild<QAction *>("actionUndo")->trigger();
    QVERIFY(program.part<QWidget>("noticeBar")->isVisible());
    program.part<QWidget>("noticeBar")->findChild<QAbstractButton *>("noticeAction")->click();
    program.window->findChild<QAction *>("actionUndo")->trigger();
    QCOMPARE(program.servers.rowCount(), 3);
    QVERIFY(!program.part<QWidget>("noticeBar")->isVisible());
    program.window->findChild<QAction *>("actionUndo")->trigger();
    QCOMPARE(program.servers.rowCount(), 3);
}

void MainWindowTest::takesAPortThatWasTypedBeforeTheEnd() {
    {
        Program program(m_place->filePath("c.json"));
        program.window->serveFolders({folder("a")});
        QTRY_COMPARE(program.servers.client(0)->state(), ServingState::Serving);
        auto *port = program.part<QLineEdit>("port");
        port->setFocus();
        port->selectAll();
        QTest::keyClicks(port, "8765");
        program.window.reset();
        QCOMPARE(program.servers.client(0)->profile().port, 8765);
    }
    Program next(m_place->filePath("c.json"));
    QCOMPARE(next.servers.client(0)->profile().port, 8765);
}

void MainWindowTest::keepsAPortThatIsChosenWhileTheFolderIsAway() {
    Program program(m_place->filePath("c.json"));
    program.window->serveFolders({folder("Pictures")});
    app::EngineClient &client = *program.servers.client(0);
    QTRY_COMPARE(client.state(), ServingState::Serving);
    QVERIFY(QDir(m_place->path()).rename("Pictures", "elsewhere"));
    QTRY_COMPARE_WITH_TIMEOUT(client.state(), ServingState::Trouble, 15000);
    QTcpServer probe;
    QVERIFY(probe.listen(QHostAddress::LocalHost));
    const quint16 wanted = probe.serverPort();
    probe.close();
    choosePort(client, wanted);
    QTRY_COMPARE(client.port(), wanted);
    QTRY_COMPARE(client.state(), ServingState::Trouble);
    QVERIFY(QDir(m_place->path()).rename("elsewhere", "Pictures"));
    QTRY_COMPARE_WITH_TIMEOUT(client.state(), ServingState::Serving, 15000);
    QCOMPARE(client.port(), wanted);
}

void MainWindowTest::bringsBackNoFolderTwice() {
    Program program(m_place->filePath("c.json"));
    program.window->serveFolders({folder("a"), folder("b")});
    const QString id = program.servers.client(1)->profile().id;
    setServing(*program.servers.client(1), false);
    program.session.removeServer(1);
    program.window->serveFolders({folder("b")});
    QVERIFY(program.servers.client(1)->profile().wasServing);
    QCOMPARE(program.session.undoRemove(), 1);
    QCOMPARE(program.servers.rowCount(), 2);
    QCOMPARE(program.servers.client(1)->profile().id, id);
    QVERIFY(program.servers.client(1)->profile().wasServing);
}

void MainWindowTest::offersTheFolderOfAFileThatIsNamed() {
    Program program(m_place->filePath("c.json"));
    QFile file(folder("Pictures") + "/a.jpg");
    QVERIFY(file.open(QIODevice::WriteOnly));
    program.window->serveFolders({file.fileName()});
    QCOMPARE(program.servers.rowCount(), 0);
    program.part<QWidget>("noticeBar")->findChild<QAbstractButton *>("noticeAction")->click();
    QCOMPARE(program.servers.index(0).data().toString(), "Pictures");
}

QTEST_MAIN(MainWindowTest)
#include "tst_main_window.moc"
