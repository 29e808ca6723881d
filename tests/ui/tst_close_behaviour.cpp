// What closing the window means: on a desktop without a tray as the person chose, and once said on one with a tray.
// DESKTOP_TRAY tells which of the two this desktop is.
#include "app/profile_store.h"
#include "ui/close_behaviour.h"
#include "ui/models/server_list_model.h"
#include "ui/models/session.h"
#include "ui/tray_icon.h"

#include <QAbstractButton>
#include <QApplication>
#include <QMessageBox>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

using namespace meerkat;
using namespace meerkat::ui;

Q_DECLARE_METATYPE(meerkat::ui::CloseDecision)
Q_DECLARE_METATYPE(meerkat::app::CloseAction)

namespace {

struct Program {
    explicit Program(const QString &config)
        : store(config), session(store, servers), tray(servers, false), closing(session, tray) {
        session.restore();
    }

    app::ProfileStore store;
    ServerListModel servers;
    Session session;
    TrayIcon tray;
    CloseBehaviour closing;
    QWidget window;
};

// Presses a button of the question as soon as it is there.
void answerWith(const char *button, bool isRemembered) {
    QTimer::singleShot(0, qApp, [button, isRemembered] {
        QWidget *question = QApplication::activeModalWidget();
        QVERIFY(question && question->objectName() == "closeQuestion");
        if (isRemembered) question->findChild<QAbstractButton *>("closeRemember")->setChecked(true);
        question->findChild<QAbstractButton *>(QString::fromLatin1(button))->click();
    });
}

bool hasTray() { return qEnvironmentVariable("DESKTOP_TRAY", "yes") == "yes"; }

}  // namespace

class CloseBehaviourTest : public QObject {
    Q_OBJECT
  private slots:
    void knowsWhetherThereIsATray();
    void doesAsThePersonAnswers_data();
    void doesAsThePersonAnswers();
    void promisesNothingWhereNothingIsServed();
    void saysThatItServesOnOnceInItsLife();
};

void CloseBehaviourTest::knowsWhetherThereIsATray() {
    QTRY_COMPARE(TrayIcon::isAvailable(), hasTray());
    const QTemporaryDir place;
    Program program(place.filePath("c.json"));
    if (hasTray()) QCOMPARE(program.closing.decide(program.window), CloseDecision::Hide);
}

void CloseBehaviourTest::doesAsThePersonAnswers_data() {
    QTest::addColumn<QByteArray>("button");
    QTest::addColumn<bool>("isRemembered");
    QTest::addColumn<CloseDecision>("decision");
    QTest::addColumn<app::CloseAction>("kept");
    using app::CloseAction;
    QTest::newRow("minimise this time") << QByteArray("closeMinimise") << false << CloseDecision::Minimise << CloseAction::Ask;
    QTest::newRow("minimise always") << QByteArray("closeMinimise") << true << CloseDecision::Minimise << CloseAction::Minimise;
    QTest::newRow("quit this time") << QByteArray("closeQuit") << false << CloseDecision::Quit << CloseAction::Ask;
    QTest::newRow("quit always") << QByteArray("closeQuit") << true << CloseDecision::Quit << CloseAction::Quit;
    QTest::newRow("not at all") << QByteArray("closeCancel") << true << CloseDecision::Stay << CloseAction::Ask;
}

void CloseBehaviourTest::doesAsThePersonAnswers() {
    QFETCH(QByteArray, button);
    QFETCH(bool, isRemembered);
    QFETCH(CloseDecision, decision);
    QFETCH(app::CloseAction, kept);
    const QTemporaryDir place;
    {
        Program program(place.filePath("c.json"));
        program.session.serveFolder(place.path());
        if (hasTray()) {
            // With a tray nobody is asked, whatever an earlier desktop's answer was.
            program.session.change([&](app::StoredState &state) { state.closeWithoutTray = kept; });
            QCOMPARE(program.closing.decide(program.window), CloseDecision::Hide);
            return;
        }
        answerWith(button.constData(), isRemembered);
        QCOMPARE(program.closing.decide(program.window), decision);
    }
    // The next start: what was remembered is not asked again.
    Program next(place.filePath("c.json"));
    QCOMPARE(next.session.state().closeWithoutTray, kept);
    if (kept == app::CloseAction::Ask) answerWith("closeCancel", false);
    QCOMPARE(next.closing.decide(next.window), kept == app::CloseAction::Ask ? CloseDecision::Stay : decision);
}

void CloseBehaviourTest::promisesNothingWhereNothingIsServed() {
    const QTemporaryDir place;
    Program program(place.filePath("c.json"));
    QCOMPARE(program.closing.decide(program.window), hasTray() ? CloseDecision::Hide : CloseDecision::Quit);
    program.closing.sayThatItServesOn(program.window);
    QVERIFY(!program.session.state().toldAboutTray);
    QVERIFY(!program.window.findChild<QMessageBox *>("servesOn"));
}

void CloseBehaviourTest::saysThatItServesOnOnceInItsLife() {
    const QTemporaryDir place;
    {
        Program program(place.filePath("c.json"));
        program.session.serveFolder(place.path());
        QVERIFY(!program.session.state().toldAboutTray);
        program.closing.sayThatItServesOn(program.window);
        QVERIFY(program.session.state().toldAboutTray);
    }
    Program next(place.filePath("c.json"));
    next.closing.sayThatItServesOn(next.window);
    QVERIFY(!next.window.findChild<QMessageBox *>("servesOn"));
}

QTEST_MAIN(CloseBehaviourTest)
#include "tst_close_behaviour.moc"
