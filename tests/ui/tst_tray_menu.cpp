// What the tray says and does, with the window beside it.
#include "support/window_program.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QMenu>
#include <QTemporaryDir>

using namespace meerkat;
using namespace meerkat::ui;
using app::ServingState;

class TrayMenuTest : public QObject {
    Q_OBJECT
  private slots:
    void init() { m_place = std::make_unique<QTemporaryDir>(); }
    void actsFromTheTrayMenu();
    void givesEachOfSeveralFoldersItsOwnTrayMenu();
    void saysThatThereIsNoFolder();
    void tellsTroubleToWhoSeesNoWindow();

  private:
    QString folder(const QString &name) const {
        QDir(m_place->path()).mkpath(name);
        return m_place->filePath(name);
    }

    std::unique_ptr<QTemporaryDir> m_place;
};

void TrayMenuTest::actsFromTheTrayMenu() {
    Program program(m_place->filePath("c.json"));
    program.window->serveFolders({folder("Pictures")});
    app::EngineClient &client = *program.servers.client(0);
    QTRY_COMPARE(client.state(), ServingState::Serving);
    QCOMPARE(program.tray.toolTip(), "Serving Pictures, no visitors");
    const auto action = [&program](const char *name) {
        return program.tray.menu().findChild<QAction *>(QString::fromLatin1(name));
    };
    action("trayCopyAddress")->trigger();
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("http://127.0.0.1:%1/").arg(client.port()));
    QCOMPARE(action("trayToggle")->text(), "&Stop Pictures");
    action("trayToggle")->trigger();
    QTRY_COMPARE(client.state(), ServingState::Stopped);
    QCOMPARE(action("trayToggle")->text(), "&Start Pictures");
    QCOMPARE(action("trayCopyAddress")->text(), "Pictures is stopped");
    QVERIFY(!action("trayOpen")->isEnabled());
    QCOMPARE(program.tray.toolTip(), "Meerkat is not serving");
}

void TrayMenuTest::givesEachOfSeveralFoldersItsOwnTrayMenu() {
    Program program(m_place->filePath("c.json"));
    program.window->serveFolders({folder("Pictures"), folder("R&D")});
    for (const int row : {0, 1}) QTRY_COMPARE(program.servers.client(row)->state(), ServingState::Serving);
    const auto menuOf = [&program](int number) {
        return program.tray.menu().findChild<QMenu *>(QStringLiteral("trayFolder%1").arg(number));
    };
    const auto action = [&](int number, const char *name) {
        return menuOf(number)->findChild<QAction *>(QString::fromLatin1(name));
    };
    QCOMPARE(menuOf(1)->title(), QStringLiteral("Pictures (:%1)").arg(program.servers.client(0)->port()));
    action(1, "trayCopyAddress")->trigger();
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("http://127.0.0.1:%1/").arg(program.servers.client(0)->port()));
    QCOMPARE(action(2, "trayToggle")->text(), "&Stop R&&D");
    action(2, "trayToggle")->trigger();
    QTRY_COMPARE(program.servers.client(1)->state(), ServingState::Stopped);
    QCOMPARE(program.servers.client(0)->state(), ServingState::Serving);
    QCOMPARE(menuOf(2)->title(), "R&&D (stopped)");
    program.servers.remove(1);
    QVERIFY(!menuOf(1) || !program.tray.menu().actions().contains(menuOf(1)->menuAction()));
    QTRY_VERIFY(program.tray.menu().findChild<QAction *>("trayToggle", Qt::FindDirectChildrenOnly));
    QCOMPARE(program.tray.menu().findChild<QAction *>("trayToggle", Qt::FindDirectChildrenOnly)->text(), "&Stop Pictures");
}

void TrayMenuTest::saysThatThereIsNoFolder() {
    const Program program(m_place->filePath("c.json"));
    const QAction *first = program.tray.menu().actions().first();
    QCOMPARE(first->text(), "No folder yet");
    QVERIFY(!first->isEnabled());
    QVERIFY(!program.tray.menu().findChild<QAction *>("trayToggle"));
}

void TrayMenuTest::tellsTroubleToWhoSeesNoWindow() {
    const auto messages = [] {
        int shown = 0;
        for (const QWidget *widget : QApplication::topLevelWidgets())
            if (widget->inherits("QBalloonTip") && widget->isVisible()) ++shown;
        return shown;
    };
    Program program(m_place->filePath("c.json"));
    program.tray.show();
    QVERIFY(TrayIcon::canTell());
    app::EngineClient &seen = *program.servers.client(program.servers.add(app::ServerProfile::forFolder("/no/such/folder")));
    seen.start();
    QTRY_COMPARE(seen.state(), ServingState::Trouble);
    QCOMPARE(messages(), 0);
    seen.stop();
    QTRY_COMPARE(seen.state(), ServingState::Stopped);
    program.window->hide();
    seen.start();
    QTRY_COMPARE(seen.state(), ServingState::Trouble);
    QTRY_COMPARE(messages(), 1);
}

QTEST_MAIN(TrayMenuTest)
#include "tst_tray_menu.moc"
