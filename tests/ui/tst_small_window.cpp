// The window on a screen that has less than it would like.
#include "support/window_program.h"

#include <QAbstractButton>
#include <QHeaderView>
#include <QLabel>
#include <QLayout>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTabBar>
#include <QTableView>
#include <QTemporaryDir>

using namespace meerkat;
using namespace meerkat::ui;
using app::ServingState;

class SmallWindowTest : public QObject {
    Q_OBJECT
  private slots:
    void init() { m_place = std::make_unique<QTemporaryDir>(); }
    void foldsTheListInANarrowWindow();
    void scrollsWhereTheWindowIsTooSmall_data();
    void scrollsWhereTheWindowIsTooSmall();
    void needsNoScrollBarAtTheSmallestSize();
    void fitsTheNetworksAddressesIntoASmallWindow_data();
    void fitsTheNetworksAddressesIntoASmallWindow();
    void followsAWindowThatShrinksStepByStep();
    void putsTheButtonsOfATroubleBelowItsSentence();

  private:
    QString folder(const QString &name) const {
        QDir(m_place->path()).mkpath(name);
        return m_place->filePath(name);
    }

    // As wide as what is seen of it, and everything in it at its place.
    static void expectAFittingPage(const Program &program) {
        const auto *scroll = qobject_cast<QScrollArea *>(program.part<QStackedWidget>("pages")->currentWidget());
        QVERIFY(scroll);
        QTRY_VERIFY(!scroll->horizontalScrollBar()->isVisible());
        QTRY_COMPARE(scroll->widget()->width(), scroll->viewport()->width());
        const auto *reach = program.part<QWidget>("reach");
        const QRect seen(QPoint(), scroll->widget()->size());
        const auto isWithin = [&](const QWidget *part) {
            return seen.contains(QRect(part->mapTo(scroll->widget(), QPoint()), part->size()));
        };
        QTRY_VERIFY(isWithin(reach));
        const char *code = program.part<QWidget>("qrCode")->isVisible() ? "qrCode" : "showQrCode";
        QVERIFY(program.part<QWidget>(code)->isVisible());
        QTRY_VERIFY(isWithin(program.part<QWidget>(code)));
    }

    std::unique_ptr<QTemporaryDir> m_place;
};

void SmallWindowTest::foldsTheListInANarrowWindow() {
    Program program(m_place->filePath("c.json"));
    program.window->serveFolders({folder("a")});
    QCOMPARE(program.window->minimumSize(), QSize(720, 480));
    QVERIFY(!program.part<QWidget>("serverChooser")->isVisible());
    program.window->setMinimumSize(400, 400);  // as on a screen that has no more
    program.window->resize(600, 480);
    QTRY_VERIFY(program.part<QWidget>("serverChooser")->isVisible());
    QVERIFY(!program.part<QWidget>("servers")->isVisible());
    program.window->resize(800, 480);
    QTRY_VERIFY(program.part<QWidget>("servers")->isVisible());
}

void SmallWindowTest::scrollsWhereTheWindowIsTooSmall_data() {
    QTest::addColumn<QSize>("size");
    QTest::newRow("200 % on 1280x800") << QSize(640, 370);
    QTest::newRow("folded") << QSize(480, 400);
    QTest::newRow("hardly wider than the port and the choice") << QSize(420, 560);
    QTest::newRow("a phone held flat") << QSize(560, 260);
}

// Nothing lies on anything else, and each text has its room.
void SmallWindowTest::scrollsWhereTheWindowIsTooSmall() {
    QFETCH(QSize, size);
    Program program(m_place->filePath("c.json"));
    program.window->setMinimumSize(100, 100);  // as on a screen that has no more
    program.window->resize(size);
    for (const bool isServing : {false, true}) {
        if (isServing) program.window->serveFolders({folder("a")});
        if (isServing) QTRY_COMPARE(program.servers.client(0)->state(), ServingState::Serving);
        QTRY_COMPARE(program.window->size(), size);
        auto *scroll = qobject_cast<QScrollArea *>(program.part<QStackedWidget>("pages")->currentWidget());
        QVERIFY(scroll);
        QTRY_VERIFY(scroll->widget()->height() >=
                    scroll->widget()->layout()->totalMinimumHeightForWidth(scroll->widget()->width()));
        QCOMPARE(scroll->verticalScrollBar()->maximum(), scroll->widget()->height() - scroll->viewport()->height());
        QTRY_VERIFY(!scroll->horizontalScrollBar()->isVisible());
        for (const QLabel *label : scroll->widget()->findChildren<QLabel *>()) {
            if (!label->isVisible() || !label->wordWrap()) continue;
            const QString seen = label->objectName() + ": " + label->text();
            QTRY_VERIFY2(label->height() >= label->heightForWidth(label->width()), qPrintable(seen));
        }
    }
    program.part<QTabBar>("tabs")->setCurrentIndex(1);
    const auto *table = program.part<QTableView>("connections");
    QTRY_VERIFY(table->isVisible());
    QTRY_VERIFY(table->viewport()->height() >= 3 * table->verticalHeader()->defaultSectionSize());
}

void SmallWindowTest::needsNoScrollBarAtTheSmallestSize() {
    Program program(m_place->filePath("c.json"));
    program.window->serveFolders({folder("a")});
    QTRY_COMPARE(program.servers.client(0)->state(), ServingState::Serving);
    program.window->resize(program.window->minimumSize());
    QTRY_COMPARE(program.window->size(), QSize(720, 480));
    const auto *scroll = qobject_cast<QScrollArea *>(program.part<QStackedWidget>("pages")->currentWidget());
    QTRY_COMPARE(scroll->width(), 720 - program.part<QWidget>("servers")->parentWidget()->width());
    QCoreApplication::processEvents();
    QVERIFY2(!scroll->verticalScrollBar()->isVisible(), qPrintable(QString::number(scroll->verticalScrollBar()->maximum())));
    QVERIFY(!scroll->horizontalScrollBar()->isVisible());
    QCOMPARE(scroll->widget()->width(), scroll->viewport()->width());
}

void SmallWindowTest::fitsTheNetworksAddressesIntoASmallWindow_data() {
    QTest::addColumn<QSize>("size");
    QTest::newRow("the smallest") << QSize(720, 480);
    QTest::newRow("200 % on 1280x900") << QSize(640, 420);
    for (int height = 400; height <= 700; height += 20) QTest::addRow("720x%d", height) << QSize(720, height);
}

// Live and after a restart, which finds the choice and the size in force.
void SmallWindowTest::fitsTheNetworksAddressesIntoASmallWindow() {
    QFETCH(QSize, size);
    for (const bool isRestart : {false, true}) {
        Program program(m_place->filePath("c.json"));
        program.window->setMinimumSize(100, 100);  // as on a screen that has no more
        program.window->resize(size);
        if (!isRestart) {
            program.window->serveFolders({folder("a")});
            program.part<QAbstractButton>("reachMyNetwork")->click();
        }
        QTRY_COMPARE(program.servers.client(0)->state(), ServingState::Serving);
        QTRY_COMPARE(program.window->size(), size);
        expectAFittingPage(program);
    }
}

void SmallWindowTest::followsAWindowThatShrinksStepByStep() {
    Program program(m_place->filePath("c.json"));
    program.window->serveFolders({folder("a")});
    program.part<QAbstractButton>("reachMyNetwork")->click();
    QTRY_COMPARE(program.servers.client(0)->state(), ServingState::Serving);
    for (const int width : {960, 800, 760, 740, 730, 720, 730, 800, 960, 720}) {
        program.window->resize(width, 480);
        QTRY_COMPARE(program.window->width(), width);
        expectAFittingPage(program);
    }
}

void SmallWindowTest::putsTheButtonsOfATroubleBelowItsSentence() {
    Program program(m_place->filePath("c.json"));
    program.window->serveFolders({m_place->filePath("no-such-folder")});
    const auto *bar = program.part<QWidget>("troubleBar");
    const auto *sentence = bar->findChild<QLabel *>("noticeSentence");
    const auto *button = bar->findChild<QWidget *>("noticeAction");
    QTRY_VERIFY(bar->isVisible());
    QTRY_VERIFY(button->y() < sentence->geometry().bottom());
    program.window->setMinimumSize(100, 100);
    program.window->resize(480, 400);
    QTRY_VERIFY(button->y() > sentence->geometry().bottom());
    QVERIFY(sentence->width() >= bar->width() / 2);
    QVERIFY(sentence->height() >= sentence->heightForWidth(sentence->width()));
}

QTEST_MAIN(SmallWindowTest)
#include "tst_small_window.moc"
